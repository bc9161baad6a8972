use std::time::{Duration, Instant};

use paylink_sandbox::{Fault, Options, Provider, Request};
use serde_json::json;

use super::support::{START_MS, Shop, order};

#[tokio::test]
async fn a_fault_before_the_operation_leaves_nothing_behind() {
    let shop = Shop::open().await;
    shop.sandbox.inject(Fault::on("POST", "/v1/sessions-profile").answer(503).times(2));
    assert_eq!(shop.post("/v1/sessions-profile", &order("A-1")).await.status, 503);
    assert_eq!(shop.post("/v1/sessions-profile", &order("A-1")).await.status, 503);
    assert!(shop.sandbox.sessions().is_empty());
    assert_eq!(shop.post("/v1/sessions-profile", &order("A-1")).await.status, 200);
    let statuses: Vec<u16> = shop.sandbox.requests().iter().skip(1).map(|request| request.status).collect();
    assert_eq!(statuses, [503, 503, 200]);
}

#[tokio::test]
async fn a_lost_reply_leaves_a_session_behind() {
    let shop = Shop::open().await;
    shop.sandbox.inject(
        Fault::on("POST", "/v1/sessions-profile").answer(502).body("text/html", "<h1>Bad Gateway</h1>").after(),
    );
    let reply = shop.post("/v1/sessions-profile", &order("A-1")).await;
    assert_eq!((reply.status, reply.text.as_str()), (502, "<h1>Bad Gateway</h1>"));
    assert_eq!(shop.sandbox.sessions_of("A-1").len(), 1);
}

#[tokio::test]
async fn a_fault_can_wait_for_a_later_request_and_be_taken_back() {
    let shop = Shop::open().await;
    shop.sandbox.inject(Fault::on("*", "/v1/transactions").skip(1).answer(200).body("text/html", "<p>log in</p>"));
    assert_eq!(shop.get("/v1/transactions").await.json(), json!([]));
    assert_eq!(shop.get("/v1/transactions").await.text, "<p>log in</p>");
    shop.sandbox.inject(Fault::on("GET", "/v1/transactions").answer(500));
    shop.sandbox.clear_faults();
    assert_eq!(shop.get("/v1/transactions").await.status, 200);
}

#[tokio::test]
async fn a_delay_holds_the_request_before_or_the_reply_after() {
    let shop = Shop::open().await;
    let wait = Duration::from_millis(300);
    shop.sandbox.inject(Fault::on("POST", "/v1/sessions-profile").delay_after(wait));
    let begun = Instant::now();
    let body = order("A-1");
    let (made, seen) = tokio::join!(shop.post("/v1/sessions-profile", &body), async {
        tokio::time::sleep(wait / 2).await;
        shop.sandbox.sessions().len()
    });
    assert_eq!((made.status, seen), (200, 1), "the session exists while its reply is held back");
    assert!(begun.elapsed() >= wait);

    shop.sandbox.inject(Fault::on("POST", "/v1/sessions-profile").delay_before(wait));
    let (_, seen) = tokio::join!(shop.post("/v1/sessions-profile", &body), async {
        tokio::time::sleep(wait / 2).await;
        shop.sandbox.sessions().len()
    });
    assert_eq!((seen, shop.sandbox.sessions().len()), (1, 2));
}

#[test]
fn the_provider_answers_without_a_socket_and_the_same_under_a_seed() {
    let run = || {
        let provider = Provider::new(Options::deterministic(START_MS, 42));
        let audience = "https://api.dintero.com/v1/accounts/P12345678";
        let grant = Request::new("POST", "/v1/accounts/P12345678/auth/token")
            .header("Authorization", "Basic c2FuZGJveC1jbGllbnQ6c2FuZGJveC1zZWNyZXQ=")
            .json(&json!({ "grant_type": "client_credentials", "audience": audience }));
        let token = provider.handle(&grant).value()["access_token"].as_str().unwrap().to_owned();
        let create =
            Request::new("POST", "/v1/sessions-profile?include_session=true").bearer(&token).json(&order("A-1"));
        let reply = provider.handle(&create);
        assert_eq!(reply.status, 200);
        (token, reply.value())
    };
    assert_eq!(run(), run());
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_with_the_time_on_it() {
    let shop = Shop::open().await;
    let request = shop.request(reqwest::Method::POST, "/v1/sessions-profile");
    let reply = shop.send(request.bearer_auth(&shop.token).body(vec![b' '; 2 << 20])).await;
    assert_eq!(reply.status, 413);
    assert_eq!(reply.header("date"), "Sun, 01 Mar 2026 10:00:00 GMT");
}
