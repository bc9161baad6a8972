package com.paylink.app

import java.net.HttpURLConnection
import java.net.URI
import org.junit.rules.ExternalResource

/**
 * `paylink sandbox`, a process of its own: one for the whole JVM, begun anew for each test. Robolectric loads this class
 * once for each Android, so what must be there once is a property of the JVM.
 */
object Sandbox {
    private val told: String by lazy {
        synchronized(System.getProperties()) {
            System.getProperty(TOLD) ?: start().also { System.setProperty(TOLD, it) }
        }
    }

    val origin: String get() = field("origin", told)
    val account: String get() = field("account", told)
    val clientId: String get() = field("client_id", told)
    val clientSecret: String get() = field("client_secret", told)

    /** Has something happen at the provider; arguments are the JSON after its name: `"reference":"HON-1"`. */
    fun tell(what: String, vararg arguments: String): String {
        val call = URI("$origin/sandbox/do").toURL().openConnection() as HttpURLConnection
        call.doOutput = true
        call.setRequestProperty("Content-Type", "application/json")
        call.outputStream.use { out -> out.write(arguments.joinToString("", """{"do":"$what"""", "}") { ",$it" }.toByteArray()) }
        val answer = (if (call.responseCode < 400) call.inputStream else call.errorStream).use { it.readBytes().decodeToString() }
        check("\"error\"" !in answer) { answer }
        return answer
    }

    private fun start(): String {
        val process = ProcessBuilder(System.getProperty("paylink.program"), "--json", "sandbox", "--port", "0")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
        Runtime.getRuntime().addShutdownHook(Thread(process::destroy))
        return process.inputStream.bufferedReader().readLine()
    }

    private fun field(name: String, of: String): String = checkNotNull(Regex("\"$name\":\"([^\"]*)\"").find(of)) { "the sandbox said: $of" }.groupValues[1]

    private const val TOLD = "paylink.sandbox.told"
}

/** A provider that knows nothing yet, by the machine's clock. */
class NewProvider : ExternalResource() {
    override fun before() {
        Sandbox.tell("reset", """"options":{"now":null}""")
    }
}
