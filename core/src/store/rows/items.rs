//! The goods' rows: what is sold again and again, in the order made by hand.

use crate::clock::PhoneTime;
use crate::id::ItemId;
use crate::money::{Amount, Currency, VatRate};
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, Row, Transaction, params};

/// An item as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRow {
    /// Its identity.
    pub id: ItemId,
    /// What it is.
    pub description: String,
    /// The seller's own number; empty where there is none.
    pub number: String,
    /// Price of one, VAT included.
    pub price: Amount,
    /// The VAT rate.
    pub vat: VatRate,
    /// Whether it is among the seller's favourites.
    pub favourite: bool,
    /// How many sales it was in.
    pub sold: u32,
    /// The last of them.
    pub last_sold_at: Option<PhoneTime>,
}

/// Between two places, so that most moves change one row only.
const GAP: i64 = 1 << 20;

macro_rules! items {
    ($which:literal) => {
        concat!(
            "SELECT id, description, number, price, currency, vat, favourite, sold, last_sold_at FROM items ",
            $which
        )
    };
}

const ALL: &str = items!("ORDER BY place");
const BY_ID: &str = items!("WHERE id = ?1");
const BY_NUMBER: &str = items!("WHERE number = ?1 AND number <> ''");

/// What is asked while somebody waits.
#[cfg(test)]
pub const ASKED: [&str; 3] = [ALL, BY_ID, BY_NUMBER];

/// All of them, in their order.
pub fn all(db: &Connection) -> StoreResult<Vec<ItemRow>> {
    db.prepare_cached(ALL)?.query_and_then([], decode)?.collect()
}

/// One of them.
pub fn get(db: &Connection, id: ItemId) -> StoreResult<Option<ItemRow>> {
    db.prepare_cached(BY_ID)?.query_and_then([id.to_string()], decode)?.next().transpose()
}

/// The one with this number.
pub fn by_number(db: &Connection, number: &str) -> StoreResult<Option<ItemRow>> {
    db.prepare_cached(BY_NUMBER)?.query_and_then([number], decode)?.next().transpose()
}

/// How many there are.
pub fn count(db: &Connection) -> StoreResult<usize> {
    let count: i64 = db.prepare_cached("SELECT count(*) FROM items")?.query_row([], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Writes an item: a new one behind all others, one that is there in its place. What was sold of it stays.
pub fn save(db: &Transaction<'_>, item: &ItemRow) -> StoreResult<()> {
    db.prepare_cached(
        "INSERT INTO items (id, place, description, number, price, currency, vat, favourite) \
         VALUES (?1, (SELECT ifnull(max(place), 0) + ?8 FROM items), ?2, ?3, ?4, ?5, ?6, ?7) \
         ON CONFLICT (id) DO UPDATE SET description = ?2, number = ?3, price = ?4, currency = ?5, vat = ?6, favourite = ?7",
    )?
    .execute(params![
        item.id.to_string(),
        item.description,
        item.number,
        item.price.minor(),
        item.price.currency().code(),
        item.vat.hundredths(),
        item.favourite,
        GAP,
    ])?;
    Ok(())
}

/// Removes an item; whether it was there.
pub fn remove(db: &Transaction<'_>, id: ItemId) -> StoreResult<bool> {
    Ok(db.prepare_cached("DELETE FROM items WHERE id = ?1")?.execute([id.to_string()])? > 0)
}

/// Puts an item before another, or behind all. Both are there.
pub fn put(db: &Transaction<'_>, id: ItemId, before: Option<ItemId>) -> StoreResult<()> {
    if let Some(place) = between(db, id, before)? {
        db.prepare_cached("UPDATE items SET place = ?2 WHERE id = ?1")?.execute(params![id.to_string(), place])?;
        return Ok(());
    }
    // No room left: all of them get new places.
    let mut order: Vec<ItemId> = all(db)?.into_iter().map(|item| item.id).filter(|one| *one != id).collect();
    let at = order.iter().position(|one| Some(*one) == before).unwrap_or(order.len());
    order.insert(at, id);
    for (place, one) in (1_i64..).zip(order) {
        let mut update = db.prepare_cached("UPDATE items SET place = ?2 WHERE id = ?1")?;
        update.execute(params![one.to_string(), place * GAP])?;
    }
    Ok(())
}

/// A place before another item and behind the one before it.
fn between(db: &Connection, id: ItemId, before: Option<ItemId>) -> StoreResult<Option<i64>> {
    let id = id.to_string();
    let Some(before) = before else {
        let last = "SELECT ifnull(max(place), 0) FROM items WHERE id <> ?1";
        let last: i64 = db.prepare_cached(last)?.query_row([id], |row| row.get(0))?;
        return Ok(last.checked_add(GAP));
    };
    let sql = "SELECT place, (SELECT ifnull(max(place), 0) FROM items WHERE place < one.place AND id <> ?1) \
               FROM items AS one WHERE id = ?2";
    let (above, below): (i64, i64) =
        db.prepare_cached(sql)?.query_row([id, before.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let place = below + (above - below) / 2;
    Ok((below < place && place < above).then_some(place))
}

/// Counts a sale of an item; one that is no longer there is passed over.
pub fn sold(db: &Transaction<'_>, id: ItemId, at: PhoneTime) -> StoreResult<()> {
    db.prepare_cached("UPDATE items SET sold = sold + 1, last_sold_at = ?2 WHERE id = ?1")?
        .execute(params![id.to_string(), at])?;
    Ok(())
}

fn decode(row: &Row<'_>) -> StoreResult<ItemRow> {
    let (id, currency): (String, String) = (row.get(0)?, row.get(4)?);
    let unreadable = |what| StoreError::decode("item", what);
    let currency = Currency::from_code(&currency).ok_or_else(|| unreadable("its currency is none"))?;
    Ok(ItemRow {
        id: id.parse().map_err(|_| unreadable("its id is none"))?,
        description: row.get(1)?,
        number: row.get(2)?,
        price: Amount::new(row.get(3)?, currency),
        vat: VatRate::from_hundredths(row.get(5)?).ok_or_else(|| unreadable("its rate is none"))?,
        favourite: row.get(6)?,
        sold: row.get(7)?,
        last_sold_at: row.get(8)?,
    })
}
