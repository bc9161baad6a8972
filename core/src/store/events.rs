//! The timeline's rows.

use super::{StoreError, StoreResult, meta};
use crate::id::OrderId;
use crate::link::{EventKind, NewEvent, TimelineEvent, event_code};
use rusqlite::{Connection, Row, Transaction, params};

/// Stores events that are not stored yet; gives the cursors of those that are new.
pub fn append(db: &Transaction<'_>, order: OrderId, events: &[NewEvent]) -> StoreResult<Vec<i64>> {
    let mut insert = db.prepare_cached(
        "INSERT INTO events (order_id, at, kind, key, data) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    )?;
    let mut cursors = Vec::new();
    for event in events {
        let data = serde_json::to_string(&event.data).map_err(|error| StoreError::decode("event", error))?;
        let kind = event_code(event.kind);
        if insert.execute(params![order.to_string(), event.at, kind, event.key, data])? == 1 {
            cursors.push(db.last_insert_rowid());
        }
    }
    Ok(cursors)
}

/// The timeline of one order, in the order in which it became known.
pub fn of_order(db: &Connection, order: OrderId) -> StoreResult<Vec<TimelineEvent>> {
    db.prepare_cached("SELECT cursor, order_id, at, kind, data FROM events WHERE order_id = ?1 ORDER BY cursor")?
        .query_and_then([order.to_string()], decode)?
        .collect()
}

/// The event with this cursor.
pub(super) fn at(db: &Connection, cursor: i64) -> StoreResult<Option<TimelineEvent>> {
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

/// Remembers the last event that was shown; never goes back.
pub fn acknowledge(db: &Transaction<'_>, cursor: i64) -> StoreResult<()> {
    let last = acknowledged(db)?.max(cursor);
    meta::put(db, ACKNOWLEDGED, &last.to_string())
}

/// The last event that was shown; 0 when none was.
pub fn acknowledged(db: &Connection) -> StoreResult<i64> {
    Ok(meta::get(db, ACKNOWLEDGED)?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// Whether an order has an event of this kind.
pub fn has(db: &Connection, order: OrderId, kind: EventKind) -> StoreResult<bool> {
    Ok(db
        .prepare_cached("SELECT 1 FROM events WHERE order_id = ?1 AND kind = ?2 LIMIT 1")?
        .exists(params![order.to_string(), event_code(kind)])?)
}

fn decode(row: &Row<'_>) -> StoreResult<TimelineEvent> {
    let link: String = row.get(1)?;
    let kind: String = row.get(3)?;
    let data: String = row.get(4)?;
    Ok(TimelineEvent {
        cursor: row.get(0)?,
        link: link.parse().map_err(|error| StoreError::decode("event order", error))?,
        at: row.get(2)?,
        kind: serde_json::from_value(serde_json::Value::String(kind))
            .map_err(|error| StoreError::decode("event kind", error))?,
        data: serde_json::from_str(&data).map_err(|error| StoreError::decode("event data", error))?,
    })
}
