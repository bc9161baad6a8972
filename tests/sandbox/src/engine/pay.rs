//! What a customer does on the checkout page.
//!
//! | outcome | transaction | session events | can be paid again |
//! |---|---|---|---|
//! | `Authorize` | AUTHORIZED, then CAPTURED with `auto_capture`; Swish CAPTURED at once | AUTHORIZED, COMPLETED | no |
//! | `Hold` | ON_HOLD until [`Engine::finish_payment`] | | no |
//! | `Decline` | DECLINED | DECLINED | no |
//! | `Fail` | FAILED | FAILED | no |
//! | `Reject` | none | PAY_FAILED | yes |
//!
//! A session has at most one transaction, and paying twice is refused.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::operation::{Operation, OperationRequest};
use super::transaction::{Status, Transaction};
use super::{ApiError, Engine, Method, Session, enabled_methods};

/// How an attempt to pay ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayOutcome {
    /// The money is reserved.
    Authorize,
    /// Someone at the provider looks into it first.
    Hold,
    /// The customer dismisses it for good.
    Decline,
    /// It breaks for good.
    Fail,
    /// It does not work this time; another try may.
    Reject,
}

impl Engine {
    /// The methods that a customer can choose on the page.
    #[must_use]
    pub fn choices(&self, session: &Session) -> Vec<Method> {
        enabled_methods(session.configuration(), &self.account_methods())
            .into_iter()
            .filter(|method| method.accepts(&session.currency))
            .collect()
    }

    /// A whole attempt. Answers the transaction, or `None` when there is none (`Reject`).
    ///
    /// # Errors
    /// 400 as [`Engine::start_payment`].
    pub fn pay(&mut self, session_id: &str, method: &str, outcome: PayOutcome) -> Result<Option<String>, ApiError> {
        if outcome == PayOutcome::Reject {
            let method = self.check_payment(session_id, method)?;
            let details = json!({ "error": "Rejected", "payment_product_type": method.product_type() });
            self.note(session_id, "PAY_FAILED", Some(details));
            return Ok(None);
        }
        let transaction = self.start_payment(session_id, method)?;
        self.finish_payment(&transaction, outcome)?;
        Ok(Some(transaction))
    }

    /// The customer begins to pay: a transaction with status INITIATED.
    ///
    /// # Errors
    /// 404 for an unknown session; 400 when it is closed, the method is not on offer, or an Express
    /// session still lacks the address.
    pub fn start_payment(&mut self, session_id: &str, method: &str) -> Result<String, ApiError> {
        let method = self.check_payment(session_id, method)?;
        let session = self.find_session(session_id)?.clone();
        let now = self.now_ms();
        let id = self.ids.object(&self.options.account);
        let transaction = Transaction {
            id: id.clone(),
            session_id: session.id.clone(),
            merchant_reference: session.merchant_reference.clone(),
            merchant_reference_2: session.order()["merchant_reference_2"].as_str().map(str::to_owned),
            amount: session.amount,
            currency: session.currency.clone(),
            method,
            status: Status::Initiated,
            captured: 0,
            refunded: 0,
            closed: false,
            settled: false,
            created_at_ms: now,
            updated_at_ms: now,
            events: Vec::new(),
            shared: shared(&session),
        };
        self.transactions.insert(id.clone(), transaction);
        if let Some(session) = self.sessions.get_mut(session_id) {
            session.transaction_id = Some(id.clone());
            session.updated_at_ms = now;
        }
        self.record(&id, now, "INITIALIZE", Status::Initiated, session.amount);
        Ok(id)
    }

    fn check_payment(&mut self, session_id: &str, method: &str) -> Result<Method, ApiError> {
        // assumption: paying a closed session is a 400 with the same cause that the view names.
        let session = self.payable(session_id).map_err(|error| match error.extra.get("cause") {
            Some(_) => ApiError { status: 400, code: "BAD_REQUEST", ..error },
            None => error,
        })?;
        if session.is_express() && !session.has_address() {
            return Err(ApiError::new(400, "BAD_REQUEST", "order.shipping_address is required"));
        }
        if session.lacks_shipping_option() {
            return Err(ApiError::new(400, "BAD_REQUEST", "order.shipping_option is required"));
        }
        let session = self.find_session(session_id)?;
        let chosen = self.choices(session).into_iter().find(|choice| choice.product_type() == method);
        chosen.ok_or_else(|| ApiError::new(400, "BAD_REQUEST", "payment_product_type is not available"))
    }

    /// Ends a payment that is INITIATED or ON_HOLD.
    ///
    /// # Errors
    /// 404 for an unknown transaction, 400 in any other status, or for `Reject`.
    pub fn finish_payment(&mut self, transaction_id: &str, outcome: PayOutcome) -> Result<(), ApiError> {
        self.tick();
        let transaction = self.find_transaction(transaction_id)?.clone();
        if !matches!(transaction.status, Status::Initiated | Status::OnHold) || outcome == PayOutcome::Reject {
            return Err(ApiError::new(400, "BAD_REQUEST", "the payment is not waiting for an answer"));
        }
        let (id, session, amount, now) = (transaction_id, &transaction.session_id, transaction.amount, self.now_ms());
        match outcome {
            PayOutcome::Authorize if transaction.method.captures_at_once() => {
                self.record(id, now, "CAPTURE", Status::Captured, amount);
                if let Some(transaction) = self.transactions.get_mut(id) {
                    transaction.captured = amount;
                }
                self.note(session, "COMPLETED", None);
            }
            PayOutcome::Authorize => {
                self.record(id, now, "AUTHORIZE", Status::Authorized, amount);
                self.note(session, "AUTHORIZED", None);
                self.note(session, "COMPLETED", None);
                if self.find_session(session)?.configuration()["auto_capture"] == true {
                    let request = OperationRequest { amount: Some(amount), ..OperationRequest::default() };
                    self.schedule(Operation::Capture, id, request, now + self.options.auto_capture_after_ms, None);
                    self.tick();
                }
            }
            PayOutcome::Hold => self.record(id, now, "AUTHORIZE", Status::OnHold, amount),
            PayOutcome::Decline => {
                self.refuse(id, "Rejected by the customer", Status::Declined);
                self.note(session, "DECLINED", None);
            }
            PayOutcome::Fail | PayOutcome::Reject => {
                self.refuse(id, "Gateway error", Status::Failed);
                self.note(session, "FAILED", None);
            }
        }
        Ok(())
    }
}

/// What a transaction takes over from its session. The shipping option becomes an item.
fn shared(session: &Session) -> Map<String, Value> {
    let order = session.order();
    let mut items = order["items"].as_array().cloned().unwrap_or_default();
    if let Some(option) = order.get("shipping_option") {
        items.push(json!({
            "id": option["id"], "line_id": option["line_id"], "amount": option["amount"],
            "description": option["title"], "quantity": 1, "type": "shipping",
        }));
    }
    let mut metadata = session.metadata.clone();
    if let Some(profile) = &session.profile_id {
        metadata.insert("session:profile_id".to_owned(), json!(profile));
    }
    metadata.insert("merchant_name".to_owned(), json!(session.merchant_name()));
    if let Some(reference) = order.get("event_reference") {
        metadata.insert("event_reference".to_owned(), reference.clone());
    }
    let mut shared = Map::new();
    shared.insert("items".to_owned(), Value::Array(items));
    shared.insert("metadata".to_owned(), Value::Object(metadata));
    let channel = session.configuration()["channel"].as_str().unwrap_or("ecommerce");
    shared.insert("channel".to_owned(), json!(channel));
    let mut url = json!({ "redirect_url": session.field("url")["return_url"] });
    if let Some(callback) = session.field("url").get("callback_url") {
        url["callback_url"] = callback.clone();
    }
    shared.insert("url".to_owned(), url);
    for key in ["shipping_address", "billing_address", "shipping_option"] {
        if let Some(value) = order.get(key) {
            shared.insert(key.to_owned(), value.clone());
        }
    }
    for key in ["customer", "checkboxes"] {
        if let Some(value) = session.options.get(key) {
            shared.insert(key.to_owned(), value.clone());
        }
    }
    for (key, value) in [("customer_ip", &session.customer_ip), ("user_agent", &session.user_agent)] {
        if let Some(value) = value {
            shared.insert(key.to_owned(), json!(value));
        }
    }
    shared
}
