//! The orders' rows: what was sold, and the few columns of what became of it.

use super::search;
use crate::clock::{PhoneTime, ProviderTime};
use crate::code::Code;
use crate::contact::Customer;
use crate::id::{CustomerId, OrderId};
use crate::link::{Delivered, LinkStatus, Shared, Standing};
use crate::order::{Order, Sale};
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};

/// An order's body as it is stored. Old versions are read for ever.
#[derive(Serialize, Deserialize)]
#[serde(tag = "v")]
enum Body {
    #[serde(rename = "1")]
    V1(Order),
}

/// What became of an order, besides what its entries and sessions say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderState {
    /// The session that is the link now.
    pub session_id: Option<String>,
    /// When the seller gave it up.
    pub given_up_at: Option<PhoneTime>,
    /// Whether the link has reached the customer.
    pub delivered: Delivered,
    /// How it was shared from the phone.
    pub shared: Option<Shared>,
    /// First visit.
    pub opened_at: Option<ProviderTime>,
    /// First payment.
    pub paid_at: Option<ProviderTime>,
    /// Until when sessions that may exist unseen are asked for by reference.
    pub watch_until: Option<ProviderTime>,
    /// When that is due next.
    pub watch_at: Option<PhoneTime>,
    /// The order that was made in its place.
    pub superseded_by: Option<OrderId>,
}

impl Default for OrderState {
    fn default() -> Self {
        Self {
            session_id: None,
            given_up_at: None,
            delivered: Delivered::Waiting,
            shared: None,
            opened_at: None,
            paid_at: None,
            watch_until: None,
            watch_at: None,
            superseded_by: None,
        }
    }
}

/// Inserts a new order.
pub fn insert(db: &Transaction<'_>, order: &Order) -> StoreResult<()> {
    let body = text_of(order)?;
    let row = db
        .prepare_cached(
            "INSERT INTO orders (id, reference, created_at, body, search, status, delivered) \
             VALUES (?1, ?2, ?3, ?4, '', ?5, 'waiting')",
        )?
        .insert(params![order.id.to_string(), order.reference, order.created_at, body, LinkStatus::Queued.code()])?;
    search::add(db, row, order)
}

fn text_of(order: &Order) -> StoreResult<String> {
    serde_json::to_string(&Body::V1(order.clone())).map_err(|error| StoreError::json("order", &error))
}

/// Writes down what orders of earlier versions are found by.
pub fn index_anew(db: &Transaction<'_>, id: OrderId, order: &Order) -> StoreResult<()> {
    let row = db
        .prepare_cached("UPDATE orders SET search = '' WHERE id = ?1 RETURNING rowid")?
        .query_row([id.to_string()], |row| row.get(0))?;
    search::add(db, row, order)
}

/// Says whose order it is.
pub fn set_customer(db: &Transaction<'_>, id: OrderId, customer: Option<CustomerId>) -> StoreResult<()> {
    db.prepare_cached("UPDATE orders SET customer_id = ?2 WHERE id = ?1")?
        .execute(params![id.to_string(), customer.map(|id| id.to_string())])?;
    Ok(())
}

pub(in crate::store) const OF_CUSTOMER: &str = "SELECT id FROM orders WHERE customer_id = ?1";

/// A customer's orders.
pub fn of_customer(db: &Connection, customer: CustomerId) -> StoreResult<Vec<OrderId>> {
    ids(db, OF_CUSTOMER, [customer.to_string()])
}

/// Takes out of an order who bought; what was sold, for how much, and under which reference stays.
pub fn erase_customer(db: &Transaction<'_>, order: &Order) -> StoreResult<()> {
    let sale = Sale { customer: Customer::default(), ..order.sale.clone() };
    let order = Order { sale, ..order.clone() };
    let row = db
        .prepare_cached("UPDATE orders SET body = ?2, search = '', customer_id = NULL WHERE id = ?1 RETURNING rowid")?
        .query_row(params![order.id.to_string(), text_of(&order)?], |row| row.get(0))?;
    search::replace(db, row, &order)
}

/// Whether a reference is taken.
pub fn has_reference(db: &Connection, reference: &str) -> StoreResult<bool> {
    Ok(db.prepare_cached("SELECT 1 FROM orders WHERE reference = ?1")?.exists([reference])?)
}

/// The order with this reference.
pub fn by_reference(db: &Connection, reference: &str) -> StoreResult<Option<OrderId>> {
    let id: Option<String> = db
        .prepare_cached("SELECT id FROM orders WHERE reference = ?1")?
        .query_row([reference], |row| row.get(0))
        .optional()?;
    id.map(|id| id.parse().map_err(|_| StoreError::decode("order id", "is no id"))).transpose()
}

/// An order and what became of it.
pub fn get(db: &Connection, id: OrderId) -> StoreResult<Option<(Order, OrderState)>> {
    db.prepare_cached(
        "SELECT body, session_id, given_up_at, delivered, shared, opened_at, paid_at, watch_until, watch_at, \
         superseded_by FROM orders WHERE id = ?1",
    )?
    .query_and_then([id.to_string()], decode)?
    .next()
    .transpose()
}

/// Writes what became of an order.
pub fn save_state(db: &Transaction<'_>, id: OrderId, state: &OrderState, standing: Standing) -> StoreResult<()> {
    let shared = state.shared.as_ref().map(serde_json::to_string).transpose();
    db.prepare_cached(
        "UPDATE orders SET status = ?2, session_id = ?3, given_up_at = ?4, delivered = ?5, shared = ?6, opened_at = ?7, \
         paid_at = ?8, watch_until = ?9, watch_at = ?10, superseded_by = ?11, ends_at = ?12 WHERE id = ?1",
    )?
    .execute(params![
        id.to_string(),
        standing.status.code(),
        state.session_id,
        state.given_up_at,
        state.delivered.code(),
        shared.map_err(|error| StoreError::json("shared", &error))?,
        state.opened_at,
        state.paid_at,
        state.watch_until,
        state.watch_at,
        state.superseded_by.map(|by| by.to_string()),
        standing.ends_at,
    ])?;
    Ok(())
}

/// Orders whose strays are to be looked for at `now`. A time further away than `longest_ms` means that the clock was
/// set back: it is due.
pub fn watched(db: &Connection, now: PhoneTime, longest_ms: i64, limit: u32) -> StoreResult<Vec<OrderId>> {
    ids(
        db,
        "SELECT id FROM orders WHERE watch_at <= ?1 OR watch_at > ?1 + ?3 ORDER BY watch_at LIMIT ?2",
        params![now, limit, longest_ms],
    )
}

/// Looks at `at` for the strays of orders that would be looked at much later: somebody looks, or the clock was set back.
pub fn watch_by(db: &Transaction<'_>, at: PhoneTime, later_ms: i64) -> StoreResult<()> {
    db.execute("UPDATE orders SET watch_at = ?1 WHERE watch_at > ?1 + ?2", params![at, later_ms])?;
    Ok(())
}

/// When the next of them is due.
pub fn next_watched(db: &Connection) -> StoreResult<Option<PhoneTime>> {
    Ok(db.query_row("SELECT min(watch_at) FROM orders WHERE watch_at IS NOT NULL", [], |row| row.get(0))?)
}

/// The newest order.
pub fn newest(db: &Connection) -> StoreResult<Option<OrderId>> {
    Ok(ids(db, "SELECT id FROM orders ORDER BY created_at DESC, id DESC LIMIT 1", [])?.pop())
}

/// Newest first: ids of orders, of one status at `now` or all, from `offset`. As [`Standing::at`] has it: what ends by
/// then is `expired`, and nothing else is.
pub fn page(
    db: &Connection,
    status: Option<LinkStatus>,
    now: ProviderTime,
    offset: u32,
    limit: u32,
) -> StoreResult<Vec<OrderId>> {
    let which = match status {
        None => "?1 IS NULL AND ?2 IS NOT NULL",
        Some(LinkStatus::Expired) => "?1 = 'expired' AND ends_at <= ?2",
        Some(_) => "status = ?1 AND (ends_at IS NULL OR ends_at > ?2)",
    };
    let sql = format!("SELECT id FROM orders WHERE {which} ORDER BY created_at DESC, id DESC LIMIT ?4 OFFSET ?3");
    ids(db, &sql, params![status.map(LinkStatus::code), now, offset, limit])
}

/// Newest first: ids of the orders in these rows.
pub(super) fn with_rows(db: &Connection, rows: &[String]) -> StoreResult<Vec<OrderId>> {
    let rows = rows.join(",");
    ids(
        db,
        "SELECT id FROM orders WHERE rowid IN (SELECT value FROM json_each('[' || ?1 || ']')) \
         ORDER BY created_at DESC, id DESC",
        [rows],
    )
}

/// Ids of orders typed in a span of time, UTC ms, oldest first.
pub fn created_between(db: &Connection, from: i64, to: i64) -> StoreResult<Vec<OrderId>> {
    ids(db, "SELECT id FROM orders WHERE created_at >= ?1 AND created_at < ?2 ORDER BY created_at", params![from, to])
}

/// Ids of orders paid in a span of time, UTC ms, oldest payment first.
pub fn paid_between(db: &Connection, from: i64, to: i64) -> StoreResult<Vec<OrderId>> {
    ids(db, "SELECT id FROM orders WHERE paid_at >= ?1 AND paid_at < ?2 ORDER BY paid_at", params![from, to])
}

fn ids(db: &Connection, sql: &str, parameters: impl rusqlite::Params) -> StoreResult<Vec<OrderId>> {
    db.prepare_cached(sql)?
        .query_and_then(parameters, |row| {
            let id: String = row.get(0)?;
            id.parse().map_err(|_| StoreError::decode("order id", "is no id"))
        })?
        .collect()
}

fn decode(row: &Row<'_>) -> StoreResult<(Order, OrderState)> {
    let body: String = row.get(0)?;
    let Body::V1(order) = serde_json::from_str(&body).map_err(|error| StoreError::json("order", &error))?;
    let delivered: String = row.get(3)?;
    let shared: Option<String> = row.get(4)?;
    let superseded_by: Option<String> = row.get(9)?;
    let state = OrderState {
        session_id: row.get(1)?,
        given_up_at: row.get(2)?,
        // What a newer core knows of a message is not known here: another one may be the second.
        delivered: Delivered::named(&delivered).unwrap_or(Delivered::ProbablySent),
        shared: shared
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|error| StoreError::json("shared", &error))?,
        opened_at: row.get(5)?,
        paid_at: row.get(6)?,
        watch_until: row.get(7)?,
        watch_at: row.get(8)?,
        superseded_by: superseded_by
            .map(|id| id.parse().map_err(|_| StoreError::decode("superseded by", "is no id")))
            .transpose()?,
    };
    Ok((order, state))
}
