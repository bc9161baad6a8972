//! One history's world: a phone, a network, a provider, a seller and a customer.

use super::net::{Died, Net};
use crate::chance::Chance;
use crate::clock::{PhoneClock, START_MS};
use crate::disk::Disk;
use crate::{MemoryStore, honey, honey_by_sms, memory_folder};
use paylink_core::account::{Config, Ports};
use paylink_core::clock::Clock;
use paylink_core::link::{Action, LinkStatus, PaymentLink, ShareChannel, ShareOutcome};
use paylink_core::message::Channel;
use paylink_core::order::Draft;
use paylink_core::{LinkFilter, OrderId, Page, Paylink, PaylinkError, UnknownAnswer};
use paylink_sandbox::{Duplicates, Listing, Options, PayOutcome, Profile, Provider};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tempfile::TempDir;

/// Strays are looked for every quarter of an hour.
const STRAYS_TURN_UP_MS: i64 = 16 * 60_000;

/// A kill comes within this many operations of the store: some commits, or an opening.
const OPERATIONS_TO_A_KILL: usize = 40;

/// What the test knows of one order, from the outside.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The merchant reference.
    pub reference: String,
    /// The seller asked to cancel, or gave it up.
    pub given_up: bool,
    /// How often the seller chose to send again after a warning.
    pub resent: usize,
    /// Sessions whose address a customer could have: shown by the core or in a message.
    pub handed_out: BTreeSet<String>,
}

/// A history's world.
pub struct World {
    /// The provider.
    pub provider: Provider,
    /// The network.
    pub net: Arc<Net>,
    /// The phone's clock.
    pub clock: Arc<PhoneClock>,
    /// The core, unless the process is dead.
    pub core: Option<Paylink>,
    /// What the test knows.
    pub told: BTreeMap<OrderId, Told>,
    /// How often the process died.
    pub deaths: u64,
    /// How many of those were at a write, sync or deletion of the store.
    pub store_deaths: u64,
    chance: Chance,
    config: Config,
    online: bool,
    /// The newest event that was looked at.
    seen: i64,
    disk: Arc<Disk>,
    folder: TempDir,
}

impl Drop for World {
    fn drop(&mut self) {
        self.core = None;
        Disk::forget(self.folder.path());
    }
}

impl World {
    /// A world in which the provider's unpublished answers are drawn by chance.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let listing =
            *chance.one(&[Listing::On, Listing::On, Listing::Forbidden, Listing::NotFound]).unwrap_or(&Listing::On);
        let duplicates =
            [Duplicates::Accepted, Duplicates::Accepted, Duplicates::Refused(400), Duplicates::Refused(409)];
        let options = Options {
            listing,
            list_lag_ms: if chance.percent(20) { 180_000 } else { 0 },
            list_without_metadata: chance.percent(20),
            read_without_metadata: chance.percent(10),
            duplicates: *chance.one(&duplicates).unwrap_or(&Duplicates::Accepted),
            profiles: vec![Profile { publishes: chance.percent(10), ..Profile::default() }],
            origin: "http://127.0.0.1:1".to_owned(),
            ..Options::deterministic(START_MS, chance.number())
        };
        let provider = Provider::new(options);
        let folder = memory_folder();
        let disk = Disk::under(folder.path());
        let net = Net::new(provider.clone(), Arc::clone(&disk), Chance::new(chance.number()));
        let clock = Arc::new(PhoneClock::new(START_MS, Chance::new(chance.number())));
        let mut config = crate::config(folder.path(), "http://127.0.0.1:1");
        config.transport = Some(net.clone());
        let mut world = Self {
            provider,
            net,
            clock,
            core: None,
            told: BTreeMap::new(),
            deaths: 0,
            store_deaths: 0,
            chance,
            config,
            online: true,
            seen: 0,
            disk,
            folder,
        };
        world.open();
        world
    }

    fn open(&mut self) {
        loop {
            match self.try_open() {
                Ok(core) => {
                    self.core = Some(core);
                    break;
                }
                Err(_) if self.disk.is_gone() => self.died(true),
                Err(error) => panic!("the core opens: {error}"),
            }
        }
        // What was saved in the moment in which the process died was never said to be.
        let all = Page { offset: 0, limit: 1_000 };
        let links = self.core.as_ref().and_then(|core| core.links(LinkFilter::default(), all).ok());
        for link in links.into_iter().flatten() {
            let told = self.told.entry(link.id).or_default();
            told.reference = link.reference;
        }
    }

    fn try_open(&self) -> Result<Paylink, PaylinkError> {
        let secure_store = Arc::new(MemoryStore::signed_in(&self.config.account));
        let clock: Arc<dyn Clock> = self.clock.clone();
        let ports = Ports { secure_store, token_source: None };
        let core = Paylink::open_unscheduled(&self.config, ports, clock)?;
        core.network_changed(self.online)?;
        Ok(core)
    }

    /// Does something with the core. A request, or a write of the store, may be the last thing that the process did;
    /// then nobody hears an answer, and it starts again.
    fn with<T>(&mut self, work: impl FnOnce(&Paylink) -> Result<T, PaylinkError>) -> Option<Result<T, PaylinkError>> {
        let core = self.core.take()?;
        let done = catch_unwind(AssertUnwindSafe(|| work(&core)));
        match done {
            Ok(done) if !self.disk.is_gone() => {
                self.core = Some(core);
                return Some(done);
            }
            Err(defect) if !defect.is::<Died>() => std::panic::resume_unwind(defect),
            _ => {}
        }
        if self.disk.is_gone() {
            self.note("killed at a write of the store".to_owned());
        }
        self.bury(core);
        None
    }

    /// The process is dead: nothing more of it reaches the disk. Another is started, which may die while it opens.
    fn bury(&mut self, core: Paylink) {
        let at_the_store = self.disk.is_gone();
        self.disk.kill_at(0);
        core.abandon();
        self.died(at_the_store);
        if self.chance.percent(20) {
            let at = self.chance.below(OPERATIONS_TO_A_KILL) + 1;
            self.note(format!("will be killed at operation {at} of its opening"));
            self.disk.kill_at(at as u64);
        }
        self.open();
    }

    fn died(&mut self, at_the_store: bool) {
        self.deaths += 1;
        self.store_deaths += u64::from(at_the_store);
        self.disk.heal();
    }

    /// Notes whose address a customer could have by now.
    fn look(&mut self) {
        let Some(Ok(news)) = self.core.as_ref().map(|core| core.events_since(Some(self.seen))) else { return };
        self.seen = news.last().map_or(self.seen, |event| event.cursor);
        let changed: BTreeSet<OrderId> = news.into_iter().map(|event| event.link).collect();
        for id in changed {
            let link = self.core.as_ref().and_then(|core| core.link(id).ok());
            if let Some((told, link)) = self.told.get_mut(&id).zip(link) {
                told.handed_out.extend(link.session_id);
            }
        }
        for message in self.provider.inbox() {
            let Some(session) = self.provider.session(&message.session_id) else { continue };
            let owner = self.told.values_mut().find(|told| told.reference == session.merchant_reference);
            if let Some(told) = owner {
                told.handed_out.insert(message.session_id);
            }
        }
    }

    fn note(&self, what: String) {
        self.net.mood().log.push(what);
    }

    /// Time passes for all.
    pub fn pass(&mut self, ms: i64) {
        self.clock.pass(ms);
        self.provider.advance(ms);
    }

    /// The core works on what is due.
    pub fn work(&mut self) {
        if let Some(done) = self.with(Paylink::work_due) {
            done.expect("the store can be written");
        }
        self.look();
    }

    /// One step of the history.
    pub fn step(&mut self) {
        match self.chance.below(100) {
            0..18 => self.sell(),
            18..45 => self.work(),
            45..60 => self.time(),
            60..66 => self.network(),
            66..70 => self.kill(),
            70..76 => self.seller(),
            76..90 => self.customer(),
            90..93 => self.clock_jumps(),
            93..96 => self.listing(),
            _ => self.front(),
        }
    }

    fn sell(&mut self) {
        let draft = match self.chance.below(4) {
            0 | 1 => honey(),
            2 => honey_by_sms(),
            _ => Draft { expiry: "1d".to_owned(), capture: "manual".to_owned(), ..honey() },
        };
        let Some(Ok(link)) = self.with(|core| core.create(&draft)) else { return };
        self.note(format!("sale {} {}", link.reference, draft.delivery));
        let told = Told { reference: link.reference, ..Told::default() };
        self.told.insert(link.id, told);
    }

    fn time(&mut self) {
        let spans = [500, 3_000, 20_000, 70_000, 10 * 60_000, 3_600_000, 7 * 3_600_000];
        let span = *self.chance.one(&spans).unwrap_or(&1_000);
        self.note(format!("{span} ms pass"));
        self.pass(span);
    }

    fn network(&mut self) {
        let percent = *self.chance.one(&[0, 0, 20, 50, 90]).unwrap_or(&0);
        self.net.mood().faults_percent = percent;
        self.online = self.chance.percent(85);
        let online = self.online;
        self.note(format!("network {online}, {percent} % faults"));
        self.with(|core| core.network_changed(online));
    }

    fn front(&mut self) {
        self.with(|core| core.set_foreground(true));
    }

    /// Now, or at one of the next operations of the store.
    fn kill(&mut self) {
        if self.chance.percent(60) {
            let at = self.chance.below(OPERATIONS_TO_A_KILL) + 1;
            self.note(format!("will be killed at operation {at} of the store"));
            self.disk.kill_at(at as u64);
            return;
        }
        self.note("killed".to_owned());
        if let Some(core) = self.core.take() {
            self.bury(core);
        }
    }

    fn clock_jumps(&mut self) {
        let jumps = [-3_600_000, 3_600_000, -30 * 86_400_000, 5 * 60_000];
        let jump = *self.chance.one(&jumps).unwrap_or(&0);
        self.note(format!("the phone's clock jumps by {jump} ms"));
        self.clock.jump(jump);
    }

    fn listing(&mut self) {
        let listing = *self.chance.one(&[Listing::On, Listing::Forbidden]).unwrap_or(&Listing::On);
        self.note(format!("listing {listing:?}"));
        self.provider.set_listing(listing);
    }

    fn pick(&mut self) -> Option<PaymentLink> {
        let ids: Vec<OrderId> = self.told.keys().copied().collect();
        let id = *self.chance.one(&ids)?;
        self.core.as_ref()?.link(id).ok()
    }

    /// What waits for the seller's answer comes first, as on a seller's screen.
    fn held(&self) -> Option<PaymentLink> {
        let held = LinkFilter { status: Some(LinkStatus::NeedsAttention) };
        self.core.as_ref()?.links(held, Page::default()).ok()?.pop()
    }

    /// The seller does something that the link allows.
    fn seller(&mut self) {
        let Some(link) = self.held().or_else(|| self.pick()) else { return };
        let Some(action) = self.chance.one(&link.actions).copied() else { return };
        self.act(&link, action);
    }

    /// Does an action on a link.
    pub fn act(&mut self, link: &PaymentLink, action: Action) {
        let answers = [UnknownAnswer::Wait, UnknownAnswer::SendFromPhone, UnknownAnswer::SendAgain];
        let answer = *self.chance.one(&answers).unwrap_or(&UnknownAnswer::Wait);
        let id = link.id;
        self.note(format!("seller {action:?} {} {answer:?}", link.reference));
        let done: Option<Result<PaymentLink, PaylinkError>> = self.with(|core| match action {
            Action::Cancel => core.cancel(id),
            Action::Retry => core.retry(id),
            Action::Discard => core.discard(id),
            Action::ResolveUnknown => core.resolve_unknown(id, answer),
            Action::Share => core.mark_shared(id, ShareChannel::Sms, ShareOutcome::HandedOver),
            Action::Replace => core.replace(id),
            Action::ShowQr => core.qr(id).and_then(|_| core.link(id)),
            Action::Remind => core
                .remind(id, Channel::Sms, None)
                .and_then(|_| core.mark_reminded(id, ShareChannel::Sms, ShareOutcome::HandedOver)),
            Action::RequestAgain => core.request_again(id).and_then(|draft| core.create(&draft)),
        });
        match done {
            Some(Err(_)) => return,
            Some(Ok(link)) if matches!(action, Action::Replace | Action::RequestAgain) => {
                let told = Told { reference: link.reference, ..Told::default() };
                self.told.insert(link.id, told);
            }
            // A process that died may have done it.
            Some(Ok(_)) | None => {}
        }
        let Some(told) = self.told.get_mut(&id) else { return };
        match action {
            Action::Cancel | Action::Discard => told.given_up = true,
            Action::ResolveUnknown if answer != UnknownAnswer::Wait => told.resent += 1,
            _ => {}
        }
    }

    /// A customer does something with a link that reached somebody.
    fn customer(&mut self) {
        let reached: Vec<String> = self.told.values().flat_map(|told| told.handed_out.iter().cloned()).collect();
        let Some(session) = self.chance.one(&reached).cloned() else { return };
        let outcome = match self.chance.below(10) {
            0 | 1 => {
                self.note(format!("customer opens {session}"));
                let _not_payable = self.provider.visit(&session);
                return;
            }
            2 => PayOutcome::Decline,
            3 => PayOutcome::Reject,
            _ => PayOutcome::Authorize,
        };
        self.note(format!("customer {outcome:?} {session}"));
        let _not_payable = self.provider.pay(&session, "dintero_psp.creditcard", outcome);
    }

    /// The network heals, and time passes until everything has come to rest and strays had their time to turn up.
    pub fn heal(&mut self) {
        self.note("the network heals".to_owned());
        self.net.mood().faults_percent = 0;
        self.disk.heal();
        self.online = true;
        self.with(|core| core.network_changed(true));
        self.front();
        let mut passed = 0;
        for _ in 0..400 {
            self.work();
            if passed > STRAYS_TURN_UP_MS && self.at_rest() {
                if !self.chance.percent(70) || self.held().is_none() {
                    break;
                }
                self.seller();
                passed = 0;
            }
            let now = self.clock.wall_ms();
            let due = self.core.as_ref().and_then(|core| core.next_due().ok().flatten()).unwrap_or(now);
            let wait = (due - now).clamp(2 * 60_000, 5 * 60_000);
            passed += wait;
            self.pass(wait);
        }
        self.front();
        self.work();
    }

    fn at_rest(&self) -> bool {
        let Some(core) = &self.core else { return false };
        let at_work = [LinkStatus::Queued, LinkStatus::Creating, LinkStatus::Unknown];
        core.pending().is_ok_and(|pending| pending.queued + pending.waiting + pending.unknown == 0)
            && self.told.keys().all(|id| core.link(*id).is_ok_and(|link| !at_work.contains(&link.status)))
    }
}
