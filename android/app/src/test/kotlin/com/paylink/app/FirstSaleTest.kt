package com.paylink.app

import kotlin.test.assertEquals
import org.junit.Test
import org.robolectric.annotation.Config

/** The whole way, on the newest Android. */
class FirstSaleTest : WholeWay() {
    @Test
    fun `from the first start by hand to paid`() = wholeWay()
}

/** And on the oldest, in a JVM of its own: the library knows one set of its callbacks, and each Android loads them anew. */
@Config(sdk = [26])
class OldestSystem : WholeWay() {
    @Test
    fun `from the first start by hand to paid, on API level 26`() = wholeWay()
}

abstract class WholeWay : AppTest() {
    protected fun wholeWay() {
        open()
        waitFor(words(R.string.start_title))
        type(R.string.field_account, Sandbox.account.lowercase())
        type(R.string.field_client_id, Sandbox.clientId)
        type(R.string.field_client_secret, Sandbox.clientSecret)
        tap(R.string.start_next)
        type(R.string.field_seller_name, "Skogens Honning AS")
        type(R.string.field_reference_prefix, "HON")
        type(R.string.field_return_url, "https://example.com/thanks")
        tap(R.string.start_test)

        waitFor(words(R.string.nothing_yet))
        amount("149,5")
        waitFor(words(R.string.send_amount, kroner(14950)))
        type(R.string.customer_field, "950 00 012")
        send()
        waitFor(words(R.string.sent_by_sms))
        waitFor(words(R.string.qr_scan))

        val link = core { links() }.single()
        assertEquals(14950, link.amount.minor)
        Sandbox.tell("pay", """"reference":"${link.reference}"""")
        waitFor(words(R.string.status_captured))

        tap(R.string.new_sale)
        waitFor(words(R.string.nothing_yet))
        tap(R.string.links)
        waitFor(words(R.string.group_paid) + " · 1")
        tap(R.string.day)
        waitFor(counted(R.plurals.payments, 1))
        waitFor(kroner(14950))
    }
}
