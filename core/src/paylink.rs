//! [`Paylink`], the façade: it wires the rooms together and owns the runtime. Names are binding for every shell.
//!
//! No call waits for the network unless its name says so (`sign_in`, `sync`); all others take at most a store
//! transaction and may be called from any thread. What a call has started goes on when its caller goes away.

mod catalogue;
mod live;
mod opening;
mod read;
mod sell;
mod share;
mod work;

pub use read::{LinkDetail, LinkFilter, Page, Pending};
pub use share::Reminder;

use crate::account::{Announcer, Config, Context, LinkListener, Ports, Settings, Subscription, kept_time};
use crate::clock::{Clock, ServerClock, SystemClock};
use crate::error::{PaylinkError, StorageKind};
use crate::store::rows::meta;
use crate::store::{Abort, DirectoryLock, Hears, Moments, Store, StoreError};
use live::Live;
pub use live::SyncReport;
use opening::Opening;
use read::View;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// The most that `suspend` and `close` take (rule 15).
const STOP_WITHIN: Duration = Duration::from_secs(3);
/// Threads of the core's own runtime: one may block on the disk while the other goes on.
const WORKERS: usize = 2;

/// The core. One per data directory.
pub struct Paylink {
    settings: Settings,
    clock: Arc<dyn Clock>,
    ports: Option<Ports>,
    announcer: Arc<Announcer>,
    runtime: Option<Runtime>,
    state: Mutex<State>,
    online: Arc<AtomicBool>,
    scheduled: bool,
    moments: Option<Arc<dyn Moments>>,
}

enum State {
    /// The database is being opened, and nobody waits for that but who asked for it.
    Opening(Arc<Opening>),
    Live(Arc<Live>),
    ReadOnly(Arc<Store>, Arc<ServerClock>),
    Suspended,
    Closed,
}

impl Paylink {
    /// Opens the core on its data directory, and takes the directory's exclusive lock.
    ///
    /// # Errors
    /// [`PaylinkError::Config`] with the field that is wrong, [`PaylinkError::InUse`], storage errors.
    pub fn open(config: &Config, ports: Ports) -> Result<Self, PaylinkError> {
        Self::open_with_clock(config, ports, Arc::new(SystemClock::default()))
    }

    /// As [`Paylink::open`], with another clock: for tests.
    ///
    /// # Errors
    /// As [`Paylink::open`].
    pub fn open_with_clock(config: &Config, ports: Ports, clock: Arc<dyn Clock>) -> Result<Self, PaylinkError> {
        let core = Self::new(config, Some(ports), clock)?;
        core.resume()?;
        Ok(core)
    }

    /// As [`Paylink::open_with_clock`], but nothing happens by itself: the shell asks [`Paylink::next_due`] and calls
    /// [`Paylink::work_due`]. For shells with a scheduler of their own, and for proofs that repeat a history.
    ///
    /// # Errors
    /// As [`Paylink::open`].
    pub fn open_unscheduled(config: &Config, ports: Ports, clock: Arc<dyn Clock>) -> Result<Self, PaylinkError> {
        let mut core = Self::new(config, Some(ports), clock)?;
        core.scheduled = false;
        core.resume()?;
        Ok(core)
    }

    /// Opens a data directory for reading beside its owner: nothing is sent and nothing is written.
    ///
    /// # Errors
    /// [`PaylinkError::Config`], also where it is another account's; storage errors; there must be a database.
    pub fn open_read_only(config: &Config) -> Result<Self, PaylinkError> {
        let core = Self::new(config, None, Arc::new(SystemClock::default()))?;
        let store = Arc::new(Store::open_read_only(&core.settings.data_dir)?);
        let account = core.settings.provider.account().to_owned();
        let kept = store.read(move |db| {
            meta::is_bound_to(db, &account)?;
            kept_time(db)
        })?;
        let server = Arc::new(ServerClock::new(Arc::clone(&core.clock)).remembering(kept));
        *core.lock() = State::ReadOnly(store, server);
        Ok(core)
    }

    fn new(config: &Config, ports: Option<Ports>, clock: Arc<dyn Clock>) -> Result<Self, PaylinkError> {
        let mut settings = config.check()?;
        // A process that goes elsewhere still means the same folder.
        settings.data_dir = std::path::absolute(&settings.data_dir).map_err(StoreError::Io)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("paylink-worker")
            .enable_all()
            .build()
            .map_err(|error| PaylinkError::internal(error.to_string()))?;
        let announcer = Announcer::start().map_err(|error| PaylinkError::internal(error.to_string()))?;
        Ok(Self {
            settings,
            clock,
            ports,
            announcer: Arc::new(announcer),
            runtime: Some(runtime),
            state: Mutex::new(State::Suspended),
            online: Arc::new(AtomicBool::new(!config.offline)),
            scheduled: true,
            moments: config.moments.clone(),
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn live(&self) -> Result<Arc<Live>, PaylinkError> {
        match &*self.lock() {
            State::Live(live) => Ok(Arc::clone(live)),
            State::ReadOnly(..) => Err(PaylinkError::InUse),
            State::Opening(_) | State::Suspended => Err(PaylinkError::Suspended),
            State::Closed => Err(PaylinkError::Closed),
        }
    }

    fn context(&self) -> Result<Arc<Context>, PaylinkError> {
        Ok(Arc::clone(&self.live()?.ctx))
    }

    fn view(&self) -> Result<View<'_>, PaylinkError> {
        let (store, now) = match &*self.lock() {
            State::Live(live) => (Arc::clone(&live.ctx.store), live.ctx.server.best()),
            State::ReadOnly(store, server) => (Arc::clone(store), server.best()),
            State::Opening(_) | State::Suspended => return Err(PaylinkError::Suspended),
            State::Closed => return Err(PaylinkError::Closed),
        };
        Ok(View { store, settings: &self.settings, now })
    }

    /// Hears of every change for as long as the subscription lives; across `suspend` and `resume`.
    #[must_use]
    pub fn subscribe(&self, listener: Arc<dyn LinkListener>) -> Subscription {
        self.announcer.subscribe(listener)
    }

    /// Stops all work, closes the database and releases the lock, within 3 s. Requests under way are given up;
    /// their entries are looked up later. Calls answer [`PaylinkError::Suspended`] until [`Paylink::resume`].
    pub fn suspend(&self) {
        self.stop(State::Suspended);
    }

    /// Opens the database again after [`Paylink::suspend`]; nothing when it is open. Calls from elsewhere answer
    /// [`PaylinkError::Suspended`] until it is, and [`Paylink::suspend`] breaks it off.
    ///
    /// # Errors
    /// As [`Paylink::open`]; [`PaylinkError::Closed`] after [`Paylink::close`]; [`PaylinkError::Suspended`] when it was
    /// broken off.
    pub fn resume(&self) -> Result<(), PaylinkError> {
        let opening = loop {
            let mut state = self.lock();
            match &*state {
                State::Live(_) | State::ReadOnly(..) => return Ok(()),
                State::Closed => return Err(PaylinkError::Closed),
                State::Opening(other) => {
                    let other = Arc::clone(other);
                    drop(state);
                    other.wait();
                }
                State::Suspended => {
                    let opening = Arc::<Opening>::default();
                    *state = State::Opening(Arc::clone(&opening));
                    break opening;
                }
            }
        };
        // However it ends, a panic included, whoever waits goes on.
        let _over = opening.ends();
        let started = match self.start(&opening.abort) {
            // The first queries found damage that a look at the file had not shown. Now it is known: the second
            // opening recovers what it can.
            Err(PaylinkError::Storage { kind: StorageKind::Corrupt, .. }) => self.start(&opening.abort),
            other => other,
        };
        let mut state = self.lock();
        match (started, opening.wanted()) {
            (Ok(live), None) => {
                *state = State::Live(live);
                Ok(())
            }
            (Err(error), None) => {
                *state = State::Suspended;
                Err(error)
            }
            (started, Some(closed)) => {
                drop(state);
                if let Ok(live) = started {
                    live.stop(Instant::now() + STOP_WITHIN);
                }
                *self.lock() = if closed { State::Closed } else { State::Suspended };
                Err(if closed { PaylinkError::Closed } else { PaylinkError::Suspended })
            }
        }
    }

    fn start(&self, abort: &Abort) -> Result<Arc<Live>, PaylinkError> {
        let (Some(ports), Some(runtime)) = (self.ports.clone(), &self.runtime) else {
            return Err(PaylinkError::InUse);
        };
        let lock = DirectoryLock::take(&self.settings.data_dir)?;
        let announcer = Arc::clone(&self.announcer);
        let hears: Hears = Arc::new(move |one| announcer.link_changed(one.link, one.cursor));
        let store = Store::open(&lock, Some(hears), abort)?.heard_by(self.moments.clone());
        let ctx = Context::new(
            self.settings.clone(),
            Arc::new(store),
            ports,
            Arc::clone(&self.clock),
            Arc::clone(&self.announcer),
            Arc::clone(&self.online),
        )?;
        Ok(Live::start(ctx, lock, runtime.handle(), self.scheduled)?)
    }

    /// As [`Paylink::suspend`], for good.
    pub fn close(&self) {
        self.stop(State::Closed);
    }

    /// Lets go of everything without a word to the database, as a process does that is killed: for proofs.
    #[doc(hidden)]
    pub fn abandon(self) {
        if let State::Live(live) = std::mem::replace(&mut *self.lock(), State::Closed) {
            live.abandon();
        }
    }

    fn stop(&self, next: State) {
        let until = Instant::now() + STOP_WITHIN;
        let mut state = self.lock();
        match &*state {
            State::Closed => {}
            State::Opening(opening) => {
                let opening = Arc::clone(opening);
                drop(state);
                opening.break_off(matches!(next, State::Closed));
                opening.wait_until(until);
            }
            _ => {
                if let State::Live(live) = std::mem::replace(&mut *state, next) {
                    drop(state);
                    live.stop(until);
                }
            }
        }
    }

    /// Runs work on the core's runtime, so that it outlives the caller's interest in it.
    async fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, PaylinkError> {
        let runtime = self.runtime.as_ref().ok_or(PaylinkError::Closed)?;
        // Not the task's own words: those of a panic may quote what a person typed (rule 8).
        runtime.spawn(work).await.map_err(|error| {
            PaylinkError::internal(if error.is_panic() {
                "a task panicked; the log says where"
            } else {
                "a task was cut off"
            })
        })
    }
}

impl Drop for Paylink {
    fn drop(&mut self) {
        self.close();
        if let Some(runtime) = self.runtime.take() {
            // Never waits: dropping a runtime that way is allowed on any thread, an async one included.
            runtime.shutdown_background();
        }
    }
}
