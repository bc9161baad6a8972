//! [`Paylink`], the façade: it wires the rooms together and owns the runtime. Names are binding for every shell.
//!
//! No call waits for the network unless its name says so (`sign_in`, `sync`); all others take at most a store
//! transaction and may be called from any thread. What a call has started goes on when its caller goes away.

mod live;
mod read;
mod sell;
mod share;

pub use read::{LinkDetail, LinkFilter, Page, Pending};

use crate::account::{AccountState, Announcer, Config, Context, LinkListener, Ports, Settings, Subscription};
use crate::clock::{Clock, SystemClock};
use crate::error::{PaylinkError, StorageKind};
use crate::id::OrderId;
use crate::store::{DirectoryLock, RecoveryReport, Store, entries, events, recovery, sessions};
use live::Live;
pub use live::SyncReport;
use read::View;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// The most that `suspend` and `close` take (design 3).
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
    scheduled: bool,
}

enum State {
    Live(Arc<Live>),
    ReadOnly(Arc<Store>),
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

    /// Sends and asks what is due now, one thing after the other. Gives the number of steps of the outbox. Waits for
    /// the network; must not be called on a thread of an async runtime.
    ///
    /// # Errors
    /// Storage errors.
    pub fn work_due(&self) -> Result<u32, PaylinkError> {
        let live = self.live()?;
        let runtime = self.runtime.as_ref().ok_or(PaylinkError::Closed)?;
        Ok(runtime.block_on(live.work_due())?)
    }

    /// When there is something to send or to ask, UTC ms by the phone.
    ///
    /// # Errors
    /// Storage errors.
    pub fn next_due(&self) -> Result<Option<i64>, PaylinkError> {
        Ok(self.live()?.next_due()?)
    }

    /// Opens a data directory for reading beside its owner: nothing is sent and nothing is written.
    ///
    /// # Errors
    /// [`PaylinkError::Config`], storage errors; there must be a database.
    pub fn open_read_only(config: &Config) -> Result<Self, PaylinkError> {
        let core = Self::new(config, None, Arc::new(SystemClock::default()))?;
        let store = Arc::new(Store::open_read_only(&core.settings.data_dir)?);
        *core.lock() = State::ReadOnly(store);
        Ok(core)
    }

    fn new(config: &Config, ports: Option<Ports>, clock: Arc<dyn Clock>) -> Result<Self, PaylinkError> {
        let settings = config.check()?;
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
            scheduled: true,
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn live(&self) -> Result<Arc<Live>, PaylinkError> {
        match &*self.lock() {
            State::Live(live) => Ok(Arc::clone(live)),
            State::ReadOnly(_) => Err(PaylinkError::InUse),
            State::Suspended => Err(PaylinkError::Suspended),
            State::Closed => Err(PaylinkError::Closed),
        }
    }

    fn context(&self) -> Result<Arc<Context>, PaylinkError> {
        Ok(Arc::clone(&self.live()?.ctx))
    }

    fn view(&self) -> Result<View<'_>, PaylinkError> {
        let (store, server) = match &*self.lock() {
            State::Live(live) => (Arc::clone(&live.ctx.store), live.ctx.server.best_ms()),
            State::ReadOnly(store) => (Arc::clone(store), self.clock.wall_ms()),
            State::Suspended => return Err(PaylinkError::Suspended),
            State::Closed => return Err(PaylinkError::Closed),
        };
        Ok(View { store, settings: &self.settings, now: server })
    }

    /// Checks credentials with the provider, keeps them in the phone's secure store only, and lets the queue go on.
    ///
    /// # Errors
    /// [`PaylinkError::SignInNeeded`] when they are refused, [`PaylinkError::Network`] when nobody could be asked.
    pub async fn sign_in(&self, client_id: &str, client_secret: &str) -> Result<AccountState, PaylinkError> {
        let live = self.live()?;
        let (id, secret) = (client_id.to_owned(), client_secret.to_owned());
        self.spawn(async move {
            live.ctx.sign_in(&id, &secret).await?;
            live.wake()?;
            Ok(live.ctx.account())
        })
        .await?
    }

    /// Forgets the credentials; the queue pauses.
    ///
    /// # Errors
    /// [`PaylinkError::Unsent`] while anything is unsent (design rule 5); [`PaylinkError::SignInNeeded`] when the
    /// secure store is locked.
    pub fn sign_out(&self) -> Result<(), PaylinkError> {
        let ctx = self.context()?;
        let count = ctx.store.read(entries::count_open)?.iter().map(|(_, count)| count).sum();
        if count > 0 { Err(PaylinkError::Unsent { count }) } else { ctx.sign_out() }
    }

    /// Remembers that the app has shown every event up to this cursor.
    ///
    /// # Errors
    /// Storage errors.
    pub fn acknowledge(&self, cursor: i64) -> Result<(), PaylinkError> {
        Ok(self.context()?.store.write(move |db| events::acknowledge(db, cursor))?)
    }

    /// What became of a damaged database that was found at opening, until it is acknowledged.
    ///
    /// # Errors
    /// Storage errors.
    pub fn recovered(&self) -> Result<Option<RecoveryReport>, PaylinkError> {
        Ok(self.view()?.store.read(recovery::report)?)
    }

    /// Remembers that the seller has seen what [`Paylink::recovered`] says. The damaged files stay where they are.
    ///
    /// # Errors
    /// Storage errors.
    pub fn acknowledge_recovered(&self) -> Result<(), PaylinkError> {
        Ok(self.context()?.store.write(recovery::acknowledge)?)
    }

    /// The account: profile, methods, and why the queue pauses.
    ///
    /// # Errors
    /// [`PaylinkError::Suspended`], [`PaylinkError::Closed`].
    pub fn account(&self) -> Result<AccountState, PaylinkError> {
        Ok(self.context()?.account())
    }

    /// Sends what waits and asks about what is open, until nothing is due or the time is over. For background jobs
    /// and for a pull to refresh; running out of time stops nothing but this call.
    ///
    /// # Errors
    /// Storage errors.
    pub async fn sync(&self, budget: Duration) -> Result<SyncReport, PaylinkError> {
        let live = self.live()?;
        self.spawn(async move { live.sync(budget).await }).await?
    }

    /// Says whether the phone has a network now. Offline, nothing is tried; back online, all that waits is due.
    ///
    /// # Errors
    /// Storage errors.
    pub fn network_changed(&self, online: bool) -> Result<(), PaylinkError> {
        self.live()?.network_changed(online)
    }

    /// Says whether the app is in front: then open links are asked about by themselves.
    ///
    /// # Errors
    /// Storage errors.
    pub fn set_foreground(&self, foreground: bool) -> Result<(), PaylinkError> {
        self.live()?.set_foreground(foreground)
    }

    /// Asks about one link now, because its screen was opened.
    ///
    /// # Errors
    /// Storage errors.
    pub fn refresh(&self, id: OrderId) -> Result<(), PaylinkError> {
        let live = self.live()?;
        let now = live.ctx.now();
        live.ctx.store.write(move |db| {
            match crate::store::orders::get(db, id)?.and_then(|(_, state)| state.session_id) {
                Some(session) => sessions::poll_by(db, &session, now),
                None => Ok(()),
            }
        })?;
        live.nudge();
        Ok(())
    }

    /// Hears of every change for as long as the subscription lives; across `suspend` and `resume`.
    #[must_use]
    pub fn subscribe(&self, listener: Arc<dyn LinkListener>) -> Subscription {
        self.announcer.subscribe(listener)
    }

    /// Stops all work, closes the database and gives the lock back, within 3 s. Requests under way are given up;
    /// their entries are looked up later. Calls answer [`PaylinkError::Suspended`] until [`Paylink::resume`].
    pub fn suspend(&self) {
        self.stop(State::Suspended);
    }

    /// Opens the database again after [`Paylink::suspend`]; nothing when it is open.
    ///
    /// # Errors
    /// As [`Paylink::open`]; [`PaylinkError::Closed`] after [`Paylink::close`].
    pub fn resume(&self) -> Result<(), PaylinkError> {
        let mut state = self.lock();
        match *state {
            State::Live(_) | State::ReadOnly(_) => return Ok(()),
            State::Closed => return Err(PaylinkError::Closed),
            State::Suspended => {}
        }
        let live = match self.start() {
            // The first queries found damage that a look at the file had not shown. Now it is known: the second
            // opening recovers what it can.
            Err(PaylinkError::Storage { kind: StorageKind::Corrupt, .. }) => self.start()?,
            other => other?,
        };
        *state = State::Live(live);
        Ok(())
    }

    fn start(&self) -> Result<Arc<Live>, PaylinkError> {
        let (Some(ports), Some(runtime)) = (self.ports.clone(), &self.runtime) else {
            return Err(PaylinkError::InUse);
        };
        let lock = DirectoryLock::take(&self.settings.data_dir)?;
        let store = Arc::new(Store::open(&self.settings.data_dir)?);
        let ctx =
            Context::new(self.settings.clone(), store, ports, Arc::clone(&self.clock), Arc::clone(&self.announcer))?;
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
        if matches!(*state, State::Closed) {
            return;
        }
        if let State::Live(live) = std::mem::replace(&mut *state, next) {
            drop(state);
            live.stop(until);
        }
    }

    /// Runs work on the core's runtime, so that it outlives the caller's interest in it.
    async fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, PaylinkError> {
        let runtime = self.runtime.as_ref().ok_or(PaylinkError::Closed)?;
        runtime.spawn(work).await.map_err(|error| PaylinkError::internal(error.to_string()))
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
