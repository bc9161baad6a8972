//! Paylink's core: a typed sale becomes a payment link, exactly once, with or without coverage.
//!
//! The rooms, each of which may only use rooms before it:
//! `money` and `contact` (values), `message` (what the customer reads), `order` (what was sold), `link` (what became of
//! it), `gateway` (the provider), `store` (SQLite), `catalogue` (goods and customers), `account`, `setup` (set-up links and
//! invitations), `sync` (when to ask about which link), `outbox` (the durable queue), `report`, and [`Paylink`], the façade.
//! The boundary in writing is `core/CONTRACT.md`.
#![forbid(unsafe_code)]

pub mod account;
pub mod calendar;
pub mod catalogue;
pub mod clock;
mod code;
pub mod contact;
mod error;
pub mod gateway;
mod id;
pub mod link;
pub mod message;
pub mod money;
pub mod order;
mod outbox;
mod paylink;
mod problem;
mod report;
mod sabotage;
pub mod setup;
mod store;
mod sync;
pub mod text;
pub mod web;

/// The seller's day, by the phone's clock and the region's calendar.
#[must_use]
pub fn today(region: money::Region) -> jiff::civil::Date {
    region.zone().date(jiff::Timestamp::now().as_millisecond())
}

pub use code::{Code, Coded, Listed};
pub use error::{ErrorCode, PaylinkError, StorageKind};
pub use id::{CustomerId, EntryId, ItemId, OrderId};
pub use outbox::UnknownAnswer;
pub use paylink::{LinkDetail, LinkFilter, Page, Paylink, Pending, Reminder, SyncReport};
pub use problem::ProblemCode;
pub use report::{DayReport, PaidTotals};
#[doc(hidden)]
pub use store::Moments;
pub use store::RecoveryReport;
