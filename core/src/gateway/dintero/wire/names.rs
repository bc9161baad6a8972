//! The provider's words for what happens, and ours (facts 3, 4 and 5). A word that we do not know is kept as it is.

use crate::link::{PublishStatus, SessionEventName, TransactionEventKind, TransactionStatus};

pub(super) fn session_event(word: String) -> SessionEventName {
    match word.as_str() {
        "VISITED" => SessionEventName::Visited,
        "DECLINED" => SessionEventName::Declined,
        "FAILED" => SessionEventName::Failed,
        "CANCELLED" => SessionEventName::Cancelled,
        "PAY_FAILED" => SessionEventName::PayFailed,
        "PUSH_NOTIFICATION_SENT" => SessionEventName::PushSent,
        "PAY_LOCK_START" => SessionEventName::PayLockStart,
        _ => SessionEventName::Other(word),
    }
}

pub(super) fn transaction_status(word: Option<String>) -> TransactionStatus {
    let Some(word) = word else { return TransactionStatus::Unknown };
    match word.as_str() {
        "INITIATED" => TransactionStatus::Initiated,
        "AUTHORIZED" => TransactionStatus::Authorized,
        "AUTHORIZATION_VOIDED" => TransactionStatus::AuthorizationVoided,
        "CAPTURED" => TransactionStatus::Captured,
        "PARTIALLY_CAPTURED" => TransactionStatus::PartiallyCaptured,
        "PARTIALLY_CAPTURED_REFUNDED" => TransactionStatus::PartiallyCapturedRefunded,
        "REFUNDED" => TransactionStatus::Refunded,
        "PARTIALLY_REFUNDED" => TransactionStatus::PartiallyRefunded,
        "DECLINED" => TransactionStatus::Declined,
        "FAILED" => TransactionStatus::Failed,
        "UNKNOWN" => TransactionStatus::Unknown,
        "ON_HOLD" => TransactionStatus::OnHold,
        _ => TransactionStatus::Other(word),
    }
}

/// `after` is the transaction's status after the event: an authorisation can end on hold.
pub(super) fn transaction_event(word: String, after: Option<&str>) -> TransactionEventKind {
    match (word.as_str(), after) {
        ("AUTHORIZE", Some("ON_HOLD")) => TransactionEventKind::OnHold,
        ("AUTHORIZE", _) => TransactionEventKind::Authorize,
        ("CAPTURE", _) => TransactionEventKind::Capture,
        ("REFUND", _) => TransactionEventKind::Refund,
        ("VOID", _) => TransactionEventKind::Void,
        _ => TransactionEventKind::Other(word),
    }
}

pub(super) fn publish_status(word: String) -> PublishStatus {
    match word.as_str() {
        "sent" => PublishStatus::Sent,
        "skipped" => PublishStatus::Skipped,
        "failed" => PublishStatus::Failed,
        _ => PublishStatus::Other(word),
    }
}

/// The channel of a message that is no SMS (facts 4).
pub(super) const PUSH: &str = "push";
