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
pub mod strays;

mod worker;

pub use seller::UnknownAnswer;
pub use worker::Worker;

use crate::account::{Context, Readiness};
use crate::gateway::{Fault, SignInReason};
use crate::id::OrderId;
use crate::link::{EventKind, NewEvent, Reason};
use crate::store::{Entry, EntryState, Operation, StoreResult, entries, links, orders};
use rusqlite::Transaction;

/// Stores an entry and its events in one transaction, and announces them.
pub(crate) fn settle(ctx: &Context, entry: Entry, events: Vec<NewEvent>) -> StoreResult<()> {
    let now = ctx.now();
    let server = ctx.server.best_ms();
    ctx.change(entry.order, move |db| {
        let order = entry.order;
        entries::save(db, &entry)?;
        let mut cursors = links::change(db, order, now, |_| {}, &events)?;
        let stopped = matches!(entry.state, EntryState::Held | EntryState::Parked);
        if stopped && cancel_is_asked(db, order)? {
            cursors.extend(give_up(db, order, now, server, EventKind::Cancelled)?);
        }
        Ok((cursors, ()))
    })
}

/// The seller decides.
pub(crate) fn hold(ctx: &Context, mut entry: Entry, reason: &str) -> StoreResult<()> {
    let event = NewEvent::once(EventKind::Held, &format!("{}:{}", entry.id, entry.attempts), ctx.event_time())
        .with("reason", reason);
    entry.state = EntryState::Held;
    entry.reason = Some(Reason::new(reason));
    settle(ctx, entry, vec![event])
}

/// Whether the seller has asked to cancel and that is still to be done.
pub(crate) fn cancel_is_asked(db: &Transaction<'_>, order: OrderId) -> StoreResult<bool> {
    let entries = entries::of_order(db, order)?;
    Ok(entries.iter().any(|entry| entry.operation == Operation::Cancel && entry.state.is_open()))
}

/// Ends an order without a link. What may have reached the provider is watched for until it can no longer be paid,
/// and four days more (design 4).
pub(crate) fn give_up(
    db: &Transaction<'_>,
    order: OrderId,
    now: i64,
    server: i64,
    kind: EventKind,
) -> StoreResult<Vec<i64>> {
    let record = links::record(db, order)?;
    let may_exist = record.entries.iter().any(|entry| entry.unclear);
    let end = latest_end(&record, server);
    for mut entry in record.entries.into_iter().filter(|entry| entry.state.is_open()) {
        entry.state = EntryState::Superseded;
        entries::save(db, &entry)?;
    }
    let edit = |state: &mut orders::OrderState| {
        state.given_up_at = Some(now);
        if may_exist {
            watch(state, now, end);
        }
    };
    links::change(db, order, now, edit, &[NewEvent::once(kind, &order.to_string(), server)])
}

/// Until when a session of this order can be paid at the latest. The phone's clock may be behind at this moment; the
/// attempts were made in the provider's time.
pub(crate) fn latest_end(record: &links::Record, server: i64) -> i64 {
    let sent = record.entries.iter().filter_map(|entry| entry.last_sent_at).max();
    record.order.sale.expiry.ends_at(sent.map_or(server, |sent| sent.max(server)))
}

/// A session of this order may exist unseen: it is asked for by reference until four days after its end.
pub(crate) fn watch(state: &mut orders::OrderState, now: i64, end: i64) {
    state.watch_until = Some(end + policy::WATCH_AFTER_END_MS);
    state.watch_at = Some(now + policy::WATCH_EVERY_MS);
}

/// The request did not reach the provider, or it asked to wait: nothing is lost, the entry is due again later.
pub(crate) fn wait(ctx: &Context, mut entry: Entry, reason: &str, retry_after_ms: Option<i64>) -> StoreResult<()> {
    let now = ctx.now();
    let state = if entry.state == EntryState::Unknown { EntryState::Unknown } else { EntryState::Waiting };
    entry.state = state;
    entry.wait(now, policy::back_off(&*ctx.clock, entry.attempts.max(1), retry_after_ms));
    let event = NewEvent::once(EventKind::SendFailed, &format!("{}:{reason}", entry.id), ctx.event_time())
        .with("reason", reason);
    entry.reason = Some(Reason::new(reason));
    settle(ctx, entry, vec![event])
}

/// Whether the account lets an entry go out; if not, the entry is put back as it was, with a visible reason.
pub(crate) async fn ready(ctx: &Context, entry: &Entry) -> StoreResult<Option<crate::clock::ServerTime>> {
    match ctx.ready().await {
        Readiness::Ready(time) => Ok(Some(time)),
        Readiness::Paused(reason) => {
            pause(ctx, entry.clone(), reason)?;
            Ok(None)
        }
        Readiness::Wait { fault, retry_after_ms } => {
            let mut entry = entry.clone();
            entry.attempts = entry.attempts.saturating_add(1);
            let reason = if retry_after_ms.is_some() { "busy" } else { fault.code() };
            wait(ctx, entry, reason, retry_after_ms)?;
            Ok(None)
        }
    }
}

/// The account must sign in: the queue pauses, and the entry is put back with a reason that can be seen.
pub(crate) fn pause(ctx: &Context, mut entry: Entry, reason: SignInReason) -> StoreResult<()> {
    ctx.pause(reason);
    entry.state = if entry.unclear { EntryState::Unknown } else { EntryState::Queued };
    entry.reason = Some(Reason::new(reason.code()));
    entry.wait(ctx.now(), 0);
    let event = NewEvent::once(EventKind::SendFailed, &format!("{}:{}", entry.id, reason.code()), ctx.event_time())
        .with("reason", reason.code());
    settle(ctx, entry, vec![event])
}

/// The request may have arrived: a look-up decides.
pub(crate) fn unclear(ctx: &Context, mut entry: Entry, fault: Fault) -> StoreResult<()> {
    let now = ctx.now();
    entry.state = EntryState::Unknown;
    entry.unclear = true;
    entry.absent_at = None;
    entry.reason = Some(Reason::new(fault.code()));
    entry.wait(now, policy::FIRST_LOOK_MS);
    let event = NewEvent::once(EventKind::SendUnclear, &format!("{}:{}", entry.id, entry.attempts), ctx.event_time())
        .with("reason", fault.code());
    settle(ctx, entry, vec![event])
}
