//! Asking the provider what became of links. What it says is written as timeline events first and announced after.
//!
//! Payments of up to 100 links are asked for in one request; whether a link was opened is asked per session. A
//! question that gets no answer changes nothing and is asked again.

pub mod policy;

use crate::account::Context;
use crate::gateway::{Fault, Outcome, TransactionQuery};
use crate::link::{
    Delivered, EventKind, LinkStatus, NewEvent, SessionFacts, Stage, TransactionFacts, derive, observed,
};
use crate::store::sessions::{self, SessionRow};
use crate::store::{StoreResult, events, links, orders};
use futures_util::stream::{self, StreamExt};
use std::collections::HashMap;

/// Asks about every link that is due, once. Gives how many were asked about.
///
/// # Errors
/// Storage errors.
pub async fn poll_due(ctx: &Context) -> StoreResult<usize> {
    if !ctx.may_send() {
        return Ok(0);
    }
    let now = ctx.now();
    let due = ctx.store.read(move |db| sessions::due(db, now, policy::BATCH))?;
    if due.is_empty() {
        return Ok(0);
    }
    let paid = match payments(ctx, &due).await {
        Outcome::Accepted(paid) => Some(paid),
        // Not to be had as a list: each session says whether it has a transaction.
        Outcome::Rejected(_) | Outcome::Unclear(_) => None,
        Outcome::SignInNeeded(reason) => {
            ctx.pause(reason);
            return Ok(0);
        }
        Outcome::NotSent(_) | Outcome::Busy { .. } => {
            postpone(ctx, &due)?;
            return Ok(due.len());
        }
    };
    let asked = due.len();
    let paid = paid.as_ref();
    // In one task: one after the other where the transport blocks, and a panic is not swallowed.
    stream::iter(due)
        .for_each_concurrent(policy::SIDE_BY_SIDE, |row| async move {
            let known = paid.and_then(|paid| paid.get(&row.id).cloned());
            if let Err(error) = poll(ctx, row, known).await {
                tracing::error!(%error, "a link's news could not be stored");
            }
        })
        .await;
    Ok(asked)
}

/// The transactions of these sessions, by session id.
async fn payments(ctx: &Context, due: &[SessionRow]) -> Outcome<HashMap<String, TransactionFacts>> {
    let query = TransactionQuery::Sessions(due.iter().map(|row| row.id.clone()).collect());
    let by_session = |listed: Vec<TransactionFacts>| {
        listed.into_iter().filter_map(|one| one.session_id.clone().map(|id| (id, one))).collect()
    };
    match ctx.gateway.transactions(&query).await.accepted() {
        Ok(listed) => Outcome::Accepted(by_session(listed.items)),
        Err(other) => other,
    }
}

/// One link. `known` is its transaction where the list has it.
async fn poll(ctx: &Context, row: SessionRow, known: Option<TransactionFacts>) -> StoreResult<()> {
    match ask(ctx, &row.id, known).await {
        Outcome::Accepted((session, transaction)) => keep(ctx, row, session, transaction).map(|_| ()),
        Outcome::SignInNeeded(reason) => {
            ctx.pause(reason);
            Ok(())
        }
        _ => postpone(ctx, std::slice::from_ref(&row)),
    }
}

/// Reads one session and its transaction now, and keeps what they say.
pub async fn read(ctx: &Context, row: &SessionRow) -> Outcome<SessionRow> {
    let (session, transaction) = match ask(ctx, &row.id, None).await.accepted() {
        Ok(answer) => answer,
        Err(other) => return other,
    };
    match keep(ctx, row.clone(), session, transaction) {
        Ok(row) => Outcome::Accepted(row),
        Err(error) => {
            tracing::error!(%error, "a link's news could not be stored");
            Outcome::NotSent(Fault::Cut)
        }
    }
}

/// A session, and its transaction if it has one that is not `known` yet.
async fn ask(
    ctx: &Context,
    id: &str,
    known: Option<TransactionFacts>,
) -> Outcome<(SessionFacts, Option<TransactionFacts>)> {
    let session = match ctx.gateway.session(id).await.accepted() {
        Ok(session) => session,
        Err(other) => return other,
    };
    match (known, &session.transaction_id) {
        (None, Some(id)) => match ctx.gateway.transaction(id).await.accepted() {
            Ok(transaction) => Outcome::Accepted((session, Some(transaction))),
            Err(other) => other,
        },
        (known, _) => Outcome::Accepted((session, known)),
    }
}

/// Writes what the provider said: facts, new events, the status, and when to ask again; all in one transaction.
fn keep(
    ctx: &Context,
    row: SessionRow,
    mut session: SessionFacts,
    transaction: Option<TransactionFacts>,
) -> StoreResult<SessionRow> {
    let (now, server) = (ctx.now(), ctx.server.best_ms());
    ctx.change(row.order, move |db| {
        // What the provider leaves out of a read stays as it was learnt at the creation.
        session.expires_at = session.expires_at.or(row.facts.expires_at);
        let order = row.order;
        let transaction = transaction.or_else(|| row.transaction.clone());
        let status = derive(Stage::Created, Some(&session), transaction.as_ref(), server);
        if session == row.facts && transaction == row.transaction && status != LinkStatus::Expired {
            let next = policy::next_poll(status, row.changed_at, row.facts.expires_at, now);
            sessions::asked(db, &row.id, now, next)?;
            return Ok((Vec::new(), SessionRow { read_at: Some(now), next_poll_at: next, ..row }));
        }
        let mut row = SessionRow { facts: session, transaction, read_at: Some(now), ..row };
        let mut news = observed(&row.facts, row.transaction.as_ref(), server);
        sessions::save(db, &row)?;
        let record = links::record(db, order)?;
        let is_link = record.session.as_ref().is_some_and(|link| link.id == row.id);
        if !is_link {
            // Of a session that is not the link, only money matters.
            news.retain(|event| event.kind.is_payment());
        } else if status == LinkStatus::Expired {
            let end = row.facts.expires_at.unwrap_or(server);
            news.push(NewEvent::once(EventKind::Expired, &row.id, end));
        }
        let ended = [EventKind::Expired, EventKind::Cancelled, EventKind::Discarded];
        if let Some(payment) = news.iter().find(|event| event.kind.is_payment()).cloned() {
            let mut over = false;
            for kind in ended {
                over |= events::has(db, order, kind)?;
            }
            if over {
                news.push(NewEvent::once(EventKind::PaidAfterEnd, &row.id, payment.at));
            }
        }
        let pushed = news.iter().any(|event| event.kind == EventKind::PushSent);
        let edit = |state: &mut orders::OrderState| {
            if pushed {
                state.delivered = Delivered::Sent;
            }
        };
        let cursors = links::change(db, order, server, edit, &news)?;
        if !cursors.is_empty() {
            row.changed_at = now;
        }
        row.next_poll_at = policy::next_poll(status, row.changed_at, row.facts.expires_at, now);
        sessions::save(db, &row)?;
        Ok((cursors, row))
    })
}

/// No answer: asked again a little later, and a link whose time is over shows so without the network.
fn postpone(ctx: &Context, rows: &[SessionRow]) -> StoreResult<()> {
    let (now, server) = (ctx.now(), ctx.server.best_ms());
    for row in rows.iter().cloned() {
        ctx.change(row.order, move |db| {
            let order = row.order;
            let id = row.id.clone();
            let at = now + policy::AFTER_FAILURE_MS;
            sessions::save(db, &SessionRow { next_poll_at: Some(at), ..row })?;
            let expired = links::record(db, order)?.status(server) == LinkStatus::Expired;
            let event = expired.then(|| NewEvent::once(EventKind::Expired, &id, server));
            let news: Vec<NewEvent> = event.into_iter().collect();
            Ok((links::change(db, order, server, |_| {}, &news)?, ()))
        })?;
    }
    Ok(())
}
