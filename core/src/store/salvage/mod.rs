//! What can be read of a damaged database goes on in a new one. Orders, entries and sessions keep their identity;
//! nothing that may have been sent crosses as fresh.
//!
//! | found | crosses as |
//! |---|---|
//! | an order whose body, columns and sums agree | itself; any other is lost, and counted |
//! | an entry that is `queued` or `waiting`, the log complete, every event readable and none of a later attempt | itself |
//! | the same without that proof | `unknown`, to be looked up |
//! | `sending` | `unknown` |
//! | `held` or `parked`, without that proof | itself, marked as one that may have been sent |
//! | `done`, `superseded`, `exported`, `unknown` | itself |
//! | an order without its creating entry | with a session: `done`; else as an index says that it stood, by the rules above; else `held` |
//! | an order whose session's row is gone | a session with the id that the order names; its address is built again |
//! | the account, the profile, what was acknowledged | itself |
//! | an item of the catalogue, a customer | itself; a customer who cannot be read is made again of the orders |
//! | a row of an older version | itself, with what later versions added as it is in a new row |
//! | tag and counter | themselves if the orders count up to exactly that number, else a new tag |

mod copy;
mod damaged;
mod evidence;

use super::file::paths::{COPY, FRESH};
use super::file::{Abort, Plan, schema};
use super::rows::recovery;
use super::{StoreError, StoreResult};
use crate::clock::PhoneTime;
use copy::Copy;
use damaged::Damaged;
use rusqlite::{Connection, TransactionBehavior};
use std::io::Read;
use std::path::Path;

/// SQLite's page size where nobody asks for another.
const PAGE: u64 = 4096;

/// Builds the new database from the copy. The caller puts it in its place.
pub(super) fn build(folder: &Path, plan: &Plan, abort: &Abort) -> StoreResult<()> {
    let path = folder.join(FRESH);
    let first_pages = first_pages(&path)?;
    let mut fresh = schema::create(&path)?;
    let damaged = match Damaged::open(&folder.join(COPY), &first_pages) {
        Ok(damaged) => Some(damaged),
        Err(error) if damaged::is_unreadable(&error) => None,
        Err(error) => return Err(error),
    };

    let now = PhoneTime::from_ms(jiff::Timestamp::now().as_millisecond());
    let transaction = fresh.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut copy = Copy::new(&transaction, plan.log_complete, now, abort);
    if let Some(damaged) = &damaged {
        copy.run(damaged)?;
    }
    let report = copy.report(plan, damaged.is_some());
    recovery::keep(&transaction, &report)?;
    transaction.commit()?;
    fresh.close().map_err(|(_, error)| error)?;
    // Closing has brought everything into the file; what is still in a log would be left behind by the renaming.
    let log = folder.join(format!("{FRESH}-wal"));
    if std::fs::metadata(log).is_ok_and(|log| log.len() > 0) {
        return Err(StoreError::Io(std::io::Error::other("the new database could not be completed")));
    }
    Ok(())
}

type Make = fn(&Path) -> StoreResult<Connection>;

/// The first pages that a database can have, by how it came to be: made by this version, by an earlier one, rewritten as
/// a whole. Each says where tables are, which is the same in every database that came to be that way.
fn first_pages(path: &Path) -> StoreResult<Vec<Vec<u8>>> {
    let rewritten: Make = |path| {
        let made = schema::create(path)?;
        made.execute_batch("VACUUM")?;
        Ok(made)
    };
    let mut pages = Vec::new();
    for make in [schema::create as Make, schema::create_small, rewritten] {
        // Closing brings everything into the file.
        make(path)?.close().map_err(|(_, error)| error)?;
        let mut page = Vec::new();
        std::fs::File::open(path)?.take(PAGE).read_to_end(&mut page)?;
        std::fs::remove_file(path)?;
        pages.push(page);
    }
    Ok(pages)
}
