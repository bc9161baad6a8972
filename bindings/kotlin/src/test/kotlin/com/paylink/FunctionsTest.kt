package com.paylink

import com.paylink.core.LogLevel
import com.paylink.core.LogRecord
import com.paylink.core.Money
import com.paylink.core.PaylinkException
import com.paylink.core.SecureStore
import com.paylink.core.currencyDecimals
import com.paylink.core.methodFamily
import java.math.BigDecimal
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.reflect.KVisibility
import kotlin.reflect.full.extensionReceiverParameter
import kotlin.reflect.jvm.kotlinFunction
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

/** What belongs to no object. */
class FunctionsTest : AgainstSandbox() {
    private val functions =
        Class.forName("com.paylink.core.PaylinkKt").declaredMethods.mapNotNull { it.kotlinFunction }
            .filter { it.visibility == KVisibility.PUBLIC && it.extensionReceiverParameter == null && !it.name.startsWith("uniffi") }

    @Test
    fun `there is no function but these`() {
        val these = setOf("currencyDecimals", "methodFamily", "setLogSink", "checkSetup", "openInvitation")
        assertEquals(these, functions.map { it.name }.toSet())
    }

    @Test
    fun `amounts are as the currency has them`() {
        assertEquals(listOf(2u, 0u, null), listOf("NOK", "JPY", "?").map(::currencyDecimals))
        assertEquals(BigDecimal("-0.05"), Money(-5, "NOK").toBigDecimal())
        assertEquals(BigDecimal(Long.MIN_VALUE), Money(Long.MIN_VALUE, "JPY").toBigDecimal())
        assertEquals("vipps", methodFamily("bambora.vipps"))
    }

    @Test
    fun `the app gets the log and a sink that throws gets the next record`() = test {
        val records = ConcurrentLinkedQueue<LogRecord>()
        logTo(LogLevel.WARN) {
            records += it
            throw IllegalStateException("the app's own defect")
        }
        val locked = object : SecureStore by MemoryStore() {
            override fun remove(key: String): Unit = throw IllegalStateException("hunter2")
        }
        offline(locked).use { core ->
            repeat(2) {
                assertFailsWith<PaylinkException.SignInNeeded> { core.signOut() }
                waitUntil { records.count { it.level == LogLevel.WARN } > it }
            }
        }
        logTo(LogLevel.ERROR, null)
        assertTrue(records.all { it.target.startsWith("paylink") && "hunter2" !in it.text }, "$records")
    }
}
