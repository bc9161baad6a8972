//! Looking for sessions of an order at the provider, and what that proves (rule 14).
//!
//! Presence: a hit that says our entry's or our order's id is ours; one by reference and amount that does not is read by
//! its id, and if it still says nothing it is doubtful: never adopted, and nothing is created beside it. One read that is
//! refused decides nothing. Absence: only a listing by creation time to its empty page, which also shows a witness, that
//! is something made after the attempt (`witness`); a search may lag, fail or be refused alone, and proves no absence; a
//! refused listing (403, 404) proves nothing and is not asked for again that day.
//!
//! A look-up costs a few requests however much was sent around it: the order's reference is searched for. A listing of
//! its own follows where it is short; where many sales went out at once, only an order that needs the proof of absence
//! waits for one, and shares it with all others (`shared_listing`). Whatever answers is believed on its own: as long as
//! one of the three questions gets an answer, those that fail hold nothing up.

mod ownership;
mod refusals;
pub(super) mod shared_listing;
mod witness;

use super::policy;
use super::recover::say_foreign;
use crate::account::Context;
use crate::clock::ProviderTime;
use crate::gateway::{Listed, NotDone, SessionQuery, TransactionQuery};
use crate::link::SessionFacts;
use crate::order::Order;
use crate::store::StoreResult;
use crate::store::rows::{Entry, sessions};
use ownership::{Hits, sort_out};
use refusals::Question;
use shared_listing::{Round, SharedListing};
pub(super) use witness::Skew;

/// What a look-up found.
pub(super) enum Found {
    /// Sessions that are provably ours and can still be the link.
    Ours(Vec<SessionFacts>),
    /// Sessions with our reference and amount that do not say whose they are.
    Doubtful(Vec<SessionFacts>),
    /// Only sessions of ours that are over: somebody cancelled them, or their time has passed.
    Over,
    /// Nothing, and what that proves.
    Nothing(Silence),
    /// No question got an answer.
    Later(NotDone),
    /// Nothing was asked: there is more to be learnt after so many milliseconds.
    Wait(i64),
}

/// What it proves that nothing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Silence {
    /// A listing to its end has nothing of it.
    Listed {
        /// When it was begun, where the provider's time is known.
        begun: Option<ProviderTime>,
        /// Whether it shows something that was made after the attempt.
        witness: bool,
    },
    /// Nothing, now: there was no listing to its end.
    Unproven,
    /// The same, and some of the questions got no answer.
    Failed,
    /// Nothing, and no more is to come: listing is refused.
    Refused,
}

/// What is looked for: sessions that these entries of an order made.
pub(super) struct Wanted<'a> {
    pub(super) order: &'a Order,
    /// The entries, as they travel in the metadata.
    pub(super) entries: Vec<String>,
    /// When the last of them was sent.
    pub(super) last_sent_at: Option<ProviderTime>,
    /// Sessions that are known already, and not wanted.
    known: Vec<String>,
}

/// How the absence of a session can be proven.
pub(super) struct Proof<'a> {
    pub(super) listing: &'a SharedListing,
    /// Whether it must be.
    pub(super) needed: bool,
    /// It can have been made from then on.
    pub(super) since: ProviderTime,
    /// What was made after this is a witness.
    pub(super) after: ProviderTime,
    /// By a listing that is not begun before this.
    pub(super) not_before: ProviderTime,
}

impl<'a> Wanted<'a> {
    /// The sessions of these entries.
    pub(super) fn of<'e>(order: &'a Order, entries: impl Iterator<Item = &'e Entry> + Clone) -> Self {
        Self {
            order,
            entries: entries.clone().map(|entry| entry.id.to_string()).collect(),
            last_sent_at: entries.filter_map(|entry| entry.last_sent_at).max(),
            known: Vec::new(),
        }
    }

    /// The same, but for sessions that are known already.
    pub(super) fn but(self, known: Vec<String>) -> Self {
        Self { known, ..self }
    }
}

/// The answers to the questions of one look-up.
#[derive(Default)]
struct Answers {
    answered: bool,
    failed: Option<NotDone>,
    hits: Hits,
}

impl Answers {
    /// Takes in an answer, or that there was none.
    fn take<T>(&mut self, answer: Result<T, NotDone>) -> Option<T> {
        match answer {
            Ok(found) => {
                self.answered = true;
                Some(found)
            }
            Err(why) => {
                self.answered |= matches!(why, NotDone::Rejected(_) | NotDone::Forbidden(_));
                self.failed.get_or_insert(why);
                None
            }
        }
    }
}

/// Asks the provider: by reference, by time where that is asked for, and by payments.
pub(super) async fn look_up(ctx: &Context, wanted: &Wanted<'_>, proof: Option<Proof<'_>>) -> StoreResult<Found> {
    let mut answers = Answers::default();
    if let Some(found) = search(ctx, wanted, &mut answers).await? {
        return Ok(found);
    }
    let silence = match list(ctx, wanted, proof.as_ref(), &mut answers).await? {
        Listing::Found(found) => return Ok(found),
        Listing::Silent(silence) => silence,
    };
    by_transaction(ctx, wanted, &mut answers).await;
    for session in std::mem::take(&mut answers.hits.foreign) {
        say_foreign(ctx, wanted.order.id, &session)?;
    }
    Ok(match (answers.hits.found(), answers.failed) {
        (Some(found), _) => found,
        (None, Some(why @ NotDone::SignInNeeded(_))) => Found::Later(why),
        (None, Some(why)) if !answers.answered => Found::Later(why),
        (None, Some(_)) if silence == Silence::Unproven => Found::Nothing(Silence::Failed),
        (None, _) => Found::Nothing(silence),
    })
}

/// By reference alone, as it may be asked any day: for what may exist unseen.
pub(super) async fn look_by_reference(ctx: &Context, wanted: &Wanted<'_>) -> StoreResult<Found> {
    let mut answers = Answers::default();
    if let Some(found) = search(ctx, wanted, &mut answers).await? {
        return Ok(found);
    }
    by_transaction(ctx, wanted, &mut answers).await;
    Ok(match answers.hits.found() {
        Some(found) => found,
        None => Found::Nothing(Silence::Unproven),
    })
}

/// The order's reference in the provider's search. It takes no bound in time: clocks differ.
async fn search(ctx: &Context, wanted: &Wanted<'_>, answers: &mut Answers) -> StoreResult<Option<Found>> {
    if refusals::is_refused(ctx, Question::Search)? {
        return Ok(None);
    }
    let search = Some(wanted.order.reference.clone());
    let query = SessionQuery { search, max_pages: policy::SEARCH_PAGES, ..SessionQuery::default() };
    let answer = ctx.gateway.sessions(&query).await;
    refusals::note(ctx, Question::Search, &answer)?;
    let Some(listed) = answers.take(answer) else { return Ok(None) };
    sort_out(ctx, wanted, listed.items, &mut answers.hits).await;
    Ok(answers.hits.found())
}

/// What a listing gave.
enum Listing {
    Found(Found),
    Silent(Silence),
}

async fn list(
    ctx: &Context,
    wanted: &Wanted<'_>,
    proof: Option<&Proof<'_>>,
    answers: &mut Answers,
) -> StoreResult<Listing> {
    let silent = |silence| Ok(Listing::Silent(silence));
    if refusals::is_refused(ctx, Question::Listing)? {
        return silent(Silence::Refused);
    }
    let Some(proof) = proof else { return silent(Silence::Unproven) };
    let skew = Skew::kept(ctx)?;
    let from = skew.listing_from(proof.since);
    let newest = ctx.store.read(|db| sessions::created_before_newest(db, policy::SHORT_LISTING))?;
    let is_short = newest.is_none_or(|at| at < from);
    let begun = ctx.server.known();
    if is_short {
        let query =
            SessionQuery { created_from: Some(from.ms()), max_pages: policy::LISTING_PAGES, ..SessionQuery::default() };
        let answer = ctx.gateway.sessions(&query).await;
        if refusals::note(ctx, Question::Listing, &answer)? {
            return silent(Silence::Refused);
        }
        let Some(Listed { items, complete }) = answers.take(answer) else { return silent(Silence::Unproven) };
        let made = items.iter().map(|one| (one.id.as_str(), one.created_at));
        let witness = witness::is_among(ctx, &skew, made, proof.after)?;
        sort_out(ctx, wanted, items, &mut answers.hits).await;
        return match answers.hits.found() {
            Some(found) => Ok(Listing::Found(found)),
            None if complete => silent(Silence::Listed { begun, witness }),
            None => silent(Silence::Unproven),
        };
    }
    if !proof.needed {
        return silent(Silence::Unproven);
    }
    match begun {
        Some(now) if now >= proof.not_before => {}
        begun => {
            let wait = begun.map_or(policy::ABSENCE_PROOF_MS, |now| proof.not_before.since(now));
            return Ok(Listing::Found(Found::Wait(wait)));
        }
    }
    let shows_a_witness = |round: &Round| witness::is_among(ctx, &skew, round.made(), proof.after);
    let round = match proof.listing.complete(ctx, from, proof.not_before, shows_a_witness).await? {
        Ok(round) => round,
        Err(instead) => return Ok(instead),
    };
    let mut sessions = Vec::new();
    for id in round.of(wanted) {
        match ctx.gateway.session(id).await {
            Ok(session) => sessions.push(session),
            Err(why) => return Ok(Listing::Found(Found::Later(why))),
        }
    }
    sort_out(ctx, wanted, sessions, &mut answers.hits).await;
    if let Some(found) = answers.hits.found() {
        return Ok(Listing::Found(found));
    }
    silent(Silence::Listed { begun: Some(round.begun_at), witness: shows_a_witness(&round)? })
}

/// Where listing is refused or lags, a session that somebody has begun to pay can be seen all the same.
async fn by_transaction(ctx: &Context, wanted: &Wanted<'_>, answers: &mut Answers) {
    let query = TransactionQuery::Reference(wanted.order.reference.clone());
    let Some(listed) = answers.take(ctx.gateway.transactions(&query).await) else { return };
    let ours = |reference: &Option<String>| reference.as_ref().is_none_or(|one| *one == wanted.order.reference);
    for transaction in listed.items.into_iter().filter(|one| ours(&one.reference)) {
        let Some(session) = transaction.session_id else { continue };
        match ctx.gateway.session(&session).await {
            Ok(session) => sort_out(ctx, wanted, vec![session], &mut answers.hits).await,
            // Somebody pays under our reference, and we may not look whose it is: that is no absence.
            Err(why) => {
                answers.answered = false;
                answers.failed = Some(why);
            }
        }
    }
}
