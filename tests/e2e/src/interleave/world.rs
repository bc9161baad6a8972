//! The world of an interleaved history, and who may do something next in it.
//!
//! Exactly one thread goes on at a time: whoever reaches a point of the core (a request, a commit) is held up there while
//! the calls that chance chooses are made, each to its end; then it goes on. So a history is its seed. What is held up in
//! an outer call may be anything that the core holds: an entry in hand, a row read, a list half read.
//!
//! The state is never locked while the core is asked.

use super::character;
use super::point::{Ask, Call, Point, Who};
use super::table::Table;
use super::watch::{Case, Heard};
use crate::chance::Chance;
use crate::clock::{PhoneClock, START_MS};
use crate::disk::Disk;
use crate::{MemoryStore, memory_folder};
use paylink_core::account::{Config, Subscription};
use paylink_core::gateway::dintero::Trust;
use paylink_core::{OrderId, Paylink, PaylinkError};
use paylink_sandbox::{Provider, Request};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tempfile::TempDir;

/// What a call returns, or how it panicked.
pub(super) type Answer<T> = std::thread::Result<Result<T, PaylinkError>>;

/// A request that is still on its way although its sender has given it up.
pub(super) struct Late {
    pub(super) due_ms: i64,
    pub(super) request: Request,
}

/// What is known of the world beside the provider and the core.
pub(super) struct State {
    pub(super) chance: Chance,
    pub(super) log: Vec<String>,
    pub(super) table: Table,
    /// The calls that are under way, the outermost first.
    pub(super) under_way: Vec<Call>,
    /// The process is dead: whoever still runs ends.
    pub(super) dead: bool,
    /// The first thing that was wrong.
    pub(super) wrong: Option<String>,
    pub(super) cases: BTreeMap<OrderId, Case>,
    pub(super) late: Vec<Late>,
    /// Of 100 points, at how many something happens.
    pub(super) nested_percent: usize,
    /// Of 100 requests, how many meet a fault; and how many arrive late.
    pub(super) faults_percent: usize,
    pub(super) late_percent: usize,
    /// Nothing happens by chance any more.
    pub(super) quiet: bool,
    pub(super) online: bool,
    /// The profile was read by whoever commits next.
    pub(super) profile_read: bool,
    /// The reference that the last request was about.
    pub(super) about: Option<String>,
    /// Whatever is done now is done to the link that the last request was about.
    pub(super) insists: bool,
    /// What was asked for last.
    pub(super) last: Option<Ask>,
    /// From this depth on the token's lock may belong to one of several questions that the held up call asks side by
    /// side in one task, and that cannot go on before it does.
    pub(super) token_in_hand: Option<usize>,
    /// Every create is unclear: a bad minute.
    pub(super) bad_minute: bool,
    /// The points at which calls are held up, the outermost first.
    pub(super) points: Vec<Point>,
    /// Who has a commit under way, the outermost first.
    pub(super) committing: Vec<Who>,
    /// The disk is full, for one commit.
    pub(super) disk_full: bool,
    pub(super) full_disks: u64,
    pub(super) moments: u64,
    pub(super) figures: super::Figures,
    /// The newest event that was looked at, and how many commits there were then.
    pub(super) seen: i64,
    pub(super) looked_at: u64,
}

/// A history's world.
pub(super) struct World {
    pub(super) provider: Provider,
    pub(super) clock: Arc<PhoneClock>,
    pub(super) secure: Arc<MemoryStore>,
    pub(super) disk: Arc<Disk>,
    pub(super) heard: Arc<Heard>,
    core: Mutex<Option<(Arc<Paylink>, Subscription)>>,
    state: Mutex<State>,
    pub(super) config: Config,
    folder: TempDir,
}

impl Drop for World {
    fn drop(&mut self) {
        *self.core.get_mut().unwrap_or_else(PoisonError::into_inner) = None;
        Disk::forget(self.folder.path());
    }
}

impl World {
    /// A world whose provider is drawn by chance.
    pub(super) fn new(seed: u64) -> Arc<Self> {
        let mut chance = Chance::new(seed ^ 0x1A7E_41EA_4E00);
        let provider = Provider::new(character::draw(&mut chance));
        let clock = Arc::new(PhoneClock::new(START_MS, Chance::new(chance.number())));
        let folder = memory_folder();
        let disk = Disk::under(folder.path());
        let state = State {
            log: Vec::new(),
            table: Table::default(),
            under_way: Vec::new(),
            dead: false,
            wrong: None,
            cases: BTreeMap::new(),
            late: Vec::new(),
            nested_percent: chance.one(&[2, 5, 10, 25]).copied().unwrap_or(5),
            faults_percent: chance.one(&[0, 0, 10, 30]).copied().unwrap_or(0),
            late_percent: chance.one(&[0, 0, 2, 10]).copied().unwrap_or(0),
            quiet: true,
            online: true,
            profile_read: false,
            about: None,
            insists: false,
            last: None,
            token_in_hand: None,
            bad_minute: false,
            points: Vec::new(),
            committing: Vec::new(),
            disk_full: false,
            full_disks: 0,
            moments: 0,
            figures: super::Figures::default(),
            seen: 0,
            looked_at: 0,
            chance,
        };
        let world = Arc::new_cyclic(|world: &Weak<Self>| {
            let mut config = crate::config(folder.path(), "http://127.0.0.1:1");
            let line = Arc::new(super::line::Line(world.clone()));
            // Nobody speaks TLS here, and reading the roots of the web takes as long as a few sales.
            config.trust = Trust::Certificates(Vec::new());
            config.transport = Some(line.clone());
            config.moments = Some(line);
            Self {
                secure: Arc::new(MemoryStore::signed_in(&config.account)),
                heard: Arc::default(),
                core: Mutex::default(),
                state: Mutex::new(state),
                provider,
                clock,
                disk,
                config,
                folder,
            }
        });
        world.note(character::told(&world.provider));
        world.open();
        world.state().quiet = false;
        world
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn note(&self, what: impl Into<String>) {
        let mut state = self.state();
        let seconds = (self.provider.now_ms() - START_MS) as f64 / 1_000.0;
        let line = format!("{seconds:>10.1} {}{}", "  ".repeat(state.under_way.len()), what.into());
        state.log.push(line);
    }

    /// Something is wrong: the first is kept, and the history ends.
    pub(super) fn wrong(&self, what: impl Into<String>) {
        let what = what.into();
        self.note(format!("WRONG {what}"));
        let mut state = self.state();
        state.wrong.get_or_insert(what);
        state.quiet = true;
    }

    pub(super) fn percent(&self, percent: usize) -> bool {
        self.state().chance.percent(percent)
    }

    pub(super) fn one<T: Clone>(&self, of: &[T]) -> Option<T> {
        self.state().chance.one(of).cloned()
    }

    pub(super) fn slot(&self) -> MutexGuard<'_, Option<(Arc<Paylink>, Subscription)>> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The core, unless there is none just now.
    pub(super) fn core(&self) -> Option<Arc<Paylink>> {
        self.slot().as_ref().map(|(core, _)| Arc::clone(core))
    }

    /// Time passes for all; what was on its way arrives.
    pub(super) fn pass(&self, ms: i64) {
        let end = self.provider.now_ms() + ms;
        loop {
            let mut state = self.state();
            let next =
                state.late.iter().enumerate().min_by_key(|(_, late)| late.due_ms).map(|(at, late)| (at, late.due_ms));
            let Some((at, due)) = next.filter(|(_, due)| *due <= end) else { break };
            let late = state.late.remove(at);
            drop(state);
            self.advance((due - self.provider.now_ms()).max(0));
            let reply = self.provider.handle(&late.request);
            self.note(format!(
                "what was late arrives: {} {} is answered {}",
                late.request.method, late.request.path, reply.status
            ));
        }
        self.advance(end - self.provider.now_ms());
    }

    fn advance(&self, ms: i64) {
        self.clock.pass(ms);
        self.provider.advance(ms);
    }
}
