package com.paylink

import com.paylink.core.LinkListener
import com.paylink.core.Page
import com.paylink.core.TokenSource
import java.lang.ref.WeakReference
import java.nio.file.Files
import java.nio.file.Path
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlinx.coroutines.flow.first

/** Nothing stays behind: neither objects after closing, nor memory over many calls. */
class LeakTest : AgainstSandbox() {
    @Test
    fun `nothing of an app is held after closing`() = test {
        val weak = opened()
        waitFor(emptySet()) {
            collect()
            weak.filterValues { it.get() != null }.keys
        }
        waitFor(setOf(0)) { held().values.toSet() }
    }

    /** In a frame of its own, so that no local variable keeps what it made. */
    private suspend fun opened(): Map<String, WeakReference<Any>> {
        val secureStore = MemoryStore()
        val tokenSource = object : TokenSource {
            override fun token(forceRefresh: Boolean) = "none"
        }
        val listener = object : LinkListener {
            override fun onChange(link: String, cursor: Long) = Unit

            override fun onAccountChange() = Unit

            override fun onCatalogueChange() = Unit
        }
        val core = Paylink.open(sandbox.config(folder, offline = true), secureStore, tokenSource)
        val generated = core.generated()
        generated.subscribe(listener)
        core.observe(core.sell().id).first()
        core.close()
        return mapOf("core" to core, "store" to secureStore, "tokens" to tokenSource, "listener" to listener)
            .mapValues { WeakReference(it.value) }
    }

    @Test
    fun `heap and process keep their size over ten thousand calls`() = test {
        val core = offline()
        val id = List(10) { core.sell().id }.last()
        suspend fun calls(rounds: Int) = repeat(rounds) {
            assertEquals(10, core.links(page = Page(limit = 10u)).size)
            core.check(honey)
            core.detail(id)
            core.account()
            core.events(0).first()
        }
        calls(400)
        val (heap, process) = usedHeap() to resident()
        calls(2_000)
        // What JNA allotted for a call is given back by a thread of its own, after a collection.
        waitFor(emptyList()) {
            listOfNotNull(
                "heap".takeIf { usedHeap() - heap > HEAP_BOUND },
                // Were what crosses kept, it would be more than 20 MB for the lists alone: ten links are 10 kB.
                "process".takeIf { resident() - process > PROCESS_BOUND },
            )
        }
        core.close()
    }

    @Test
    fun `opening and closing a hundred times keeps neither threads nor files`() = test {
        suspend fun round() = offline().use { it.pending() }
        round()
        val (threads, files) = count("/proc/self/task") to count("/proc/self/fd")
        repeat(100) { round() }
        waitUntil { count("/proc/self/task") <= threads + SLACK && count("/proc/self/fd") <= files + SLACK }
    }

    private fun collect() = repeat(2) {
        System.gc()
        System.runFinalization()
    }

    private fun usedHeap(): Long {
        repeat(3) { collect() }
        return Runtime.getRuntime().let { it.totalMemory() - it.freeMemory() }
    }

    /** Bytes of the process that are in memory; the JVM's heap is of one size and all there (see pom.xml). */
    private fun resident(): Long = Files.readString(Path.of("/proc/self/statm")).split(" ")[1].toLong() * PAGE

    private fun count(folder: String): Int = Files.list(Path.of(folder)).use { it.count().toInt() }

    /** How many objects of apps the generated side holds for the core, by kind. */
    private fun held(): Map<String, Int> =
        listOf("LinkListener", "SecureStore", "TokenSource").associateWith { kind ->
            val converter = Class.forName("com.paylink.core.FfiConverterType$kind")
            val one = converter.getField("INSTANCE").get(null)
            val map = converter.methods.single { it.name.startsWith("getHandleMap") }.invoke(one)
            map.javaClass.getMethod("getSize").invoke(map) as Int
        }

    private companion object {
        const val HEAP_BOUND = 2L * 1024 * 1024
        const val PROCESS_BOUND = 16L * 1024 * 1024
        const val PAGE = 4096L
        /** Threads of the JVM and of coroutines come and go. */
        const val SLACK = 20
    }
}
