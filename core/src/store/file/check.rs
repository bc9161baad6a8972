//! Is the database sound? Three depths, since a phone opens it at every resume. Costs are for 10,000 orders (16 MB,
//! cached, a debug build), from `what_the_checks_cost_at_ten_thousand_orders`.
//!
//! | after | looked at | cost |
//! |---|---|---|
//! | a clean close | header, version, schema; SQLite compares the file's length | none to speak of |
//! | a kill, a crash, a power cut; and once a day | every page, every row's shape, every index against its table, every reference | 140 ms |
//! | a query that failed with "corrupt" | that, and every stored value is read back | 2 s |

use crate::store::rows::{customers, entries, events, items, orders, sessions};
use crate::store::{StoreError, StoreResult};
use rusqlite::Connection;

/// Every page is where it should be, indexes agree with their tables, and rows name rows that are there: otherwise an
/// entry whose index is broken would silently never be sent, and a payment would be asked for under a wrong name.
pub fn pages(db: &Connection) -> StoreResult<()> {
    let said: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if said != "ok" {
        return Err(StoreError::decode("database", said));
    }
    let strays = "SELECT 1 FROM pragma_foreign_key_check UNION ALL SELECT 1 FROM orders WHERE session_id IS NOT NULL \
                  AND session_id NOT IN (SELECT id FROM sessions)";
    if db.prepare(strays)?.exists([])? {
        return Err(StoreError::decode("database", "a row names one that is not there"));
    }
    Ok(())
}

/// As [`pages`], and every stored value can be read back.
pub fn full(db: &Connection) -> StoreResult<()> {
    pages(db)?;
    for id in ids(db, "SELECT id FROM orders")? {
        let id = id.parse().map_err(|_| StoreError::decode("order id", "is no id"))?;
        orders::get(db, id)?.ok_or_else(|| StoreError::decode("order", "gone"))?;
        entries::of_order(db, id)?;
        events::of_order(db, id)?;
    }
    items::all(db)?;
    customers::recent(db, u32::MAX)?;
    for id in ids(db, "SELECT id FROM sessions")? {
        sessions::get(db, &id)?;
    }
    Ok(())
}

fn ids(db: &Connection, sql: &str) -> StoreResult<Vec<String>> {
    Ok(db.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}
