//! Reads and lists: addresses, pages, and what a refusal means.

use super::server::{Asked, Server, json};
use super::*;
use crate::gateway::{Fault, Gateway, Listed, NotDone, Rejection, SessionQuery, TransactionQuery};
use crate::order::PaymentMethod;
use std::fmt::Write;

/// A page of sessions with these numbers.
fn page(numbers: std::ops::Range<usize>) -> String {
    let mut all = String::new();
    for n in numbers {
        let _ = write!(
            all,
            r#"{}{{"id":"T12345678.{n}","amount":100,"currency":"NOK"}}"#,
            if all.is_empty() { "" } else { "," }
        );
    }
    format!("[{all}]")
}

/// Serves `total` elements by `limit` and `starting_after`.
fn paged(asked: &Asked, total: usize) -> String {
    let url = url::Url::parse("http://x").unwrap().join(&asked.target).unwrap();
    let find = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let limit: usize = find("limit").unwrap().parse().unwrap();
    let from = find("starting_after").map_or(0, |last| last.rsplit('.').next().unwrap().parse::<usize>().unwrap() + 1);
    page(from..total.min(from + limit))
}

fn shape<T>(outcome: Answer<Listed<T>>) -> (usize, bool) {
    match outcome {
        Ok(listed) => (listed.items.len(), listed.complete),
        Err(why) => panic!("{}", why.name()),
    }
}

#[tokio::test]
async fn a_list_is_read_to_its_empty_page() {
    for (total, pages) in [(0, 1), (99, 2), (100, 2), (250, 4)] {
        let server = Server::with_tokens(move |asked, _| json(200, &paged(asked, total)));
        let outcome = client(&server.origin).sessions(&SessionQuery::default()).await;
        assert_eq!(shape(outcome), (total, true), "{total}");
        assert_eq!(server.calls().len(), pages, "{total}");
    }
}

#[tokio::test]
async fn a_provider_that_caps_its_pages_is_read_to_the_end_all_the_same() {
    let server = Server::with_tokens(|asked, _| {
        json(200, &paged(&Asked { target: capped(&asked.target), ..asked.clone() }, 60))
    });
    let outcome = client(&server.origin).sessions(&SessionQuery::default()).await;
    assert_eq!((shape(outcome), server.calls().len()), ((60, true), 4), "25, 25, 10, and none");
}

/// As if 25 had been asked for.
fn capped(target: &str) -> String {
    target.replace("limit=100", "limit=25")
}

#[tokio::test]
async fn a_list_that_is_cut_short_says_so() {
    let server = Server::with_tokens(|asked, _| json(200, &paged(asked, 1_000)));
    let query = SessionQuery { max_pages: 2, created_from: Some(0), ..SessionQuery::default() };
    assert_eq!(shape(client(&server.origin).sessions(&query).await), (200, false));
    let calls = server.calls();
    assert_eq!(calls[0].target, "/v1/sessions?created_at.gte=1970-01-01T00%3A00%3A00Z&limit=100");
    assert!(calls[1].target.ends_with("&limit=100&starting_after=T12345678.99"), "{}", calls[1].target);
}

#[tokio::test]
async fn a_provider_that_gives_the_same_page_again_does_not_hold_us_forever() {
    let server = Server::with_tokens(|_, _| json(200, &page(0..100)));
    let outcome = client(&server.origin).sessions(&SessionQuery::default()).await;
    assert_eq!(shape(outcome), (100, false));
    assert_eq!(server.calls().len(), 2);
}

#[tokio::test]
async fn half_a_list_is_no_list() {
    let server = Server::with_tokens(|asked, n| match n {
        1 => json(200, &paged(asked, 300)),
        _ => json(500, "{}"),
    });
    let outcome = client(&server.origin).sessions(&SessionQuery::default()).await;
    assert_eq!(outcome, Err(NotDone::Unclear(Fault::ServerError)));
}

#[tokio::test]
async fn a_list_that_is_refused_says_how() {
    for (status, body) in [(403, r#"{"message":"Forbidden"}"#), (404, ""), (403, r#"{"error":{"message":"x"}}"#)] {
        let server = Server::with_tokens(move |_, _| json(status, body));
        let told = match client(&server.origin).sessions(&SessionQuery::default()).await {
            Err(NotDone::Forbidden(Rejection { status, .. }) | NotDone::Rejected(Rejection { status, .. })) => status,
            other => panic!("{status} {body}: {other:?}"),
        };
        assert_eq!(told, status);
    }
}

#[tokio::test]
async fn transactions_of_many_sessions_are_asked_for_in_portions() {
    let server = Server::with_tokens(|_, n| json(200, &if n % 2 == 1 { page(n * 10..n * 10 + 2) } else { page(0..0) }));
    let ids = (0..130).map(|n| format!("T12345678.{n}")).collect();
    let outcome = client(&server.origin).transactions(&TransactionQuery::Sessions(ids)).await;
    assert_eq!(shape(outcome), (4, true));
    let counts: Vec<_> = server.calls().iter().map(|call| call.target.matches("session_id=").count()).collect();
    assert_eq!(counts, [100, 100, 30, 30], "each to its empty page");
    let nothing = client(&server.origin).transactions(&TransactionQuery::Sessions(Vec::new())).await;
    assert_eq!(shape(nothing), (0, true));
    assert_eq!(server.calls().len(), 4, "no ids, no request");
}

#[tokio::test]
async fn a_transaction_is_read_by_its_id() {
    let server =
        Server::with_tokens(|_, _| json(200, r#"{"id":"T1.t","amount":100,"currency":"NOK","status":"CAPTURED"}"#));
    let Ok(read) = client(&server.origin).transaction("T1.t/x").await else { panic!() };
    assert_eq!(read.amount, 100);
    assert_eq!(
        (server.calls()[0].method.as_str(), server.calls()[0].target.as_str()),
        ("GET", "/v1/transactions/T1.t%2Fx")
    );
}

#[tokio::test]
async fn the_profile_is_read_under_v1_whatever_the_prefix() {
    let body = r#"{"profile_id":"T12345678.x y","configuration":{"bambora":{"vipps":{"enabled":true}}}}"#;
    let server = Server::with_tokens(move |_, _| json(200, body));
    let mut settings = settings(&server.origin);
    settings.at.api_prefix = "/v1/accounts/{account}/payments".to_owned();
    settings.at.profile_id = "T12345678.x y".to_owned();
    let client = client_with(settings, Arc::new(Keys::default()), clock());
    let Ok(profile) = client.profile().await else { panic!() };
    assert_eq!(profile.methods, [PaymentMethod::new("bambora.vipps")]);
    assert_eq!(client.session("T1.a").await, Err(NotDone::Unclear(Fault::NotJson)), "not a session");
    let targets: Vec<_> = server.calls().into_iter().map(|call| call.target).collect();
    assert_eq!(
        targets,
        ["/v1/admin/session/profiles/T12345678.x%20y", "/v1/accounts/T12345678/payments/sessions/T1.a"]
    );
}
