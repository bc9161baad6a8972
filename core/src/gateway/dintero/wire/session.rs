//! A session as it is read (facts 3). It has no status of its own: the status is derived from these facts elsewhere.

use super::{lenient, names};
use crate::gateway::dintero::policy;
use crate::link::{Published, SessionEvent, SessionFacts};
use serde::Deserialize;
use serde_json::Value;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Session {
    #[serde(deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(deserialize_with = "lenient::time")]
    created_at: Option<i64>,
    #[serde(deserialize_with = "lenient::time")]
    expires_at: Option<i64>,
    #[serde(deserialize_with = "lenient::time")]
    cancelled_at: Option<i64>,
    #[serde(deserialize_with = "lenient::text")]
    transaction_id: Option<String>,
    #[serde(deserialize_with = "lenient::part")]
    order: Order,
    #[serde(deserialize_with = "lenient::part")]
    metadata: Marks,
    #[serde(deserialize_with = "lenient::list")]
    publish: Vec<Publish>,
    #[serde(deserialize_with = "lenient::part")]
    configuration: Configuration,
    #[serde(deserialize_with = "lenient::list")]
    events: Vec<Event>,
}

/// Read bodies repeat what was asked for at the creation (facts 3); what became of it may stand in either place.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Configuration {
    #[serde(deserialize_with = "lenient::list")]
    publish: Vec<Publish>,
}

/// A message to the customer.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Publish {
    #[serde(deserialize_with = "lenient::text")]
    channel: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    status: Option<String>,
}

pub(super) fn published(all: Vec<Publish>) -> Vec<Published> {
    let one = |one: Publish| {
        Some(Published { push: one.channel? == names::PUSH, status: one.status.map(names::publish_status) })
    };
    all.into_iter().filter_map(one).collect()
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Order {
    #[serde(deserialize_with = "lenient::whole")]
    amount: Option<i64>,
    #[serde(deserialize_with = "lenient::text")]
    currency: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    merchant_reference: Option<String>,
}

/// What we wrote into `metadata`, where it comes back.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Marks {
    #[serde(deserialize_with = "lenient::text")]
    pub(super) ext_paylink_order: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub(super) ext_paylink_entry: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Event {
    #[serde(deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    name: Option<String>,
    #[serde(deserialize_with = "lenient::time")]
    created_at: Option<i64>,
    #[serde(deserialize_with = "lenient::part")]
    details: Details,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Details {
    #[serde(deserialize_with = "lenient::text")]
    payment_product_type: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    error: Option<String>,
}

/// The session in an answer, or `None` when there is no session id in it.
pub(in crate::gateway::dintero) fn read_session(value: Value) -> Option<SessionFacts> {
    let read: Session = serde_json::from_value(value).ok()?;
    Some(SessionFacts {
        id: read.id?,
        reference: read.order.merchant_reference,
        amount: read.order.amount,
        currency: read.order.currency,
        created_at: read.created_at,
        expires_at: read.expires_at,
        cancelled_at: read.cancelled_at,
        transaction_id: read.transaction_id,
        order_id: read.metadata.ext_paylink_order,
        entry_id: read.metadata.ext_paylink_entry,
        published: published(read.configuration.publish.into_iter().chain(read.publish).collect()),
        events: read.events.into_iter().filter_map(event).collect(),
    })
}

fn event(read: Event) -> Option<SessionEvent> {
    let detail = read.details.payment_product_type.or(read.details.error).filter(|detail| is_code(detail));
    Some(SessionEvent { id: read.id, name: names::session_event(read.name?), at: read.created_at, detail })
}

/// Whether a detail is a name and not a sentence, which might quote the customer (rule 8).
fn is_code(text: &str) -> bool {
    text.len() <= policy::MAX_CODE
        && text.starts_with(|one: char| one.is_ascii_alphabetic())
        && text.bytes().all(|one| one.is_ascii_alphanumeric() || matches!(one, b'_' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::{PublishStatus, SessionEventName};
    use serde_json::json;

    #[test]
    fn the_documented_events_are_read() {
        let session = read_session(json!({"id": "T12000001.4XinCpySVmB1ABreRCBqNi", "events": [
            {"id": "769952fe-86c9-4185-a1ce-aeb46da3509c", "name": "INITIATED", "created_at": "2019-05-09T09:13:40.306Z",
             "request_id": "b97b6312-f8b3-11ed-be56-0242ac120002"},
            {"name": "VISITED", "created_at": "2019-05-09T09:13:50.548Z"},
            {"name": "PAY_FAILED", "created_at": "2019-05-09T09:14:10.548Z",
             "details": {"error": "Rejected", "payment_product_type": "instabank.finance"}},
            {"name": "FAILED", "created_at": "2019-05-09T09:16:11.786Z"}
        ]}))
        .unwrap();
        let names: Vec<_> = session.events.iter().map(|event| event.name.clone()).collect();
        assert_eq!(
            names,
            [
                SessionEventName::Other("INITIATED".to_owned()),
                SessionEventName::Visited,
                SessionEventName::PayFailed,
                SessionEventName::Failed
            ]
        );
        assert_eq!(session.events[2].detail.as_deref(), Some("instabank.finance"));
        assert_eq!(session.events[1].at, Some(1_557_393_230_548));
    }

    #[test]
    fn a_session_without_an_id_is_none_and_one_with_just_an_id_is_enough() {
        assert_eq!(read_session(json!({"order": {}})), None);
        assert_eq!(read_session(json!([])), None);
        let bare = read_session(json!({"id": "T1.a", "events": null, "order": null, "metadata": []})).unwrap();
        assert_eq!(bare, SessionFacts { id: "T1.a".to_owned(), ..SessionFacts::default() });
    }

    #[test]
    fn what_became_of_a_message_is_read_where_it_is_told() {
        let sent = [Published { push: false, status: Some(PublishStatus::Sent) }];
        let asked = [Published { push: false, status: None }];
        for (told, expected) in [
            (json!({"id": "P1.a", "configuration": {"publish": [{"channel": "sms", "status": "sent"}]}}), &sent[..]),
            (json!({"id": "P1.a", "publish": [{"channel": "sms", "status": "sent"}]}), &sent[..]),
            (json!({"id": "P1.a", "configuration": {"publish": [{"channel": "sms"}]}}), &asked[..]),
            (json!({"id": "P1.a", "configuration": null}), &[]),
        ] {
            assert_eq!(read_session(told.clone()).unwrap().published, expected, "{told}");
        }
    }

    #[test]
    fn a_detail_never_carries_a_sentence() {
        let session = read_session(json!({"id": "T1.a", "events": [
            {"name": "PAY_FAILED", "details": {"error": "Ola Nordmann has no money"}},
            {"name": "PAY_FAILED", "details": {"error": "+4799999999"}},
            {"name": "PAY_FAILED", "details": {"error": "Rejected"}}
        ]}))
        .unwrap();
        let details: Vec<_> = session.events.iter().map(|event| event.detail.as_deref()).collect();
        assert_eq!(details, [None, None, Some("Rejected")]);
    }
}
