//! The provider's sessions that are ours, with what the provider said last and when to ask again.

use super::{StoreError, StoreResult};
use crate::id::{EntryId, OrderId};
use crate::link::{SessionFacts, TransactionFacts};
use rusqlite::{Connection, Row, Transaction, params};

/// A session of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The provider's id.
    pub id: String,
    /// Whose.
    pub order: OrderId,
    /// The entry that made it.
    pub entry: EntryId,
    /// The link.
    pub url: String,
    /// When it came to be, UTC ms.
    pub created_at: i64,
    /// What the provider said of it.
    pub facts: SessionFacts,
    /// What the provider said of its transaction.
    pub transaction: Option<TransactionFacts>,
    /// When it was read last, UTC ms by the phone.
    pub read_at: Option<i64>,
    /// When something of it changed last, UTC ms by the phone: what polling eases off from.
    pub changed_at: i64,
    /// When to ask again, UTC ms by the phone; `None` = not by itself.
    pub next_poll_at: Option<i64>,
}

const COLUMNS: &str = "id, order_id, entry_id, url, created_at, facts, transaction_, read_at, changed_at, next_poll_at";

/// Inserts or replaces a session.
pub fn save(db: &Transaction<'_>, session: &SessionRow) -> StoreResult<()> {
    let facts = serde_json::to_string(&session.facts).map_err(|error| StoreError::decode("session", error))?;
    let transaction = session.transaction.as_ref().map(serde_json::to_string).transpose();
    db.prepare_cached(
        "INSERT INTO sessions (id, order_id, entry_id, url, created_at, facts, transaction_, read_at, changed_at, \
         next_poll_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) \
         ON CONFLICT (id) DO UPDATE SET facts = ?6, transaction_ = ?7, read_at = ?8, changed_at = ?9, next_poll_at = ?10",
    )?
    .execute(params![
        session.id,
        session.order.to_string(),
        session.entry.to_string(),
        session.url,
        session.created_at,
        facts,
        transaction.map_err(|error| StoreError::decode("transaction", error))?,
        session.read_at,
        session.changed_at,
        session.next_poll_at,
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

/// When the session was created that came before so many newer ones, by the provider's clock; `None` when there are not
/// that many.
pub fn created_before_newest(db: &Connection, newer: u32) -> StoreResult<Option<i64>> {
    Ok(db
        .prepare_cached("SELECT created_at FROM sessions ORDER BY rowid DESC LIMIT 1 OFFSET ?1")?
        .query_map([newer], |row| row.get(0))?
        .next()
        .transpose()?)
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
const LONGEST_PLAN_MS: i64 = 24 * 3_600_000;

/// Sessions that are due to be asked about, the most overdue first.
pub fn due(db: &Connection, now: i64, limit: u32) -> StoreResult<Vec<SessionRow>> {
    db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM sessions WHERE next_poll_at <= ?1 OR next_poll_at > ?1 + ?3 ORDER BY next_poll_at LIMIT ?2"
    ))?
    .query_and_then(params![now, limit, LONGEST_PLAN_MS], decode)?
    .collect()
}

/// When the next session is due.
pub fn next_due(db: &Connection) -> StoreResult<Option<i64>> {
    Ok(db.query_row("SELECT min(next_poll_at) FROM sessions WHERE next_poll_at IS NOT NULL", [], |row| row.get(0))?)
}

/// It was asked about, and there was no news.
pub fn asked(db: &Transaction<'_>, id: &str, read_at: i64, next_poll_at: Option<i64>) -> StoreResult<()> {
    db.prepare_cached("UPDATE sessions SET read_at = ?2, next_poll_at = ?3 WHERE id = ?1")?.execute(params![
        id,
        read_at,
        next_poll_at
    ])?;
    Ok(())
}

/// Asks about a session at `at`, if that is sooner than planned.
pub fn poll_by(db: &Transaction<'_>, id: &str, at: i64) -> StoreResult<()> {
    db.prepare_cached(
        "UPDATE sessions SET next_poll_at = ?2 WHERE id = ?1 AND (next_poll_at IS NULL OR next_poll_at > ?2)",
    )?
    .execute(params![id, at])?;
    Ok(())
}

/// Asks about every session that is still asked about at `at`, if that is sooner than planned.
pub fn poll_all_by(db: &Transaction<'_>, at: i64) -> StoreResult<()> {
    db.execute("UPDATE sessions SET next_poll_at = ?1 WHERE next_poll_at > ?1", [at])?;
    Ok(())
}

fn decode(row: &Row<'_>) -> StoreResult<SessionRow> {
    let (order, entry): (String, String) = (row.get(1)?, row.get(2)?);
    let facts: String = row.get(5)?;
    let transaction: Option<String> = row.get(6)?;
    Ok(SessionRow {
        id: row.get(0)?,
        order: order.parse().map_err(|error| StoreError::decode("session order", error))?,
        entry: entry.parse().map_err(|error| StoreError::decode("session entry", error))?,
        url: row.get(3)?,
        created_at: row.get(4)?,
        facts: serde_json::from_str(&facts).map_err(|error| StoreError::decode("session facts", error))?,
        transaction: transaction
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|error| StoreError::decode("transaction facts", error))?,
        read_at: row.get(7)?,
        changed_at: row.get(8)?,
        next_poll_at: row.get(9)?,
    })
}
