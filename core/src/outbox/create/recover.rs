//! After a lost answer: was the session created, or not? The provider has no idempotency key (facts 7.2), so this
//! look-up is the only thing between a lost answer and a second link.
//!
//! | the look-up finds | without provider SMS | with provider SMS |
//! |---|---|---|
//! | a session that is provably ours | adopt it | adopt it |
//! | several of ours | keep the paid one, else the one handed out, else the oldest; cancel the others | same |
//! | one with our reference and amount that never says whose it is | hold | hold |
//! | one under our reference that is somebody else's | report, go on as if absent | same |
//! | proven absent (two complete listings, the first 60 s after the attempt, the second 5 min later, in known server time) | create again | create again |
//! | nothing, but no proof; or listing refused, or long | create again: nobody has the stray's URL | look again while a proof can come, else hold for the seller |
//! | no answer | look again later | look again later |
//!
//! A refusal that followed an unclear attempt is parked only after the look-up found nothing.

use super::lookup::{Found, Proof, Wanted, look_up};
use super::rounds::Rounds;
use super::{FOREIGN_SESSION, Payload, become_link, park};
use crate::account::Context;
use crate::gateway::Outcome;
use crate::link::{Delivered, EventKind, NewEvent, SessionEventName, SessionFacts};
use crate::outbox::{cancel_is_asked, give_up, hold, latest_end, policy, watch};
use crate::sabotage::Sabotage;
use crate::store::{Entry, EntryState, StoreError, StoreResult, entries, links, orders};

/// One look-up and what follows from it.
pub(in crate::outbox) async fn attempt(ctx: &Context, rounds: &Rounds, entry: Entry) -> StoreResult<()> {
    let Some(_) = crate::outbox::ready(ctx, &entry).await? else { return Ok(()) };
    let id = entry.order;
    let Some((order, state)) = ctx.store.read(move |db| orders::get(db, id))? else {
        return Err(StoreError::decode("order", "gone"));
    };
    if Sabotage::NoLookUp.is_on() {
        return again(ctx, entry);
    }
    let wanted = Wanted::of(&order, std::iter::once(&entry));
    let payload = Payload::of(&entry)?;
    let provable = provable_from(&entry).zip(to_be_proven(&entry, &payload));
    let proof = provable.map(|(not_before, since)| Proof { rounds, needed: payload.provider_sends, since, not_before });
    match look_up(ctx, &wanted, proof).await? {
        Found::Ours(sessions) => adopt(ctx, entry, sessions, state.session_id.as_deref()).await,
        Found::Doubtful(_) => hold(ctx, entry, FOREIGN_SESSION),
        Found::NotListed(at) => not_listed(ctx, entry, at),
        Found::NotToBeKnown => not_to_be_known(ctx, entry),
        Found::Later(reason, retry_after_ms) => {
            let mut entry = entry;
            entry.attempts = entry.attempts.saturating_add(1);
            crate::outbox::wait(ctx, entry, reason, retry_after_ms)
        }
        Found::Wait(ms) => wait(ctx, entry, ms),
        Found::SignIn(reason) => crate::outbox::pause(ctx, entry, reason),
    }
}

/// Of several that are ours: the paid one, else the one handed out, else the oldest. The others are cancelled.
async fn adopt(ctx: &Context, entry: Entry, mut ours: Vec<SessionFacts>, handed_out: Option<&str>) -> StoreResult<()> {
    ours.sort_by_key(|session| {
        let paid = session.transaction_id.is_some();
        let out = Some(session.id.as_str()) == handed_out;
        (!paid, !out, session.created_at)
    });
    let mut events = Vec::new();
    let mut ours = ours.into_iter();
    let Some(kept) = ours.next() else { return Ok(()) };
    for stray in ours.filter(|stray| stray.transaction_id.is_none()) {
        if let Outcome::Accepted(_) = ctx.gateway.cancel(&stray.id).await {
            events.push(NewEvent::once(EventKind::StrayCancelled, &stray.id, ctx.event_time()));
        }
    }
    let at = kept.created_at.unwrap_or_else(|| ctx.server.best_ms());
    events.push(NewEvent::once(EventKind::LinkAdopted, &kept.id, at));
    let pushed = kept.events.iter().any(|event| event.name == SessionEventName::PushSent);
    let delivered = if pushed { Delivered::Sent } else { Delivered::Ready };
    let url = ctx.gateway.view_url(&kept.id);
    become_link(ctx, entry, kept, url, delivered, events)
}

/// Looked up again when there is more to be learnt.
fn wait(ctx: &Context, mut entry: Entry, ms: i64) -> StoreResult<()> {
    entry.wait(ctx.now(), ms);
    crate::outbox::settle(ctx, entry, Vec::new())
}

/// From when on a listing proves something about this entry, UTC ms of the provider's clock; `None` when its attempts
/// were made in unknown time and nothing can be proven.
fn provable_from(entry: &Entry) -> Option<i64> {
    let sent = entry.last_sent_at.filter(|_| entry.sent_time_known)?;
    let first = sent + policy::ABSENCE_PROOF_MS;
    Some(entry.absent_at.map_or(first, |at| first.max(at + policy::ABSENCE_AGAIN_MS)))
}

/// Since when a session may exist whose absence is not proven yet, UTC ms of the provider's clock. With a message by the
/// provider every attempt that may have arrived was proven absent before the next, unless the seller chose to send again.
fn to_be_proven(entry: &Entry, payload: &Payload) -> Option<i64> {
    let each_was = payload.provider_sends && payload.resent_by_seller == 0;
    if each_was { entry.last_sent_at } else { entry.first_sent_at }
}

/// A complete listing does not have it; `at` is when it was begun, in the provider's known time.
fn not_listed(ctx: &Context, mut entry: Entry, at: Option<i64>) -> StoreResult<()> {
    let payload = Payload::of(&entry)?;
    if !payload.provider_sends {
        return again(ctx, entry);
    }
    let Some(provable_from) = provable_from(&entry) else { return hold(ctx, entry, "may_have_been_sent") };
    let Some(at) = at else { return wait(ctx, entry, policy::ABSENCE_PROOF_MS) };
    if at < provable_from {
        return wait(ctx, entry, (provable_from - at).min(policy::ABSENCE_AGAIN_MS));
    }
    if entry.absent_at.is_some() {
        return again(ctx, entry);
    }
    // In the provider's time: the phone's clock may be set between the two.
    entry.absent_at = Some(at);
    wait(ctx, entry, policy::ABSENCE_AGAIN_MS)
}

fn not_to_be_known(ctx: &Context, entry: Entry) -> StoreResult<()> {
    if Payload::of(&entry)?.provider_sends { hold(ctx, entry, "may_have_been_sent") } else { again(ctx, entry) }
}

/// Create again, or take the refusal for what it is; or let it be, when the seller has asked to cancel meanwhile.
fn again(ctx: &Context, mut entry: Entry) -> StoreResult<()> {
    let mut payload = Payload::of(&entry)?;
    if let Some(rejection) = payload.refused.take() {
        entry.payload = payload.text()?;
        return park(ctx, entry, &rejection);
    }
    let (now, server) = (ctx.now(), ctx.server.best_ms());
    let wait = policy::back_off(&*ctx.clock, entry.attempts, None);
    ctx.change(entry.order, move |db| {
        let id = entry.order;
        if cancel_is_asked(db, id)? {
            return Ok((give_up(db, id, now, server, EventKind::Cancelled)?, ()));
        }
        entry.state = EntryState::Queued;
        entry.absent_at = None;
        entry.wait(now, wait);
        entries::save(db, &entry)?;
        let end = latest_end(&links::record(db, id)?, server);
        Ok((links::change(db, id, now, |state| watch(state, now, end), &[])?, ()))
    })
}
