//! The schema and its versions, and the settings of every connection.

use super::private;
use crate::clock::SystemClock;
use crate::id::{CustomerId, OrderId};
use crate::sabotage::Sabotage;
use crate::store::rows::{customers, links, orders};
use crate::store::{StoreError, StoreResult};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::path::Path;
use std::time::Duration;

/// Marks the file as ours (`PRAGMA application_id`): "PLNK".
const APPLICATION_ID: i64 = 0x504C_4E4B;

/// Step N brings a database of version N to N + 1. Released steps never change.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
];

/// The version that this build writes.
pub(super) const VERSION: i64 = MIGRATIONS.len() as i64;

/// Statements kept prepared: more than this core has.
const STATEMENTS: usize = 100;

/// How long a read beside the owner may wait for it.
pub(super) const BUSY: Duration = Duration::from_secs(5);

/// How every database is opened: by its very name, which is no URI, and not through a link.
const LITERALLY: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX.union(OpenFlags::SQLITE_OPEN_NOFOLLOW);

/// A connection to write, by a path without links. SQLite makes no database: it finds an empty one that is ours alone.
pub fn connect(path: &Path) -> StoreResult<Connection> {
    private::lay(path)?;
    Ok(Connection::open_with_flags(path, LITERALLY | OpenFlags::SQLITE_OPEN_READ_WRITE)?)
}

/// A connection to read, by a path without links.
pub(super) fn connect_to_read(path: &Path) -> StoreResult<Connection> {
    Ok(Connection::open_with_flags(path, LITERALLY | OpenFlags::SQLITE_OPEN_READ_ONLY)?)
}

/// Settings and schema of a database that is being built.
pub fn create(path: &Path) -> StoreResult<Connection> {
    let mut connection = connect(path)?;
    prepare(&connection)?;
    migrate(&mut connection, 0)?;
    Ok(connection)
}

/// As [`create`], of the last version whose schema was on the first page alone.
pub fn create_small(path: &Path) -> StoreResult<Connection> {
    let mut connection = connect(path)?;
    prepare(&connection)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    MIGRATIONS.iter().take(ON_ONE_PAGE).try_for_each(|sql| transaction.execute_batch(sql))?;
    transaction.commit()?;
    Ok(connection)
}

/// The schema of later versions goes on on other pages.
const ON_ONE_PAGE: usize = 3;

/// An empty database of this version that no file holds: what a reader sees of one that is being made.
pub(super) fn create_in_memory() -> StoreResult<Connection> {
    let mut connection = Connection::open_in_memory()?;
    migrate(&mut connection, 0)?;
    Ok(connection)
}

/// Brings a database from the version that was found to that of this build, in one transaction.
pub(super) fn migrate(connection: &mut Connection, found: i64) -> StoreResult<()> {
    if found >= VERSION {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (step, sql) in (0_i64..).zip(MIGRATIONS) {
        if step >= found {
            transaction.execute_batch(sql)?;
        }
    }
    // With the code of today, so once all of today's columns are there.
    if found < LISTS {
        refill_lists(&transaction)?;
    }
    if found < CUSTOMERS {
        note_customers(&transaction)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    Ok(transaction.commit()?)
}

/// The version since which lists and searches have columns and a table of their own.
const LISTS: i64 = 3;

/// Writes down of each order what lists and searches ask: all of it is derived from its rows. One that cannot be read
/// back keeps what it has; whoever asks for it hears that.
fn refill_lists(db: &Transaction<'_>) -> StoreResult<()> {
    for id in order_ids(db)? {
        match links::record(db, id) {
            Ok(record) => {
                orders::index_anew(db, id, &record.order)?;
                orders::save_state(db, id, &record.state, record.standing())?;
            }
            Err(StoreError::Decode { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The version since which customers have a table of their own.
const CUSTOMERS: i64 = 4;

/// Writes down who bought, order after order. What cannot be read back names nobody.
fn note_customers(db: &Transaction<'_>) -> StoreResult<()> {
    let clock = SystemClock::default();
    for id in order_ids(db)? {
        match orders::get(db, id) {
            Ok(Some((order, _))) => customers::note(db, &order, CustomerId::generate(&clock))?,
            Ok(None) | Err(StoreError::Decode { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// All orders, the oldest first.
fn order_ids(db: &Connection) -> StoreResult<Vec<OrderId>> {
    let mut all = db.prepare("SELECT id FROM orders ORDER BY rowid")?;
    let ids: Vec<String> = all.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
}

/// The version of a file that is ours or empty.
pub(super) fn version(connection: &Connection) -> StoreResult<i64> {
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

/// Settings of the connection. FULL syncs the log at each commit, so that saved means saved (rule 1);
/// fullfsync makes that true on Apple's disks; temporary tables stay in memory because Android has no folder for them.
pub(super) fn prepare(connection: &Connection) -> StoreResult<()> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without it a statement is compiled again at each use: the planner wants to see the values for the partial indexes.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", if Sabotage::NotSynced.is_on() { "OFF" } else { "FULL" })?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // What is deleted is overwritten: a person who was forgotten must not stand in a free page.
    connection.pragma_update(None, "secure_delete", true)?;
    Ok(())
}
