//! A damaged database is moved aside, kept until the seller knows of it and it is old (`aside`), never overwritten, and
//! what can be read of it is carried into a new one (`salvage`). Every step can be cut off and is taken up again at the
//! next opening:
//!
//! 1. `paylink.recovering` says which files go where (written whole or not at all);
//! 2. `paylink.db`, `-wal`, `-shm` are renamed to `*.corrupt-TIME`;
//! 3. copies of them are read, and the new database is built beside them as `paylink.fresh`;
//! 4. `paylink.fresh` is renamed to `paylink.db`, and the plan is removed.
//!
//! Until step 4 there is no `paylink.db`, so nothing can be sent from a half-read queue. A disk that is full or fails
//! on the way returns its own error; the next opening goes on.

use super::abort::Abort;
use super::mark::{Mark, remember};
use super::paths::{COPY, FRESH, SUFFIXES, beside};
use super::plan::Plan;
use super::private;
use crate::store::{StoreError, StoreResult};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

const PLAN: &str = "paylink.recovering";
/// Reads what can be read of the copy into the new database: `salvage` does it.
pub type Repair = fn(&Path, &Plan, &Abort) -> StoreResult<()>;

/// Plans and does all of it.
pub(super) fn begin(folder: &Path, log_complete: bool, repair: Repair, abort: &Abort) -> StoreResult<()> {
    let moved = SUFFIXES.iter().filter(|suffix| beside(folder, suffix).exists()).map(ToString::to_string).collect();
    let mut plan = Plan { at: jiff::Timestamp::now().as_millisecond(), moved, log_complete };
    while plan.files().iter().any(|file| folder.join(file).exists()) {
        plan.at += 1;
    }
    let text = serde_json::to_string(&plan).map_err(|error| StoreError::json("plan", &error))?;
    let written = folder.join(format!("{PLAN}.new"));
    let mut file = private::create(&written)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(written, folder.join(PLAN))?;
    sync(folder)?;
    finish(folder, &plan, repair, abort)
}

/// Goes on with what was cut off, if anything was.
pub(super) fn resume(folder: &Path, repair: Repair, abort: &Abort) -> StoreResult<()> {
    match fs::read_to_string(folder.join(PLAN)) {
        Ok(text) => {
            let plan = serde_json::from_str(&text).map_err(|error| StoreError::json("plan", &error))?;
            finish(folder, &plan, repair, abort)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn finish(folder: &Path, plan: &Plan, repair: Repair, abort: &Abort) -> StoreResult<()> {
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
        abort.check()?;
        repair(folder, plan, abort)?;
        abort.check()?;
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
        let mut copy = private::create(&folder.join(format!("{COPY}{suffix}")))?;
        std::io::copy(&mut File::open(folder.join(plan.target(suffix)))?, &mut copy)?;
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
