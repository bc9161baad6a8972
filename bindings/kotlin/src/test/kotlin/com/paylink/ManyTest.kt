package com.paylink

import com.paylink.core.LinkStatus
import com.paylink.core.Page
import com.paylink.core.PaylinkException
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.launch

/** Much at once. */
class ManyTest : AgainstSandbox() {
    private val everything = Page(limit = 1_000u)

    @Test
    fun `two hundred sales at once become two hundred links`() = test {
        signedIn { core ->
            val saved = List(200) { async(Dispatchers.IO) { core.sell() } }.awaitAll()
            val numbers = saved.map { it.reference.substringAfterLast("-").toInt() }
            assertEquals((1..200).toList(), numbers.sorted())
            waitUntil { core.pending().let { it.queued + it.sending + it.waiting + it.unknown } == 0u }
            val links = core.links(page = everything)
            assertEquals(setOf(LinkStatus.Open), links.map { it.status }.toSet())
            assertEquals(200, links.mapNotNull { it.url }.toSet().size)
            assertEquals(saved.map { it.id }.toSet(), links.map { it.id }.toSet())
        }
    }

    @Test
    fun `closing ends each call under way with its result or as closed`() = test {
        val calls = Calls(Paylink::class, sandbox, honey)
        repeat(5) { round ->
            val config = sandbox.config(folder.resolve("$round"))
            val core = Paylink.open(config, MemoryStore())
            core.signIn(sandbox.clientId, sandbox.clientSecret)
            val id = core.sell().id
            val codes = ConcurrentHashMap.newKeySet<String>()
            val done = AtomicBoolean()
            val others = setOf("close", "suspend", "resume", "signOut", "practiceSkip")
            val working = calls.all.filter { it.name !in others }.map { call ->
                launch(Dispatchers.IO) {
                    while (!done.get()) {
                        try {
                            calls.make(call, core, id)
                        } catch (error: PaylinkException) {
                            codes += error.code().code
                        }
                    }
                }
            }
            waitUntil { core.links(page = everything).size > 3 + round }
            // Twice at once: both come back.
            List(2) { launch(Dispatchers.IO) { core.close() } }.forEach { it.join() }
            done.set(true)
            working.forEach { it.join() }
            assertTrue("closed" in codes, "$codes")
            assertEquals(emptySet(), codes - setOf("closed", "suspended", "not_allowed", "not_found"))
            // The lock is given back, and nothing is half.
            Paylink.open(config.copy(offline = true), MemoryStore()).use { again ->
                again.links(page = everything).forEach { assertTrue(again.timeline(it.id).isNotEmpty()) }
            }
        }
    }

    @Test
    fun `cancelling sales at any moment leaves each whole or not there`() = test {
        val core = offline()
        repeat(100) { n ->
            val sale = async(Dispatchers.IO) { core.sell(honey.copy(reference = "HON-CUT-$n")) }
            repeat(n * 50) { Thread.onSpinWait() }
            sale.cancel()
            sale.join()
        }
        // What was begun may still be at work; closing waits for it.
        core.close()
        offline().use { again ->
            val links = again.links(page = everything)
            assertEquals(links.size, links.map { it.reference }.toSet().size)
            assertEquals(links.size.toUInt(), again.pending().queued)
            links.forEach { assertEquals(1, again.timeline(it.id).size) }
        }
    }
}
