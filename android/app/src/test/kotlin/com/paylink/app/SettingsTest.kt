package com.paylink.app

import com.paylink.core.ReasonCode
import kotlin.test.assertEquals
import org.junit.Test

class SettingsTest : AppTest() {
    @Test
    fun `signing out is refused while a sale is unsent, and says why`() {
        setUp()
        network(false)
        open()
        waitFor(words(R.string.nothing_yet))
        sold()
        tap(R.string.settings)
        waitFor(counted(R.plurals.cannot_sign_out, 1))
        scrollTo(words(R.string.sign_out))
        tap(R.string.sign_out)
        rule.waitForIdle()
        assertEquals(null, core { account() }.paused)

        network(true)
        waitUntil { links().single().url != null }
        waitFor(words(R.string.sign_out_text))
        tap(R.string.sign_out)
        waitFor(words(R.string.start_title))
        assertEquals(ReasonCode.SignedOut, core { account() }.paused)
    }

    @Test
    fun `after signing out the same account signs in again`() {
        setUp()
        open()
        waitFor(words(R.string.nothing_yet))
        core { signOut() }
        network(false)
        sold()
        network(true)
        tap(R.string.links)
        waitFor(words(R.string.reason_signed_out))
        tap(R.string.sign_in_again)
        waitFor(words(R.string.start_title))
        type(R.string.field_client_id, Sandbox.clientId)
        type(R.string.field_client_secret, Sandbox.clientSecret)
        tap(R.string.start_test)
        waitFor(words(R.string.group_open) + " · 1")
    }
}
