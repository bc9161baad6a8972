use paylink_sandbox::{Fault, Options, Rights};
use reqwest::Method;
use serde_json::json;

use super::support::{HOUR_MS, START_MS, Shop, order};

#[tokio::test]
async fn a_token_lives_four_hours_by_the_sandbox_s_clock() {
    let shop = Shop::open().await;
    let reply = shop.sign_in("sandbox-client", "sandbox-secret").await;
    assert_eq!((reply.status, reply.json()["expires_in"].as_i64()), (200, Some(14_400)));
    assert_eq!(reply.json()["token_type"], "Bearer");

    shop.sandbox.advance(4 * HOUR_MS - 1);
    assert_eq!(shop.get("/v1/transactions").await.status, 200);
    shop.sandbox.advance(1);
    assert_eq!(shop.get("/v1/transactions").await.status, 401);
}

#[tokio::test]
async fn wrong_credentials_are_401_and_a_wrong_grant_is_400() {
    let shop = Shop::open().await;
    assert_eq!(shop.sign_in("sandbox-client", "wrong").await.status, 401);
    let audience = "https://P12345678@api.dintero.com/v1/accounts/P12345678";
    let grant = |kind: &str, audience: &str| json!({ "grant_type": kind, "audience": audience });
    let ask = async |account: &str, body| shop.grant(account, "sandbox-client", "sandbox-secret", &body).await.status;
    assert_eq!(ask("P12345678", grant("client_credentials", audience)).await, 200);
    assert_eq!(ask("P12345678", grant("password", audience)).await, 400);
    assert_eq!(ask("P12345678", grant("client_credentials", "https://api.dintero.com/v1/accounts/P1")).await, 400);
    assert_eq!(ask("T12345678", grant("client_credentials", audience)).await, 401);
}

#[tokio::test]
async fn nothing_but_the_customer_s_pages_answers_without_a_token() {
    let shop = Shop::open().await;
    let id = shop.session(&order("A-1")).await;
    for path in ["/v1/sessions".into(), format!("/v1/sessions/{id}"), "/v1/admin/session/profiles/default".into()] {
        assert_eq!(shop.send(shop.request(Method::GET, &path)).await.status, 401, "{path}");
    }
    let reply =
        shop.send(shop.request(Method::POST, "/v1/sessions-profile").bearer_auth("made-up").json(&order("A"))).await;
    assert_eq!((reply.status, reply.json()["error"]["message"].as_str()), (401, Some("Unauthorized")));
}

#[tokio::test]
async fn revoked_tokens_and_secrets_are_worthless() {
    let shop = Shop::open().await;
    shop.sandbox.revoke_tokens();
    assert_eq!(shop.get("/v1/transactions").await.status, 401);
    assert_eq!(shop.sign_in("sandbox-client", "sandbox-secret").await.status, 200);
    shop.sandbox.revoke_secret();
    assert_eq!(shop.sign_in("sandbox-client", "sandbox-secret").await.status, 401);
}

#[tokio::test]
async fn a_right_that_is_taken_away_is_403() {
    let shop = Shop::open().await;
    shop.sandbox.configure(|options| {
        options.rights = Rights { write: false, profile: false, ..Rights::default() };
    });
    assert_eq!(shop.post("/v1/sessions-profile", &order("A-1")).await.status, 403);
    assert_eq!(shop.get("/v1/admin/session/profiles/default").await.status, 403);
    assert_eq!(shop.get("/v1/admin/session/profiles").await.status, 200);
    assert_eq!(shop.get("/v1/transactions").await.status, 200);
    assert!(shop.sandbox.sessions().is_empty());
}

#[tokio::test]
async fn the_token_endpoint_can_be_busy() {
    let shop = Shop::open().await;
    shop.sandbox.inject(Fault::on("POST", "/v1/accounts/").answer(429).header("Retry-After", "7"));
    let busy = shop.sign_in("sandbox-client", "sandbox-secret").await;
    assert_eq!((busy.status, busy.header("retry-after")), (429, "7"));
    assert_eq!(shop.sign_in("sandbox-client", "sandbox-secret").await.status, 200);
}

#[tokio::test]
async fn both_url_forms_are_served() {
    let shop = Shop::open().await;
    let long = "/v1/accounts/P12345678/payments";
    let made = shop.post(&format!("{long}/sessions-profile"), &order("A-1")).await;
    assert_eq!(made.status, 200, "{}", made.text);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(shop.get(&format!("{long}/sessions/{id}")).await.json()["id"], json!(id));
    assert_eq!(shop.get(&format!("/v1/sessions/{id}")).await.json()["id"], json!(id));
    assert_eq!(shop.get(&format!("/v1/accounts/P87654321/payments/sessions/{id}")).await.status, 403);
    let token = shop.request(Method::POST, &format!("{long}/auth/token"));
    let body =
        json!({ "grant_type": "client_credentials", "audience": "https://api.dintero.com/v1/accounts/P12345678" });
    let token = shop.send(token.basic_auth("sandbox-client", Some("sandbox-secret")).json(&body)).await;
    assert_eq!(token.status, 200);
    assert_eq!(shop.sandbox.count("POST", "/v1/sessions-profile"), 1);
}

#[tokio::test]
async fn every_reply_tells_the_sandbox_s_time_unless_told_not_to() {
    let shop = Shop::open().await;
    assert_eq!(shop.get("/v1/transactions").await.header("date"), "Sun, 01 Mar 2026 10:00:00 GMT");
    shop.sandbox.configure(|options| options.date_skew_ms = -HOUR_MS);
    assert_eq!(shop.get("/v1/nowhere").await.header("date"), "Sun, 01 Mar 2026 09:00:00 GMT");
    shop.sandbox.configure(|options| options.date_header = false);
    assert!(!shop.get("/v1/transactions").await.headers.contains_key("date"));
}

#[tokio::test]
async fn an_unknown_path_is_a_json_404() {
    let shop = Shop::open().await;
    for path in ["/", "/v1/nowhere", "/v1/sessions/x/y", "/sandbox/nowhere"] {
        let reply = shop.get(path).await;
        assert_eq!((reply.status, reply.header("content-type")), (404, "application/json"), "{path}");
        assert!(reply.json()["error"]["message"].is_string());
    }
}

#[tokio::test]
async fn a_stopped_sandbox_no_longer_listens() {
    let shop = Shop::with(Options::deterministic(START_MS, 1)).await;
    let origin = shop.sandbox.origin();
    shop.sandbox.stop().await;
    assert!(shop.http.get(origin).send().await.unwrap_err().is_connect());
}
