//! What becomes of an operation when the way to the provider fails: only a connection that was never made is "not
//! sent"; everything else is unclear.

use super::server::{Act, Server, json, text};
use super::*;
use crate::clock::ServerTime;
use crate::gateway::{Fault, Gateway, NotDone};
use std::net::TcpListener;

const SESSION: &str = r#"{"id":"T12345678.a","cancelled_at":"2026-11-24T10:00:00Z"}"#;
const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const DATE_MS: i64 = 784_111_777_000;

async fn cancel(server: &Server) -> Answer<crate::link::SessionFacts> {
    client(&server.origin).cancel("T12345678.a").await
}

#[tokio::test]
async fn an_operation_that_is_done_says_so_once() {
    let server = Server::with_tokens(|_, _| json(200, SESSION));
    let Ok(session) = cancel(&server).await else { panic!("not accepted") };
    assert_eq!(session.cancelled_at, Some(1_795_514_400_000));
    let [asked] = server.calls().try_into().unwrap();
    assert_eq!((asked.method.as_str(), asked.target.as_str()), ("POST", "/v1/sessions/T12345678.a/cancel"));
    assert!(asked.body.is_empty());
    assert_eq!(asked.header("content-length"), Some("0"));
    assert_eq!(asked.header("dintero-system-name"), Some("Paylink"));
    assert_eq!(asked.header("dintero-system-version"), Some("0.1.0"));
    assert_eq!(asked.header("user-agent"), Some("Paylink/0.1.0"));
    assert_eq!(asked.header("dintero-feature-toggles"), None);
    assert_eq!(asked.header("referer"), None);
}

#[tokio::test]
async fn a_refused_port_is_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(client(&origin).cancel("T12345678.a").await, Err(NotDone::NotSent(Fault::NoNetwork)));
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut settings = settings(&format!("https://{}", listener.local_addr().unwrap()));
    settings.timeouts.connect = Duration::from_millis(200);
    let source = Arc::new(Ready { tokens: Mutex::new(vec!["t"]) });
    let client = client_with(settings, source, clock());
    assert_eq!(client.cancel("T12345678.a").await, Err(NotDone::NotSent(Fault::NoNetwork)));
}

#[tokio::test]
async fn a_server_that_is_not_the_trusted_one_is_not_sent_to() {
    let server = Server::start(|_, _| json(200, SESSION));
    let source = Arc::new(Ready { tokens: Mutex::new(vec!["t"]) });
    let client = client_with(settings(&server.origin.replace("http:", "https:")), source, clock());
    assert_eq!(client.cancel("T12345678.a").await, Err(NotDone::NotSent(Fault::NoNetwork)));
}

#[tokio::test]
async fn a_connection_that_is_closed_without_an_answer_is_a_cut() {
    let server = Server::with_tokens(|_, _| Act::SayAndClose(String::new()));
    assert_eq!(cancel(&server).await, Err(NotDone::Unclear(Fault::Cut)));
    assert_eq!(server.calls().len(), 1, "nothing is repeated");
}

#[tokio::test]
async fn a_truncated_answer_is_a_cut() {
    let whole = text(200, &[], SESSION);
    for length in [20, whole.len() - 30, whole.len() - 1] {
        let part = whole[..length].to_owned();
        let server = Server::with_tokens(move |_, _| Act::SayAndClose(part.clone()));
        assert_eq!(cancel(&server).await, Err(NotDone::Unclear(Fault::Cut)), "{length}");
        assert_eq!(server.calls().len(), 1);
    }
    let part = format!("HTTP/1.0 200 OK\r\n\r\n{}", &SESSION[..12]);
    let server = Server::with_tokens(move |_, _| Act::SayAndClose(part.clone()));
    assert_eq!(cancel(&server).await, Err(NotDone::Unclear(Fault::Cut)), "without a length only the JSON tells");
}

#[tokio::test]
async fn a_black_hole_is_a_timeout() {
    let server = Server::with_tokens(|_, _| Act::Hang);
    let mut settings = settings(&server.origin);
    settings.timeouts.write = Duration::from_millis(200);
    let client = client_with(settings, Arc::new(Keys::default()), clock());
    assert_eq!(client.cancel("T12345678.a").await, Err(NotDone::Unclear(Fault::Timeout)));
}

#[tokio::test]
async fn an_answer_that_stops_half_way_is_a_timeout() {
    let half = text(200, &[], SESSION)[..60].to_owned();
    let server = Server::with_tokens(move |_, n| match n {
        1 => Act::Say(half.clone()),
        _ => Act::Hang,
    });
    let mut settings = settings(&server.origin);
    settings.timeouts.write = Duration::from_millis(300);
    let client = client_with(settings, Arc::new(Keys::default()), clock());
    assert_eq!(client.cancel("T12345678.a").await, Err(NotDone::Unclear(Fault::Timeout)));
}

#[tokio::test]
async fn a_huge_answer_is_not_read_to_its_end() {
    let announced = "HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n{".to_owned();
    let server = Server::with_tokens(move |_, _| Act::SayAndClose(announced.clone()));
    assert_eq!(cancel(&server).await, Err(NotDone::Unclear(Fault::TooLarge)));
    let endless = format!("HTTP/1.1 200 OK\r\n\r\n{}", " ".repeat(super::super::policy::MAX_BODY + 1));
    let server = Server::with_tokens(move |_, _| Act::SayAndClose(endless.clone()));
    assert_eq!(cancel(&server).await, Err(NotDone::Unclear(Fault::TooLarge)));
}

#[tokio::test]
async fn a_captive_portal_is_unclear_and_teaches_no_time() {
    for (status, body) in [(200, "<html>Welcome</html>"), (302, ""), (200, r#"{"portal":true}"#)] {
        let answer = text(status, &[("Location", "http://127.0.0.1:1/login"), ("Date", DATE)], body);
        let server = Server::start(move |_, _| Act::Say(answer.clone()));
        let clock = clock();
        let source = Arc::new(Ready { tokens: Mutex::new(vec!["t"]) });
        let client = client_with(settings(&server.origin), source, clock.clone());
        let outcome = client.cancel("T12345678.a").await;
        assert_eq!(name(&outcome), "unclear", "{status} {body}");
        assert_eq!(server.calls().len(), 1, "no redirect is followed");
        assert_eq!(clock.now(), None);
    }
}

#[tokio::test]
async fn the_providers_time_is_learnt_from_answers_and_from_its_errors() {
    for (status, body) in [(200, SESSION), (404, r#"{"error":{"message":"no"}}"#)] {
        let answer = text(status, &[("Date", DATE)], body);
        let server = Server::with_tokens(move |_, _| Act::Say(answer.clone()));
        let clock = clock();
        let client = client_with(settings(&server.origin), Arc::new(Keys::default()), clock.clone());
        assert_eq!(client.sign_in(false).await, Ok(()));
        assert_eq!(clock.now().map(|now| now.known), Some(false), "an answer came, without a date");
        let _ = client.cancel("T12345678.a").await;
        let Some(ServerTime { at, known: true }) = clock.now() else { panic!("not known") };
        assert!((DATE_MS..DATE_MS + 5_000).contains(&at.ms()), "{at:?}");
    }
}

#[tokio::test]
async fn busy_says_how_long_and_a_server_error_says_nothing() {
    let server = Server::with_tokens(|_, _| Act::Say(text(429, &[("Retry-After", "3")], "")));
    assert_eq!(cancel(&server).await, Err(NotDone::Busy { retry_after_ms: Some(3_000) }));
    let date = text(429, &[("Retry-After", DATE)], "{}");
    let server = Server::with_tokens(move |_, _| Act::Say(date.clone()));
    assert_eq!(cancel(&server).await, Err(NotDone::Busy { retry_after_ms: Some(0) }));
    let server = Server::with_tokens(|_, _| Act::Say(text(503, &[("Retry-After", "3")], "{}")));
    assert_eq!(cancel(&server).await, Err(NotDone::Unclear(Fault::ServerError)));
    assert_eq!(client(&server.origin).session("T1.a").await, Err(NotDone::Busy { retry_after_ms: Some(3_000) }));
}

#[tokio::test]
async fn an_old_server_and_a_changed_network_are_fine() {
    let old = format!("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n{SESSION}");
    let server = Server::with_tokens(move |_, _| Act::SayAndClose(old.clone()));
    let client = client(&server.origin);
    for _ in 0..3 {
        assert_eq!(client.cancel("T12345678.a").await.map(|_| ()), Ok(()));
        client.network_changed();
    }
    assert_eq!(server.tokens().len(), 1, "the token outlives the connections");
}

#[tokio::test]
async fn an_operation_without_an_id_in_its_answer_is_unclear() {
    let server = Server::with_tokens(|_, _| json(200, "{}"));
    assert_eq!(cancel(&server).await, Err(NotDone::Unclear(Fault::NoId)));
    assert_eq!(client(&server.origin).session("T1.a").await, Err(NotDone::Unclear(Fault::NotJson)));
}

#[tokio::test]
async fn an_id_that_leads_elsewhere_is_never_asked_for() {
    let server = Server::with_tokens(|_, _| json(200, SESSION));
    for id in ["", "..", "."] {
        assert_eq!(client(&server.origin).session(id).await.map_err(|why| why.name()).map(|_| ()), Err("rejected"));
    }
    assert_eq!(server.calls().len() + server.tokens().len(), 0);
}

#[test]
fn nothing_that_can_be_printed_holds_a_secret() {
    let settings = settings("https://checkout.dintero.com");
    assert!(!format!("{settings:?}").contains(SECRET));
    let refused = Dintero::new(
        ProviderSettings { trust: Trust::Certificates(vec![vec![1, 2, 3]]), ..settings },
        Arc::new(Keys::default()),
        clock(),
    );
    assert_eq!(refused.map(|_| ()).unwrap_err().field, "trust");
}
