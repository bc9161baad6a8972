//! A seller's desk in virtual time: a core that does nothing by itself, a provider over real HTTP, and a clock that the
//! test moves for both.

use crate::clock::{PhoneClock, START_MS};
use crate::{MemoryStore, config, memory_folder};
use paylink_core::account::{Config, Ports, SecureStore};
use paylink_core::clock::Clock;
use paylink_core::link::{EventKind, LinkStatus, PaymentLink};
use paylink_core::order::Draft;
use paylink_core::{OrderId, Paylink};
use paylink_sandbox::{Fault, Options, RequestRecord, Sandbox};
use std::sync::Arc;
use tempfile::TempDir;

/// A minute, milliseconds.
pub const MINUTE: i64 = 60_000;

/// What meets each request for a new session.
#[must_use]
pub fn creates() -> Fault {
    Fault::on("POST", "/v1/sessions")
}

/// The request never arrives, and nobody knows.
#[must_use]
pub fn never_arrives() -> Fault {
    creates().answer(502)
}

/// A desk.
pub struct Desk {
    /// The provider.
    pub sandbox: Sandbox,
    /// The core.
    pub core: Paylink,
    /// The phone's clock.
    pub clock: Arc<PhoneClock>,
    /// What the core was opened with.
    pub config: Config,
    secure: Arc<dyn SecureStore>,
    /// Where it lives.
    pub folder: TempDir,
}

impl Desk {
    /// A phone that is right about the time.
    pub async fn open(edit: impl FnOnce(&mut Options)) -> Self {
        Self::with(0, edit, |_| {}).await
    }

    /// A phone whose clock is so far ahead, milliseconds.
    pub async fn with(ahead_ms: i64, edit: impl FnOnce(&mut Options), configure: impl FnOnce(&mut Config)) -> Self {
        let mut options = Options::deterministic(START_MS, 7);
        edit(&mut options);
        let sandbox = Sandbox::start(options).await.unwrap();
        let folder = memory_folder();
        let mut config = config(folder.path(), &sandbox.origin());
        configure(&mut config);
        let clock = Arc::new(PhoneClock::seeded(START_MS + ahead_ms, 7));
        let secure: Arc<dyn SecureStore> = Arc::new(MemoryStore::signed_in(&config.account));
        let core = start(&config, &secure, &clock);
        Self { sandbox, core, clock, config, secure, folder }
    }

    /// The core does what is due.
    pub fn work(&self) {
        tokio::task::block_in_place(|| self.core.work_due().unwrap());
    }

    /// Time passes, and what is due is done.
    pub fn pass(&self, ms: i64) {
        self.clock.pass(ms);
        self.sandbox.advance(ms);
        self.work();
    }

    /// Time passes as on a phone that is looked at: what falls due is done within a quarter of a second.
    pub fn live(&self, ms: i64) {
        let end = self.clock.wall_ms() + ms;
        while self.clock.wall_ms() < end {
            let step = 250.min(end - self.clock.wall_ms());
            self.clock.pass(step);
            self.sandbox.advance(step);
            if self.core.next_due().unwrap().is_some_and(|at| at <= self.clock.wall_ms()) {
                self.work();
            }
        }
    }

    /// Sells, and the core does what is due.
    pub fn sell(&self, draft: &Draft) -> OrderId {
        let id = self.core.create(draft).unwrap().id;
        self.work();
        id
    }

    /// A link as it is shown.
    pub fn link(&self, id: OrderId) -> PaymentLink {
        self.core.link(id).unwrap()
    }

    /// Its status.
    pub fn status(&self, id: OrderId) -> LinkStatus {
        self.link(id).status
    }

    /// What its timeline says.
    pub fn kinds(&self, id: OrderId) -> Vec<EventKind> {
        self.core.timeline(id).unwrap().iter().filter_map(|event| event.kind.known()).collect()
    }

    /// Its session at the provider.
    pub fn session(&self, id: OrderId) -> String {
        self.link(id).session_id.unwrap()
    }

    /// The customer pays.
    pub fn pay(&self, session: &str) {
        self.sandbox.pay(session, "dintero_psp.creditcard", paylink_sandbox::PayOutcome::Authorize).unwrap();
    }

    /// Requests that the provider has answered since so many, but those for tokens and profiles.
    pub fn asked_since(&self, before: usize) -> Vec<RequestRecord> {
        let about = |one: &RequestRecord| one.path.contains("/sessions") || one.path.contains("/transactions");
        self.sandbox.requests().split_off(before).into_iter().filter(about).collect()
    }

    /// How many requests there were so far.
    pub fn asked(&self) -> usize {
        self.sandbox.requests().len()
    }

    /// The process dies and another begins: what is in memory is gone.
    #[must_use]
    pub fn died(self) -> Self {
        let Self { sandbox, core, clock, config, secure, folder } = self;
        core.abandon();
        let core = start(&config, &secure, &clock);
        Self { sandbox, core, clock, config, secure, folder }
    }
}

fn start(config: &Config, secure: &Arc<dyn SecureStore>, clock: &Arc<PhoneClock>) -> Paylink {
    let ports = Ports { secure_store: Arc::clone(secure), token_source: None };
    Paylink::open_unscheduled(config, ports, Arc::clone(clock) as Arc<dyn Clock>).unwrap()
}
