//! One operation at the provider, as it is stored: everything that a retry needs is in the row.

use crate::clock::{PhoneTime, ProviderTime};
use crate::code::codes;
use crate::id::{EntryId, OrderId};
use crate::link::{Reason, ReasonCode};

codes! {
    /// What an entry does at the provider.
    pub enum Operation {
        /// Creates the session that is the link.
        Create = "create",
        /// Cancels the session.
        Cancel = "cancel",
    }
}

codes! {
    /// Where an entry stands.
    pub enum EntryState {
        /// Never sent.
        Queued = "queued",
        /// A request is under way. Found at start-up it means that the process died: it becomes `Unknown`.
        Sending = "sending",
        /// Waits for its next attempt; nothing of it reached the provider.
        Waiting = "waiting",
        /// May have reached the provider; to be looked up.
        Unknown = "unknown",
        /// The seller decides.
        Held = "held",
        /// Refused by the provider; the seller decides.
        Parked = "parked",
        /// Frozen because it was exported.
        Exported = "exported",
        /// Done.
        Done = "done",
        /// No longer to be done.
        Superseded = "superseded",
    }
}

impl Operation {
    /// The table of conflicts: whether this operation has to wait for an earlier one of the same order that is still
    /// open. What is independent goes on side by side.
    ///
    /// | this | waits for |
    /// |---|---|
    /// | create | a create (its link may exist already), a cancel (the old link must be closed first) |
    /// | cancel | a create (there may be nothing to cancel yet), a cancel |
    #[must_use]
    pub const fn waits_for(self, earlier: Self) -> bool {
        matches!((self, earlier), (Self::Create | Self::Cancel, Self::Create | Self::Cancel))
    }
}

impl EntryState {
    /// Whether the worker goes on with it by itself.
    #[must_use]
    pub const fn is_workable(self) -> bool {
        matches!(self, Self::Queued | Self::Waiting | Self::Unknown)
    }

    /// Whether the entry is still to be done, or decided.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Done | Self::Superseded)
    }
}

/// One operation at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Travels in the provider's metadata.
    pub id: EntryId,
    /// The order it belongs to.
    pub order: OrderId,
    /// What it does.
    pub operation: Operation,
    /// What the operation needs besides the order, as versioned JSON.
    pub payload: String,
    /// Where it stands.
    pub state: EntryState,
    /// Why it waits, is held or parked.
    pub reason: Option<Reason>,
    /// Requests that were made.
    pub attempts: u32,
    /// When it was saved.
    pub created_at: PhoneTime,
    /// The first attempt that may have arrived.
    pub first_sent_at: Option<ProviderTime>,
    /// The last attempt.
    pub last_sent_at: Option<ProviderTime>,
    /// Whether both are in the provider's known time.
    pub sent_time_known: bool,
    /// Whether any attempt may have arrived.
    pub unclear: bool,
    /// When a listing first gave evidence that nothing of it is there.
    pub absent_at: Option<ProviderTime>,
    /// When it is due.
    pub next_attempt_at: PhoneTime,
    /// The wait that led to it: a due time further away than this means that the clock was set back.
    pub wait_ms: i64,
    /// Counts its changes: what was decided about one revision is not written over another.
    pub revision: u32,
}

impl Entry {
    /// The same after one attempt more.
    #[must_use]
    pub fn once_more(self) -> Self {
        Self { attempts: self.attempts.saturating_add(1), ..self }
    }

    /// A new entry, due at once.
    #[must_use]
    pub fn new(id: EntryId, order: OrderId, operation: Operation, payload: String, now: PhoneTime) -> Self {
        Self {
            id,
            order,
            operation,
            payload,
            state: EntryState::Queued,
            reason: None,
            attempts: 0,
            created_at: now,
            first_sent_at: None,
            last_sent_at: None,
            sent_time_known: true,
            unclear: false,
            absent_at: None,
            next_attempt_at: now,
            wait_ms: 0,
            revision: 0,
        }
    }

    /// Whether the provider refused it because it has another session with this reference: a new order with a reference
    /// of its own can take its place. 409 says so; other refusals say what they mean in words only.
    #[must_use]
    pub fn is_refused_duplicate(&self) -> bool {
        self.state == EntryState::Parked
            && self.reason.as_ref().is_some_and(|reason| reason.code == ReasonCode::Duplicate)
    }

    /// Sets when it is due.
    pub fn wait(&mut self, now: PhoneTime, wait_ms: i64) {
        self.next_attempt_at = now.plus(wait_ms);
        self.wait_ms = wait_ms;
    }
}
