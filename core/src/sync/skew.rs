//! How far the provider's `created_at` is from its `Date`: learnt from our own links, whose creation we know by both.

use crate::store::StoreResult;
use crate::store::rows::meta;
use rusqlite::{Connection, Transaction};
use serde::{Deserialize, Serialize};

const KEY: &str = "created_skew";

/// What was seen of it, ms: `created_at` less the time of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedSkew {
    /// The least.
    pub least: i64,
    /// The most.
    pub most: i64,
}

/// What was learnt; `None` while nothing was.
///
/// # Errors
/// Storage errors.
pub fn kept(db: &Connection) -> StoreResult<Option<CreatedSkew>> {
    meta::get_json(db, KEY)
}

/// Takes in one more of our links.
///
/// # Errors
/// Storage errors.
pub fn learn(db: &Transaction<'_>, seen: i64) -> StoreResult<()> {
    let before = kept(db)?;
    let after = match before {
        Some(skew) => CreatedSkew { least: skew.least.min(seen), most: skew.most.max(seen) },
        None => CreatedSkew { least: seen, most: seen },
    };
    if before == Some(after) { Ok(()) } else { meta::put_json(db, KEY, &after) }
}
