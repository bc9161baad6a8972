//! What happened to a link.

use super::{Details, OrderId};
use paylink_core::link::{EventKind, TimelineEvent as CoreEvent};

given! {
    /// Something that happened to a link.
    #[derive(Debug)]
    TimelineEvent from CoreEvent {
        /// Grows without end over all links.
        cursor: i64,
        /// Whose.
        link: OrderId,
        /// UTC ms: the provider's time where it gave one, else the phone's.
        at: i64,
        /// What happened.
        kind: EventKind,
        /// What the words need; never personal data.
        data: Details,
    }
}

/// What happened to a link.
#[uniffi::remote(Enum)]
pub enum EventKind {
    /// The sale was saved.
    Saved,
    /// A request is about to leave.
    Sending,
    /// The provider made the link.
    LinkCreated,
    /// A session whose answer was lost was found again.
    LinkAdopted,
    /// The provider said that it sent an SMS.
    SmsSent,
    /// The provider said that it sent a push.
    PushSent,
    /// The provider did not send: send it from the phone.
    NotDelivered,
    /// An attempt did not reach the provider; it waits.
    SendFailed,
    /// The request may have arrived.
    SendUnclear,
    /// Held for the seller.
    Held,
    /// The provider refused.
    Rejected,
    /// The seller chose to send again after a warning.
    ResentBySeller,
    /// Shared from the phone.
    Shared,
    /// The customer opened the link.
    Opened,
    /// The customer started to pay.
    PaymentStarted,
    /// One attempt to pay failed; another method may be tried.
    PaymentFailed,
    /// Money is reserved.
    Authorized,
    /// The provider waits for a check.
    OnHold,
    /// Paid.
    Captured,
    /// A part is captured.
    PartiallyCaptured,
    /// All is refunded.
    Refunded,
    /// A part is refunded.
    PartiallyRefunded,
    /// The reservation was released.
    Voided,
    /// The customer said no.
    Declined,
    /// Ended without payment.
    Failed,
    /// The time to pay is over.
    Expired,
    /// The seller asked to cancel.
    CancelRequested,
    /// Cancelled.
    Cancelled,
    /// A payment after expiry, cancel or discard: it still counts; show it loudly.
    PaidAfterEnd,
    /// A second session of ours was found and cancelled.
    StrayCancelled,
    /// Given up by the seller.
    Discarded,
    /// Another order took its place; `order` in the data names it.
    Superseded,
    /// A session with our reference is somebody else's.
    ForeignSession,
}
