//! What was erased is gone from the files as well, as far as the core can see to it.
//!
//! Deleted content is overwritten as it is deleted (`secure_delete`). Two places are left: the log, which holds the pages
//! as they were, and is emptied here; and what SQLite leaves behind in the unused middle of a page when it moves rows to
//! another. The second is looked for, and the file rewritten only where something is found.
//!
//! An empty log of a database that is in use means that the log was lost (`mark`, `open`). So the mark is taken out first
//! and set again afterwards, as a closing and an opening do it: cut off anywhere, the next opening finds a sound file.

use super::IN_USE;
use super::open::{BUSY_AT_CLOSE, put_in_use};
use super::schema::BUSY;
use crate::store::StoreResult;
use crate::store::rows::meta;
use rusqlite::{Connection, Transaction};
use std::io::Read;
use std::path::Path;

/// Set in the transaction that erases, until the files are seen to.
const ERASED: &str = "erased";
/// Set instead where something is left in the file.
const REWRITE: &str = "rewrite";
/// A file larger than this is not rewritten: that is done in memory, and a phone has little of it. It has 80,000 orders.
const MAX_REWRITTEN: u64 = 128 << 20;
/// Read at once.
const CHUNK: usize = 1 << 20;

/// Remembers that the files are to be seen to.
pub fn mark_erased(db: &Transaction<'_>) -> StoreResult<()> {
    meta::put(db, ERASED, "1")
}

/// Whether they are still to be seen to.
pub fn is_marked(db: &Connection) -> StoreResult<bool> {
    Ok(meta::get(db, ERASED)?.is_some())
}

/// Sees to the files. `needles`: what must not be found any more. Gives whether it is done: somebody who reads beside may
/// hold the log, and then it is to be tried again.
pub fn settle(db: &Connection, needles: &[String]) -> StoreResult<bool> {
    db.busy_timeout(BUSY_AT_CLOSE)?;
    let emptied = empty_log(db, needles);
    db.busy_timeout(BUSY)?;
    put_in_use(db);
    let done = emptied?;
    if done {
        meta::remove(db, ERASED)?;
    }
    Ok(done)
}

fn empty_log(db: &Connection, needles: &[String]) -> StoreResult<bool> {
    meta::remove(db, IN_USE)?;
    if !truncate(db)? {
        return Ok(false);
    }
    let is_left = match db.path().map(Path::new) {
        Some(path) => holds_any(path, needles)?,
        None => false,
    };
    if is_left || meta::get(db, ERASED)?.as_deref() == Some(REWRITE) {
        // Broken off, it is done another time.
        db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)", [ERASED, REWRITE])?;
        db.execute_batch("VACUUM")?;
        return truncate(db);
    }
    Ok(true)
}

fn truncate(db: &Connection) -> StoreResult<bool> {
    let busy: i64 = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}

/// Whether a file has one of these texts somewhere; one that is too large to be rewritten is not looked at.
fn holds_any(path: &Path, needles: &[String]) -> StoreResult<bool> {
    let longest = needles.iter().map(String::len).max().unwrap_or(0);
    let mut file = std::fs::File::open(path)?;
    if longest == 0 || file.metadata()?.len() > MAX_REWRITTEN {
        return Ok(false);
    }
    let mut chunk = Vec::new();
    loop {
        // What may be the beginning of one goes before what comes next.
        chunk.drain(..chunk.len().saturating_sub(longest - 1));
        let kept = chunk.len();
        Read::by_ref(&mut file).take(CHUNK as u64).read_to_end(&mut chunk)?;
        if needles.iter().any(|needle| holds(&chunk, needle.as_bytes())) {
            return Ok(true);
        }
        if chunk.len() == kept {
            return Ok(false);
        }
    }
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    let Some((first, _)) = needle.split_first() else { return false };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        let from = rest.get(at..).unwrap_or_default();
        if from.starts_with(needle) {
            return true;
        }
        rest = from.get(1..).unwrap_or_default();
    }
    false
}
