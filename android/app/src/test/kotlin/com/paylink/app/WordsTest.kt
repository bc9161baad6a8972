package com.paylink.app

import android.app.Application
import androidx.test.core.app.ApplicationProvider
import com.paylink.app.ui.fieldWords
import com.paylink.app.ui.look
import com.paylink.app.ui.words
import com.paylink.core.Action
import com.paylink.core.Delivered
import com.paylink.core.Delivery
import com.paylink.core.EventKind
import com.paylink.core.Language
import com.paylink.core.LinkStatus
import com.paylink.core.ProblemCode
import com.paylink.core.ReasonCode
import com.paylink.core.StorageKind
import java.io.File
import javax.xml.parsers.DocumentBuilderFactory
import kotlin.test.assertEquals
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

@RunWith(RobolectricTestRunner::class)
@Config(application = Application::class)
class WordsTest {
    private val languages = listOf("nb-rNO", "nn-rNO", "en-rGB", "sv-rSE", "da-rDK")

    /** The words for each code of one kind, which must not be the same for two codes. */
    private fun of(kind: String): List<Pair<String, Int>> = when (kind) {
        "status" -> LinkStatus.known.map { it.code to words(it, Delivered.Sent) }
        "delivered" -> Delivered.known.map { it.code to words(it) }
        "reason" -> ReasonCode.known.map { it.code to words(it) }
        "event" -> EventKind.known.map { it.code to words(it) }
        "action" -> Action.known.map { it.code to words(it) }
        "delivery" -> Delivery.known.map { it.code to words(it) }
        "problem" -> ProblemCode.known.map { it.code to words(it) }
        "storage" -> StorageKind.known.map { it.code to words(it) }
        else -> Language.known.map { it.code to words(it) }
    }

    private val kinds = listOf("status", "delivered", "reason", "event", "action", "delivery", "problem", "storage", "language")

    @Test
    fun `each code of the core has words of its own in each language`() {
        for (language in languages) {
            RuntimeEnvironment.setQualifiers("+$language")
            val context = ApplicationProvider.getApplicationContext<Application>()
            for (kind in kinds) {
                val said = of(kind).map { (code, id) -> code to context.getString(id) }
                said.forEach { (code, text) -> assertTrue(text.isNotBlank(), "$language $kind $code") }
                said.forEach { (code, text) -> assertNotEquals(context.getString(R.string.neutral), text, "$language $kind $code") }
                val twice = said.groupBy { it.second }.filter { it.value.size > 1 }
                assertEquals(emptyMap(), twice, "$language $kind")
            }
        }
    }

    @Test
    fun `each field of a draft has its name`() {
        val fields = listOf(
            "items", "description", "quantity", "unit_price", "vat", "discount", "amount", "currency", "reference", "methods", "expiry", "address",
            "capture", "delivery", "language", "name", "phone", "email", "address_line", "address_line_2", "postal_code", "city", "country", "total",
        )
        fields.forEach { assertNotEquals(R.string.field_other, fieldWords(it), it) }
    }

    @Test
    fun `each status has an icon and a colour`() {
        LinkStatus.known.forEach { status -> Delivered.known.forEach { assertTrue(look(status, it).icon != 0) } }
    }

    /** Name, and the places for what is filled in, of each text of a language. */
    private fun texts(folder: String): Map<String, List<String>> =
        listOf("strings.xml", "codes.xml").map { texts(File(System.getProperty("paylink.res")).resolve("$folder/$it")) }.reduce { one, other -> one + other }

    private fun texts(file: File): Map<String, List<String>> {
        val root = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file).documentElement
        val all = mutableMapOf<String, List<String>>()
        for (tag in listOf("string", "item")) {
            val nodes = root.getElementsByTagName(tag)
            for (at in 0 until nodes.length) {
                val node = nodes.item(at)
                fun said(of: org.w3c.dom.Node, attribute: String) = of.attributes.getNamedItem(attribute)?.nodeValue
                if (said(node, "translatable") != null) continue
                val name = said(node, "name") ?: (said(node.parentNode, "name") + " " + said(node, "quantity"))
                all[name] = Regex("%\\d\\$[sd]").findAll(node.textContent).map { it.value }.sorted().toList()
            }
        }
        return all
    }

    @Test
    fun `each language has each text, with the same places to fill in`() {
        val english = texts("values")
        assertTrue(english.size > 300)
        for (folder in listOf("values-nb", "values-nn", "values-sv", "values-da")) assertEquals(english, texts(folder), folder)
    }

    @Test
    fun `no text stands in the code`() {
        val kotlin = File(System.getProperty("paylink.res")).resolveSibling("kotlin")
        val said = kotlin.walk().filter { it.extension == "kt" }.flatMap { file ->
            Regex("Text\\(\\s*\"[^\"]*[A-Za-zæøåÆØÅ]{3}").findAll(file.readText()).map { "${file.name}: ${it.value}" }
        }.toList()
        // Codes and counts for whoever helps, in no language.
        assertEquals(listOf("SettingsScreen.kt: Text(\"Android \${android.os.Build.VERSION.SDK_INT"), said)
    }
}
