package com.paylink

import com.paylink.core.Config
import com.paylink.core.Draft
import com.paylink.core.DraftItem
import com.paylink.core.LinkListener
import com.paylink.core.Page
import com.paylink.core.currencyDecimals
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CountDownLatch
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import com.paylink.core.Paylink as Core
import com.paylink.core.ShareChannel
import com.paylink.core.ShareOutcome

/**
 * Kotlin's side of `tests/bench/boundary`, which starts this with a folder and says what to measure, a line at a time.
 * The thread that asks is one, as an app's main thread is: what suspends goes to another and comes back. JMH would run
 * each measurement to its end, in processes of its own, and could not take turns with other languages.
 */
public fun main(arguments: Array<String>): Unit = runBlocking {
    Boundary.open(Path.of(arguments[0])).use { boundary ->
        generateSequence(::readlnOrNull).forEach { println(boundary.answer(it)) }
    }
}

/** Each measurement on the façade, over the sales in `books`. `calls.rs` does the same in Rust. */
internal class Boundary private constructor(private val folder: Path, private val paylink: Paylink) : AutoCloseable {
    /** To `NAME TIMES`, `NANOSECONDS ANSWER`: what the last call answered; of events, how many came in order. */
    suspend fun answer(line: String): String {
        val (name, times) = line.split(" ").let { it[0] to it[1].toInt() }
        return when (name) {
            "decimals" -> repeated(times) { currencyDecimals("NOK") }
            "check" -> repeated(times) { paylink.check(draft).totals?.total?.minor }
            "link" -> paylink.links(page = Page(limit = 1u)).single().id.let { newest ->
                repeated(times) { paylink.link(newest).amount.minor }
            }
            "links" -> repeated(times) { paylink.links(page = Page(limit = 1_000u)).size }
            "events" -> {
                val begun = System.nanoTime()
                val events = paylink.events(0).take(times).toList()
                measured(begun, events.map { it.cursor })
            }
            "heard" -> listening(times, held = true)
            "changes" -> listening(times, held = false)
            else -> error("there is no measurement $name")
        }
    }

    /**
     * A sale and its changes, so many in all, told to a listener: from the first call on or, when they are [held], from
     * the moment on when all of them wait for it. The façade has flows instead, so this is on what is generated.
     */
    private fun listening(times: Int, held: Boolean): String {
        val fresh = Files.createTempDirectory(folder, "fresh")
        return Core.open(config(fresh), MemorySecureStore()).use { core ->
            val ear = Ear(times)
            val subscription = core.subscribe(ear)
            if (!held) ear.gate.countDown()
            var begun = System.nanoTime()
            val id = core.create(draft).id
            for (number in 1 until times) core.markShared(id, ShareChannel.known[number % 5], ShareOutcome.known[number / 5 % 4])
            if (held) {
                begun = System.nanoTime()
                ear.gate.countDown()
            }
            ear.heardAll.await()
            measured(begun, ear.cursors).also {
                subscription.cancel()
                subscription.close()
                core.shutDown()
                fresh.toFile().deleteRecursively()
            }
        }
    }

    override fun close() = paylink.close()

    /** Waits at a gate, remembers what it hears, and tells when that was all. Called by one thread. */
    private class Ear(private val times: Int) : LinkListener {
        val gate = CountDownLatch(1)
        val heardAll = CountDownLatch(1)
        val cursors = mutableListOf<Long>()

        override fun onChange(link: String, cursor: Long) {
            gate.await()
            cursors += cursor
            if (cursors.size == times) heardAll.countDown()
        }

        override fun onAccountChange() = Unit

        override fun onCatalogueChange() = Unit
    }

    companion object {
        suspend fun open(folder: Path): Boundary =
            Boundary(folder, Paylink.open(config(folder.resolve("books")), MemorySecureStore()))

        /** The account of the sales that are read. */
        fun config(folder: Path): Config = Config(
            dataDir = folder.toString(),
            account = "P12345678",
            sellerName = "Skogens Honning AS",
            returnUrl = "https://example.com/thanks",
            referencePrefix = "HON",
            offline = true,
        )

        /** Three lines and a customer, 563 kroner. */
        val draft: Draft = Draft(
            items = listOf(
                DraftItem("Honning 500 g", "2", "149,00", "15"),
                DraftItem("Bivokslys", "1", "89,50", "25"),
                DraftItem("Tyttebærsyltetøy", "3", "65,00", "15", "10 %"),
            ),
            name = "Kari Nordmann",
            phone = "474 65 724",
            email = "kari@example.com",
            delivery = "copy",
        )

        private inline fun repeated(times: Int, call: () -> Any?): String {
            val begun = System.nanoTime()
            var answer: Any? = null
            repeat(times) { answer = call() }
            return "${System.nanoTime() - begun} $answer"
        }

        private fun measured(begun: Long, cursors: List<Long>): String {
            val taken = System.nanoTime() - begun
            return "$taken ${cursors.take(1).size + cursors.zipWithNext().count { (one, next) -> one < next }}"
        }
    }
}
