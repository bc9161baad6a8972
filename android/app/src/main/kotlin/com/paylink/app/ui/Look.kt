package com.paylink.app.ui

import androidx.annotation.DrawableRes
import androidx.compose.runtime.Composable
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.ui.res.stringResource
import com.paylink.app.R
import com.paylink.core.Delivered
import com.paylink.core.Delivery
import com.paylink.core.EventKind
import com.paylink.core.LinkStatus
import com.paylink.core.PaymentLink

/** The colour of a state. Never alone: an icon and a word stand with it. */
enum class Role { Waiting, Danger, Sent, PaidRing, Paid, Over }

/** How a state looks. */
data class Look(@DrawableRes val icon: Int, val role: Role)

fun look(status: LinkStatus, delivered: Delivered): Look = when (status) {
    LinkStatus.Queued, LinkStatus.Creating -> Look(R.drawable.ic_schedule, Role.Waiting)
    LinkStatus.Unknown -> Look(R.drawable.ic_help_fill, Role.Danger)
    LinkStatus.NeedsAttention -> Look(R.drawable.ic_error_fill, Role.Danger)
    LinkStatus.OnHold -> Look(R.drawable.ic_hourglass_top, Role.Sent)
    LinkStatus.Open -> look(delivered)
    LinkStatus.Opened -> Look(R.drawable.ic_visibility_fill, Role.Sent)
    LinkStatus.Authorized -> Look(R.drawable.ic_lock_fill, Role.PaidRing)
    LinkStatus.PartiallyCaptured -> Look(R.drawable.ic_contrast, Role.PaidRing)
    LinkStatus.Captured -> Look(R.drawable.ic_check, Role.Paid)
    LinkStatus.PartiallyRefunded, LinkStatus.Refunded -> Look(R.drawable.ic_undo, Role.Over)
    LinkStatus.Declined, LinkStatus.Failed -> Look(R.drawable.ic_close, Role.Danger)
    LinkStatus.Voided, LinkStatus.Expired, LinkStatus.Cancelled, LinkStatus.Superseded -> Look(R.drawable.ic_remove, Role.Over)
    is LinkStatus.Unrecognised -> Look(R.drawable.ic_help, Role.Over)
}

private fun look(delivered: Delivered): Look = when (delivered) {
    Delivered.Waiting -> Look(R.drawable.ic_schedule, Role.Waiting)
    Delivered.Ready -> Look(R.drawable.ic_mobile_chat_fill, Role.Waiting)
    Delivered.ProbablySent -> Look(R.drawable.ic_help, Role.Waiting)
    Delivered.Sent, Delivered.Shared -> Look(R.drawable.ic_send_fill, Role.Sent)
    is Delivered.Unrecognised -> Look(R.drawable.ic_help, Role.Over)
}

val PaymentLink.look: Look get() = look(status, delivery.state)

/** The time that belongs to the state: when it was paid, opened, sent or saved. */
val PaymentLink.stateAt: Long
    get() = when (status) {
        LinkStatus.Queued, LinkStatus.Creating, LinkStatus.Unknown, LinkStatus.NeedsAttention -> createdAt
        LinkStatus.Opened -> openedAt
        LinkStatus.Authorized, LinkStatus.OnHold, LinkStatus.PartiallyCaptured, LinkStatus.Captured,
        LinkStatus.PartiallyRefunded, LinkStatus.Refunded, LinkStatus.Voided,
        -> paidAt
        LinkStatus.Expired -> expiresAt
        LinkStatus.Open, LinkStatus.Declined, LinkStatus.Failed, LinkStatus.Cancelled, LinkStatus.Superseded,
        is LinkStatus.Unrecognised,
        -> sentAt
    } ?: sentAt ?: createdAt

/** `Paid 14:05`. */
val PaymentLink.state: String
    @Composable @ReadOnlyComposable
    get() = stringResource(words(status, delivery.state)) + " " + shown.moment(stateAt, System.currentTimeMillis())

/** Whom or what a link is known by: the name, else number or mail, else the first line. */
fun PaymentLink.who(shown: Shown): String = customer.name ?: customer.phone?.let(shown::number) ?: customer.email ?: summary

val Role.tone: Tone
    @Composable @ReadOnlyComposable
    get() = when (this) {
        Role.Waiting -> tones.waiting
        Role.Danger -> tones.danger
        Role.Sent -> tones.sent
        Role.PaidRing, Role.Paid -> tones.paid
        Role.Over -> tones.over
    }

@DrawableRes
fun icon(delivery: Delivery, chosen: Boolean = false): Int = when (delivery) {
    Delivery.Sms -> if (chosen) R.drawable.ic_sms_fill else R.drawable.ic_sms
    Delivery.Phone -> if (chosen) R.drawable.ic_mobile_chat_fill else R.drawable.ic_mobile_chat
    Delivery.Mail -> if (chosen) R.drawable.ic_mail_fill else R.drawable.ic_mail
    Delivery.Share -> if (chosen) R.drawable.ic_share_fill else R.drawable.ic_share
    Delivery.Copy -> if (chosen) R.drawable.ic_content_copy_fill else R.drawable.ic_content_copy
    Delivery.Qr -> R.drawable.ic_qr_code_2
    is Delivery.Unrecognised -> R.drawable.ic_link
}

@DrawableRes
fun icon(kind: EventKind): Int = when (kind) {
    EventKind.Saved -> R.drawable.ic_save_fill
    EventKind.Sending, EventKind.SmsSent, EventKind.PushSent, EventKind.ResentBySeller, EventKind.Reminded, EventKind.RequestedAgain -> R.drawable.ic_send_fill
    EventKind.LinkCreated, EventKind.LinkAdopted -> R.drawable.ic_link
    EventKind.NotDelivered, EventKind.Shared -> R.drawable.ic_share
    EventKind.SendFailed, EventKind.OnHold -> R.drawable.ic_schedule
    EventKind.SendUnclear -> R.drawable.ic_help
    EventKind.Held, EventKind.Rejected, EventKind.ForeignSession -> R.drawable.ic_error_fill
    EventKind.Opened -> R.drawable.ic_visibility_fill
    EventKind.PaymentStarted -> R.drawable.ic_payments
    EventKind.PaymentFailed, EventKind.Declined, EventKind.Failed -> R.drawable.ic_close
    EventKind.Authorized -> R.drawable.ic_lock_fill
    EventKind.Captured, EventKind.PaidAfterEnd -> R.drawable.ic_check
    EventKind.PartiallyCaptured -> R.drawable.ic_contrast
    EventKind.Refunded, EventKind.PartiallyRefunded -> R.drawable.ic_undo
    EventKind.Voided, EventKind.Expired, EventKind.CancelRequested, EventKind.Cancelled, EventKind.StrayCancelled,
    EventKind.Discarded, EventKind.Superseded,
    -> R.drawable.ic_remove
    is EventKind.Unrecognised -> R.drawable.ic_help
}
