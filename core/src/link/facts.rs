//! What the provider says of a session and its transaction, in our own types: the only input from which a status is
//! derived. Names and enums follow facts 3 and 5; a name that we do not know is kept, never an error.

use serde::{Deserialize, Serialize};

/// An enum of wire names that keeps a name it does not know.
macro_rules! wire_names {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A name of a newer provider.
            Other(String),
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                match text.as_str() { $($text => Self::$variant,)+ _ => Self::Other(text) }
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                match name { $($name::$variant => $text.to_owned(),)+ $name::Other(text) => text }
            }
        }
    };
}

wire_names! {
    /// Name of a session event that means something to us.
    SessionEventName {
        /// The customer opened the link.
        Visited = "VISITED",
        /// The customer said no.
        Declined = "DECLINED",
        /// The session ended without payment.
        Failed = "FAILED",
        /// The session was cancelled.
        Cancelled = "CANCELLED",
        /// One attempt failed; another method may be tried.
        PayFailed = "PAY_FAILED",
        /// The customer's app got a push.
        PushSent = "PUSH_NOTIFICATION_SENT",
        /// The customer started to pay.
        PayLockStart = "PAY_LOCK_START",
    }
}

wire_names! {
    /// Status of a transaction.
    TransactionStatus {
        /// The customer started to pay.
        Initiated = "INITIATED",
        /// Reserved.
        Authorized = "AUTHORIZED",
        /// The reservation was released.
        AuthorizationVoided = "AUTHORIZATION_VOIDED",
        /// Paid.
        Captured = "CAPTURED",
        /// A part is captured.
        PartiallyCaptured = "PARTIALLY_CAPTURED",
        /// A part is captured, a part of it refunded.
        PartiallyCapturedRefunded = "PARTIALLY_CAPTURED_REFUNDED",
        /// All is refunded.
        Refunded = "REFUNDED",
        /// A part is refunded.
        PartiallyRefunded = "PARTIALLY_REFUNDED",
        /// The customer dismissed it.
        Declined = "DECLINED",
        /// It failed.
        Failed = "FAILED",
        /// The provider does not know.
        Unknown = "UNKNOWN",
        /// The provider waits for a check.
        OnHold = "ON_HOLD",
    }
}

/// One event of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionEvent {
    /// Which.
    pub name: SessionEventName,
    /// The provider's time, UTC ms, where it gave one.
    pub at: Option<i64>,
    /// The payment product that failed, or the error's code: never personal data.
    #[serde(default)]
    pub detail: Option<String>,
}

/// A session as the provider has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionFacts {
    /// The provider's id.
    pub id: String,
    /// The merchant reference.
    pub reference: Option<String>,
    /// Order amount, minor units.
    pub amount: Option<i64>,
    /// ISO code.
    pub currency: Option<String>,
    /// UTC ms.
    pub created_at: Option<i64>,
    /// UTC ms; after it the payment page is not available.
    pub expires_at: Option<i64>,
    /// UTC ms.
    pub cancelled_at: Option<i64>,
    /// Set once the customer started to pay.
    pub transaction_id: Option<String>,
    /// `metadata.ext_paylink_order`, where the provider echoes it.
    pub order_id: Option<String>,
    /// `metadata.ext_paylink_entry`, where the provider echoes it.
    pub entry_id: Option<String>,
    /// In the provider's order.
    pub events: Vec<SessionEvent>,
}

/// What a transaction event is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionEvent {
    /// The provider's event id, where it gave one.
    pub id: Option<String>,
    /// `AUTHORIZE`, `CAPTURE`, `REFUND`, `VOID`, `INITIATE_…` as on the wire; `ON_HOLD` is an authorisation that ended
    /// on hold.
    pub kind: String,
    /// Whether it took effect; a missing flag counts as success only with a known status.
    pub success: Option<bool>,
    /// Minor units.
    pub amount: Option<i64>,
    /// UTC ms.
    pub at: Option<i64>,
    /// Our capture or refund reference.
    pub reference: Option<String>,
    /// `metadata.ext_paylink_entry`.
    pub entry_id: Option<String>,
    /// The error's code or message, when it failed.
    pub error: Option<String>,
}

/// A transaction as the provider has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionFacts {
    /// The provider's id.
    pub id: String,
    /// The session that it belongs to.
    pub session_id: Option<String>,
    /// The merchant reference.
    pub reference: Option<String>,
    /// What it is.
    pub status: TransactionStatus,
    /// Minor units.
    pub amount: i64,
    /// ISO code.
    pub currency: String,
    /// The payment product type it was paid with.
    pub method: Option<String>,
    /// UTC ms.
    pub created_at: Option<i64>,
    /// UTC ms.
    pub updated_at: Option<i64>,
    /// In the provider's order.
    pub events: Vec<TransactionEvent>,
}

impl TransactionFacts {
    /// Whether money is reserved or was taken, even if some or all of it was given back.
    #[must_use]
    pub fn is_payment(&self) -> bool {
        use TransactionStatus as S;
        match self.status {
            S::Authorized | S::OnHold => true,
            S::Captured | S::PartiallyCaptured | S::PartiallyCapturedRefunded => true,
            S::Refunded | S::PartiallyRefunded => true,
            S::Initiated | S::AuthorizationVoided | S::Declined | S::Failed | S::Unknown | S::Other(_) => false,
        }
    }

    /// The sum of the successful events of a kind, minor units. Events that carry no amount count as the whole.
    #[must_use]
    pub fn sum(&self, kind: &str) -> i64 {
        self.events
            .iter()
            .filter(|event| event.kind == kind && event.success != Some(false))
            .fold(0_i64, |sum, event| sum.saturating_add(event.amount.unwrap_or(self.amount)))
    }

    /// When the first successful event of a kind happened, UTC ms.
    #[must_use]
    pub fn first(&self, kind: &str) -> Option<i64> {
        self.events.iter().find(|event| event.kind == kind && event.success != Some(false)).and_then(|event| event.at)
    }
}
