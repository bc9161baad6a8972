//! The listing of sessions by creation time, shared by all entries whose absence is to be proven: with thousands of
//! sales sent at once it has a hundred pages, and a listing for each would never end.
//!
//! A round is one complete listing of what was created up to the moment at which it begins. It lives in memory only.
//! A page that is lost costs that page: whoever is looked up next goes on where it broke off. The longer the last round
//! was, the later the next one begins, so that more entries share it.

use super::lookup::{Found, Proof, Seen};
use crate::account::Context;
use crate::gateway::{Listed, Outcome, SessionQuery};
use crate::link::SessionFacts;
use crate::outbox::policy;
use crate::store::{StoreResult, entries};
use std::sync::Arc;
use tokio::sync::Mutex;

/// The rounds of an open core.
#[derive(Default)]
pub(in crate::outbox) struct Rounds(Mutex<State>);

#[derive(Default)]
struct State {
    under_way: Option<Round>,
    complete: Option<Arc<Round>>,
}

/// One listing.
pub(in crate::outbox) struct Round {
    /// What was created before this is not in it, UTC ms of the provider's clock.
    from: i64,
    /// When it was begun, UTC ms of the provider's clock.
    pub(super) begun_at: i64,
    pages: i64,
    /// Pages that were lost since the last one that came.
    lost: u32,
    sightings: Vec<Sighting>,
}

/// As much of a session as tells whose it may be.
struct Sighting {
    id: String,
    mark: Mark,
}

enum Mark {
    Entry(String),
    /// Of a session that does not say which entry made it.
    Reference(String),
    None,
}

impl Sighting {
    fn of(session: SessionFacts) -> Self {
        let mark = match (session.entry_id, session.reference) {
            (Some(entry), _) => Mark::Entry(entry),
            (None, Some(reference)) => Mark::Reference(reference),
            (None, None) => Mark::None,
        };
        Self { id: session.id, mark }
    }
}

enum Progress {
    More,
    Complete,
    Endless,
}

impl Round {
    fn serves(&self, from: i64, not_before: i64) -> bool {
        self.from <= from && self.begun_at >= not_before
    }

    /// The ids of sessions that may be of these entries, or of this reference.
    pub(super) fn of<'a>(&'a self, entries: &'a [String], reference: &'a str) -> impl Iterator<Item = &'a str> {
        let may_be = move |one: &&Sighting| match &one.mark {
            Mark::Entry(entry) => entries.contains(entry),
            Mark::Reference(of) => of == reference,
            Mark::None => false,
        };
        self.sightings.iter().filter(may_be).map(|one| one.id.as_str())
    }

    fn query(&self) -> SessionQuery {
        SessionQuery {
            created_from: Some(self.from),
            created_to: Some(self.begun_at),
            after: self.sightings.last().map(|last| last.id.clone()),
            max_pages: 1,
            ..SessionQuery::default()
        }
    }

    /// Takes a page in. One that brings nothing new never ends.
    fn take_in(&mut self, page: Listed<SessionFacts>) -> Progress {
        self.pages += 1;
        self.lost = 0;
        let ends_as_before = page.items.last().map(|last| &last.id) == self.sightings.last().map(|last| &last.id);
        if !page.complete && (ends_as_before || self.pages >= policy::ROUND_PAGES) {
            return Progress::Endless;
        }
        self.sightings.extend(page.items.into_iter().map(Sighting::of));
        if page.complete { Progress::Complete } else { Progress::More }
    }
}

impl Rounds {
    /// A complete round that proves what is asked; the error is what there is in place of it.
    pub(super) async fn complete(&self, ctx: &Context, proof: &Proof<'_>) -> StoreResult<Result<Arc<Round>, Seen>> {
        let (from, not_before) = (policy::listing_from(proof.since), proof.not_before);
        let instead = |found| Ok(Err(Seen::Found(found)));
        // Nobody waits for another one's pages: requests that create sessions have better use for the time.
        let Ok(mut state) = self.0.try_lock() else { return instead(Found::Wait(policy::ROUND_AGAIN_MS)) };
        loop {
            if let Some(round) = state.complete.as_ref().filter(|round| round.serves(from, not_before)) {
                return Ok(Ok(Arc::clone(round)));
            }
            let Some(now) = ctx.server.known_ms() else {
                return instead(Found::Wait(policy::ABSENCE_PROOF_MS));
            };
            let mut round = match state.under_way.take() {
                Some(round) if round.serves(from, not_before) || now - round.begun_at < policy::ROUND_STALE_MS => round,
                _ => {
                    let rested =
                        state.complete.as_ref().map_or(now, |last| last.begun_at + last.pages * policy::ROUND_PAGE_MS);
                    let wait = not_before.max(rested) - now;
                    if wait > 0 {
                        return instead(Found::Wait(wait));
                    }
                    let earliest = ctx.store.read(entries::earliest_unknown)?;
                    let from = earliest.map_or(from, |at| from.min(policy::listing_from(at)));
                    Round { from, begun_at: now, pages: 0, lost: 0, sightings: Vec::new() }
                }
            };
            let page = ctx.gateway.sessions(&round.query()).await;
            match page {
                Outcome::Accepted(page) => match round.take_in(page) {
                    Progress::More => state.under_way = Some(round),
                    Progress::Complete => state.complete = Some(Arc::new(round)),
                    Progress::Endless => return instead(Found::NotToBeKnown),
                },
                Outcome::Rejected(rejection) if matches!(rejection.status, 403 | 404) => return Ok(Err(Seen::Refused)),
                Outcome::SignInNeeded(reason) => {
                    state.under_way = Some(round);
                    return instead(Found::SignIn(reason));
                }
                Outcome::Rejected(_) => return instead(Found::NotToBeKnown),
                Outcome::Busy { retry_after_ms } => {
                    state.under_way = Some(round);
                    return instead(Found::Later("busy", retry_after_ms));
                }
                Outcome::NotSent(_) | Outcome::Unclear(_) => {
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
