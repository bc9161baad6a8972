package com.paylink

import com.paylink.core.Draft
import com.paylink.core.DraftItem
import com.paylink.core.PaymentLink
import com.paylink.core.SecureStore
import java.nio.file.Files
import java.nio.file.Path
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.io.TempDir

/** Tests over the compiled library: a data directory for each, and one sandbox process for all. */
abstract class AgainstSandbox {
    @TempDir
    lateinit var folder: Path

    protected val sandbox: Sandbox get() = one

    /** Two jars of honey: 298 kroner. */
    protected val honey =
        Draft(items = listOf(DraftItem(description = "Honning 500 g", quantity = "2", unitPrice = "149")))

    /**
     * A data directory for a thousand sales, in memory where the system has such a folder: as many syncs of a disk prove
     * nothing there. It is gone afterwards.
     */
    protected suspend fun inMemory(work: suspend (Path) -> Unit) {
        val memory = Path.of("/dev/shm").takeIf(Files::isWritable) ?: folder
        val data = Files.createTempDirectory(memory, "paylink")
        try {
            work(data)
        } finally {
            data.toFile().deleteRecursively()
        }
    }

    /** A core that thinks that there is no network. */
    protected suspend fun offline(secureStore: SecureStore = MemoryStore()): Paylink =
        Paylink.open(sandbox.config(folder, offline = true), secureStore)

    protected suspend fun online(secureStore: SecureStore = MemoryStore()): Paylink =
        Paylink.open(sandbox.config(folder), secureStore)

    /** A core that may send; it is closed afterwards. */
    protected suspend fun signedIn(work: suspend (Paylink) -> Unit): Unit = online().use { core ->
        assertNotNull(core.signIn(sandbox.clientId, sandbox.clientSecret).profileId)
        work(core)
    }

    protected suspend fun Paylink.sell(draft: Draft = honey): PaymentLink = assertIs<Sale.Saved>(create(draft)).link

    /** The time limit is for a test that hangs, and is no measure. */
    protected fun test(body: suspend CoroutineScope.() -> Unit): Unit =
        runBlocking(Dispatchers.Default) { withTimeout(60.seconds) { body() } }

    protected suspend fun waitUntil(happened: suspend () -> Boolean) {
        while (!happened()) delay(5)
    }

    protected suspend fun <T> waitFor(expected: T, seen: suspend () -> T) {
        var last = seen()
        withTimeoutOrNull(30.seconds) {
            while (last != expected) {
                delay(5)
                last = seen()
            }
        }
        assertEquals(expected, last)
    }

    private companion object {
        val one: Sandbox by lazy(::Sandbox)
    }
}
