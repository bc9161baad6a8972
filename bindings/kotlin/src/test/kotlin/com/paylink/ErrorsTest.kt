package com.paylink

import com.paylink.core.Action
import com.paylink.core.Draft
import com.paylink.core.ErrorCode
import com.paylink.core.LinkStatus
import com.paylink.core.PaylinkException
import com.paylink.core.ReasonCode
import com.paylink.core.SecureStore
import com.paylink.core.StorageKind
import java.net.InetAddress
import java.net.ServerSocket
import java.nio.file.Files
import kotlin.concurrent.thread
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.flow.first

/** Every error of the contract as Kotlin sees it. */
class ErrorsTest : AgainstSandbox() {
    private val servers = mutableListOf<ServerSocket>()

    @AfterTest
    fun stop() = servers.forEach(ServerSocket::close)

    @Test
    fun `every kind of error has the code that its name says`() {
        val codes = PaylinkException::class.sealedSubclasses.associate { it.simpleName to made(checkNotNull(it.simpleName)).code().code }
        assertEquals(ErrorCode.known.map { it.code }.toSet() + "unrecognised", codes.values.toSet())
        codes.forEach { (name, code) -> assertEquals(name, code.split("_").joinToString("") { it.replaceFirstChar(Char::uppercase) }) }
    }

    @Test
    fun `errors of a sale say what an app needs for its words`() = test {
        val core = offline()
        val id = core.sell().id
        assertEquals("link", assertFailsWith<PaylinkException.NotFound> { core.link("none") }.what)
        assertEquals(1u, assertFailsWith<PaylinkException.Unsent> { core.signOut() }.count)
        assertEquals(LinkStatus.Queued, assertFailsWith<PaylinkException.NotAllowed> { core.qr(id) }.status)
        assertTrue(assertIs<Sale.Refused>(core.create(Draft())).problems.isNotEmpty())
        core.close()
    }

    @Test
    fun `a wrong configuration is refused with its field, and nothing is made`() = test {
        val config = sandbox.config(folder.resolve("never")).copy(sellerName = "")
        assertEquals("seller_name", assertFailsWith<PaylinkException.Config> { Paylink.open(config, MemoryStore()) }.field)
        assertEquals("seller_name", assertFailsWith<PaylinkException.Config> { Paylink.openReadOnly(config) }.field)
        assertTrue(Files.notExists(folder.resolve("never")))
    }

    @Test
    fun `a second opener of a directory is refused and the first works on`() = test {
        val core = offline()
        val error = assertFailsWith<PaylinkException.InUse> { offline() }
        assertEquals(ErrorCode.InUse, error.code())
        assertEquals("the data directory is in use", error.toString())
        core.sell()
        core.close()
        offline().use { assertEquals(1, it.links().size) }
    }

    @Test
    fun `a damaged database is recovered and told until it is acknowledged`() = test {
        offline().use { it.sell() }
        val garbage = ByteArray(64) { it.toByte() }
        Files.write(folder.resolve("paylink.db"), garbage)
        offline().use { core ->
            val report = assertNotNull(core.recovered())
            val kept = report.quarantinedFiles.map(folder::resolve)
            assertContentEquals(garbage, Files.readAllBytes(kept.single { Files.size(it) == garbage.size.toLong() }))
            core.acknowledgeRecovered()
            assertNull(core.recovered())
            core.sell()
        }
    }

    @Test
    fun `a data directory that cannot be made is an error of the storage`() = test {
        val file = Files.writeString(folder.resolve("file"), "in the way")
        val error = assertFailsWith<PaylinkException.Storage> { Paylink.open(sandbox.config(file), MemoryStore()) }
        assertEquals(ErrorCode.Storage, error.code())
        assertEquals("in the way", Files.readString(file))
    }

    @Test
    fun `wrong credentials are refused and kept nowhere`() = test {
        val store = MemoryStore()
        online(store).use { core ->
            val error = assertFailsWith<PaylinkException.SignInNeeded> { core.signIn("nobody", "wrong") }
            assertEquals(ReasonCode.WrongCredentials, error.reason)
            assertEquals(0, store.values.size)
        }
    }

    @Test
    fun `a network without the provider is reported with its reason`() = test {
        assertEquals(ReasonCode.NoNetwork, signInAt(unused()).reason)
        assertEquals(ReasonCode.NotJson, signInAt(answering("200 OK", "text/html", "<h1>Velkommen</h1>")).reason)
        assertEquals(ReasonCode.ServerError, signInAt(answering("502 Bad Gateway", "text/html", "")).reason)
    }

    @Test
    fun `a link with an unusable address is built from the session`() = test {
        signedIn { core ->
            val session = "T11112222.4XGmsggrbFpzT7FTm1FxTQ"
            val url = "https://checkout.dintero.com/v1/view/" + "x".repeat(3_000)
            val answer = """{"id":"$session","url":"$url"}"""
            sandbox.tell("fault", """"method":"POST"""", """"path":"/v1/sessions"""", """"json":$answer""")
            val open = core.observe(core.sell().id).first { it.url != null }
            assertEquals("${sandbox.origin}/v1/view/$session" to true, open.url to open.urlWarning)
            assertTrue(core.qr(open.id).size > 0u)
        }
    }

    @Test
    fun `a panic of the core is an internal error and the next call works`() = test {
        lateinit var core: Paylink
        val caught = CompletableDeferred<Throwable?>()
        val kept = MemoryStore()
        val store = object : SecureStore by kept {
            // Called on a thread of the core's runtime, where work that blocks it must not be asked for.
            override fun put(key: String, value: String) {
                caught.complete(runCatching { core.generated().workDue() }.exceptionOrNull())
                kept.put(key, value)
            }
        }
        core = online(store)
        core.use {
            core.signIn(sandbox.clientId, sandbox.clientSecret)
            val error = assertIs<PaylinkException.Internal>(caught.await())
            assertEquals<Pair<ErrorCode, String>>(ErrorCode.Internal to "panicked; the log says where", error.code() to error.reason)
            val id = core.sell().id
            core.generated().workDue()
            waitUntil { core.link(id).status == LinkStatus.Open }
        }
    }

    private suspend fun signInAt(origin: String): PaylinkException.Network {
        val folder = Files.createTempDirectory(folder, "core")
        return Paylink.open(sandbox.config(folder).copy(origin = origin), MemoryStore()).use { core ->
            assertFailsWith<PaylinkException.Network> { core.signIn(sandbox.clientId, sandbox.clientSecret) }
        }
    }

    /** An origin where nobody listens. */
    private fun unused() = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { "http://127.0.0.1:${it.localPort}" }

    /** An origin that is no provider: it answers every connection alike. */
    private fun answering(status: String, type: String, body: String): String {
        val server = ServerSocket(0, 50, InetAddress.getLoopbackAddress()).also(servers::add)
        thread(isDaemon = true) {
            while (!server.isClosed) {
                val connection = runCatching { server.accept() }.getOrNull() ?: break
                connection.use {
                    val lines = it.getInputStream().bufferedReader()
                    while (!lines.readLine().isNullOrEmpty()) continue
                    val head = "HTTP/1.1 $status\r\nContent-Type: $type\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n"
                    it.getOutputStream().write((head + body).toByteArray())
                }
            }
        }
        return "http://127.0.0.1:${server.localPort}"
    }

    private fun made(name: String): PaylinkException =
        when (name) {
            "Refused" -> PaylinkException.Refused(emptyList())
            "NotFound" -> PaylinkException.NotFound("link")
            "NotAllowed" -> PaylinkException.NotAllowed(Action.Retry, LinkStatus.Open)
            "StillNeeded" -> PaylinkException.StillNeeded(listOf("HON-7K3M9X-1"))
            "Unsent" -> PaylinkException.Unsent(1u)
            "SignInNeeded" -> PaylinkException.SignInNeeded(ReasonCode.SignedOut)
            "InUse" -> PaylinkException.InUse()
            "Suspended" -> PaylinkException.Suspended()
            "Closed" -> PaylinkException.Closed()
            "Config" -> PaylinkException.Config("account", "required")
            "Storage" -> PaylinkException.Storage(StorageKind.Full, "full")
            "Network" -> PaylinkException.Network(ReasonCode.Timeout)
            "Internal" -> PaylinkException.Internal("a defect")
            "Unrecognised" -> PaylinkException.Unrecognised(ErrorCode.of("unrecognised"), "of a newer core")
            else -> error("there is a new error $name")
        }
}
