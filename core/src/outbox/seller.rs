//! What the seller does to the queue: save a sale, try again, give up, cancel, answer. Each is one durable
//! transaction; the worker sends later.

use super::create::Payload;
use super::{give_up, latest_end, policy, watch};
use crate::account::Context;
use crate::error::PaylinkError;
use crate::id::{EntryId, OrderId, new_tag};
use crate::link::{Action, Delivered, EventKind, NewEvent, Shared};
use crate::order::{Draft, Order, Problem, parse};
use crate::store::links::Record;
use crate::store::{Entry, EntryState, Operation, entries, links, meta, orders, sessions};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

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

/// Saves a sale: order, outbox entry and first event in one transaction (design rule 1). What was saved is read in
/// that same transaction, so that nothing can fail once it is on the disk.
///
/// # Errors
/// [`PaylinkError::Refused`] with every problem; storage errors. Nothing was saved then.
pub fn create(ctx: &Context, draft: &Draft) -> Result<Record, PaylinkError> {
    let sale = parse(draft, &ctx.rules()).map_err(|problems| PaylinkError::Refused { problems })?;
    let (now, prefix) = (ctx.now(), ctx.settings.reference_prefix.clone());
    let id = OrderId::generate(&*ctx.clock);
    let entry = EntryId::generate(&*ctx.clock);
    let clock = Arc::clone(&ctx.clock);
    ctx.change(id, move |db| {
        let reference = match &sale.reference {
            Some(reference) if orders::has_reference(db, reference)? => {
                let problems = vec![Problem::on("reference", "already_used")];
                return Err(PaylinkError::Refused { problems }.into());
            }
            Some(reference) => reference.clone(),
            None => meta::next_reference(db, &prefix, || new_tag(&*clock))?,
        };
        let entry = Entry::new(entry, id, Operation::Create, Payload::new(sale.delivery).text()?, now);
        let order = Order { id, reference, created_at: now, sale };
        orders::insert(db, &order)?;
        entries::save(db, &entry)?;
        let saved = NewEvent::once(EventKind::Saved, &id.to_string(), now);
        let cursors = links::change(db, id, now, |_| {}, &[saved])?;
        Ok((cursors, links::record(db, id)?))
    })
    .map_err(PaylinkError::from)
}

/// Tries again now what waits or was refused.
///
/// # Errors
/// [`PaylinkError::NotAllowed`] where there is nothing to try again.
pub fn retry(ctx: &Context, id: OrderId) -> Result<Record, PaylinkError> {
    let now = ctx.now();
    act(ctx, id, Action::Retry, move |record| {
        let mut entry = record.open_entry()?.clone();
        if matches!(entry.state, EntryState::Parked | EntryState::Held) {
            let mut payload = Payload::of(&entry).ok()?;
            payload.confirmed_at = Some(now);
            entry.payload = payload.text().ok()?;
            entry.state = if entry.unclear { EntryState::Unknown } else { EntryState::Queued };
            entry.reason = None;
        }
        entry.wait(now, 0);
        Some(Plan::Save(Box::new(entry), None))
    })
}

/// Gives up a sale that has no link. What may exist at the provider is still watched for (design 4).
///
/// # Errors
/// [`PaylinkError::NotAllowed`] once there is a link.
pub fn discard(ctx: &Context, id: OrderId) -> Result<Record, PaylinkError> {
    act(ctx, id, Action::Discard, |_| Some(Plan::GiveUp(EventKind::Discarded)))
}

/// Cancels: at once what was never sent, else by an operation at the provider.
///
/// # Errors
/// [`PaylinkError::NotAllowed`] when the status does not allow it.
pub fn cancel(ctx: &Context, id: OrderId) -> Result<Record, PaylinkError> {
    let (now, at) = (ctx.now(), ctx.event_time());
    let cancelling = EntryId::generate(&*ctx.clock);
    act(ctx, id, Action::Cancel, move |record| {
        let never_sent =
            |entry: &Entry| matches!(entry.state, EntryState::Queued | EntryState::Waiting) && !entry.unclear;
        if record.session.is_none() && record.entries.iter().all(never_sent) {
            return Some(Plan::GiveUp(EventKind::Cancelled));
        }
        let asked = |entry: &Entry| entry.operation == Operation::Cancel && entry.state.is_open();
        if record.entries.iter().any(asked) {
            return Some(Plan::Nothing);
        }
        let entry = Entry::new(cancelling, record.order.id, Operation::Cancel, CANCEL_PAYLOAD.to_owned(), now);
        let event = NewEvent::once(EventKind::CancelRequested, &entry.id.to_string(), at);
        Some(Plan::Save(Box::new(entry), Some(event)))
    })
}

/// A cancel needs nothing besides its order.
const CANCEL_PAYLOAD: &str = r#"{"v":"1"}"#;

/// The seller's answer about a message that may have been sent. Giving it late, when nothing is held any more,
/// changes nothing.
///
/// # Errors
/// [`PaylinkError::NotAllowed`] when nothing is held.
pub fn resolve_unknown(ctx: &Context, id: OrderId, answer: UnknownAnswer) -> Result<Record, PaylinkError> {
    let (now, at) = (ctx.now(), ctx.event_time());
    act(ctx, id, Action::ResolveUnknown, move |record| {
        let mut entry = record.open_entry()?.clone();
        if answer == UnknownAnswer::Wait {
            entry.state = EntryState::Unknown;
            entry.wait(now, policy::SELLER_WAITS_MS);
            return Some(Plan::Save(Box::new(entry), None));
        }
        let mut payload = Payload::of(&entry).ok()?;
        payload.resent_by_seller = payload.resent_by_seller.saturating_add(1);
        payload.provider_sends = answer == UnknownAnswer::SendAgain;
        entry.payload = payload.text().ok()?;
        entry.state = EntryState::Queued;
        entry.reason = None;
        entry.wait(now, 0);
        Some(Plan::Resend(Box::new(entry), NewEvent::each(EventKind::ResentBySeller, at)))
    })
}

/// Records that the link was handed to an app of the phone.
///
/// # Errors
/// [`PaylinkError::NotFound`], storage errors.
pub fn mark_shared(ctx: &Context, id: OrderId, channel: &str, outcome: &str) -> Result<Record, PaylinkError> {
    let (now, at) = (ctx.now(), ctx.event_time());
    let shared = Shared { channel: channel.to_owned(), outcome: outcome.to_owned() };
    let done = ctx.change(id, move |db| {
        // Two apps may be named within one millisecond; the same app and outcome twice is one event.
        let what = format!("{at}:{}:{}", shared.channel, shared.outcome);
        let event = NewEvent::once(EventKind::Shared, &what, at)
            .with("channel", &*shared.channel)
            .with("outcome", &*shared.outcome);
        if let Some(session) = links::record(db, id)?.state.session_id {
            sessions::poll_by(db, &session, now)?;
        }
        let edit = |state: &mut orders::OrderState| {
            if shared.outcome != "cancelled" && state.delivered != Delivered::Sent {
                state.delivered = Delivered::Shared;
            }
            state.shared = Some(shared);
        };
        let cursors = links::change(db, id, now, edit, &[event])?;
        Ok((cursors, links::record(db, id)?))
    });
    Ok(done?)
}

/// What an action changes.
enum Plan {
    Nothing,
    Save(Box<Entry>, Option<NewEvent>),
    GiveUp(EventKind),
    /// What may have been sent before is watched for.
    Resend(Box<Entry>, NewEvent),
}

/// One action in one transaction: refused when the status, read in that same transaction, does not allow it.
fn act(
    ctx: &Context,
    id: OrderId,
    action: Action,
    plan: impl FnOnce(&Record) -> Option<Plan> + Send + 'static,
) -> Result<Record, PaylinkError> {
    let (now, server) = (ctx.now(), ctx.server.best_ms());
    let done = ctx.change(id, move |db| {
        let record = links::record(db, id)?;
        let status = record.status(server);
        let plan = record.actions(status).contains(&action).then(|| plan(&record)).flatten();
        let cursors = match plan {
            None => return Err(PaylinkError::NotAllowed { action, status }.into()),
            Some(Plan::Nothing) => Vec::new(),
            Some(Plan::GiveUp(kind)) => give_up(db, id, now, server, kind)?,
            Some(Plan::Resend(entry, event)) => {
                entries::save(db, &entry)?;
                let end = latest_end(&record, server);
                links::change(db, id, now, |state| watch(state, now, end), &[event])?
            }
            Some(Plan::Save(entry, event)) => {
                entries::save(db, &entry)?;
                links::change(db, id, now, |_| {}, event.as_slice())?
            }
        };
        // Read here, so that nothing can fail once it is on the disk.
        Ok((cursors, links::record(db, id)?))
    });
    Ok(done?)
}
