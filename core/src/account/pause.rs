//! Why the account rests (rule 4). Writing and reading pause apart: who may not create may still see payments.
//!
//! A 403 of an operation belongs to its entry, since a firewall may dislike one text; it becomes the account's when
//! another entry meets it as well and none got through in between. A pause for want of a right ends by itself after a
//! while: rights are given elsewhere, and one request tells.

use crate::gateway::SignInReason;
use crate::id::EntryId;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A right that was missing is tried again after this long without anybody asking, ms.
const TRY_AGAIN_MS: i64 = 15 * 60_000;
/// For as long as this after an operation got through, ms, a 403 is about what was sent and not about the account.
const PROVEN_MS: i64 = 10 * 60_000;

/// The owner of a refusal for the want of a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// The entry's: it waits for the seller, everything else goes on.
    Entry,
    /// The account's: writing pauses.
    Account,
}

/// What is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Links.
    Sessions,
    /// Payments.
    Transactions,
}

#[derive(Default)]
struct State {
    sign_in: Option<SignInReason>,
    /// Since when writing pauses for the want of a right, by the monotonic clock.
    forbidden_since: Option<i64>,
    /// The entry that met a 403 while none got through.
    met_by: Option<EntryId>,
    /// When an operation last got through, by the monotonic clock.
    got_through_at: Option<i64>,
    unreadable: [bool; 2],
}

/// The pauses of an account.
#[derive(Default)]
pub(super) struct Pauses(Mutex<State>);

impl Pauses {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why nothing is asked at all.
    pub(super) fn signed_out(&self) -> Option<SignInReason> {
        self.state().sign_in
    }

    /// Why nothing is sent at `now`, by the monotonic clock.
    pub(super) fn writing(&self, now: i64) -> Option<SignInReason> {
        let state = self.state();
        let forbidden = state.forbidden_since.filter(|since| now - since < TRY_AGAIN_MS);
        state.sign_in.or(forbidden.map(|_| SignInReason::RightMissing))
    }

    /// Ends a pause whose time is over; whether there was one.
    pub(super) fn end_what_is_over(&self, now: i64) -> bool {
        self.state().forbidden_since.take_if(|since| now - *since >= TRY_AGAIN_MS).is_some()
    }

    /// Why payments cannot be seen.
    pub(super) fn reading(&self) -> Option<SignInReason> {
        self.state().unreadable.contains(&true).then_some(SignInReason::RightMissing)
    }

    pub(super) fn pause(&self, reason: SignInReason) {
        self.state().sign_in = Some(reason);
    }

    /// Everything may be tried again.
    pub(super) fn end(&self) {
        let mut state = self.state();
        state.sign_in = None;
        state.forbidden_since = None;
    }

    /// An operation of this entry met a 403.
    pub(super) fn forbidden(&self, entry: EntryId, now: i64) -> Ownership {
        let mut state = self.state();
        if state.forbidden_since.is_some() {
            return Ownership::Account;
        }
        let proven = state.got_through_at.is_some_and(|at| now - at < PROVEN_MS);
        let another = state.met_by.is_some_and(|other| other != entry);
        if another && !proven {
            state.forbidden_since = Some(now);
            return Ownership::Account;
        }
        state.met_by = Some(entry);
        Ownership::Entry
    }

    /// An operation got through: the right is there.
    pub(super) fn got_through(&self, now: i64) {
        let mut state = self.state();
        (state.met_by, state.forbidden_since, state.got_through_at) = (None, None, Some(now));
    }

    /// Whether what is read may be read.
    pub(super) fn readable(&self, kind: Kind, readable: bool) {
        self.state().unreadable[usize::from(kind == Kind::Transactions)] = !readable;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    fn entries() -> (EntryId, EntryId) {
        (EntryId::generate(&SystemClock::default()), EntryId::generate(&SystemClock::default()))
    }

    #[test]
    fn a_refusal_is_the_entrys_until_another_meets_it_and_none_got_through() {
        let (one, other) = entries();
        let pauses = Pauses::default();
        assert_eq!(pauses.forbidden(one, 0), Ownership::Entry);
        assert_eq!(pauses.forbidden(one, 1), Ownership::Entry, "the same one again");
        assert_eq!(pauses.writing(2), None);
        assert_eq!(pauses.forbidden(other, 3), Ownership::Account);
        assert_eq!(pauses.writing(4), Some(SignInReason::RightMissing));
        assert_eq!(pauses.signed_out(), None, "reading goes on");
        assert_eq!(pauses.writing(3 + TRY_AGAIN_MS), None, "it is tried again by itself");
    }

    #[test]
    fn once_one_got_through_a_refusal_is_about_what_was_sent() {
        let (one, other) = entries();
        let pauses = Pauses::default();
        assert_eq!(pauses.forbidden(one, 0), Ownership::Entry);
        pauses.got_through(1);
        assert_eq!((pauses.forbidden(other, 2), pauses.forbidden(one, 3)), (Ownership::Entry, Ownership::Entry));
        assert_eq!(pauses.forbidden(other, 1 + PROVEN_MS), Ownership::Account);
    }
}
