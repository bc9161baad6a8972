//! A session: what was asked for and what has happened. It has no status on the wire.

use serde_json::{Map, Value, json};

use super::Published;
use crate::clock::rfc3339;

/// One session and everything known of it.
#[derive(Clone, Debug)]
pub struct Session {
    /// `ACCOUNT.<22 characters>`.
    pub id: String,
    /// `order.merchant_reference`.
    pub merchant_reference: String,
    /// `order.amount`, minor units.
    pub amount: i64,
    /// `order.currency`.
    pub currency: String,
    /// The profile it was made from, if any.
    pub profile_id: Option<String>,
    /// The metadata of the request, as sent.
    pub metadata: Map<String, Value>,
    /// When it was made, UTC milliseconds.
    pub created_at_ms: i64,
    /// When it last changed, UTC milliseconds.
    pub updated_at_ms: i64,
    /// After this it cannot be paid, UTC milliseconds.
    pub expires_at_ms: i64,
    /// When the merchant cancelled it.
    pub cancelled_at_ms: Option<i64>,
    /// Which client cancelled it.
    pub cancelled_by: Option<String>,
    /// Its one transaction.
    pub transaction_id: Option<String>,
    /// The last visitor's address.
    pub customer_ip: Option<String>,
    /// The last visitor's browser.
    pub user_agent: Option<String>,
    /// What happened, oldest first.
    pub events: Vec<SessionEvent>,
    /// What became of the wish to send the link.
    pub publish: Vec<Published>,
    /// The fields of the request that a read returns: `url`, `order`, `customer`,
    /// `configuration` (with the profile's), `express`, `merchant`, `checkboxes`.
    pub options: Map<String, Value>,
}

/// One event of a session.
#[derive(Clone, Debug)]
pub struct SessionEvent {
    /// A UUID.
    pub id: String,
    /// `INITIATED`, `VISITED`, `PAY_FAILED` …
    pub name: &'static str,
    /// UTC milliseconds.
    pub created_at_ms: i64,
    /// A UUID.
    pub request_id: String,
    /// What belongs to this kind of event.
    pub details: Option<Value>,
}

impl Session {
    /// Whether any event has this name.
    #[must_use]
    pub fn has(&self, event: &str) -> bool {
        self.events.iter().any(|known| known.name == event)
    }

    /// Whether the link was ever opened.
    #[must_use]
    pub fn visited(&self) -> bool {
        self.has("VISITED")
    }

    /// `order` as it is now.
    #[must_use]
    pub fn order(&self) -> &Value {
        self.field("order")
    }

    /// `configuration`, with the profile's.
    #[must_use]
    pub fn configuration(&self) -> &Value {
        self.field("configuration")
    }

    /// The name that the customer sees.
    #[must_use]
    pub fn merchant_name(&self) -> &str {
        let own = self.field("merchant")["name"].as_str();
        own.or_else(|| self.configuration()["merchant"]["name"].as_str()).unwrap_or_default()
    }

    /// The terms that the page links to.
    #[must_use]
    pub fn terms_url(&self) -> Option<&str> {
        self.field("url")["merchant_terms_url"].as_str()
    }

    /// `url.return_url` with what the customer's browser brings back to the merchant.
    #[must_use]
    pub fn return_url(&self, error: Option<&str>) -> String {
        let text = self.field("url")["return_url"].as_str().unwrap_or_default();
        let Ok(mut url) = url::Url::parse(text) else {
            return text.to_owned();
        };
        {
            let mut query = url.query_pairs_mut();
            if let Some(id) = &self.transaction_id {
                query.append_pair("transaction_id", id);
            }
            query.append_pair("merchant_reference", &self.merchant_reference);
            if let Some(error) = error {
                query.append_pair("error", error);
            }
        }
        url.into()
    }

    /// Any top-level field of the request, `null` when it was not sent.
    pub(crate) fn field(&self, name: &str) -> &Value {
        self.options.get(name).unwrap_or(&Value::Null)
    }

    pub(super) fn order_mut(&mut self) -> &mut Value {
        self.options.entry("order").or_insert_with(|| json!({}))
    }

    pub(super) fn configuration_mut(&mut self) -> &mut Value {
        self.options.entry("configuration").or_insert_with(|| json!({}))
    }

    /// The session as it is read: the request's options and what became of them. The link is not
    /// among them, only a create answers it; `url` is the object given at creation.
    #[must_use]
    pub fn read(&self) -> Value {
        self.read_with(true)
    }

    /// As [`Session::read`], with or without metadata (assumption: nothing says that a read echoes
    /// it).
    pub(super) fn read_with(&self, metadata_too: bool) -> Value {
        let mut read = self.options.clone();
        let mut put = |key: &str, value: Value| read.insert(key.to_owned(), value);
        put("id", json!(self.id));
        put("created_at", json!(rfc3339(self.created_at_ms)));
        put("updated_at", json!(rfc3339(self.updated_at_ms)));
        put("expires_at", json!(rfc3339(self.expires_at_ms)));
        put("events", self.events.iter().map(SessionEvent::read).collect());
        if metadata_too {
            let mut metadata = self.metadata.clone();
            if let Some(profile) = &self.profile_id {
                metadata.insert("session:profile_id".to_owned(), json!(profile));
            }
            put("metadata", Value::Object(metadata));
        }
        let optional = [
            ("customer_ip", &self.customer_ip),
            ("user_agent", &self.user_agent),
            ("transaction_id", &self.transaction_id),
            ("cancelled_by", &self.cancelled_by),
        ];
        for (key, value) in optional {
            if let Some(value) = value {
                put(key, json!(value));
            }
        }
        if let Some(ms) = self.cancelled_at_ms {
            put("cancelled_at", json!(rfc3339(ms)));
        }
        Value::Object(read)
    }
}

impl SessionEvent {
    fn read(&self) -> Value {
        let mut read = json!({
            "id": self.id,
            "name": self.name,
            "created_at": rfc3339(self.created_at_ms),
            "request_id": self.request_id,
        });
        if let Some(details) = &self.details {
            read["details"] = details.clone();
        }
        read
    }
}
