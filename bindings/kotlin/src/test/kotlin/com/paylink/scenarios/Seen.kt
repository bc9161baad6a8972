package com.paylink.scenarios

import java.time.LocalDate
import java.time.ZoneId
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** What differs from run to run, as placeholders (`core/CONTRACT.md` section 10): what was seen in one scenario. */
internal class Seen(private val origin: String, private val dataDir: String) {
    private val today = LocalDate.now(ZoneId.of("Europe/Oslo")).toString()
    private val encoded = origin.replace(":", "%3A").replace("/", "%2F")
    private val ids = linkedSetOf<String>()
    private val provider = linkedSetOf<String>()
    private var tag = ""

    /** In the order in which they are tried at each place. */
    private val patterns = Regex(
        listOf(
            "(?<origin>${Regex.escape(origin)}|${Regex.escape(encoded)})",
            "(?<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
            "(?<provider>[PT][0-9]{8}\\.[1-9A-HJ-NP-Za-km-z]{22})",
            "HON-(?<tag>[0-9A-HJKMNP-TV-Z]{6})-",
        ).joinToString("|"),
    )

    /** A result with placeholders in place of what differs, its keys sorted. */
    fun canonical(value: JsonElement): JsonElement =
        when (value) {
            is JsonNull -> value
            is JsonArray -> JsonArray(value.map(::canonical))
            is JsonObject -> JsonObject(value.toSortedMap().mapValues { (name, one) -> field(name, one) })
            is JsonPrimitive -> if (value.isString) JsonPrimitive(text(value.content)) else value
        }

    private fun field(name: String, value: JsonElement): JsonElement {
        val isTime = name == "at" || name.endsWith("_at")
        val isNumber = value is JsonPrimitive && !value.isString && value.content.toLongOrNull() != null
        return if (isTime && isNumber) JsonPrimitive("<time>") else canonical(value)
    }

    private fun text(text: String): String =
        if (text == today) "<today>" else patterns.replace(text) { placeholder(it.groups) }

    private fun placeholder(found: MatchGroupCollection): String {
        found["id"]?.let { return "<id:${place(ids, it.value)}>" }
        found["provider"]?.let { return "<provider:${place(provider, it.value)}>" }
        found["tag"]?.let {
            tag = it.value
            return "HON-<tag>-"
        }
        return "<origin>"
    }

    private fun place(seen: MutableSet<String>, one: String): Int {
        seen += one
        return seen.indexOf(one) + 1
    }

    /** Arguments with what was seen in place of placeholders. */
    fun resolve(value: JsonElement): JsonElement =
        when (value) {
            is JsonNull -> value
            is JsonArray -> JsonArray(value.map(::resolve))
            is JsonObject -> resolve(value)
            is JsonPrimitive -> if (value.isString) JsonPrimitive(resolve(value.content)) else value
        }

    /** As above, of an object. */
    fun resolve(value: JsonObject): JsonObject = JsonObject(value.mapValues { (_, one) -> resolve(one) })

    private fun resolve(text: String): String =
        Regex("<(origin|data_dir|today|tag|(id|provider):([0-9]+))>").replace(text) { found ->
            val (name, kind, place) = found.destructured
            when (name) {
                "origin" -> origin
                "data_dir" -> dataDir
                "today" -> today
                "tag" -> tag
                else -> (if (kind == "id") ids else provider).elementAt(place.toInt() - 1)
            }
        }

    companion object {
        /** Those fields of an object, or of each object of a list. */
        fun only(value: JsonElement, fields: Set<String>): JsonElement =
            when (value) {
                is JsonArray -> JsonArray(value.map { only(it, fields) })
                is JsonObject -> JsonObject(value.filterKeys { it in fields })
                else -> value
            }

        /** The value with all keys sorted, to be compared as text. */
        fun sorted(value: JsonElement): JsonElement =
            when (value) {
                is JsonArray -> JsonArray(value.map(::sorted))
                is JsonObject -> JsonObject(value.toSortedMap().mapValues { (_, one) -> sorted(one) })
                else -> value
            }
    }
}
