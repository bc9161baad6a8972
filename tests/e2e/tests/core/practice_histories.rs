//! Random histories of the practice account: sales, cancels, networks, clocks that are set, sleep, skipped time, and the
//! death of the process at any commit. At the end every sale that was saved is paid, reserved, declined or cancelled, once.

use paylink_core::account::{Config, Ports, SecureStore};
use paylink_core::clock::Clock;
use paylink_core::link::{EventKind, LinkStatus};
use paylink_core::order::Draft;
use paylink_core::{LinkFilter, Moments, OrderId, Page, Paylink, UnknownAnswer};
use paylink_e2e::clock::{PhoneClock, START_MS};
use paylink_e2e::{MemoryStore, honey, honey_by_sms, memory_folder};
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

const HISTORIES: u64 = 150;
const STEPS: usize = 30;
/// Of 100 steps, in how many the process is killed at one of its next commits.
const KILLS_PERCENT: usize = 15;

/// What a process dies of here.
struct Killed;

/// Ends the process when so many commits are over; below zero: never.
struct Death(AtomicI64);

impl Death {
    fn comes_closer(&self) {
        if self.0.load(Ordering::SeqCst) >= 0 && self.0.fetch_sub(1, Ordering::SeqCst) == 0 && !std::thread::panicking()
        {
            panic_any(Killed);
        }
    }
}

impl Moments for Death {
    fn before_commit(&self) {
        self.comes_closer();
    }
    fn after_commit(&self) {
        self.comes_closer();
    }
}

/// Repeatable chance: that of a clock with a seed.
struct Chance(PhoneClock);

impl Chance {
    fn below(&self, end: usize) -> usize {
        (self.0.random() % end as u64) as usize
    }

    fn percent(&self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn one<'a, T>(&self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() { None } else { Some(&of[self.below(of.len())]) }
    }
}

struct History {
    chance: Chance,
    clock: Arc<PhoneClock>,
    death: Arc<Death>,
    config: Config,
    core: Option<Paylink>,
    saved: Vec<OrderId>,
    deaths: u32,
}

impl History {
    fn begin(seed: u64, folder: &Path) -> Self {
        let death = Arc::new(Death(AtomicI64::new(-1)));
        let config = Config {
            data_dir: folder.join("data"),
            account: "practice".to_owned(),
            moments: Some(Arc::clone(&death) as Arc<dyn Moments>),
            ..Config::default()
        };
        let clock = Arc::new(PhoneClock::seeded(START_MS, seed));
        let mut history = Self {
            chance: Chance(PhoneClock::seeded(0, seed)),
            clock,
            death,
            config,
            core: None,
            saved: Vec::new(),
            deaths: 0,
        };
        history.open();
        history
    }

    fn open(&mut self) {
        let store = Arc::new(MemoryStore::default()) as Arc<dyn SecureStore>;
        let ports = Ports { secure_store: store, token_source: None };
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        self.core = Some(Paylink::open_unscheduled(&self.config, ports, clock).unwrap());
    }

    fn core(&self) -> &Paylink {
        self.core.as_ref().unwrap()
    }

    fn pass(&self, seconds: i64) {
        for _ in 0..seconds {
            self.clock.pass(1_000);
            self.core().work_due().unwrap();
        }
    }

    fn any_link(&self) -> Option<OrderId> {
        self.chance.one(&self.saved).copied()
    }

    /// One thing that a seller or a phone does. What the core does not allow just now is not done.
    fn step(&mut self) {
        match self.chance.below(12) {
            0..3 => {
                let drafts = [honey(), honey_by_sms(), Draft { capture: "manual".to_owned(), ..honey() }];
                let draft = self.chance.one(&drafts).unwrap().clone();
                let id = self.core().create(&draft).unwrap().id;
                self.saved.push(id);
            }
            3 => drop(self.any_link().map(|id| self.core().cancel(id))),
            4 => drop(self.any_link().map(|id| self.core().refresh(id))),
            5 => self.core().network_changed(false).unwrap(),
            6 => self.core().network_changed(true).unwrap(),
            7 => {
                self.core().suspend();
                self.core().resume().unwrap();
            }
            8 => {
                let time = Duration::from_secs(self.chance.below(40) as u64);
                self.core().practice_skip(time).unwrap();
            }
            9 => {
                let by = *self.chance.one(&[-7_200_000, -20_000, 20_000, 7_200_000]).unwrap();
                self.clock.jump(by);
            }
            _ => {
                let seconds = self.chance.below(20) as i64;
                self.pass(seconds);
            }
        }
    }

    /// A step, or the death of the process in it and the next one's opening.
    fn step_or_death(&mut self) {
        if self.chance.percent(KILLS_PERCENT) {
            let commits = self.chance.below(12) as i64;
            self.death.0.store(commits, Ordering::SeqCst);
        }
        if let Err(why) = catch_unwind(AssertUnwindSafe(|| self.step())) {
            if !why.is::<Killed>() {
                std::panic::resume_unwind(why);
            }
            self.deaths += 1;
            self.core.take().unwrap().abandon();
            self.open();
        }
        self.death.0.store(-1, Ordering::SeqCst);
    }

    /// All that waits is done, what is asked is answered, and every customer has had the time.
    fn end(&mut self) {
        self.core().network_changed(true).unwrap();
        // Somebody looks: what was planned by a clock that was set back since is asked for now.
        self.core().set_foreground(true).unwrap();
        self.pass(120);
        // What was made later proves that what is not listed was never made.
        self.core().create(&honey()).unwrap();
        self.pass(700);
        for link in self.core().links(LinkFilter { status: Some(LinkStatus::NeedsAttention) }, Page::default()).unwrap()
        {
            self.core().resolve_unknown(link.id, UnknownAnswer::SendAgain).unwrap();
        }
        self.pass(120);
    }

    fn check(&self) {
        let all = self.core().links(LinkFilter::default(), Page { offset: 0, limit: 500 }).unwrap();
        let mut sessions = HashSet::new();
        assert!(self.saved.iter().all(|id| all.iter().any(|link| link.id == *id)), "a sale is lost");
        for link in &all {
            let timeline = self.core().timeline(link.id).unwrap();
            let told: Vec<_> = timeline.iter().filter_map(|event| event.kind.known()).collect();
            let times = |kind| told.iter().filter(|one| **one == kind).count();
            let context = format!("{} is {:?}: {told:?}", link.reference, link.status);
            assert!(times(EventKind::LinkCreated) + times(EventKind::LinkAdopted) <= 1, "{context}");
            assert!(times(EventKind::Authorized) <= 1 && times(EventKind::Captured) <= 1, "{context}");
            assert!(times(EventKind::PaidAfterEnd) + times(EventKind::StrayCancelled) == 0, "{context}");
            assert!(link.session_id.iter().all(|session| sessions.insert(session.clone())), "{context}");
            match link.status {
                LinkStatus::Captured => assert_eq!(link.captured, link.amount, "{context}"),
                LinkStatus::Authorized => assert_eq!(link.captured.minor(), 0, "{context}"),
                LinkStatus::Declined => assert!(link.reference.ends_with(['0', '5']), "{context}"),
                LinkStatus::Cancelled => assert_eq!(times(EventKind::Captured), 0, "{context}"),
                _ => panic!("{context}"),
            }
        }
    }
}

#[test]
fn whatever_happens_every_practice_sale_comes_to_one_end() {
    // A death is told by the panic itself.
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |told| {
        if !told.payload().is::<Killed>() {
            usual(told);
        }
    }));
    let (mut sales, mut deaths) = (0, 0);
    for seed in 0..HISTORIES {
        let folder = memory_folder();
        let mut history = History::begin(seed, folder.path());
        let played = catch_unwind(AssertUnwindSafe(|| {
            (0..STEPS).for_each(|_| history.step_or_death());
            history.end();
            history.check();
        }));
        if let Err(why) = played {
            println!("history {seed}");
            std::panic::resume_unwind(why);
        }
        sales += history.saved.len();
        deaths += history.deaths;
        history.core().close();
    }
    println!("{HISTORIES} histories, {sales} sales, {deaths} deaths");
    assert!(sales > 500 && deaths > 100, "{sales} sales, {deaths} deaths");
}
