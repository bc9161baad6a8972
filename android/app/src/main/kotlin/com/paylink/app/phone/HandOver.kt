package com.paylink.app.phone

import android.app.PendingIntent
import android.content.ActivityNotFoundException
import android.content.BroadcastReceiver
import android.content.ClipData
import android.content.ClipboardManager
import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.os.Build
import android.os.PersistableBundle
import android.service.chooser.ChooserResult
import androidx.annotation.RequiresApi
import com.paylink.app.App
import com.paylink.core.Delivery
import com.paylink.core.Message
import com.paylink.core.PaylinkException
import com.paylink.core.ShareChannel
import com.paylink.core.ShareOutcome
import kotlinx.coroutines.launch

/** Gives the customer's text to an app of the phone. The text is the core's and goes out unchanged. */
interface HandOver {
    /** What is known at once; null: the phone tells later which app was chosen. */
    fun give(link: String, delivery: Delivery, message: Message): ShareOutcome?

    /** Opens the telephone, without calling. */
    fun dial(number: String)
}

/** By intents: no permission is needed, and the seller sends. */
class Intents(private val context: Context) : HandOver {
    override fun give(link: String, delivery: Delivery, message: Message): ShareOutcome? = when (delivery) {
        Delivery.Sms, Delivery.Phone ->
            start(Intent(Intent.ACTION_SENDTO, Uri.fromParts("smsto", message.recipient.orEmpty(), null)).putExtra("sms_body", message.body))
        Delivery.Mail -> start(Intent(Intent.ACTION_SENDTO, Uri.parse(message.uri ?: "mailto:")))
        Delivery.Share -> share(link, message)
        Delivery.Copy -> copy(message.body)
        Delivery.Qr, is Delivery.Unrecognised -> null
    }

    override fun dial(number: String) {
        start(Intent(Intent.ACTION_DIAL, Uri.fromParts("tel", number, null)))
    }

    /** Nothing comes back from the app: it was handed over, and no more is known. */
    private fun start(intent: Intent): ShareOutcome = try {
        context.startActivity(intent)
        ShareOutcome.HandedOver
    } catch (_: ActivityNotFoundException) {
        ShareOutcome.Failed
    }

    private fun share(link: String, message: Message): ShareOutcome? {
        val send = Intent(Intent.ACTION_SEND).setType("text/plain").putExtra(Intent.EXTRA_TEXT, message.body)
        message.subject?.let { send.putExtra(Intent.EXTRA_SUBJECT, it) }
        // Mutable, because the system writes the chosen app into it; explicit, so that nobody else can.
        val mutable = if (Build.VERSION.SDK_INT >= 31) mutableFlag() else 0
        val back = PendingIntent.getBroadcast(
            context, link.hashCode(), Intent(context, ChosenApp::class.java).putExtra(ChosenApp.LINK, link),
            PendingIntent.FLAG_UPDATE_CURRENT or mutable,
        )
        return if (start(Intent.createChooser(send, null, back.intentSender)) == ShareOutcome.Failed) ShareOutcome.Failed else null
    }

    /** Marked as sensitive: the keyboard shows no preview of a customer's link. */
    private fun copy(text: String): ShareOutcome {
        val clip = ClipData.newPlainText(null, text)
        clip.description.extras = PersistableBundle().apply { putBoolean("android.content.extra.IS_SENSITIVE", true) }
        context.getSystemService(ClipboardManager::class.java).setPrimaryClip(clip)
        return ShareOutcome.HandedOver
    }

    @RequiresApi(31)
    private fun mutableFlag() = PendingIntent.FLAG_MUTABLE
}

/** Hears which app was picked in the share sheet. Broken off, it hears nothing, and the link stays ready. */
class ChosenApp : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent) {
        val link = intent.getStringExtra(LINK) ?: return
        val channel = chosen(intent) ?: return
        val app = context.applicationContext as App
        val pending: PendingResult? = goAsync()
        app.scope.launch {
            try {
                app.core.opened()?.markShared(link, channel, ShareOutcome.HandedOver)
            } catch (_: PaylinkException) {
                // The link is paid or gone meanwhile: nothing to remember.
            } finally {
                pending?.finish()
            }
        }
    }

    /** Null: nothing was chosen. Since API level 35 the sheet can also copy, and says so. */
    private fun chosen(intent: Intent): ShareChannel? {
        @Suppress("DEPRECATION") // the typed one is of API level 33
        val app = intent.getParcelableExtra<ComponentName>(Intent.EXTRA_CHOSEN_COMPONENT)
        return if (app != null) ShareChannel.Share else if (Build.VERSION.SDK_INT >= 35) result(intent) else null
    }

    @RequiresApi(35)
    private fun result(intent: Intent): ShareChannel? =
        when (intent.getParcelableExtra(Intent.EXTRA_CHOOSER_RESULT, ChooserResult::class.java)?.type) {
            ChooserResult.CHOOSER_RESULT_SELECTED_COMPONENT -> ShareChannel.Share
            ChooserResult.CHOOSER_RESULT_COPY -> ShareChannel.Copy
            else -> null
        }

    companion object {
        const val LINK = "link"
    }
}
