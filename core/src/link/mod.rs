//! What became of a sale: the link, its status and its timeline. Pure. The status is never stored as truth of its
//! own: it is derived from the outbox's stage and the provider's facts by one table ([`standing()`]), and the timeline
//! by one function ([`observed`]).

pub mod delivery;
mod facts;
pub mod merge;
mod reason;
mod shared;
mod status;
#[cfg(test)]
mod tests;
mod timeline;

pub use facts::{
    PublishStatus, Published, SessionEvent, SessionEventName, SessionFacts, TransactionEvent, TransactionEventKind,
    TransactionFacts, TransactionStatus,
};
pub use reason::{Reason, ReasonCode};
pub use shared::{ShareChannel, ShareOutcome, Shared};
pub use status::{
    Action, Known, LinkStatus, Stage, Standing, Waits, actions, derive, is_cancelled, is_under_way, standing,
    was_opened,
};
pub use timeline::{EventKind, NewEvent, TimelineEvent, observed};

use crate::code::codes;
use crate::id::OrderId;
use crate::message::Language;
use crate::money::Amount;
use crate::order::{AddressMode, Capture, Delivery, Expiry};
use serde::Serialize;
use std::fmt;

/// A sale and the link that it became or will become, as a shell shows it.
/// Fields are described in `core/CONTRACT.md` section 3.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // the contract has a line for each
pub struct PaymentLink {
    pub id: OrderId,
    pub reference: String,
    pub status: LinkStatus,
    pub reason: Option<Reason>,
    pub superseded_by: Option<OrderId>,
    pub amount: Amount,
    pub captured: Amount,
    pub refunded: Amount,
    pub summary: String,
    pub item_count: u32,
    pub url: Option<String>,
    pub url_warning: bool,
    pub session_id: Option<String>,
    pub transaction_id: Option<String>,
    pub created_at: i64,
    pub sent_at: Option<i64>,
    pub expires_at: Option<i64>,
    pub opened_at: Option<i64>,
    pub paid_at: Option<i64>,
    pub delivery: DeliveryState,
    pub customer: CustomerShown,
    pub attempts: u32,
    pub next_attempt_at: Option<i64>,
    pub methods: Vec<String>,
    pub payment_method: Option<String>,
    pub capture: Capture,
    pub expiry: Expiry,
    pub address: AddressMode,
    pub language: Language,
    pub actions: Vec<Action>,
}

codes! {
    /// Whether the link has reached the customer (rule 11).
    pub enum Delivered {
        /// No link yet.
        Waiting = "waiting",
        /// The provider said that it sent an SMS or a push.
        Sent = "sent",
        /// The provider was to send one, the answer was lost, and nothing tells: another one would be a second.
        ProbablySent = "probably_sent",
        /// Send it from the phone.
        Ready = "ready",
        /// Shared from the phone.
        Shared = "shared",
    }
}

impl Delivered {
    /// Whether a first message has gone out, as far as anybody knows: then another one is a reminder.
    #[must_use]
    pub const fn has_gone_out(self) -> bool {
        matches!(self, Self::Sent | Self::ProbablySent | Self::Shared)
    }
}

/// How the link reaches the customer, and whether it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeliveryState {
    /// As chosen.
    pub channel: Delivery,
    /// Whether it has reached the customer.
    pub state: Delivered,
    /// What `mark_shared` said last.
    pub shared_by: Option<Shared>,
}

/// Who buys, as the seller typed it. Personal data: shown to the seller, never logged.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct CustomerShown {
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

impl fmt::Debug for PaymentLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentLink")
            .field("id", &self.id)
            .field("reference", &self.reference)
            .field("status", &self.status)
            .field("reason", &self.reason.as_ref().map(|reason| &reason.code))
            .field("amount", &self.amount)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for CustomerShown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomerShown(…)")
    }
}
