//! The durable store: one SQLite file, one connection, one thread that owns it.
//!
//! Guarantees: a call that returned `Ok` is on the disk (`synchronous=FULL`, one transaction per call that writes);
//! two processes never write the same folder (an exclusive lock that the system releases when a process dies), and
//! nobody else reads it (`file/private.rs`); a
//! file of a newer version, or one that is not ours, is refused untouched; a damaged one is moved aside, and what can
//! be read of it goes on in a new one; what changed is announced after its commit, in the order of the cursors.
//!
//! `rows` are the queries, one file a table; `change` is the one way to change a link; `file` is everything about the
//! file; `salvage` reads a damaged one. [`Store`] is the way in.

mod change;
mod error;
mod file;
pub mod rows;
mod salvage;
#[cfg(test)]
mod tests;

pub use change::{LinkChange, Moment, announce};
pub use error::{StoreError, StoreResult};
pub use file::{Abort, DirectoryLock, delete_set_aside, is_marked, mark_erased, set_aside};
pub use rows::recovery::RecoveryReport;

use crate::id::OrderId;
use crate::sabotage::Sabotage;
use file::Mark;
use rusqlite::{Connection, InterruptHandle, Transaction, TransactionBehavior};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Hears of each commit, on the thread that asked for it: proofs let other things happen there.
pub trait Moments: Send + Sync + 'static {
    /// The work is about to be handed in.
    fn before_commit(&self);
    /// It is on the disk, or was refused, and whoever asked for it has not gone on yet.
    fn after_commit(&self);
}

/// A link that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announced {
    /// Which.
    pub link: OrderId,
    /// Its event; the newest of all where it changed without one.
    pub cursor: i64,
}

/// Who hears of changes, on the store's thread: must not wait.
pub type Hears = Arc<dyn Fn(Announced) + Send + Sync>;

type Reading = dyn FnOnce(&Connection) -> StoreResult<()> + Send;
type Writing = dyn FnOnce(&Transaction<'_>, &mut Vec<Announced>) -> StoreResult<()> + Send;

/// The work of a call, as the store's thread does it. One type for all results: what is generic is compiled for each.
enum Work {
    Read(Box<Reading>),
    Write(Box<Writing>),
}

impl Work {
    fn run(self, connection: &mut Connection, hears: Option<&Hears>) -> StoreResult<()> {
        match self {
            Self::Read(work) => work(connection),
            Self::Write(work) => {
                let mut announced = Vec::new();
                let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                work(&transaction, &mut announced)?;
                announced.sort_by_key(|one| one.cursor);
                let announce = || hears.into_iter().for_each(|hears| announced.iter().copied().for_each(&**hears));
                if Sabotage::AnnouncedBeforeCommit.is_on() {
                    announce();
                    return Ok(transaction.commit()?);
                }
                transaction.commit()?;
                announce();
                Ok(())
            }
        }
    }
}

struct Job {
    work: Work,
    done: mpsc::SyncSender<StoreResult<()>>,
}

/// Where the work leaves its result for the caller.
struct Slot<T>(Arc<Mutex<Option<T>>>);

impl<T> Slot<T> {
    fn keep(&self, result: StoreResult<T>) -> StoreResult<()> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(result?);
        Ok(())
    }

    /// Filled by work that came to its end; work that did not has given its error instead.
    fn take(&self) -> StoreResult<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or(StoreError::Panicked)
    }
}

/// The way to the one connection. Dropping it ends the thread after the work that was handed in.
pub struct Store {
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    shared: Arc<Shared>,
    running: InterruptHandle,
    thread: Mutex<Option<JoinHandle<()>>>,
    moments: Option<Arc<dyn Moments>>,
}

/// What the callers and the thread tell each other.
#[derive(Default)]
struct Shared {
    /// A query found the file broken: nothing more is read or written.
    damaged: AtomicBool,
    /// There is no time left for what was handed in.
    hurry: AtomicBool,
}

impl Store {
    /// Opens the database in the folder that is locked, migrating it when it is older and replacing it by
    /// what can be read of it when it is damaged ([`rows::recovery::report`] has the rest).
    ///
    /// # Errors
    /// [`StoreError`], with the file untouched when it is newer or not ours; [`StoreError::Closed`] when `abort` was
    /// asked for: the next opening takes it up.
    pub fn open(lock: &DirectoryLock, hears: Option<Hears>, abort: &Abort) -> StoreResult<Self> {
        let folder = lock.folder();
        Self::spawn(file::read_write(folder, salvage::build, abort)?, Some(folder.to_owned()), hears)
    }

    /// With somebody who hears of each commit.
    #[must_use]
    pub fn heard_by(mut self, moments: Option<Arc<dyn Moments>>) -> Self {
        self.moments = moments;
        self
    }

    /// Opens the database for reading beside its owner. One that is just being made is empty.
    ///
    /// # Errors
    /// As [`Store::open`]; also when there is no database, or it is of an older version.
    pub fn open_read_only(folder: &Path) -> StoreResult<Self> {
        Self::spawn(file::read_only(folder)?, None, None)
    }

    /// `folder`, of the owner: where it is noted that a query found damage. The next opening looks into it.
    fn spawn(mut connection: Connection, folder: Option<PathBuf>, hears: Option<Hears>) -> StoreResult<Self> {
        let (jobs, handed_in) = mpsc::channel::<Job>();
        let shared = Arc::<Shared>::default();
        let told = Arc::clone(&shared);
        let running = connection.get_interrupt_handle();
        let thread = std::thread::Builder::new().name("paylink-store".to_owned()).spawn(move || {
            let mut suspect = false;
            for Job { work, done } in handed_in {
                if told.hurry.load(Ordering::SeqCst) {
                    let _ = done.send(Err(StoreError::Closed));
                    continue;
                }
                // The thread serves all calls: one with a defect must not end it. Unwinding rolls its transaction back.
                let result = catch_unwind(AssertUnwindSafe(|| work.run(&mut connection, hears.as_ref())));
                let mut result = result.unwrap_or(Err(StoreError::Panicked));
                if let Err(error) = &result
                    && error.is_damage()
                {
                    // A value that cannot be read back is one order's misfortune; a broken page may be anybody's.
                    told.damaged.fetch_or(error.is_broken(), Ordering::SeqCst);
                    suspect = true;
                    folder.iter().for_each(|folder| file::remember(folder, Mark::Suspect));
                } else if result.is_err() && told.hurry.load(Ordering::SeqCst) {
                    result = Err(StoreError::Closed);
                }
                let _ = done.send(result);
            }
            file::close(connection, suspect);
        })?;
        Ok(Self { jobs: Mutex::new(Some(jobs)), shared, running, thread: Mutex::new(Some(thread)), moments: None })
    }

    /// Whether it still takes work.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Hands work in and waits for it on this thread.
    fn submit(&self, work: Work) -> StoreResult<()> {
        if self.shared.damaged.load(Ordering::SeqCst) {
            return Err(StoreError::Damaged);
        }
        let (done, result) = mpsc::sync_channel(1);
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = jobs.as_ref().map(|jobs| jobs.send(Job { work, done }));
        drop(jobs);
        if matches!(sent, Some(Ok(()))) {
            result.recv().map_err(|_| StoreError::Closed)?
        } else {
            Err(StoreError::Closed)
        }
    }

    /// As `submit`, for work that leaves a result.
    fn answer<T>(&self, work: impl FnOnce(Slot<T>) -> Work) -> StoreResult<T> {
        let slot = Slot(Arc::default());
        self.submit(work(Slot(Arc::clone(&slot.0))))?;
        slot.take()
    }

    /// Runs a reading query; waits for it on this thread, milliseconds as a rule.
    ///
    /// # Errors
    /// What the query returns, or [`StoreError::Closed`].
    pub fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> StoreResult<T> + Send + 'static,
    ) -> StoreResult<T> {
        self.answer(|slot| Work::Read(Box::new(move |connection| slot.keep(work(connection)))))
    }

    /// Runs one durable transaction of several changes: all of it is on the disk when this returns `Ok`, none of it
    /// otherwise. The work says what is to be announced.
    ///
    /// # Errors
    /// What the work returns, or [`StoreError::Closed`].
    pub fn write_announced<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>, &mut Vec<Announced>) -> StoreResult<T> + Send + 'static,
    ) -> StoreResult<T> {
        if let Some(moments) = &self.moments {
            moments.before_commit();
        }
        let done = self.answer(|slot| Work::Write(Box::new(move |db, announced| slot.keep(work(db, announced)))));
        if let Some(moments) = &self.moments {
            moments.after_commit();
        }
        done
    }

    /// As [`Store::write_announced`], for what no shell shows.
    ///
    /// # Errors
    /// As there.
    pub fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> StoreResult<T> + Send + 'static,
    ) -> StoreResult<T> {
        self.write_announced(move |db, _| work(db))
    }

    /// Sees to it that what a transaction erased ([`mark_erased`]) is gone from the files, too: `needles` must not be found
    /// in them any more. Gives whether it is done, or to be tried again.
    ///
    /// # Errors
    /// Storage errors: what was erased is, and the files are to be seen to again.
    pub fn settle(&self, needles: Vec<String>) -> StoreResult<bool> {
        self.read(move |db| file::settle(db, &needles))
    }

    /// One durable change of one link, announced after its commit.
    ///
    /// # Errors
    /// As [`Store::write_announced`].
    pub fn change<T: Send + 'static>(
        &self,
        link: OrderId,
        at: Moment,
        work: impl FnOnce(&mut LinkChange<'_>) -> StoreResult<T> + Send + 'static,
    ) -> StoreResult<T> {
        self.write_announced(move |db, announced| LinkChange::run(db, announced, link, at, work))
    }

    /// Ends the thread: waits for the work handed in, checkpoints and closes the file. Later calls give
    /// [`StoreError::Closed`].
    pub fn close(&self) {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread
            && thread.thread().id() != std::thread::current().id()
        {
            let _ = thread.join();
        }
    }

    /// Hands in a last piece of work, and closes as [`Store::close_by`]: nobody waits for it longer than that.
    pub fn close_after(
        &self,
        until: Instant,
        last: impl FnOnce(&Transaction<'_>, &mut Vec<Announced>) -> StoreResult<()> + Send + 'static,
    ) {
        if let Some(moments) = &self.moments {
            moments.before_commit();
        }
        let (done, result) = mpsc::sync_channel(1);
        if let Some(jobs) = &*self.jobs.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = jobs.send(Job { work: Work::Write(Box::new(last)), done });
        }
        let _ = result.recv_timeout(until.saturating_duration_since(Instant::now()));
        if let Some(moments) = &self.moments {
            moments.after_commit();
        }
        self.close_by(until);
    }

    /// As [`Store::close`], but what is not done by `until` is broken off: a read that takes long returns
    /// [`StoreError::Closed`], and so does what is queued behind it; a write is taken back.
    pub fn close_by(&self, until: Instant) {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take();
        let is_over =
            || self.thread.lock().unwrap_or_else(PoisonError::into_inner).as_ref().is_none_or(JoinHandle::is_finished);
        while !is_over() && Instant::now() < until {
            std::thread::sleep(LOOK_EVERY);
        }
        self.shared.hurry.store(true, Ordering::SeqCst);
        while !is_over() {
            // What had not begun when it was said to break off begins after it: it is said again.
            self.running.interrupt();
            std::thread::sleep(LOOK_EVERY);
        }
        self.close();
    }
}

/// How often somebody who closes looks whether it is done.
const LOOK_EVERY: Duration = Duration::from_millis(2);

impl Drop for Store {
    fn drop(&mut self) {
        self.close();
    }
}
