package com.paylink.app

import android.content.ClipData
import android.content.ClipboardManager
import android.content.Intent
import android.net.Uri
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlinx.coroutines.runBlocking
import org.junit.Test

/** The first start by what the office makes: with the terminal, as an office does. */
class SetupTest : AppTest() {
    private fun office(command: String, vararg flags: String): String {
        val words = listOf(
            System.getProperty("paylink.program"), "--json", command, "--account", Sandbox.account, "--url", Sandbox.origin,
            "--seller", "Skogens Honning AS", "--return-url", "https://example.com/thanks", "--prefix", "HON", *flags,
        )
        val process = ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD)
            .apply { environment() += mapOf("PAYLINK_CLIENT_ID" to Sandbox.clientId, "PAYLINK_CLIENT_SECRET" to Sandbox.clientSecret) }
            .start()
        return process.inputStream.bufferedReader().readText().also { check(process.waitFor() == 0) { it } }
    }

    private fun of(said: String, name: String) = checkNotNull(Regex("\"$name\":\"([^\"]*)\"").find(said)) { said }.groupValues[1]

    private fun tapped(link: String) = Intent(Intent.ACTION_VIEW, Uri.parse(link))

    @Test
    fun `an invitation is tapped, opened by its code, agreed to and sells`() {
        val invitation = office("invite", "--expires", "1d")
        open(tapped(of(invitation, "link")))
        waitFor(words(R.string.start_code))
        waitFor(Sandbox.account)
        assertFalse(seen("Skogens Honning AS"), "it is closed")

        type(R.string.start_code, "0000-0000-0000")
        tap(R.string.start_open)
        waitFor(words(R.string.problem_wrong_code))
        type(R.string.start_code, of(invitation, "code").lowercase())
        tap(R.string.start_open)
        waitFor("Skogens Honning AS")
        waitFor("example.com")
        tap(R.string.start_test)
        waitFor(words(R.string.nothing_yet))
        waitFor(words(R.string.valid_for, words(R.string.expiry_day)))

        amount("298")
        tap(R.string.delivery_qr)
        send()
        waitFor(words(R.string.qr_scan))
        val link = core { links() }.single()
        assertEquals("HON", link.reference.substringBefore('-'))
        Sandbox.tell("pay", """"reference":"${link.reference}"""")
        waitFor(words(R.string.status_captured))
    }

    @Test
    fun `a set-up link is pasted, and the credentials are typed`() {
        val link = of(office("setup-link"), "link")
        open()
        waitFor(words(R.string.start_link))
        app.getSystemService(ClipboardManager::class.java).setPrimaryClip(ClipData.newPlainText(null, "  $link\n"))
        tap(R.string.start_paste)
        waitFor(words(R.string.start_agree))
        waitFor("Skogens Honning AS")
        type(R.string.field_client_id, Sandbox.clientId)
        type(R.string.field_client_secret, Sandbox.clientSecret)
        tap(R.string.start_test)
        waitFor(words(R.string.nothing_yet))
        assertEquals("Skogens Honning AS", runBlocking { app.core.account() }?.sellerName)
    }

    @Test
    fun `a link that is none, or shows the secret, is told and sets nothing up`() {
        open()
        type(R.string.start_link, "https://example.com/page")
        waitFor(words(R.string.problem_not_a_setup))
        type(R.string.start_link, of(office("setup-link"), "link") + "&client_secret=hemmelig")
        waitFor(words(R.string.problem_secret_in_clear))
        assertEquals(null, runBlocking { app.core.account() })
    }

    @Test
    fun `a link for the account that is there shows what it changes`() {
        setUp()
        open(tapped(of(office("setup-link", "--vat", "15"), "link")))
        waitFor(words(R.string.start_agree))
        waitFor(words(R.string.field_vat))
        type(R.string.field_client_id, Sandbox.clientId)
        type(R.string.field_client_secret, Sandbox.clientSecret)
        tap(R.string.start_test)
        waitFor(words(R.string.nothing_yet))
        assertEquals("15", runBlocking { app.core.account() }?.vat)
    }
}
