//! The control endpoint of scenarios.

use reqwest::Method;
use serde_json::{Value, json};

use super::support::{Shop, order};
use paylink_sandbox::{Options, Provider, Request};

async fn tell(shop: &Shop, command: Value) -> Value {
    let answer = shop.send(shop.request(Method::POST, "/sandbox/do").json(&command)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["result"].clone()
}

async fn refused(shop: &Shop, command: Value) -> u16 {
    shop.send(shop.request(Method::POST, "/sandbox/do").json(&command)).await.status
}

#[tokio::test]
async fn one_process_plays_a_customer_and_a_merchant_and_begins_anew() {
    let mut shop = Shop::open().await;
    let begun = tell(&shop, json!({ "do": "reset", "options": { "account": "P87654321" } })).await;
    assert_eq!(begun["account"], "P87654321");
    assert_eq!(begun["origin"], json!(shop.sandbox.origin()));
    let (id, secret) = (begun["client_id"].as_str().unwrap(), begun["client_secret"].as_str().unwrap());
    shop.token = shop.sign_in(id, secret).await.json()["access_token"].as_str().unwrap().to_owned();
    let session = shop.session(&order("A-1")).await;

    assert_eq!(tell(&shop, json!({ "do": "visit", "reference": "A-1" })).await, Value::Null);
    let paid = tell(&shop, json!({ "do": "pay", "session": session })).await;
    assert!(paid["transaction"].is_string(), "{paid}");
    let captured = tell(&shop, json!({ "do": "capture", "reference": "A-1", "amount": 10_000 })).await;
    assert_eq!(captured["status"], "PARTIALLY_CAPTURED");
    assert_eq!(tell(&shop, json!({ "do": "capture" })).await["captured"], 29_990);
    assert_eq!(tell(&shop, json!({ "do": "refund" })).await["status"], "REFUNDED");
    assert_eq!(refused(&shop, json!({ "do": "pay", "reference": "A-1" })).await, 400);
    assert_eq!(refused(&shop, json!({ "do": "visit", "reference": "A-2" })).await, 404);
    let seen = tell(&shop, json!({ "do": "sessions", "reference": "A-1" })).await;
    assert_eq!((&seen[0]["session"], &seen[0]["visited"]), (&json!(session), &json!(true)));
    assert_eq!(tell(&shop, json!({ "do": "count", "method": "POST", "path": "/v1/sessions-profile" })).await, 1);

    tell(&shop, json!({ "do": "reset" })).await;
    assert_eq!(tell(&shop, json!({ "do": "sessions" })).await, json!([]));
    assert_eq!(tell(&shop, json!({ "do": "count", "method": "POST", "path": "/v1/sessions-profile" })).await, 0);
    assert_eq!(shop.get("/v1/sessions").await.status, 401, "the tokens of before are gone");
}

#[tokio::test]
async fn options_and_faults_are_set_while_it_runs() {
    let shop = Shop::open().await;
    tell(&shop, json!({ "do": "configure", "options": { "listing": "forbidden", "duplicates": { "refused": 409 } } }))
        .await;
    assert_eq!(shop.get("/v1/sessions").await.status, 403);
    tell(&shop, json!({ "do": "fault", "status": 429, "headers": { "retry-after": "7" }, "times": 2 })).await;
    let busy = shop.get("/v1/transactions").await;
    assert_eq!((busy.status, busy.header("retry-after")), (429, "7"));
    tell(&shop, json!({ "do": "clear_faults" })).await;
    assert_eq!(shop.get("/v1/transactions").await.status, 200);
    tell(&shop, json!({ "do": "revoke_tokens" })).await;
    assert_eq!(shop.get("/v1/transactions").await.status, 401);
}

#[tokio::test]
async fn a_reset_sandbox_begins_at_a_time_that_every_run_shares() {
    let shop = Shop::open().await;
    tell(&shop, json!({ "do": "reset" })).await;
    assert!(shop.get("/sandbox/inbox").await.header("date").starts_with("Mon, 21 May 2035 08:00:3"));
    tell(&shop, json!({ "do": "advance", "ms": 3_600_000 })).await;
    assert!(shop.get("/sandbox/inbox").await.header("date").starts_with("Mon, 21 May 2035 09:00:3"));
    tell(&shop, json!({ "do": "reset", "options": { "now": null } })).await;
    assert!(shop.sandbox.now_ms() < 2_063_000_000_000, "the machine's");
}

#[tokio::test]
async fn what_cannot_be_understood_changes_nothing() {
    let shop = Shop::open().await;
    for command in [
        json!({ "do": "explode" }),
        json!({ "do": "reset", "options": { "colour": "red" } }),
        json!({ "do": "reset", "options": { "now": "tomorrow" } }),
        json!({ "do": "configure", "options": { "listing": "sometimes" } }),
        json!({ "do": "pay", "amount": 7 }),
        json!([]),
    ] {
        assert_eq!(refused(&shop, command.clone()).await, 400, "{command}");
    }
    assert_eq!(shop.get("/v1/sessions").await.status, 200, "still signed in: nothing was reset");
}

#[tokio::test]
async fn nobody_but_this_machines_programs_may_say_what_happens() {
    let reset = json!({ "do": "reset" });
    let provider = Provider::new(Options::default());
    for peer in [Some("192.168.1.7"), None] {
        let mut request = Request::new("POST", "/sandbox/do").json(&reset);
        request.peer = peer.map(str::to_owned);
        assert_eq!(provider.handle(&request).status, 403, "{peer:?}");
    }
    // A page in a browser can send this without asking, a program has no reason to.
    let shop = Shop::open().await;
    let form = shop.request(Method::POST, "/sandbox/do").header("content-type", "text/plain").body(reset.to_string());
    assert_eq!(shop.send(form).await.status, 415);
    assert_eq!(shop.send(shop.request(Method::GET, "/sandbox/do")).await.status, 405);
}
