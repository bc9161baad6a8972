//! An open core at work: what the façade asks of it, and how it ends.

mod busy;
mod schedule;
mod sync_report;
mod tidy;

use crate::account::Context;
use crate::account::touch;
use crate::clock::PhoneTime;
use crate::error::PaylinkError;
use crate::gateway::SignInReason;
use crate::outbox::{Worker, strays};
use crate::store::rows::{EntryState, entries, orders, sessions};
use crate::store::{DirectoryLock, StoreResult, announce};
use crate::sync::{self, Asker};
use busy::Busy;
use schedule::MIN_BETWEEN_LOOKS;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};
use tidy::Tidy;
use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

pub use sync_report::SyncReport;

/// A queue that never comes to rest is a defect; a shell that steps must not hang on it.
const MAX_STEPS: u32 = 10_000;

/// An open core.
pub(super) struct Live {
    pub(super) ctx: Arc<Context>,
    worker: Worker,
    asker: Asker,
    tidy: Tidy,
    foreground: AtomicBool,
    polling: AtomicBool,
    watching: AtomicBool,
    nudge: Notify,
    stop: watch::Sender<bool>,
    scheduler: Mutex<Option<JoinHandle<()>>>,
    lock: Mutex<Option<DirectoryLock>>,
    handle: Handle,
    /// Whether the core decides by itself when to send and to ask.
    scheduled: bool,
}

impl Live {
    /// Takes over a freshly opened database: what was being sent when the last process died may have arrived.
    /// Without `scheduled` nothing happens by itself: the shell calls `work_due`.
    pub(super) fn start(ctx: Context, lock: DirectoryLock, handle: &Handle, scheduled: bool) -> StoreResult<Arc<Self>> {
        let ctx = Arc::new(ctx);
        let at = ctx.moment();
        ctx.store.write_announced(move |db, announced| {
            entries::interrupted(db, at.phone)?.into_iter().try_for_each(|order| touch(db, announced, order, at))
        })?;
        let lost = ctx.store.read(sessions::without_address)?;
        if !lost.is_empty() {
            let gateway = Arc::clone(&ctx.gateway);
            ctx.store
                .write(move |db| lost.iter().try_for_each(|id| sessions::set_address(db, id, &gateway.view_url(id))))?;
        }
        let live = Arc::new(Self {
            worker: Worker::new(Arc::clone(&ctx)),
            ctx,
            asker: Asker::default(),
            tidy: Tidy::default(),
            foreground: AtomicBool::new(true),
            polling: AtomicBool::new(false),
            watching: AtomicBool::new(false),
            nudge: Notify::new(),
            stop: watch::Sender::new(false),
            scheduler: Mutex::default(),
            lock: Mutex::new(Some(lock)),
            handle: handle.clone(),
            scheduled,
        });
        if scheduled {
            let scheduler = handle.spawn(schedule::keep(Arc::clone(&live)));
            *live.scheduler.lock().unwrap_or_else(PoisonError::into_inner) = Some(scheduler);
        }
        Ok(live)
    }

    /// Does what is due now, one thing after the other, until nothing is. Gives how many steps that took.
    pub(super) async fn work_due(&self) -> StoreResult<u32> {
        let steps = self.send_due().await?;
        self.tidy.step(&self.ctx);
        if self.foreground.load(Ordering::SeqCst) {
            self.poll().await;
            self.watch().await;
            // What was found is asked about at once.
            self.poll().await;
        }
        Ok(steps)
    }

    async fn send_due(&self) -> StoreResult<u32> {
        let mut steps = 0;
        while steps < MAX_STEPS && self.worker.step().await? {
            steps += 1;
        }
        Ok(steps)
    }

    /// When there is something to do or, in front, to ask, by the phone.
    pub(super) fn next_due(&self) -> StoreResult<Option<PhoneTime>> {
        let work = self.worker.next_due()?;
        let question = if self.foreground.load(Ordering::SeqCst) { self.next_question()? } else { None };
        Ok(work.into_iter().chain(question).min())
    }

    /// When there is something to ask about: a link, or an order whose strays are watched for; not while the provider has
    /// asked to be left alone.
    fn next_question(&self) -> StoreResult<Option<PhoneTime>> {
        let next = self.ctx.store.read(schedule::next_question)?;
        Ok(next.map(|at| at.max(self.asker.rests(&self.ctx).ok().flatten().unwrap_or(at))))
    }

    /// Comes back when the core goes to sleep or is closed.
    pub(super) async fn stopped(&self) {
        let mut stop = self.stop.subscribe();
        let _ = stop.wait_for(|stop| *stop).await;
    }

    /// Makes the scheduler look now.
    pub(super) fn nudge(&self) {
        self.nudge.notify_one();
    }

    /// Makes all that waits due, and looks; it looks also where nothing could be written.
    pub(super) fn wake(&self) -> StoreResult<()> {
        if self.ctx.paused() == Some(SignInReason::SecureStoreLocked) {
            self.ctx.unpause();
        }
        self.worker.somebody_acts();
        let now = self.ctx.now();
        let woken = self.ctx.store.write_announced(move |db, announced| {
            let orders = entries::wake(db, now)?;
            announce(db, announced, orders)
        });
        self.nudge();
        woken
    }

    pub(super) fn network_changed(&self, online: bool) -> Result<(), PaylinkError> {
        self.ctx.online.store(online, Ordering::SeqCst);
        if online {
            self.ctx.gateway.network_changed();
            self.worker.try_again();
            self.asker.try_again(&self.ctx)?;
            self.wake()?;
        }
        Ok(())
    }

    /// The seller wants it now.
    pub(super) fn wanted(&self) {
        self.worker.try_again();
        self.nudge();
    }

    /// Somebody looks: what broke off is tried again.
    pub(super) fn try_again(&self) -> StoreResult<()> {
        self.asker.try_again(&self.ctx)
    }

    /// Every link that is still asked about is due for it now.
    fn ask_all(&self) -> StoreResult<()> {
        let now = self.ctx.now();
        self.asker.try_again(&self.ctx)?;
        self.ctx.store.write(move |db| {
            sessions::poll_all_by(db, now)?;
            orders::watch_by(db, now, sync::policy::WATCH_SOONER_MS)
        })
    }

    /// Time was skipped: what may have happened meanwhile is asked for now, also of what was read a moment ago.
    pub(super) fn skipped(&self) -> Result<(), PaylinkError> {
        let now = self.ctx.now();
        self.ctx
            .store
            .write(move |db| sessions::asked_about(db)?.iter().try_for_each(|id| sessions::poll_by(db, id, now)))?;
        self.nudge();
        Ok(())
    }

    pub(super) fn set_foreground(&self, foreground: bool) -> Result<(), PaylinkError> {
        self.foreground.store(foreground, Ordering::SeqCst);
        if foreground {
            self.ctx.unpause();
            self.ask_all()?;
            self.wake()?;
        }
        Ok(())
    }

    /// Drains: everything that waits is due, every open link is asked about once.
    pub(super) async fn sync(self: &Arc<Self>, budget: Duration) -> Result<SyncReport, PaylinkError> {
        let until = Instant::now() + budget;
        self.ctx.unpause();
        let before = self.ctx.store.read(entries::count_done)?;
        self.asker.try_again(&self.ctx)?;
        self.wake()?;
        if self.ctx.profile().is_none() {
            // What the account offers is part of what a sync brings.
            let _known_or_said = tokio::time::timeout_at(until.into(), self.ctx.ready()).await;
        }
        let asked = tokio::time::timeout_at(until.into(), self.all_asked());
        if !self.scheduled {
            // Nobody else sends. On a task of its own: running out of time gives up the waiting, not what is sent.
            let live = Arc::clone(self);
            let sending = self.handle.spawn(async move { live.send_due().await });
            if let Ok(Ok(sent)) = tokio::time::timeout_at(until.into(), sending).await {
                sent?;
            }
        }
        let drained = tokio::time::timeout_at(until.into(), self.drained());
        let (asked, drained) = tokio::join!(asked, drained);
        if let Ok(done) = asked {
            done?;
        }
        if let Ok(done) = drained {
            done?;
        }
        self.report(before)
    }

    /// Asks about every link that is still asked about, pass after pass, the newest first. Which they are is taken once:
    /// those that fall due meanwhile have their own time.
    async fn all_asked(&self) -> StoreResult<()> {
        let polling = loop {
            match Busy::take(&self.polling) {
                Some(polling) => break polling,
                None => tokio::time::sleep(MIN_BETWEEN_LOOKS).await,
            }
        };
        for pass in sync::asked_about(&self.ctx)?.chunks(sync::policy::BATCH as usize) {
            self.asker.ask(&self.ctx, pass).await?;
        }
        drop(polling);
        self.watch().await;
        self.poll().await;
        Ok(())
    }

    /// Waits until nothing is due and nothing is under way.
    async fn drained(&self) -> StoreResult<()> {
        loop {
            let stuck = !self.ctx.may_send();
            if self.worker.under_way() == 0 && (stuck || !self.worker.has_due()?) {
                return Ok(());
            }
            tokio::time::sleep(MIN_BETWEEN_LOOKS).await;
        }
    }

    fn report(&self, before: u32) -> Result<SyncReport, PaylinkError> {
        let (done, open) = self.ctx.store.read(|db| Ok((entries::count_done(db)?, entries::count_open(db)?)))?;
        let next_due_at = self.worker.next_due()?.into_iter().chain(self.next_question()?).min();
        let of = |states: &[EntryState]| {
            open.iter().filter(|(state, _)| states.contains(state)).map(|(_, count)| count).sum()
        };
        Ok(SyncReport {
            sent: done.saturating_sub(before),
            waiting: of(&[EntryState::Queued, EntryState::Waiting, EntryState::Sending]),
            unknown: of(&[EntryState::Unknown]),
            needs_attention: of(&[EntryState::Held, EntryState::Parked, EntryState::Exported]),
            next_due_at: next_due_at.map(PhoneTime::ms),
            paused: self.ctx.paused().map(SignInReason::reason),
            reading: self.ctx.reading().map(SignInReason::reason),
        })
    }

    /// One pass over the links that are due; nothing while somebody is at it.
    async fn poll(&self) {
        let Some(_polling) = Busy::take(&self.polling) else { return };
        let pass = async { self.asker.ask(&self.ctx, &sync::due(&self.ctx)?).await };
        if let Err(error) = pass.await {
            tracing::error!(%error, "links could not be asked about");
        }
    }

    /// One look for strays that are due; nothing while somebody is at it, or the provider wants to be left alone.
    async fn watch(&self) {
        let Some(_watching) = Busy::take(&self.watching) else { return };
        if self.asker.rests(&self.ctx).ok().flatten().is_some() || !self.ctx.may_read() {
            return;
        }
        if let Err(error) = strays::watch_due(&self.ctx).await {
            tracing::error!(%error, "strays could not be looked for");
        }
    }

    /// As a killed process: nothing more is written, and the system releases the lock.
    pub(super) fn abandon(&self) {
        self.stop.send_replace(true);
        self.ctx.gateway.stop();
        self.ctx.store.close();
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Ends all work and closes the database before `until`: when this returns the file is closed and the lock is free,
    /// as far as the disk lets it.
    pub(super) fn stop(self: &Arc<Self>, until: Instant) {
        self.stop.send_replace(true);
        self.ctx.gateway.stop();
        let scheduler = self.scheduler.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (done, ended) = mpsc::channel();
        let live = Arc::clone(self);
        // On a thread of its own: the caller may be one that must not block on the runtime, and a disk that hangs
        // must not hold the caller past its time.
        let closing = std::thread::Builder::new().name("paylink-close".to_owned()).spawn(move || {
            if let Some(scheduler) = scheduler {
                let (tell, told) = mpsc::channel();
                live.handle.spawn(async move {
                    let _ = scheduler.await;
                    let _ = tell.send(());
                });
                // A request that cannot be broken off finds the store closed when it ends.
                let _ = told.recv_timeout((until - FOR_THE_DISK).saturating_duration_since(Instant::now()));
            }
            let at = live.ctx.moment();
            live.ctx.store.close_after(until - FOR_THE_LOCK, move |db, announced| {
                entries::interrupted(db, at.phone)?.into_iter().try_for_each(|order| touch(db, announced, order, at))
            });
            live.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
            let _ = done.send(());
        });
        if closing.is_ok() {
            let _ = ended.recv_timeout(until.saturating_duration_since(Instant::now()));
        }
    }
}

/// Of the time to stop, what the disk gets at least to write what was interrupted and to bring the log into the file.
const FOR_THE_DISK: Duration = Duration::from_millis(1_500);
/// And what is left when a read or a write is broken off.
const FOR_THE_LOCK: Duration = Duration::from_millis(500);
