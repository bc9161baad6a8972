//! Limits of a draft, each with its reason.

/// Lines of an order. The provider publishes no limit; a third party reports 100 (facts 2.5).
pub const MAX_ITEMS: usize = 100;
/// Characters of a description: what a receipt line and a phone screen can show.
pub const MAX_DESCRIPTION: usize = 200;
/// Characters of a merchant reference. No general limit is published (facts 2.5), so stay well below any field seen.
pub const MAX_REFERENCE: usize = 50;
/// Characters of a customer's name or address line.
pub const MAX_NAME: usize = 100;
/// The provider's amounts are signed 32-bit minor units (facts 2.3).
pub const MAX_TOTAL_MINOR: i64 = i32::MAX as i64;
