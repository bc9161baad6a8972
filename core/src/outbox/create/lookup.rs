//! Looking for sessions of an order at the provider, and what that proves (design 4).
//!
//! Presence: a hit that says our entry's id is ours; one by reference and amount that does not is read by its id,
//! and if it still says nothing it is doubtful: never adopted, and nothing is created beside it. Absence: only a
//! complete listing by creation time; a refused listing (403, 404) proves nothing and is not asked for again that day.

use crate::account::Context;
use crate::gateway::{Fault, Listed, Outcome, SessionQuery, SignInReason, TransactionQuery};
use crate::link::{SessionFacts, is_cancelled};
use crate::order::Order;
use crate::outbox::policy;
use crate::store::{Entry, StoreResult, meta};

/// What a look-up found.
pub(in crate::outbox) enum Found {
    /// Sessions that are provably ours and can still be the link.
    Ours(Vec<SessionFacts>),
    /// Sessions with our reference and amount that do not say whose they are.
    Doubtful(Vec<SessionFacts>),
    /// A complete listing without it.
    NotListed,
    /// Listing is refused, and no transaction tells of it.
    NotToBeKnown,
    /// No answer now.
    Later(&'static str, Option<i64>),
    /// The account must sign in.
    SignIn(SignInReason),
}

/// What is looked for: sessions that these entries of an order made.
pub(in crate::outbox) struct Wanted<'a> {
    pub(in crate::outbox) order: &'a Order,
    /// The entries, as they travel in the metadata.
    pub(in crate::outbox) entries: Vec<String>,
    /// The provider's time from which they can be; `None` where that is not known.
    pub(in crate::outbox) since: Option<i64>,
}

impl<'a> Wanted<'a> {
    /// The sessions of these entries.
    pub(in crate::outbox) fn of<'e>(order: &'a Order, entries: impl Iterator<Item = &'e Entry> + Clone) -> Self {
        let sent = |entry: &Entry| entry.first_sent_at.filter(|_| entry.sent_time_known);
        // One entry in unknown time makes all of it unknown.
        let known = entries.clone().all(|entry| entry.first_sent_at.is_none() || entry.sent_time_known);
        Self {
            order,
            entries: entries.clone().map(|entry| entry.id.to_string()).collect(),
            since: entries.filter_map(sent).min().filter(|_| known),
        }
    }
}

/// Asks the provider.
pub(in crate::outbox) async fn look_up(ctx: &Context, wanted: &Wanted<'_>) -> StoreResult<Found> {
    let mut doubtful = Vec::new();
    let listed = if listing_refused(ctx)? { None } else { Some(list(ctx, wanted.since).await) };
    let complete = match listed {
        Some(Outcome::Accepted(listed)) => {
            let mut ours = Vec::new();
            for session in listed.items {
                match whose(ctx, wanted, session).await {
                    Ok(Whose::Ours(session)) => ours.push(*session),
                    Ok(Whose::Doubtful(session)) => doubtful.push(*session),
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
        // A page in place of a list: if the provider answers the next question, it has no listing for us.
        Some(Outcome::Unclear(Fault::NotJson)) | None => false,
        Some(other) => match no_answer(&other) {
            Some(found) => return Ok(found),
            None => false,
        },
    };
    if !doubtful.is_empty() {
        return Ok(Found::Doubtful(doubtful));
    }
    // A listing can lag; a payment shows at once.
    Ok(match by_transaction(ctx, wanted).await? {
        Found::NotToBeKnown if complete => Found::NotListed,
        found => found,
    })
}

/// Whose a session under our eyes is.
enum Whose {
    Ours(Box<SessionFacts>),
    Doubtful(Box<SessionFacts>),
    NotOurs,
}

/// A hit with our entry's id is ours; a hit by reference without it is read by its id.
async fn whose(ctx: &Context, wanted: &Wanted<'_>, session: SessionFacts) -> Result<Whose, Found> {
    let order = wanted.order;
    let is_ours = |session: &SessionFacts| session.entry_id.as_ref().is_some_and(|id| wanted.entries.contains(id));
    if !is_ours(&session) && session.reference.as_deref() != Some(order.reference.as_str()) {
        return Ok(Whose::NotOurs);
    }
    let session = match ctx.gateway.session(&session.id).await {
        Outcome::Accepted(session) => session,
        other => return no_answer(&other).map_or(Ok(Whose::Doubtful(Box::new(session))), Err),
    };
    let same = session.reference.as_ref().is_none_or(|reference| *reference == order.reference)
        && session.amount.is_none_or(|amount| amount == order.sale.total.minor());
    let usable = session.transaction_id.is_some() || !(is_cancelled(&session) || is_over(ctx, &session));
    Ok(match session.entry_id {
        _ if !same || !usable => Whose::NotOurs,
        Some(_) if is_ours(&session) => Whose::Ours(Box::new(session)),
        Some(_) => Whose::NotOurs,
        None => Whose::Doubtful(Box::new(session)),
    })
}

fn is_over(ctx: &Context, session: &SessionFacts) -> bool {
    session.expires_at.is_some_and(|end| ctx.server.best_ms() >= end)
}

async fn list(ctx: &Context, since: Option<i64>) -> Outcome<Listed<SessionFacts>> {
    let query = SessionQuery {
        // In unknown time the listing reaches back as far as it can: it may still find, it proves nothing.
        created_from: since.map(|since| since - policy::LISTING_MARGIN_MS),
        created_to: None,
        search: None,
        max_pages: policy::LISTING_PAGES,
    };
    ctx.gateway.sessions(&query).await
}

/// Where listing is refused, only a session that somebody has begun to pay can be seen.
async fn by_transaction(ctx: &Context, wanted: &Wanted<'_>) -> StoreResult<Found> {
    let query = TransactionQuery::Reference(wanted.order.reference.clone());
    let transactions = match ctx.gateway.transactions(&query).await {
        Outcome::Accepted(listed) => listed.items,
        other => return Ok(no_answer(&other).unwrap_or(Found::NotToBeKnown)),
    };
    let mut doubtful = Vec::new();
    for session in transactions.into_iter().filter_map(|transaction| transaction.session_id) {
        let session = match ctx.gateway.session(&session).await {
            Outcome::Accepted(session) => session,
            other => match no_answer(&other) {
                Some(later) => return Ok(later),
                None => continue,
            },
        };
        match whose(ctx, wanted, session).await {
            Ok(Whose::Ours(session)) => return Ok(Found::Ours(vec![*session])),
            Ok(Whose::Doubtful(session)) => doubtful.push(*session),
            Ok(Whose::NotOurs) => {}
            Err(later) => return Ok(later),
        }
    }
    Ok(if doubtful.is_empty() { Found::NotToBeKnown } else { Found::Doubtful(doubtful) })
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
