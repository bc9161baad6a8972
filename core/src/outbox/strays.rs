//! Sessions that may exist unseen: the ones that a lost answer left behind, or an order that was given up after one.
//! They are asked for until they can no longer be paid. An unpaid stray is cancelled; a paid one wins (design rule 6).

use super::create::FOREIGN_SESSION;
use super::create::lookup::{Found, Wanted, look_up};
use super::policy;
use crate::account::Context;
use crate::gateway::Outcome;
use crate::id::OrderId;
use crate::link::{EventKind, NewEvent, Reason, SessionFacts, TransactionFacts};
use crate::store::sessions::{self, SessionRow};
use crate::store::{EntryState, Operation, StoreResult, entries, links, orders};
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
    for order in ctx.store.read(move |db| orders::watched(db, now, policy::WATCH_EVERY_MS, policy::WATCH_BATCH))? {
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
    let found = if busy { Found::NotToBeKnown } else { look_up(ctx, &wanted, None).await? };
    let current = record.state.session_id.as_deref();
    match found {
        Found::Ours(sessions) => {
            for session in sessions.into_iter().filter(|session| current != Some(session.id.as_str())) {
                stray(ctx, &record, session).await?;
            }
        }
        Found::Doubtful(sessions) => {
            for session in sessions.iter().filter(|session| current != Some(session.id.as_str())) {
                doubtful(ctx, &record, session).await?;
            }
        }
        Found::NotListed(_) | Found::NotToBeKnown | Found::Later(..) | Found::Wait(_) | Found::SignIn(_) => {}
    }
    let (now, server) = (ctx.now(), ctx.server.now());
    ctx.change(id, move |db| {
        let edit = |state: &mut orders::OrderState| {
            // Only the provider's own time ends it: the phone's clock may be ahead.
            let over = server.is_some_and(|server| state.watch_until.is_none_or(|until| server.ms >= until));
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
    if !row.transaction.as_ref().is_some_and(TransactionFacts::is_payment) {
        return Ok(());
    }
    let paid_twice =
        record.session.as_ref().and_then(|link| link.transaction.as_ref()).is_some_and(TransactionFacts::is_payment);
    let winner = row.id.clone();
    ctx.change(id, move |db| {
        let loud = NewEvent::once(EventKind::PaidAfterEnd, &winner, at).with("session", winner.as_str());
        let adopted = NewEvent::once(EventKind::LinkAdopted, &winner, at);
        let news = if paid_twice { vec![loud] } else { vec![adopted, loud] };
        let edit = |state: &mut orders::OrderState| {
            if !paid_twice {
                state.session_id = Some(winner);
            }
        };
        Ok((links::change(db, id, now, edit, &news)?, ()))
    })?;
    match &record.state.session_id {
        Some(loser) if !paid_twice && matches!(ctx.gateway.cancel(loser).await, Outcome::Accepted(_)) => {
            told(ctx, id, loser)
        }
        _ => Ok(()),
    }
}

/// A session with our reference and amount that never says whose it is. It is not adopted; but if it was paid, the
/// seller is told, loudly, and an order that was given up comes back to be decided.
async fn doubtful(ctx: &Context, record: &links::Record, session: &SessionFacts) -> StoreResult<()> {
    let Some(transaction) = &session.transaction_id else { return Ok(()) };
    let Outcome::Accepted(transaction) = ctx.gateway.transaction(transaction).await else { return Ok(()) };
    if !transaction.is_payment() {
        return Ok(());
    }
    let (id, now, at) = (record.order.id, ctx.now(), ctx.event_time());
    let loud = NewEvent::once(EventKind::PaidAfterEnd, &session.id, at).with("session", session.id.as_str());
    let creating = record.creating().cloned().filter(|_| record.session.is_none());
    ctx.change(id, move |db| {
        if let Some(mut entry) = creating {
            entry.state = EntryState::Held;
            entry.reason = Some(Reason::new(FOREIGN_SESSION));
            entries::save(db, &entry)?;
        }
        let edit = |state: &mut orders::OrderState| state.given_up_at = None;
        Ok((links::change(db, id, now, edit, &[loud])?, ()))
    })
}

fn told(ctx: &Context, order: OrderId, session: &str) -> StoreResult<()> {
    let (now, event) = (ctx.now(), NewEvent::once(EventKind::StrayCancelled, session, ctx.event_time()));
    ctx.change(order, move |db| Ok((links::change(db, order, now, |_| {}, &[event])?, ())))
}
