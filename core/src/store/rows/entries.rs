//! The outbox's rows.

use super::entry::{Entry, EntryState, Operation};
use crate::clock::{PhoneTime, ProviderTime};
use crate::code::Code;
use crate::id::{EntryId, OrderId};
use crate::link::{Reason, ReasonCode};
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use std::sync::LazyLock;

const COLUMNS: &str = "id, order_id, operation, payload, state, reason, attempts, created_at, first_sent_at, \
     last_sent_at, sent_time_known, unclear, absent_at, next_attempt_at, wait_ms, revision";

/// Inserts an entry, or writes it over the revision that it was read at and counts one up.
///
/// # Errors
/// [`StoreError::Moved`] when the row has changed since: nothing is written then.
pub fn save(db: &Transaction<'_>, entry: &mut Entry) -> StoreResult<()> {
    let reason = entry.reason.as_ref().map(serde_json::to_string).transpose();
    let reason = reason.map_err(|error| StoreError::json("reason", &error))?;
    let written = db
        .prepare_cached(
            "INSERT INTO entries (id, order_id, operation, payload, state, reason, attempts, created_at, first_sent_at, \
             last_sent_at, sent_time_known, unclear, absent_at, next_attempt_at, wait_ms, revision) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16 + 1) \
             ON CONFLICT (id) DO UPDATE SET payload = ?4, state = ?5, reason = ?6, attempts = ?7, first_sent_at = ?9, \
             last_sent_at = ?10, sent_time_known = ?11, unclear = ?12, absent_at = ?13, next_attempt_at = ?14, \
             wait_ms = ?15, revision = ?16 + 1 WHERE revision = ?16",
        )?
        .execute(params![
            entry.id.to_string(),
            entry.order.to_string(),
            entry.operation.code(),
            entry.payload,
            entry.state.code(),
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
            entry.revision,
        ])?;
    if written == 0 {
        return Err(StoreError::Moved);
    }
    entry.revision += 1;
    Ok(())
}

/// One entry.
pub fn get(db: &Connection, id: EntryId) -> StoreResult<Option<Entry>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM entries WHERE id = ?1"))?
        .query_and_then([id.to_string()], decode)?
        .next()
        .transpose()
}

/// Whether an entry is one of this version's, each code of it. Where a file is damaged nothing else counts as read.
pub fn is_of_this_version(db: &Connection, id: EntryId) -> StoreResult<bool> {
    let sql = "SELECT operation, state FROM entries WHERE id = ?1";
    Ok(db.prepare_cached(sql)?.query_row([id.to_string()], |row| {
        let (operation, state): (String, String) = (row.get(0)?, row.get(1)?);
        Ok(Operation::named(&operation).is_some() && EntryState::named(&state).is_some())
    })?)
}

/// The entries of an order, in the order in which they were saved: the phone's clock may have been set between them.
/// One whose operation only a newer core knows is left alone, and out.
pub fn of_order(db: &Connection, order: OrderId) -> StoreResult<Vec<Entry>> {
    let ours = OURS.as_str();
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM entries WHERE order_id = ?1 AND {ours} ORDER BY rowid"))?
        .query_and_then([order.to_string()], decode)?
        .collect()
}

/// Whether an order has an entry whose operation this core does not know.
pub fn has_unrecognised(db: &Connection, order: OrderId) -> StoreResult<bool> {
    let sql = format!("SELECT 1 FROM entries WHERE order_id = ?1 AND NOT {}", *OURS);
    Ok(db.prepare_cached(&sql)?.exists([order.to_string()])?)
}

/// The operations that this core knows, as a condition.
static OURS: LazyLock<String> = LazyLock::new(|| {
    let codes: Vec<String> = Operation::ALL.iter().map(|one| format!("'{}'", one.code())).collect();
    format!("operation IN ({})", codes.join(", "))
});

/// An entry of one state that can be worked on: no earlier entry of its order that it conflicts with is still open, by
/// [`Operation::waits_for`]. Orders are independent (rule 3).
///
/// The partial index of open entries serves only queries that repeat its condition, and gives an order only within one
/// state: thousands may wait, and each look at the queue reads a few of them.
static READY: LazyLock<String> = LazyLock::new(|| {
    let conflicts: Vec<String> = Operation::ALL
        .iter()
        .flat_map(|this| Operation::ALL.iter().map(move |earlier| (this, earlier)))
        .filter(|(this, earlier)| this.waits_for(**earlier))
        .map(|(this, earlier)| format!("('{}', '{}')", this.code(), earlier.code()))
        .collect();
    format!(
        "state NOT IN ('done', 'superseded') AND state = ?1 AND {} AND NOT EXISTS (SELECT 1 FROM entries AS earlier \
         WHERE earlier.order_id = entries.order_id AND earlier.state NOT IN ('done', 'superseded') \
         AND earlier.rowid < entries.rowid AND (entries.operation, earlier.operation) IN (VALUES {}))",
        *OURS,
        conflicts.join(", ")
    )
});

/// The states that can be worked on: what was begun comes before what is new.
const WORKABLE: [EntryState; 3] = [EntryState::Unknown, EntryState::Waiting, EntryState::Queued];

/// What may be sent now; look-ups and cancels always may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Creates.
    pub creates: bool,
    /// Creates that make the provider send a message.
    pub messages: bool,
}

impl Allowed {
    /// Everything.
    pub const ALL: Self = Self { creates: true, messages: true };

    /// As a condition on entries: what is not allowed now must not stand before what is (rule 3).
    const fn condition(self) -> &'static str {
        match (self.creates, self.messages) {
            (true, true) => "1",
            (true, false) => {
                "(operation <> 'create' OR state = 'unknown' OR NOT json_extract(payload, '$.provider_sends'))"
            }
            (false, _) => "(operation <> 'create' OR state = 'unknown')",
        }
    }
}

/// An entry that is due, and whose: what it is by now is read once its order is taken.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// The entry.
    pub entry: EntryId,
    /// Its order.
    pub order: OrderId,
    /// Where it stood.
    pub state: EntryState,
    /// What it does.
    pub operation: Operation,
}

/// Entries that are due at `now`: what was begun first, and of each state what has been due for longest. A due time
/// further away than the wait that led to it is due as well: the clock was set back (rule 10).
pub fn due(db: &Connection, now: PhoneTime, allowed: Allowed, limit: u32) -> StoreResult<Vec<Due>> {
    let mut found = Vec::new();
    for condition in ["next_attempt_at <= ?2", "next_attempt_at > ?2 AND next_attempt_at - ?2 > wait_ms"] {
        for state in WORKABLE {
            let left = limit.saturating_sub(u32::try_from(found.len()).unwrap_or(limit));
            if left == 0 {
                return Ok(found);
            }
            let sql = format!(
                "SELECT id, order_id, operation FROM entries WHERE {} AND {condition} AND {} \
                 ORDER BY next_attempt_at, rowid LIMIT ?3",
                *READY,
                allowed.condition()
            );
            let mut query = db.prepare_cached(&sql)?;
            let rows = query.query_and_then(params![state.code(), now, left], |row| {
                let (entry, order, operation): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok::<_, StoreError>(Due {
                    entry: entry.parse().map_err(|_| StoreError::decode("entry id", "is no id"))?,
                    order: order.parse().map_err(|_| StoreError::decode("entry order", "is no id"))?,
                    state,
                    operation: named("operation", &operation)?,
                })
            })?;
            for one in rows {
                found.push(one?);
            }
        }
    }
    Ok(found)
}

/// Whether an entry can be worked on at `now`: it is due, in a state for it, and nothing that it waits for is open.
pub fn is_due(entry: &Entry, now: PhoneTime) -> bool {
    let left = entry.next_attempt_at.since(now);
    entry.state.is_workable() && (left <= 0 || left > entry.wait_ms)
}

/// When the next entry that can be worked on, and may be, is due.
pub fn next_due(db: &Connection, allowed: Allowed) -> StoreResult<Option<PhoneTime>> {
    let sql = format!(
        "SELECT next_attempt_at FROM entries WHERE {} AND {} ORDER BY next_attempt_at LIMIT 1",
        *READY,
        allowed.condition()
    );
    let mut query = db.prepare_cached(&sql)?;
    let mut next = None;
    for state in WORKABLE {
        let first: Option<PhoneTime> = query.query_row([state.code()], |row| row.get(0)).optional()?;
        next = next.into_iter().chain(first).min();
    }
    Ok(next)
}

/// The earliest of the attempts whose absence may have to be proven.
pub fn earliest_unknown(db: &Connection) -> StoreResult<Option<ProviderTime>> {
    let sql = "SELECT min(first_sent_at) FROM entries WHERE state NOT IN ('done', 'superseded') \
         AND state = 'unknown' AND operation = 'create' AND sent_time_known";
    Ok(db.query_row(sql, [], |row| row.get(0))?)
}

/// Makes everything that waits due now: the network is back, the app is in front, somebody signed in.
/// A wait that the provider asked for (`busy`) is kept. Gives the orders whose time has changed.
pub fn wake(db: &Transaction<'_>, now: PhoneTime) -> StoreResult<Vec<OrderId>> {
    orders_of(
        db,
        "UPDATE entries SET next_attempt_at = ?1, wait_ms = 0, revision = revision + 1 \
         WHERE state NOT IN ('done', 'superseded') AND state IN ('queued', 'waiting', 'unknown') \
         AND next_attempt_at > ?1 AND (reason IS NULL OR json_extract(reason, '$.code') <> 'busy') \
         RETURNING order_id",
        now,
    )
}

/// Makes due what waits for the network alone: something just got through.
pub fn wake_unconnected(db: &Transaction<'_>, now: PhoneTime) -> StoreResult<Vec<OrderId>> {
    orders_of(
        db,
        "UPDATE entries SET next_attempt_at = ?1, wait_ms = 0, revision = revision + 1 \
         WHERE state NOT IN ('done', 'superseded') AND state = 'waiting' \
         AND next_attempt_at > ?1 AND json_extract(reason, '$.code') IN ('no_network', 'wrong_clock') \
         RETURNING order_id",
        now,
    )
}

/// Whether anything stands as being sent.
pub fn has_interrupted(db: &Connection) -> StoreResult<bool> {
    let sql = "SELECT 1 FROM entries WHERE state NOT IN ('done', 'superseded') AND state = 'sending'";
    Ok(db.prepare_cached(sql)?.exists([])?)
}

/// What was being sent when the process died may have arrived. Gives the orders concerned.
pub fn interrupted(db: &Transaction<'_>, now: PhoneTime) -> StoreResult<Vec<OrderId>> {
    orders_of(
        db,
        "UPDATE entries SET state = 'unknown', unclear = 1, next_attempt_at = ?1, wait_ms = 0, revision = revision + 1, \
         reason = '{\"code\":\"cut\",\"detail\":null}' WHERE state NOT IN ('done', 'superseded') \
         AND state = 'sending' RETURNING order_id",
        now,
    )
}

/// What was refused for the want of a right waits for the account, once two sales have met it (rule 4).
pub fn unpark_forbidden(db: &Transaction<'_>, now: PhoneTime) -> StoreResult<Vec<OrderId>> {
    orders_of(
        db,
        "UPDATE entries SET state = CASE WHEN unclear THEN 'unknown' ELSE 'queued' END, next_attempt_at = ?1, \
         wait_ms = 0, revision = revision + 1 WHERE state NOT IN ('done', 'superseded') AND state = 'parked' \
         AND json_extract(reason, '$.code') = 'right_missing' RETURNING order_id",
        now,
    )
}

fn orders_of(db: &Transaction<'_>, sql: &str, now: PhoneTime) -> StoreResult<Vec<OrderId>> {
    db.prepare_cached(sql)?
        .query_and_then([now], |row| {
            let order: String = row.get(0)?;
            order.parse().map_err(|_| StoreError::decode("entry order", "is no id"))
        })?
        .collect()
}

/// How many entries are in each open state.
pub fn count_open(db: &Connection) -> StoreResult<Vec<(EntryState, u32)>> {
    db.prepare_cached("SELECT state, count(*) FROM entries WHERE state NOT IN ('done', 'superseded') GROUP BY state")?
        .query_and_then([], |row| {
            let state: String = row.get(0)?;
            Ok((EntryState::named(&state).unwrap_or(EntryState::Held), row.get(1)?))
        })?
        .collect()
}

/// How many entries the provider took.
pub fn count_done(db: &Connection) -> StoreResult<u32> {
    Ok(db.query_row("SELECT count(*) FROM entries WHERE state = 'done'", [], |row| row.get(0))?)
}

/// What a stored code names. What it does not know, a core of this version does nothing with.
fn named<T: Code>(what: &'static str, code: &str) -> StoreResult<T> {
    T::named(code).ok_or_else(|| StoreError::decode(what, "is none that is known"))
}

fn decode(row: &Row<'_>) -> StoreResult<Entry> {
    let (id, order): (String, String) = (row.get(0)?, row.get(1)?);
    let (operation, state): (String, String) = (row.get(2)?, row.get(4)?);
    let state = EntryState::named(&state);
    let reason: Option<String> = row.get(5)?;
    Ok(Entry {
        id: id.parse().map_err(|_| StoreError::decode("entry id", "is no id"))?,
        order: order.parse().map_err(|_| StoreError::decode("entry order", "is no id"))?,
        operation: named("operation", &operation)?,
        payload: row.get(3)?,
        // A state of a newer core: the seller decides, and a look-up comes before anything is sent.
        state: state.unwrap_or(EntryState::Held),
        reason: reason
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|error| StoreError::json("entry reason", &error))?
            .or_else(|| state.is_none().then(|| Reason::new(ReasonCode::MayHaveBeenSent))),
        attempts: row.get(6)?,
        created_at: row.get(7)?,
        first_sent_at: row.get(8)?,
        last_sent_at: row.get(9)?,
        sent_time_known: row.get(10)?,
        unclear: row.get::<_, bool>(11)? || state.is_none(),
        absent_at: row.get(12)?,
        next_attempt_at: row.get(13)?,
        wait_ms: row.get(14)?,
        revision: row.get(15)?,
    })
}
