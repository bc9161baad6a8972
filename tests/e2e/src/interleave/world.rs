//! The world of an interleaved history, and who may do something next in it.
//!
//! Exactly one thread goes on at a time: whoever reaches a point of the core (a request, a commit) is held up there while
//! the calls that chance chooses are made, each to its end; then it goes on. So a history is its seed. What is held up in
//! an outer call may be anything that the core holds: an entry in hand, a row read, a list half read.
//!
//! The state is never locked while the core is asked.

use super::character;
use super::point::{Ask, Call, Point, Who, possible, possible_within};
use super::table::Table;
use super::watch::{Case, Heard};
use crate::disk::Disk;
use crate::model::{Chance, Died, PhoneClock, START_MS};
use crate::{MemoryStore, memory_folder};
use paylink_core::account::{Config, Ports, Subscription};
use paylink_core::clock::Clock;
use paylink_core::{LinkFilter, OrderId, Page, Paylink, PaylinkError};
use paylink_sandbox::{Provider, Request};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak, mpsc};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Calls that are under way at once: one, one in the middle of it, and one in the middle of that.
const MOST_AT_ONCE: usize = 3;
/// Of 100 answers about one session, how many are old before they are handled.
const STORIES_PERCENT: usize = 4;
/// A call that has not come back after so long of the machine's time waits for somebody who waits for it.
const STUCK: Duration = Duration::from_secs(20);
/// Requests and commits of one call of the shell, with all that happens in the middle of it. A queue that comes to rest
/// stays far below it.
const MOMENTS_AT_MOST: u64 = 4_000;

/// What a call gives, or how it panicked.
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
    dead: bool,
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
    /// Every create is unclear: a bad minute.
    pub(super) bad_minute: bool,
    /// The points at which calls are held up, the outermost first.
    points: Vec<Point>,
    /// Who has a commit under way, the outermost first.
    pub(super) committing: Vec<Who>,
    /// The disk is full, for one commit.
    pub(super) disk_full: bool,
    moments: u64,
    pub(super) figures: super::Figures,
    /// The newest event that was looked at.
    pub(super) seen: i64,
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
    config: Config,
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
        let clock = Arc::new(PhoneClock::new(START_MS, Chance::new(chance.next())));
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
            faults_percent: 0,
            late_percent: chance.one(&[0, 0, 2, 10]).copied().unwrap_or(0),
            quiet: true,
            online: true,
            profile_read: false,
            about: None,
            bad_minute: false,
            points: Vec::new(),
            committing: Vec::new(),
            disk_full: false,
            moments: 0,
            figures: super::Figures::default(),
            seen: 0,
            chance,
        };
        let world = Arc::new_cyclic(|world: &Weak<Self>| {
            let mut config = crate::config(folder.path(), "http://127.0.0.1:1");
            let line = Arc::new(super::line::Line(world.clone()));
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

    fn slot(&self) -> MutexGuard<'_, Option<(Arc<Paylink>, Subscription)>> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The core, unless there is none just now.
    pub(super) fn core(&self) -> Option<Arc<Paylink>> {
        self.slot().as_ref().map(|(core, _)| Arc::clone(core))
    }

    /// Opens the core; where it dies of that, again.
    pub(super) fn open(&self) {
        loop {
            match catch_unwind(AssertUnwindSafe(|| self.try_open())) {
                Ok(Ok(core)) => {
                    let heard = self.heard.listener();
                    let listening = core.subscribe(heard);
                    *self.slot() = Some((Arc::new(core), listening));
                    return self.learn_of_orders();
                }
                Ok(Err(error)) if !self.disk.is_gone() => {
                    return self.wrong(format!("the core does not open: {error}"));
                }
                Ok(Err(_)) => {}
                Err(defect) if !defect.is::<Died>() => resume_unwind(defect),
                Err(_) => {}
            }
            self.state().dead = false;
            self.disk.heal();
        }
    }

    fn try_open(&self) -> Result<Paylink, PaylinkError> {
        let clock: Arc<dyn Clock> = self.clock.clone();
        let ports = Ports { secure_store: self.secure.clone(), token_source: None };
        let core = Paylink::open_unscheduled(&self.config, ports, clock)?;
        let online = self.state().online;
        core.network_changed(online)?;
        Ok(core)
    }

    /// What was saved in the moment in which the process died was never said to be.
    fn learn_of_orders(&self) {
        let all = Page { offset: 0, limit: 1_000 };
        let links = self.core().and_then(|core| core.links(LinkFilter::default(), all).ok());
        let mut state = self.state();
        for link in links.into_iter().flatten() {
            state.cases.entry(link.id).or_default().told.reference = link.reference;
        }
    }

    /// Takes the core away: closes it, and opens another.
    pub(super) fn reopen(&self) {
        let Some((core, listening)) = self.slot().take() else { return };
        core.close();
        drop(core);
        self.heard.end(listening);
        // Whose commit is it? Nobody's call: an opening.
        let outer = std::mem::take(&mut self.state().under_way);
        self.open();
        self.state().under_way = outer;
    }

    /// The core goes for good.
    pub(super) fn close(&self) {
        if let Some((core, listening)) = self.slot().take() {
            core.close();
            drop(core);
            self.heard.end(listening);
        }
    }

    /// Makes one call of the shell, or lets the world do something, with all that happens in the middle of it. The
    /// process may die of it; then it is started again.
    pub(super) fn step(self: &Arc<Self>, call: Call) {
        self.state().moments = 0;
        let done = catch_unwind(AssertUnwindSafe(|| self.call(call, None)));
        if let Err(defect) = done
            && !defect.is::<Died>()
        {
            resume_unwind(defect);
        }
        if self.state().dead {
            self.bury();
        }
        self.look();
    }

    /// The process is dead: nothing more of it reaches the disk. Another is started.
    fn bury(&self) {
        {
            let mut state = self.state();
            state.under_way.clear();
            state.points.clear();
            state.committing.clear();
            (state.profile_read, state.disk_full) = (false, false);
        }
        if let Some((core, listening)) = self.slot().take() {
            self.heard.end(listening);
            // A sync that waits for what nobody does any more comes back when it is offline.
            let _ = core.network_changed(false);
            let begun = Instant::now();
            while Arc::strong_count(&core) > 1 && begun.elapsed() < STUCK {
                std::thread::sleep(Duration::from_millis(1));
            }
            match Arc::try_unwrap(core) {
                Ok(core) => core.abandon(),
                Err(_) => return self.wrong("somebody still works with a core that is dead"),
            }
        }
        self.disk.heal();
        let mut state = self.state();
        (state.dead, state.figures.deaths) = (false, state.figures.deaths + 1);
        drop(state);
        self.open();
    }

    /// Whoever still runs ends here, when the process is dead.
    pub(super) fn alive(&self) {
        if self.state().dead {
            panic_any(Died);
        }
    }

    /// The process dies now.
    pub(super) fn die(&self) {
        self.state().dead = true;
        self.disk.kill_at(0);
        panic_any(Died);
    }

    fn call(self: &Arc<Self>, call: Call, at: Option<Point>) {
        match at {
            Some(point) => self.note(format!("{point}: {call:?}")),
            None => self.note(format!("{call:?}")),
        }
        let mut state = self.state();
        state.under_way.push(call);
        if let Some(point) = at {
            state.table.hit(point, call);
        }
        drop(state);
        let took = self.perform(call);
        let mut state = self.state();
        state.under_way.pop();
        if took {
            state.table.took(call);
        }
    }

    /// The core has come to a point: chance decides what happens there.
    pub(super) fn at(self: &Arc<Self>, point: Point) {
        self.alive();
        if point == Point::After(Ask::Session) && self.may(Call::Work, point) && self.percent(STORIES_PERCENT) {
            // An answer is in hand that is old before it is handled: two who read the same session.
            let first = self.one(&[Call::Visit, Call::Pay]).unwrap_or(Call::Visit);
            for call in [first, Call::Cancel, Call::Work] {
                self.meanwhile(point, call);
            }
        }
        while let Some(call) = self.choose(point) {
            self.meanwhile(point, call);
        }
    }

    fn meanwhile(self: &Arc<Self>, point: Point, call: Call) {
        self.state().points.push(point);
        self.call(call, Some(point));
        self.state().points.pop();
        self.alive();
    }

    /// Whether something may happen at this point by chance, and this call may.
    fn may(&self, call: Call, point: Point) -> bool {
        let state = self.state();
        !state.quiet
            && state.under_way.len() < MOST_AT_ONCE
            && possible(point, call)
            && state.points.iter().all(|outer| possible_within(*outer, call))
    }

    fn choose(&self, point: Point) -> Option<Call> {
        let mut state = self.state();
        if state.quiet || state.under_way.len() >= MOST_AT_ONCE {
            return None;
        }
        let percent = if state.under_way.len() > 1 { state.nested_percent / 2 } else { state.nested_percent };
        if !state.chance.percent(percent) {
            return None;
        }
        let may =
            |call: &Call| possible(point, *call) && state.points.iter().all(|outer| possible_within(*outer, *call));
        let choice: Vec<Call> = Call::ALL.into_iter().filter(may).collect();
        let mut left = state.chance.below(choice.iter().map(|call| call.weight()).sum());
        choice.into_iter().find(|call| {
            let here = left < call.weight();
            left = left.saturating_sub(call.weight());
            here
        })
    }

    /// Counts a moment of the core. One call that has too many of them never comes to rest.
    pub(super) fn moment(&self) {
        let mut state = self.state();
        state.moments += 1;
        let endless = state.moments == MOMENTS_AT_MOST;
        drop(state);
        if endless {
            self.wrong(format!("no rest: {MOMENTS_AT_MOST} requests and commits in one call"));
            if let Some(core) = self.core() {
                // Nothing is sent offline, so it ends.
                let _ = core.network_changed(false);
            }
        }
    }

    /// Who commits now.
    pub(super) fn who(&self) -> Who {
        let mut state = self.state();
        let who = Who::of(state.under_way.last().copied());
        let keeps_profile = std::mem::replace(&mut state.profile_read, false);
        // The profile is kept by whoever has just read it, before it lets go of what the others wait for.
        if who == Who::Work && keeps_profile { Who::Profile } else { who }
    }

    /// Asks the core on a thread of its own, where it may wait for its runtime.
    pub(super) fn begin<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Paylink) -> Result<T, PaylinkError> + Send + 'static,
    ) -> Option<mpsc::Receiver<Answer<T>>> {
        let core = self.core()?;
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            let done = catch_unwind(AssertUnwindSafe(|| work(&core)));
            drop(core);
            let _ = tell.send(done);
        });
        Some(told)
    }

    /// Asks the core so, and waits for the answer.
    pub(super) fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Paylink) -> Result<T, PaylinkError> + Send + 'static,
    ) -> Option<Result<T, PaylinkError>> {
        match self.begin(work)?.recv_timeout(STUCK) {
            Ok(Ok(done)) => Some(done),
            Ok(Err(defect)) => resume_unwind(defect),
            Err(_) => {
                let under_way = self.state().under_way.clone();
                self.wrong(format!("stuck: {under_way:?} wait for each other"));
                None
            }
        }
    }

    /// Calls under way, and moments since the outermost began.
    pub(super) fn progress(&self) -> (usize, u64) {
        let state = self.state();
        (state.under_way.len(), state.moments)
    }

    /// Asks the core on this thread.
    pub(super) fn ask<T>(&self, work: impl FnOnce(&Paylink) -> Result<T, PaylinkError>) -> Option<T> {
        let core = self.core()?;
        let done = work(&core);
        drop(core);
        self.alive();
        match done {
            Ok(done) => Some(done),
            Err(PaylinkError::Internal { .. }) => {
                self.wrong("a defect of the core: an internal error");
                None
            }
            Err(_) => None,
        }
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
