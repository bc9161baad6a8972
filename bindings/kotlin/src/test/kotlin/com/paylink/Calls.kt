package com.paylink

import com.paylink.core.Channel
import com.paylink.core.Draft
import com.paylink.core.ItemDraft
import com.paylink.core.LinkFilter
import com.paylink.core.Page
import com.paylink.core.ShareChannel
import com.paylink.core.ShareOutcome
import com.paylink.core.UnknownAnswer
import java.lang.reflect.InvocationTargetException
import java.time.Duration
import java.time.LocalDate
import kotlin.reflect.KClass
import kotlin.reflect.KFunction
import kotlin.reflect.KParameter
import kotlin.reflect.KVisibility
import kotlin.reflect.full.callSuspendBy
import kotlin.reflect.full.declaredMemberFunctions
import kotlin.reflect.full.instanceParameter
import kotlin.reflect.full.valueParameters
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.firstOrNull

/**
 * Every public call of an object by name, found by reflection: one that is added is called by the tests, too, and one
 * whose arguments have a name that is new here fails them.
 */
class Calls(private val on: KClass<*>, private val sandbox: Sandbox, private val draft: Draft) {
    /** In alphabetical order. */
    val all: List<KFunction<*>> =
        on.declaredMemberFunctions
            .filter { it.visibility == KVisibility.PUBLIC && it.name !in GENERATED }
            .sortedBy { it.name }

    /** Makes a call and returns what came; of a flow, the first value, or null when it ended without one. */
    suspend fun make(call: KFunction<*>, core: Any, id: String): Any? {
        val arguments = call.valueParameters.filterNot { it.isOptional }.associateWith { argument(it, id) }
        val came =
            try {
                call.callSuspendBy(mapOf(checkNotNull(call.instanceParameter) to core) + arguments)
            } catch (thrown: InvocationTargetException) {
                throw thrown.targetException
            }
        return if (came is Flow<*>) came.firstOrNull() else came
    }

    private fun argument(parameter: KParameter, id: String): Any =
        when (val name = parameter.name) {
            "id" -> id
            "draft" -> draft
            "item" -> ItemDraft(description = "Honning", unitPrice = "149")
            "items" -> listOf(ItemDraft(description = "Honning", unitPrice = "149"))
            "bytes" -> "Honning;149".toByteArray()
            "limit" -> 20u
            "reference" -> "HON-NONE-1"
            "text" -> "Honning"
            "answer" -> UnknownAnswer.Wait
            "channel" -> if (parameter.type.classifier == ShareChannel::class) ShareChannel.Share else Channel.Share
            "outcome" -> ShareOutcome.HandedOver
            "filter" -> LinkFilter()
            "page" -> Page()
            "date" -> LocalDate.now().let { if (parameter.type.classifier == String::class) it.toString() else it }
            "cursor" -> 1L
            "online", "foreground" -> true
            "budget", "time" -> Duration.ofSeconds(1)
            "budgetMs", "ms" -> 1_000L
            "clientId" -> sandbox.clientId
            "clientSecret" -> sandbox.clientSecret
            "listener" -> Deaf
            else -> error("${on.simpleName} has an argument $name, and Calls.kt has no value for it")
        }

    private object Deaf : com.paylink.core.LinkListener {
        override fun onChange(link: String, cursor: Long) = Unit

        override fun onAccountChange() = Unit

        override fun onCatalogueChange() = Unit
    }

    private companion object {
        /** What every generated class has. */
        val GENERATED = setOf("destroy", "uniffiCloneHandle", "toString", "equals", "hashCode")
    }
}
