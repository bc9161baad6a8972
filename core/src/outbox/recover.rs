//! After a lost answer: was the session created, or not? The provider has no idempotency key (facts 7.2), so this
//! look-up is the only thing between a lost answer and a second link.
//!
//! | the look-up finds | without provider SMS | with provider SMS |
//! |---|---|---|
//! | a session that is provably ours | adopt it | adopt it |
//! | several of ours | keep the paid one, else the one handed out, else the oldest; the others are strays | same |
//! | one with our reference and amount that never says whose it is | hold | hold |
//! | only such that are over, cancelled by somebody or expired | create again | hold for the seller: its message was sent |
//! | one under our reference that is somebody else's | say so, go on as if absent | same |
//! | proven absent (two listings with a witness, the first 60 s after the attempt, the second 5 min later, in known server time) | create again | create again |
//! | nothing, but no proof; or listing refused, or long | create again: nobody has the stray's URL | look again while a proof can come, else hold for the seller |
//! | no answer | look again later | look again later |
//!
//! Where the seller has chosen to send again, one more look is made just then; only what is found stops it. A refusal
//! that followed an unclear attempt is believed after several looks that found nothing.

use super::create::{Payload, become_link};
use super::flow::Flow;
use super::lookup::shared_listing::SharedListing;
use super::lookup::{Found, Proof, Silence, Wanted, look_up};
use super::transitions::{self, Brings, apply, give_up, hold, refused};
use super::{policy, strays};
use crate::account::Context;
use crate::clock::ProviderTime;
use crate::gateway::LinkUrl;
use crate::link::{EventKind, NewEvent, ReasonCode, SessionFacts};
use crate::sabotage::Sabotage;
use crate::store::rows::{Entry, EntryState, orders};
use crate::store::{StoreError, StoreResult};
use crate::sync::watch;

/// One look-up and what follows from it.
pub(super) async fn attempt(ctx: &Context, flow: &Flow, listing: &SharedListing, entry: Entry) -> StoreResult<()> {
    if let Err(why) = ctx.ready().await {
        return transitions::put_off(ctx, &entry.once_more(), &why);
    }
    let id = entry.order;
    let Some((order, state)) = ctx.store.read(move |db| orders::get(db, id))? else {
        return Err(StoreError::decode("order", "gone"));
    };
    if Sabotage::NoLookUp.is_on() {
        return again(ctx, &entry);
    }
    let wanted = Wanted::of(&order, std::iter::once(&entry));
    let payload = Payload::of(&entry)?;
    // The seller's choice needs no proof, and nothing is proven beside a refusal that has to be understood.
    let needed = payload.provider_sends && !payload.chosen;
    let proof = provable_from(&entry).zip(entry.first_sent_at).map(|(not_before, since)| Proof {
        listing,
        needed,
        since,
        // What was made while the request may still have been on its way proves nothing about it.
        after: entry.last_sent_at.unwrap_or(since).plus(policy::ARRIVES_WITHIN_MS),
        not_before,
    });
    match look_up(ctx, &wanted, proof).await? {
        Found::Ours(sessions) => {
            flow.found();
            adopt(ctx, &entry, sessions, state.session_id.as_deref()).await
        }
        Found::Doubtful(_) if payload.chosen => again(ctx, &entry),
        Found::Doubtful(_) => hold(ctx, &entry, ReasonCode::ForeignSession),
        // It was made, and its message was sent: another one would be the second.
        Found::Over if needed && payload.refused.is_none() => hold(ctx, &entry, ReasonCode::MayHaveBeenSent),
        Found::Over => not_found(ctx, &entry, &payload, Silence::Unproven),
        Found::Nothing(silence) => not_found(ctx, &entry, &payload, silence),
        Found::Later(why) => transitions::put_off(ctx, &entry.once_more(), &why),
        Found::Wait(_) if needed && has_waited_long(ctx, &entry) => hold(ctx, &entry, ReasonCode::MayHaveBeenSent),
        Found::Wait(ms) => look_again(ctx, &entry, ms),
    }
}

/// Of several that are ours: the paid one, else the one handed out, else the oldest. The others are closed.
async fn adopt(ctx: &Context, entry: &Entry, mut ours: Vec<SessionFacts>, handed_out: Option<&str>) -> StoreResult<()> {
    ours.sort_by_key(|session| {
        let paid = session.transaction_id.is_some();
        let out = Some(session.id.as_str()) == handed_out;
        (!paid, !out, session.created_at)
    });
    let mut ours = ours.into_iter();
    let Some(kept) = ours.next() else { return Ok(()) };
    let at = kept.created_at.map_or_else(|| ctx.server.best(), ProviderTime::from_ms);
    become_link(ctx, entry, kept, LinkUrl::Missing, (EventKind::LinkAdopted, at)).await?;
    for stray in ours {
        strays::close(ctx, super::create::row(ctx, entry, stray, LinkUrl::Missing, at)).await?;
    }
    Ok(())
}

/// A later look may tell more.
fn look_again(ctx: &Context, seen: &Entry, ms: i64) -> StoreResult<()> {
    let attempts = seen.attempts;
    let _later = apply(ctx, seen, Brings::Nothing, move |change, mut entry| {
        entry.attempts = attempts;
        entry.wait(change.at().phone, ms);
        change.save_entry(entry)
    })?;
    Ok(())
}

/// From when on a listing is evidence about this entry; `None` when its attempts were made in unknown time and nothing
/// can be proven.
fn provable_from(entry: &Entry) -> Option<ProviderTime> {
    let sent = entry.last_sent_at.filter(|_| entry.sent_time_known)?;
    let first = sent.plus(policy::ABSENCE_PROOF_MS);
    Some(entry.absent_at.map_or(first, |at| first.max(at.plus(policy::ABSENCE_AGAIN_MS))))
}

/// Nothing of it was found; what that proves is another question.
fn not_found(ctx: &Context, entry: &Entry, payload: &Payload, silence: Silence) -> StoreResult<()> {
    if let Some(rejection) = &payload.refused {
        let Some(wait) = policy::LOOKS_AFTER_REFUSAL.get(payload.looks as usize) else {
            return transitions::park(ctx, entry, refused(rejection, true), rejection);
        };
        return looked_after_refusal(ctx, entry, *wait);
    }
    if payload.chosen || !payload.provider_sends {
        return again(ctx, entry);
    }
    let Some(provable_from) = provable_from(entry) else { return hold(ctx, entry, ReasonCode::MayHaveBeenSent) };
    let begun = match silence {
        // No proof can come.
        Silence::Refused => return hold(ctx, entry, ReasonCode::MayHaveBeenSent),
        Silence::Listed { begun, witness: true } => begun,
        Silence::Listed { witness: false, .. } | Silence::Unproven => {
            return wait_for_proof(ctx, entry, policy::ABSENCE_PROOF_MS);
        }
        Silence::Failed => {
            let entry = entry.clone().once_more();
            let back_off = policy::back_off(&*ctx.clock, entry.attempts, None).min(policy::ABSENCE_PROOF_MS);
            return wait_for_proof(ctx, &entry, back_off);
        }
    };
    let Some(at) = begun else { return look_again(ctx, entry, policy::ABSENCE_PROOF_MS) };
    if at < provable_from {
        return look_again(ctx, entry, provable_from.since(at).min(policy::ABSENCE_AGAIN_MS));
    }
    if entry.absent_at.is_some() {
        return again(ctx, entry);
    }
    let _first_evidence = apply(ctx, entry, Brings::Nothing, move |change, mut entry| {
        // In the provider's time: the phone's clock may be set between the two.
        entry.absent_at = Some(at);
        entry.wait(change.at().phone, policy::ABSENCE_AGAIN_MS);
        change.save_entry(entry)
    })?;
    Ok(())
}

/// Silence alone proves nothing: something made after the attempt must show first. The seller is asked when that takes
/// too long; the sale goes on being looked for.
fn wait_for_proof(ctx: &Context, entry: &Entry, wait: i64) -> StoreResult<()> {
    let Some(asked) = entry.last_sent_at else { return hold(ctx, entry, ReasonCode::MayHaveBeenSent) };
    let age = ctx.server.best().since(asked);
    if age >= policy::QUESTION_AFTER_MS {
        return hold(ctx, entry, ReasonCode::MayHaveBeenSent);
    }
    look_again(ctx, entry, (policy::QUESTION_AFTER_MS - age).clamp(policy::FIRST_LOOK_MS, wait))
}

/// Whether a listing that many share takes longer than a seller can be left without a word.
fn has_waited_long(ctx: &Context, entry: &Entry) -> bool {
    let asked = entry.last_sent_at.map(|at| ctx.server.best().since(at));
    asked.is_none_or(|age| age >= policy::QUESTION_AFTER_MS + policy::ROUND_STALE_MS)
}

fn looked_after_refusal(ctx: &Context, seen: &Entry, wait: i64) -> StoreResult<()> {
    let _looked = apply(ctx, seen, Brings::Nothing, move |change, mut entry| {
        let mut payload = Payload::of(&entry)?;
        payload.looks = payload.looks.saturating_add(1);
        payload.put(&mut entry)?;
        entry.wait(change.at().phone, wait);
        change.save_entry(entry)
    })?;
    Ok(())
}

/// Create again; or let it be, when the seller has asked to cancel meanwhile.
fn again(ctx: &Context, seen: &Entry) -> StoreResult<()> {
    let back_off = policy::back_off(&*ctx.clock, seen.attempts, None);
    let _again = apply(ctx, seen, Brings::Nothing, move |change, mut entry| {
        watch(change);
        if change.record().is_cancel_asked() && !Sabotage::CancelNotAsked.is_on() {
            return give_up(change, EventKind::Cancelled);
        }
        let mut payload = Payload::of(&entry)?;
        let chosen = std::mem::take(&mut payload.chosen);
        payload.put(&mut entry)?;
        entry.state = EntryState::Queued;
        entry.reason = None;
        entry.absent_at = None;
        entry.wait(change.at().phone, if chosen { 0 } else { back_off });
        change.save_entry(entry)
    })?;
    Ok(())
}

/// A session under our reference that is somebody else's: it is said once, and changes nothing.
pub(super) fn say_foreign(ctx: &Context, order: crate::id::OrderId, session: &str) -> StoreResult<()> {
    let session = session.to_owned();
    ctx.change(order, move |change| {
        let told = NewEvent::once(EventKind::ForeignSession, &session, change.at().provider);
        change.tell(told.with("session", session.as_str()));
        Ok(())
    })
}
