//! What the provider says of a session and its transaction, in our own types: the only input from which a status is
//! derived. A name that we do not know is kept, never an error; what was once said is not taken back ([`merge`](super::merge)).

use serde::{Deserialize, Serialize};

/// An enum of our codes that keeps a name it does not know. Databases of version 1 have the codes in capitals.
macro_rules! provider_names {
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
                match text.to_ascii_lowercase().as_str() { $($text => Self::$variant,)+ _ => Self::Other(text) }
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                match name { $($name::$variant => $text.to_owned(),)+ $name::Other(text) => text }
            }
        }
    };
}

provider_names! {
    /// What a session's event tells, as far as it means something to us.
    SessionEventName {
        /// The customer opened the link.
        Visited = "visited",
        /// The customer said no.
        Declined = "declined",
        /// The session ended without payment.
        Failed = "failed",
        /// The session was cancelled.
        Cancelled = "cancelled",
        /// One attempt failed; another method may be tried.
        PayFailed = "pay_failed",
        /// The customer's app got a push.
        PushSent = "push_notification_sent",
        /// The customer started to pay.
        PayLockStart = "pay_lock_start",
    }
}

provider_names! {
    /// Status of a transaction.
    TransactionStatus {
        /// The customer started to pay.
        Initiated = "initiated",
        /// Reserved.
        Authorized = "authorized",
        /// The reservation was released.
        AuthorizationVoided = "authorization_voided",
        /// Paid.
        Captured = "captured",
        /// A part is captured.
        PartiallyCaptured = "partially_captured",
        /// A part is captured, a part of it refunded.
        PartiallyCapturedRefunded = "partially_captured_refunded",
        /// All is refunded.
        Refunded = "refunded",
        /// A part is refunded.
        PartiallyRefunded = "partially_refunded",
        /// The customer dismissed it.
        Declined = "declined",
        /// It failed.
        Failed = "failed",
        /// The provider does not know.
        Unknown = "unknown",
        /// The provider waits for a check.
        OnHold = "on_hold",
    }
}

provider_names! {
    /// What an event of a transaction is about.
    TransactionEventKind {
        /// Money was reserved.
        Authorize = "authorize",
        /// An authorisation that ended on hold.
        OnHold = "on_hold",
        /// Money was taken.
        Capture = "capture",
        /// Money was given back.
        Refund = "refund",
        /// The reservation was released.
        Void = "void",
    }
}

provider_names! {
    /// What became of a message of the provider to the customer.
    PublishStatus {
        /// It was sent.
        Sent = "sent",
        /// It could not be sent: no number.
        Skipped = "skipped",
        /// It failed.
        Failed = "failed",
    }
}

/// What the provider says of one message to the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// By a push to an app, in place of an SMS.
    pub push: bool,
    /// What became of it; `None` while all that is known is that it was asked for.
    pub status: Option<PublishStatus>,
}

/// One event of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionEvent {
    /// The provider's event id, where it gave one.
    #[serde(default)]
    pub id: Option<String>,
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
    /// The order that made it, where the provider echoes our mark.
    pub order_id: Option<String>,
    /// The entry that made it, where the provider echoes our mark.
    pub entry_id: Option<String>,
    /// Messages to the customer, where the provider tells of them.
    pub published: Vec<Published>,
    /// In the provider's order.
    pub events: Vec<SessionEvent>,
}

/// What happened to a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionEvent {
    /// The provider's event id, where it gave one.
    pub id: Option<String>,
    /// What it is about.
    pub kind: TransactionEventKind,
    /// Whether it took effect; a missing flag counts as success only with a known status.
    pub success: Option<bool>,
    /// Minor units.
    pub amount: Option<i64>,
    /// UTC ms.
    pub at: Option<i64>,
    /// Our capture or refund reference.
    pub reference: Option<String>,
    /// The entry that asked for it, where the provider echoes our mark.
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
    pub const fn is_payment(&self) -> bool {
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
    pub fn sum(&self, kind: &TransactionEventKind) -> i64 {
        self.events
            .iter()
            .filter(|event| event.kind == *kind && event.success != Some(false))
            .fold(0_i64, |sum, event| sum.saturating_add(event.amount.unwrap_or(self.amount)))
    }
}
