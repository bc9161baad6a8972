//! A transaction as it is read (facts 5).

use super::session::Marks;
use super::{lenient, names};
use crate::gateway::dintero::policy;
use crate::link::{TransactionEvent, TransactionFacts};
use crate::text::cleaned;
use serde::Deserialize;
use serde_json::Value;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Transaction {
    #[serde(deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    session_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    merchant_reference: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    status: Option<String>,
    #[serde(deserialize_with = "lenient::whole")]
    amount: Option<i64>,
    #[serde(deserialize_with = "lenient::text")]
    currency: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    payment_product_type: Option<String>,
    #[serde(deserialize_with = "lenient::time")]
    created_at: Option<i64>,
    #[serde(deserialize_with = "lenient::time")]
    updated_at: Option<i64>,
    #[serde(deserialize_with = "lenient::list")]
    events: Vec<Event>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Event {
    #[serde(deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    event: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    transaction_status: Option<String>,
    #[serde(deserialize_with = "lenient::flag")]
    success: Option<bool>,
    #[serde(deserialize_with = "lenient::whole")]
    amount: Option<i64>,
    #[serde(deserialize_with = "lenient::time")]
    created_at: Option<i64>,
    #[serde(deserialize_with = "lenient::text")]
    event_reference: Option<String>,
    #[serde(deserialize_with = "lenient::part")]
    metadata: Marks,
    #[serde(deserialize_with = "lenient::part")]
    error: EventError,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct EventError {
    #[serde(deserialize_with = "lenient::text")]
    code: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    message: Option<String>,
}

/// The transaction in an answer, or `None` when it lacks its id, amount or currency. A status that is not told is
/// `Unknown`.
pub(in crate::gateway::dintero) fn read_transaction(value: Value) -> Option<TransactionFacts> {
    let read: Transaction = serde_json::from_value(value).ok()?;
    Some(TransactionFacts {
        id: read.id?,
        session_id: read.session_id,
        reference: read.merchant_reference,
        status: names::transaction_status(read.status),
        amount: read.amount?,
        currency: read.currency?,
        method: read.payment_product_type,
        created_at: read.created_at,
        updated_at: read.updated_at,
        events: read.events.into_iter().filter_map(event).collect(),
    })
}

fn event(read: Event) -> Option<TransactionEvent> {
    let message = read.error.message.map(|message| cleaned(&message, policy::MAX_MESSAGE));
    Some(TransactionEvent {
        id: read.id,
        kind: names::transaction_event(read.event?, read.transaction_status.as_deref()),
        success: read.success,
        amount: read.amount,
        at: read.created_at,
        reference: read.event_reference,
        entry_id: read.metadata.ext_paylink_entry,
        error: read.error.code.map(|code| cleaned(&code, policy::MAX_CODE)).or(message),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::{TransactionEventKind, TransactionStatus};
    use serde_json::json;

    #[test]
    fn an_authorisation_that_ended_on_hold_is_no_authorisation() {
        let event = |status| json!({"event": "AUTHORIZE", "transaction_status": status, "success": true});
        let transaction = read_transaction(json!({
            "id": "t", "status": "AUTHORIZED", "amount": 100, "currency": "NOK",
            "events": [event("ON_HOLD"), event("AUTHORIZED")]
        }))
        .unwrap();
        let kinds: Vec<_> = transaction.events.iter().map(|event| event.kind.clone()).collect();
        assert_eq!(kinds, [TransactionEventKind::OnHold, TransactionEventKind::Authorize]);
    }

    #[test]
    fn a_transaction_is_read_with_its_events() {
        let transaction = read_transaction(json!({
            "id": "T12000001.465UfBENeLpkBvwmqfTC4k", "session_id": "T12000001.465U8CUzaPVpneu1wt8Wei",
            "merchant_reference": "HON-7K3M-12", "status": "PARTIALLY_CAPTURED", "amount": 72200, "currency": "NOK",
            "payment_product": "bambora", "payment_product_type": "bambora.vipps",
            "created_at": "2019-01-18T13:13:37.175Z", "updated_at": "2019-01-18T15:37:00.879Z",
            "events": [
                {"event": "INITIATE", "transaction_status": "INITIATED", "success": true},
                {"event": "CAPTURE", "success": true, "amount": 59700.0, "created_at": "2019-01-18T15:37:00.879Z",
                 "event_reference": "HON-7K3M-12-c1", "metadata": {"ext_paylink_entry": "e"}},
                {"event": "CAPTURE", "success": false, "error": {"message": "no", "code": "51"}},
                {"event": "CAPTURE", "success": false, "error": {"message": "no"}},
                {"success": true}
            ]
        }))
        .unwrap();
        assert_eq!(transaction.status, TransactionStatus::PartiallyCaptured);
        assert_eq!(transaction.sum(&TransactionEventKind::Capture), 59_700);
        assert_eq!(transaction.events.len(), 4, "an event without a name is none");
        assert_eq!(transaction.events[1].entry_id.as_deref(), Some("e"));
        assert_eq!(transaction.events[1].reference.as_deref(), Some("HON-7K3M-12-c1"));
        assert_eq!(transaction.events[2].error.as_deref(), Some("51"));
        assert_eq!(transaction.events[3].error.as_deref(), Some("no"));
    }

    #[test]
    fn a_transaction_without_money_is_none() {
        let whole = json!({"id": "T1.t", "amount": "100", "currency": "NOK"});
        assert_eq!(read_transaction(whole.clone()).unwrap().status, TransactionStatus::Unknown);
        for field in ["id", "amount", "currency"] {
            let mut part = whole.clone();
            part.as_object_mut().unwrap().remove(field);
            assert_eq!(read_transaction(part), None, "{field}");
        }
    }
}
