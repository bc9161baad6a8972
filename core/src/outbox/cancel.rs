//! Cancelling a session. It is read before and after: paid wins (design rule 6), and only a session that was seen
//! cancelled counts as cancelled. Every step can be repeated, so an unclear one simply starts over.

use crate::account::Context;
use crate::gateway::{Outcome, Rejection};
use crate::link::{EventKind, NewEvent, Reason, TransactionFacts, TransactionStatus, is_cancelled};
use crate::store::sessions::SessionRow;
use crate::store::{Entry, EntryState, StoreResult, links};
use crate::sync;

/// One attempt.
pub(crate) async fn attempt(ctx: &Context, entry: Entry) -> StoreResult<()> {
    let Some(_) = crate::outbox::ready(ctx, &entry).await? else { return Ok(()) };
    let id = entry.order;
    let Some(session) = ctx.store.read(move |db| Ok(links::record(db, id)?.session))? else {
        return end(ctx, entry, EntryState::Superseded, Vec::new());
    };
    match state(ctx, &session).await {
        Outcome::Accepted(State::Cancelled) => return end(ctx, entry, EntryState::Done, Vec::new()),
        Outcome::Accepted(State::Paid) => return end(ctx, entry, EntryState::Superseded, Vec::new()),
        Outcome::Accepted(State::Open | State::Reserved) => {}
        other => return retry(ctx, entry, other),
    }
    let outcome = ctx.gateway.cancel(&session.id).await;
    let refused = match outcome {
        Outcome::Rejected(rejection) => Some(rejection),
        Outcome::Accepted(_) => None,
        other => return retry(ctx, entry, other),
    };
    match state(ctx, &session).await {
        Outcome::Accepted(State::Cancelled) => end(ctx, entry, EntryState::Done, Vec::new()),
        Outcome::Accepted(State::Paid) => end(ctx, entry, EntryState::Superseded, Vec::new()),
        Outcome::Accepted(State::Open | State::Reserved) => match refused {
            Some(rejection) => park(ctx, entry, rejection),
            None => crate::outbox::wait(ctx, entry, "not_allowed", None),
        },
        other => retry(ctx, entry, other),
    }
}

/// Where the session stands, as far as cancelling cares.
enum State {
    Open,
    Reserved,
    Paid,
    Cancelled,
}

/// Reads session and transaction, and keeps what they say.
async fn state(ctx: &Context, session: &SessionRow) -> Outcome<State> {
    match sync::read(ctx, session).await.accepted() {
        Ok(row) => Outcome::Accepted(match row.transaction.as_ref().and_then(standing) {
            Some(state) => state,
            None if is_cancelled(&row.facts) => State::Cancelled,
            None => State::Open,
        }),
        Err(other) => other,
    }
}

fn standing(transaction: &TransactionFacts) -> Option<State> {
    match transaction.status {
        TransactionStatus::Captured
        | TransactionStatus::PartiallyCaptured
        | TransactionStatus::PartiallyCapturedRefunded
        | TransactionStatus::Refunded
        | TransactionStatus::PartiallyRefunded => Some(State::Paid),
        TransactionStatus::Authorized | TransactionStatus::OnHold => Some(State::Reserved),
        _ => None,
    }
}

fn retry<T>(ctx: &Context, mut entry: Entry, outcome: Outcome<T>) -> StoreResult<()> {
    if !matches!(outcome, Outcome::SignInNeeded(_)) {
        entry.attempts = entry.attempts.saturating_add(1);
    }
    match outcome {
        Outcome::NotSent(fault) | Outcome::Unclear(fault) => crate::outbox::wait(ctx, entry, fault.code(), None),
        Outcome::Busy { retry_after_ms } => crate::outbox::wait(ctx, entry, "busy", retry_after_ms),
        Outcome::SignInNeeded(reason) => crate::outbox::pause(ctx, entry, reason),
        Outcome::Rejected(rejection) => park(ctx, entry, rejection),
        Outcome::Accepted(_) => Ok(()),
    }
}

fn park(ctx: &Context, mut entry: Entry, rejection: Rejection) -> StoreResult<()> {
    let event = NewEvent::once(EventKind::Rejected, &entry.id.to_string(), ctx.event_time())
        .with("status", rejection.status.to_string());
    entry.reason = Some(Reason { code: "rejected".to_owned(), detail: Some(rejection.message) });
    end(ctx, entry, EntryState::Superseded, vec![event])
}

fn end(ctx: &Context, mut entry: Entry, state: EntryState, events: Vec<NewEvent>) -> StoreResult<()> {
    entry.state = state;
    crate::outbox::settle(ctx, entry, events)
}
