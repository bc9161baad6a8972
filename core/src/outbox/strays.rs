//! Sessions that may exist unseen: the ones that a lost answer left behind, or an order that was given up after one.
//! They are asked for until they can no longer be paid. An unpaid stray is cancelled; a paid one wins (design rule 6).

use super::create::lookup::{Found, Wanted, look_up};
use super::policy;
use crate::account::Context;
use crate::gateway::Outcome;
use crate::id::OrderId;
use crate::link::{EventKind, NewEvent, SessionFacts};
use crate::store::sessions::{self, SessionRow};
use crate::store::{Operation, StoreResult, links, orders};
use crate::sync;

/// Looks for the strays of orders that are due for it, once.
///
/// # Errors
/// Storage errors.
pub async fn watch_due(ctx: &Context) -> StoreResult<()> {
    if !ctx.may_send() {
        return Ok(());
    }
    let now = ctx.now();
    for order in ctx.store.read(move |db| orders::watched(db, now, policy::WATCH_BATCH))? {
        watch(ctx, order).await?;
    }
    Ok(())
}

async fn watch(ctx: &Context, id: OrderId) -> StoreResult<()> {
    let record = ctx.store.read(move |db| links::record(db, id))?;
    // An entry that is still being looked up finds its sessions by itself.
    let creating = record.entries.iter().filter(|entry| entry.operation == Operation::Create);
    let busy = creating.clone().any(|entry| entry.state.is_open());
    let wanted = Wanted::of(&record.order, creating);
    if !busy && let Found::Ours(sessions) = look_up(ctx, &wanted).await? {
        for session in sessions {
            if record.state.session_id.as_deref() != Some(session.id.as_str()) {
                stray(ctx, &record, session).await?;
            }
        }
    }
    let (now, server) = (ctx.now(), ctx.server.best_ms());
    ctx.change(id, move |db| {
        let edit = |state: &mut orders::OrderState| {
            let over = state.watch_until.is_none_or(|until| server >= until);
            state.watch_at = (!over).then_some(now + policy::WATCH_EVERY_MS);
        };
        Ok((links::change(db, id, now, edit, &[])?, ()))
    })
}

/// One session that is ours and not the link.
async fn stray(ctx: &Context, record: &links::Record, session: SessionFacts) -> StoreResult<()> {
    if session.transaction_id.is_none() {
        return match ctx.gateway.cancel(&session.id).await {
            Outcome::Accepted(_) => told(ctx, record.order.id, &session.id),
            // Not now, or no longer: the next pass reads it again.
            _ => Ok(()),
        };
    }
    let Some(entry) = record.creating().map(|entry| entry.id) else { return Ok(()) };
    let (id, now, at) = (record.order.id, ctx.now(), ctx.event_time());
    let row = SessionRow {
        url: ctx.gateway.view_url(&session.id),
        id: session.id.clone(),
        order: id,
        entry,
        created_at: session.created_at.unwrap_or(now),
        facts: session,
        transaction: None,
        read_at: None,
        changed_at: now,
        next_poll_at: Some(now),
    };
    // Somebody has begun to pay it: read what became of that, and let a payment win over the link at hand.
    let kept = row.clone();
    ctx.store.write(move |db| sessions::save(db, &kept))?;
    let Outcome::Accepted(row) = sync::read(ctx, &row).await else { return Ok(()) };
    let paid = row.transaction.as_ref().is_some_and(|transaction| transaction.sum("AUTHORIZE") > 0);
    if !paid {
        return Ok(());
    }
    let winner = row.id.clone();
    ctx.change(id, move |db| {
        let adopted = NewEvent::once(EventKind::LinkAdopted, &winner, at);
        let loud = NewEvent::once(EventKind::PaidAfterEnd, &winner, at);
        let edit = |state: &mut orders::OrderState| state.session_id = Some(winner);
        Ok((links::change(db, id, now, edit, &[adopted, loud])?, ()))
    })?;
    match &record.state.session_id {
        Some(loser) if matches!(ctx.gateway.cancel(loser).await, Outcome::Accepted(_)) => told(ctx, id, loser),
        _ => Ok(()),
    }
}

fn told(ctx: &Context, order: OrderId, session: &str) -> StoreResult<()> {
    let (now, event) = (ctx.now(), NewEvent::once(EventKind::StrayCancelled, session, ctx.event_time()));
    ctx.change(order, move |db| Ok((links::change(db, order, now, |_| {}, &[event])?, ())))
}
