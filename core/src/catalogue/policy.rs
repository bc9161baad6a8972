//! Limits of the catalogue, each with its reason.

/// Items that there can be: all of them are read at once, and a person scrolls through them.
pub const MAX_GOODS: usize = 2_000;
/// Characters of an item's number: the longest barcodes have 48.
pub const MAX_NUMBER: usize = 50;
/// Bytes of a file of goods: far more than 2,000 items need in any encoding, and read in a moment.
pub const MAX_FILE: usize = 2 << 20;
