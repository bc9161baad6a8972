//! The provider's sessions that are ours, with what the provider said last and when to ask again.

use crate::clock::{PhoneTime, ProviderTime};
use crate::id::{EntryId, OrderId};
use crate::link::{SessionFacts, TransactionFacts};
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, Row, Transaction, params};
use std::collections::HashSet;

/// A session of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The provider's id.
    pub id: String,
    /// The order it belongs to.
    pub order: OrderId,
    /// The entry that made it.
    pub entry: EntryId,
    /// The link.
    pub url: String,
    /// Whether the provider gave something else for it that could not be used, and it was built from the id.
    pub url_unusable: bool,
    /// When it came to be, by the answer that made it.
    pub created_at: ProviderTime,
    /// What the provider said of it.
    pub facts: SessionFacts,
    /// What the provider said of its transaction.
    pub transaction: Option<TransactionFacts>,
    /// When it was read last.
    pub read_at: Option<PhoneTime>,
    /// When something of it changed last: what polling eases off from.
    pub changed_at: PhoneTime,
    /// When to ask again; `None` = not by itself.
    pub next_poll_at: Option<PhoneTime>,
    /// Reads in a row that brought nothing.
    pub misses: u32,
}

const COLUMNS: &str = "id, order_id, entry_id, url, created_at, facts, transaction_, read_at, changed_at, next_poll_at, \
     url_unusable, misses";

/// Inserts or replaces a session.
pub fn save(db: &Transaction<'_>, session: &SessionRow) -> StoreResult<()> {
    let facts = serde_json::to_string(&session.facts).map_err(|error| StoreError::json("session", &error))?;
    let transaction = session.transaction.as_ref().map(serde_json::to_string).transpose();
    db.prepare_cached(
        "INSERT INTO sessions (id, order_id, entry_id, url, created_at, facts, transaction_, read_at, changed_at, \
         next_poll_at, url_unusable, misses) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) \
         ON CONFLICT (id) DO UPDATE SET facts = ?6, transaction_ = ?7, read_at = ?8, changed_at = ?9, \
         next_poll_at = ?10, misses = ?12",
    )?
    .execute(params![
        session.id,
        session.order.to_string(),
        session.entry.to_string(),
        session.url,
        session.created_at,
        facts,
        transaction.map_err(|error| StoreError::json("transaction", &error))?,
        session.read_at,
        session.changed_at,
        session.next_poll_at,
        session.url_unusable,
        session.misses,
    ])?;
    Ok(())
}

/// One session.
pub fn get(db: &Connection, id: &str) -> StoreResult<Option<SessionRow>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM sessions WHERE id = ?1"))?
        .query_and_then([id], decode)?
        .next()
        .transpose()
}

/// All sessions of an order, oldest first.
pub fn of_order(db: &Connection, order: OrderId) -> StoreResult<Vec<SessionRow>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM sessions WHERE order_id = ?1 ORDER BY rowid"))?
        .query_and_then([order.to_string()], decode)?
        .collect()
}

/// When the session came to be that came before so many newer ones; `None` when there are not that many.
pub fn created_before_newest(db: &Connection, newer: u32) -> StoreResult<Option<ProviderTime>> {
    Ok(db
        .prepare_cached("SELECT created_at FROM sessions ORDER BY rowid DESC LIMIT 1 OFFSET ?1")?
        .query_map([newer], |row| row.get(0))?
        .next()
        .transpose()?)
}

/// At most so many of our own links are looked at for a witness: the newest.
const WITNESSES: u32 = 1_000;

/// Our sessions that were asked for after this, by the provider's `Date`.
pub fn asked_for_after(db: &Connection, after: ProviderTime) -> StoreResult<HashSet<String>> {
    let sql = "SELECT sessions.id FROM sessions JOIN entries ON entries.id = sessions.entry_id \
         WHERE entries.first_sent_at > ?1 AND entries.sent_time_known ORDER BY sessions.rowid DESC LIMIT ?2";
    Ok(db.prepare_cached(sql)?.query_map(params![after, WITNESSES], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Ids of sessions whose row was lost in a damaged database and made again: their address is still to be built.
pub fn without_address(db: &Connection) -> StoreResult<Vec<String>> {
    Ok(db
        .prepare("SELECT id FROM sessions WHERE url = ''")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Gives such a session its address.
pub fn set_address(db: &Transaction<'_>, id: &str, url: &str) -> StoreResult<()> {
    db.execute("UPDATE sessions SET url = ?2 WHERE id = ?1 AND url = ''", [id, url])?;
    Ok(())
}

/// The longest plan that is ever made (a day). One further away means that the clock was set back: it is due.
const MAX_PLAN_MS: i64 = 24 * 3_600_000;

/// Ids of sessions that are due to be asked about, the newest first.
pub fn due(db: &Connection, now: PhoneTime, limit: u32) -> StoreResult<Vec<String>> {
    let sql = "SELECT id FROM sessions WHERE next_poll_at <= ?1 OR next_poll_at > ?1 + ?3 ORDER BY rowid DESC LIMIT ?2";
    let mut query = db.prepare_cached(sql)?;
    Ok(query.query_map(params![now, limit, MAX_PLAN_MS], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Ids of all sessions that are still asked about, the newest first.
pub fn asked_about(db: &Connection) -> StoreResult<Vec<String>> {
    let mut query = db.prepare_cached("SELECT id FROM sessions WHERE next_poll_at IS NOT NULL ORDER BY rowid DESC")?;
    Ok(query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// How many are still asked about: those on which something happened since, and all.
pub fn count_asked_about(db: &Connection, since: PhoneTime) -> StoreResult<(u32, u32)> {
    let sql = "SELECT count(*) FILTER (WHERE changed_at > ?1), count(*) FROM sessions WHERE next_poll_at IS NOT NULL";
    Ok(db.prepare_cached(sql)?.query_row([since], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// When the next session is due.
pub fn next_due(db: &Connection) -> StoreResult<Option<PhoneTime>> {
    Ok(db.query_row("SELECT min(next_poll_at) FROM sessions WHERE next_poll_at IS NOT NULL", [], |row| row.get(0))?)
}

/// Asks about a session at `at`, if that is sooner than planned.
pub fn poll_by(db: &Transaction<'_>, id: &str, at: PhoneTime) -> StoreResult<()> {
    db.prepare_cached(
        "UPDATE sessions SET next_poll_at = ?2 WHERE id = ?1 AND (next_poll_at IS NULL OR next_poll_at > ?2)",
    )?
    .execute(params![id, at])?;
    Ok(())
}

/// Asks about every session that is still asked about at `at`, if that is sooner than planned; but not about those that
/// were read a moment ago, nor about those that are not answered time and again.
pub fn poll_all_by(db: &Transaction<'_>, at: PhoneTime) -> StoreResult<()> {
    db.execute(
        "UPDATE sessions SET next_poll_at = ?1 WHERE next_poll_at > ?1 AND misses < 8 \
         AND (read_at IS NULL OR read_at NOT BETWEEN ?1 - 3000 AND ?1)",
        [at],
    )?;
    Ok(())
}

/// Asks again about what could not be read.
pub fn poll_missed(db: &Transaction<'_>, at: PhoneTime) -> StoreResult<()> {
    db.execute("UPDATE sessions SET next_poll_at = ?1, misses = 0 WHERE misses > 0 AND next_poll_at > ?1", [at])?;
    Ok(())
}

fn decode(row: &Row<'_>) -> StoreResult<SessionRow> {
    let (order, entry): (String, String) = (row.get(1)?, row.get(2)?);
    let facts: String = row.get(5)?;
    let transaction: Option<String> = row.get(6)?;
    Ok(SessionRow {
        id: row.get(0)?,
        order: order.parse().map_err(|_| StoreError::decode("session order", "is no id"))?,
        entry: entry.parse().map_err(|_| StoreError::decode("session entry", "is no id"))?,
        url: row.get(3)?,
        created_at: row.get(4)?,
        facts: serde_json::from_str(&facts).map_err(|error| StoreError::json("session facts", &error))?,
        transaction: transaction
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|error| StoreError::json("transaction facts", &error))?,
        read_at: row.get(7)?,
        changed_at: row.get(8)?,
        next_poll_at: row.get(9)?,
        url_unusable: row.get(10)?,
        misses: row.get(11)?,
    })
}
