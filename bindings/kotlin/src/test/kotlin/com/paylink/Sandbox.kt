package com.paylink

import com.paylink.core.Config
import com.paylink.core.SecureStore
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import java.nio.file.Path
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.TimeUnit

/** The stand-in for the provider: `paylink sandbox`, a process of its own on a free port. */
class Sandbox : AutoCloseable {
    private val process: Process =
        ProcessBuilder(System.getProperty("paylink.program"), "--json", "sandbox", "--port", "0")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            // Also when the tests are broken off.
            .also { Runtime.getRuntime().addShutdownHook(Thread(it::destroy)) }
    private val http = HttpClient.newHttpClient()
    private val told: String = process.inputReader().readLine()

    val origin: String = field("origin")
    val account: String = field("account")
    val clientId: String = field("client_id")
    val clientSecret: String = field("client_secret")

    fun config(folder: Path, offline: Boolean = false): Config =
        Config(
            dataDir = folder.toString(),
            account = account,
            sellerName = "Skogens Honning AS",
            returnUrl = "https://example.com/thanks",
            origin = origin,
            referencePrefix = "HON",
            offline = offline,
        )

    /** The answer to a JSON request. */
    fun post(path: String, body: String, authorization: String? = null): String {
        val request = HttpRequest.newBuilder(URI(origin + path)).header("Content-Type", "application/json")
        authorization?.let { request.header("Authorization", it) }
        return http.send(request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString()).body()
    }

    /** Has something happen at the provider; arguments are the JSON after its name, `"times":2`. */
    fun tell(what: String, vararg arguments: String) {
        val answer = post("/sandbox/do", arguments.joinToString("", """{"do":"$what"""", "}") { ",$it" })
        check("error" !in answer) { answer }
    }

    override fun close() {
        process.destroy()
        process.waitFor(10, TimeUnit.SECONDS)
    }

    private fun field(name: String): String =
        checkNotNull(Regex("\"$name\":\"([^\"]*)\"").find(told)) { "the sandbox said: $told" }.groupValues[1]
}

/** A keystore in memory. */
class MemoryStore : SecureStore {
    val values = ConcurrentHashMap<String, String>()

    override fun get(key: String): String? = values[key]

    override fun put(key: String, value: String) {
        values[key] = value
    }

    override fun remove(key: String) {
        values.remove(key)
    }
}
