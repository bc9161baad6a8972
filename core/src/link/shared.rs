//! How a link was handed to an app of the phone, and what became of that.

use crate::code::{Coded, codes};
use serde::{Deserialize, Serialize};

codes! {
    /// By what a link was handed to the customer.
    pub enum ShareChannel {
        /// The phone's SMS app.
        Sms = "sms",
        /// The phone's mail app.
        Mail = "mail",
        /// The phone's share sheet.
        Share = "share",
        /// The clipboard.
        Copy = "copy",
        /// A QR code on the screen.
        Qr = "qr",
    }
}

codes! {
    /// What the phone said of it.
    pub enum ShareOutcome {
        /// The app says that it sent it.
        Sent = "sent",
        /// The app took it, and says nothing more.
        HandedOver = "handed_over",
        /// The seller broke off.
        Cancelled = "cancelled",
        /// The app could not.
        Failed = "failed",
    }
}

impl ShareOutcome {
    /// Whether the customer may have it now.
    #[must_use]
    pub const fn may_have_arrived(self) -> bool {
        match self {
            Self::Sent | Self::HandedOver => true,
            Self::Cancelled | Self::Failed => false,
        }
    }
}

/// How a link was shared from the phone. Older databases hold whatever text an app gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// By what.
    pub channel: Coded<ShareChannel>,
    /// What the phone said.
    pub outcome: Coded<ShareOutcome>,
}
