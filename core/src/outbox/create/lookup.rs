//! Looking for sessions of an order at the provider, and what that proves (design 4).
//!
//! Presence: a hit that says our entry's id is ours; one by reference and amount that does not is read by its id,
//! and if it still says nothing it is doubtful: never adopted, and nothing is created beside it. Absence: only a
//! complete listing by creation time; a refused listing (403, 404) proves nothing and is not asked for again that day.
//!
//! A look-up costs a few requests however much was sent around it: the order's reference is searched for, on one page.
//! A listing of its own follows where it is short; where many sales went out at once, only an order that needs the proof
//! of absence, or whose reference is part of very many, waits for one, and shares it with all others (`rounds.rs`).

use super::rounds::Rounds;
use crate::account::Context;
use crate::gateway::{Fault, Listed, Outcome, SessionQuery, SignInReason, TransactionQuery};
use crate::link::{SessionFacts, is_cancelled};
use crate::order::Order;
use crate::outbox::policy;
use crate::store::{Entry, StoreResult, meta, sessions};

/// What a look-up found.
pub(in crate::outbox) enum Found {
    /// Sessions that are provably ours and can still be the link.
    Ours(Vec<SessionFacts>),
    /// Sessions with our reference and amount that do not say whose they are.
    Doubtful(Vec<SessionFacts>),
    /// A complete listing without it; when that was begun, UTC ms of the provider's clock where it is known.
    NotListed(Option<i64>),
    /// Listing is refused or too long, and no transaction tells of it.
    NotToBeKnown,
    /// No answer now.
    Later(&'static str, Option<i64>),
    /// Nothing was asked: there is more to be learnt after so many milliseconds.
    Wait(i64),
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

/// How the absence of a session can be proven.
pub(in crate::outbox) struct Proof<'a> {
    pub(in crate::outbox) rounds: &'a Rounds,
    /// Whether it must be; if not, a search that came to its end is enough.
    pub(in crate::outbox) needed: bool,
    /// It can have been made from then on, UTC ms of the provider's clock.
    pub(in crate::outbox) since: i64,
    /// By a listing that is not begun before this, UTC ms of the provider's clock.
    pub(in crate::outbox) not_before: i64,
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

    /// Where a listing begins. In unknown time it reaches back as far as it can: it may still find, it proves nothing.
    fn from(&self) -> Option<i64> {
        self.since.map(policy::listing_from)
    }
}

/// What the sessions of the provider say.
pub(super) enum Seen {
    Found(Found),
    /// Not among all of them, listed at this time.
    Absent(Option<i64>),
    /// Not found, and that proves nothing.
    Unproven,
    /// Sessions are not listed for us.
    Refused,
    /// A page in place of a list: somebody in between, or a path that does not exist.
    Page,
}

/// Asks the provider.
pub(in crate::outbox) async fn look_up(
    ctx: &Context,
    wanted: &Wanted<'_>,
    proof: Option<Proof<'_>>,
) -> StoreResult<Found> {
    let mut pages = 0;
    while !listing_refused(ctx)? {
        let absent = match see(ctx, wanted, proof.as_ref()).await? {
            Seen::Found(found) => return Ok(found),
            Seen::Absent(at) => Found::NotListed(at),
            Seen::Unproven => Found::NotToBeKnown,
            Seen::Refused => {
                refuse_listing(ctx)?;
                break;
            }
            Seen::Page => {
                pages += 1;
                if pages == policy::PAGES_IN_PLACE_OF_A_LIST {
                    // Not remembered: who says "wait" has it looked up anew.
                    break;
                }
                // If the provider answers the next question, it was not a portal.
                match by_transaction(ctx, wanted).await {
                    Found::NotToBeKnown => continue,
                    found => return Ok(found),
                }
            }
        };
        // A listing can lag; a payment shows at once.
        return Ok(match by_transaction(ctx, wanted).await {
            Found::NotToBeKnown => absent,
            found => found,
        });
    }
    Ok(by_transaction(ctx, wanted).await)
}

/// Searches and lists.
async fn see(ctx: &Context, wanted: &Wanted<'_>, proof: Option<&Proof<'_>>) -> StoreResult<Seen> {
    let from = proof.map_or_else(|| wanted.from(), |proof| Some(policy::listing_from(proof.since)));
    let newest = ctx.store.read(|db| sessions::created_before_newest(db, policy::SHORT_LISTING))?;
    let is_short = from.is_none_or(|from| newest.is_none_or(|at| at < from));
    let begun = ctx.server.known_ms();
    let due = |proof: &&Proof<'_>| begun.is_some_and(|now| now >= proof.not_before);
    if let Some(proof) = proof.filter(|proof| proof.needed && !is_short).filter(due) {
        // First of all: who has to wait for it asks nothing meanwhile.
        if let Err(seen) = proof.rounds.complete(ctx, proof).await? {
            return Ok(seen);
        }
    }
    let query = |from, max_pages| SessionQuery { created_from: from, max_pages, ..SessionQuery::default() };
    let search = SessionQuery { search: Some(wanted.order.reference.clone()), ..query(wanted.from(), 1) };
    let searched = match sift(ctx, wanted, &search).await {
        Ok(complete) => complete,
        Err(seen) => return Ok(seen),
    };
    if is_short {
        return Ok(match sift(ctx, wanted, &query(from, policy::LISTING_PAGES)).await {
            Ok(true) => Seen::Absent(begun),
            Ok(false) => Seen::Unproven,
            Err(seen) => seen,
        });
    }
    let Some(proof) = proof.filter(|proof| proof.needed || !searched) else { return Ok(Seen::Unproven) };
    if !due(&proof) {
        let wait = begun.map_or(policy::ABSENCE_PROOF_MS, |now| proof.not_before - now);
        return Ok(Seen::Found(Found::Wait(wait)));
    }
    let round = match proof.rounds.complete(ctx, proof).await? {
        Ok(round) => round,
        Err(seen) => return Ok(seen),
    };
    let mut hits = Vec::new();
    for id in round.of(&wanted.entries, &wanted.order.reference) {
        match ctx.gateway.session(id).await {
            Outcome::Accepted(session) => hits.push(session),
            other => return Ok(no_answer(&other).map_or(Seen::Unproven, Seen::Found)),
        }
    }
    Ok(choose(ctx, wanted, hits).await.map_or_else(Seen::Found, |()| Seen::Absent(Some(round.begun_at))))
}

/// One list, looked through. Gives whether it was complete and has nothing of ours.
async fn sift(ctx: &Context, wanted: &Wanted<'_>, query: &SessionQuery) -> Result<bool, Seen> {
    let Listed { items, complete } = listed(ctx, query).await?;
    choose(ctx, wanted, items).await.map_err(Seen::Found)?;
    Ok(complete)
}

async fn listed(ctx: &Context, query: &SessionQuery) -> Result<Listed<SessionFacts>, Seen> {
    match ctx.gateway.sessions(query).await {
        Outcome::Accepted(listed) => Ok(listed),
        Outcome::Rejected(rejection) if matches!(rejection.status, 403 | 404) => Err(Seen::Refused),
        Outcome::Unclear(Fault::NotJson) => Err(Seen::Page),
        other => Err(no_answer(&other).map_or(Seen::Unproven, Seen::Found)),
    }
}

/// What is ours, or may be; nothing of it is no error.
async fn choose(ctx: &Context, wanted: &Wanted<'_>, sessions: Vec<SessionFacts>) -> Result<(), Found> {
    let (mut ours, mut doubtful) = (Vec::new(), Vec::new());
    for session in sessions {
        match whose(ctx, wanted, session).await? {
            Whose::Ours(session) => ours.push(*session),
            Whose::Doubtful(session) => doubtful.push(*session),
            Whose::NotOurs => {}
        }
    }
    match (ours.is_empty(), doubtful.is_empty()) {
        (false, _) => Err(Found::Ours(ours)),
        (true, false) => Err(Found::Doubtful(doubtful)),
        (true, true) => Ok(()),
    }
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

/// Where listing is refused, only a session that somebody has begun to pay can be seen.
async fn by_transaction(ctx: &Context, wanted: &Wanted<'_>) -> Found {
    let query = TransactionQuery::Reference(wanted.order.reference.clone());
    let transactions = match ctx.gateway.transactions(&query).await {
        Outcome::Accepted(listed) => listed.items,
        other => return no_answer(&other).unwrap_or(Found::NotToBeKnown),
    };
    let mut doubtful = Vec::new();
    for session in transactions.into_iter().filter_map(|transaction| transaction.session_id) {
        let session = match ctx.gateway.session(&session).await {
            Outcome::Accepted(session) => session,
            other => match no_answer(&other) {
                Some(later) => return later,
                None => continue,
            },
        };
        match whose(ctx, wanted, session).await {
            Ok(Whose::Ours(session)) => return Found::Ours(vec![*session]),
            Ok(Whose::Doubtful(session)) => doubtful.push(*session),
            Ok(Whose::NotOurs) => {}
            Err(later) => return later,
        }
    }
    if doubtful.is_empty() { Found::NotToBeKnown } else { Found::Doubtful(doubtful) }
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
