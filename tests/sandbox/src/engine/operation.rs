//! Capture, refund and void; `rules` holds when each is allowed.
//!
//! With `later_ms` the answer is 202: an INITIATE_ event now, the real one when its time has come,
//! tied together by `correlation_request_id`. Operations do not deduplicate: the same reference
//! twice is two operations.

use serde::Deserialize;
use serde_json::{Value, json};

use super::transaction::Status;
use super::{ApiError, Engine, rules};

/// What a merchant can do with a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Take reserved money.
    Capture,
    /// Give taken money back.
    Refund,
    /// Release reserved money.
    Void,
}

impl Operation {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Capture => ("CAPTURE", "INITIATE_CAPTURE"),
            Self::Refund => ("REFUND", "INITIATE_REFUND"),
            Self::Void => ("VOID", "INITIATE_VOID"),
        }
    }
}

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OperationRequest {
    /// Minor units; needed for capture and refund.
    pub amount: Option<i64>,
    /// `capture_reference` or `refund_reference`.
    pub reference: Option<String>,
    /// Kept on the event.
    pub metadata: Option<Value>,
    /// Kept on the event.
    pub items: Option<Value>,
    /// No more will be captured.
    pub final_capture: bool,
}

/// What an operation answers.
#[derive(Clone, Debug)]
pub enum Done {
    /// 200: it is done.
    Now(Value),
    /// 202: it will be done; `request_id` goes into the header `event-request-id`.
    Later {
        /// The transaction, its status unchanged.
        transaction: Value,
        /// The `request_id` of the INITIATE_ event.
        request_id: String,
    },
}

/// An operation that happens by itself later.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    due_ms: i64,
    transaction_id: String,
    operation: Operation,
    request: OperationRequest,
    /// The `request_id` of the INITIATE_ event; none for an automatic capture.
    correlation: Option<String>,
}

impl OperationRequest {
    /// Reads the request of `operation`.
    ///
    /// # Errors
    /// 400 with the fields that are wrong.
    pub fn parse(operation: Operation, body: &Value) -> Result<Self, ApiError> {
        let reference = match operation {
            Operation::Capture => "capture_reference",
            Operation::Refund => "refund_reference",
            Operation::Void => return Ok(Self::default()),
        };
        let wrong = |field: &str, what: &str| {
            ApiError::invalid(vec![json!({ "field": field, "message": format!("{field} {what}") })])
        };
        let amount = super::check::int32(&body["amount"]).filter(|amount| *amount > 0);
        let amount = amount.ok_or_else(|| wrong("amount", "must be a positive int32"))?;
        for (key, value) in body["metadata"].as_object().into_iter().flatten() {
            let short = key.len() <= 128 && value.as_str().is_some_and(|text| text.len() <= 256);
            if !key.starts_with("ext_") || !short {
                return Err(wrong("metadata", "takes short strings under keys that start with ext_"));
            }
        }
        Ok(Self {
            amount: Some(amount),
            reference: body[reference].as_str().map(str::to_owned),
            metadata: body.get("metadata").cloned(),
            items: body.get("items").cloned(),
            final_capture: body["final_capture"] == true,
        })
    }
}

impl Engine {
    /// Captures, refunds or voids.
    ///
    /// # Errors
    /// 404, 400 when the status or the amount does not allow it, 409 while
    /// another operation on the transaction is under way (assumption).
    pub fn operate(&mut self, operation: Operation, id: &str, request: OperationRequest) -> Result<Done, ApiError> {
        self.tick();
        let transaction = self.find_transaction(id)?;
        if self.pending.iter().any(|pending| pending.transaction_id == id) {
            return Err(ApiError::new(409, "CONFLICT", "another operation is under way"));
        }
        let (_, amount) = rules::outcome(transaction, operation, &request)?;
        let (status, now) = (transaction.status, self.now_ms());
        if let Some(later) = self.options.later_ms {
            let mut event = self.event(now, operation.names().1, status, amount);
            event.created_by = Some(self.options.client_id.clone());
            event.event_reference = request.reference.clone();
            event.metadata = request.metadata.clone();
            event.items = request.items.clone();
            let request_id = event.request_id.clone();
            self.append(id, event);
            self.schedule(operation, id, request, now.saturating_add(later), Some(request_id.clone()));
            return Ok(Done::Later { transaction: self.find_transaction(id)?.read(), request_id });
        }
        self.apply(operation, id, request, now, None, true)?;
        Ok(Done::Now(self.find_transaction(id)?.read()))
    }

    /// The next operation of this kind fails with `message`: a failed event, and 400 where the
    /// answer is not 202 (assumption).
    pub fn fail_next(&mut self, operation: Operation, message: &str) {
        self.failures.push((operation, message.to_owned()));
    }

    /// Does everything that is due by the clock. Every operation calls it first.
    pub fn tick(&mut self) {
        let now = self.now_ms();
        let mut due: Vec<Pending> = Vec::new();
        self.pending.retain(|pending| {
            let is_due = pending.due_ms <= now;
            if is_due {
                due.push(pending.clone());
            }
            !is_due
        });
        due.sort_by_key(|pending| pending.due_ms);
        for pending in due {
            let Pending { due_ms, transaction_id, operation, request, correlation } = pending;
            // A refusal is on the transaction as a failed event; there is nobody to tell it to.
            let by_client = correlation.is_some();
            let _told = self.apply(operation, &transaction_id, request, due_ms, correlation, by_client);
        }
    }

    pub(super) fn schedule(
        &mut self,
        operation: Operation,
        id: &str,
        request: OperationRequest,
        due_ms: i64,
        correlation: Option<String>,
    ) {
        self.pending.push(Pending { due_ms, transaction_id: id.to_owned(), operation, request, correlation });
    }

    fn apply(
        &mut self,
        operation: Operation,
        id: &str,
        request: OperationRequest,
        at_ms: i64,
        correlation: Option<String>,
        by_client: bool,
    ) -> Result<(), ApiError> {
        let transaction = self.find_transaction(id)?.clone();
        let place = self.failures.iter().position(|(known, _)| *known == operation);
        let failure = place.map(|place| self.failures.remove(place).1);
        let result = match failure {
            Some(message) => Err(ApiError::new(400, "OPERATION_FAILED", message)),
            None => rules::outcome(&transaction, operation, &request),
        };
        let (status, amount) = match &result {
            Ok(next) => *next,
            Err(_) => (transaction.status, request.amount.unwrap_or(transaction.amount)),
        };
        let mut event = self.event(at_ms, operation.names().0, status, amount);
        event.created_by = by_client.then(|| self.options.client_id.clone());
        event.success = result.is_ok();
        event.error = result.as_ref().err().map(|error| error.message.clone());
        event.correlation_request_id = correlation;
        event.event_reference = request.reference;
        event.metadata = request.metadata;
        event.items = request.items;
        self.append(id, event);
        if let Some(transaction) = self.transactions.get_mut(id).filter(|_| result.is_ok()) {
            match operation {
                Operation::Capture => transaction.captured += amount,
                Operation::Refund => transaction.refunded += amount,
                Operation::Void => {}
            }
            transaction.closed |= operation == Operation::Void || request.final_capture;
        }
        result.map(|_| ())
    }

    /// A cancelled session lets go of the money, when it was only begun or reserved.
    pub(super) fn void_for_cancel(&mut self, id: &str) -> Result<(), ApiError> {
        let transaction = self.find_transaction(id)?;
        let open = matches!(transaction.status, Status::Initiated | Status::Authorized | Status::OnHold);
        if !open || self.pending.iter().any(|pending| pending.transaction_id == id) {
            return Err(ApiError::new(400, "BAD_REQUEST", "the session has a payment that cannot be cancelled"));
        }
        let mut event = self.event(self.now_ms(), "VOID", Status::AuthorizationVoided, transaction.amount);
        event.created_by = Some(self.options.client_id.clone());
        self.append(id, event);
        if let Some(transaction) = self.transactions.get_mut(id) {
            transaction.closed = true;
        }
        Ok(())
    }

    /// `PUT transactions/{id}`: a second reference.
    ///
    /// # Errors
    /// 404, or 400 without a text.
    pub fn set_reference_2(&mut self, id: &str, body: &Value) -> Result<Value, ApiError> {
        self.tick();
        self.find_transaction(id)?;
        let Some(reference) = body["merchant_reference_2"].as_str() else {
            return Err(ApiError::new(400, "BAD_REQUEST", "merchant_reference_2 is required"));
        };
        let now = self.now_ms();
        if let Some(transaction) = self.transactions.get_mut(id) {
            transaction.merchant_reference_2 = Some(reference.to_owned());
            transaction.updated_at_ms = now;
        }
        Ok(self.find_transaction(id)?.read())
    }
}
