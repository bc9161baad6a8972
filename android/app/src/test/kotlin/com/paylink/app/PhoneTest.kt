package com.paylink.app

import android.Manifest
import android.content.ClipboardManager
import android.content.ComponentName
import android.content.Intent
import android.net.Uri
import com.paylink.app.phone.ChosenApp
import com.paylink.core.Channel
import com.paylink.core.Delivered
import com.paylink.core.ShareChannel
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertTrue
import org.junit.Test
import org.robolectric.Shadows.shadowOf

/** Each ability of the phone, by what the phone is asked for. */
class PhoneTest : AppTest() {
    private fun sell(way: Int) {
        setUp()
        open()
        amount("298")
        type(R.string.customer_field, if (way == R.string.delivery_mail) "kari@example.com" else "95000012")
        tap(way)
        send()
        waitUntil { links().singleOrNull()?.url != null }
    }

    /** The next intent of this kind that the phone was asked for. */
    private fun asked(action: String): Intent {
        var found: Intent? = null
        val others = mutableListOf<Intent>()
        try {
            rule.waitUntil(20_000) {
                rule.waitForIdle()
                generateSequence { shadowOf(app).nextStartedActivity }.forEach { if (it.action == action) found = it else others += it }
                found != null
            }
        } catch (late: Throwable) {
            throw AssertionError("asked for $others only; ${core { links() }.map { it.delivery }}", late)
        }
        return found!!
    }

    private val link get() = core { links() }.single()

    @Test
    fun `Messages opens with the number and the core's own text`() {
        sell(R.string.delivery_phone)
        val sms = asked(Intent.ACTION_SENDTO)
        assertEquals(Uri.parse("smsto:%2B4795000012"), sms.data)
        assertEquals(core { message(link.id, Channel.Sms) }.body, sms.getStringExtra("sms_body"))
        waitFor(words(R.string.status_shared))
        assertEquals(ShareChannel.Sms, link.delivery.sharedBy?.channel)
    }

    @Test
    fun `Messages opens once by itself, and not again after a rotation`() {
        sell(R.string.delivery_phone)
        asked(Intent.ACTION_SENDTO)
        waitFor(words(R.string.status_shared))
        rotate()
        waitFor(words(R.string.status_shared))
        assertEquals(null, shadowOf(app).nextStartedActivity)
    }

    @Test
    fun `the mail opens as the core addresses it`() {
        sell(R.string.delivery_mail)
        assertEquals(core { message(link.id, Channel.Mail) }.uri, asked(Intent.ACTION_SENDTO).dataString)
        waitUntil { link.delivery.state == Delivered.Shared }
    }

    @Test
    fun `the share sheet counts only once an app was chosen`() {
        sell(R.string.delivery_share)
        val chooser = asked(Intent.ACTION_CHOOSER)
        @Suppress("DEPRECATION")
        val send = assertNotNull(chooser.getParcelableExtra<Intent>(Intent.EXTRA_INTENT))
        assertEquals(core { message(link.id, Channel.Share) }.body, send.getStringExtra(Intent.EXTRA_TEXT))
        assertTrue(chooser.hasExtra(Intent.EXTRA_CHOSEN_COMPONENT_INTENT_SENDER) || chooser.hasExtra(Intent.EXTRA_CHOOSER_RESULT_INTENT_SENDER))
        assertEquals(Delivered.Ready, link.delivery.state)

        app.sendBroadcast(Intent(app, ChosenApp::class.java).putExtra(ChosenApp.LINK, link.id))
        rule.waitForIdle()
        assertEquals(Delivered.Ready, link.delivery.state, "broken off is not shared")
        val chosen = ComponentName("org.example.chat", "org.example.chat.Share")
        app.sendBroadcast(Intent(app, ChosenApp::class.java).putExtra(ChosenApp.LINK, link.id).putExtra(Intent.EXTRA_CHOSEN_COMPONENT, chosen))
        waitUntil { link.delivery.state == Delivered.Shared }
        assertEquals(ShareChannel.Share, link.delivery.sharedBy?.channel)
    }

    @Test
    fun `a copied text is marked as sensitive`() {
        sell(R.string.delivery_copy)
        waitFor(words(R.string.copied))
        val clip = assertNotNull(app.getSystemService(ClipboardManager::class.java).primaryClip)
        assertEquals(core { message(link.id, Channel.Share) }.body, clip.getItemAt(0).text)
        assertTrue(clip.description.extras.getBoolean("android.content.extra.IS_SENSITIVE"))
    }

    @Test
    fun `a phone without an SMS app says so, and the link stays ready`() {
        shadowOf(app).checkActivities(true)
        sell(R.string.delivery_phone)
        waitFor(words(R.string.no_app_sms))
        assertEquals(Delivered.Ready, link.delivery.state)
    }

    @Test
    fun `a code that was shown large counts as shared`() {
        sell(R.string.delivery_qr)
        tap(words(R.string.qr_scan))
        waitFor(words(R.string.qr_point))
        assertEquals(1f, window.get().window.attributes.screenBrightness, "as bright as it can be")
        waitUntil { link.delivery.sharedBy?.channel == ShareChannel.Qr }
        tap(R.string.close)
        rule.waitUntil(5_000) { window.get().window.attributes.screenBrightness < 0 }
    }

    @Test
    fun `the customer is called by the telephone, which only dials`() {
        sell(R.string.delivery_qr)
        tap(R.string.new_sale)
        tap(R.string.links)
        tap(link.reference)
        tap(R.string.call)
        assertEquals(Uri.parse("tel:%2B4795000012"), asked(Intent.ACTION_DIAL).data)
    }

    @Test
    fun `the first Send asks whether to notify, and waits for no answer`() {
        setUp()
        shadowOf(app).denyPermissions(Manifest.permission.POST_NOTIFICATIONS)
        open()
        amount("298")
        tap(R.string.delivery_qr)
        assertEquals(null, shadowOf(app).nextStartedActivity)
        send()
        assertEquals("android.content.pm.action.REQUEST_PERMISSIONS", assertNotNull(shadowOf(app).nextStartedActivity).action)
        waitUntil { links().size == 1 }
    }

    @Test
    fun `the app asks for no permission to send or to read contacts`() {
        val wanted = app.packageManager.getPackageInfo(app.packageName, android.content.pm.PackageManager.GET_PERMISSIONS).requestedPermissions.orEmpty()
        listOf("SEND_SMS", "READ_SMS", "READ_CONTACTS", "CALL_PHONE", "CAMERA").forEach { assertFalse("android.permission.$it" in wanted, it) }
    }
}
