//! What a shell that has called `sync` is told.

use crate::link::ReasonCode;
use serde::Serialize;

/// What a `sync` did and left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SyncReport {
    /// Operations that the provider took.
    pub sent: u32,
    /// Entries that wait for the network, their time or sign-in.
    pub waiting: u32,
    /// Entries that are being looked up.
    pub unknown: u32,
    /// Entries that the seller must decide.
    pub needs_attention: u32,
    /// When there is something to send or to ask again, UTC ms by the phone: when a shell should call again.
    pub next_due_at: Option<i64>,
    /// Why the queue pauses, as a reason code.
    pub paused: Option<ReasonCode>,
    /// Why payments cannot be seen, as a reason code.
    pub reading: Option<ReasonCode>,
}
