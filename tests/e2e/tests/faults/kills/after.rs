//! What is left after a kill: the data directory is opened again, the network heals, time goes by, and everything is
//! checked against the provider's own records.

use super::run::World;
use super::scenarios::{Scenario, Step};
use super::seller::{Seen, Seller};
use paylink_core::account::{Config, Ports};
use paylink_core::clock::Clock;
use paylink_core::link::{EventKind, LinkStatus, PaymentLink};
use paylink_core::{LinkFilter, OrderId, Page, Paylink};
use paylink_e2e::clock::PhoneClock;
use paylink_e2e::model;
use paylink_e2e::{config, honey};
use paylink_sandbox::books::Books;
use paylink_sandbox::{Listing, PayOutcome, Session};
use rusqlite::{Connection, OpenFlags};
use std::sync::Arc;

const EVERYTHING: Page = Page { offset: 0, limit: 100 };
/// The phone that is switched on again draws other numbers than the one that died.
const SEED: u64 = 99;
/// How far time goes at once: longer than any wait of the core but the seller's own.
const STRIDE_MS: i64 = 301_000;
/// Strays are looked for every quarter of an hour.
const STRAYS_TURN_UP_MS: i64 = 16 * 60_000;
/// More than anything takes to come to rest.
const MAX_STRIDES: usize = 60;

/// What was wrong after a kill.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Answered sales, or what was shown of them, that are gone.
    pub lost: u64,
    /// Sales with more than one address, message or payment.
    pub doubled: u64,
    /// Everything that is wrong, those two included, in sentences.
    pub wrong: Vec<String>,
}

impl Verdict {
    fn law(&mut self, holds: bool, wrong: impl FnOnce() -> String) {
        if !holds {
            self.wrong.push(wrong());
        }
    }
}

struct After<'a> {
    world: &'a World,
    scenario: &'a Scenario,
    core: Paylink,
    clock: Arc<PhoneClock>,
    seller: Seller,
    verdict: Verdict,
}

/// Opens what the process has left, lets everything come to rest, and checks.
///
/// # Errors
/// When it cannot even be opened or used.
pub fn look(world: &World, scenario: &Scenario, seller: Seller) -> Result<Verdict, String> {
    let clock = Arc::new(PhoneClock::seeded(world.provider.now_ms(), SEED));
    let ports = Ports { secure_store: Arc::new(world.keys()), token_source: None };
    let config = Config { offline: true, ..config(&world.data(), &world.sandbox.origin()) };
    let core = Paylink::open_unscheduled(&config, ports, Arc::clone(&clock) as Arc<dyn Clock>)
        .map_err(|error| format!("cannot be opened again: {error}"))?;
    let mut after = After { world, scenario, core, clock, seller, verdict: Verdict::default() };
    after.left_behind();
    after.heals().map_err(|error| format!("cannot be used again: {error}"))?;
    after.at_rest();
    after.core.close();
    Ok(after.verdict)
}

impl After<'_> {
    fn links(&self) -> Vec<PaymentLink> {
        self.core.links(LinkFilter::default(), EVERYTHING).unwrap()
    }

    fn kinds(&self, id: OrderId) -> Vec<EventKind> {
        self.core.timeline(id).unwrap().iter().filter_map(|event| event.kind.known()).collect()
    }

    /// Before anything is sent: the database is whole, and what the seller was told is in it.
    fn left_behind(&mut self) {
        let recovered = self.core.recovered().unwrap();
        let damaged = self.is_damaged() && !self.seller.called("recovered");
        self.verdict.law(recovered.is_some() || !damaged, || "no report of the damage".to_owned());
        self.verdict
            .law(recovered.is_none() || self.is_damaged(), || format!("a kill counts as damage: {recovered:?}"));
        let seen = self.seller.answered("recovered");
        self.verdict.law(recovered.is_none() || !seen, || format!("to be shown again: {recovered:?}"));
        let file = self.world.data().join("paylink.db");
        let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let checked: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        self.verdict.law(checked == "ok", || checked);
        for (id, seen) in self.seller.sales.clone() {
            self.is_kept(id, &seen);
        }
        let links = self.links();
        let typed = self.seller.times_called("create");
        self.verdict.law(links.len() <= typed, || format!("{typed} were typed, {} are there", links.len()));
        for link in links {
            let detail = self.core.detail(link.id).unwrap();
            let whole = detail.items.len() == 2 && link.amount.minor() == 38_750;
            let begins = detail.timeline.first().is_some_and(|event| event.kind == EventKind::Saved);
            self.verdict.law(whole && begins, || format!("half an order: {detail:?}"));
        }
        self.verdict.law(!self.seller.answered("sign_in") || self.world.keys().count() > 0, || "signed out".to_owned());
        self.verdict
            .law(!self.seller.answered("sign_out") || self.world.keys().count() == 0, || "signed in".to_owned());
        if self.seller.answered("acknowledge") {
            let unread = self.core.events_since(None).unwrap();
            self.verdict.law(unread.is_empty(), || format!("to be shown again: {unread:?}"));
        }
    }

    fn is_damaged(&self) -> bool {
        self.scenario.before.iter().any(|step| matches!(step, Step::LosesLog | Step::CutsLog))
    }

    fn is_kept(&mut self, id: OrderId, seen: &Seen) {
        let kept = self.core.link(id).is_ok_and(|link| {
            let session = seen.session.is_none() || link.session_id == seen.session;
            let events = self.core.timeline(id).is_ok_and(|events| events.iter().any(|one| one.cursor == seen.cursor));
            link.reference == seen.told.reference && session && events
        });
        if !kept {
            self.verdict.lost += 1;
            self.verdict.wrong.push(format!("lost: {seen:?}, there is {:?}", self.core.link(id)));
        }
    }

    /// What was shown by now, in this life or the one before.
    fn looks(&mut self) {
        for link in self.links() {
            let resent = self.kinds(link.id).iter().filter(|kind| **kind == EventKind::ResentBySeller).count();
            let given_up = self.seller.called("cancel") || self.seller.called("discard");
            let messages = self.messages(&link.reference);
            let told = &mut self.seller.sales.entry(link.id).or_default().told;
            told.reference = link.reference;
            (told.resent, told.given_up) = (resent, given_up);
            told.handed_out.extend(link.session_id.into_iter().chain(messages));
        }
    }

    /// The sessions that the provider's messages for a sale led to.
    fn messages(&self, reference: &str) -> Vec<String> {
        let sessions = self.world.provider.sessions_of(reference);
        let inbox = self.world.provider.inbox().into_iter().map(|message| message.session_id);
        inbox.filter(|id| sessions.iter().any(|session| session.id == *id)).collect()
    }

    /// A customer who has an address pays, if it can still be paid.
    fn pays(&mut self) {
        self.looks();
        let known: Vec<String> = self.seller.sales.values().flat_map(|seen| seen.told.handed_out.clone()).collect();
        for session in known {
            let _not_payable = self.world.provider.visit(&session);
            let _not_payable = self.world.provider.pay(&session, "dintero_psp.creditcard", PayOutcome::Authorize);
        }
    }

    fn pass(&self, ms: i64) {
        self.clock.pass(ms);
        self.world.provider.advance(ms);
    }

    /// The network is back; the seller signs in where that is needed; time goes by until nothing happens any more.
    fn heals(&mut self) -> Result<(), paylink_core::PaylinkError> {
        if self.scenario.pays_at_once {
            self.pays();
        }
        self.core.network_changed(true)?;
        self.core.set_foreground(true)?;
        self.core.work_due()?;
        if self.core.account()?.paused.is_some() || self.world.keys().count() == 0 {
            let answered = self.seller.answered("sign_in");
            self.verdict.law(!answered, || "must sign in again".to_owned());
            self.world.keys().sign_in(super::run::ACCOUNT);
            self.core.set_foreground(true)?;
        }
        self.rests()?;
        self.is_given_up();
        if !self.scenario.pays_at_once {
            self.pays();
            self.pass(STRAYS_TURN_UP_MS);
            self.core.set_foreground(true)?;
            self.core.work_due()?;
        }
        self.looks();
        Ok(())
    }

    /// What was cancelled or discarded cannot be paid any more.
    fn is_given_up(&mut self) {
        let given_up = self.seller.answered("cancel") || self.seller.answered("discard");
        for link in self.links() {
            let sessions = self.world.provider.sessions_of(&link.reference);
            let payable = sessions.iter().any(|one| one.cancelled_at_ms.is_none() && one.transaction_id.is_none());
            let seen = self.listed() && payable || link.status.is_payable();
            self.verdict.law(!given_up || !seen, || format!("was given up, and can be paid: {link:?}"));
        }
    }

    /// Whether the provider shows what sessions there are.
    fn listed(&self) -> bool {
        self.world.provider.engine(|engine| engine.options().listing) == Listing::On
    }

    /// Until nothing is under way any more, and still is not after the time in which strays turn up.
    fn rests(&mut self) -> Result<(), paylink_core::PaylinkError> {
        let mut strays_had_time = false;
        for _ in 0..MAX_STRIDES {
            self.core.work_due()?;
            self.looks();
            let rests = self.at_work() == 0;
            if rests && strays_had_time {
                break;
            }
            strays_had_time = rests;
            self.pass(if rests { STRAYS_TURN_UP_MS } else { STRIDE_MS });
        }
        Ok(())
    }

    /// How many entries are neither done nor the seller's to decide.
    fn at_work(&self) -> u32 {
        let pending = self.core.pending().unwrap();
        pending.queued + pending.sending + pending.waiting + pending.unknown
    }

    /// Everything has come to rest.
    fn at_rest(&mut self) {
        let at_work = self.at_work();
        self.verdict.law(at_work == 0, || format!("{at_work} at work for ever"));
        let links = self.links();
        for link in &links {
            let told = self.seller.sales[&link.id].told.clone();
            let kinds = self.kinds(link.id);
            if let Err(wrong) = model::order(&self.world.provider, &self.core, link.id, &told, link) {
                self.verdict.wrong.push(format!("{wrong}: {link:?}, {kinds:?}"));
            }
            let sessions = self.world.provider.sessions_of(&link.reference);
            let books = Books::of(&self.world.provider);
            self.verdict.doubled += u64::from(books.doubled(&model::sale(&told, link)).is_some());
            self.took_effect(link, &kinds, &sessions);
        }
        let next = self.core.create(&honey()).unwrap().reference;
        let number = next.rsplit('-').next().and_then(|number| number.parse().ok());
        // After damage the references may go on with another tag.
        let goes_on = number == Some(links.len() + 1) || self.is_damaged();
        self.verdict.law(goes_on, || format!("{next} comes after {} sales", links.len()));
    }

    /// What was answered has happened, or a payment is shown; and at most one session can still be paid.
    fn took_effect(&mut self, link: &PaymentLink, kinds: &[EventKind], sessions: &[Session]) {
        let shown = format!("{link:?}, {kinds:?}");
        let has = |kind| kinds.contains(&kind);
        let paid = link.paid_at.is_some() || has(EventKind::PaidAfterEnd);
        let answered = |word: &str| self.seller.answered(word);
        let ended = !(answered("cancel") || answered("discard")) || link.status == LinkStatus::Cancelled || paid;
        let retried = !answered("retry") || link.session_id.is_some();
        let resent = !answered("answer send") || has(EventKind::ResentBySeller);
        let shared = !answered("share") || has(EventKind::Shared) && link.delivery.shared_by.is_some();
        let waits = !answered("answer wait") || link.status != LinkStatus::Queued;
        let listed = self.listed();
        let payable = sessions.iter().filter(|one| one.cancelled_at_ms.is_none()).count();
        let laws = [
            (ended, "was given up, and goes on"),
            (retried, "was tried again, and has no link"),
            (resent, "was sent again, and nothing tells of it"),
            (shared, "was shared, and nothing tells of it"),
            (waits, "was to wait, and was sent again"),
            (!listed || payable <= 1, "has several sessions that can be paid"),
        ];
        for (holds, wrong) in laws {
            self.verdict.law(holds, || format!("{wrong}: {shown}"));
        }
    }
}
