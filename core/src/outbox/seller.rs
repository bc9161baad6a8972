//! What the seller does to the queue: save a sale, try again, give up, cancel, answer. Each is one durable
//! transaction; the worker sends later.

use super::create::Payload;
use super::policy;
use crate::account::Context;
use crate::error::PaylinkError;
use crate::id::OrderId;
use crate::link::{Action, Delivered, EventKind, NewEvent, Shared};
use crate::order::{Draft, Order, Problem, parse};
use crate::store::links::Record;
use crate::store::{Entry, EntryState, Operation, StoreResult, entries, links, meta, orders};
use rusqlite::Transaction;
use serde::{Deserialize, Serialize};

/// What the seller says of a message that may have been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownAnswer {
    /// Look again later.
    Wait,
    /// Make a link without a message from the provider; the seller sends it from the phone. The seller's risk.
    SendFromPhone,
    /// Let the provider send again. The seller's risk: the customer may get two messages.
    SendAgain,
}

/// Saves a sale: order, outbox entry and first event in one transaction (design rule 1).
///
/// # Errors
/// [`PaylinkError::Refused`] with every problem; storage errors. Nothing was saved then.
pub fn create(ctx: &Context, draft: &Draft) -> Result<OrderId, PaylinkError> {
    let sale = parse(draft, &ctx.rules()).map_err(|problems| PaylinkError::Refused { problems })?;
    let (now, prefix) = (ctx.now(), ctx.settings.reference_prefix.clone());
    let id = OrderId::generate();
    ctx.change(id, move |db| {
        let reference = match &sale.reference {
            Some(reference) if orders::has_reference(db, reference)? => {
                let problems = vec![Problem::on("reference", "already_used")];
                return Err(PaylinkError::Refused { problems }.into());
            }
            Some(reference) => reference.clone(),
            None => meta::next_reference(db, &prefix)?,
        };
        let entry = Entry::new(id, Operation::Create, Payload::new(sale.delivery).text()?, now);
        let order = Order { id, reference, created_at: now, sale };
        orders::insert(db, &order)?;
        entries::save(db, &entry)?;
        let saved = NewEvent::once(EventKind::Saved, &id.to_string(), now);
        Ok((links::change(db, id, now, |_| {}, &[saved])?, id))
    })
    .map_err(PaylinkError::from)
}

/// Tries again now what waits or was refused.
///
/// # Errors
/// [`PaylinkError::NotAllowed`] where there is nothing to try again.
pub fn retry(ctx: &Context, id: OrderId) -> Result<(), PaylinkError> {
    act(ctx, id, Action::Retry, |record, now| {
        let mut entry = open(record)?;
        if entry.state == EntryState::Parked {
            entry.state = if entry.unclear { EntryState::Unknown } else { EntryState::Queued };
            entry.reason = None;
        }
        entry.wait(now, 0);
        Some(Change { entries: vec![entry], ..Change::default() })
    })
}

/// Gives up a sale that has no link. What may exist at the provider is still watched for (design 4).
///
/// # Errors
/// [`PaylinkError::NotAllowed`] once there is a link.
pub fn discard(ctx: &Context, id: OrderId) -> Result<(), PaylinkError> {
    let server = ctx.server.best_ms();
    act(ctx, id, Action::Discard, move |record, now| Some(give_up(record, now, server, EventKind::Discarded)))
}

/// Cancels: at once what was never sent, else by an operation at the provider.
///
/// # Errors
/// [`PaylinkError::NotAllowed`] when the status does not allow it.
pub fn cancel(ctx: &Context, id: OrderId) -> Result<(), PaylinkError> {
    let server = ctx.server.best_ms();
    act(ctx, id, Action::Cancel, move |record, now| {
        let unsent = record.session.is_none()
            && record.entries.iter().all(|entry| matches!(entry.state, EntryState::Queued | EntryState::Waiting) && !entry.unclear);
        if unsent {
            return Some(give_up(record, now, server, EventKind::Cancelled));
        }
        let asked = record.entries.iter().any(|entry| entry.operation == Operation::Cancel && entry.state.is_open());
        if asked {
            return Some(Change::default());
        }
        let entry = Entry::new(record.order.id, Operation::Cancel, r#"{"v":"1"}"#.to_owned(), now);
        let event = NewEvent::once(EventKind::CancelRequested, &entry.id.to_string(), now);
        Some(Change { entries: vec![entry], events: vec![event], ..Change::default() })
    })
}

/// The seller's answer about a message that may have been sent. Giving it twice, or late, changes nothing.
///
/// # Errors
/// [`PaylinkError::NotAllowed`] when nothing is held.
pub fn resolve_unknown(ctx: &Context, id: OrderId, answer: UnknownAnswer) -> Result<(), PaylinkError> {
    act(ctx, id, Action::ResolveUnknown, move |record, now| {
        let mut entry = open(record)?;
        if entry.state != EntryState::Held {
            return None;
        }
        if answer == UnknownAnswer::Wait {
            entry.state = EntryState::Unknown;
            entry.wait(now, policy::SELLER_WAITS_MS);
            return Some(Change { entries: vec![entry], ..Change::default() });
        }
        let mut payload = Payload::of(&entry).ok()?;
        payload.resent_by_seller = payload.resent_by_seller.saturating_add(1);
        payload.provider_sends = answer == UnknownAnswer::SendAgain;
        entry.payload = payload.text().ok()?;
        entry.state = EntryState::Queued;
        entry.reason = None;
        entry.wait(now, 0);
        let event = NewEvent::each(EventKind::ResentBySeller, now);
        Some(Change { entries: vec![entry], events: vec![event], ..Change::default() })
    })
}

/// Records that the link was handed to an app of the phone.
///
/// # Errors
/// [`PaylinkError::NotFound`], storage errors.
pub fn mark_shared(ctx: &Context, id: OrderId, channel: &str, outcome: &str) -> Result<(), PaylinkError> {
    let now = ctx.now();
    let shared = Shared { channel: channel.to_owned(), outcome: outcome.to_owned() };
    let done = ctx.change(id, move |db| {
        let event = NewEvent::each(EventKind::Shared, now).with("channel", &*shared.channel).with("outcome", &*shared.outcome);
        if let Some(session) = links::record(db, id)?.state.session_id {
            crate::store::sessions::poll_by(db, &session, now)?;
        }
        let edit = |state: &mut orders::OrderState| {
            if shared.outcome != "cancelled" && state.delivered != Delivered::Sent {
                state.delivered = Delivered::Shared;
            }
            state.shared = Some(shared);
        };
        Ok((links::change(db, id, now, edit, &[event])?, ()))
    });
    Ok(done?)
}

/// What an action changes.
#[derive(Default)]
struct Change {
    entries: Vec<Entry>,
    events: Vec<NewEvent>,
    given_up_at: Option<i64>,
    watch_until: Option<i64>,
}

/// One action in one transaction: refused when the status, read in that same transaction, does not allow it.
fn act(
    ctx: &Context,
    id: OrderId,
    action: Action,
    plan: impl FnOnce(&Record, i64) -> Option<Change> + Send + 'static,
) -> Result<(), PaylinkError> {
    let now = ctx.now();
    let done = ctx.change(id, move |db| {
        let record = links::record(db, id)?;
        let status = record.status(now);
        let held = record.open_entry().is_some_and(|entry| entry.state == EntryState::Held);
        let allowed = crate::link::actions(status, held).contains(&action);
        let Some(change) = allowed.then(|| plan(&record, now)).flatten() else {
            return Err(PaylinkError::NotAllowed { action, status }.into());
        };
        apply(db, id, now, change)
    });
    Ok(done?)
}

fn apply(db: &Transaction<'_>, id: OrderId, now: i64, change: Change) -> StoreResult<(Vec<i64>, ())> {
    for entry in &change.entries {
        entries::save(db, entry)?;
    }
    let edit = |state: &mut orders::OrderState| {
        state.given_up_at = change.given_up_at.or(state.given_up_at);
        if change.watch_until.is_some() {
            state.watch_until = change.watch_until;
            state.watch_at = Some(now);
        }
    };
    Ok((links::change(db, id, now, edit, &change.events)?, ()))
}

fn open(record: &Record) -> Option<Entry> {
    record.open_entry().cloned()
}

/// Ends every entry. If any of them may have reached the provider, a payment is still watched for.
fn give_up(record: &Record, now: i64, server: i64, kind: EventKind) -> Change {
    let may_exist = record.entries.iter().any(|entry| entry.unclear);
    let entries = record.entries.iter().filter(|entry| entry.state.is_open()).cloned();
    Change {
        entries: entries.map(|entry| Entry { state: EntryState::Superseded, ..entry }).collect(),
        events: vec![NewEvent::once(kind, &record.order.id.to_string(), now)],
        given_up_at: Some(now),
        watch_until: may_exist.then(|| record.order.sale.expiry.ends_at(server) + policy::WATCH_AFTER_END_MS),
    }
}
