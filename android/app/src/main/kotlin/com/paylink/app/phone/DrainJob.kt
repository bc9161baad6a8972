package com.paylink.app.phone

import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.app.job.JobService
import android.content.ComponentName
import android.content.Context
import android.util.Log
import com.paylink.app.App
import com.paylink.core.PaylinkException
import java.time.Duration
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch

/**
 * Sends what waits when the system gives time: once as soon as there is a network, and every now and then to see what was
 * paid. It shares the process's core with the screen.
 */
class DrainJob : JobService() {
    private val running = mutableMapOf<Int, Job>()

    override fun onStartJob(parameters: JobParameters): Boolean {
        val app = application as App
        running[parameters.jobId] = app.scope.launch {
            jobFinished(parameters, drain(app) && parameters.jobId == ONCE)
        }
        return true
    }

    /** Its own work alone: the core goes on under a screen. */
    override fun onStopJob(parameters: JobParameters): Boolean {
        if (android.os.Build.VERSION.SDK_INT >= 31) Log.i("paylink", "job ${parameters.jobId} was stopped: ${reason(parameters)}")
        running.remove(parameters.jobId)?.cancel()
        return true
    }

    @androidx.annotation.RequiresApi(31)
    private fun reason(parameters: JobParameters) = parameters.stopReason

    companion object {
        const val ONCE = 1
        const val PERIODIC = 2

        /** Below the system's ten minutes, and enough for a queue of a day. */
        private val BUDGET = Duration.ofMinutes(2)

        /** The system's shortest is a quarter of an hour; an hour keeps the battery. */
        private val EVERY = Duration.ofHours(1)
        private val BACK_OFF = Duration.ofSeconds(30)

        /** Sends, asks and tells; whether it is worth coming again. */
        suspend fun drain(app: App): Boolean = try {
            val report = app.core.opened()?.sync(BUDGET)
            app.notices.post()
            // What waits for the seller is no reason to come again.
            report != null && report.waiting > 0u && report.paused == null
        } catch (failed: PaylinkException) {
            failed !is PaylinkException.Closed
        }

        /** Something waits: once, as soon as there is a network. */
        fun soon(context: Context) = schedule(
            context, ONCE,
            JobInfo.Builder(ONCE, ComponentName(context, DrainJob::class.java))
                .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
                .setBackoffCriteria(BACK_OFF.toMillis(), JobInfo.BACKOFF_POLICY_EXPONENTIAL)
                .setPersisted(true)
                .build(),
        )

        /** Kept once scheduled: scheduling it again would begin its hour anew. */
        fun everyHour(context: Context) {
            if (context.getSystemService(JobScheduler::class.java).getPendingJob(PERIODIC) != null) return
            schedule(
                context, PERIODIC,
                JobInfo.Builder(PERIODIC, ComponentName(context, DrainJob::class.java))
                    .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
                    .setPeriodic(EVERY.toMillis())
                    .setPersisted(true)
                    .build(),
            )
        }

        private fun schedule(context: Context, id: Int, job: JobInfo) {
            if (context.getSystemService(JobScheduler::class.java).schedule(job) != JobScheduler.RESULT_SUCCESS) {
                Log.w("paylink", "the system took no job $id")
            }
        }
    }
}
