//! How an entry goes from one state to another: always on the row as it is in the transaction, never on the one that was
//! read before a request left. An answer can meet a row that has moved on meanwhile (cancelled, discarded, answered by
//! the seller, worked on by another, looked up):
//!
//! | the row | the answer brings a session | it brings none |
//! |---|---|---|
//! | is as it was seen | applied | applied |
//! | has moved on and is open | applied to the row as it is now | dropped: the row is due as it stands, and decided again |
//! | is closed | a stray: closed at the provider, but paid wins, loudly | dropped; what may exist all the same is watched for |
//!
//! An entry that the seller wants cancelled is not sent again: as soon as it would only wait, it is closed.

use super::policy;
use crate::account::{Context, Ownership};
use crate::gateway::{Fault, NotDone, Rejection, SignInReason};
use crate::link::{EventKind, NewEvent, Reason, ReasonCode};
use crate::sabotage::Sabotage;
use crate::store::rows::{Entry, EntryState, entries};
use crate::store::{LinkChange, StoreResult};
use crate::sync::watch;

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(super) enum Applied {
    /// It was applied to the row.
    Yes,
    /// The row had moved on: nothing was changed by it.
    Dropped,
    /// The row is closed: what the answer brought is a stray.
    Stray,
}

/// What an answer brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Brings {
    /// A session that is ours.
    Session,
    /// Nothing.
    Nothing,
    /// Nothing, but something may exist at the provider all the same.
    Doubt,
}

/// Applies a step to an entry by the table above.
pub(super) fn apply(
    ctx: &Context,
    seen: &Entry,
    brings: Brings,
    step: impl FnOnce(&mut LinkChange<'_>, Entry) -> StoreResult<()> + Send + 'static,
) -> StoreResult<Applied> {
    let seen = seen.clone();
    ctx.change(seen.order, move |change| {
        let Some(fresh) = change.entry(seen.id).cloned() else { return Ok(Applied::Dropped) };
        if Sabotage::RevisionUnchecked.is_on() {
            step(change, Entry { revision: fresh.revision, ..seen })?;
            return Ok(Applied::Yes);
        }
        let as_seen = fresh.revision == seen.revision;
        match (as_seen, fresh.state.is_open(), brings) {
            (true, _, _) | (false, true, Brings::Session) => step(change, fresh)?,
            (false, false, Brings::Session) => {
                watch(change);
                return Ok(Applied::Stray);
            }
            (false, open, _) => {
                if brings == Brings::Doubt && !fresh.unclear {
                    change.save_entry(Entry { unclear: true, ..fresh })?;
                }
                if brings == Brings::Doubt && !open {
                    watch(change);
                }
                return Ok(Applied::Dropped);
            }
        }
        close_what_is_cancelled(change)?;
        Ok(Applied::Yes)
    })
}

/// An entry that creates and would only wait, although the seller has asked to cancel, is not sent any more.
fn close_what_is_cancelled(change: &mut LinkChange<'_>) -> StoreResult<()> {
    let rests = |entry: &Entry| !matches!(entry.state, EntryState::Sending | EntryState::Unknown | EntryState::Done);
    let record = change.record();
    let waits = record.creating().is_some_and(|entry| entry.state.is_open() && rests(entry));
    if waits && record.session.is_none() && record.is_cancel_asked() && !Sabotage::CancelNotAsked.is_on() {
        give_up(change, EventKind::Cancelled)?;
    }
    Ok(())
}

/// Ends an order without a link. What may have reached the provider is watched for until it can no longer be paid,
/// and four days more (rule 14).
pub(super) fn give_up(change: &mut LinkChange<'_>, kind: EventKind) -> StoreResult<()> {
    let open: Vec<Entry> = change.record().entries.iter().filter(|entry| entry.state.is_open()).cloned().collect();
    for mut entry in open {
        entry.unclear |= entry.state == EntryState::Sending;
        entry.state = EntryState::Superseded;
        change.save_entry(entry)?;
    }
    change.state().given_up_at = Some(change.at().phone);
    if change.record().may_exist_unseen() {
        watch(change);
    }
    let order = change.record().order.id.to_string();
    change.tell(NewEvent::once(kind, &order, change.at().provider));
    Ok(())
}

/// The seller decides.
pub(super) fn hold(ctx: &Context, seen: &Entry, reason: ReasonCode) -> StoreResult<()> {
    let _decided = apply(ctx, seen, Brings::Nothing, move |change, mut entry| {
        let key = format!("{}:{}", entry.id, entry.attempts);
        let held = NewEvent::once(EventKind::Held, &key, change.at().provider);
        change.tell(held.with("reason", reason.code()));
        entry.state = EntryState::Held;
        entry.reason = Some(Reason::new(reason));
        if entry.unclear {
            watch(change);
        }
        change.save_entry(entry)
    })?;
    Ok(())
}

/// Nothing was done: the entry is due again later. `why` is an answer to a read, or of an operation that did not arrive.
pub(super) fn put_off(ctx: &Context, seen: &Entry, why: &NotDone) -> StoreResult<()> {
    match why {
        NotDone::SignInNeeded(reason) => pause(ctx, seen, *reason),
        other => wait(ctx, seen, other.reason(), other.retry_after_ms()),
    }
}

/// The request did not reach the provider, or it asked to wait: nothing is lost, the entry is due again later.
pub(super) fn wait(ctx: &Context, seen: &Entry, reason: ReasonCode, retry_after_ms: Option<i64>) -> StoreResult<()> {
    let attempts = seen.attempts;
    let back_off = policy::back_off(&*ctx.clock, attempts.max(1), retry_after_ms);
    let _later = apply(ctx, seen, Brings::Nothing, move |change, mut entry| {
        entry.attempts = attempts;
        if entry.state != EntryState::Unknown {
            entry.state = EntryState::Waiting;
            if entry.attempts <= 1 && !entry.unclear {
                // Nothing has ever left: the first attempt that may arrive is still to come.
                entry.first_sent_at = None;
            }
        }
        entry.wait(change.at().phone, back_off);
        let failed =
            NewEvent::once(EventKind::SendFailed, &format!("{}:{}", entry.id, reason.code()), change.at().provider);
        change.tell(failed.with("reason", reason.code()));
        entry.reason = Some(Reason::new(reason));
        change.save_entry(entry)
    })?;
    Ok(())
}

/// The account must sign in: the queue pauses, and the entry is put back with a reason that can be seen. It was no
/// attempt (rule 4).
pub(super) fn pause(ctx: &Context, seen: &Entry, reason: SignInReason) -> StoreResult<()> {
    if ctx.paused().is_none() {
        ctx.pause(reason);
    }
    let _put_back = apply(ctx, seen, Brings::Nothing, move |change, entry| put_back(change, entry, reason))?;
    Ok(())
}

fn put_back(change: &mut LinkChange<'_>, mut entry: Entry, reason: SignInReason) -> StoreResult<()> {
    if entry.state == EntryState::Sending {
        entry.attempts = entry.attempts.saturating_sub(1);
    }
    entry.state = if entry.unclear { EntryState::Unknown } else { EntryState::Queued };
    entry.reason = Some(Reason::new(reason.reason()));
    entry.wait(change.at().phone, 0);
    let key = format!("{}:{}", entry.id, reason.code());
    let failed = NewEvent::once(EventKind::SendFailed, &key, change.at().provider);
    change.tell(failed.with("reason", reason.code()));
    change.save_entry(entry)
}

/// The request may have arrived: a look-up decides.
pub(super) fn unclear(ctx: &Context, seen: &Entry, fault: Fault) -> StoreResult<()> {
    let _asked = apply(ctx, seen, Brings::Doubt, move |change, mut entry| {
        entry.state = EntryState::Unknown;
        entry.unclear = true;
        entry.absent_at = None;
        entry.reason = Some(Reason::new(fault.reason()));
        entry.wait(change.at().phone, policy::FIRST_LOOK_MS);
        let key = format!("{}:{}", entry.id, entry.attempts);
        let told = NewEvent::once(EventKind::SendUnclear, &key, change.at().provider);
        change.tell(told.with("reason", fault.reason().code()));
        watch(change);
        change.save_entry(entry)
    })?;
    Ok(())
}

/// 403 although the token is good. It is the entry's own until another one has met it as well; then writing pauses, and the
/// entry waits for the account.
pub(super) fn forbidden(ctx: &Context, seen: &Entry, own: impl FnOnce() -> StoreResult<()>) -> StoreResult<()> {
    match ctx.forbidden(seen.id)? {
        Ownership::Account => {
            let reason = SignInReason::RightMissing;
            let _put_back = apply(ctx, seen, Brings::Nothing, move |change, entry| put_back(change, entry, reason))?;
            Ok(())
        }
        Ownership::Entry => own(),
    }
}

/// The reason code of a refusal: 409 is said of another session with this reference.
pub(super) const fn refused(rejection: &Rejection, after_unclear: bool) -> ReasonCode {
    if rejection.status == 409 || after_unclear { ReasonCode::Duplicate } else { ReasonCode::Rejected }
}

/// The provider refused: the seller decides. What may exist all the same is watched for.
pub(super) fn park(ctx: &Context, seen: &Entry, code: ReasonCode, rejection: &Rejection) -> StoreResult<()> {
    let (status, words) = (rejection.status, rejection.words());
    let _parked = apply(ctx, seen, Brings::Nothing, move |change, mut entry| {
        let key = format!("{}:{}", entry.id, entry.attempts);
        let told = NewEvent::once(EventKind::Rejected, &key, change.at().provider);
        change.tell(told.with("status", status.to_string()));
        entry.state = EntryState::Parked;
        entry.reason = Some(Reason { code: code.into(), detail: Some(words) });
        if entry.unclear {
            watch(change);
        }
        change.save_entry(entry)
    })?;
    Ok(())
}

/// A step that left the entry as it was, and still due, would be taken again at once and for ever: it is a defect, and it
/// waits.
pub(super) fn brake(ctx: &Context, seen: &Entry) -> StoreResult<()> {
    let (id, revision) = (seen.id, seen.revision);
    if ctx.store.read(move |db| entries::get(db, id))?.is_none_or(|entry| entry.revision != revision) {
        return Ok(());
    }
    tracing::error!(entry = %id, operation = seen.operation.code(), "a step changed nothing");
    let _braked = apply(ctx, seen, Brings::Nothing, |change, mut entry| {
        entry.wait(change.at().phone, policy::AFTER_IDLE_STEP_MS);
        change.save_entry(entry)
    })?;
    Ok(())
}
