package com.paylink.app

import android.app.NotificationManager
import android.app.job.JobInfo
import android.app.job.JobScheduler
import com.paylink.app.phone.DrainJob
import com.paylink.core.EventKind
import com.paylink.core.LinkStatus
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.junit.Test
import org.robolectric.Shadows.shadowOf

/** What happens while nobody looks. */
class BackgroundTest : AppTest() {
    private val jobs get() = app.getSystemService(JobScheduler::class.java)
    private val notifications get() = shadowOf(app.getSystemService(NotificationManager::class.java))

    @Test
    fun `what waits when the seller leaves gets a job that wants a network`() {
        setUp()
        network(false)
        open()
        rule.waitUntil(20_000) { seen(words(R.string.nothing_yet)) }
        assertNull(jobs.getPendingJob(DrainJob.ONCE))
        sold()
        window.pause().stop()
        rule.waitUntil(20_000) { jobs.getPendingJob(DrainJob.ONCE) != null }
        val job = assertNotNull(jobs.getPendingJob(DrainJob.ONCE))
        assertEquals(JobInfo.NETWORK_TYPE_ANY, job.networkType)
        assertTrue(job.isPersisted && !job.isPeriodic)
        window.start().resume()
    }

    @Test
    fun `nothing that waits needs no job, and every hour one looks`() {
        setUp()
        open()
        waitFor(words(R.string.nothing_yet))
        window.pause().stop()
        core { pending() }
        assertNull(jobs.getPendingJob(DrainJob.ONCE))
        assertTrue(assertNotNull(jobs.getPendingJob(DrainJob.PERIODIC)).isPeriodic)
        window.start().resume()
    }

    @Test
    fun `a job sends what waits, on the core that the screen uses`() {
        setUp()
        network(false)
        open()
        sold()
        network(true)
        runBlocking { DrainJob.drain(app) }
        assertEquals(LinkStatus.Open, core { links() }.single().status)
    }

    @Test
    fun `a payment seen in the background is told once, and a tap opens it`() {
        setUp()
        val sold = sold()
        waitUntil { link(sold.id).url != null }
        Sandbox.tell("pay", """"reference":"${sold.reference}"""")
        runBlocking {
            core { refresh(sold.id) }
            DrainJob.drain(app)
        }
        rule.waitUntil(20_000) { notifications.allNotifications.isNotEmpty() }
        val told = notifications.allNotifications.single()
        assertEquals("298,00 kr er betalt", told.extras.getCharSequence("android.title").toString().replace('\u00a0', ' '))
        assertEquals(emptyList(), core { eventsSince() }.filter { it.kind == EventKind.Captured }, "acknowledged once the system had it")

        // A process killed before it acknowledged says it again, in the same place.
        runBlocking { app.notices.post() }
        assertEquals(1, notifications.allNotifications.size)

        open(shadowOf(told.contentIntent).savedIntent)
        waitFor(words(R.string.timeline))
        waitFor(sold.reference)
    }

    @Test
    fun `a sale that needs the seller is told`() {
        setUp()
        Sandbox.tell("fault", """"method":"POST"""", """"path":"/v1/sessions"""", """"status":400""", """"json":{"error":{"code":"bad","message":"no"}}""")
        sold()
        waitUntil { links().single().status == LinkStatus.NeedsAttention }
        runBlocking { app.notices.post() }
        rule.waitUntil(20_000) { notifications.allNotifications.isNotEmpty() }
        assertEquals("needs_you", notifications.allNotifications.single().channelId)
    }
}
