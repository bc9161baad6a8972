//! What becomes of a practice session, from what was kept of it and the time alone: nothing runs, so nothing is lost with
//! the process. Once something has happened it stays so at every later time; cancelling ends all that had not happened yet.
//!
//! | the reference ends with | the customer |
//! |---|---|
//! | 0, 5 | opens the link, begins to pay and says no |
//! | 4, 9 | takes a minute, and pays |
//! | anything else | opens it after a few seconds and pays |

use super::policy::{DECLINES, QUICK, SLOW, TAKES_TIME};
use crate::link::{
    PublishStatus, Published, SessionEvent, SessionEventName, SessionFacts, TransactionEvent, TransactionEventKind,
    TransactionFacts, TransactionStatus,
};
use serde::{Deserialize, Serialize};

/// When the steps of a customer come, after the session was made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Steps {
    /// Opens the link.
    pub(super) opens_ms: i64,
    /// Begins to pay.
    pub(super) begins_ms: i64,
    /// Has paid, or says no.
    pub(super) ends_ms: i64,
}

/// A session as it is kept: no person in it. Old ones are read for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Session {
    pub(super) order: String,
    pub(super) entry: String,
    pub(super) reference: String,
    /// Minor units.
    pub(super) amount: i64,
    pub(super) currency: String,
    /// UTC ms.
    pub(super) created_at: i64,
    /// UTC ms.
    pub(super) expires_at: i64,
    /// Whether what is paid is taken at once, or only reserved.
    pub(super) captures: bool,
    /// What it is paid with.
    pub(super) method: String,
    /// Whether the message to the customer goes as a push; `None` where none was asked for.
    pub(super) push: Option<bool>,
    /// UTC ms.
    #[serde(default)]
    pub(super) cancelled_at: Option<i64>,
}

/// What every id of a session begins with; the entry that made it follows.
const SESSION: &str = "practice-";
/// The same of a payment.
const PAYMENT: &str = "practice-payment-";

/// The entry whose session has this id.
pub(super) fn entry_of_session(id: &str) -> Option<&str> {
    id.strip_prefix(SESSION)
}

/// The entry whose session was paid by this payment.
pub(super) fn entry_of_payment(id: &str) -> Option<&str> {
    id.strip_prefix(PAYMENT)
}

/// Why a session cannot be cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    Paid,
    Declined,
}

impl Session {
    pub(super) fn id(&self) -> String {
        format!("{SESSION}{}", self.entry)
    }

    fn payment(&self) -> String {
        format!("{PAYMENT}{}", self.entry)
    }

    fn steps(&self) -> Steps {
        if self.reference.ends_with(TAKES_TIME) { SLOW } else { QUICK }
    }

    fn declines(&self) -> bool {
        self.reference.ends_with(DECLINES)
    }

    /// When this had happened; `None` when it has not, or no longer could.
    fn happened(&self, after_ms: i64, now: i64) -> Option<i64> {
        let at = self.created_at.saturating_add(after_ms);
        (at <= now && self.cancelled_at.is_none_or(|cancelled| at < cancelled)).then_some(at)
    }

    /// Whether it can be cancelled now: what was reserved is released then.
    pub(super) fn over(&self, now: i64) -> Option<Over> {
        self.happened(self.steps().ends_ms, now)?;
        if self.declines() {
            return Some(Over::Declined);
        }
        self.captures.then_some(Over::Paid)
    }

    /// As the provider tells of it.
    pub(super) fn facts(&self, now: i64) -> SessionFacts {
        let steps = self.steps();
        let event = |name| move |at| SessionEvent { id: None, name, at: Some(at), detail: None };
        let begun = self.happened(steps.begins_ms, now);
        let events = [
            Some(self.created_at).map(event(SessionEventName::Other("initiated".to_owned()))),
            self.happened(steps.opens_ms, now).map(event(SessionEventName::Visited)),
            begun.map(event(SessionEventName::PayLockStart)),
            self.happened(steps.ends_ms, now).filter(|_| self.declines()).map(event(SessionEventName::Declined)),
            self.cancelled_at.map(event(SessionEventName::Cancelled)),
        ];
        SessionFacts {
            id: self.id(),
            reference: Some(self.reference.clone()),
            amount: Some(self.amount),
            currency: Some(self.currency.clone()),
            created_at: Some(self.created_at),
            expires_at: Some(self.expires_at),
            cancelled_at: self.cancelled_at,
            transaction_id: begun.map(|_| self.payment()),
            order_id: Some(self.order.clone()),
            entry_id: Some(self.entry.clone()),
            published: self.published(),
            events: events.into_iter().flatten().collect(),
        }
    }

    /// The message to the customer, as if it had been sent.
    pub(super) fn published(&self) -> Vec<Published> {
        self.push.iter().map(|push| Published { push: *push, status: Some(PublishStatus::Sent) }).collect()
    }

    /// Its payment, once the customer has begun to pay.
    pub(super) fn transaction(&self, now: i64) -> Option<TransactionFacts> {
        let begun = self.happened(self.steps().begins_ms, now)?;
        let ended = self.happened(self.steps().ends_ms, now);
        let paid = ended.filter(|_| !self.declines());
        let released = self.cancelled_at.filter(|_| paid.is_some());
        let event = |kind| {
            move |at| TransactionEvent {
                id: None,
                kind,
                success: Some(true),
                amount: Some(self.amount),
                at: Some(at),
                reference: None,
                entry_id: None,
                error: None,
            }
        };
        let events = [
            paid.map(event(TransactionEventKind::Authorize)),
            paid.filter(|_| self.captures).map(event(TransactionEventKind::Capture)),
            released.map(event(TransactionEventKind::Void)),
        ];
        Some(TransactionFacts {
            id: self.payment(),
            session_id: Some(self.id()),
            reference: Some(self.reference.clone()),
            status: match (ended, paid, released) {
                (None, ..) => TransactionStatus::Initiated,
                (Some(_), None, _) => TransactionStatus::Declined,
                (Some(_), Some(_), Some(_)) => TransactionStatus::AuthorizationVoided,
                (Some(_), Some(_), None) if self.captures => TransactionStatus::Captured,
                (Some(_), Some(_), None) => TransactionStatus::Authorized,
            },
            amount: self.amount,
            currency: self.currency.clone(),
            method: Some(self.method.clone()),
            created_at: Some(begun),
            updated_at: released.or(ended).or(Some(begun)),
            events: events.into_iter().flatten().collect(),
        })
    }
}
