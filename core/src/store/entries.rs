//! The outbox's rows: everything that a retry needs is in the row.

use super::{StoreError, StoreResult};
use crate::id::{EntryId, OrderId};
use crate::link::Reason;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};

/// What an entry does at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Creates the session that is the link.
    Create,
    /// Cancels the session.
    Cancel,
}

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// Never sent.
    Queued,
    /// A request is under way. Found at start-up it means that the process died: it becomes `Unknown`.
    Sending,
    /// Waits for its next attempt; nothing of it reached the provider.
    Waiting,
    /// May have reached the provider; to be looked up.
    Unknown,
    /// The seller decides.
    Held,
    /// Refused by the provider; the seller decides.
    Parked,
    /// Frozen because it was exported.
    Exported,
    /// Done.
    Done,
    /// No longer to be done.
    Superseded,
}

impl EntryState {
    /// Whether the entry is still to be done, or decided.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Done | Self::Superseded)
    }
}

/// One operation at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Travels in the provider's metadata.
    pub id: EntryId,
    /// Whose.
    pub order: OrderId,
    /// What it does.
    pub operation: Operation,
    /// What the operation needs besides the order, as versioned JSON.
    pub payload: String,
    /// Where it stands.
    pub state: EntryState,
    /// Why it waits, is held or parked.
    pub reason: Option<Reason>,
    /// Requests that were made.
    pub attempts: u32,
    /// UTC ms by the phone.
    pub created_at: i64,
    /// The first attempt that may have arrived, UTC ms of the provider's clock.
    pub first_sent_at: Option<i64>,
    /// The last attempt, UTC ms of the provider's clock.
    pub last_sent_at: Option<i64>,
    /// Whether both are in the provider's known time.
    pub sent_time_known: bool,
    /// Whether any attempt may have arrived.
    pub unclear: bool,
    /// When a complete listing first showed nothing of it, UTC ms of the provider's clock.
    pub absent_at: Option<i64>,
    /// When it is due, UTC ms by the phone.
    pub next_attempt_at: i64,
    /// The wait that led to it: a due time further away than this means that the clock was set back.
    pub wait_ms: i64,
}

impl Entry {
    /// A new entry, due at once.
    #[must_use]
    pub fn new(id: EntryId, order: OrderId, operation: Operation, payload: String, now: i64) -> Self {
        Self {
            id,
            order,
            operation,
            payload,
            state: EntryState::Queued,
            reason: None,
            attempts: 0,
            created_at: now,
            first_sent_at: None,
            last_sent_at: None,
            sent_time_known: true,
            unclear: false,
            absent_at: None,
            next_attempt_at: now,
            wait_ms: 0,
        }
    }

    /// Sets when it is due.
    pub fn wait(&mut self, now: i64, wait_ms: i64) {
        self.next_attempt_at = now.saturating_add(wait_ms);
        self.wait_ms = wait_ms;
    }
}

const COLUMNS: &str = "id, order_id, operation, payload, state, reason, attempts, created_at, first_sent_at, \
     last_sent_at, sent_time_known, unclear, absent_at, next_attempt_at, wait_ms";

/// Inserts or replaces an entry.
pub fn save(db: &Transaction<'_>, entry: &Entry) -> StoreResult<()> {
    let reason = entry.reason.as_ref().map(serde_json::to_string).transpose();
    let reason = reason.map_err(|error| StoreError::decode("reason", error))?;
    db.prepare_cached(
        "INSERT INTO entries (id, order_id, operation, payload, state, reason, attempts, created_at, first_sent_at, \
         last_sent_at, sent_time_known, unclear, absent_at, next_attempt_at, wait_ms) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) \
         ON CONFLICT (id) DO UPDATE SET payload = ?4, state = ?5, reason = ?6, attempts = ?7, first_sent_at = ?9, \
         last_sent_at = ?10, sent_time_known = ?11, unclear = ?12, absent_at = ?13, next_attempt_at = ?14, wait_ms = ?15",
    )?
    .execute(params![
        entry.id.to_string(),
        entry.order.to_string(),
        word(&entry.operation)?,
        entry.payload,
        word(&entry.state)?,
        reason,
        entry.attempts,
        entry.created_at,
        entry.first_sent_at,
        entry.last_sent_at,
        entry.sent_time_known,
        entry.unclear,
        entry.absent_at,
        entry.next_attempt_at,
        entry.wait_ms,
    ])?;
    Ok(())
}

/// One entry.
pub fn get(db: &Connection, id: EntryId) -> StoreResult<Option<Entry>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM entries WHERE id = ?1"))?
        .query_and_then([id.to_string()], decode)?
        .next()
        .transpose()
}

/// The entries of an order, in the order in which they were saved: the phone's clock may have been set between them.
pub fn of_order(db: &Connection, order: OrderId) -> StoreResult<Vec<Entry>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM entries WHERE order_id = ?1 ORDER BY rowid"))?
        .query_and_then([order.to_string()], decode)?
        .collect()
}

/// An entry of one state that can be worked on: no earlier entry of its order is still open. Operations on one order
/// are serial, orders are independent (design rule 3).
///
/// The partial index of open entries serves only queries that repeat its condition, and gives an order only within one
/// state: thousands may wait, and each look at the queue reads a few of them.
const READY: &str = "state NOT IN ('done', 'superseded') AND state = ?1 AND NOT EXISTS (SELECT 1 FROM entries AS earlier \
     WHERE earlier.order_id = entries.order_id AND earlier.state NOT IN ('done', 'superseded') \
     AND earlier.rowid < entries.rowid)";

/// The states that can be worked on: what was begun comes before what is new.
const WORKABLE: [EntryState; 3] = [EntryState::Unknown, EntryState::Waiting, EntryState::Queued];

/// Entries that are due at `now`: what was begun first, and of each state what has been due for longest. A due time
/// further away than the wait that led to it is due as well: the clock was set back (design rule 10).
pub fn due(db: &Connection, now: i64, limit: u32) -> StoreResult<Vec<Entry>> {
    let mut found = Vec::new();
    for condition in ["next_attempt_at <= ?2", "next_attempt_at > ?2 AND next_attempt_at - ?2 > wait_ms"] {
        for state in WORKABLE {
            let left = limit.saturating_sub(u32::try_from(found.len()).unwrap_or(limit));
            if left == 0 {
                return Ok(found);
            }
            let sql = format!(
                "SELECT {COLUMNS} FROM entries WHERE {READY} AND {condition} ORDER BY next_attempt_at, rowid LIMIT ?3"
            );
            let mut query = db.prepare_cached(&sql)?;
            for entry in query.query_and_then(params![word(&state)?, now, left], decode)? {
                found.push(entry?);
            }
        }
    }
    Ok(found)
}

/// When the next entry that can be worked on is due.
pub fn next_due(db: &Connection) -> StoreResult<Option<i64>> {
    let sql = format!("SELECT next_attempt_at FROM entries WHERE {READY} ORDER BY next_attempt_at LIMIT 1");
    let mut query = db.prepare_cached(&sql)?;
    let mut next = None;
    for state in WORKABLE {
        let first: Option<i64> = query.query_row([word(&state)?], |row| row.get(0)).optional()?;
        next = next.into_iter().chain(first).min();
    }
    Ok(next)
}

/// The earliest of the last attempts that are being looked up, UTC ms of the provider's clock.
pub fn earliest_unknown(db: &Connection) -> StoreResult<Option<i64>> {
    let sql = "SELECT min(last_sent_at) FROM entries WHERE state NOT IN ('done', 'superseded') \
         AND state = 'unknown' AND operation = 'create' AND sent_time_known";
    Ok(db.query_row(sql, [], |row| row.get(0))?)
}

/// Makes everything that waits due now: the network is back, the app is in front, somebody signed in.
/// A wait that the provider asked for (`busy`) is kept.
pub fn wake(db: &Transaction<'_>, now: i64) -> StoreResult<()> {
    db.execute(
        "UPDATE entries SET next_attempt_at = ?1, wait_ms = 0 WHERE state NOT IN ('done', 'superseded') \
         AND state IN ('queued', 'waiting', 'unknown') \
         AND next_attempt_at > ?1 AND (reason IS NULL OR json_extract(reason, '$.code') <> 'busy')",
        [now],
    )?;
    Ok(())
}

/// Makes due what waits for the network alone: something just got through.
pub fn wake_unconnected(db: &Transaction<'_>, now: i64) -> StoreResult<()> {
    db.execute(
        "UPDATE entries SET next_attempt_at = ?1, wait_ms = 0 WHERE state NOT IN ('done', 'superseded') AND state = 'waiting' \
         AND next_attempt_at > ?1 AND json_extract(reason, '$.code') = 'no_network'",
        [now],
    )?;
    Ok(())
}

/// What was being sent when the process died may have arrived. Gives the orders concerned.
pub fn interrupted(db: &Transaction<'_>, now: i64) -> StoreResult<Vec<OrderId>> {
    db.prepare_cached(
        "UPDATE entries SET state = 'unknown', unclear = 1, next_attempt_at = ?1, wait_ms = 0, \
         reason = '{\"code\":\"cut\",\"detail\":null}' WHERE state NOT IN ('done', 'superseded') \
         AND state = 'sending' RETURNING order_id",
    )?
    .query_and_then([now], |row| {
        let order: String = row.get(0)?;
        order.parse().map_err(|error| StoreError::decode("entry order", error))
    })?
    .collect()
}

/// How many entries are in each open state.
pub fn count_open(db: &Connection) -> StoreResult<Vec<(EntryState, u32)>> {
    db.prepare_cached("SELECT state, count(*) FROM entries WHERE state NOT IN ('done', 'superseded') GROUP BY state")?
        .query_and_then([], |row| {
            let state: String = row.get(0)?;
            Ok((unword(&state)?, row.get(1)?))
        })?
        .collect()
}

/// How many entries the provider took.
pub fn count_done(db: &Connection) -> StoreResult<u32> {
    Ok(db.query_row("SELECT count(*) FROM entries WHERE state = 'done'", [], |row| row.get(0))?)
}

fn word<T: Serialize>(value: &T) -> StoreResult<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => Ok(text),
        _ => Err(StoreError::decode("word", "not a text")),
    }
}

fn unword<T: serde::de::DeserializeOwned>(text: &str) -> StoreResult<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned()))
        .map_err(|error| StoreError::decode("word", error))
}

fn decode(row: &Row<'_>) -> StoreResult<Entry> {
    let (id, order): (String, String) = (row.get(0)?, row.get(1)?);
    let (operation, state): (String, String) = (row.get(2)?, row.get(4)?);
    let reason: Option<String> = row.get(5)?;
    Ok(Entry {
        id: id.parse().map_err(|error| StoreError::decode("entry id", error))?,
        order: order.parse().map_err(|error| StoreError::decode("entry order", error))?,
        operation: unword(&operation)?,
        payload: row.get(3)?,
        state: unword(&state)?,
        reason: reason
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|error| StoreError::decode("entry reason", error))?,
        attempts: row.get(6)?,
        created_at: row.get(7)?,
        first_sent_at: row.get(8)?,
        last_sent_at: row.get(9)?,
        sent_time_known: row.get(10)?,
        unclear: row.get(11)?,
        absent_at: row.get(12)?,
        next_attempt_at: row.get(13)?,
        wait_ms: row.get(14)?,
    })
}
