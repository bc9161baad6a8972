package com.paylink

import com.paylink.core.LinkFilter
import com.paylink.core.LinkListener
import com.paylink.core.Page
import com.paylink.core.Subscription
import com.paylink.core.TimelineEvent
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import com.paylink.core.Paylink as Core
import com.paylink.core.ShareChannel
import com.paylink.core.ShareOutcome

/** Listening, with listeners as apps write them. */
class ListenerTest : AgainstSandbox() {
    /** Who lets go of a subscription hears no more. */
    private val subscriptions = mutableListOf<Subscription>()

    private fun listening(work: (Core) -> Unit) =
        Core.open(sandbox.config(folder, offline = true), MemoryStore()).use { core ->
            work(core)
            core.shutDown()
        }

    private fun Core.hear(heard: (String, Long) -> Unit) =
        subscribe(object : LinkListener {
            override fun onChange(link: String, cursor: Long) = heard(link, cursor)

            override fun onAccountChange() = Unit

            override fun onCatalogueChange() = Unit
        }).also(subscriptions::add)

    private fun untilTrue(happened: () -> Boolean) = test { waitUntil { happened() } }

    @Test
    fun `a listener that throws hears on and nobody else is held up`() = listening { core ->
        val (thrown, heard) = AtomicInteger() to AtomicInteger()
        core.hear { _, _ ->
            if (thrown.incrementAndGet() % 2 == 0) throw IllegalStateException() else throw StackOverflowError()
        }
        core.hear { _, _ -> heard.incrementAndGet() }
        repeat(4) { core.create(honey) }
        untilTrue { thrown.get() == 4 && heard.get() == 4 }
    }

    @Test
    fun `a listener that blocks holds up no call`() = listening { core ->
        val go = CountDownLatch(1)
        val heard = AtomicInteger()
        core.hear { _, _ ->
            go.await()
            heard.incrementAndGet()
        }
        val ids = List(20) { core.create(honey).id }
        core.setForeground(true)
        core.suspend()
        core.resume()
        assertEquals(ids.toSet(), core.links(LinkFilter(), Page()).map { it.id }.toSet())
        assertEquals(0, heard.get())
        go.countDown()
        untilTrue { heard.get() == 20 }
    }

    @Test
    fun `a listener may call back into the core`() = listening { core ->
        val seen = ConcurrentLinkedQueue<String>()
        core.hear { link, cursor ->
            assertEquals(link, core.link(link).id)
            assertTrue(core.timeline(link).any { it.cursor == cursor })
            // Each sale but the last makes the next one, from within.
            if (seen.size < 5) core.create(honey)
            seen += link
        }
        core.create(honey)
        untilTrue { seen.size == 6 }
        assertEquals(6, seen.toSet().size)
    }

    @Test
    fun `a listener may close the core`() {
        val closed = CountDownLatch(1)
        val core = Core.open(sandbox.config(folder, offline = true), MemoryStore())
        core.hear { _, _ ->
            core.shutDown()
            closed.countDown()
        }
        core.create(honey)
        closed.await()
        core.close()
        Core.open(sandbox.config(folder, offline = true), MemoryStore()).use { it.shutDown() }
    }

    @Test
    fun `ten thousand events come in order to a listener and to a flow`() = test {
        inMemory { data ->
            val core = Paylink.open(sandbox.config(data, offline = true), MemoryStore())
            val heard = ConcurrentLinkedQueue<Long>()
            val flow = async(Dispatchers.IO) { core.events(0).take(EVENTS).toList() }
            core.generated().hear { _, cursor -> heard += cursor }
            val id = core.sell().id
            repeat(EVENTS - 1) { core.markShared(id, ShareChannel.known[it % 5], ShareOutcome.known[it / 5 % 4]) }

            val events = flow.await()
            assertEquals(EVENTS, events.map(TimelineEvent::cursor).toSet().size)
            assertEquals(events.map(TimelineEvent::cursor).sorted(), events.map(TimelineEvent::cursor))
            waitFor(EVENTS) { heard.size }
            assertEquals(events.map(TimelineEvent::cursor), heard.toList())
            core.close()
        }
    }

    @Test
    fun `a slow reader of a flow sees the newest state and not each`() = test {
        val core = offline()
        val go = CountDownLatch(1)
        val sizes = ConcurrentLinkedQueue<Int>()
        val reader = launch(Dispatchers.IO) {
            core.observeLinks().onEach {
                sizes += it.size
                if (it.isEmpty()) go.await()
            }.first { it.size == 30 }
        }
        waitUntil { sizes.isNotEmpty() }
        repeat(30) { core.sell() }
        go.countDown()
        reader.join()
        assertTrue(sizes.size < 30, "$sizes")
        assertEquals(sizes.sorted(), sizes.toList())
        core.close()
    }

    private companion object {
        const val EVENTS = 10_000
    }
}

/** The generated object below a façade. */
internal fun Paylink.generated(): Core =
    Paylink::class.java.getDeclaredField("core").apply { isAccessible = true }.get(this) as Core
