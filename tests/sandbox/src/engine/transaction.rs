//! A transaction: the one payment of a session, its money and its events.

use serde_json::{Map, Value, json};

use super::Method;
use crate::clock::rfc3339;

/// `status` of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// The customer has begun to pay.
    Initiated,
    /// The money is reserved.
    Authorized,
    /// The reservation was released.
    AuthorizationVoided,
    /// All of it was taken.
    Captured,
    /// A part was taken, the rest is reserved.
    PartiallyCaptured,
    /// A part was taken, and a part of that given back.
    PartiallyCapturedRefunded,
    /// All that was taken was given back.
    Refunded,
    /// A part was given back.
    PartiallyRefunded,
    /// The customer, or the bank, said no.
    Declined,
    /// A technical failure.
    Failed,
    /// Being looked into.
    OnHold,
}

impl Status {
    /// As on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Initiated => "INITIATED",
            Self::Authorized => "AUTHORIZED",
            Self::AuthorizationVoided => "AUTHORIZATION_VOIDED",
            Self::Captured => "CAPTURED",
            Self::PartiallyCaptured => "PARTIALLY_CAPTURED",
            Self::PartiallyCapturedRefunded => "PARTIALLY_CAPTURED_REFUNDED",
            Self::Refunded => "REFUNDED",
            Self::PartiallyRefunded => "PARTIALLY_REFUNDED",
            Self::Declined => "DECLINED",
            Self::Failed => "FAILED",
            Self::OnHold => "ON_HOLD",
        }
    }
}

/// One payment.
#[derive(Clone, Debug)]
pub struct Transaction {
    /// `ACCOUNT.<22 characters>`.
    pub id: String,
    /// The session it pays.
    pub session_id: String,
    /// The order's reference.
    pub merchant_reference: String,
    /// A second reference, set later.
    pub merchant_reference_2: Option<String>,
    /// Minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
    /// How it is paid.
    pub method: Method,
    /// Where it stands.
    pub status: Status,
    /// Taken so far, minor units.
    pub captured: i64,
    /// Given back so far, minor units.
    pub refunded: i64,
    /// No more will be taken: voided, or the last capture was final.
    pub closed: bool,
    /// Whether the merchant has been paid out.
    pub settled: bool,
    /// UTC milliseconds.
    pub created_at_ms: i64,
    /// UTC milliseconds.
    pub updated_at_ms: i64,
    /// What happened, oldest first.
    pub events: Vec<TransactionEvent>,
    /// What it took over from the session: items, customer, addresses, channel, metadata, url.
    pub shared: Map<String, Value>,
}

/// One event of a transaction.
#[derive(Clone, Debug)]
pub struct TransactionEvent {
    /// A UUID.
    pub id: String,
    /// `INITIALIZE`, `AUTHORIZE`, `CAPTURE`, `INITIATE_REFUND` …
    pub event: &'static str,
    /// The status after it.
    pub status: Status,
    /// Whether it worked.
    pub success: bool,
    /// Minor units.
    pub amount: i64,
    /// UTC milliseconds.
    pub created_at_ms: i64,
    /// The client that asked for it; none when the customer did.
    pub created_by: Option<String>,
    /// A UUID.
    pub request_id: String,
    /// The `request_id` of the INITIATE_ event that this one completes.
    pub correlation_request_id: Option<String>,
    /// `capture_reference` or `refund_reference` of the request.
    pub event_reference: Option<String>,
    /// `metadata` of the request.
    pub metadata: Option<Value>,
    /// `items` of the request.
    pub items: Option<Value>,
    /// Why it did not work.
    pub error: Option<String>,
}

impl Transaction {
    /// As it is read.
    #[must_use]
    pub fn read(&self) -> Value {
        let mut read = self.shared.clone();
        let mut put = |key: &str, value: Value| read.insert(key.to_owned(), value);
        put("id", json!(self.id));
        put("session_id", json!(self.session_id));
        put("merchant_reference", json!(self.merchant_reference));
        if let Some(reference) = &self.merchant_reference_2 {
            put("merchant_reference_2", json!(reference));
        }
        put("amount", json!(self.amount));
        put("currency", json!(self.currency));
        put("payment_product", json!(self.method.product()));
        put("payment_product_type", json!(self.method.product_type()));
        put("status", json!(self.status.as_str()));
        put("settlement_status", json!(if self.settled { "SETTLED" } else { "NOT_SETTLED" }));
        put("created_at", json!(rfc3339(self.created_at_ms)));
        put("updated_at", json!(rfc3339(self.updated_at_ms)));
        put("events", self.events.iter().map(TransactionEvent::read).collect());
        Value::Object(read)
    }

    /// Whether any successful event has this name.
    #[must_use]
    pub fn has(&self, event: &str) -> bool {
        self.events.iter().any(|known| known.event == event && known.success)
    }
}

impl TransactionEvent {
    fn read(&self) -> Value {
        let mut read = json!({
            "id": self.id,
            "event": self.event,
            "transaction_status": self.status.as_str(),
            "success": self.success,
            "amount": self.amount,
            "created_at": rfc3339(self.created_at_ms),
            "request_id": self.request_id,
        });
        let texts = [
            ("created_by", &self.created_by),
            ("correlation_request_id", &self.correlation_request_id),
            ("event_reference", &self.event_reference),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                read[key] = json!(text);
            }
        }
        for (key, value) in [("metadata", &self.metadata), ("items", &self.items)] {
            if let Some(value) = value {
                read[key] = value.clone();
            }
        }
        if let Some(message) = &self.error {
            // assumption: the codes of failed events are not published.
            read["error"] = json!({ "code": "SANDBOX_FAILURE", "message": message, "type": ["ERROR"] });
        }
        read
    }
}
