//! One audited way to a database: look, refuse what is newer or foreign, move aside what is damaged, prepare, migrate
//! step by step, hand over.
//!
//! | found | then |
//! |---|---|
//! | nothing, or an empty file where none of ours ever was | a new database |
//! | another application's file, or one that is no database where none of ours ever was | refused, untouched |
//! | a newer version | refused, untouched |
//! | disk full, read-only, I/O error | its error, untouched: that is no damage |
//! | not a database, cut short, malformed, a failed check, a log that is gone or garbled | `quarantine`, `salvage` |

use super::abort::Abort;
use super::lock::DirectoryLock;
use super::log::{self, Log};
use super::mark::{self, Mark};
use super::paths::beside;
use super::quarantine::{self, Repair};
use super::schema::{BUSY, VERSION, connect, connect_to_read, migrate, prepare, version};
use super::{check, paths, private};
use crate::store::rows::meta;
use crate::store::{StoreError, StoreResult};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

/// How long closing waits for a reader beside; what is not checkpointed is read from the log next time.
pub(super) const BUSY_AT_CLOSE: Duration = Duration::from_millis(300);

/// Set in the file itself, not only in its log, for as long as it is open: found without a log, or with an empty one,
/// the log is lost.
pub const IN_USE: &str = "in_use";

/// When the pages were last looked through, UTC ms.
const CHECKED_AT: &str = "checked_at";

/// A memory that forgets is noticed within a day, at the price of one look through the file.
const CHECK_EVERY_MS: i64 = 24 * 3_600_000;

pub fn read_write(folder: &Path, repair: Repair, abort: &Abort) -> StoreResult<Connection> {
    quarantine::resume(folder, repair, abort)?;
    let connection = match look(folder, abort)? {
        Look::Sound(connection) => connection,
        Look::Damaged { log_complete } => {
            quarantine::begin(folder, log_complete, repair, abort)?;
            match look(folder, abort)? {
                Look::Sound(connection) => connection,
                Look::Damaged { .. } => {
                    return Err(StoreError::decode("database", "damaged again while it was opened"));
                }
            }
        }
    };
    mark::remember(folder, Mark::Lived);
    put_in_use(&connection);
    Ok(connection)
}

/// Sets the mark, and brings it into the file. A full disk must not keep a seller from reading: without the mark only a
/// lost log goes unnoticed.
pub(super) fn put_in_use(connection: &Connection) {
    if put(connection, IN_USE, "1").is_ok() {
        checkpoint(connection, "PASSIVE");
    }
}

/// What stands in the folder.
enum Look {
    /// Ready for use.
    Sound(Connection),
    /// Ours, and not to be trusted.
    Damaged {
        /// Whether the log held every commit.
        log_complete: bool,
    },
}

fn look(folder: &Path, abort: &Abort) -> StoreResult<Look> {
    let mark = mark::mark(folder);
    let mut log = log::inspect(folder)?;
    if mark == Mark::LogLost {
        log.complete = false;
    } else if !log.complete && mark != Mark::None {
        // SQLite rebuilds the index of what it opens, and with that the proof is gone.
        mark::remember(folder, Mark::LogLost);
    }
    let damaged = Ok(Look::Damaged { log_complete: log.complete });
    match header(folder)? {
        // Without its database a log is worth nothing to SQLite, which deletes it.
        Header::Nothing if mark != Mark::None || log.used => return Ok(Look::Damaged { log_complete: false }),
        Header::Nothing | Header::Sqlite => {}
        Header::Other { ours } if ours || mark != Mark::None => return damaged,
        // Cut off while it was made: SQLite takes it back by its journal.
        Header::Other { .. } if beside(folder, "-journal").exists() => {
            return match abort.said(examine(folder, log, mark, abort)) {
                Ok(Examined::Sound(connection)) => Ok(Look::Sound(connection)),
                Err(error) if !error.is_damage() => Err(error),
                _ => Err(StoreError::Foreign),
            };
        }
        Header::Other { .. } => return Err(StoreError::Foreign),
    }
    match abort.said(examine(folder, log, mark, abort)) {
        Ok(Examined::Sound(connection)) => Ok(Look::Sound(connection)),
        Ok(Examined::LogLost) => Ok(Look::Damaged { log_complete: false }),
        Err(error) if error.is_damage() => damaged,
        Err(error) => Err(error),
    }
}

enum Examined {
    Sound(Connection),
    LogLost,
}

fn examine(folder: &Path, log: Log, mark: Mark, abort: &Abort) -> StoreResult<Examined> {
    let mut connection = connect(&beside(folder, ""))?;
    abort.watch(&connection)?;
    // Nothing is written, checkpointed or deleted before all is known.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.busy_timeout(BUSY)?;
    let found = version(&connection)?;
    if found == 0 && mark != Mark::None {
        return Err(StoreError::decode("version", "the schema is gone"));
    }
    let in_use = found > 0 && meta::get(&connection, IN_USE)?.is_some();
    // Gone, or made again by an opening that was cut off.
    if !log.complete || (in_use && !log.used) {
        return Ok(Examined::LogLost);
    }
    let now = jiff::Timestamp::now().as_millisecond();
    let unchecked = found > 0 && (in_use || log.used || is_check_due(&connection, now)?);
    if mark == Mark::Suspect {
        check::full(&connection)?;
    } else if unchecked {
        check::pages(&connection)?;
    }
    abort.check()?;
    prepare(&connection)?;
    migrate(&mut connection, found)?;
    if unchecked || found == 0 {
        let _ = put(&connection, CHECKED_AT, &now.to_string());
    }
    Ok(Examined::Sound(connection))
}

/// Whether the last check is a day ago, or in the future: the clock was set back.
fn is_check_due(connection: &Connection, now: i64) -> StoreResult<bool> {
    let last = meta::get(connection, CHECKED_AT)?.and_then(|text| text.parse::<i64>().ok());
    Ok(!last.is_some_and(|last| (0..CHECK_EVERY_MS).contains(&(now - last))))
}

/// For reading, beside the owner or without one.
///
/// Without an owner a log may be incomplete after a power cut. SQLite rebuilds the index of what it opens, for reading
/// as well, and with that the proof would be gone: it is noted first, for the owner who comes next.
pub fn read_only(folder: &Path) -> StoreResult<Connection> {
    let folder = &private::resolve(folder)?;
    private::tighten_files(folder)?;
    let nobody_owns_it = DirectoryLock::take_if_free(folder);
    if nobody_owns_it.is_some() && mark::mark(folder) != Mark::None && !log::inspect(folder)?.complete {
        mark::remember(folder, Mark::LogLost);
    }
    if is_being_made(folder)? {
        return super::schema::create_in_memory();
    }
    let connection = connect_to_read(&beside(folder, ""))?;
    connection.busy_timeout(BUSY)?;
    match version(&connection)? {
        0 => super::schema::create_in_memory(),
        found if found < VERSION => {
            Err(StoreError::decode("version", "an older database must first be opened by its owner"))
        }
        _ => Ok(connection),
    }
}

/// Whether an owner is about to make the database: its folder is locked, or was, and there is nothing in it yet. To a
/// reader that is an empty list.
fn is_being_made(folder: &Path) -> StoreResult<bool> {
    Ok(matches!(header(folder)?, Header::Nothing)
        && folder.join(paths::LOCK).exists()
        && mark::mark(folder) == Mark::None)
}

/// The first bytes of the file.
enum Header {
    Nothing,
    Sqlite,
    Other {
        /// It has our mark where SQLite would have it.
        ours: bool,
    },
}

fn header(folder: &Path) -> StoreResult<Header> {
    let mut head = Vec::new();
    match std::fs::File::open(beside(folder, "")) {
        Ok(file) => file.take(100).read_to_end(&mut head)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Header::Nothing),
        Err(error) => return Err(error.into()),
    };
    Ok(match head.get(68..72) {
        _ if head.is_empty() => Header::Nothing,
        Some(_) if head.starts_with(b"SQLite format 3\0") => Header::Sqlite,
        application => Header::Other { ours: application == Some(b"PLNK") },
    })
}

fn put(connection: &Connection, key: &str, value: &str) -> StoreResult<()> {
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)", [key, value])?;
    Ok(())
}

pub(super) fn checkpoint(connection: &Connection, how: &str) {
    let _ = connection.query_row(&format!("PRAGMA wal_checkpoint({how})"), [], |_| Ok(()));
}

/// Checkpoints what can be checkpointed and closes; what stays in the log is read again at the next opening. A file
/// that is suspect keeps its mark and its log.
pub fn close(connection: Connection, suspect: bool) {
    let _ = connection.busy_timeout(BUSY_AT_CLOSE);
    if !suspect && meta::remove(&connection, IN_USE).is_ok() {
        checkpoint(&connection, "TRUNCATE");
        let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false);
    }
    drop(connection);
}
