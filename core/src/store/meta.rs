//! Small facts of the database itself, by key.

use super::{StoreError, StoreResult};
use crate::error::PaylinkError;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::{Serialize, de::DeserializeOwned};

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
    let text = serde_json::to_string(value).map_err(|error| StoreError::decode("meta", error))?;
    put(db, key, &text)
}

/// Binds the database to an account at its first opening, and refuses another one afterwards: an order is never sent
/// to an account that it was not typed for.
pub fn bind_account(db: &Transaction<'_>, account: &str) -> StoreResult<()> {
    match get(db, "account")? {
        Some(bound) if bound == account => Ok(()),
        Some(bound) => {
            let reason = format!("this data directory belongs to {bound}");
            Err(PaylinkError::config("account", reason).into())
        }
        None => put(db, "account", account),
    }
}

/// The next reference made by the core. The counter moves in the transaction that saves the order, so it has no holes.
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
    let last: i64 = match get(db, "last_number")? {
        Some(text) => text.parse().map_err(|error| StoreError::decode("last_number", error))?,
        None => 0,
    };
    put(db, "last_number", &(last + 1).to_string())?;
    Ok(crate::id::reference(prefix, &tag, last + 1))
}
