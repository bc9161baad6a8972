//! What a read shows, which may be less than there is: the past as of `read_lag_ms` ago, without what the options leave
//! out, and with events and a status that nobody knows.

use serde_json::{Map, Value, json};

use super::{ApiError, Engine, Session, Status, Transaction};
use crate::clock::rfc3339;
use crate::options::Options;

/// The status that nobody knows.
const ODD_STATUS: &str = "AUTHENTICATING";
/// The event that nobody knows.
const ODD_EVENT: &str = "SET_LOYALTY_NUMBER";

/// How far a read sees.
pub(super) struct Sight {
    /// What happened later does not show, UTC milliseconds.
    until_ms: i64,
    metadata: bool,
    events: bool,
}

impl Sight {
    /// Of one that is read by its id.
    pub(super) fn read(options: &Options, now_ms: i64) -> Self {
        let until_ms = now_ms.saturating_sub(options.read_lag_ms);
        Self { until_ms, metadata: !options.read_without_metadata, events: true }
    }

    /// Of one that is listed.
    pub(super) fn listed(options: &Options, now_ms: i64) -> Self {
        let (metadata, events) = (!options.list_without_metadata, !options.list_without_events);
        Self { metadata, events, ..Self::read(options, now_ms) }
    }

    /// Of one that an operation answers with: what it has just done is in it.
    pub(super) fn fresh(options: &Options, now_ms: i64) -> Self {
        Self { until_ms: now_ms, ..Self::read(options, now_ms) }
    }

    /// Whether what was made then shows at all.
    pub(super) fn begins(&self, created_at_ms: i64) -> bool {
        created_at_ms <= self.until_ms
    }
}

impl Engine {
    /// A session as the operation that has just changed it answers it.
    ///
    /// # Errors
    /// 404 when there is none.
    pub(crate) fn changed_session(&self, id: &str) -> Result<Value, ApiError> {
        let sight = Sight::fresh(&self.options, self.now_ms());
        let seen = self.seen_session(self.find_session(id)?, &sight);
        seen.ok_or_else(|| ApiError::not_found("session"))
    }

    /// A session as this sight has it; `None` when it does not show yet.
    pub(super) fn seen_session(&self, session: &Session, sight: &Sight) -> Option<Value> {
        if !sight.begins(session.created_at_ms) {
            return None;
        }
        let mut past = session.clone();
        past.events.retain(|event| event.created_at_ms <= sight.until_ms);
        let begun = |id: &String| self.transactions.get(id).is_some_and(|one| sight.begins(one.created_at_ms));
        past.transaction_id = past.transaction_id.filter(begun);
        if past.cancelled_at_ms.is_some_and(|at| at > sight.until_ms) {
            (past.cancelled_at_ms, past.cancelled_by) = (None, None);
        }
        let mut read = past.read_with(sight.metadata);
        let fields = read.as_object_mut()?;
        self.dress(fields, session.created_at_ms, "name");
        if !sight.events {
            fields.remove("events");
        }
        if self.options.read_without_publish
            && let Some(configuration) = fields.get_mut("configuration").and_then(Value::as_object_mut)
        {
            configuration.remove("publish");
        }
        Some(read)
    }

    /// A transaction as this sight has it; `None` when it does not show yet.
    pub(super) fn seen_transaction(&self, transaction: &Transaction, sight: &Sight) -> Option<Value> {
        if !sight.begins(transaction.created_at_ms) {
            return None;
        }
        let mut past = transaction.clone();
        past.events.retain(|event| event.created_at_ms <= sight.until_ms);
        if let Some(last) = past.events.last() {
            (past.status, past.updated_at_ms) = (last.status, last.created_at_ms);
        }
        let mut read = past.read();
        let fields = read.as_object_mut()?;
        self.dress(fields, transaction.created_at_ms, "event");
        if self.options.odd_status && matches!(past.status, Status::Initiated | Status::OnHold) {
            fields.insert("status".to_owned(), json!(ODD_STATUS));
        }
        Some(read)
    }

    /// The time of its making by the clock that writes it, and an event of a kind that nobody knows.
    fn dress(&self, fields: &mut Map<String, Value>, created_at_ms: i64, name: &str) {
        let created = rfc3339(created_at_ms.saturating_add(self.options.created_skew_ms));
        if self.options.odd_events
            && let Some(events) = fields.get_mut("events").and_then(Value::as_array_mut)
        {
            events.push(json!({ "id": "odd", name: ODD_EVENT, "created_at": created, "request_id": "odd" }));
        }
        fields.insert("created_at".to_owned(), json!(created));
    }
}
