package com.paylink

import com.paylink.core.Config
import com.paylink.core.Draft
import com.paylink.core.PaylinkException
import com.paylink.core.Page
import java.nio.file.Path
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking

/** An app that the phone kills in the middle of a sale: a JVM of its own, ended by SIGKILL. */
class KilledTest : AgainstSandbox() {
    @Test
    fun `what was said to be saved is there after the process was killed`() = test {
        val said = mutableListOf<String>()
        repeat(3) { round ->
            val app = ProcessBuilder(
                "${System.getProperty("java.home")}/bin/java",
                "-Djna.library.path=${System.getProperty("jna.library.path")}",
                "-cp", System.getProperty("java.class.path"),
                "com.paylink.Seller", folder.toString(), sandbox.origin, sandbox.account,
            ).redirectError(ProcessBuilder.Redirect.INHERIT).start()
            val lines = app.inputReader()
            try {
                repeat(10 + 7 * round) { said += checkNotNull(lines.readLine()) }
                assertFailsWith<PaylinkException.InUse> { offline() }
            } finally {
                // The handle, since the process itself would close its pipes.
                app.toHandle().destroyForcibly()
            }
            said += lines.readLines()
            app.waitFor()
            // The lock went with the process, and one sale more than was said may be there.
            offline().use { core ->
                val there = core.links(page = Page(limit = 1_000u)).map { it.reference }
                assertTrue(there.containsAll(said.filter { it.endsWith(".") }.map { it.removeSuffix(".") }), "$said")
                assertTrue(there.size <= said.size + round + 1)
                assertEquals(there.size, there.toSet().size)
                assertEquals(there.size.toUInt(), core.pending().queued)
                assertEquals(null, core.recovered())
            }
        }
    }
}

/** Sells until it is killed, and says each reference, with a full stop, once the sale is saved. */
internal object Seller {
    @JvmStatic
    fun main(arguments: Array<String>) = runBlocking {
        val (folder, origin, account) = arguments
        val config = Config(
            dataDir = Path.of(folder).toString(),
            account = account,
            sellerName = "Skogens Honning AS",
            returnUrl = "https://example.com/thanks",
            origin = origin,
            offline = true,
        )
        val core = Paylink.open(config, MemoryStore())
        while (true) {
            val sale = core.create(Draft(amount = "149")) as Sale.Saved
            println(sale.link.reference + ".")
        }
    }
}
