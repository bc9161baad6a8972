//! The life of a session: opened, and closed by what happened to it, in this order: a transaction,
//! a cancel, a final event, the clock.

use serde_json::{Value, json};

use super::view::Sight;
use super::{ApiError, Engine, Session, SessionEvent, Status};

impl Engine {
    /// Adds an event and marks the session as changed.
    pub(super) fn note(&mut self, session_id: &str, name: &'static str, details: Option<Value>) {
        let now = self.now_ms();
        let event =
            SessionEvent { id: self.ids.uuid(), name, created_at_ms: now, request_id: self.ids.uuid(), details };
        if let Some(session) = self.sessions.get_mut(session_id) {
            session.updated_at_ms = now;
            session.events.push(event);
        }
    }

    pub(crate) fn find_session(&self, id: &str) -> Result<&Session, ApiError> {
        self.sessions.get(id).ok_or_else(|| ApiError::not_found("session"))
    }

    /// `GET sessions/{id}`.
    /// assumption: an expired session is still read with 200.
    ///
    /// # Errors
    /// 404 when there is none.
    pub fn read_session(&mut self, id: &str) -> Result<Value, ApiError> {
        self.tick();
        let sight = Sight::read(&self.options, self.now_ms());
        let seen = self.seen_session(self.find_session(id)?, &sight);
        seen.ok_or_else(|| ApiError::not_found("session"))
    }

    /// Why the session cannot be paid any more; `None` while it can.
    #[must_use]
    pub fn closed(&self, session: &Session) -> Option<&'static str> {
        let transaction = session.transaction_id.as_ref().and_then(|id| self.transactions.get(id));
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
        let last = session.events.iter().rev().find_map(|event| match event.name {
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
        Err(ApiError::not_found("session").with("cause", json!(cause)).with("session_details", details))
    }

    /// The customer opens the link: VISITED (assumption: one event for each visit), and the
    /// session remembers the last visitor.
    ///
    /// # Errors
    /// 404 when it cannot be paid; then nothing is noted.
    pub fn visit(&mut self, id: &str, ip: Option<&str>, user_agent: Option<&str>) -> Result<(), ApiError> {
        self.payable(id)?;
        self.note(id, "VISITED", None);
        if let Some(session) = self.sessions.get_mut(id) {
            session.customer_ip = ip.map(str::to_owned).or_else(|| session.customer_ip.take());
            session.user_agent = user_agent.map(str::to_owned).or_else(|| session.user_agent.take());
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
            return Err(ApiError::new(400, "BAD_REQUEST", "session is already cancelled"));
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
        self.changed_session(id)
    }
}
