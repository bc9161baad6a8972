package com.paylink.scenarios

import com.paylink.Sandbox
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.nameWithoutExtension
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.io.TempDir

/** Plays `tests/scenarios/NAME.json`, each unchanged as every other language does (`core/CONTRACT.md` section 10). */
class ScenariosTest {
    @TempDir
    lateinit var folder: Path

    private var steps = 0
    private val wrong = mutableListOf<String>()

    @Test
    fun `every scenario goes as it is written`() = runBlocking {
        val files = Files.list(Path.of(System.getProperty("paylink.scenarios"))).use { all ->
            all.filter { it.toString().endsWith(".json") }.sorted().toList()
        }
        assertTrue(files.size >= 100, "${files.size} scenarios")
        val passed = Sandbox().use { sandbox -> files.count { plays(it, sandbox) } }
        println("scenarios: ${files.size}, steps $steps, passed $passed")
        assertEquals(files.size, passed, wrong.joinToString("\n", "\n"))
    }

    private suspend fun plays(file: Path, sandbox: Sandbox): Boolean {
        val before = wrong.size
        try {
            val scenario = Json.parseToJsonElement(Files.readString(file)).jsonObject
            val one = Files.createDirectory(folder.resolve(file.nameWithoutExtension))
            Stage(sandbox, scenario, one).use { stage ->
                if (scenario["signed_in"]?.jsonPrimitive?.boolean != false) stage.signIn()
                checkNotNull(scenario["steps"]).jsonArray.forEachIndexed { n, step ->
                    play(stage, step.jsonObject, "${file.nameWithoutExtension}, step ${n + 1}")
                }
            }
        } catch (error: Exception) {
            wrong += "${file.nameWithoutExtension}: $error"
        }
        return wrong.size == before
    }

    private suspend fun play(stage: Stage, step: JsonObject, place: String) {
        steps++
        // Lists are sorted by the millisecond.
        delay(2)
        val came = stage.play(step)
        val expected =
            step["error"]?.let { Stage.Came(error = it) } ?: Stage.Came(step["expect"] ?: JsonNull)
        if (text(came) != text(expected)) wrong += "$place\n  expected ${text(expected)}\n  came     ${text(came)}"
    }

    private fun text(came: Stage.Came): String =
        came.error?.let { "error ${Seen.sorted(it)}" } ?: Seen.sorted(came.result ?: JsonNull).toString()
}
