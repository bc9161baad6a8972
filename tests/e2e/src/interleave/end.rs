//! How a history ends: the network and the provider are well again, though no less strange; everything comes to rest,
//! strays have their time to turn up, and the seller answers what is asked.

use super::character::MAX_LAG_MS;
use super::point::Call;
use super::world::World;
use paylink_core::clock::Clock;
use paylink_core::link::{Action, LinkStatus, PaymentLink};
use paylink_core::{LinkFilter, Page, Paylink, UnknownAnswer};
use paylink_sandbox::Rights;
use std::sync::Arc;

const MINUTE: i64 = 60_000;
/// Strays are looked for every quarter of an hour.
const STRAYS_TURN_UP_MS: i64 = 16 * MINUTE;
/// Looks at the queue until a history must have come to rest.
const MAX_LOOKS: usize = 400;
/// Of 100 histories, how many are followed to the second for their first half hour.
const FOLLOWED_PERCENT: usize = 3;
/// How long those are followed so.
const FOLLOWED_MS: i64 = 30 * MINUTE;
/// What an answer of the seller leads to is there after so many looks, three minutes apart.
const LOOKS_AFTER_AN_ANSWER: usize = 5;

/// What an answer of the seller must change something of.
#[derive(Debug, PartialEq)]
struct Standing {
    status: LinkStatus,
    reason: Option<String>,
    session: Option<String>,
    requests: u64,
}

impl World {
    /// Ends the history, and checks everything.
    ///
    /// # Errors
    /// What is wrong.
    pub(super) fn end(self: &Arc<Self>) -> Result<(), String> {
        self.right()?;
        self.heal();
        self.follow()?;
        self.rest(0)?;
        if self.percent(70) {
            self.answers()?;
        }
        self.rest(STRAYS_TURN_UP_MS + self.lag())?;
        self.claims()?;
        self.give_up_what_is_asked()?;
        self.leave()?;
        self.right()
    }

    /// The first thing that was wrong so far.
    pub(super) fn right(&self) -> Result<(), String> {
        self.state().wrong.clone().map_or(Ok(()), Err)
    }

    pub(super) fn links(&self) -> Vec<PaymentLink> {
        self.ask(|core| core.links(LinkFilter::default(), Page { offset: 0, limit: 1_000 })).unwrap_or_default()
    }

    fn heal(self: &Arc<Self>) {
        self.note("the network heals");
        {
            let mut state = self.state();
            (state.quiet, state.faults_percent) = (true, 0);
        }
        self.disk.heal();
        self.secure.lock(false);
        self.provider.clear_faults();
        self.provider.configure(|options| options.rights = Rights::default());
        // Whatever was left half done at a full disk is found as after a death.
        for call in [Call::Sleep, Call::Online, Call::SignIn, Call::Front, Call::Work] {
            self.step(call);
        }
    }

    /// Some histories are followed as a shell does that sleeps until it is woken.
    fn follow(self: &Arc<Self>) -> Result<(), String> {
        if !self.percent(FOLLOWED_PERCENT) {
            return Ok(());
        }
        let until = self.clock.wall_ms() + FOLLOWED_MS;
        let mut wakes = 0;
        while let Some(due) = self.ask(Paylink::next_due).flatten().filter(|due| *due <= until) {
            wakes += 1;
            self.pass((due - self.clock.wall_ms()).max(0));
            self.work();
            self.look();
            self.right()?;
            if wakes > super::claims::MAX_WAKES * (self.state().cases.len() as u64 + 1) {
                return Err(format!("woken {wakes} times in half an hour"));
            }
        }
        let mut state = self.state();
        state.figures.wakes += wakes;
        state.figures.followed_orders += state.cases.len() as u64;
        Ok(())
    }

    /// How long after it was made a session may show.
    fn lag(&self) -> i64 {
        self.provider.engine(|engine| {
            let options = engine.options();
            options.list_lag_ms.max(options.search_lag_ms).min(MAX_LAG_MS) + options.read_lag_ms
        })
    }

    /// Time passes until nothing is under way any more, and has not been for so long.
    fn rest(self: &Arc<Self>, for_ms: i64) -> Result<(), String> {
        let mut rested = 0;
        for _ in 0..MAX_LOOKS {
            self.work();
            self.look();
            self.right()?;
            let at_rest = self.at_rest();
            if at_rest && rested >= for_ms {
                return self.no_more_steps();
            }
            let now = self.clock.wall_ms();
            let due = self.ask(Paylink::next_due).flatten().unwrap_or(now + 10 * MINUTE);
            let wait = (due - now).clamp(if at_rest { 5 * MINUTE } else { 2 * MINUTE }, 15 * MINUTE);
            rested = if at_rest { rested + wait } else { 0 };
            self.pass(wait);
        }
        let pending = self.ask(Paylink::pending);
        Err(format!("never came to rest although the network healed ({pending:?})"))
    }

    /// Whatever is asked of the core now, it has nothing to do: what is due for ever would be done again.
    fn no_more_steps(self: &Arc<Self>) -> Result<(), String> {
        self.work();
        let commits = self.state().figures.commits;
        match self.aside(Paylink::work_due) {
            Some(Ok(0)) => {}
            other => return Err(format!("works on although nothing changed ({other:?})")),
        }
        let more = self.state().figures.commits - commits;
        if more > 1 { Err(format!("{more} commits although nothing changed")) } else { Ok(()) }
    }

    fn at_rest(&self) -> bool {
        self.ask(Paylink::pending)
            .is_some_and(|pending| pending.queued + pending.sending + pending.waiting + pending.unknown == 0)
    }

    fn standing(&self, link: &PaymentLink) -> Option<Standing> {
        let link = self.ask(|core| core.link(link.id))?;
        let requests = self.state().cases.get(&link.id).map_or(0, |case| case.requests);
        Some(Standing {
            status: link.status,
            reason: link.reason.as_ref().map(|reason| reason.code.code().to_owned()),
            session: link.session_id,
            requests,
        })
    }

    /// The seller answers everything that is asked, in some way that the link offers: each answer changes something.
    fn answers(self: &Arc<Self>) -> Result<(), String> {
        for link in self.links().into_iter().filter(Self::waits_for_the_seller) {
            let answers = [UnknownAnswer::Wait, UnknownAnswer::SendFromPhone, UnknownAnswer::SendAgain];
            let answer = self.one(&answers).unwrap_or(UnknownAnswer::Wait);
            let Some(action) = self.one(&link.actions) else {
                return Err(format!("{}: waits for the seller and offers nothing", link.reference));
            };
            self.answer(&link, action, answer)?;
        }
        Ok(())
    }

    #[allow(unreachable_patterns)] // actions that join later
    fn answer(self: &Arc<Self>, link: &PaymentLink, action: Action, answer: UnknownAnswer) -> Result<(), String> {
        match action {
            Action::Retry | Action::Discard | Action::ResolveUnknown | Action::Cancel => {}
            _ => return Ok(()),
        }
        let before = self.standing(link);
        if !self.act_on(link, action, answer) {
            let again = self.ask(|core| core.link(link.id));
            if again.as_ref().is_some_and(|again| again.status != link.status) {
                // What was found meanwhile has answered it.
                return Ok(());
            }
            return Err(format!("{}: {action:?} is offered and refused: {again:?}", link.reference));
        }
        self.state().figures.answers += 1;
        for _ in 0..LOOKS_AFTER_AN_ANSWER {
            self.work();
            self.look();
            self.pass(3 * MINUTE);
        }
        self.work();
        self.right()?;
        if self.standing(link) == before {
            return Err(format!(
                "{}: {action:?} {answer:?} is offered and changes nothing ({before:?})",
                link.reference
            ));
        }
        Ok(())
    }

    /// What still waits for the seller is given up; then nobody is kept from signing out.
    fn give_up_what_is_asked(self: &Arc<Self>) -> Result<(), String> {
        for link in self.links().into_iter().filter(Self::waits_for_the_seller) {
            if !link.actions.contains(&Action::Discard) {
                return Err(format!("{}: waits for the seller and cannot be given up", link.reference));
            }
            if !self.act_on(&link, Action::Discard, UnknownAnswer::Wait) {
                return Err(format!("{}: giving up is offered and refused", link.reference));
            }
        }
        self.rest(0)?;
        self.look();
        self.right()?;
        let open = self.ask(Paylink::pending).ok_or("nothing can be read")?;
        let stuck = open.queued + open.sending + open.waiting + open.unknown + open.held + open.parked;
        if stuck > 0 && self.links().iter().all(|link| !Self::waits_for_the_seller(link)) {
            let all: Vec<_> = self.links().iter().map(|link| (link.reference.clone(), link.status)).collect();
            return Err(format!("pending for ever, and nobody is asked ({all:?} {open:?})"));
        }
        if stuck == 0 && self.ask(Paylink::sign_out).is_none() {
            return Err("signing out is refused although nothing is pending".to_owned());
        }
        Ok(())
    }

    /// The core goes, and what it has announced is looked through.
    fn leave(&self) -> Result<(), String> {
        let mut events = std::collections::BTreeMap::new();
        let mut from = 0;
        while let Some(some) = self.ask(|core| core.events_since(Some(from))).filter(|some| !some.is_empty()) {
            for event in some {
                from = event.cursor;
                events.insert(event.cursor, event.link);
            }
        }
        self.close();
        self.heard.wrong(&events).map_or(Ok(()), Err)
    }
}
