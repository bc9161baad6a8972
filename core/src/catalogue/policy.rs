//! Limits of the catalogue, each with its reason.

use std::time::Duration;

/// Items that there can be: all of them are read at once, and a person scrolls through them.
pub const MAX_GOODS: usize = 2_000;
/// Characters of an item's number: the longest barcodes have 48.
pub const MAX_NUMBER: usize = 50;
/// Bytes of a file of goods: far more than 2,000 items need in any encoding, and read in a moment.
pub const MAX_FILE: usize = 2 << 20;

/// Customers that a step of the purge looks at: a few milliseconds of the store's time, during which nothing is saved.
pub const MAX_CUSTOMERS_A_STEP: u32 = 20;
/// Orders that a step erases, about a millisecond each on a phone.
pub const MAX_ORDERS_A_STEP: usize = 50;
/// And the time after which it stops.
pub const MAX_STEP: Duration = Duration::from_millis(50);
/// A customer whose time has come and whom an order still needs is looked at again a day later.
pub const LOOK_AGAIN_MS: i64 = DAY_MS;
/// Between two looks for whose time has come.
pub const LOOK_EVERY_MS: i64 = 3_600_000;
/// Between two steps while there is more to do: sales come first.
pub const NEXT_STEP_MS: i64 = 2_000;
/// Files of a damaged database are kept so long after they were set aside: somebody may have to look into them.
pub const KEEP_SET_ASIDE_MS: i64 = 30 * DAY_MS;

const DAY_MS: i64 = 24 * 3_600_000;
