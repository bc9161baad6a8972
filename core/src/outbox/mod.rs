//! The durable queue: every operation at the provider is an entry that was committed before anything was sent.
//!
//! | state | means | goes on by |
//! |---|---|---|
//! | `queued` | never sent | the worker |
//! | `sending` | committed before the first byte leaves | its answer; at start-up it becomes `unknown` |
//! | `waiting` | did not reach the provider, or was asked to wait | the worker, when due |
//! | `unknown` | may have arrived | a look-up, never a blind repeat (`create/recover.rs`) |
//! | `held` | a message may have reached the customer | the seller's answer |
//! | `parked` | the provider refused | the seller |
//! | `done`, `superseded` | over | |
//!
//! Operations on one order are serial; orders are independent, a few in flight at once. A sign-in problem pauses all
//! of it and costs no entry an attempt.

pub mod cancel;
pub mod create;
pub mod policy;
pub mod seller;
mod worker;

pub use worker::Worker;

use crate::account::{Context, Readiness};
use crate::gateway::{Fault, SignInReason};
use crate::id::OrderId;
use crate::link::{EventKind, NewEvent, Reason};
use crate::store::{Entry, EntryState, StoreResult, entries, links};
use rusqlite::Transaction;

/// Stores an entry and its events in one transaction, and announces them.
pub(crate) fn settle(ctx: &Context, entry: Entry, events: Vec<NewEvent>) -> StoreResult<()> {
    let now = ctx.now();
    ctx.change(entry.order, move |db| {
        entries::save(db, &entry)?;
        Ok((links::change(db, entry.order, now, |_| {}, &events)?, ()))
    })
}

/// The request did not reach the provider, or it asked to wait: nothing is lost, the entry is due again later.
pub(crate) fn wait(ctx: &Context, mut entry: Entry, reason: &str, retry_after_ms: Option<i64>) -> StoreResult<()> {
    let now = ctx.now();
    let state = if entry.state == EntryState::Unknown { EntryState::Unknown } else { EntryState::Waiting };
    entry.state = state;
    entry.wait(now, policy::back_off(entry.attempts.max(1), retry_after_ms));
    let event = NewEvent::once(EventKind::SendFailed, &format!("{}:{reason}", entry.id), now).with("reason", reason);
    entry.reason = Some(Reason::new(reason));
    settle(ctx, entry, vec![event])
}

/// Whether the account lets an entry go out; if not, the entry is put back as it was, with a visible reason.
pub(crate) async fn ready(ctx: &Context, entry: &Entry) -> StoreResult<Option<crate::clock::ServerTime>> {
    match ctx.ready().await {
        Readiness::Ready(time) => Ok(Some(time)),
        Readiness::Paused => Ok(None),
        Readiness::Wait { fault, retry_after_ms } => {
            let mut entry = entry.clone();
            entry.attempts = entry.attempts.saturating_add(1);
            let reason = if retry_after_ms.is_some() { "busy" } else { fault.code() };
            wait(ctx, entry, reason, retry_after_ms)?;
            Ok(None)
        }
    }
}

/// The account must sign in: the queue pauses, and the entry is put back without having lost an attempt.
pub(crate) fn pause(ctx: &Context, mut entry: Entry, reason: SignInReason) -> StoreResult<()> {
    ctx.pause(reason);
    entry.attempts = entry.attempts.saturating_sub(1);
    entry.state = if entry.unclear { EntryState::Unknown } else { EntryState::Queued };
    entry.reason = Some(Reason::new(reason.code()));
    entry.wait(ctx.now(), 0);
    settle(ctx, entry, Vec::new())
}

/// The request may have arrived: a look-up decides.
pub(crate) fn unclear(ctx: &Context, mut entry: Entry, fault: Fault) -> StoreResult<()> {
    let now = ctx.now();
    entry.state = EntryState::Unknown;
    entry.unclear = true;
    entry.absent_at = None;
    entry.reason = Some(Reason::new(fault.code()));
    entry.wait(now, policy::FIRST_LOOK_MS);
    let event = NewEvent::once(EventKind::SendUnclear, &format!("{}:{}", entry.id, entry.attempts), now)
        .with("reason", fault.code());
    settle(ctx, entry, vec![event])
}

/// Ends every open entry of an order: there is nothing more to be done for it.
pub(crate) fn supersede_open(db: &Transaction<'_>, order: OrderId) -> StoreResult<()> {
    for mut entry in entries::of_order(db, order)?.into_iter().filter(|entry| entry.state.is_open()) {
        entry.state = EntryState::Superseded;
        entries::save(db, &entry)?;
    }
    Ok(())
}
