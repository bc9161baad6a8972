//! What became of a damaged database, kept until the seller has seen it.

use super::meta;
use crate::store::StoreResult;
use rusqlite::{Connection, Transaction};
use serde::{Deserialize, Serialize};

const KEY: &str = "recovery";

/// What was found damaged and what was saved of it. See `core/CONTRACT.md` section 11.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryReport {
    /// When, UTC ms by the phone.
    pub recovered_at: i64,
    /// Names, in the data directory, of the damaged files. They are kept as they were found, for 30 days once it is acknowledged.
    pub quarantined_files: Vec<String>,
    /// Orders that were carried over.
    pub orders_salvaged: u32,
    /// Operations that were carried over, done ones included.
    pub entries_salvaged: u32,
    /// Operations of those that are not proven unsent any more: they are looked up, or wait for the seller's answer.
    pub entries_in_doubt: u32,
    /// Orders that were there and cannot be read; `None` when nobody can tell how many.
    pub lost: Option<u32>,
}

impl RecoveryReport {
    /// Together with an earlier one that the seller has not seen yet. What was salvaged is as of the last.
    pub fn after(mut self, earlier: Self) -> Self {
        self.quarantined_files.splice(..0, earlier.quarantined_files);
        self.lost = self.lost.zip(earlier.lost).map(|(now, before)| now.saturating_add(before));
        self
    }
}

/// The report that waits for the seller.
pub fn report(db: &Connection) -> StoreResult<Option<RecoveryReport>> {
    meta::get_json(db, KEY)
}

/// Keeps a report.
pub fn keep(db: &Transaction<'_>, report: &RecoveryReport) -> StoreResult<()> {
    meta::put_json(db, KEY, report)
}

/// The seller has seen it.
pub fn acknowledge(db: &Transaction<'_>) -> StoreResult<()> {
    meta::remove(db, KEY)
}
