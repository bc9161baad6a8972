//! The customers' rows: who bought, apart from the orders, written down in the transaction that saves the order.
//!
//! One is known again by the telephone number. Without a number, or with one that nobody has, by the address of mail,
//! unless two numbers speak against it: a family may share a mailbox. Where neither was ever given, by the name alone.

use super::customer_words::{self, words_of};
use super::key::Query;
use super::orders;
use crate::clock::PhoneTime;
use crate::id::CustomerId;
use crate::order::Order;
use crate::store::{StoreError, StoreResult};
use crate::text::search_key;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use std::fmt;

/// A customer as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct CustomerRow {
    pub(super) row: i64,
    /// Its identity.
    pub id: CustomerId,
    /// As it was given last.
    pub name: Option<String>,
    /// In E.164.
    pub phone: Option<String>,
    /// As it was given last.
    pub email: Option<String>,
    /// How many orders there are.
    pub orders: u32,
    /// The last of them.
    pub last_at: PhoneTime,
}

impl fmt::Debug for CustomerRow {
    /// Leaves out who it is (rule 8).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomerRow").field("id", &self.id).field("orders", &self.orders).finish_non_exhaustive()
    }
}

macro_rules! customers {
    ($which:literal) => {
        concat!("SELECT row, id, name, phone, email, orders, last_at FROM customers WHERE ", $which)
    };
}

const BY_ID: &str = customers!("id = ?1");
const BY_PHONE: &str = customers!("phone = ?1");
const BY_MAIL: &str = customers!("email_key = ?1 ORDER BY last_at DESC LIMIT 1");
const BY_MAIL_ALONE: &str = customers!("email_key = ?1 AND phone IS NULL ORDER BY last_at DESC");
const BY_NAME_ALONE: &str = customers!("name_key = ?1 ORDER BY last_at DESC LIMIT 1");
/// One that names nobody has an address alone: there is nothing to show or to choose.
const RECENT: &str =
    customers!("(name IS NOT NULL OR phone IS NOT NULL OR email IS NOT NULL) ORDER BY last_at DESC, row DESC LIMIT ?1");
const AMONG: &str =
    customers!("row IN (SELECT value FROM json_each('[' || ?1 || ']')) ORDER BY last_at DESC, row DESC");
const DUE: &str = customers!("look_at <= ?1 ORDER BY look_at LIMIT ?2");
const SAME_WORD: &str = "SELECT name FROM customers WHERE row IN (SELECT customer FROM customer_words WHERE word = ?1)";

/// What is asked while somebody waits, or in the background.
#[cfg(test)]
pub const ASKED: [&str; 9] = [BY_ID, BY_PHONE, BY_MAIL, BY_MAIL_ALONE, BY_NAME_ALONE, RECENT, AMONG, DUE, SAME_WORD];

/// What an order says of its customer.
struct Given {
    name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    email_key: Option<String>,
    /// Where there is neither number nor mail: the name, or the address of one without.
    name_key: Option<String>,
}

impl Given {
    fn of(order: &Order) -> Option<Self> {
        let customer = &order.sale.customer;
        if customer.is_empty() {
            return None;
        }
        let phone = customer.phone.as_ref().map(|phone| phone.e164().to_owned());
        let email = customer.email.as_ref().map(|email| email.as_str().to_owned());
        let email_key = email.as_deref().map(search_key);
        let only = customer.name.as_deref().or(customer.address.as_ref().map(|address| address.line.as_str()));
        let name_key = only.filter(|_| phone.is_none() && email.is_none()).map(search_key);
        Some(Self { name: customer.name.clone(), phone, email, email_key, name_key })
    }

    fn find(&self, db: &Connection) -> StoreResult<Option<CustomerRow>> {
        let one =
            |sql: &str, key: &Option<String>| db.prepare_cached(sql)?.query_and_then([key], decode)?.next().transpose();
        if self.phone.is_some() {
            let same = one(BY_PHONE, &self.phone)?;
            if same.is_some() {
                return Ok(same);
            }
        }
        match (&self.email_key, &self.phone) {
            (Some(_), Some(_)) => one(BY_MAIL_ALONE, &self.email_key),
            (Some(_), None) => one(BY_MAIL, &self.email_key),
            (None, None) => one(BY_NAME_ALONE, &self.name_key),
            (None, Some(_)) => Ok(None),
        }
    }
}

/// Writes down whose order it is; `new` is the identity of a customer who was never here before.
pub fn note(db: &Transaction<'_>, order: &Order, new: CustomerId) -> StoreResult<()> {
    let Some(given) = Given::of(order) else { return Ok(()) };
    let at = order.created_at;
    let id = match given.find(db)? {
        Some(known) => {
            let now = CustomerRow {
                name: given.name.clone().or_else(|| known.name.clone()),
                phone: given.phone.clone().or_else(|| known.phone.clone()),
                email: given.email.clone().or_else(|| known.email.clone()),
                ..known.clone()
            };
            db.prepare_cached(
                "UPDATE customers SET name = ?2, phone = ?3, email = ?4, email_key = ifnull(?5, email_key), \
                 orders = orders + 1, last_at = max(last_at, ?6), look_at = max(look_at, ?6) WHERE row = ?1",
            )?
            .execute(params![known.row, now.name, now.phone, now.email, given.email_key, at])?;
            if now != known {
                customer_words::replace(db, known.row, &words_of(&known), &words_of(&now))?;
            }
            absorb(db, &now, &given)?;
            known.id
        }
        None => {
            let Given { name, phone, email, email_key, name_key } = given;
            let row = db
                .prepare_cached(
                    "INSERT INTO customers (id, name, phone, email, email_key, name_key, orders, last_at, look_at) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7, ?7)",
                )?
                .insert(params![new.to_string(), name, phone, email, email_key, name_key, at])?;
            let made = CustomerRow { row, id: new, name, phone, email, orders: 1, last_at: at };
            customer_words::replace(db, row, &[], &words_of(&made))?;
            new
        }
    };
    orders::set_customer(db, order.id, Some(id))
}

/// One who was known by mail alone, and has given a number now that was known as well, is the same.
fn absorb(db: &Transaction<'_>, kept: &CustomerRow, given: &Given) -> StoreResult<()> {
    let (Some(email), Some(_)) = (&given.email_key, &given.phone) else { return Ok(()) };
    let same: Vec<CustomerRow> =
        db.prepare_cached(BY_MAIL_ALONE)?.query_and_then([email], decode)?.collect::<StoreResult<_>>()?;
    for other in same.into_iter().filter(|other| other.row != kept.row) {
        for order in orders::of_customer(db, other.id)? {
            orders::set_customer(db, order, Some(kept.id))?;
        }
        db.execute("UPDATE customers SET orders = orders + ?2 WHERE row = ?1", params![kept.row, other.orders])?;
        remove(db, &other)?;
    }
    Ok(())
}

/// One of them.
pub fn get(db: &Connection, id: CustomerId) -> StoreResult<Option<CustomerRow>> {
    db.prepare_cached(BY_ID)?.query_and_then([id.to_string()], decode)?.next().transpose()
}

/// Those who bought last, the latest first.
pub fn recent(db: &Connection, limit: u32) -> StoreResult<Vec<CustomerRow>> {
    db.prepare_cached(RECENT)?.query_and_then([limit], decode)?.collect()
}

/// Of those who bought last, so many are looked at for what is too short for the index.
const MAX_LOOKED_AT: u32 = 500;

/// Those in whose name, number or mail each word that was typed begins one, the latest first.
pub fn find(db: &Connection, query: &Query, limit: u32) -> StoreResult<Vec<CustomerRow>> {
    let limit_rows = usize::try_from(limit).unwrap_or(usize::MAX);
    let Some(found) = customer_words::having(db, query)? else {
        let late = recent(db, if query.is_empty() { limit } else { MAX_LOOKED_AT })?;
        let fits = late.into_iter().filter(|one| customer_words::fits(query, &words_of(one)));
        return Ok(fits.take(limit_rows).collect());
    };
    let rows = found.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let mut statement = db.prepare_cached(AMONG)?;
    let mut each = statement.query_and_then([rows], decode)?;
    let mut fitting = Vec::new();
    while fitting.len() < limit_rows
        && let Some(one) = each.next().transpose()?
    {
        if customer_words::fits(query, &words_of(&one)) {
            fitting.push(one);
        }
    }
    Ok(fitting)
}

/// Those whose last order was saved before `before`, and that were not put off: the longest due first.
pub fn due(db: &Connection, before: PhoneTime, limit: u32) -> StoreResult<Vec<CustomerRow>> {
    db.prepare_cached(DUE)?.query_and_then(params![before, limit], decode)?.collect()
}

/// Is looked at again as if the last order had been saved then.
pub fn put_off(db: &Transaction<'_>, customer: &CustomerRow, to: PhoneTime) -> StoreResult<()> {
    db.prepare_cached("UPDATE customers SET look_at = ?2 WHERE row = ?1")?.execute(params![customer.row, to])?;
    Ok(())
}

/// Removes a customer whose orders name nobody any more.
pub fn remove(db: &Transaction<'_>, customer: &CustomerRow) -> StoreResult<()> {
    customer_words::replace(db, customer.row, &words_of(customer), &[])?;
    db.prepare_cached("DELETE FROM customers WHERE row = ?1")?.execute([customer.row])?;
    Ok(())
}

/// Of a row that was carried over: what it is found by, and none of its orders yet.
pub fn begin_anew(db: &Transaction<'_>, row: i64) -> StoreResult<()> {
    let sql = "UPDATE customers SET orders = 0 WHERE row = ?1 RETURNING row, id, name, phone, email, orders, last_at";
    let found = db.prepare_cached(sql)?.query_row([row], |row| Ok(decode(row))).optional()?;
    let found = found.ok_or_else(|| StoreError::decode("customer", "gone"))??;
    customer_words::replace(db, row, &[], &words_of(&found))
}

/// Whether anybody but this one has the address of mail.
pub fn shares_email(db: &Connection, email: &str) -> StoreResult<bool> {
    Ok(db.prepare_cached("SELECT 1 FROM customers WHERE email_key = ?1")?.exists([search_key(email)])?)
}

/// Whether anybody but this one has the name.
pub fn shares_name(db: &Connection, name: &str) -> StoreResult<bool> {
    let key = search_key(name);
    // By the longest of its words, which few have.
    let Some(word) = key.split(' ').max_by_key(|word| word.len()) else { return Ok(false) };
    let mut statement = db.prepare_cached(SAME_WORD)?;
    let mut names = statement.query_map([word], |row| row.get::<_, Option<String>>(0))?;
    let is_same = |found: rusqlite::Result<Option<String>>| {
        Ok::<_, StoreError>(found?.is_some_and(|one| search_key(&one) == key))
    };
    names.try_fold(false, |any, found| Ok(any || is_same(found)?))
}

fn decode(row: &Row<'_>) -> StoreResult<CustomerRow> {
    let id: String = row.get(1)?;
    Ok(CustomerRow {
        row: row.get(0)?,
        id: id.parse().map_err(|_| StoreError::decode("customer id", "is no id"))?,
        name: row.get(2)?,
        phone: row.get(3)?,
        email: row.get(4)?,
        orders: row.get(5)?,
        last_at: row.get(6)?,
    })
}
