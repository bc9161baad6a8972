//! Sessions that may exist unseen: the ones that a lost answer left behind, of an order that waits for the seller, was
//! given up, or has another link. They are asked for by reference until they can no longer be paid. One that is found of
//! an order without a link becomes it; an unpaid one beside it is cancelled; a paid one wins (rule 6).

use super::create::{become_link, row};
use super::lookup::{Found, Wanted, look_by_reference};
use crate::account::Context;
use crate::clock::ProviderTime;
use crate::gateway::LinkUrl;
use crate::id::OrderId;
use crate::link::{EventKind, NewEvent, Reason, ReasonCode, SessionFacts, TransactionFacts, is_cancelled};
use crate::store::StoreResult;
use crate::store::rows::links::{self, Record};
use crate::store::rows::sessions::{self, SessionRow};
use crate::store::rows::{Entry, EntryState, Operation, orders};
use crate::sync::{self, policy};

/// Looks for the strays of orders that are due for it, once.
///
/// # Errors
/// Storage errors.
pub async fn watch_due(ctx: &Context) -> StoreResult<()> {
    let now = ctx.now();
    let due = ctx.store.read(move |db| orders::watched(db, now, policy::MIN_WATCH_MS, policy::WATCH_BATCH))?;
    for order in due {
        if !ctx.may_read() {
            return Ok(());
        }
        watch(ctx, order).await?;
    }
    Ok(())
}

async fn watch(ctx: &Context, id: OrderId) -> StoreResult<()> {
    let (record, known) = ctx.store.read(move |db| Ok((links::record(db, id)?, sessions::of_order(db, id)?)))?;
    let known_ids = known.iter().map(|session| session.id.clone()).collect();
    for session in known.into_iter().filter(|session| is_live_stray(&record, session)) {
        close(ctx, session).await?;
    }
    // An entry that is being looked up finds its sessions by itself.
    let creating = record.entries.iter().filter(|entry| entry.operation == Operation::Create);
    let at_work = |entry: &Entry| entry.state.is_workable() || entry.state == EntryState::Sending;
    if record.may_exist_unseen() && !creating.clone().any(at_work) {
        match look_by_reference(ctx, &Wanted::of(&record.order, creating).but(known_ids)).await? {
            Found::Ours(sessions) => found(ctx, &record, sessions).await?,
            Found::Doubtful(sessions) => {
                for session in &sessions {
                    doubtful(ctx, &record, session).await?;
                }
            }
            Found::Over | Found::Nothing(_) | Found::Later(_) | Found::Wait(_) => {}
        }
    }
    let (server, planned) = (ctx.server.known(), record.state.watch_at);
    let age = record.last_sent_at().map_or(i64::MAX, |at| ctx.server.best().since(at));
    ctx.change(id, move |change| {
        let next = change.at().phone.plus(policy::watch_every(age));
        let state = change.state();
        if state.watch_at != planned {
            // What was found asks for another look.
            return Ok(());
        }
        // Only the provider's own time ends it: the phone's clock may be ahead.
        let over = server.is_some_and(|server| state.watch_until.is_none_or(|until| server >= until));
        state.watch_at = (!over).then_some(next);
        Ok(())
    })
}

/// Whether a session of the order is not its link and can be paid.
fn is_live_stray(record: &Record, session: &SessionRow) -> bool {
    record.state.session_id.as_deref() != Some(session.id.as_str())
        && !is_cancelled(&session.facts)
        && session.transaction.as_ref().is_none_or(|transaction| !transaction.is_payment())
}

/// Sessions that are ours, by their marks.
async fn found(ctx: &Context, record: &Record, sessions: Vec<SessionFacts>) -> StoreResult<()> {
    let Some(entry) = record.creating() else { return Ok(()) };
    let current = record.state.session_id.as_deref();
    let mut linked = current.is_some() || !entry.state.is_open() || entry.state == EntryState::Exported;
    let mut sessions: Vec<_> = sessions.into_iter().filter(|session| current != Some(session.id.as_str())).collect();
    sessions.sort_by_key(|session| (session.transaction_id.is_none(), session.created_at));
    for session in sessions {
        let at = session.created_at.map_or_else(|| ctx.server.best(), ProviderTime::from_ms);
        if linked {
            close(ctx, row(ctx, entry, session, LinkUrl::Missing, at)).await?;
        } else {
            // It waits for the seller, or was refused as a duplicate of this very one.
            become_link(ctx, entry, session, LinkUrl::Missing, (EventKind::LinkAdopted, at)).await?;
            linked = true;
        }
    }
    Ok(())
}

/// One session of ours that is not the link: it is read, and cancelled unless somebody pays it; what was paid wins
/// (`sync` decides that). It is kept, so that it is not forgotten when that fails.
pub(super) async fn close(ctx: &Context, stray: SessionRow) -> StoreResult<()> {
    let (order, kept) = (stray.order, stray.clone());
    ctx.change(order, move |change| {
        sync::watch(change);
        if sessions::get(change.db(), &kept.id)?.is_none() { change.save_session(&kept) } else { Ok(()) }
    })?;
    let Ok(read) = sync::read(ctx, &stray).await else { return Ok(()) };
    if is_cancelled(&read.facts) || read.transaction.as_ref().is_some_and(TransactionFacts::is_payment) {
        return Ok(());
    }
    if ctx.gateway.cancel(&stray.id).await.is_err() {
        // Not now, or no longer: the next look tries again.
        return Ok(());
    }
    ctx.change(order, move |change| {
        change.tell(NewEvent::once(EventKind::StrayCancelled, &stray.id, change.at().provider));
        Ok(())
    })?;
    let _what_became_of_it = sync::read(ctx, &read).await;
    Ok(())
}

/// A session with our reference and amount that never says whose it is. It is not adopted; but if it was paid, the
/// seller hears of it, loudly and once, and an order that was given up comes back to be decided.
async fn doubtful(ctx: &Context, record: &Record, session: &SessionFacts) -> StoreResult<()> {
    let Some(transaction) = &session.transaction_id else { return Ok(()) };
    let Ok(transaction) = ctx.gateway.transaction(transaction).await else { return Ok(()) };
    if !transaction.is_payment() {
        return Ok(());
    }
    let session = session.id.clone();
    ctx.change(record.order.id, move |change| {
        let loud = NewEvent::once(EventKind::PaidAfterEnd, &session, change.at().provider).with("session", session);
        if change.is_told(&loud)? {
            return Ok(());
        }
        change.tell(loud);
        if change.record().session.is_none()
            && let Some(entry) = change.record().creating().cloned()
        {
            change.state().given_up_at = None;
            let reason = Some(Reason::new(ReasonCode::ForeignSession));
            change.save_entry(Entry { state: EntryState::Held, reason, ..entry })?;
        }
        Ok(())
    })
}
