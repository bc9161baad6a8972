package com.paylink

import com.paylink.core.Code
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.extension
import kotlin.reflect.KClass
import kotlin.reflect.KFunction
import kotlin.reflect.KParameter
import kotlin.reflect.KType
import kotlin.reflect.KVisibility
import kotlin.reflect.full.companionObject
import kotlin.reflect.full.declaredMemberFunctions
import kotlin.reflect.full.declaredMemberProperties
import kotlin.reflect.full.isSubclassOf
import kotlin.reflect.full.primaryConstructor
import kotlin.reflect.full.valueParameters
import kotlin.reflect.jvm.kotlinFunction

/** The module's public declarations as Kotlin sees them, one a line, sorted. */
internal object Api {
    fun lines(): List<String> {
        val root = Path.of(Paylink::class.java.protectionDomain.codeSource.location.toURI())
        val names = Files.walk(root).use { all ->
            all.filter { it.extension == "class" }.map { root.relativize(it).toString().removeSuffix(".class").replace('/', '.') }.toList()
        }
        return names.filterNot { GENERATED.containsMatchIn(it) }.map { Class.forName(it, false, javaClass.classLoader) }
            .flatMap { if (it.simpleName.endsWith("Kt")) functions(it) else declarations(it.kotlin) }.distinct().sorted()
    }

    /** A list of codes, on one line; null for one of it. */
    private fun codes(type: KClass<*>): String? =
        type.takeIf { it.isSealed }?.let { "${it.qualifiedName}: codes ${it.sealedSubclasses.map { one -> one.simpleName }.sortedBy { name -> "$name" }}" }

    /** Functions outside of classes. */
    private fun functions(file: Class<*>): List<String> =
        file.declaredMethods.mapNotNull { it.kotlinFunction }.filter { it.visibility == KVisibility.PUBLIC && !it.name.startsWith("uniffi") }
            .map { "${file.packageName}: ${signature(it)}" }

    private fun declarations(type: KClass<*>): List<String> {
        if (runCatching { type.visibility }.getOrNull() != KVisibility.PUBLIC) return emptyList()
        val name = checkNotNull(type.qualifiedName)
        if (type.isSubclassOf(Code::class) && type.simpleName !in setOf("Code", "UnrecognisedCode")) return listOfNotNull(codes(type))
        if (type.java.isEnum) return listOf("$name: enum ${type.java.enumConstants.joinToString { (it as Enum<*>).name }}")
        val made = type.primaryConstructor?.takeIf { it.visibility == KVisibility.PUBLIC }
        val kind = listOfNotNull(
            "sealed".takeIf { type.isSealed }, "data".takeIf { type.isData },
            if (type.java.isInterface) "interface" else if (type.objectInstance != null) "object" else "class",
        ).joinToString(" ")
        val functions = type.declaredMemberFunctions + type.companionObject?.declaredMemberFunctions.orEmpty()
        return listOf("$name: $kind${made?.let { parameters(it.parameters) }.orEmpty()}") +
            functions.filter { it.visibility == KVisibility.PUBLIC && it.name !in USUAL && !it.name.startsWith("component") }
                .map { "$name: ${signature(it)}" } +
            type.declaredMemberProperties.filter { it.visibility == KVisibility.PUBLIC && !it.name.startsWith("uniffi") }
                .filter { property -> made?.parameters.orEmpty().none { it.name == property.name } }
                .map { "$name: val ${it.name}: ${short(it.returnType)}" }
    }

    private fun signature(function: KFunction<*>): String {
        val receiver = function.parameters.singleOrNull { it.kind == KParameter.Kind.EXTENSION_RECEIVER }
        val on = receiver?.let { short(it.type) + "." }.orEmpty()
        val suspending = if (function.isSuspend) "suspend " else ""
        return "${suspending}fun $on${function.name}${parameters(function.valueParameters)}: ${short(function.returnType)}"
    }

    private fun parameters(all: List<KParameter>): String =
        all.joinToString(prefix = "(", postfix = ")") { "${it.name}: ${short(it.type)}${if (it.isOptional) " = …" else ""}" }

    private fun short(type: KType): String =
        type.toString().replace(Regex("\\b(kotlin\\.collections|kotlinx\\.coroutines\\.flow|kotlin|java\\.(time|math)|com\\.paylink(\\.core)?)\\.(?=[A-Z])"), "")

    /** What the generator needs for itself. */
    private val GENERATED =
        Regex("\\.(Uniffi|FfiConverter|RustBuffer|ForeignBytes|Ffi|NoHandle|Disposable|InternalException|IntegrityChecking|JavaLang)|Impl(\\$|$)|(^|[.$])uniffi|\\$(Companion|[0-9a-z])")
    private val USUAL = setOf("copy", "equals", "hashCode", "toString", "destroy", "uniffiCloneHandle")
}
