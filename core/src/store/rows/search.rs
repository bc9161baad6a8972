//! The keys that a search looks through, 32 orders a row: a search reads few rows and most of them at one glance. Why
//! not an index of the texts: `adr/0007`.
//!
//! A row is a list of `ORDER US KEY RS`, ORDER the row number in `orders`, RS and US the ASCII separators, which no key
//! has. Keys are put behind one another; one changes only when its customer is forgotten.

use super::key::{Query, of_order};
use crate::id::OrderId;
use crate::order::Order;
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// Orders in a row: as many as fill one page of the file.
const ORDERS_A_ROW: i64 = 32;
const UNIT: char = '\u{1F}';
const RECORD: char = '\u{1E}';

/// Writes down what an order is found by.
pub fn add(db: &Transaction<'_>, row: i64, order: &Order) -> StoreResult<()> {
    db.prepare_cached(
        "INSERT INTO searches (block, keys) VALUES (?1, ?2) ON CONFLICT (block) DO UPDATE SET keys = keys || ?2",
    )?
    .execute(params![row / ORDERS_A_ROW, format!("{row}{UNIT}{}{RECORD}", of_order(order))])?;
    Ok(())
}

/// Writes down anew what an order is found by, of which less is known by now.
pub fn replace(db: &Transaction<'_>, row: i64, order: &Order) -> StoreResult<()> {
    let block = row / ORDERS_A_ROW;
    let keys: Option<String> = db
        .prepare_cached("SELECT keys FROM searches WHERE block = ?1")?
        .query_row([block], |row| row.get(0))
        .optional()?;
    let Some(keys) = keys else { return add(db, row, order) };
    let name = row.to_string();
    let others = keys.split_terminator(RECORD).filter(|one| one.split_once(UNIT).is_none_or(|(row, _)| row != name));
    let mut kept: String = others.map(|one| format!("{one}{RECORD}")).collect();
    kept.push_str(&format!("{row}{UNIT}{}{RECORD}", of_order(order)));
    db.prepare_cached("UPDATE searches SET keys = ?2 WHERE block = ?1")?.execute(params![block, kept])?;
    Ok(())
}

/// Newest first: ids of orders that have what was typed.
pub fn find(db: &Connection, query: &Query, limit: u32) -> StoreResult<Vec<OrderId>> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    let mut all = db.prepare_cached("SELECT keys FROM searches ORDER BY block DESC")?;
    let mut rows = all.query([])?;
    while found.len() < limit
        && let Some(row) = rows.next()?
    {
        let keys = row.get_ref(0)?.as_str().map_err(|_| StoreError::decode("search keys", "are no text"))?;
        if query.is_in(keys) {
            let each = keys.split_terminator(RECORD).rev().filter_map(|one| one.split_once(UNIT));
            found.extend(each.filter(|(_, key)| query.is_in(key)).map(|(row, _)| row.to_owned()));
        }
    }
    found.truncate(limit);
    super::orders::with_rows(db, &found)
}
