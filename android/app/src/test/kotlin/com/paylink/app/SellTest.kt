package com.paylink.app

import androidx.compose.ui.test.assertTextContains
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.performClick
import com.paylink.app.ui.Shown
import com.paylink.core.ItemDraft
import com.paylink.core.Money
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import org.junit.Test

class SellTest : AppTest() {
    private fun sessions() = Regex("\"session\":").findAll(Sandbox.tell("sessions")).count()

    @Test
    fun `what was typed survives a rotation`() {
        typed()
        rotate()
        stillTyped()
    }

    @Test
    fun `what was typed survives the death of the process`() {
        typed()
        killAndReturn()
        stillTyped()
    }

    private fun typed() {
        setUp()
        open()
        amount("100")
        type(R.string.customer_field, "950 00 012")
        tap(R.string.delivery_phone)
    }

    private fun stillTyped() {
        waitFor("Lag lenke 100,00 kr")
        waitFor(words(R.string.send_then_phone))
        field(R.string.customer_field).assertTextContains("950 00 012")
        assertEquals(emptyList(), core { links() }, "nothing was sold")
    }

    @Test
    fun `a sale without coverage is saved, and goes out with the network`() {
        setUp()
        open()
        waitFor(words(R.string.nothing_yet))
        network(false)
        amount("298")
        type(R.string.customer_field, "95000012")
        send()
        waitFor(words(R.string.saved_title))
        waitFor(words(R.string.say_sms))
        assertFalse(seen(words(R.string.qr_scan)), "no link is pretended")
        assertEquals(0, sessions())
        network(true)
        waitFor(words(R.string.sent_by_sms))
        assertEquals(1, sessions())
    }

    @Test
    fun `a saved sale survives a killed process, and is sent once`() {
        setUp()
        open()
        network(false)
        amount("298")
        type(R.string.customer_field, "95000012")
        send()
        waitFor(words(R.string.saved_title))
        killAndReturn()
        waitFor(words(R.string.saved_title))
        network(true)
        waitFor(words(R.string.sent_by_sms))
        assertEquals(1, sessions())
    }

    @Test
    fun `what is wrong stands at its field, and Send names it`() {
        setUp()
        open()
        amount("100")
        assertFalse(seen(words(R.string.problem_required, words(R.string.field_phone))), "not before it was tried")
        send()
        waitFor(words(R.string.problem_required, words(R.string.field_phone)))
        rule.onNodeWithTag("send", useUnmergedTree = false).assertTextContains(counted(R.plurals.first_correct, 1))
        assertEquals(emptyList(), core { links() })
        type(R.string.customer_field, "95000012")
        waitFor("Send 100,00 kr")
        send()
        waitUntil { links().size == 1 }
    }

    @Test
    fun `a landline is told once the field was left, with the QR as a way out`() {
        setUp()
        open()
        amount("100")
        type(R.string.customer_field, "22 34 56 78")
        assertFalse(seen(words(R.string.problem_landline)), "not while it is typed")
        tap(words(R.string.methods_all))
        type(R.string.field_reference, "1042")
        tap(R.string.done)
        waitFor(words(R.string.problem_landline))
        tap(R.string.show_qr)
        waitFor("Vis QR for 100,00 kr")
    }

    @Test
    fun `minus at one takes a line out, and Undo brings it back`() {
        setUp()
        open()
        amount("100")
        tap(R.string.more_of)
        waitFor("Send 200,00 kr")
        tap(R.string.fewer)
        waitFor("Send 100,00 kr")
        tap(R.string.remove)
        waitFor(words(R.string.nothing_yet))
        tap(R.string.undo)
        waitFor("Send 100,00 kr")
    }

    @Test
    fun `a price of nothing is told in its line, and no sum is guessed`() {
        setUp()
        open()
        amount("100")
        tap(words(R.string.amount_default))
        type(R.string.field_unit_price, "0")
        tap(R.string.done)
        waitFor(words(R.string.problem_zero, words(R.string.field_unit_price)))
        waitFor(words(R.string.no_total))
        waitFor(words(R.string.problem_on_line, words(R.string.field_unit_price), 1))
    }

    @Test
    fun `a favourite, a recent customer and Send are three taps`() {
        setUp()
        core { saveItem(ItemDraft(description = "Honning 500 g", unitPrice = "149", vat = "15", favourite = true)) }
        sold(honey.copy(name = "Kari Nordmann"))
        open()
        waitFor("Kari Nordmann")
        var taps = 0
        node("Honning 500 g, " + Shown.of(app).spoken(Money(14900, "NOK")).replace('\u00a0', ' ')).performClick().also { taps++ }
        node("Kari Nordmann").performClick().also { taps++ }
        waitFor(words(R.string.send_to_sms, "Kari Nordmann"))
        send().also { taps++ }
        waitUntil { links().size == 2 }
        assertEquals(3, taps)
        assertEquals("Honning 500 g", core { links() }.first().summary)
        assertEquals("+4795000012", core { links() }.first().customer.phone)
    }

    @Test
    fun `an empty sale takes the last one's lines`() {
        setUp()
        sold()
        open()
        tap(words(R.string.as_last_time, "Honning 500 g"))
        waitFor("298,00 kr")
    }

    @Test
    fun `the choices of a sale are the next one's`() {
        setUp()
        open()
        amount("100")
        tap(words(R.string.methods_all))
        tap(R.string.expiry_day)
        tap(R.string.capture_manual)
        waitFor(words(R.string.capture_manual_note))
        tap(R.string.done)
        tap(R.string.delivery_qr)
        waitFor("Vis QR for 100,00 kr")
        send()
        waitFor(words(R.string.qr_scan))
        val link = core { links() }.single()
        assertEquals("1d manual qr", "${link.expiry.code} ${link.capture.code} ${link.delivery.channel.code}")
        killAndReturn()
        tap(R.string.new_sale)
        waitFor(words(R.string.valid_for, words(R.string.expiry_day)))
        waitFor(words(R.string.capture_manual))
    }
}
