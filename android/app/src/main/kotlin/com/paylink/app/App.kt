package com.paylink.app

import android.app.Activity
import android.app.Application
import android.content.Context
import android.os.Bundle
import com.paylink.Paylink
import com.paylink.app.core.AccountFile
import com.paylink.app.core.CoreHolder
import com.paylink.app.core.CoreState
import com.paylink.app.core.told
import com.paylink.app.phone.DrainJob
import com.paylink.app.phone.KeystoreVault
import com.paylink.app.phone.Notices
import com.paylink.app.phone.Secrets
import com.paylink.app.phone.SystemNetworks
import com.paylink.app.phone.Vault
import com.paylink.core.Draft
import com.paylink.core.PaylinkException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.launch

/** The process: one core, opened at its start, told of the network and of the screen. */
open class App : Application() {
    val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)

    /** The provider's address; empty: its own. */
    protected open val origin: String get() = ""

    protected open fun vault(): Vault = KeystoreVault()

    private val networks by lazy { SystemNetworks(this) }

    val core: CoreHolder by lazy {
        CoreHolder(
            folder = filesDir.resolve("paylink"),
            file = AccountFile(getSharedPreferences("account", Context.MODE_PRIVATE)),
            secrets = Secrets(noBackupFilesDir.resolve("secrets"), vault()),
            origin = origin,
            online = networks::online,
            scope = scope,
        )
    }

    /** A set-up link that was tapped; the page where one signs in takes it. */
    val offered = MutableStateFlow<String?>(null)

    /** A sale that is asked for again; Sell takes it. */
    val again = MutableStateFlow<Draft?>(null)

    val notices: Notices by lazy { Notices(this, core) }

    override fun onCreate() {
        super.onCreate()
        registerActivityLifecycleCallbacks(Screens())
        core.begin()
        scope.launch { tellAll() }
        networks.watch { online -> tell { networkChanged(online) } }
        scope.launch {
            core.state.collectLatest { if (it is CoreState.Open) it.paylink.events().conflate().told({}) { notice() } }
        }
        DrainJob.everyHour(this)
    }

    private suspend fun notice() = try {
        notices.post()
    } catch (_: PaylinkException) {
        // The event is still there: it is told with the next one.
    }

    /** What the core is told, one after the other: a network that went and came back is there. */
    private val news = Channel<suspend Paylink.() -> Unit>(Channel.UNLIMITED)

    /** Tells the core something that no answer is waited for. */
    private fun tell(what: suspend Paylink.() -> Unit) {
        news.trySend(what)
    }

    private suspend fun tellAll() {
        for (what in news) {
            try {
                core.opened()?.what()
            } catch (_: PaylinkException) {
                // A core that rests or is closed learns it when it is opened again.
            }
        }
    }

    /** Whether any window is in front. */
    private inner class Screens : ActivityLifecycleCallbacks {
        private var started = 0

        override fun onActivityStarted(activity: Activity) {
            if (started++ == 0) tell { setForeground(true) }
        }

        override fun onActivityStopped(activity: Activity) {
            if (--started == 0) {
                tell {
                    setForeground(false)
                    // What waits now goes out while nobody looks.
                    if (pending().run { queued + sending + waiting + unknown } > 0u) DrainJob.soon(this@App)
                }
            }
        }

        override fun onActivityCreated(activity: Activity, state: Bundle?) = Unit
        override fun onActivityResumed(activity: Activity) = Unit
        override fun onActivityPaused(activity: Activity) = Unit
        override fun onActivitySaveInstanceState(activity: Activity, state: Bundle) = Unit
        override fun onActivityDestroyed(activity: Activity) = Unit
    }
}
