//! What becomes of a practice session, from what was kept of it and the time alone: nothing runs, so nothing is lost with
//! the process. Once something has happened it stays so at every later time; cancelling ends all that had not happened yet.
//! A step that was told is kept, so that no clock takes it back.
//!
//! | the reference ends with | the customer |
//! |---|---|
//! | 0, 5 | opens the link, begins to pay and says no |
//! | 4, 9 | takes a minute, and pays |
//! | anything else | opens it after a few seconds and pays |

use super::policy::{DECLINES, QUICK, SLOW, TAKES_TIME};
use crate::link::{
    SessionEvent, SessionEventName, SessionFacts, TransactionEvent, TransactionEventKind, TransactionFacts,
    TransactionStatus,
};

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Session {
    /// Whether what is paid is taken at once, or only reserved.
    pub(super) captures: bool,
    /// What it is paid with.
    pub(super) method: String,
    /// When its last step was told, UTC ms.
    pub(super) told_at: i64,
    /// As it was made, or cancelled: without what customers did.
    pub(super) made: SessionFacts,
}

/// The first word of a page: what is paid is taken at once.
const CAPTURES: &str = "captures";
/// Or only reserved.
const RESERVES: &str = "reserves";

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

/// The event that every session begins with at the provider; it means nothing to us.
const INITIATED: &str = "initiated";

/// Why a session cannot be cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    Paid,
    Declined,
}

impl Session {
    /// A page: a line of what is asked for beside the facts, and the facts.
    pub(super) fn page(&self) -> Option<String> {
        let captures = if self.captures { CAPTURES } else { RESERVES };
        Some(format!("{captures} {} {}\n{}", self.method, self.told_at, serde_json::to_string(&self.made).ok()?))
    }

    /// What a page says; `None` where it says nothing.
    pub(super) fn read(page: &str) -> Option<Self> {
        let (line, facts) = page.split_once('\n')?;
        let (captures, line) = line.split_once(' ')?;
        let (method, told_at) = line.rsplit_once(' ')?;
        Some(Self {
            captures: captures == CAPTURES,
            method: method.to_owned(),
            told_at: told_at.parse().ok()?,
            made: serde_json::from_str(facts).ok()?,
        })
    }

    /// The id of the session that an entry makes.
    pub(super) fn id_of(entry: &str) -> String {
        format!("{SESSION}{entry}")
    }

    pub(super) fn reference(&self) -> &str {
        self.made.reference.as_deref().unwrap_or_default()
    }

    pub(super) fn created_at(&self) -> i64 {
        self.made.created_at.unwrap_or_default()
    }

    fn payment(&self) -> String {
        format!("{PAYMENT}{}", entry_of_session(&self.made.id).unwrap_or_default())
    }

    fn steps(&self) -> Steps {
        if self.reference().ends_with(TAKES_TIME) { SLOW } else { QUICK }
    }

    fn declines(&self) -> bool {
        self.reference().ends_with(DECLINES)
    }

    /// When this had happened; `None` when it has not, or no longer could.
    fn happened(&self, after_ms: i64, now: i64) -> Option<i64> {
        let at = self.created_at().saturating_add(after_ms);
        (at <= now && self.made.cancelled_at.is_none_or(|cancelled| at < cancelled)).then_some(at)
    }

    /// How many steps had happened.
    fn come_to(&self, now: i64) -> usize {
        let Steps { opens_ms, begins_ms, ends_ms } = self.steps();
        [opens_ms, begins_ms, ends_ms].iter().filter(|after| self.happened(**after, now).is_some()).count()
    }

    /// Whether more has happened than was told; from now on it has.
    pub(super) fn has_news(&mut self, now: i64) -> bool {
        let news = self.come_to(now) > self.come_to(self.told_at);
        if news {
            self.told_at = now;
        }
        news
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
        let mut facts = self.made.clone();
        let mut tell = |name, at: Option<i64>| {
            if at.is_some() {
                facts.events.push(SessionEvent { id: None, name, at, detail: None });
            }
        };
        let begun = self.happened(steps.begins_ms, now);
        tell(SessionEventName::Other(INITIATED.to_owned()), self.made.created_at);
        tell(SessionEventName::Visited, self.happened(steps.opens_ms, now));
        tell(SessionEventName::PayLockStart, begun);
        tell(SessionEventName::Declined, self.happened(steps.ends_ms, now).filter(|_| self.declines()));
        tell(SessionEventName::Cancelled, self.made.cancelled_at);
        facts.transaction_id = begun.map(|_| self.payment());
        facts
    }

    /// Its payment, once the customer has begun to pay.
    pub(super) fn transaction(&self, now: i64) -> Option<TransactionFacts> {
        let begun = self.happened(self.steps().begins_ms, now)?;
        let ended = self.happened(self.steps().ends_ms, now);
        let paid = ended.filter(|_| !self.declines());
        let released = self.made.cancelled_at.filter(|_| paid.is_some());
        let amount = self.made.amount.unwrap_or_default();
        let mut events = Vec::new();
        let mut tell = |kind, at: Option<i64>| {
            if at.is_some() {
                events.push(TransactionEvent {
                    id: None,
                    kind,
                    success: Some(true),
                    amount: Some(amount),
                    at,
                    reference: None,
                    entry_id: None,
                    error: None,
                });
            }
        };
        tell(TransactionEventKind::Authorize, paid);
        tell(TransactionEventKind::Capture, paid.filter(|_| self.captures));
        tell(TransactionEventKind::Void, released);
        Some(TransactionFacts {
            id: self.payment(),
            session_id: Some(self.made.id.clone()),
            reference: self.made.reference.clone(),
            status: match (ended, paid, released) {
                (None, ..) => TransactionStatus::Initiated,
                (Some(_), None, _) => TransactionStatus::Declined,
                (Some(_), Some(_), Some(_)) => TransactionStatus::AuthorizationVoided,
                (Some(_), Some(_), None) if self.captures => TransactionStatus::Captured,
                (Some(_), Some(_), None) => TransactionStatus::Authorized,
            },
            amount,
            currency: self.made.currency.clone().unwrap_or_default(),
            method: Some(self.method.clone()),
            created_at: Some(begun),
            updated_at: released.or(ended).or(Some(begun)),
            events,
        })
    }
}
