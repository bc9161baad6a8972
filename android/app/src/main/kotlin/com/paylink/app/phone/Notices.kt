package com.paylink.app.phone

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import androidx.annotation.StringRes
import com.paylink.Paylink
import com.paylink.app.MainActivity
import com.paylink.app.R
import com.paylink.app.core.CoreHolder
import com.paylink.app.ui.Shown
import com.paylink.app.ui.who
import com.paylink.core.EventKind
import com.paylink.core.PaymentLink
import com.paylink.core.TimelineEvent
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** What a seller hears of a link while not looking. */
enum class News(val channel: String, @StringRes val channelName: Int, @StringRes val words: Int, val importance: Int) {
    Paid("paid", R.string.channel_paid, R.string.notice_paid, NotificationManager.IMPORTANCE_HIGH),
    NeedsYou("needs_you", R.string.channel_needs_you, R.string.notice_needs_you, NotificationManager.IMPORTANCE_HIGH),
    Ready("ready", R.string.channel_ready, R.string.notice_ready, NotificationManager.IMPORTANCE_DEFAULT),
    ;

    companion object {
        /** Null: no news for a seller who is not looking. */
        fun of(kind: EventKind): News? = when (kind) {
            EventKind.Captured, EventKind.Authorized, EventKind.PaidAfterEnd -> Paid
            EventKind.Held, EventKind.Rejected, EventKind.ForeignSession -> NeedsYou
            EventKind.NotDelivered -> Ready
            EventKind.Saved, EventKind.Sending, EventKind.LinkCreated, EventKind.LinkAdopted, EventKind.SmsSent, EventKind.PushSent,
            EventKind.SendFailed, EventKind.SendUnclear, EventKind.ResentBySeller, EventKind.Shared, EventKind.Reminded, EventKind.RequestedAgain, EventKind.Opened,
            EventKind.PaymentStarted, EventKind.PaymentFailed, EventKind.OnHold, EventKind.PartiallyCaptured, EventKind.Refunded,
            EventKind.PartiallyRefunded, EventKind.Voided, EventKind.Declined, EventKind.Failed, EventKind.Expired,
            EventKind.CancelRequested, EventKind.Cancelled, EventKind.StrayCancelled, EventKind.Discarded, EventKind.Superseded,
            is EventKind.Unrecognised,
            -> null
        }
    }
}

/**
 * Notifications from the core's events, one for each link under an id of its own. An event is acknowledged only when the
 * system has taken what it says: a process that is killed in between repeats it in the same place, and loses nothing.
 */
class Notices(private val context: Context, private val core: CoreHolder) {
    private val manager = context.getSystemService(NotificationManager::class.java)
    private val one = Mutex()

    /** Posts what is new. */
    suspend fun post() = one.withLock {
        val paylink = core.opened() ?: return@withLock
        do {
            val events = paylink.eventsSince()
            events.mapNotNull { event -> News.of(event.kind)?.let { event to it } }
                .groupBy { (event, _) -> event.link }
                .forEach { (_, news) -> say(paylink, news.last()) }
            events.lastOrNull()?.let { paylink.acknowledge(it.cursor) }
        } while (events.isNotEmpty())
    }

    private suspend fun say(paylink: Paylink, last: Pair<TimelineEvent, News>) {
        val (event, news) = last
        val link = paylink.link(event.link)
        manager.createNotificationChannel(NotificationChannel(news.channel, context.getString(news.channelName), news.importance))
        manager.notify(link.id, ID, notification(link, news, event.at))
    }

    private fun notification(link: PaymentLink, news: News, at: Long): Notification {
        val open = Intent(context, MainActivity::class.java)
            .setAction(Intent.ACTION_VIEW)
            .putExtra(MainActivity.LINK, link.id)
            .addFlags(Intent.FLAG_ACTIVITY_SINGLE_TOP)
        val tap = PendingIntent.getActivity(context, link.id.hashCode(), open, PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT)
        return Notification.Builder(context, news.channel)
            .setSmallIcon(R.drawable.ic_sell_fill)
            .setColor(context.getColor(R.color.mark))
            .setContentTitle(context.getString(news.words, Shown.of(context).money(link.amount)))
            .setContentText(link.who(Shown.of(context)))
            .setWhen(at)
            .setShowWhen(true)
            .setGroup("links")
            .setAutoCancel(true)
            .setOnlyAlertOnce(true)
            .setVisibility(Notification.VISIBILITY_PRIVATE)
            .setContentIntent(tap)
            .build()
    }

    private companion object {
        /** One number for all: a link's own id is the tag. */
        const val ID = 1
    }
}
