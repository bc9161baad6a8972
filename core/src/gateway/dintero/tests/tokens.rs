//! The token: one for all, renewed in time, dropped when refused, and never a reason to think that something was sent.

use super::server::{Act, Server, json, text, token};
use super::*;
use crate::clock::Clock;
use crate::gateway::dintero::policy;
use crate::gateway::{Fault, Gateway, NotDone};
use std::sync::atomic::AtomicI64;
use tokio::task::JoinSet;

const SESSION: &str = r#"{"id":"T12345678.a"}"#;

async fn ask_twenty_times(client: &Arc<Dintero>) -> Vec<&'static str> {
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let client = client.clone();
        tasks.spawn(async move { name(&client.session("T12345678.a").await) });
    }
    tasks.join_all().await
}

#[tokio::test]
async fn the_token_request_is_the_documented_one() {
    let server = Server::with_tokens(|_, _| json(200, SESSION));
    assert_eq!(client(&server.origin).sign_in(false).await, Ok(()));
    let asked = &server.tokens()[0];
    assert_eq!((asked.method.as_str(), asked.target.as_str()), ("POST", "/v1/accounts/T12345678/auth/token"));
    assert_eq!(asked.header("authorization"), Some("Basic Y2xpZW50Om9wZW4tc2VzYW1l"));
    assert_eq!(asked.header("content-type"), Some("application/json"));
    assert_eq!(
        asked.json(),
        serde_json::json!({"grant_type": "client_credentials",
            "audience": "https://api.dintero.com/v1/accounts/T12345678"})
    );
}

#[tokio::test]
async fn twenty_callers_share_one_token_and_later_ones_reuse_it() {
    let server = Server::start(|asked, n| {
        if asked.is_token() { Act::After(Duration::from_millis(50), Box::new(token(n))) } else { json(200, SESSION) }
    });
    let keys = Arc::new(Keys::default());
    let client = client_with(settings(&server.origin), keys.clone(), clock());
    assert_eq!(ask_twenty_times(&client).await, ["accepted"; 20]);
    assert_eq!(ask_twenty_times(&client).await, ["accepted"; 20]);
    assert_eq!(server.tokens().len(), 1);
    assert_eq!(keys.asked.load(Ordering::SeqCst), 1);
    assert!(server.calls().iter().all(|asked| asked.header("authorization") == Some("Bearer token-1")));
}

#[tokio::test]
async fn a_token_refused_mid_way_is_renewed_once_for_all() {
    let server = Server::start(|asked, n| {
        if asked.is_token() {
            Act::After(Duration::from_millis(50), Box::new(token(n)))
        } else if asked.header("authorization") == Some("Bearer token-1") {
            json(401, r#"{"error":{"message":"expired"}}"#)
        } else {
            json(200, SESSION)
        }
    });
    let client = client(&server.origin);
    assert_eq!(ask_twenty_times(&client).await, ["accepted"; 20]);
    assert_eq!(server.tokens().len(), 2);
    assert_eq!(server.calls().len(), 40, "each request is repeated once");
}

#[tokio::test]
async fn a_second_refusal_is_final() {
    let server = Server::with_tokens(|_, _| json(401, r#"{"message":"Unauthorized"}"#));
    let outcome = client(&server.origin).cancel("T12345678.a").await;
    assert_eq!(outcome, Err(NotDone::SignInNeeded(SignInReason::WrongCredentials)));
    assert_eq!((server.tokens().len(), server.calls().len()), (2, 2));
}

#[tokio::test]
async fn a_core_that_ends_sends_nothing_again_with_a_fresh_token() {
    let server = Server::with_tokens(|_, _| json(401, r#"{"error":{"message":"expired"}}"#));
    let client = client(&server.origin);
    client.stop();
    assert_eq!(name(&client.session("T12345678.a").await), "sign_in_needed");
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test]
async fn a_token_that_is_about_to_end_is_renewed_before_it_is_used() {
    let server = Server::start(|asked, n| match asked.is_token() {
        true => json(200, &format!(r#"{{"access_token":"token-{n}","token_type":"Bearer","expires_in":1}}"#)),
        false => json(200, SESSION),
    });
    let client = client(&server.origin);
    assert_eq!(client.session("T12345678.a").await.map(|_| ()), Ok(()));
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(client.session("T12345678.a").await.map(|_| ()), Ok(()));
    let used: Vec<_> =
        server.calls().iter().filter_map(|call| call.header("authorization").map(str::to_owned)).collect();
    assert_eq!(used, ["Bearer token-1", "Bearer token-2"]);
}

#[tokio::test]
async fn credentials_that_the_provider_refuses_ask_for_a_sign_in_once() {
    let server = Server::start(|_, _| json(401, r#"{"error":{"message":"no"}}"#));
    let outcome = client(&server.origin).cancel("T12345678.a").await;
    assert_eq!(outcome, Err(NotDone::SignInNeeded(SignInReason::WrongCredentials)));
    assert_eq!((server.tokens().len(), server.calls().len()), (1, 0));
    let server = Server::start(|_, _| json(403, r#"{"error":{"message":"FORBIDDEN","errors":[]}}"#));
    let outcome = client(&server.origin).sign_in(true).await;
    assert_eq!(outcome, Err(NotDone::SignInNeeded(SignInReason::RightMissing)));
}

#[tokio::test]
async fn a_token_that_cannot_be_had_means_that_nothing_was_sent() {
    let portal = "<html>Sign in to the train</html>";
    for (act, expected) in [
        (Some((401, portal)), NotDone::NotSent(Fault::NotJson)),
        (Some((403, portal)), NotDone::NotSent(Fault::NotJson)),
        (Some((200, portal)), NotDone::NotSent(Fault::NotJson)),
        (Some((302, "")), NotDone::NotSent(Fault::NotJson)),
        (Some((200, "{}")), NotDone::NotSent(Fault::NotJson)),
        (Some((500, "{}")), NotDone::NotSent(Fault::ServerError)),
        (None, NotDone::NotSent(Fault::Cut)),
    ] {
        let server = Server::start(move |_, _| match act {
            Some((status, body)) => Act::Say(text(status, &[("Location", "http://127.0.0.1:1/portal")], body)),
            None => Act::SayAndClose(String::new()),
        });
        assert_eq!(client(&server.origin).cancel("T12345678.a").await, Err(expected), "{act:?}");
        assert_eq!(server.calls().len(), 0);
    }
}

#[tokio::test]
async fn the_wait_that_the_token_endpoint_asks_for_is_kept() {
    let server = Server::start(|_, _| Act::Say(text(429, &[("Retry-After", "7")], "{}")));
    let outcome = client(&server.origin).cancel("T12345678.a").await;
    assert_eq!(outcome, Err(NotDone::Busy { retry_after_ms: Some(7_000) }));
}

/// A clock that stands still until it is moved.
#[derive(Default)]
struct Hand(AtomicI64);

impl Clock for Hand {
    fn wall_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
    fn monotonic_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A token endpoint that fails once, slowly; a client whose clock stands still.
fn failing_once(status: u16) -> (Server, Arc<Dintero>, Arc<Hand>) {
    let server = Server::start(move |asked, n| match (asked.is_token(), n) {
        (true, 1) => Act::After(Duration::from_millis(100), Box::new(json(status, "{}"))),
        (true, n) => token(n),
        (false, _) => json(200, SESSION),
    });
    let hand = Arc::new(Hand::default());
    let clock = Arc::new(ServerClock::new(hand.clone()));
    let client = client_with(settings(&server.origin), Arc::new(Keys::default()), clock);
    (server, client, hand)
}

#[tokio::test]
async fn those_who_wait_for_a_token_share_its_failure() {
    let (server, client, _) = failing_once(404);
    assert_eq!(ask_twenty_times(&client).await, ["not_sent"; 20]);
    assert_eq!(server.tokens().len(), 1);
    assert_eq!(client.session("T12345678.a").await.map(|_| ()), Ok(()));
}

#[tokio::test]
async fn a_failing_token_endpoint_is_asked_once_for_all_who_come() {
    let (server, client, hand) = failing_once(500);
    for _ in 0..4 {
        assert_eq!(client.session("T12345678.a").await, Err(NotDone::NotSent(Fault::ServerError)));
    }
    assert_eq!(server.tokens().len(), 1);
    hand.0.fetch_add(policy::TOKEN_FAILED_MS, Ordering::SeqCst);
    assert_eq!(client.session("T12345678.a").await.map(|_| ()), Ok(()));
}

#[tokio::test]
async fn on_another_network_a_token_endpoint_that_failed_is_asked_at_once() {
    let (server, client, _) = failing_once(500);
    assert_eq!(client.session("T12345678.a").await, Err(NotDone::NotSent(Fault::ServerError)));
    client.network_changed();
    assert_eq!(client.session("T12345678.a").await.map(|_| ()), Ok(()));
    assert_eq!(server.tokens().len(), 2);
}

#[tokio::test]
async fn a_ready_token_is_used_as_it_is_and_asked_for_anew_when_refused() {
    let server = Server::start(|asked, _| match asked.header("authorization") {
        Some("Bearer fresh") => json(200, SESSION),
        _ => json(401, r#"{"error":{"message":"no"}}"#),
    });
    let source = Arc::new(Ready { tokens: Mutex::new(vec!["stale", "fresh"]) });
    let client = client_with(settings(&server.origin), source, clock());
    assert_eq!(ask_twenty_times(&client).await, ["accepted"; 20]);
    assert_eq!(server.tokens().len(), 0);
    let source = Arc::new(Ready { tokens: Mutex::new(vec!["stale"]) });
    let client = client_with(settings(&server.origin), source, clock());
    let outcome = client.cancel("T12345678.a").await;
    assert_eq!(outcome, Err(NotDone::SignInNeeded(SignInReason::WrongCredentials)));
}

#[tokio::test]
async fn a_forced_sign_in_gets_a_new_token() {
    let server = Server::with_tokens(|_, _| json(200, SESSION));
    let client = client(&server.origin);
    for force in [false, false, true] {
        assert_eq!(client.sign_in(force).await, Ok(()));
    }
    assert_eq!(server.tokens().len(), 2);
}

struct Locked;

impl CredentialSource for Locked {
    fn credentials(&self, _refused: bool) -> Result<Credentials, SignInReason> {
        Err(SignInReason::SecureStoreLocked)
    }
}

#[tokio::test]
async fn a_locked_secure_store_is_said_as_it_is() {
    let server = Server::with_tokens(|_, _| json(200, SESSION));
    let client = client_with(settings(&server.origin), Arc::new(Locked), clock());
    let outcome = client.cancel("T12345678.a").await;
    assert_eq!(outcome, Err(NotDone::SignInNeeded(SignInReason::SecureStoreLocked)));
    assert_eq!(server.tokens().len(), 0);
}
