//! Writing a transaction's events; each sets the status.

use super::transaction::{Status, Transaction, TransactionEvent};
use super::{ApiError, Engine};

impl Engine {
    /// The merchant gets the money: a SETTLEMENT event.
    ///
    /// # Errors
    /// 404, or 400 when nothing was captured.
    pub fn settle(&mut self, transaction_id: &str) -> Result<(), ApiError> {
        self.tick();
        let transaction = self.find_transaction(transaction_id)?;
        let (status, amount) = (transaction.status, transaction.captured - transaction.refunded);
        if transaction.captured == 0 {
            return Err(ApiError::new(400, "BAD_REQUEST", "nothing to settle"));
        }
        self.record(transaction_id, self.now_ms(), "SETTLEMENT", status, amount);
        if let Some(transaction) = self.transactions.get_mut(transaction_id) {
            transaction.settled = true;
        }
        Ok(())
    }

    pub(super) fn find_transaction(&self, id: &str) -> Result<&Transaction, ApiError> {
        self.transactions.get(id).ok_or_else(|| ApiError::not_found("transaction"))
    }

    /// Adds a successful event that nobody's client asked for.
    pub(super) fn record(&mut self, id: &str, at_ms: i64, event: &'static str, status: Status, amount: i64) {
        let event = self.event(at_ms, event, status, amount);
        self.append(id, event);
    }

    pub(super) fn refuse(&mut self, id: &str, message: &str, status: Status) {
        let amount = self.transactions.get(id).map(|transaction| transaction.amount).unwrap_or_default();
        let mut event = self.event(self.now_ms(), "AUTHORIZE", status, amount);
        event.success = false;
        event.error = Some(message.to_owned());
        self.append(id, event);
    }

    pub(super) fn event(&mut self, at_ms: i64, event: &'static str, status: Status, amount: i64) -> TransactionEvent {
        TransactionEvent {
            id: self.ids.uuid(),
            event,
            status,
            success: true,
            amount,
            created_at_ms: at_ms,
            created_by: None,
            request_id: self.ids.uuid(),
            correlation_request_id: None,
            event_reference: None,
            metadata: None,
            items: None,
            error: None,
        }
    }

    /// Adds an event; the transaction takes its status.
    pub(super) fn append(&mut self, id: &str, event: TransactionEvent) {
        if let Some(transaction) = self.transactions.get_mut(id) {
            transaction.status = event.status;
            transaction.updated_at_ms = event.created_at_ms;
            transaction.events.push(event);
        }
    }
}
