//! The durable store: one SQLite file, one connection, one thread that owns it.
//!
//! Guarantees: a call that returned `Ok` is on the disk (`synchronous=FULL`, one transaction per call that writes);
//! two processes never write the same folder (an exclusive lock that the system gives back when a process dies); a
//! file of a newer version, or one that is not ours, is refused untouched; a damaged one is moved aside, and what can
//! be read of it goes on in a new one (`quarantine`, `salvage`). Queries live in one file per topic and take a
//! connection; [`Store`] is the way in.

mod check;
pub mod entries;
pub mod events;
pub mod links;
mod lock;
mod log;
pub mod meta;
mod open;
pub mod orders;
mod quarantine;
pub mod recovery;
mod salvage;
pub mod sessions;
#[cfg(test)]
mod tests;

pub use entries::{Entry, EntryState, Operation};
pub use lock::DirectoryLock;
pub use recovery::RecoveryReport;

use crate::error::{PaylinkError, StorageKind};
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

/// Why the store failed; becomes [`PaylinkError::Storage`].
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite's own.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// A stored value cannot be read back.
    #[error("stored {what} cannot be read: {reason}")]
    Decode {
        /// Which value.
        what: &'static str,
        /// Why.
        reason: String,
    },
    /// The file is of a newer version.
    #[error("the database has version {found}, this Paylink knows {known}")]
    Newer {
        /// The file's.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// The file is not a database of ours.
    #[error("the file is not a Paylink database")]
    Foreign,
    /// A query found the file damaged: nothing more is read from it or written to it.
    #[error("the database is damaged; the next opening recovers what it can")]
    Damaged,
    /// The folder cannot be used.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// The work of a call panicked; nothing of it is saved.
    #[error("the work of a call panicked; the log says where")]
    Panicked,
    /// A rule of a call, decided inside its transaction.
    #[error(transparent)]
    Refused(Box<PaylinkError>),
}

impl StoreError {
    pub(crate) fn decode(what: &'static str, reason: impl std::fmt::Display) -> Self {
        Self::Decode { what, reason: reason.to_string() }
    }

    fn kind(&self) -> StorageKind {
        match self {
            Self::Newer { .. } => StorageKind::NewerVersion,
            Self::Foreign | Self::Damaged | Self::Decode { .. } => StorageKind::Corrupt,
            Self::Io(error) => match error.kind() {
                std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => StorageKind::ReadOnly,
                std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => StorageKind::Full,
                _ => StorageKind::Io,
            },
            Self::Sqlite(_) if open::is_damage(self) => StorageKind::Corrupt,
            Self::Sqlite(error) => match error.sqlite_error_code() {
                Some(ErrorCode::DiskFull) => StorageKind::Full,
                Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                    StorageKind::ReadOnly
                }
                _ => StorageKind::Io,
            },
            Self::Closed | Self::Panicked | Self::Refused(_) => StorageKind::Io,
        }
    }
}

impl From<StoreError> for PaylinkError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(error) => *error,
            StoreError::Closed => Self::Suspended,
            StoreError::Panicked => Self::internal(error.to_string()),
            other => Self::Storage { kind: other.kind(), reason: other.to_string() },
        }
    }
}

impl From<PaylinkError> for StoreError {
    fn from(error: PaylinkError) -> Self {
        Self::Refused(Box::new(error))
    }
}

/// What the store's calls give.
pub type StoreResult<T> = Result<T, StoreError>;

/// Hears of each commit, on the thread that asked for it: proofs let other things happen there.
pub trait Moments: Send + Sync + 'static {
    /// The work is about to be handed in.
    fn before_commit(&self);
    /// It is on the disk, or was refused, and whoever asked for it has not gone on yet.
    fn after_commit(&self);
}

type Reading = dyn FnOnce(&Connection) -> StoreResult<()> + Send;
type Writing = dyn FnOnce(&Transaction<'_>) -> StoreResult<()> + Send;

/// The work of a call, as the store's thread does it. One type for all results: what is generic is compiled for each.
enum Work {
    Read(Box<Reading>),
    Write(Box<Writing>),
}

impl Work {
    fn run(self, connection: &mut Connection) -> StoreResult<()> {
        match self {
            Self::Read(work) => work(connection),
            Self::Write(work) => {
                let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                work(&transaction)?;
                Ok(transaction.commit()?)
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
    damaged: Arc<AtomicBool>,
    thread: Mutex<Option<JoinHandle<()>>>,
    moments: Option<Arc<dyn Moments>>,
}

impl Store {
    /// Opens the database in a folder whose lock the caller holds, migrating it when it is older and replacing it by
    /// what can be read of it when it is damaged ([`recovery::report`] tells).
    ///
    /// # Errors
    /// [`StoreError`], with the file untouched when it is newer or not ours.
    pub fn open(folder: &Path) -> StoreResult<Self> {
        Self::spawn(open::read_write(folder)?, Some(folder.to_owned()))
    }

    /// With somebody who hears of each commit.
    #[must_use]
    pub fn heard_by(mut self, moments: Option<Arc<dyn Moments>>) -> Self {
        self.moments = moments;
        self
    }

    /// Opens the database for reading beside its owner.
    ///
    /// # Errors
    /// As [`Store::open`]; also when there is no database yet, or it is of an older version.
    pub fn open_read_only(folder: &Path) -> StoreResult<Self> {
        Self::spawn(open::read_only(folder)?, None)
    }

    /// `folder`, of the owner: where it is noted that a query found damage. The next opening looks into it.
    fn spawn(mut connection: Connection, folder: Option<PathBuf>) -> StoreResult<Self> {
        let (jobs, handed_in) = mpsc::channel::<Job>();
        let damaged = Arc::new(AtomicBool::new(false));
        let broken = Arc::clone(&damaged);
        let thread = std::thread::Builder::new().name("paylink-store".to_owned()).spawn(move || {
            let mut suspect = false;
            for Job { work, done } in handed_in {
                // The thread serves all calls: one with a defect must not end it. Unwinding rolls its transaction back.
                let result = catch_unwind(AssertUnwindSafe(|| work.run(&mut connection)));
                let result = result.unwrap_or(Err(StoreError::Panicked));
                if let Err(error) = &result
                    && open::is_damage(error)
                {
                    // A value that cannot be read back is one order's misfortune; a broken page may be anybody's.
                    broken.fetch_or(open::is_broken(error), Ordering::SeqCst);
                    suspect = true;
                    folder.iter().for_each(|folder| quarantine::remember(folder, quarantine::Mark::Suspect));
                }
                let _ = done.send(result);
            }
            open::close(connection, suspect);
        })?;
        Ok(Self { jobs: Mutex::new(Some(jobs)), damaged, thread: Mutex::new(Some(thread)), moments: None })
    }

    /// Hands work in and waits for it on this thread.
    fn submit(&self, work: Work) -> StoreResult<()> {
        if self.damaged.load(Ordering::SeqCst) {
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
    /// What the query gives, or [`StoreError::Closed`].
    pub fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> StoreResult<T> + Send + 'static,
    ) -> StoreResult<T> {
        self.answer(|slot| Work::Read(Box::new(move |connection| slot.keep(work(connection)))))
    }

    /// Runs one durable transaction: all of it is on the disk when this returns `Ok`, none of it otherwise.
    ///
    /// # Errors
    /// What the work gives, or [`StoreError::Closed`].
    pub fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> StoreResult<T> + Send + 'static,
    ) -> StoreResult<T> {
        if let Some(moments) = &self.moments {
            moments.before_commit();
        }
        let done = self.answer(|slot| Work::Write(Box::new(move |transaction| slot.keep(work(transaction)))));
        if let Some(moments) = &self.moments {
            moments.after_commit();
        }
        done
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
}

impl Drop for Store {
    fn drop(&mut self) {
        self.close();
    }
}
