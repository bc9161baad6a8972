//! A damaged database is moved aside, never deleted and never overwritten, and what can be read of it is carried into
//! a new one (`salvage`). Every step can be cut off and is taken up again at the next opening:
//!
//! 1. `paylink.recovering` says which files go where (written whole or not at all);
//! 2. `paylink.db`, `-wal`, `-shm` are renamed to `*.corrupt-TIME`;
//! 3. copies of them are read, and the new database is built beside them as `paylink.fresh`;
//! 4. `paylink.fresh` is renamed to `paylink.db`, and the plan is removed.
//!
//! Until step 4 there is no `paylink.db`, so nothing can be sent from a half-read queue. A disk that is full or fails
//! on the way gives its own error; the next opening goes on.
//!
//! The lock file says whether a database of ours ever lived in the folder ([`Mark`]): without it a file that lost its
//! first page could not be told from one that is not ours.

use super::log::beside;
use super::{StoreResult, open, salvage};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

const PLAN: &str = "paylink.recovering";
/// The database under construction.
pub(super) const FRESH: &str = "paylink.fresh";
/// The copy that is read.
pub(super) const COPY: &str = "paylink.salvage";
/// What SQLite keeps beside a database.
const SUFFIXES: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// What goes where.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Plan {
    /// UTC ms; the end of the new names.
    pub(super) at: i64,
    /// Which of [`SUFFIXES`] there were.
    moved: Vec<String>,
    /// Whether the log held every commit.
    pub(super) log_complete: bool,
}

impl Plan {
    fn target(&self, suffix: &str) -> String {
        format!("{}{suffix}.corrupt-{}", open::FILE, self.at)
    }

    /// The names of the files that were moved aside.
    pub(super) fn files(&self) -> Vec<String> {
        self.moved.iter().map(|suffix| self.target(suffix)).collect()
    }
}

/// Plans and does all of it.
pub(super) fn begin(folder: &Path, log_complete: bool) -> StoreResult<()> {
    let moved = SUFFIXES.iter().filter(|suffix| beside(folder, suffix).exists()).map(ToString::to_string).collect();
    let mut plan = Plan { at: jiff::Timestamp::now().as_millisecond(), moved, log_complete };
    while plan.files().iter().any(|file| folder.join(file).exists()) {
        plan.at += 1;
    }
    let text = serde_json::to_string(&plan).map_err(|error| super::StoreError::decode("plan", error))?;
    let written = folder.join(format!("{PLAN}.new"));
    let mut file = File::create(&written)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(written, folder.join(PLAN))?;
    sync(folder)?;
    finish(folder, &plan)
}

/// Goes on with what was cut off, if anything was.
pub(super) fn resume(folder: &Path) -> StoreResult<()> {
    match fs::read_to_string(folder.join(PLAN)) {
        Ok(text) => {
            let plan = serde_json::from_str(&text).map_err(|error| super::StoreError::decode("plan", error))?;
            finish(folder, &plan)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn finish(folder: &Path, plan: &Plan) -> StoreResult<()> {
    // The log goes first: a log without its database is kept, a database without its log would be opened.
    for suffix in plan.moved.iter().rev() {
        let target = folder.join(plan.target(suffix));
        if !target.exists() {
            fs::rename(beside(folder, suffix), target)?;
        }
    }
    sync(folder)?;
    // Everything old has gone aside, so a database in its place is the new one.
    if !beside(folder, "").exists() {
        discard(folder, FRESH)?;
        discard(folder, COPY)?;
        copy(folder, plan)?;
        salvage::build(folder, plan)?;
        fs::rename(folder.join(FRESH), beside(folder, ""))?;
        sync(folder)?;
        discard(folder, COPY)?;
    }
    remember(folder, Mark::Lived);
    fs::remove_file(folder.join(PLAN))?;
    sync(folder)
}

/// A database is opened as a copy: SQLite changes what it opens.
fn copy(folder: &Path, plan: &Plan) -> StoreResult<()> {
    for suffix in plan.moved.iter().filter(|suffix| matches!(suffix.as_str(), "" | "-wal")) {
        fs::copy(folder.join(plan.target(suffix)), folder.join(format!("{COPY}{suffix}")))?;
    }
    Ok(())
}

/// Removes what an earlier attempt built of copies.
fn discard(folder: &Path, name: &str) -> StoreResult<()> {
    for suffix in SUFFIXES {
        match fs::remove_file(folder.join(format!("{name}{suffix}"))) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// Makes renames durable.
fn sync(folder: &Path) -> StoreResult<()> {
    Ok(File::open(folder)?.sync_all()?)
}

/// What the lock file says of the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// No database was ever made here, as far as anybody knows.
    None,
    /// A database of ours was.
    Lived,
    /// And a query said that it is corrupt.
    Suspect,
    /// And its log was found incomplete, which cannot be seen again once SQLite has opened it.
    LogLost,
}

/// Reads the mark.
pub(super) fn mark(folder: &Path) -> Mark {
    match fs::read_to_string(folder.join(super::lock::FILE)).as_deref() {
        Ok("paylink\n") => Mark::Lived,
        Ok("paylink suspect\n") => Mark::Suspect,
        Ok("paylink log lost\n") => Mark::LogLost,
        _ => Mark::None,
    }
}

/// Sets the mark, as far as the disk lets it: without it only the worst damage goes unrecognised.
pub(super) fn remember(folder: &Path, wanted: Mark) {
    let text = match wanted {
        Mark::None => return,
        Mark::Lived => "paylink\n",
        Mark::Suspect => "paylink suspect\n",
        Mark::LogLost => "paylink log lost\n",
    };
    if mark(folder) != wanted {
        let _ = fs::write(folder.join(super::lock::FILE), text);
    }
}
