//! The timeline's rows.

use super::meta;
use crate::code::Coded;
use crate::id::OrderId;
use crate::link::{EventKind, NewEvent, TimelineEvent};
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, Row, Transaction, params};

/// Stores events that are not stored yet; returns the cursors of those that are new.
pub fn append(db: &Transaction<'_>, order: OrderId, events: &[NewEvent]) -> StoreResult<Vec<i64>> {
    let mut cursors = Vec::new();
    if events.is_empty() {
        return Ok(cursors);
    }
    let mut newest = last_at(db, order)?;
    let mut insert = db.prepare_cached(
        "INSERT INTO events (order_id, at, kind, key, data) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    )?;
    for event in events {
        let data = serde_json::to_string(&event.data).map_err(|error| StoreError::json("event", &error))?;
        let kind = event.kind.code();
        let at = in_order(event.at, newest);
        if insert.execute(params![order.to_string(), at, kind, event.key, data])? == 1 {
            cursors.push(db.last_insert_rowid());
            newest = newest.max(Some(at));
        }
    }
    Ok(cursors)
}

/// The provider's `Date` counts whole seconds, and clocks drift: what is reported as that little older than the line above
/// it happened with it.
const STEP_BACK_MS: i64 = 2_000;

fn in_order(at: i64, newest: Option<i64>) -> i64 {
    match newest {
        Some(newest) if (1..=STEP_BACK_MS).contains(&(newest - at)) => newest,
        _ => at,
    }
}

/// When the last of an order's events was.
pub fn last_at(db: &Connection, order: OrderId) -> StoreResult<Option<i64>> {
    Ok(db
        .prepare_cached("SELECT max(at) FROM events WHERE order_id = ?1")?
        .query_row([order.to_string()], |row| row.get(0))?)
}

/// Takes the provider's own words out of an order's events: they may quote who bought.
pub fn forget_words(db: &Transaction<'_>, order: OrderId) -> StoreResult<()> {
    db.prepare_cached(
        "UPDATE events SET data = json_remove(data, '$.detail') \
         WHERE order_id = ?1 AND json_extract(data, '$.detail') IS NOT NULL",
    )?
    .execute([order.to_string()])?;
    Ok(())
}

/// The timeline of one order, in the order in which it became known.
pub fn of_order(db: &Connection, order: OrderId) -> StoreResult<Vec<TimelineEvent>> {
    db.prepare_cached("SELECT cursor, order_id, at, kind, data FROM events WHERE order_id = ?1 ORDER BY cursor")?
        .query_and_then([order.to_string()], decode)?
        .collect()
}

/// The event with this cursor.
pub fn at(db: &Connection, cursor: i64) -> StoreResult<Option<TimelineEvent>> {
    db.prepare_cached("SELECT cursor, order_id, at, kind, data FROM events WHERE cursor = ?1")?
        .query_and_then([cursor], decode)?
        .next()
        .transpose()
}

/// Events after a cursor, oldest first, at most `limit`.
pub fn since(db: &Connection, cursor: i64, limit: u32) -> StoreResult<Vec<TimelineEvent>> {
    db.prepare_cached("SELECT cursor, order_id, at, kind, data FROM events WHERE cursor > ?1 ORDER BY cursor LIMIT ?2")?
        .query_and_then(params![cursor, limit], decode)?
        .collect()
}

const ACKNOWLEDGED: &str = "acknowledged_cursor";

/// The cursor of the newest event; 0 when there is none.
pub fn last_cursor(db: &Connection) -> StoreResult<i64> {
    let last: Option<i64> = db.prepare_cached("SELECT max(cursor) FROM events")?.query_row([], |row| row.get(0))?;
    Ok(last.unwrap_or(0))
}

/// Remembers the last event that was shown; never goes back, and not beyond what there is.
pub fn acknowledge(db: &Transaction<'_>, cursor: i64) -> StoreResult<()> {
    let last = acknowledged(db)?.max(cursor.min(last_cursor(db)?));
    meta::put(db, ACKNOWLEDGED, &last.to_string())
}

/// The last event that was shown; 0 when none was.
pub fn acknowledged(db: &Connection) -> StoreResult<i64> {
    Ok(meta::get(db, ACKNOWLEDGED)?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// Whether an order has the event with this key.
pub fn is_told(db: &Connection, order: OrderId, key: &str) -> StoreResult<bool> {
    Ok(db
        .prepare_cached("SELECT 1 FROM events WHERE order_id = ?1 AND key = ?2")?
        .exists(params![order.to_string(), key])?)
}

/// What of an order was requested again: the orders that were made, by the keys of their events.
pub fn requested_again(db: &Connection, order: OrderId) -> StoreResult<Vec<OrderId>> {
    let from = NewEvent::key(EventKind::RequestedAgain, "");
    db.prepare_cached(
        "SELECT substr(key, length(?2) + 1) FROM events WHERE order_id = ?1 AND key >= ?2 AND key < ?2 || 'g'",
    )?
    .query_and_then(params![order.to_string(), from], |row| {
        let id: String = row.get(0)?;
        id.parse().map_err(|_| StoreError::decode("order id", "is no id"))
    })?
    .collect()
}

/// The events of an order of one kind, oldest first.
pub fn of_kind(db: &Connection, order: OrderId, kind: EventKind) -> StoreResult<Vec<TimelineEvent>> {
    db.prepare_cached(
        "SELECT cursor, order_id, at, kind, data FROM events WHERE order_id = ?1 AND kind = ?2 ORDER BY cursor",
    )?
    .query_and_then(params![order.to_string(), kind.code()], decode)?
    .collect()
}

/// Whether an order has an event of this kind.
pub fn has(db: &Connection, order: OrderId, kind: EventKind) -> StoreResult<bool> {
    Ok(db
        .prepare_cached("SELECT 1 FROM events WHERE order_id = ?1 AND kind = ?2 LIMIT 1")?
        .exists(params![order.to_string(), kind.code()])?)
}

fn decode(row: &Row<'_>) -> StoreResult<TimelineEvent> {
    let link: String = row.get(1)?;
    let kind: String = row.get(3)?;
    let data: String = row.get(4)?;
    Ok(TimelineEvent {
        cursor: row.get(0)?,
        link: link.parse().map_err(|_| StoreError::decode("event order", "is no id"))?,
        at: row.get(2)?,
        kind: Coded::of(kind),
        data: serde_json::from_str(&data).map_err(|error| StoreError::json("event data", &error))?,
    })
}
