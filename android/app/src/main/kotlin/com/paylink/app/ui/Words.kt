package com.paylink.app.ui

import androidx.annotation.StringRes
import com.paylink.app.R
import com.paylink.core.Action
import com.paylink.core.Capture
import com.paylink.core.Delivered
import com.paylink.core.Delivery
import com.paylink.core.EventKind
import com.paylink.core.Expiry
import com.paylink.core.Language
import com.paylink.core.LinkStatus
import com.paylink.core.PaylinkException
import com.paylink.core.ReasonCode
import com.paylink.core.StorageKind
import com.paylink.core.UnknownAnswer

/*
 * The seller's words for each code of the core. Every `when` names each code, so that a new one does not compile without
 * words; one that only a newer core knows has neutral words.
 */

@StringRes
fun words(status: LinkStatus, delivered: Delivered): Int = when (status) {
    LinkStatus.Queued -> R.string.status_queued
    LinkStatus.Creating -> R.string.status_creating
    LinkStatus.Unknown -> R.string.status_unknown
    LinkStatus.NeedsAttention -> R.string.status_needs_attention
    LinkStatus.Open -> words(delivered)
    LinkStatus.Opened -> R.string.status_opened
    LinkStatus.Authorized -> R.string.status_authorized
    LinkStatus.OnHold -> R.string.status_on_hold
    LinkStatus.PartiallyCaptured -> R.string.status_partially_captured
    LinkStatus.Captured -> R.string.status_captured
    LinkStatus.PartiallyRefunded -> R.string.status_partially_refunded
    LinkStatus.Refunded -> R.string.status_refunded
    LinkStatus.Voided -> R.string.status_voided
    LinkStatus.Declined -> R.string.status_declined
    LinkStatus.Failed -> R.string.status_failed
    LinkStatus.Expired -> R.string.status_expired
    LinkStatus.Cancelled -> R.string.status_cancelled
    LinkStatus.Superseded -> R.string.status_superseded
    is LinkStatus.Unrecognised -> R.string.neutral
}

/** Of a link that is open: whether the customer has it. */
@StringRes
fun words(delivered: Delivered): Int = when (delivered) {
    Delivered.Waiting -> R.string.status_creating
    Delivered.Sent -> R.string.status_sent
    Delivered.ProbablySent -> R.string.status_probably_sent
    Delivered.Ready -> R.string.status_ready
    Delivered.Shared -> R.string.status_shared
    is Delivered.Unrecognised -> R.string.neutral
}

@StringRes
fun words(reason: ReasonCode): Int = when (reason) {
    ReasonCode.NoNetwork -> R.string.reason_no_network
    ReasonCode.WrongClock -> R.string.reason_wrong_clock
    ReasonCode.NoToken -> R.string.reason_no_token
    ReasonCode.Timeout -> R.string.reason_timeout
    ReasonCode.Cut -> R.string.reason_cut
    ReasonCode.ServerError -> R.string.reason_server_error
    ReasonCode.NotJson -> R.string.reason_not_json
    ReasonCode.TooLarge -> R.string.reason_too_large
    ReasonCode.NoId -> R.string.reason_no_id
    ReasonCode.Busy -> R.string.reason_busy
    ReasonCode.Rejected -> R.string.reason_rejected
    ReasonCode.Duplicate -> R.string.reason_duplicate
    ReasonCode.WrongCredentials -> R.string.reason_wrong_credentials
    ReasonCode.SignedOut -> R.string.reason_signed_out
    ReasonCode.SecureStoreLocked -> R.string.reason_secure_store_locked
    ReasonCode.RightMissing -> R.string.reason_right_missing
    ReasonCode.MayHaveBeenSent -> R.string.reason_may_have_been_sent
    ReasonCode.ForeignSession -> R.string.reason_foreign_session
    ReasonCode.TooOld -> R.string.reason_too_old
    ReasonCode.NotAllowed -> R.string.reason_not_allowed
    ReasonCode.Recovered -> R.string.reason_recovered
    is ReasonCode.Unrecognised -> R.string.neutral
}

@StringRes
fun words(kind: EventKind): Int = when (kind) {
    EventKind.Saved -> R.string.event_saved
    EventKind.Sending -> R.string.event_sending
    EventKind.LinkCreated -> R.string.event_link_created
    EventKind.LinkAdopted -> R.string.event_link_adopted
    EventKind.SmsSent -> R.string.event_sms_sent
    EventKind.PushSent -> R.string.event_push_sent
    EventKind.NotDelivered -> R.string.event_not_delivered
    EventKind.SendFailed -> R.string.event_send_failed
    EventKind.SendUnclear -> R.string.event_send_unclear
    EventKind.Held -> R.string.event_held
    EventKind.Rejected -> R.string.event_rejected
    EventKind.ResentBySeller -> R.string.event_resent_by_seller
    EventKind.Shared -> R.string.event_shared
    EventKind.Reminded -> R.string.event_reminded
    EventKind.RequestedAgain -> R.string.event_requested_again
    EventKind.Opened -> R.string.event_opened
    EventKind.PaymentStarted -> R.string.event_payment_started
    EventKind.PaymentFailed -> R.string.event_payment_failed
    EventKind.Authorized -> R.string.event_authorized
    EventKind.OnHold -> R.string.event_on_hold
    EventKind.Captured -> R.string.event_captured
    EventKind.PartiallyCaptured -> R.string.event_partially_captured
    EventKind.Refunded -> R.string.event_refunded
    EventKind.PartiallyRefunded -> R.string.event_partially_refunded
    EventKind.Voided -> R.string.event_voided
    EventKind.Declined -> R.string.event_declined
    EventKind.Failed -> R.string.event_failed
    EventKind.Expired -> R.string.event_expired
    EventKind.CancelRequested -> R.string.event_cancel_requested
    EventKind.Cancelled -> R.string.event_cancelled
    EventKind.PaidAfterEnd -> R.string.event_paid_after_end
    EventKind.StrayCancelled -> R.string.event_stray_cancelled
    EventKind.Discarded -> R.string.event_discarded
    EventKind.Superseded -> R.string.event_superseded
    EventKind.ForeignSession -> R.string.event_foreign_session
    is EventKind.Unrecognised -> R.string.neutral
}

@StringRes
fun words(action: Action): Int = when (action) {
    Action.Cancel -> R.string.action_cancel
    Action.Retry -> R.string.action_retry
    Action.Discard -> R.string.action_discard
    Action.ResolveUnknown -> R.string.action_resolve
    Action.Share -> R.string.action_share
    Action.ShowQr -> R.string.action_show_qr
    Action.Remind -> R.string.action_remind
    Action.RequestAgain -> R.string.action_request_again
    Action.Replace -> R.string.action_replace
    is Action.Unrecognised -> R.string.neutral
}

@StringRes
fun words(delivery: Delivery): Int = when (delivery) {
    Delivery.Sms -> R.string.delivery_sms
    Delivery.Phone -> R.string.delivery_phone
    Delivery.Mail -> R.string.delivery_mail
    Delivery.Share -> R.string.delivery_share
    Delivery.Copy -> R.string.delivery_copy
    Delivery.Qr -> R.string.delivery_qr
    is Delivery.Unrecognised -> R.string.neutral
}

@StringRes
fun words(expiry: Expiry): Int = when (expiry) {
    Expiry.Day -> R.string.expiry_day
    Expiry.Week -> R.string.expiry_week
    Expiry.Month -> R.string.expiry_month
    is Expiry.Unrecognised -> R.string.neutral
}

@StringRes
fun words(capture: Capture): Int = when (capture) {
    Capture.Auto -> R.string.capture_auto
    Capture.Manual -> R.string.capture_manual
    is Capture.Unrecognised -> R.string.neutral
}

@StringRes
fun words(language: Language): Int = when (language) {
    Language.Nb -> R.string.language_nb
    Language.Nn -> R.string.language_nn
    Language.En -> R.string.language_en
    Language.Sv -> R.string.language_sv
    Language.Da -> R.string.language_da
    is Language.Unrecognised -> R.string.neutral
}

/** Of an answer to a message that may have been sent: what it is, and what it means. */
fun words(answer: UnknownAnswer): Pair<Int, Int> = when (answer) {
    UnknownAnswer.Wait -> R.string.answer_wait to R.string.answer_wait_text
    UnknownAnswer.SendFromPhone -> R.string.answer_phone to R.string.answer_phone_text
    UnknownAnswer.SendAgain -> R.string.answer_again to R.string.answer_again_text
    is UnknownAnswer.Unrecognised -> R.string.neutral to R.string.neutral
}

@StringRes
fun words(kind: StorageKind): Int = when (kind) {
    StorageKind.Full -> R.string.error_storage_full
    StorageKind.ReadOnly -> R.string.error_storage_read_only
    StorageKind.Corrupt -> R.string.error_storage_corrupt
    StorageKind.NewerVersion -> R.string.error_storage_newer
    StorageKind.Io -> R.string.error_storage_io
    is StorageKind.Unrecognised -> R.string.neutral
}

/** What a seller is told of an error; of those with a count or a reason that says more, see [said]. */
@StringRes
fun words(error: PaylinkException): Int = when (error) {
    is PaylinkException.Refused -> R.string.error_refused
    is PaylinkException.NotFound -> R.string.error_not_found
    is PaylinkException.NotAllowed -> R.string.error_not_allowed
    is PaylinkException.Unsent -> R.string.error_not_allowed
    is PaylinkException.StillNeeded -> R.string.error_still_needed
    is PaylinkException.SignInNeeded -> words(error.reason)
    is PaylinkException.InUse -> R.string.error_in_use
    is PaylinkException.Suspended, is PaylinkException.Closed -> R.string.error_suspended
    is PaylinkException.Config -> R.string.error_config
    is PaylinkException.Storage -> words(error.kind)
    is PaylinkException.Network -> words(error.reason)
    is PaylinkException.Internal -> R.string.error_internal
    is PaylinkException.Unrecognised -> R.string.neutral
}
