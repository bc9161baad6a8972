//! A day's totals, what waits, and what became of a damaged database.

use super::{Amount, Counts, ReasonCode};
use paylink_core::order::Totals;
use paylink_core::{DayReport, PaidTotals, Pending, RecoveryReport, SyncReport as CoreReport};

/// A day of the seller's calendar.
#[uniffi::remote(Record)]
pub struct DayReport {
    /// The day, `2026-11-24`.
    pub date: String,
    /// What was paid (reserved or captured) that day, one row a currency.
    pub paid: Vec<PaidTotals>,
    /// Links typed that day, by the code of the status they have now.
    pub by_status: Counts,
    /// Links typed that day, by the way they were to reach the customer.
    pub by_channel: Counts,
}

/// What was paid in one currency.
#[uniffi::remote(Record)]
pub struct PaidTotals {
    /// Links paid.
    pub count: u32,
    /// Sums, by VAT rate and in all; its lines are those of every order.
    pub totals: Totals,
    /// What was given back of it.
    pub refunded: Amount,
}

/// How many operations are in each open state.
#[uniffi::remote(Record)]
pub struct Pending {
    /// Never sent.
    pub queued: u32,
    /// Being sent.
    pub sending: u32,
    /// Waiting for the next attempt.
    pub waiting: u32,
    /// May have been done; being looked up.
    pub unknown: u32,
    /// The seller decides whether a message is sent again.
    pub held: u32,
    /// Refused by the provider.
    pub parked: u32,
    /// Frozen by an export.
    pub exported: u32,
}

given! {
    /// What a `sync` did and left.
    #[derive(Debug)]
    SyncReport from CoreReport {
        /// Operations that the provider took.
        sent: u32,
        /// Operations that wait for the network, their time or sign-in.
        waiting: u32,
        /// Operations that are being looked up.
        unknown: u32,
        /// Operations that the seller must decide.
        needs_attention: u32,
        /// When there is work again, UTC ms by the phone; null: never by itself. Plan the next background job for it.
        next_due_at: Option<i64>,
        /// Why the queue pauses; null: it does not.
        paused: Option<ReasonCode> = paused.map(Into::into),
        /// Why payments cannot be seen; null: they can.
        reading: Option<ReasonCode> = reading.map(Into::into),
    }
}

/// What was found damaged, and what was saved of it. Show it, then call `acknowledge_recovered`.
#[uniffi::remote(Record)]
pub struct RecoveryReport {
    /// When, UTC ms by the phone.
    pub recovered_at: i64,
    /// Names, in the data directory, of the damaged files. They are kept as they were found, for 30 days once it is acknowledged.
    pub quarantined_files: Vec<String>,
    /// Orders that were carried over.
    pub orders_salvaged: u32,
    /// Operations that were carried over, done ones included.
    pub entries_salvaged: u32,
    /// Of those, how many are not proven unsent: they are looked up, or wait for the seller's answer.
    pub entries_in_doubt: u32,
    /// Orders that were there and cannot be read; null: nobody can tell how many.
    pub lost: Option<u32>,
}
