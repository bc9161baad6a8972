package com.paylink.app

import androidx.compose.ui.test.performTextReplacement
import com.paylink.core.LinkStatus
import com.paylink.core.ReasonCode
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlinx.coroutines.runBlocking
import org.junit.Test

class TroubleTest : AppTest() {
    private fun anew() {
        runBlocking { app.core.close() }
        app.core.begin()
    }

    @Test
    fun `a locked key store is told, and the sale goes out once it is open`() {
        setUp()
        app.memoryVault.locked = true
        anew()
        open()
        sold()
        tap(R.string.links)
        waitFor(words(R.string.reason_secure_store_locked))
        app.memoryVault.locked = false
        network(false)
        network(true)
        waitUntil { links().single().status == LinkStatus.Open }
    }

    @Test
    fun `a key that is gone is signed out, and no crash`() {
        setUp()
        app.memoryVault.lose()
        anew()
        open()
        sold()
        tap(R.string.links)
        waitFor(words(R.string.reason_signed_out))
        assertEquals(ReasonCode.SignedOut, core { account() }.paused)
    }

    @Test
    fun `a damaged store is repaired, told and acknowledged`() {
        setUp()
        network(false)
        sold()
        runBlocking { app.core.close() }
        val folder = app.filesDir.resolve("paylink")
        val files = folder.listFiles().orEmpty().filter { it.name.endsWith(".db") }
        assertEquals(1, files.size, folder.list().orEmpty().joinToString())
        files.single().writeBytes(ByteArray(8192) { 7 })
        folder.listFiles().orEmpty().filter { it.name.endsWith("-wal") || it.name.endsWith("-shm") }.forEach { it.delete() }
        app.core.begin()
        open()
        tap(R.string.links)
        waitFor(words(R.string.recovered_title))
        tap(R.string.seen_it)
        rule.waitUntil(5_000) { !seen(words(R.string.recovered_title)) }
        assertEquals(null, core { recovered() })
    }

    @Test
    fun `cancelling asks once, with the amount in the button`() {
        setUp()
        val sold = sold()
        waitUntil { link(sold.id).status == LinkStatus.Open }
        open()
        tap(R.string.links)
        tap(sold.reference)
        tap(R.string.more)
        tap(R.string.action_cancel)
        waitFor("Avbryt 298,00 kr")
        tap(R.string.cancel_dialog)
        rule.waitForIdle()
        assertEquals(LinkStatus.Open, core { link(sold.id) }.status)
        tap(R.string.more)
        tap(R.string.action_cancel)
        tap("Avbryt 298,00 kr")
        waitUntil { link(sold.id).status == LinkStatus.Cancelled }
        waitFor(words(R.string.status_cancelled))
        assertFalse(seen(words(R.string.action_remind)), "nothing is offered that the core does not allow")
    }

    @Test
    fun `a message that may have been sent has three answers`() {
        setUp()
        Sandbox.tell("configure", """"options":{"listing":"forbidden"}""")
        Sandbox.tell("fault", """"method":"POST"""", """"path":"/v1/sessions"""", """"after":true""", """"status":502""")
        val sold = sold()
        waitUntil { link(sold.id).actions.any { it == com.paylink.core.Action.ResolveUnknown } }
        open()
        tap(R.string.links)
        waitFor(words(R.string.group_needs_you) + " · 1")
        tap(sold.reference)
        waitFor(words(R.string.unknown_money))
        tap(R.string.answer_phone)
        waitFor(words(R.string.answer_sure))
    }

    @Test
    fun `search finds a customer`() {
        setUp()
        sold(honey.copy(name = "Kari Nordmann"))
        sold(honey.copy(name = "Tor Bakkemo", phone = "95000031"))
        open()
        tap(R.string.links)
        waitFor("Kari Nordmann")
        field(R.string.search).performTextReplacement("bakkemo")
        waitFor("Tor Bakkemo")
        rule.waitUntil(5_000) { !seen("Kari Nordmann") }
    }
}
