package com.paylink.app

import com.paylink.core.PaylinkException
import kotlin.test.assertEquals
import kotlin.test.assertIs
import com.paylink.app.core.CoreState
import org.junit.Test

class StartTest : AppTest() {
    private fun begin(account: String = Sandbox.account, secret: String = Sandbox.clientSecret, page: String = "https://example.com/thanks") {
        open()
        waitFor(words(R.string.start_title))
        type(R.string.field_account, account)
        type(R.string.field_client_id, Sandbox.clientId)
        type(R.string.field_client_secret, secret)
        tap(R.string.start_next)
        type(R.string.field_seller_name, "Skogens Honning AS")
        type(R.string.field_return_url, page)
        tap(R.string.start_test)
    }

    @Test
    fun `a wrong secret is told at the secret, and can be mended`() {
        begin(secret = "wrong")
        waitFor(words(R.string.reason_wrong_credentials))
        waitFor(words(R.string.field_client_secret))
        assertEquals(CoreState.NoAccount, app.core.state.value)
        type(R.string.field_client_secret, Sandbox.clientSecret)
        tap(R.string.start_next)
        tap(R.string.start_test)
        waitFor(words(R.string.nothing_yet))
    }

    @Test
    fun `a wrong account is told at the account`() {
        begin(account = "T1")
        waitFor(words(R.string.config_wrong))
        waitFor(words(R.string.field_account))
    }

    @Test
    fun `a wrong page is told at the page`() {
        begin(page = "example.com")
        waitFor(words(R.string.config_wrong))
        waitFor(words(R.string.field_return_url))
    }

    @Test
    fun `the practice account sells without signing in, and is left again`() {
        open()
        tap(R.string.start_practice)
        waitFor(words(R.string.practice))
        amount("298")
        tap(R.string.delivery_qr)
        send()
        waitFor(words(R.string.qr_scan))
        tap(R.string.new_sale)
        tap(R.string.settings)
        tap(R.string.practice_leave)
        waitFor(words(R.string.start_title))
        setUp()
        waitFor(words(R.string.nothing_yet))
        tap(R.string.links)
        waitFor(words(R.string.no_links))
    }

    @Test
    fun `what was typed survives the death of the process, but for the secret`() {
        open()
        waitFor(words(R.string.start_title))
        type(R.string.field_account, Sandbox.account)
        type(R.string.field_client_secret, "a secret")
        killAndReturn()
        waitFor(Sandbox.account)
        assertEquals(false, seen("a secret"))
    }

    @Test
    fun `a folder that somebody else holds is told, and tried again`() {
        setUp()
        val config = kotlinx.coroutines.runBlocking { app.core.account() }!!.config(app.filesDir.resolve("paylink").path, Sandbox.origin, offline = true)
        kotlinx.coroutines.runBlocking { app.core.close() }
        val other = kotlinx.coroutines.runBlocking { com.paylink.Paylink.open(config, com.paylink.MemorySecureStore()) }
        app.core.begin()
        open()
        waitFor(words(R.string.error_in_use))
        assertIs<PaylinkException.InUse>(assertIs<CoreState.Failed>(app.core.state.value).error)
        other.close()
        tap(R.string.try_again)
        waitFor(words(R.string.nothing_yet))
    }
}
