//! Small facts of the database itself, by key.

use super::orders;
use crate::error::PaylinkError;
use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::{Serialize, de::DeserializeOwned};

/// Whose database it is.
const ACCOUNT: &str = "account";

/// A value, or `None`.
pub fn get(db: &Connection, key: &str) -> StoreResult<Option<String>> {
    Ok(db.prepare_cached("SELECT value FROM meta WHERE key = ?1")?.query_row([key], |row| row.get(0)).optional()?)
}

/// Sets a value.
pub fn put(db: &Transaction<'_>, key: &str, value: &str) -> StoreResult<()> {
    db.prepare_cached("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2")?
        .execute(params![key, value])?;
    Ok(())
}

/// All values whose key begins with a folder, which ends with a slash; by key.
pub fn below(db: &Connection, folder: &str) -> StoreResult<Vec<String>> {
    // The character after the slash: all that lies between is below the folder.
    let end = format!("{}0", folder.trim_end_matches('/'));
    Ok(db
        .prepare_cached("SELECT value FROM meta WHERE key > ?1 AND key < ?2 ORDER BY key")?
        .query_map([folder, &end], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Forgets a value.
pub fn remove(db: &Connection, key: &str) -> StoreResult<()> {
    db.prepare_cached("DELETE FROM meta WHERE key = ?1")?.execute([key])?;
    Ok(())
}

/// A value as JSON; one that cannot be read counts as absent, since what is kept here can be asked for again.
pub fn get_json<T: DeserializeOwned>(db: &Connection, key: &str) -> StoreResult<Option<T>> {
    Ok(get(db, key)?.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Sets a value as JSON.
pub fn put_json<T: Serialize>(db: &Transaction<'_>, key: &str, value: &T) -> StoreResult<()> {
    let text = serde_json::to_string(value).map_err(|error| StoreError::json("meta", &error))?;
    put(db, key, &text)
}

/// Binds the database to an account at its first opening, and refuses another one afterwards: an order is never sent
/// to an account that it was not typed for.
pub fn bind_account(db: &Transaction<'_>, account: &str) -> StoreResult<()> {
    if is_bound_to(db, account)? { Ok(()) } else { put(db, ACCOUNT, account) }
}

/// Whether the database is bound to this account; false where it is bound to none yet.
///
/// # Errors
/// [`PaylinkError::Config`] where it is bound to another.
pub fn is_bound_to(db: &Connection, account: &str) -> StoreResult<bool> {
    match get(db, ACCOUNT)? {
        Some(bound) if bound == account => Ok(true),
        Some(bound) => {
            let reason = format!("this data directory belongs to {bound}");
            Err(PaylinkError::config("account", reason).into())
        }
        None => Ok(false),
    }
}

/// Numbers that the counter passed over, and why they are not to be found among its own: a seller's own references.
const SKIPPED: &str = "skipped_numbers";

/// The next reference made by the core. The counter moves in the transaction that saves the order. A number whose
/// reference a seller has typed already is passed over, and that is written down, so that a gap can be explained.
/// `new_tag` makes the tag of a new database.
pub fn next_reference(db: &Transaction<'_>, prefix: &str, new_tag: impl FnOnce() -> String) -> StoreResult<String> {
    let tag = match get(db, "tag")? {
        Some(tag) => tag,
        None => {
            let tag = new_tag();
            put(db, "tag", &tag)?;
            tag
        }
    };
    let mut number: i64 = match get(db, "last_number")? {
        Some(text) => text.parse().map_err(|_| StoreError::decode("last_number", "is no number"))?,
        None => 0,
    };
    loop {
        number += 1;
        let reference = crate::id::reference(prefix, &tag, number);
        if !orders::has_reference(db, &reference)? {
            put(db, "last_number", &number.to_string())?;
            return Ok(reference);
        }
        let mut skipped = skipped_numbers(db)?;
        skipped.push(number);
        put_json(db, SKIPPED, &skipped)?;
    }
}

/// The numbers that the counter passed over.
pub fn skipped_numbers(db: &Connection) -> StoreResult<Vec<i64>> {
    Ok(get_json(db, SKIPPED)?.unwrap_or_default())
}
