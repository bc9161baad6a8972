//! Answers made from the provider's description are read, every name in them included.

use super::description::Description;
use crate::gateway::LinkUrl;
use crate::gateway::dintero::wire;
use crate::link::{PublishStatus, SessionEventName, TransactionEventKind, TransactionStatus};
use crate::order::PaymentMethod;
use serde_json::{Value, json};

const ROUNDS: usize = 3;

fn answer(description: &Description, pointer: &str, n: usize) -> Value {
    let response = description.at(pointer);
    let response = response["$ref"].as_str().map_or(response, |target| description.at(target.trim_start_matches('#')));
    description.sample(&response["content"]["application/json"]["schema"], n)
}

fn names<'a>(description: &'a Description, pointer: &str) -> Vec<&'a str> {
    description.at(pointer).as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect()
}

#[test]
fn a_created_session_is_read() {
    let description = Description::load();
    for n in 0..ROUNDS {
        let created =
            wire::read_created(answer(&description, "/paths/~1sessions-profile/post/responses/200", n), false).unwrap();
        assert_eq!(created.id, "text");
        let LinkUrl::Given(url) = created.url else { panic!() };
        assert!(url.starts_with("https://checkout.api.dintero.com/v1/view/"));
        assert_eq!(created.published[0].push, n % 2 == 1);
        let statuses = [PublishStatus::Sent, PublishStatus::Skipped, PublishStatus::Failed];
        assert_eq!(created.published[0].status.as_ref(), Some(&statuses[n % 3]));
    }
}

#[test]
fn a_session_is_read_alone_and_after_a_cancel() {
    let description = Description::load();
    for path in [
        "/paths/~1sessions~1{session_id}/get/responses/200",
        "/paths/~1sessions~1{session_id}~1cancel/post/responses/200",
    ] {
        let session = wire::read_session(answer(&description, path, 0)).unwrap();
        assert_eq!(session.amount, Some(72_200));
        assert_eq!(session.currency.as_deref(), Some("NOK"));
        assert_eq!(session.reference.as_deref(), Some("text"));
        assert_eq!(session.transaction_id.as_deref(), Some("text"));
        for time in [session.created_at, session.expires_at, session.cancelled_at] {
            assert_eq!(time, Some(1_795_514_400_123));
        }
        assert_eq!(session.events.len(), 4, "the description's own example");
    }
}

#[test]
fn a_transaction_is_read_with_its_own_example_of_events() {
    let description = Description::load();
    for n in 0..ROUNDS {
        let sample = answer(&description, "/paths/~1transactions~1{id}/get/responses/200", n);
        let transaction = wire::read_transaction(sample).unwrap();
        assert_eq!((transaction.amount, transaction.currency.as_str()), (72_200, "NOK"));
        assert_eq!(transaction.session_id.as_deref(), Some("P00000000.465U8CUzaPVpneu1wt8Wei"));
        assert_eq!(transaction.events.len(), 4);
        assert_eq!(transaction.sum(&TransactionEventKind::Capture), 68_300);
    }
    let Value::Array(list) = answer(&description, "/paths/~1transactions/get/responses/200", 0) else { panic!() };
    assert!(list.into_iter().all(|one| wire::read_transaction(one).is_some()));
}

#[test]
fn every_name_of_a_session_event_is_kept() {
    let description = Description::load();
    let all = names(&description, "/components/schemas/SessionMeta/properties/events/items/properties/name/enum");
    let events: Vec<_> = all.iter().map(|name| json!({"name": name})).collect();
    let session = wire::read_session(json!({"id": "T1.a", "events": events})).unwrap();
    let read: Vec<String> = session.events.iter().map(|event| String::from(event.name.clone())).collect();
    assert_eq!(read.len(), all.len());
    assert!(read.iter().zip(&all).all(|(read, name)| read.eq_ignore_ascii_case(name)), "{read:?}");
    let known = session.events.iter().filter(|event| !matches!(event.name, SessionEventName::Other(_))).count();
    assert_eq!(known, 7, "each name that means something to us is one of the provider's");
}

#[test]
fn every_status_and_event_of_a_transaction_is_known() {
    let description = Description::load();
    for status in names(&description, "/components/schemas/Transaction/allOf/1/properties/status/enum") {
        let read =
            wire::read_transaction(json!({"id": "t", "amount": 1, "currency": "NOK", "status": status})).unwrap();
        assert!(!matches!(read.status, TransactionStatus::Other(_)), "{status}");
        assert!(String::from(read.status).eq_ignore_ascii_case(status), "{status}");
    }
    for event in names(&description, "/components/schemas/TransactionEvent/properties/event/enum") {
        let read =
            wire::read_transaction(json!({"id": "t", "amount": 1, "currency": "NOK", "events": [{"event": event}]}));
        let kind = String::from(read.unwrap().events[0].kind.clone());
        assert!(kind.eq_ignore_ascii_case(event), "{event}");
    }
    let newer = wire::read_transaction(json!({"id": "t", "amount": 1, "currency": "NOK", "status": "NEWER"})).unwrap();
    assert_eq!(newer.status, TransactionStatus::Other("NEWER".to_owned()));
}

#[test]
fn an_event_of_a_transaction_is_read_whole() {
    let description = Description::load();
    let event = description.sample(description.at("/components/schemas/TransactionEvent"), 2);
    let read = wire::read_transaction(json!({"id": "t", "amount": 1, "currency": "NOK", "events": [event]})).unwrap();
    let event = &read.events[0];
    assert_eq!((event.success, event.at), (Some(true), Some(1_795_514_400_123)));
    assert_eq!((event.reference.as_deref(), event.error.as_deref()), (Some("text"), Some("text")));
    assert_eq!(event.amount, None, "half an øre is no amount");
}

#[test]
fn a_token_and_an_error_are_read() {
    let description = Description::load();
    let (_, life) =
        wire::read_token(answer(&description, "/paths/~1accounts~1{oid}~1auth~1token/post/responses/200", 0)).unwrap();
    assert_eq!(life.as_secs(), 86_400);
    for name in ["BadRequest", "AccessForbidden", "Forbidden", "NotFound", "ServerError", "Conflict", "TooManyRequests"]
    {
        let sample = answer(&description, &format!("/components/responses/{name}"), 0);
        let rejection = wire::rejection(400, &sample).unwrap();
        assert_eq!((rejection.code.as_deref(), rejection.message.as_str()), (Some("text"), "text"), "{name}");
    }
}

#[test]
fn the_methods_of_a_profile_are_those_that_transactions_name() {
    let description = Description::load();
    let configuration = description.sample(
        description.at("/paths/~1sessions-profile/post/requestBody/content/application~1json/schema"),
        0,
    )["configuration"]
        .clone();
    let profile = wire::read_profile(json!({"configuration": configuration}), "default").unwrap();
    assert!(profile.publishes);
    let known = names(&description, "/components/schemas/Transaction/allOf/1/properties/payment_product_type/enum");
    let missing: Vec<_> = known.iter().filter(|name| !profile.methods.contains(&PaymentMethod::new(name))).collect();
    assert_eq!(missing, [&"dintero.zero", &"dintero.external"]);
    assert!(profile.methods.iter().all(|method| !method.code().starts_with("discounts")));
}
