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

use super::log::{self, Log, beside};
use super::quarantine::{self, Mark};
use super::{StoreError, StoreResult, check, meta};
use crate::sabotage::Sabotage;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use std::io::Read;
use std::path::Path;
use std::time::Duration;

/// The file in the data directory.
pub const FILE: &str = "paylink.db";

/// Marks the file as ours (`PRAGMA application_id`): "PLNK".
const APPLICATION_ID: i64 = 0x504C_4E4B;

/// Step N brings a database of version N to N + 1. Released steps never change.
pub(super) const MIGRATIONS: &[&str] = &[include_str!("migrations/0001.sql")];

/// The version that this build writes.
const VERSION: i64 = MIGRATIONS.len() as i64;

/// Statements kept prepared: more than this core has.
const STATEMENTS: usize = 100;

/// How long a read beside the owner may wait for it.
const BUSY: Duration = Duration::from_secs(5);

/// How long closing waits for a reader beside; what is not checkpointed is read from the log next time.
const BUSY_AT_CLOSE: Duration = Duration::from_millis(300);

/// Set in the file itself, not only in its log, for as long as it is open: found without a log, or with an empty one,
/// the log is lost.
pub(super) const IN_USE: &str = "in_use";

/// When the pages were last looked through, UTC ms.
const CHECKED_AT: &str = "checked_at";

/// A memory that forgets is noticed within a day, at the price of one look through the file.
const CHECK_EVERY_MS: i64 = 24 * 3_600_000;

pub(super) fn read_write(folder: &Path) -> StoreResult<Connection> {
    quarantine::resume(folder)?;
    let connection = match look(folder)? {
        Look::Sound(connection) => connection,
        Look::Damaged { log_complete } => {
            quarantine::begin(folder, log_complete)?;
            match look(folder)? {
                Look::Sound(connection) => connection,
                Look::Damaged { .. } => {
                    return Err(StoreError::decode("database", "damaged again while it was opened"));
                }
            }
        }
    };
    quarantine::remember(folder, Mark::Lived);
    // A full disk must not keep a seller from reading: without the mark only a lost log goes unnoticed.
    if put(&connection, IN_USE, "1").is_ok() {
        checkpoint(&connection, "PASSIVE");
    }
    Ok(connection)
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

fn look(folder: &Path) -> StoreResult<Look> {
    let mark = quarantine::mark(folder);
    let mut log = log::inspect(folder)?;
    if mark == Mark::LogLost {
        log.complete = false;
    } else if !log.complete && mark != Mark::None {
        // SQLite rebuilds the index of what it opens, and with that the proof is gone.
        quarantine::remember(folder, Mark::LogLost);
    }
    let damaged = Ok(Look::Damaged { log_complete: log.complete });
    match header(folder)? {
        // Without its database a log is worth nothing to SQLite, which deletes it.
        Header::Nothing if mark != Mark::None || log.used => return Ok(Look::Damaged { log_complete: false }),
        Header::Nothing | Header::Sqlite => {}
        Header::Other { ours } if ours || mark != Mark::None => return damaged,
        // Cut off while it was made: SQLite takes it back by its journal.
        Header::Other { .. } if beside(folder, "-journal").exists() => {
            return match examine(folder, log, mark) {
                Ok(Examined::Sound(connection)) => Ok(Look::Sound(connection)),
                Err(error) if !is_damage(&error) => Err(error),
                _ => Err(StoreError::Foreign),
            };
        }
        Header::Other { .. } => return Err(StoreError::Foreign),
    }
    match examine(folder, log, mark) {
        Ok(Examined::Sound(connection)) => Ok(Look::Sound(connection)),
        Ok(Examined::LogLost) => Ok(Look::Damaged { log_complete: false }),
        Err(error) if is_damage(&error) => damaged,
        Err(error) => Err(error),
    }
}

enum Examined {
    Sound(Connection),
    LogLost,
}

fn examine(folder: &Path, log: Log, mark: Mark) -> StoreResult<Examined> {
    let mut connection = Connection::open(beside(folder, ""))?;
    // Nothing is written, checkpointed or deleted before all is known.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.busy_timeout(BUSY)?;
    let found = version(&connection)?;
    if found == 0 && mark != Mark::None {
        return Err(StoreError::decode("version", "the schema is gone"));
    }
    let in_use = found > 0 && meta::get(&connection, IN_USE)?.is_some();
    // Gone, or made anew by an opening that was cut off.
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

/// Settings and schema of a database that is being built.
pub(super) fn create(path: &Path) -> StoreResult<Connection> {
    let mut connection = Connection::open(path)?;
    prepare(&connection)?;
    migrate(&mut connection, 0)?;
    Ok(connection)
}

fn migrate(connection: &mut Connection, found: i64) -> StoreResult<()> {
    for (step, sql) in (0_i64..).zip(MIGRATIONS) {
        if step >= found {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.execute_batch(sql)?;
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            transaction.pragma_update(None, "user_version", step + 1)?;
            transaction.commit()?;
        }
    }
    Ok(())
}

pub(super) fn read_only(folder: &Path) -> StoreResult<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(folder.join(FILE), flags)?;
    connection.busy_timeout(BUSY)?;
    let found = version(&connection)?;
    if found < VERSION {
        return Err(StoreError::decode("version", "an older database must first be opened by its owner"));
    }
    Ok(connection)
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

/// The version of a file that is ours or empty.
fn version(connection: &Connection) -> StoreResult<i64> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (application, tables) {
        (APPLICATION_ID, _) if found > VERSION => Err(StoreError::Newer { found, known: VERSION }),
        // Mark and version are set in the transaction that makes the tables.
        (APPLICATION_ID, 0) => Err(StoreError::decode("schema", "the tables are gone")),
        (APPLICATION_ID, _) if found < 1 => Err(StoreError::decode("version", "the version is gone")),
        (APPLICATION_ID, _) | (0, 0) => Ok(found),
        _ if has_our_tables(connection)? => Err(StoreError::decode("application id", "the mark is gone")),
        _ => Err(StoreError::Foreign),
    }
}

fn has_our_tables(connection: &Connection) -> StoreResult<bool> {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE name IN ('meta', 'orders', 'entries', 'sessions', 'events')";
    Ok(connection.query_row(sql, [], |row| row.get::<_, i64>(0))? == 5)
}

/// Whether an error says that the file is damaged. A full, failing or read-only disk is not that.
pub(super) fn is_damage(error: &StoreError) -> bool {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};
    match error {
        StoreError::Decode { .. } => true,
        // A letter that is none, a type that no version wrote.
        StoreError::Sqlite(
            FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..),
        ) => true,
        error => is_broken(error),
    }
}

/// Whether SQLite itself cannot find its way in the file any more.
pub(super) fn is_broken(error: &StoreError) -> bool {
    match error {
        StoreError::Sqlite(error) => {
            matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
        }
        _ => false,
    }
}

/// Settings of the connection. FULL syncs the log at each commit, so that saved means saved (design rule 1);
/// fullfsync makes that true on Apple's disks; temporary tables stay in memory because Android has no folder for them.
fn prepare(connection: &Connection) -> StoreResult<()> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without it a statement is compiled anew at each use: the planner wants to see the values for the partial indexes.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", if Sabotage::NotSynced.is_on() { "OFF" } else { "FULL" })?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(())
}

fn put(connection: &Connection, key: &str, value: &str) -> StoreResult<()> {
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)", [key, value])?;
    Ok(())
}

fn checkpoint(connection: &Connection, how: &str) {
    let _ = connection.query_row(&format!("PRAGMA wal_checkpoint({how})"), [], |_| Ok(()));
}

/// Checkpoints what can be checkpointed and closes; what stays in the log is read again at the next opening. A file
/// that is suspect keeps its mark and its log.
pub(super) fn close(connection: Connection, suspect: bool) {
    let _ = connection.busy_timeout(BUSY_AT_CLOSE);
    if !suspect && meta::remove(&connection, IN_USE).is_ok() {
        checkpoint(&connection, "TRUNCATE");
        let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false);
    }
    drop(connection);
}
