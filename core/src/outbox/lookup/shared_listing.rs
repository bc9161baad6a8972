//! The listing of sessions by creation time, shared by all entries whose absence is to be proven: with thousands of
//! sales sent at once it has a hundred pages, and a listing for each would never end.
//!
//! A round is one complete listing of what was created up to the moment at which it begins. It lives in memory only.
//! A page that is lost costs that page: whoever is looked up next goes on where it broke off. The longer the last round
//! was, the later the next one begins, so that more entries share it.

use super::{Found, Listing, Silence, Wanted, refusals};
use crate::account::Context;
use crate::clock::ProviderTime;
use crate::gateway::{Listed, NotDone, SessionQuery};
use crate::link::SessionFacts;
use crate::outbox::policy;
use crate::store::StoreResult;
use crate::store::rows::entries;
use std::collections::HashSet;
use std::sync::Arc;
use tokio::sync::Mutex;

/// The rounds of an open core.
#[derive(Default)]
pub(in crate::outbox) struct SharedListing(Mutex<State>);

#[derive(Default)]
struct State {
    under_way: Option<Round>,
    complete: Option<Arc<Round>>,
}

/// One listing.
pub(in crate::outbox) struct Round {
    /// What was created before this is not in it, by the provider's `created_at`.
    from: ProviderTime,
    /// When it was begun.
    pub(super) begun_at: ProviderTime,
    pages: i64,
    /// Pages that were lost since the last one that came.
    lost: u32,
    sightings: Vec<Sighting>,
}

/// As much of a session as shows whose it may be.
struct Sighting {
    id: String,
    created_at: Option<i64>,
    mark: Mark,
}

enum Mark {
    /// Our order's id, our entry's id.
    Ids(Option<String>, Option<String>),
    /// Of a session that does not say which entry made it.
    Reference(String),
    None,
}

impl Sighting {
    fn of(session: SessionFacts) -> Self {
        let mark = match (session.order_id, session.entry_id, session.reference) {
            (None, None, Some(reference)) => Mark::Reference(reference),
            (None, None, None) => Mark::None,
            (order, entry, _) => Mark::Ids(order, entry),
        };
        Self { id: session.id, created_at: session.created_at, mark }
    }
}

enum Progress {
    More,
    Complete,
    Endless,
}

impl Round {
    fn serves(&self, from: ProviderTime, not_before: ProviderTime) -> bool {
        self.from <= from && self.begun_at >= not_before
    }

    /// The ids of sessions that may be the wanted ones.
    pub(super) fn of<'a>(&'a self, wanted: &'a Wanted<'_>) -> impl Iterator<Item = &'a str> {
        let order_id = wanted.order.id.to_string();
        let may_be = move |one: &&Sighting| match &one.mark {
            Mark::Ids(order, entry) => {
                order.as_ref() == Some(&order_id) || entry.as_ref().is_some_and(|entry| wanted.entries.contains(entry))
            }
            Mark::Reference(of) => *of == wanted.order.reference,
            Mark::None => false,
        };
        self.sightings.iter().filter(may_be).map(|one| one.id.as_str())
    }

    /// What it has, and when that was created.
    pub(super) fn made(&self) -> impl Iterator<Item = (&str, Option<i64>)> {
        self.sightings.iter().map(|one| (one.id.as_str(), one.created_at))
    }

    fn query(&self) -> SessionQuery {
        SessionQuery {
            created_from: Some(self.from.ms()),
            // What is made while it is read may come or not; the clock that names it may be ahead.
            created_to: Some(self.begun_at.plus(policy::UNKNOWN_SKEW_MS).ms()),
            after: self.sightings.last().map(|last| last.id.clone()),
            max_pages: 1,
            ..SessionQuery::default()
        }
    }

    /// Takes a page in: an empty one is the end, and one that brings nothing new never ends.
    fn take_in(&mut self, page: Listed<SessionFacts>) -> Progress {
        self.pages += 1;
        self.lost = 0;
        if page.complete && page.items.is_empty() {
            return Progress::Complete;
        }
        let known: HashSet<&str> = self.sightings.iter().map(|one| one.id.as_str()).collect();
        let new: Vec<_> = page.items.into_iter().filter(|one| !known.contains(one.id.as_str())).collect();
        if new.is_empty() || self.pages >= policy::ROUND_PAGES {
            return Progress::Endless;
        }
        self.sightings.extend(new.into_iter().map(Sighting::of));
        Progress::More
    }
}

impl SharedListing {
    /// A complete round from `from` on, not begun before `not_before`; the error is what there is in place of it. One that
    /// shows no witness serves for a moment only: a later one may.
    pub(super) async fn complete(
        &self,
        ctx: &Context,
        from: ProviderTime,
        not_before: ProviderTime,
        shows_a_witness: impl Fn(&Round) -> StoreResult<bool>,
    ) -> StoreResult<Result<Arc<Round>, Listing>> {
        let instead = |found| Ok(Err(Listing::Found(found)));
        // Nobody waits for another one's pages: requests that create sessions have better use for the time.
        let Ok(mut state) = self.0.try_lock() else { return instead(Found::Wait(policy::ROUND_AGAIN_MS)) };
        loop {
            let Some(now) = ctx.server.known() else { return instead(Found::Wait(policy::ABSENCE_PROOF_MS)) };
            if let Some(round) = state.complete.as_ref().filter(|round| round.serves(from, not_before))
                && (now.since(round.begun_at) < policy::ROUND_FRESH_MS || shows_a_witness(round)?)
            {
                return Ok(Ok(Arc::clone(round)));
            }
            let is_young = |round: &Round| now.since(round.begun_at) < policy::ROUND_STALE_MS;
            let mut round = match state.under_way.take() {
                Some(round) if round.serves(from, not_before) || is_young(&round) => round,
                _ => {
                    let rested = state
                        .complete
                        .as_ref()
                        .map_or(now, |last| last.begun_at.plus(last.pages * policy::ROUND_PAGE_MS));
                    let wait = not_before.max(rested).since(now);
                    if wait > 0 {
                        return instead(Found::Wait(wait));
                    }
                    let earliest = ctx.store.read(entries::earliest_unknown)?;
                    let skew = super::Skew::kept(ctx)?;
                    let from = earliest.map_or(from, |at| from.min(skew.listing_from(at)));
                    Round { from, begun_at: now, pages: 0, lost: 0, sightings: Vec::new() }
                }
            };
            let page = ctx.gateway.sessions(&round.query()).await;
            if refusals::note(ctx, refusals::Question::Listing, &page)? {
                return Ok(Err(Listing::Silent(Silence::Refused)));
            }
            match page {
                Ok(page) => match round.take_in(page) {
                    Progress::More => state.under_way = Some(round),
                    Progress::Complete => state.complete = Some(Arc::new(round)),
                    Progress::Endless => return Ok(Err(Listing::Silent(Silence::Unproven))),
                },
                Err(NotDone::Rejected(_) | NotDone::Forbidden(_) | NotDone::Pending { .. }) => {
                    return Ok(Err(Listing::Silent(Silence::Unproven)));
                }
                Err(why @ (NotDone::SignInNeeded(_) | NotDone::Busy { .. })) => {
                    state.under_way = Some(round);
                    return instead(Found::Later(why));
                }
                Err(NotDone::NotSent(_) | NotDone::Unclear(_)) => {
                    // The wait grows with the pages that were lost in a row, however long the entry has waited before.
                    round.lost = round.lost.saturating_add(1);
                    let wait = policy::back_off(&*ctx.clock, round.lost, None);
                    state.under_way = Some(round);
                    return instead(Found::Wait(wait));
                }
            }
        }
    }
}
