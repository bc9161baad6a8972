//! The timeline of a link. What the provider says is turned into events with a key each; a key is stored once per
//! order, so reading the same facts twice adds nothing, and no step is lost when several happen between two reads.

use super::facts::{SessionEventName, SessionFacts, TransactionEventKind, TransactionFacts, TransactionStatus};
use super::status::{is_of_a_visitor, was_opened};
use crate::clock::ProviderTime;
use crate::code::{Coded, codes};
use crate::id::OrderId;
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

codes! {
    /// What happened. Codes are listed in `core/CONTRACT.md` section 5.
    pub enum EventKind {
        /// The sale was saved.
        Saved = "saved",
        /// A request is about to leave.
        Sending = "sending",
        /// The provider made the link.
        LinkCreated = "link_created",
        /// A session whose answer was lost was found again.
        LinkAdopted = "link_adopted",
        /// The provider said that it sent an SMS.
        SmsSent = "sms_sent",
        /// The provider said that it sent a push.
        PushSent = "push_sent",
        /// The provider did not send: send it from the phone.
        NotDelivered = "not_delivered",
        /// An attempt did not reach the provider; it waits.
        SendFailed = "send_failed",
        /// The request may have arrived.
        SendUnclear = "send_unclear",
        /// Held for the seller.
        Held = "held",
        /// The provider refused.
        Rejected = "rejected",
        /// The seller chose to send again after a warning.
        ResentBySeller = "resent_by_seller",
        /// Shared from the phone.
        Shared = "shared",
        /// Reminded from the phone.
        Reminded = "reminded",
        /// The customer opened the link.
        Opened = "opened",
        /// The customer started to pay.
        PaymentStarted = "payment_started",
        /// One attempt to pay failed; another method may be tried.
        PaymentFailed = "payment_failed",
        /// Money is reserved.
        Authorized = "authorized",
        /// The provider waits for a check.
        OnHold = "on_hold",
        /// Paid.
        Captured = "captured",
        /// A part is captured.
        PartiallyCaptured = "partially_captured",
        /// All is refunded.
        Refunded = "refunded",
        /// A part is refunded.
        PartiallyRefunded = "partially_refunded",
        /// The reservation was released.
        Voided = "voided",
        /// The customer said no.
        Declined = "declined",
        /// Ended without payment.
        Failed = "failed",
        /// The time to pay is over.
        Expired = "expired",
        /// The seller asked to cancel.
        CancelRequested = "cancel_requested",
        /// Cancelled.
        Cancelled = "cancelled",
        /// A payment after expiry, cancel or discard: it still counts, loudly.
        PaidAfterEnd = "paid_after_end",
        /// A second session of ours was found and cancelled.
        StrayCancelled = "stray_cancelled",
        /// Given up by the seller.
        Discarded = "discarded",
        /// Another order took its place.
        Superseded = "superseded",
        /// The sale was requested again, as another order.
        RequestedAgain = "requested_again",
        /// A session with our reference is somebody else's.
        ForeignSession = "foreign_session",
    }
}

impl EventKind {
    /// Whether money was reserved or taken, or may yet be.
    #[must_use]
    pub const fn is_payment(self) -> bool {
        matches!(self, Self::Authorized | Self::OnHold | Self::Captured | Self::PartiallyCaptured)
    }
}

/// An event as stored and shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimelineEvent {
    /// Grows without end over all links.
    pub cursor: i64,
    /// Whose.
    pub link: OrderId,
    /// UTC ms: the provider's time where it gave one, else the phone's.
    pub at: i64,
    /// What happened.
    pub kind: Coded<EventKind>,
    /// What the words need; never personal data.
    pub data: BTreeMap<String, String>,
}

/// An event to be stored, once per order and key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// Unique within the order.
    pub key: String,
    /// What happened.
    pub kind: EventKind,
    /// UTC ms.
    pub at: i64,
    /// What the words need.
    pub data: BTreeMap<String, String>,
}

impl NewEvent {
    /// An event that can happen again and again: its time is part of the key.
    #[must_use]
    pub fn each(kind: EventKind, at: ProviderTime) -> Self {
        let at = at.ms();
        Self { key: format!("{}:{at}", kind.code()), kind, at, data: BTreeMap::new() }
    }

    /// An event that happens once per `of` (a session, an entry).
    #[must_use]
    pub fn once(kind: EventKind, of: &str, at: ProviderTime) -> Self {
        Self { key: Self::key(kind, of), kind, at: at.ms(), data: BTreeMap::new() }
    }

    /// The key of an event that happens once per `of`.
    #[must_use]
    pub fn key(kind: EventKind, of: &str) -> String {
        format!("{}:{of}", kind.code())
    }

    /// With one more detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.data.insert(name.to_owned(), value.into());
        self
    }
}

/// Every event that these facts tell, oldest first; `read_at` stands in where the provider gave no time.
#[must_use]
pub fn observed(
    session: &SessionFacts,
    transaction: Option<&TransactionFacts>,
    read_at: ProviderTime,
) -> Vec<NewEvent> {
    let time = |at: Option<i64>| at.map_or(read_at, ProviderTime::from_ms);
    let mut events = Vec::new();
    if was_opened(session) {
        let first = session.events.iter().filter(|event| is_of_a_visitor(event)).filter_map(|event| event.at).min();
        // Who pays has opened the link, though the visit itself may not be told.
        let paying = transaction.and_then(|transaction| transaction.created_at);
        let at = time(first.into_iter().chain(paying).min());
        events.push(NewEvent::once(EventKind::Opened, &session.id, at));
    }
    // How a payment ended is reported once: by the transaction, which knows more, or by the session while it cannot be read.
    let told = transaction.and_then(|transaction| kind_of(&transaction.status));
    let payment = session.transaction_id.as_ref().unwrap_or(&session.id);
    for (n, event) in session.events.iter().enumerate() {
        let at = time(event.at);
        let once = |kind| NewEvent::once(kind, &session.id, at);
        match event.name {
            SessionEventName::PushSent => events.push(once(EventKind::PushSent)),
            SessionEventName::PayFailed => {
                let of = event.id.clone().unwrap_or_else(|| format!("{}:{n}", session.id));
                let failed = NewEvent::once(EventKind::PaymentFailed, &of, at);
                events.push(match &event.detail {
                    Some(detail) => failed.with("detail", detail.as_str()),
                    None => failed,
                });
            }
            SessionEventName::Declined if told != Some(EventKind::Declined) => {
                events.push(NewEvent::once(EventKind::Declined, payment, at));
            }
            SessionEventName::Failed if told != Some(EventKind::Failed) => {
                events.push(NewEvent::once(EventKind::Failed, payment, at));
            }
            SessionEventName::Cancelled => events.push(once(EventKind::Cancelled)),
            _ => {}
        }
    }
    if let Some(at) = session.cancelled_at {
        events.push(NewEvent::once(EventKind::Cancelled, &session.id, ProviderTime::from_ms(at)));
    }
    if let Some(transaction) = transaction {
        events.extend(of_transaction(transaction, read_at));
    }
    events.sort_by_key(|event| event.at);
    let mut seen = HashSet::new();
    events.retain(|event| seen.insert(event.key.clone()));
    events
}

/// The steps of a transaction: each successful event, and the status itself where no event tells of it.
fn of_transaction(transaction: &TransactionFacts, read_at: ProviderTime) -> Vec<NewEvent> {
    let time = |at: Option<i64>| at.map_or(read_at, ProviderTime::from_ms);
    let mut events = Vec::new();
    let started = time(transaction.created_at);
    events.push(NewEvent::once(EventKind::PaymentStarted, &transaction.id, started));
    let mut captured = 0_i64;
    let mut refunded = 0_i64;
    for (n, event) in transaction.events.iter().enumerate() {
        if event.success == Some(false) {
            continue;
        }
        let amount = event.amount.unwrap_or(transaction.amount);
        let kind = match event.kind {
            TransactionEventKind::Authorize => match transaction.status {
                TransactionStatus::Declined | TransactionStatus::Failed => continue,
                _ => EventKind::Authorized,
            },
            TransactionEventKind::Capture => {
                captured = captured.saturating_add(amount);
                if captured < transaction.amount { EventKind::PartiallyCaptured } else { EventKind::Captured }
            }
            TransactionEventKind::Refund => {
                refunded = refunded.saturating_add(amount);
                if refunded < transaction.amount { EventKind::PartiallyRefunded } else { EventKind::Refunded }
            }
            TransactionEventKind::Void => EventKind::Voided,
            TransactionEventKind::OnHold => EventKind::OnHold,
            TransactionEventKind::Other(_) => continue,
        };
        let of = event.id.clone().unwrap_or_else(|| format!("{}:{n}", transaction.id));
        events.push(
            NewEvent::once(kind, &of, time(event.at))
                .with("minor", amount.to_string())
                .with("currency", transaction.currency.as_str())
                .with("method", transaction.method.clone().unwrap_or_default()),
        );
    }
    if let Some(kind) = kind_of(&transaction.status)
        && !events.iter().any(|event| event.kind == kind)
    {
        let at = time(transaction.updated_at);
        events.push(
            NewEvent::once(kind, &transaction.id, at)
                .with("minor", transaction.amount.to_string())
                .with("currency", transaction.currency.as_str())
                .with("method", transaction.method.clone().unwrap_or_default()),
        );
    }
    events
}

fn kind_of(status: &TransactionStatus) -> Option<EventKind> {
    Some(match status {
        TransactionStatus::Authorized => EventKind::Authorized,
        TransactionStatus::OnHold => EventKind::OnHold,
        TransactionStatus::Captured => EventKind::Captured,
        TransactionStatus::PartiallyCaptured => EventKind::PartiallyCaptured,
        TransactionStatus::Refunded => EventKind::Refunded,
        TransactionStatus::PartiallyRefunded | TransactionStatus::PartiallyCapturedRefunded => {
            EventKind::PartiallyRefunded
        }
        TransactionStatus::AuthorizationVoided => EventKind::Voided,
        TransactionStatus::Declined => EventKind::Declined,
        TransactionStatus::Failed => EventKind::Failed,
        TransactionStatus::Initiated | TransactionStatus::Unknown | TransactionStatus::Other(_) => return None,
    })
}
