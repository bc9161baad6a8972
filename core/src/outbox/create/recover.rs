//! After a lost answer: was the session created, or not? The provider has no idempotency key (facts 7.2), so this
//! look-up is the only thing between a lost answer and a second link.
//!
//! | the look-up finds | without provider SMS | with provider SMS |
//! |---|---|---|
//! | a session that is provably ours | adopt it | adopt it |
//! | several of ours | keep the paid one, else the one handed out, else the oldest; cancel the others | same |
//! | one with our reference and amount that never says whose it is | hold | hold |
//! | one under our reference that is somebody else's | report, go on as if absent | same |
//! | proven absent (two complete listings, 60 s apart and 60 s after the attempt, in known server time) | create again | create again |
//! | nothing, but no proof; or listing refused | create again: nobody has the stray's URL | look again while a proof can come, else hold for the seller |
//! | no answer | look again later | look again later |
//!
//! A refusal that followed an unclear attempt is parked only after the look-up found nothing.

use super::{Payload, become_link, park};
use crate::account::Context;
use crate::gateway::{Outcome, SessionQuery, SignInReason, TransactionQuery};
use crate::link::{Delivered, EventKind, NewEvent, Reason, SessionEventName, SessionFacts, is_cancelled};
use crate::order::Order;
use crate::outbox::policy;
use crate::store::{Entry, EntryState, Operation, StoreError, StoreResult, entries, links, meta, orders};

/// What a look-up found.
enum Found {
    /// Sessions that are provably ours and can still be the link.
    Ours(Vec<SessionFacts>),
    /// A session with our reference and amount that does not say whose it is.
    Doubtful,
    /// A complete listing without it.
    NotListed,
    /// Listing is refused, and no transaction tells of it.
    NotToBeKnown,
    /// No answer now.
    Later(&'static str, Option<i64>),
    /// The account must sign in.
    SignIn(SignInReason),
}

/// One look-up and what follows from it.
pub(crate) async fn attempt(ctx: &Context, entry: Entry) -> StoreResult<()> {
    let Some(_) = crate::outbox::ready(ctx, &entry).await? else { return Ok(()) };
    let id = entry.order;
    let Some((order, state)) = ctx.store.read(move |db| orders::get(db, id))? else {
        return Err(StoreError::decode("order", "gone"));
    };
    match look_up(ctx, &order, &entry).await? {
        Found::Ours(sessions) => adopt(ctx, entry, sessions, state.session_id.as_deref()).await,
        Found::Doubtful => hold(ctx, entry, "foreign_session"),
        Found::NotListed => not_listed(ctx, entry),
        Found::NotToBeKnown => not_to_be_known(ctx, entry),
        Found::Later(reason, retry_after_ms) => {
            let mut entry = entry;
            entry.attempts = entry.attempts.saturating_add(1);
            crate::outbox::wait(ctx, entry, reason, retry_after_ms)
        }
        Found::SignIn(reason) => {
            ctx.pause(reason);
            Ok(())
        }
    }
}

async fn look_up(ctx: &Context, order: &Order, entry: &Entry) -> StoreResult<Found> {
    let mut doubtful = false;
    let listed = if listing_refused(ctx)? { None } else { Some(list(ctx, entry).await) };
    let complete = match listed {
        Some(Outcome::Accepted(listed)) => {
            let mut ours = Vec::new();
            for session in listed.items {
                match whose(ctx, order, session).await {
                    Ok(Whose::Ours(session)) => ours.push(session),
                    Ok(Whose::Doubtful) => doubtful = true,
                    Ok(Whose::NotOurs) => {}
                    Err(found) => return Ok(found),
                }
            }
            if !ours.is_empty() {
                return Ok(Found::Ours(ours));
            }
            listed.complete
        }
        Some(Outcome::Rejected(rejection)) => {
            if matches!(rejection.status, 403 | 404) {
                refuse_listing(ctx)?;
            }
            false
        }
        Some(other) => match no_answer(&other) {
            Some(found) => return Ok(found),
            None => false,
        },
        None => false,
    };
    if doubtful {
        return Ok(Found::Doubtful);
    }
    if complete {
        return Ok(Found::NotListed);
    }
    by_transaction(ctx, order).await
}

/// Whose a session under our eyes is.
enum Whose {
    Ours(SessionFacts),
    Doubtful,
    NotOurs,
}

/// A hit with our order's id is ours; a hit by reference and amount without it is read by its id.
async fn whose(ctx: &Context, order: &Order, session: SessionFacts) -> Result<Whose, Found> {
    let named = session.order_id.as_deref() == Some(order.id.to_string().as_str());
    if !named && session.reference.as_deref() != Some(order.reference.as_str()) {
        return Ok(Whose::NotOurs);
    }
    let session = match ctx.gateway.session(&session.id).await {
        Outcome::Accepted(session) => session,
        other => return no_answer(&other).map_or(Ok(Whose::Doubtful), Err),
    };
    let same_amount = session.amount.is_none_or(|amount| amount == order.sale.total.minor());
    match session.order_id.as_deref() {
        Some(id) if id == order.id.to_string() && same_amount => {
            let usable = session.transaction_id.is_some() || !(is_cancelled(&session) || is_over(ctx, &session));
            Ok(if usable { Whose::Ours(session) } else { Whose::NotOurs })
        }
        Some(_) => Ok(Whose::NotOurs),
        None if same_amount && !is_cancelled(&session) => Ok(Whose::Doubtful),
        None => Ok(Whose::NotOurs),
    }
}

fn is_over(ctx: &Context, session: &SessionFacts) -> bool {
    session.expires_at.is_some_and(|end| ctx.server.best_ms() >= end)
}

async fn list(ctx: &Context, entry: &Entry) -> Outcome<crate::gateway::Listed<SessionFacts>> {
    let from = entry.first_sent_at.unwrap_or(entry.created_at) - policy::LISTING_MARGIN_MS;
    let query = SessionQuery {
        // In unknown time the listing reaches back as far as it can: it may still find, it proves nothing.
        created_from: entry.sent_time_known.then_some(from),
        created_to: None,
        search: None,
        max_pages: policy::LISTING_PAGES,
    };
    ctx.gateway.sessions(&query).await
}

/// Where listing is refused, only a session that somebody has begun to pay can be seen.
async fn by_transaction(ctx: &Context, order: &Order) -> StoreResult<Found> {
    let query = TransactionQuery::Reference(order.reference.clone());
    let transactions = match ctx.gateway.transactions(&query).await {
        Outcome::Accepted(listed) => listed.items,
        other => return Ok(no_answer(&other).unwrap_or(Found::NotToBeKnown)),
    };
    let mut found = Found::NotToBeKnown;
    for session in transactions.into_iter().filter_map(|transaction| transaction.session_id) {
        let session = match ctx.gateway.session(&session).await {
            Outcome::Accepted(session) => session,
            other => match no_answer(&other) {
                Some(later) => return Ok(later),
                None => continue,
            },
        };
        match whose(ctx, order, session).await {
            Ok(Whose::Ours(session)) => return Ok(Found::Ours(vec![session])),
            Ok(Whose::Doubtful) => found = Found::Doubtful,
            Ok(Whose::NotOurs) => {}
            Err(later) => return Ok(later),
        }
    }
    Ok(found)
}

/// What an outcome without an answer means for a look-up; `None` when there was an answer.
fn no_answer<T>(outcome: &Outcome<T>) -> Option<Found> {
    match outcome {
        Outcome::NotSent(fault) | Outcome::Unclear(fault) => Some(Found::Later(fault.code(), None)),
        Outcome::Busy { retry_after_ms } => Some(Found::Later("busy", *retry_after_ms)),
        Outcome::SignInNeeded(reason) => Some(Found::SignIn(*reason)),
        Outcome::Accepted(_) | Outcome::Rejected(_) => None,
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
            events.push(NewEvent::once(EventKind::StrayCancelled, &stray.id, ctx.now()));
        }
    }
    let at = kept.created_at.unwrap_or_else(|| ctx.server.best_ms());
    events.push(NewEvent::once(EventKind::LinkAdopted, &kept.id, at));
    let pushed = kept.events.iter().any(|event| event.name == SessionEventName::PushSent);
    let delivered = if pushed { Delivered::Sent } else { Delivered::Ready };
    let url = ctx.gateway.view_url(&kept.id);
    become_link(ctx, entry, kept, url, delivered, events)
}

/// A complete listing does not have it.
fn not_listed(ctx: &Context, mut entry: Entry) -> StoreResult<()> {
    let payload = Payload::of(&entry)?;
    if !payload.provider_sends {
        return again(ctx, entry);
    }
    if !policy::proves_absence(ctx, entry.last_sent_at, entry.sent_time_known) {
        if !entry.sent_time_known {
            return hold(ctx, entry, "may_have_been_sent");
        }
        entry.wait(ctx.now(), policy::ABSENCE_PROOF_MS);
        return crate::outbox::settle(ctx, entry, Vec::new());
    }
    let now = ctx.now();
    match entry.absent_at {
        Some(first) if now - first >= policy::ABSENCE_PROOF_MS => again(ctx, entry),
        Some(_) => {
            entry.wait(now, policy::ABSENCE_PROOF_MS);
            crate::outbox::settle(ctx, entry, Vec::new())
        }
        None => {
            entry.absent_at = Some(now);
            entry.wait(now, policy::ABSENCE_PROOF_MS);
            crate::outbox::settle(ctx, entry, Vec::new())
        }
    }
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
    let (now, end) = (ctx.now(), ctx.server.best_ms() + policy::WATCH_AFTER_END_MS);
    ctx.change(entry.order, move |db| {
        let order = entry.order;
        let expiry = orders::get(db, order)?.map_or(now, |(order, _)| order.sale.expiry.ends_at(end));
        // A stray may still come to light: it is asked for until it can no longer be paid.
        let watch = move |state: &mut orders::OrderState| {
            state.watch_until = Some(expiry);
            state.watch_at = Some(now + policy::WATCH_EVERY_MS);
        };
        let cancels = entries::of_order(db, order)?
            .iter()
            .any(|other| other.operation == Operation::Cancel && other.state.is_open());
        if cancels {
            crate::outbox::supersede_open(db, order)?;
            let event = NewEvent::once(EventKind::Cancelled, &entry.id.to_string(), now);
            let gave_up = move |state: &mut orders::OrderState| {
                watch(state);
                state.given_up_at = Some(now);
            };
            return Ok((links::change(db, order, now, gave_up, &[event])?, ()));
        }
        entry.state = EntryState::Queued;
        entry.absent_at = None;
        entry.wait(now, policy::back_off(entry.attempts, None));
        entries::save(db, &entry)?;
        Ok((links::change(db, order, now, watch, &[])?, ()))
    })
}

/// The seller decides.
fn hold(ctx: &Context, mut entry: Entry, reason: &str) -> StoreResult<()> {
    let event = NewEvent::once(EventKind::Held, &format!("{}:{}", entry.id, entry.attempts), ctx.now())
        .with("reason", reason);
    entry.state = EntryState::Held;
    entry.reason = Some(Reason::new(reason));
    crate::outbox::settle(ctx, entry, vec![event])
}

const LISTING_REFUSED_AT: &str = "listing_refused_at";

/// Whether listing was refused less than a day ago (design rule 4).
fn listing_refused(ctx: &Context) -> StoreResult<bool> {
    let now = ctx.now();
    let at = ctx.store.read(|db| meta::get(db, LISTING_REFUSED_AT))?.and_then(|text| text.parse::<i64>().ok());
    Ok(at.is_some_and(|at| (0..policy::LISTING_REFUSED_MS).contains(&(now - at))))
}

fn refuse_listing(ctx: &Context) -> StoreResult<()> {
    let now = ctx.now();
    ctx.store.write(move |db| meta::put(db, LISTING_REFUSED_AT, &now.to_string()))
}
