package com.paylink

import com.paylink.core.LinkStatus
import com.paylink.core.PaylinkException
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout

/** Calls that are provably at work and cannot come back yet, when they are cancelled and when the core is closed. */
class HeldTest : AgainstSandbox() {
    private val calls by lazy { Calls(Paylink::class, sandbox, honey) }

    /** What waits for something else, or for nothing. */
    private val others = setOf(
        "signIn", "sync", "suspend", "resume", "observeAccount", "readItems", "deleteSetAside", "practiceSkip",
    )

    /** All that waits for the store and for nothing else. */
    private val stored by lazy {
        calls.all.filter { it.isSuspend || it.returnType.classifier == Flow::class }
            .filter { it.name !in others }
    }

    @Test
    fun `a cancelled call stops waiting for the store and does its work`() = test {
        assertTrue(stored.size > 25)
        stored.forEach { call ->
            val whole = left { core, _, id -> begin { calls.make(call, core, id) }.end.await() }
            val ofCancelled = left { core, data, id ->
                val busy = BusyDatabase.of(data)
                val made = begin { calls.make(call, core, id) }
                waitUntil { inLibrary() }
                made.stop()
                assertTrue(inLibrary(), "${call.name} waited for nothing")
                busy.letGo()
                waitUntil { !inLibrary() }
            }
            // With a network the queue goes on by itself.
            if (call.name != "networkChanged") assertEquals(whole, ofCancelled, call.name)
        }
    }

    @Test
    fun `a call of a coroutine that was cancelled before does not begin`() = test {
        val core = offline()
        repeat(50) {
            launch {
                cancel()
                core.create(honey)
            }.join()
        }
        core.sell()
        assertEquals(1, core.links().size)
        core.close()
    }

    @Test
    fun `closing ends a call that waits with its result or as closed`() = test {
        stored.filter { it.isSuspend }.forEach { call ->
            val data = Files.createTempDirectory(folder, call.name)
            val core = Paylink.open(sandbox.config(data, offline = true), MemoryStore())
            val id = core.sell().id
            val busy = BusyDatabase.of(data)
            val made = begin { calls.make(call, core, id) }
            waitUntil { inLibrary() }
            val closing = launch(Dispatchers.IO) { core.close() }
            waitUntil { runCatching { core.account() }.exceptionOrNull() is PaylinkException.Closed }
            busy.letGo()
            closing.join()
            assertContains(setOf(null, "closed", "suspended") + REFUSALS, made.code(), call.name)
            Paylink.open(sandbox.config(data, offline = true), MemoryStore()).use { assertTrue(it.links().size in 1..2) }
        }
    }

    @Test
    fun `a cancelled sign-in stops waiting for the network and goes on`() = test {
        Relay(sandbox.origin).use { relay ->
            Paylink.open(by(relay), MemoryStore()).use { core ->
                val signIn = begin { core.signIn(sandbox.clientId, sandbox.clientSecret) }
                relay.asked.await()
                signIn.stop()
                assertNull(core.account().profileId)
                core.sell()
                relay.letGo()
                waitFor("default" to null) { core.account().let { it.profileId to it.paused } }
                waitFor(LinkStatus.Open) { core.links().single().status }
            }
        }
    }

    @Test
    fun `a cancelled sync stops waiting for the network and goes on`() = test {
        val store = known()
        Relay(sandbox.origin).use { relay ->
            Paylink.open(by(relay), store).use { core ->
                core.sell()
                val sync = begin { core.sync(Duration.ofMinutes(1)) }
                relay.asked.await()
                sync.stop()
                core.sell()
                relay.letGo()
                waitFor(List(2) { LinkStatus.Open }) { core.links().map { it.status } }
            }
        }
    }

    @Test
    fun `closing waits for no answer of the network`() = test {
        val store = known()
        val relay = Relay(sandbox.origin)
        val core = Paylink.open(by(relay), store)
        core.sell()
        val calls = listOf(begin { core.sync(Duration.ofMinutes(1)) }, begin { core.signIn("some", "thing") })
        relay.asked.await()
        core.close()
        offline().use { assertEquals(1, it.links().size) }
        relay.close()
        calls.forEach { assertContains(setOf("closed", "suspended", "network"), it.code()) }
    }

    @Test
    fun `a cancelled opening is waited for and leaves the directory free`() = test {
        offline().use { it.sell() }
        listOf<suspend () -> Paylink>({ offline() }, { Paylink.openReadOnly(sandbox.config(folder)) }).forEach { open ->
            val busy = BusyDatabase.closed(folder)
            val opening = begin { open() }
            waitUntil { inLibrary() }
            opening.cancelAndLetGo(busy)
            offline().use { assertEquals(1, it.links().size) }
        }
    }

    @Test
    fun `cancelled suspending and resuming are waited for`() = test {
        val core = offline()
        val seen = AtomicInteger(-1)
        val reader = launch { core.observeLinks().collect { seen.set(it.size) } }
        waitUntil { seen.get() == 0 }
        val busy = BusyDatabase.of(folder)
        val suspending = begin { core.suspend() }
        waitUntil { inLibrary() }
        suspending.cancelAndLetGo(busy)
        // The only sign of a look is what another owner has left.
        offline().use { it.sell() }
        val busyAgain = BusyDatabase.closed(folder)
        val resuming = begin { core.resume() }
        waitUntil { inLibrary() }
        resuming.cancelAndLetGo(busyAgain)
        waitUntil { seen.get() == 1 }
        core.sell()
        reader.cancelAndJoin()
        core.close()
    }

    /** Credentials that were accepted. */
    private suspend fun known() = MemoryStore().also { store ->
        online(store).use { it.signIn(sandbox.clientId, sandbox.clientSecret) }
    }

    private fun by(relay: Relay) = sandbox.config(folder).copy(origin = relay.origin)

    /** What is in a core without a network after something was done to it, and after the next sale. */
    private suspend fun left(done: suspend (core: Paylink, data: Path, id: String) -> Unit): List<String> {
        val data = Files.createTempDirectory(folder, "core")
        return Paylink.open(sandbox.config(data, offline = true), MemoryStore()).use { core ->
            done(core, data, core.sell().id)
            core.resume()
            core.sell()
            // Lists are sorted by the millisecond, and both sales can be of the same one.
            core.links().map { "${it.status} ${it.delivery}" }.sorted() + core.eventsSince().map { "${it.kind}" }
        }
    }

    /** A call under way: what can be cancelled, and what it returns or throws. */
    private class Begun(val job: Job, val end: Deferred<Any?>) {
        /** Cancels it; it must end although nothing that it waits for has come. */
        suspend fun stop() {
            assertTrue(job.isActive)
            withTimeout(5.seconds) { job.cancelAndJoin() }
            assertIs<CancellationException>(end.await())
        }

        /** Cancels it; it must end once what it waits for has come. */
        suspend fun cancelAndLetGo(busy: BusyDatabase) {
            job.cancel()
            assertTrue(inLibrary() && !end.isCompleted)
            busy.letGo()
            assertIs<CancellationException>(end.await())
        }

        /** The error's code; null: it gave a result. */
        suspend fun code(): String? =
            when (val end = end.await()) {
                is PaylinkException -> end.code().code
                is Throwable -> throw end
                else -> null
            }
    }

    private fun CoroutineScope.begin(call: suspend () -> Any?): Begun {
        val end = CompletableDeferred<Any?>()
        val job = launch {
            try {
                end.complete(call())
            } catch (thrown: Throwable) {
                end.complete(thrown)
            }
        }
        return Begun(job, end)
    }

    private companion object {
        val REFUSALS = setOf("unsent", "not_allowed", "not_found")
    }
}
