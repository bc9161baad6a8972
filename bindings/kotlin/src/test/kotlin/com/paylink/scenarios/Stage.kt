package com.paylink.scenarios

import com.paylink.Sandbox
import com.paylink.core.Config
import com.paylink.core.Paylink
import com.paylink.core.PaylinkException
import com.paylink.core.SecureStore
import com.paylink.core.SecureStoreException
import com.paylink.core.checkSetup
import com.paylink.core.openInvitation
import java.nio.file.Path
import java.util.concurrent.ConcurrentHashMap
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** Where one scenario is played: a fresh provider, a fresh core. */
internal class Stage(private val sandbox: Sandbox, scenario: JsonObject, folder: Path) : AutoCloseable {
    private val secureStore = LockableStore()
    private val account: JsonObject
    private val dataDir = folder.resolve("data").toString()
    private val seen: Seen
    private var config: JsonObject
    private var core: Paylink

    init {
        val options = scenario["sandbox"] ?: JsonObject(emptyMap())
        account = checkNotNull(provider("reset", JsonObject(mapOf("options" to options))).result).jsonObject
        seen = Seen(text("origin"), dataDir)
        val usual = mapOf(
            "data_dir" to dataDir,
            "account" to text("account"),
            "origin" to text("origin"),
            "return_url" to "https://example.com/thanks",
            "seller_name" to "Skogens Honning AS",
            "reference_prefix" to "HON",
        ).mapValues { JsonPrimitive(it.value) }
        config = JsonObject(usual + seen.resolve(scenario["config"]?.jsonObject ?: JsonObject(emptyMap())))
        core = open(config)
    }

    /** What a step came to: one of the two. */
    data class Came(val result: JsonElement? = null, val error: JsonElement? = null)

    suspend fun signIn() {
        core.signIn(text("client_id"), text("client_secret"))
    }

    /** Plays a step, and returns what came with placeholders. */
    suspend fun play(step: JsonObject): Came {
        val arguments = seen.resolve(step["arguments"]?.jsonObject ?: JsonObject(emptyMap()))
        val (kind, name) = KINDS.single { it in step }.let { it to checkNotNull(step[it]).jsonPrimitive.content }
        val came =
            try {
                when (kind) {
                    "call" -> Came(setup(name, arguments) ?: Shape.call(core, if (name == "close") "shut_down" else name, arguments))
                    "shell" -> Came(shell(name, arguments))
                    else -> provider(name, arguments)
                }
            } catch (error: PaylinkException) {
                Came(error = Shape.json(error))
            }
        if (came.error != null) return Came(error = seen.canonical(came.error))
        val result = seen.canonical(came.result ?: JsonNull)
        val fields = step["only"]?.jsonArray?.map { it.jsonPrimitive.content }?.toSet()
        return Came(if (fields == null) result else Seen.only(result, fields))
    }

    /** The calls that need no core; null: it is none of them. `current` is laid over the scenario's configuration. */
    private fun setup(name: String, arguments: JsonObject): JsonElement? {
        fun text(argument: String) = checkNotNull(arguments[argument]).jsonPrimitive.content
        val over = arguments["current"].takeUnless { it is JsonNull }?.jsonObject
        val current = over?.let { Shape.record(Config::class, JsonObject(config + it)) as Config }
        return when (name) {
            "check_setup" -> Shape.json(checkSetup(text("text"), current))
            "open_invitation" -> Shape.json(openInvitation(text("text"), text("code"), current))
            else -> null
        }
    }

    private fun provider(what: String, arguments: JsonObject): Came {
        val told = JsonObject(arguments + ("do" to JsonPrimitive(what)))
        val answer = Json.parseToJsonElement(sandbox.post("/sandbox/do", told.toString())).jsonObject
        val error = answer["error"]?.jsonObject ?: return Came(answer["result"])
        return Came(error = JsonObject(error.filterKeys { it == "code" || it == "message" }))
    }

    private fun shell(what: String, arguments: JsonObject): JsonElement {
        when (what) {
            "reopen" -> {
                // One that could not be opened again is closed, and says so.
                core.shutDown()
                config = JsonObject(config + arguments)
                val opened = open(config)
                core.close()
                core = opened
            }
            "open_another" -> {
                val another = mapOf("data_dir" to JsonPrimitive("$dataDir-another"))
                open(JsonObject(config + another + arguments)).use { it.shutDown() }
            }
            "lock_secure_store" -> secureStore.locked = true
            "unlock_secure_store" -> secureStore.locked = false
            else -> error("no shell does $what")
        }
        return JsonNull
    }

    private fun open(config: JsonObject): Paylink =
        Paylink.openUnscheduled(Shape.record(Config::class, config) as Config, secureStore)

    private fun text(name: String): String = checkNotNull(account[name]).jsonPrimitive.content

    override fun close() {
        if (!core.uniffiIsDestroyed) core.use { it.shutDown() }
    }

    private class LockableStore : SecureStore {
        private val values = ConcurrentHashMap<String, String>()

        @Volatile
        var locked = false

        private fun open() = values.also { if (locked) throw SecureStoreException.Unavailable("locked") }

        override fun get(key: String): String? = open()[key]

        override fun put(key: String, value: String) {
            open()[key] = value
        }

        override fun remove(key: String) {
            open().remove(key)
        }
    }

    private companion object {
        val KINDS = listOf("call", "provider", "shell")
    }
}
