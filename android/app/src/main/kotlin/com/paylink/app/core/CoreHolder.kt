package com.paylink.app.core

import com.paylink.Paylink
import com.paylink.practiceConfig
import com.paylink.core.Config
import com.paylink.core.PaylinkException
import com.paylink.core.SecureStore
import java.io.File
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

/** Where the core is. */
sealed interface CoreState {
    /** Nobody has set the app up yet. */
    data object NoAccount : CoreState

    data object Opening : CoreState

    data class Open(val paylink: Paylink) : CoreState

    /** It could not be opened; what was saved is still there. */
    data class Failed(val error: PaylinkException) : CoreState
}

/**
 * The one holder of the core. A process has one core, because it holds its folder's lock: screens, background jobs and
 * receivers of broadcasts share it. It is opened off the main thread, and no caller waits for the disk on it.
 */
class CoreHolder(
    private val folder: File,
    private val file: AccountFile,
    private val secrets: SecureStore,
    private val origin: String,
    private val online: () -> Boolean,
    private val scope: CoroutineScope,
) {
    private val current = MutableStateFlow<CoreState>(CoreState.Opening)
    private val one = Mutex()

    val state: StateFlow<CoreState> = current

    /** Opens what was set up before; again after a failure. */
    fun begin() {
        scope.launch {
            one.withLock {
                if (current.value is CoreState.Open) return@withLock
                current.value = CoreState.Opening
                val account = withContext(Dispatchers.IO) { file.read() }
                current.value = if (account == null) CoreState.NoAccount else opened(account)
            }
        }
    }

    /** The account that was set up, for the page that asks to sign in again. */
    suspend fun account(): Account? = withContext(Dispatchers.IO) { file.read() }

    /**
     * Sets the app up and signs in. Throws what the core says of a wrong field or wrong credentials; then it is as
     * before, but for the fields that were right.
     */
    suspend fun setUp(account: Account, clientId: String, clientSecret: String) = one.withLock {
        val before = withContext(Dispatchers.IO) { file.read() }
        var open = (current.value as? CoreState.Open)?.paylink
        if (open == null || before != account) {
            withContext(Dispatchers.IO) { open?.close() }
            open = try {
                open(account)
            } catch (wrong: PaylinkException) {
                current.value = if (before == null) CoreState.NoAccount else opened(before)
                throw wrong
            }
        }
        try {
            open.signIn(clientId, clientSecret)
        } catch (refused: PaylinkException) {
            // Not set up before: nothing to go back to, and the folder's lock is free for the next try.
            if (before == null) withContext(Dispatchers.IO) { open.close() }
            current.value = if (before == null) CoreState.NoAccount else CoreState.Open(open)
            throw refused
        }
        withContext(Dispatchers.IO) { file.write(account) }
        current.value = CoreState.Open(open)
    }

    /** Practising: a folder of its own, for as long as the process lives; nothing of it is set up. */
    suspend fun practice() = one.withLock {
        val config = practiceConfig(folder.resolveSibling("practice").path)
        current.value = CoreState.Open(Paylink.open(config, secrets))
    }

    /** Back to what is set up, or to the first start. */
    suspend fun leavePractice() {
        close()
        begin()
    }

    /** Does this on each core that is opened, until the next one is: an account that changes has another. */
    suspend fun onEach(work: suspend CoroutineScope.(Paylink) -> Unit): Unit = current.collectLatest { now ->
        if (now is CoreState.Open) coroutineScope { work(now.paylink) }
    }

    /** The core once it is open; null when there is none to wait for. */
    suspend fun opened(): Paylink? = (current.first { it != CoreState.Opening } as? CoreState.Open)?.paylink

    /** The core, whenever it will be open. */
    suspend fun paylink(): Paylink = current.filterIsInstance<CoreState.Open>().first().paylink

    /** For the end of a process, which a test has too. */
    suspend fun close() = one.withLock {
        (current.value as? CoreState.Open)?.let { withContext(Dispatchers.IO) { it.paylink.close() } }
        current.value = CoreState.Opening
    }

    private suspend fun opened(account: Account): CoreState = try {
        CoreState.Open(open(account))
    } catch (failed: PaylinkException) {
        CoreState.Failed(failed)
    }

    private suspend fun open(account: Account): Paylink = Paylink.open(config(account), secrets)

    /** As the core is opened with it, or compares a set-up with it. */
    fun config(account: Account): Config = account.config(folder.path, origin, offline = !online())
}
