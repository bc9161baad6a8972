package com.paylink.scenarios

import com.paylink.core.Code
import com.paylink.core.PaylinkException
import java.lang.reflect.InvocationTargetException
import kotlin.reflect.KClass
import kotlin.reflect.KFunction
import kotlin.reflect.KParameter
import kotlin.reflect.KType
import kotlin.reflect.full.callSuspendBy
import kotlin.reflect.full.companionObject
import kotlin.reflect.full.companionObjectInstance
import kotlin.reflect.full.declaredMemberFunctions
import kotlin.reflect.full.functions
import kotlin.reflect.full.instanceParameter
import kotlin.reflect.full.isSubclassOf
import kotlin.reflect.full.memberProperties
import kotlin.reflect.full.primaryConstructor
import kotlin.reflect.full.valueParameters
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** What crosses, as the JSON of the contract and back: by reflection, without a line for any one type or call. */
internal object Shape {
    /** A value of the core as JSON: records by their fields, codes as they are. */
    fun json(value: Any?): JsonElement =
        when (value) {
            null, is Unit -> JsonNull
            is String -> JsonPrimitive(value)
            is Boolean -> JsonPrimitive(value)
            is Number -> JsonPrimitive(value)
            is UInt -> JsonPrimitive(value.toLong())
            is ByteArray -> JsonArray(value.map { JsonPrimitive(it) })
            is List<*> -> JsonArray(value.map(::json))
            is Map<*, *> -> JsonObject(value.entries.associate { (name, one) -> name as String to json(one) })
            is Code -> JsonPrimitive(value.code)
            is PaylinkException -> JsonObject(fields(value) + ("code" to JsonPrimitive(value.code().code)))
            else -> if (value.javaClass.superclass == Any::class.java) JsonObject(fields(value)) else variant(value)
        }

    /** One of the kinds of a sealed class, which holds one value: `{"percent": "10"}`. */
    private fun variant(value: Any): JsonElement =
        JsonObject(mapOf(snake(checkNotNull(value::class.simpleName)) to fields(value).values.single()))

    private fun fields(record: Any): Map<String, JsonElement> {
        val names = record::class.primaryConstructor?.parameters.orEmpty().map { it.name }
        return record::class.memberProperties.filter { it.name in names }.associate { snake(it.name) to json(it.call(record)) }
    }

    /** JSON as what a parameter takes; null: leave it to the default. */
    private fun value(json: JsonElement, type: KType): Any? {
        val kind = type.classifier as KClass<*>
        return when {
            json is JsonNull -> if (kind.isData && !type.isMarkedNullable) record(kind, JsonObject(emptyMap())) else null
            kind == String::class -> json.jsonPrimitive.also { check(it.isString) { "$it is no text" } }.content
            kind == Boolean::class -> json.jsonPrimitive.content.toBooleanStrict()
            kind == Long::class -> json.jsonPrimitive.content.toLong()
            kind == UInt::class -> json.jsonPrimitive.content.toUInt()
            kind == ByteArray::class -> bytes(json)
            kind == List::class -> json.jsonArray.map { value(it, checkNotNull(type.arguments.single().type)) }
            kind.isSubclassOf(Code::class) -> named(kind, json.jsonPrimitive.content)
            else -> record(kind, json.jsonObject)
        }
    }

    /** A file: its text, or its bytes one by one. */
    private fun bytes(json: JsonElement): ByteArray =
        if (json is JsonArray) ByteArray(json.size) { json[it].jsonPrimitive.content.toInt().toByte() } else json.jsonPrimitive.content.toByteArray()

    /** A record with these fields; the others have their defaults. */
    fun record(kind: KClass<*>, fields: JsonObject): Any =
        checkNotNull(kind.primaryConstructor).let { it.callBy(arguments(it, it.parameters, fields)) }

    /** Calls what the contract names, with its arguments by name. Throws what the call throws. */
    suspend fun call(on: Any, name: String, given: JsonObject): JsonElement {
        val call = on::class.declaredMemberFunctions.single { it.name == camel(name) }
        val arguments = arguments(call, call.valueParameters, given)
        return try {
            json(call.callSuspendBy(arguments + (checkNotNull(call.instanceParameter) to on)))
        } catch (thrown: InvocationTargetException) {
            throw thrown.targetException
        }
    }

    private fun arguments(of: KFunction<*>, parameters: List<KParameter>, given: JsonObject): Map<KParameter, Any?> {
        val unknown = given.keys - parameters.map { snake(checkNotNull(it.name)) }.toSet()
        check(unknown.isEmpty()) { "${of.name} takes no $unknown" }
        return parameters.associateWith { value(given[snake(checkNotNull(it.name))] ?: JsonNull, it.type) }
            .filterNot { (parameter, value) -> value == null && parameter.isOptional }
    }

    /** What a code names in its list. */
    private fun named(list: KClass<*>, code: String): Any? =
        list.companionObject?.functions?.single { it.name == "of" }?.call(list.companionObjectInstance, code)

    private fun snake(name: String) = name.replace(Regex("(?<=[a-z])(?=[A-Z0-9])"), "_").lowercase()

    private fun camel(name: String) = name.replace(Regex("_([a-z0-9])")) { it.groupValues[1].uppercase() }
}
