//! One audited way to a database: look, refuse what is newer or foreign, prepare, migrate step by step, hand over.

use super::{StoreError, StoreResult};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::Path;
use std::time::Duration;

/// The file in the data directory.
pub const FILE: &str = "paylink.db";

/// Marks the file as ours (`PRAGMA application_id`): "PLNK".
const APPLICATION_ID: i64 = 0x504C_4E4B;

/// Step N brings a database of version N to N + 1. Released steps never change.
const MIGRATIONS: &[&str] = &[include_str!("migrations/0001.sql")];

/// The version that this build writes.
const VERSION: i64 = MIGRATIONS.len() as i64;

/// Statements kept prepared: more than this core has.
const STATEMENTS: usize = 100;

/// How long a read beside the owner may wait for it.
const BUSY: Duration = Duration::from_secs(5);

pub(super) fn read_write(folder: &Path) -> StoreResult<Connection> {
    let mut connection = Connection::open(folder.join(FILE))?;
    // Nothing is written before the version is known: a newer file stays as it is.
    let found = version(&connection)?;
    prepare(&connection)?;
    for (step, sql) in (0_i64..).zip(MIGRATIONS) {
        if step >= found {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.execute_batch(sql)?;
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            transaction.pragma_update(None, "user_version", step + 1)?;
            transaction.commit()?;
        }
    }
    Ok(connection)
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

/// The version of a file that is ours or empty.
fn version(connection: &Connection) -> StoreResult<i64> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (application, tables) {
        (APPLICATION_ID, _) if found > VERSION => Err(StoreError::Newer { found, known: VERSION }),
        (APPLICATION_ID, _) | (0, 0) => Ok(found),
        _ => Err(StoreError::Foreign),
    }
}

/// Settings of the connection. FULL syncs the log at each commit, so that saved means saved (design rule 1);
/// fullfsync makes that true on Apple's disks; temporary tables stay in memory because Android has no folder for them.
fn prepare(connection: &Connection) -> StoreResult<()> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(())
}

/// Checkpoints what can be checkpointed and closes; what stays in the log is read again at the next opening.
pub(super) fn close(connection: Connection) {
    let _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    drop(connection);
}
