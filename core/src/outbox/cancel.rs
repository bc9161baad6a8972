//! Cancelling a session. It is read before and after: paid wins (rule 6), and only a session that was seen
//! cancelled counts as cancelled. Every step can be repeated, so an unclear one simply starts over.

use super::transitions::{self, Brings, apply};
use crate::account::Context;
use crate::gateway::{Answer, NotDone, Rejection};
use crate::link::{EventKind, NewEvent, Reason, ReasonCode, TransactionFacts, TransactionStatus, is_cancelled};
use crate::store::StoreResult;
use crate::store::rows::sessions::SessionRow;
use crate::store::rows::{Entry, EntryState, links};
use crate::sync;

/// Looks for a reservation to be released, at intervals that grow to five minutes: about an hour.
const LOOKS_FOR_A_RELEASE: u32 = 18;

/// One attempt.
pub(super) async fn attempt(ctx: &Context, entry: Entry) -> StoreResult<()> {
    let id = entry.order;
    let Some(session) = ctx.store.read(move |db| Ok(links::record(db, id)?.session))? else {
        return end(ctx, &entry, EntryState::Superseded, None);
    };
    match cancelled(ctx, &session).await {
        Ok(End::Cancelled) => end(ctx, &entry, EntryState::Done, None),
        Ok(End::Paid) => end(ctx, &entry, EntryState::Superseded, None),
        Ok(End::Refused(rejection)) if rejection.status == 403 => {
            transitions::forbidden(ctx, &entry, || end(ctx, &entry, EntryState::Superseded, Some(rejection)))
        }
        Ok(End::Refused(rejection)) => end(ctx, &entry, EntryState::Superseded, Some(rejection)),
        // The session is over, and what was reserved is not released after an hour of looks: there is no more to do.
        Ok(End::Releasing) if entry.attempts >= LOOKS_FOR_A_RELEASE => end(ctx, &entry, EntryState::Done, None),
        // Not seen yet: what the provider does later shows later.
        Ok(End::NotYet | End::Releasing) => transitions::wait(ctx, &entry.once_more(), ReasonCode::NotAllowed, None),
        Err(why) => transitions::put_off(ctx, &entry.once_more(), &why),
    }
}

/// How an attempt ended.
enum End {
    Cancelled,
    Paid,
    Refused(Rejection),
    /// Cancelled, but what was reserved shows as if it still were.
    Releasing,
    NotYet,
}

async fn cancelled(ctx: &Context, session: &SessionRow) -> Answer<End> {
    ctx.ready().await?;
    match state(ctx, session).await? {
        State::Cancelled => return Ok(End::Cancelled),
        State::Paid => return Ok(End::Paid),
        State::Releasing => return Ok(End::Releasing),
        State::Open => {}
    }
    if !ctx.store.is_open() {
        return Ok(End::NotYet);
    }
    let refused = match ctx.gateway.cancel(&session.id).await {
        Ok(_) | Err(NotDone::Pending { .. }) => None,
        Err(NotDone::Rejected(rejection) | NotDone::Forbidden(rejection)) => Some(rejection),
        Err(why) => return Err(why),
    };
    Ok(match state(ctx, session).await? {
        State::Cancelled => End::Cancelled,
        State::Paid => End::Paid,
        State::Releasing => End::Releasing,
        State::Open => refused.map_or(End::NotYet, End::Refused),
    })
}

/// Where the session stands, as far as cancelling cares.
enum State {
    /// Nothing is reserved, or what is can be released.
    Open,
    Paid,
    Releasing,
    Cancelled,
}

/// Reads session and transaction, and keeps what they say.
async fn state(ctx: &Context, session: &SessionRow) -> Answer<State> {
    let row = sync::read(ctx, session).await?;
    Ok(match row.transaction.as_ref().and_then(standing) {
        Some(State::Open) if is_cancelled(&row.facts) => State::Releasing,
        Some(state) => state,
        None if is_cancelled(&row.facts) => State::Cancelled,
        None => State::Open,
    })
}

const fn standing(transaction: &TransactionFacts) -> Option<State> {
    match transaction.status {
        TransactionStatus::Captured
        | TransactionStatus::PartiallyCaptured
        | TransactionStatus::PartiallyCapturedRefunded
        | TransactionStatus::Refunded
        | TransactionStatus::PartiallyRefunded => Some(State::Paid),
        TransactionStatus::Authorized | TransactionStatus::OnHold => Some(State::Open),
        _ => None,
    }
}

/// It is over, with the provider's words where it refused.
fn end(ctx: &Context, seen: &Entry, state: EntryState, refused: Option<Rejection>) -> StoreResult<()> {
    let _ended = apply(ctx, seen, Brings::Nothing, move |change, mut entry| {
        if let Some(rejection) = refused {
            let told = NewEvent::once(EventKind::Rejected, &entry.id.to_string(), change.at().provider);
            change.tell(told.with("status", rejection.status.to_string()));
            entry.reason = Some(Reason { code: ReasonCode::Rejected.into(), detail: Some(rejection.words()) });
        }
        entry.state = state;
        change.save_entry(entry)
    })?;
    Ok(())
}
