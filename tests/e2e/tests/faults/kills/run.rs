//! One run: a provider, a network, a phone that does what a scenario says, and its death.

use super::after::{self, Verdict};
use super::phone::Phone;
use super::scenarios::{self, Scenario, Step};
use super::seller::Seller;
use paylink_e2e::keys::KeyFolder;
use paylink_e2e::memory_folder;
use paylink_sandbox::proxy::{FaultProxy, Moment};
use paylink_sandbox::{Options, PayOutcome, Provider, Sandbox};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Handle;

/// 24 November 2026, noon.
const START_MS: i64 = 1_795_521_600_000;
pub const ACCOUNT: &str = "P12345678";

/// Of the database.
const PAGE: u64 = 4096;

/// Where the process is killed, counted from 1 over all that the scenario's operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boundary {
    /// After the last answer.
    End,
    /// Of the disk.
    Store(u64),
    /// Of the requests.
    Request(u64),
}

/// How many boundaries an operation has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Boundaries {
    pub store: u64,
    pub requests: u64,
}

/// The phone's surroundings; they outlive it.
pub struct World {
    pub provider: Provider,
    pub proxy: FaultProxy,
    pub folder: TempDir,
    pub sandbox: Sandbox,
}

impl World {
    fn start(scenario: &Scenario, runtime: &Handle) -> Self {
        let mut options = Options::deterministic(START_MS, 7);
        (scenario.provider)(&mut options);
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        let proxy = FaultProxy::start(([127, 0, 0, 1], sandbox.port()).into()).unwrap();
        sandbox.configure(|options| options.origin = proxy.origin());
        let world = Self { provider: sandbox.provider(), proxy, folder: memory_folder(), sandbox };
        if scenario.signed_in {
            world.keys().sign_in(ACCOUNT);
        }
        world
    }

    /// The phone's secure store.
    pub fn keys(&self) -> KeyFolder {
        KeyFolder::open(&self.folder.path().join("keys"), None)
    }

    /// Where the core's database is.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn phone(&self, seed: u64) -> Phone {
        Phone::start(self.folder.path(), &self.proxy.origin(), self.provider.now_ms(), seed)
    }

    /// The customer of the newest session opens it.
    fn visit(&self) {
        let newest = self.provider.sessions().pop().expect("there is a session");
        self.provider.visit(&newest.id).unwrap();
    }

    fn pay(&self) {
        let newest = self.provider.sessions().pop().expect("there is a session");
        let _transaction = self.provider.pay(&newest.id, "dintero_psp.creditcard", PayOutcome::Authorize).unwrap();
    }
}

/// The phone while it lives, and what its seller was told.
struct Act<'a> {
    world: &'a World,
    phone: Phone,
    seller: Seller,
    /// How often it was switched on: in each life it draws other numbers.
    lives: u64,
}

impl Act<'_> {
    /// Does one thing. Gives whether the phone is still there.
    fn step(&mut self, step: Step) -> Result<bool, String> {
        match step {
            Step::Do(line) => return self.ask(line),
            Step::Pass(ms) => {
                self.world.provider.advance(ms);
                return self.ask(&format!("pass {ms}"));
            }
            Step::Trouble(trouble) => self.world.proxy.inject(scenarios::on_create(trouble)),
            Step::Refuse(status) => self.world.provider.inject(scenarios::refusal(status)),
            Step::Visit => self.world.visit(),
            Step::Pay => self.world.pay(),
            Step::Dies(line, at) => {
                let moments = Moments::watch(self.world, &self.phone, at);
                if self.ask(line)? || !moments.settled().killed {
                    return Err(format!("{line} was to die at {at}"));
                }
                self.world.proxy.look_away();
            }
            Step::LosesLog => {
                self.phone.killer().kill();
                std::fs::remove_file(self.world.data().join("paylink.db-wal")).unwrap();
            }
            Step::CutsLog => {
                self.phone.killer().kill();
                let log = std::fs::File::options().write(true).open(self.world.data().join("paylink.db-wal")).unwrap();
                log.set_len(log.metadata().unwrap().len() - PAGE).unwrap();
            }
            Step::Start => {
                self.lives += 1;
                self.phone = self.world.phone(self.lives);
            }
        }
        Ok(true)
    }

    fn ask(&mut self, line: &str) -> Result<bool, String> {
        self.seller.calls(line);
        let Some(answer) = self.phone.ask(line) else { return Ok(false) };
        if let Some(error) = answer.get("error") {
            return Err(format!("{line}: {error}"));
        }
        self.seller.hears(line, &answer);
        Ok(true)
    }

    fn count(&mut self) -> u64 {
        let answer = self.phone.ask("boundaries").expect("it is alive");
        answer["boundaries"].as_u64().expect("a number")
    }
}

/// What was seen of the requests.
#[derive(Clone, Default)]
struct Moments(Arc<Mutex<Seen>>);

#[derive(Clone, Copy, Default)]
struct Seen {
    all: u64,
    /// Replies that were written in part so far.
    begun: u64,
    killed: bool,
}

impl Moments {
    /// Counts them from now on, and kills the phone at one of them (0: none).
    fn watch(world: &World, phone: &Phone, at: u64) -> Self {
        let moments = Self::default();
        let (seen, killer) = (moments.clone(), phone.killer());
        world.proxy.watch(Box::new(move |moment| {
            let killed = seen.saw(moment, at);
            if killed {
                killer.kill();
            }
            killed
        }));
        moments
    }

    fn saw(&self, moment: Moment, at: u64) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if moment == Moment::Answered && seen.begun == 0 {
            // Of a request that came before.
            return false;
        }
        seen.all += 1;
        seen.killed |= seen.all == at;
        match moment {
            Moment::HalfAnswered => seen.begun += 1,
            Moment::Answered => seen.begun -= 1,
            _ => {}
        }
        seen.all == at
    }

    /// All there were. The phone has its reply a moment before that is noticed.
    fn settled(&self) -> Seen {
        loop {
            let seen = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if seen.begun == 0 || seen.killed {
                return seen;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Plays a scenario, kills the phone, and looks at what came of it.
///
/// # Errors
/// When it did not go as the scenario says: another error, another end.
pub fn play(scenario: &Scenario, boundary: Boundary, runtime: &Handle) -> Result<(Boundaries, Verdict), String> {
    let world = World::start(scenario, runtime);
    let phone = world.phone(1);
    let mut act = Act { world: &world, phone, seller: Seller::default(), lives: 1 };
    for step in scenario.before {
        if !act.step(*step)? {
            return Err(format!("died before its time, in {step:?}"));
        }
    }
    let (store, request) = match boundary {
        Boundary::End => (0, 0),
        Boundary::Store(at) => (at, 0),
        Boundary::Request(at) => (0, at),
    };
    act.ask(&format!("die_at {store}"))?;
    let moments = Moments::watch(&world, &act.phone, request);
    let mut alive = true;
    for step in scenario.act {
        alive = act.step(*step)?;
        if !alive {
            break;
        }
    }
    let mut found = Boundaries::default();
    match boundary {
        Boundary::End => {
            found = Boundaries { store: act.count(), requests: moments.settled().all };
            act.phone.killer().kill();
            let told = act.seller.sales.values().any(|seen| seen.story.iter().any(|kind| *kind == scenario.tells));
            if !scenario.tells.is_empty() && !told {
                return Err(format!("never came to {}: {:?}", scenario.tells, act.seller));
            }
        }
        Boundary::Store(_) if alive => return Err("lived through its boundary of the disk".to_owned()),
        Boundary::Request(_) if !moments.settled().killed => {
            return Err("lived through its boundary of the requests".to_owned());
        }
        Boundary::Store(_) | Boundary::Request(_) => {}
    }
    world.proxy.look_away();
    let Act { phone, seller, .. } = act;
    if !phone.was_killed() {
        return Err("ended by itself".to_owned());
    }
    world.proxy.heal();
    world.provider.clear_faults();
    let verdict = after::look(&world, scenario, seller)?;
    runtime.block_on(world.sandbox.stop());
    Ok((found, verdict))
}
