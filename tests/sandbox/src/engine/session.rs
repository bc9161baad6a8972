//! A session: what was asked for, what has happened, and whether a customer can still pay.
//!
//! A session has no status on the wire. It is closed by what happened to it, in this order:
//! a transaction, a cancel, a final event, the clock.

use serde_json::{Map, Value, json};

use super::{ApiError, Engine, Published, Status};
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
    /// The fields of the request that a read gives back: `url`, `order`, `customer`,
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
        own.or_else(|| self.configuration()["merchant"]["name"].as_str())
            .unwrap_or_default()
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

    /// The session as it is read: the request's options and what became of them. The link is not
    /// among them, only a create answers it; `url` is the object given at creation.
    #[must_use]
    pub fn read(&self) -> Value {
        let mut read = self.options.clone();
        let mut put = |key: &str, value: Value| read.insert(key.to_owned(), value);
        put("id", json!(self.id));
        put("created_at", json!(rfc3339(self.created_at_ms)));
        put("updated_at", json!(rfc3339(self.updated_at_ms)));
        put("expires_at", json!(rfc3339(self.expires_at_ms)));
        put(
            "events",
            self.events.iter().map(SessionEvent::read).collect(),
        );
        let mut metadata = self.metadata.clone();
        if let Some(profile) = &self.profile_id {
            metadata.insert("session:profile_id".to_owned(), json!(profile));
        }
        put("metadata", Value::Object(metadata));
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

impl Engine {
    /// Adds an event and marks the session as changed.
    pub(super) fn note(&mut self, session_id: &str, name: &'static str, details: Option<Value>) {
        let now = self.now_ms();
        let event = SessionEvent {
            id: self.ids.uuid(),
            name,
            created_at_ms: now,
            request_id: self.ids.uuid(),
            details,
        };
        if let Some(session) = self.sessions.get_mut(session_id) {
            session.updated_at_ms = now;
            session.events.push(event);
        }
    }

    pub(crate) fn find_session(&self, id: &str) -> Result<&Session, ApiError> {
        self.sessions
            .get(id)
            .ok_or_else(|| ApiError::not_found("session"))
    }

    /// `GET sessions/{id}`.
    /// assumption: an expired session is still read with 200.
    ///
    /// # Errors
    /// 404 when there is none.
    pub fn read_session(&mut self, id: &str) -> Result<Value, ApiError> {
        self.tick();
        self.find_session(id).map(Session::read)
    }

    /// Why the session cannot be paid any more; `None` while it can.
    #[must_use]
    pub fn closed(&self, session: &Session) -> Option<&'static str> {
        let transaction = session
            .transaction_id
            .as_ref()
            .and_then(|id| self.transactions.get(id));
        match transaction.map(|transaction| transaction.status) {
            Some(Status::Initiated) => return Some("PAYMENT_INITIATED"),
            Some(Status::OnHold) => return Some("ON_HOLD"),
            Some(Status::Declined) => return Some("DECLINED"),
            Some(Status::Failed) => return Some("FAILED"),
            Some(Status::AuthorizationVoided) if session.cancelled_at_ms.is_some() => {
                return Some("CANCELLED");
            }
            Some(_) => return Some("AUTHORIZED"),
            None => {}
        }
        if session.cancelled_at_ms.is_some() {
            return Some("CANCELLED");
        }
        let last = session
            .events
            .iter()
            .rev()
            .find_map(|event| match event.name {
                "DECLINED" => Some("DECLINED"),
                "FAILED" => Some("FAILED"),
                _ => None,
            });
        last.or_else(|| (self.now_ms() >= session.expires_at_ms).then_some("EXPIRED"))
    }

    /// The session, if it can still be paid.
    ///
    /// # Errors
    /// 404, with `cause` and `session_details` when there was one.
    pub fn payable(&mut self, id: &str) -> Result<&Session, ApiError> {
        self.tick();
        let session = self.find_session(id)?;
        let Some(cause) = self.closed(session) else {
            return self.find_session(id);
        };
        let mut details = json!({
            "merchant_reference": session.merchant_reference,
            "return_url": session.field("url")["return_url"],
            "merchant": { "name": session.merchant_name(), "logo_url": session.configuration()["merchant"]["logo_url"] },
        });
        if let Some(transaction) = &session.transaction_id {
            details["transaction_id"] = json!(transaction);
        }
        Err(ApiError::not_found("session")
            .with("cause", json!(cause))
            .with("session_details", details))
    }

    /// The customer opens the link: VISITED (assumption: one event for each visit), and the
    /// session remembers the last visitor.
    ///
    /// # Errors
    /// 404 when it cannot be paid; then nothing is noted.
    pub fn visit(
        &mut self,
        id: &str,
        ip: Option<&str>,
        user_agent: Option<&str>,
    ) -> Result<(), ApiError> {
        self.payable(id)?;
        self.note(id, "VISITED", None);
        if let Some(session) = self.sessions.get_mut(id) {
            session.customer_ip = ip.map(str::to_owned).or_else(|| session.customer_ip.take());
            session.user_agent = user_agent
                .map(str::to_owned)
                .or_else(|| session.user_agent.take());
        }
        Ok(())
    }

    /// `POST sessions/{id}/cancel`: voids what was only begun or reserved.
    /// assumption: with captured money, or when it is cancelled already, the answer is 400.
    ///
    /// # Errors
    /// 404, 400.
    pub fn cancel_session(&mut self, id: &str) -> Result<Value, ApiError> {
        self.tick();
        let session = self.find_session(id)?;
        if session.cancelled_at_ms.is_some() {
            return Err(ApiError::new(
                400,
                "BAD_REQUEST",
                "session is already cancelled",
            ));
        }
        if let Some(transaction) = session.transaction_id.clone() {
            self.void_for_cancel(&transaction)?;
        }
        self.note(id, "CANCELLED", None);
        let (now, client) = (self.now_ms(), self.options.client_id.clone());
        if let Some(session) = self.sessions.get_mut(id) {
            session.cancelled_at_ms = Some(now);
            session.cancelled_by = Some(client);
        }
        self.read_session(id)
    }
}
