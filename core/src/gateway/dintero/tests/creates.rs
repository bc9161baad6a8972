//! Creating a session over HTTP.

use super::orders::{honey, only};
use super::server::{Server, json};
use super::{client, client_with, clock, settings};
use crate::gateway::{Fault, Gateway, NotDone};
use std::sync::Arc;
use std::time::Duration;

const CREATED: &str = r#"{"id":"T12345678.4XinCpySVmB1ABreRCBqNi",
    "url":"https://checkout.dintero.com/v1/view/T12345678.4XinCpySVmB1ABreRCBqNi",
    "publish":[{"channel":"sms","type":"checkout-link","id":"1","status":"skipped"}]}"#;

#[tokio::test]
async fn a_session_is_created_once_with_its_sums_checked() {
    let server = Server::with_tokens(|_, _| json(200, CREATED));
    let client = client(&server.origin);
    let Ok(created) = client.create(&honey()).await else { panic!() };
    assert_eq!(created.id, "T12345678.4XinCpySVmB1ABreRCBqNi");
    assert_eq!(created.published[0].status, Some(crate::link::PublishStatus::Skipped));
    let [asked] = server.calls().try_into().unwrap();
    assert_eq!((asked.method.as_str(), asked.target.as_str()), ("POST", "/v1/sessions-profile"));
    assert_eq!(asked.header("content-type"), Some("application/json"));
    assert_eq!(asked.header("dintero-feature-toggles"), Some("strict-session-amounts"));
    assert_eq!(asked.json()["order"]["amount"], 29_800);
    assert_eq!(asked.json()["profile_id"], "default");
    assert_eq!(client.create(&only(&["vipps"])).await.map(|_| ()), Ok(()));
    assert_eq!(server.calls()[1].target, "/v1/sessions");
}

#[tokio::test]
async fn a_lost_reply_is_unclear_and_a_refusal_is_not() {
    for (status, body, expected) in [
        (200, r#"{"url":"https://x"}"#, NotDone::Unclear(Fault::NoId)),
        (200, "<html>", NotDone::Unclear(Fault::NotJson)),
        (200, r#"{"id":"T1"#, NotDone::Unclear(Fault::Cut)),
        (500, r#"{"error":{"message":"x"}}"#, NotDone::Unclear(Fault::ServerError)),
        (503, r#"{"error":{"message":"x"}}"#, NotDone::Unclear(Fault::ServerError)),
    ] {
        let server = Server::with_tokens(move |_, _| json(status, body));
        assert_eq!(client(&server.origin).create(&honey()).await, Err(expected), "{status} {body}");
        assert_eq!(server.calls().len(), 1, "never sent again by itself");
    }
    let server = Server::with_tokens(|_, _| json(400, r#"{"error":{"code":"c","message":"no"}}"#));
    let Err(NotDone::Rejected(rejection)) = client(&server.origin).create(&honey()).await else { panic!() };
    assert_eq!((rejection.code.as_deref(), rejection.message.as_str()), (Some("c"), "no"));
}

#[tokio::test]
async fn an_order_that_cannot_be_sent_asks_nobody() {
    let server = Server::with_tokens(|_, _| json(200, CREATED));
    let mut request = honey();
    request.expires_at = crate::clock::ProviderTime::from_ms(i64::MAX);
    assert_eq!(client(&server.origin).create(&request).await.map_err(|why| why.name()).map(|_| ()), Err("rejected"));
    assert_eq!(server.tokens().len(), 0);
}

#[tokio::test]
async fn a_call_that_is_dropped_mid_way_leaves_the_client_usable() {
    let server = Server::start(|asked, n| match (asked.is_token(), n) {
        (true, 1) => super::server::Act::Hang,
        (true, n) => super::server::token(n),
        (false, _) => json(200, CREATED),
    });
    let client = client_with(settings(&server.origin), Arc::new(super::Keys::default()), clock());
    let request = honey();
    let dropped = tokio::time::timeout(Duration::from_millis(100), client.create(&request)).await;
    assert!(dropped.is_err());
    assert_eq!(client.create(&request).await.map(|_| ()), Ok(()));
}
