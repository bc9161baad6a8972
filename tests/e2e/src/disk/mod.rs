//! A disk that can be made to fail, and that remembers in which order what was written and synced: SQLite's default
//! VFS wrapped, for the folders that a test names. The core under test is the one that ships; nothing in it knows.
//!
//! - [`Disk::fail`]: the N-th write, sync or truncate fails with a code of SQLite, once or until [`Disk::heal`];
//! - [`Disk::die_at`]: the process is killed at the N-th boundary: before each write and between the pages of one, before
//!   and after each sync, truncation, deletion, opening and growing of the index. After a write is before what follows
//!   it; locks and what stands in the index end with the process;
//! - [`Disk::record`] and [`image()`]: every operation is recorded, so the disk as a power cut leaves it can be built for
//!   every moment afterwards: what was synced is there, of what was not any part may be, down to a torn sector.

mod image;
mod vfs;

pub use image::{Left, image};

use rustix::process::{Signal, getpid, kill_process};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

/// What happened on the disk. Files are named without their folder.
#[derive(Clone, Debug)]
pub enum Op {
    /// Bytes were written, not yet synced.
    Write(String, u64, Vec<u8>),
    /// The file got another length, not yet synced.
    Truncate(String, u64),
    /// Everything written to the file so far is on the disk, and so is its name.
    Sync(String),
    /// A journal or log was opened: SQLite syncs the folder with the first sync of it.
    Open(String),
    /// The file was removed; for good once the folder is synced.
    Delete(String),
    /// The test says where it is.
    Note(String),
}

/// How a disk fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No space: writes fail.
    Full,
    /// Writes, syncs and truncations fail.
    Io,
    /// Writes are refused.
    ReadOnly,
    /// The process was killed: nothing that it still does reaches the disk.
    Gone,
}

impl Failure {
    /// What a disk does to a process that lives.
    pub const ALL: [Self; 3] = [Self::Full, Self::Io, Self::ReadOnly];

    fn code(self, kind: Kind) -> i32 {
        use rusqlite::ffi;
        match (self, kind) {
            (Self::Full, _) => ffi::SQLITE_FULL,
            (Self::ReadOnly, _) => ffi::SQLITE_READONLY,
            (Self::Gone, _) => ffi::SQLITE_IOERR,
            (Self::Io, Kind::Write) => ffi::SQLITE_IOERR_WRITE,
            (Self::Io, Kind::Sync) => ffi::SQLITE_IOERR_FSYNC,
            (Self::Io, Kind::Truncate) => ffi::SQLITE_IOERR_TRUNCATE,
            (Self::Io, Kind::Delete) => ffi::SQLITE_IOERR_DELETE,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Write,
    Sync,
    Truncate,
    Delete,
}

#[derive(Default)]
struct State {
    ops: Vec<Op>,
    recording: bool,
    promises_nothing: bool,
    /// Operations since the failure was armed.
    seen: u64,
    armed: Option<(Failure, u64, bool)>,
    injected: u64,
    /// Boundaries since [`Disk::die_at`], and the one to die at.
    boundaries: u64,
    dies_at: u64,
}

/// The disk under one folder.
#[derive(Default)]
pub struct Disk(Mutex<State>);

static DISKS: LazyLock<Mutex<HashMap<PathBuf, Arc<Disk>>>> = LazyLock::new(Mutex::default);

fn disks() -> MutexGuard<'static, HashMap<PathBuf, Arc<Disk>>> {
    DISKS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Disk {
    /// Watches a folder, for files opened from now on.
    #[must_use]
    pub fn under(folder: &Path) -> Arc<Self> {
        vfs::register();
        let folder = folder.canonicalize().unwrap();
        Arc::clone(disks().entry(folder).or_default())
    }

    /// No longer watches a folder that is going to be removed.
    pub fn forget(folder: &Path) {
        if let Ok(folder) = folder.canonicalize() {
            disks().remove(&folder);
        }
    }

    fn of(file: &Path) -> Option<Arc<Self>> {
        disks().get(file.parent()?).cloned()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the operation number `at`, counted from 1 from now on, fail; and all that follow, if it is to last.
    pub fn fail(&self, failure: Failure, at: u64, lasting: bool) {
        let mut state = self.state();
        (state.seen, state.armed) = (0, Some((failure, at, lasting)));
    }

    /// Whether the process was killed: [`Failure::Gone`] has come.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        let state = self.state();
        state.armed.is_some_and(|(failure, at, _)| failure == Failure::Gone && state.seen >= at)
    }

    /// Kills the process at its operation number `at` from now on; 0 kills it now.
    pub fn kill_at(&self, at: u64) {
        self.fail(Failure::Gone, at, true);
    }

    /// Ends all failing. Gives how many operations there were since it was armed.
    pub fn heal(&self) -> u64 {
        let mut state = self.state();
        state.armed = None;
        state.seen
    }

    /// How many operations have failed so far.
    #[must_use]
    pub fn injected(&self) -> u64 {
        self.state().injected
    }

    /// Whether the failure that was armed last has come.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        let state = self.state();
        state.armed.is_none_or(|(_, at, _)| state.seen >= at)
    }

    /// Begins to remember, from the database that lies in the folder now.
    pub fn record(&self, folder: &Path) {
        let mut state = self.state();
        state.recording = true;
        for name in ["paylink.db", "paylink.db-wal"] {
            if let Ok(bytes) = std::fs::read(folder.join(name)) {
                state.ops.extend([Op::Write(name.to_owned(), 0, bytes), Op::Sync(name.to_owned())]);
            }
        }
    }

    /// Tells SQLite nothing good of this disk, not even that writing a part of a sector leaves the rest alone. For
    /// files opened from now on.
    pub fn promise_nothing(&self) {
        self.state().promises_nothing = true;
    }

    fn promises_nothing(&self) -> bool {
        self.state().promises_nothing
    }

    /// Writes into the record where the test is.
    pub fn note(&self, text: impl Into<String>) {
        self.state().ops.push(Op::Note(text.into()));
    }

    /// What happened since [`Disk::record`].
    #[must_use]
    pub fn ops(&self) -> Vec<Op> {
        self.state().ops.clone()
    }

    /// The code that an operation is to fail with, if it is.
    fn verdict(&self, kind: Kind) -> Option<i32> {
        let mut state = self.state();
        let (failure, at, lasting) = state.armed?;
        let spared = match failure {
            Failure::Full | Failure::ReadOnly => kind != Kind::Write,
            Failure::Io => kind == Kind::Delete,
            Failure::Gone => false,
        };
        if spared {
            return None;
        }
        state.seen += 1;
        let fails = state.seen == at || (lasting && state.seen > at);
        state.injected += u64::from(fails);
        fails.then(|| failure.code(kind))
    }

    /// Lets the process die by SIGKILL at the boundary number `at`, counted from 1 from now on; 0 only counts.
    pub fn die_at(&self, at: u64) {
        let mut state = self.state();
        (state.boundaries, state.dies_at) = (0, at);
    }

    /// Boundaries since [`Disk::die_at`].
    #[must_use]
    pub fn boundaries(&self) -> u64 {
        self.state().boundaries
    }

    /// One more boundary, also of what is no database: the process may be meant to die here.
    pub fn boundary(&self) {
        if self.is_boundary() {
            die();
        }
    }

    fn is_boundary(&self) -> bool {
        let mut state = self.state();
        state.boundaries += 1;
        state.boundaries == state.dies_at
    }

    fn happened(&self, op: impl FnOnce() -> Op) {
        let mut state = self.state();
        if state.recording {
            state.ops.push(op());
        }
    }
}

/// Ends this process as the system does that wants its memory back.
fn die() -> ! {
    kill_process(getpid(), Signal::KILL).unwrap();
    loop {
        std::thread::park();
    }
}
