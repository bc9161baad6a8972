use paylink_sandbox::{Channel, Duplicates, Options, Profile};
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{START_MS, Shop, order, with, without};

#[tokio::test]
async fn a_session_is_made_from_a_profile() {
    let shop = Shop::open().await;
    let body = with(order("A-1"), "/metadata", json!({ "ext_paylink_order": "o1", "ext_n": 3 }));
    let made = shop.post("/v1/sessions-profile?include_session=true", &body).await.json();
    let id = made["id"].as_str().unwrap();
    assert_eq!(id.len(), "P12345678.".len() + 22);
    assert_eq!(made["url"], format!("{}/v1/view/{id}", shop.sandbox.origin()));
    assert!(made.get("publish").is_none());

    let session = &made["session"];
    assert_eq!(session, &shop.get(&format!("/v1/sessions/{id}")).await.json());
    assert_eq!(session["order"], body["order"]);
    assert_eq!(session["url"]["return_url"], "https://example.com/return");
    assert_eq!(session["url"]["merchant_terms_url"], "https://example.com/terms.html");
    assert_eq!(session["metadata"], json!({ "ext_paylink_order": "o1", "ext_n": 3, "session:profile_id": "default" }));
    assert_eq!(session["created_at"], "2026-03-01T10:00:00.000Z");
    assert_eq!(session["expires_at"], "2026-03-02T10:00:00.000Z");
    assert_eq!(session["configuration"]["merchant"]["name"], "Fjordgata Frukt og Grønt");
    assert_eq!(session["configuration"]["dintero_psp"]["vipps"]["payability"], "payable");
    assert_eq!(session["configuration"]["swish"]["swish"]["payability"], "disabled_by_gateway");
    assert_eq!(session["events"][0]["name"], "INITIATED");
    assert!(session.get("status").is_none() && session.get("transaction_id").is_none());
}

#[tokio::test]
async fn a_session_is_made_from_a_configuration_of_its_own() {
    let shop = Shop::open().await;
    let body = with(without(order("A-1"), "/profile_id"), "/configuration", json!({ "vipps": { "enabled": true } }));
    let made = shop.post("/v1/sessions?include_session=true", &body).await.json();
    assert_eq!(made["session"]["configuration"]["vipps"]["payability"], "payable");
    assert!(made["session"]["configuration"].get("dintero_psp").is_none());
    assert!(made["session"]["metadata"].get("session:profile_id").is_none());

    assert_eq!(
        shop.post("/v1/sessions", &without(body.clone(), "/configuration")).await.wrong_field(),
        "configuration"
    );
    let nothing = with(body, "/configuration", json!({ "vipps": { "enabled": false } }));
    assert_eq!(shop.post("/v1/sessions", &nothing).await.status, 400);
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_by_field() {
    let shop = Shop::open().await;
    let base = || order("A-1");
    let express = |options: Value| with(base(), "/express", options);
    let line = |id: &str| json!({ "line_id": id, "amount": 10 });
    let cases = [
        (without(base(), "/url/return_url"), "url.return_url"),
        (with(base(), "/url/return_url", json!("nowhere")), "url.return_url"),
        (without(base(), "/order/amount"), "order.amount"),
        (with(base(), "/order/amount", json!(2_147_483_648_i64)), "order.amount"),
        (with(base(), "/order/amount", json!(10.5)), "order.amount"),
        (with(base(), "/order/currency", json!("kr")), "order.currency"),
        (with(base(), "/order/merchant_reference", json!("")), "order.merchant_reference"),
        (without(base(), "/profile_id"), "profile_id"),
        (with(base(), "/profile_id", json!("P12345678.none")), "profile_id"),
        (with(base(), "/order/items", json!([line("1"), line("1")])), "order.items[1].line_id"),
        (with(base(), "/customer", json!({ "phone_number": "" })), "customer.phone_number"),
        (with(base(), "/customer", json!({ "phone_number": "+47 999 99 999" })), "customer.phone_number"),
        (with(base(), "/order/shipping_address", json!({ "first_name": "" })), "order.shipping_address.first_name"),
        (with(base(), "/metadata", json!({ "ext_x": true })), "metadata.ext_x"),
        (with(base(), "/expires_at", json!("next week")), "expires_at"),
        (with(base(), "/expires_at", json!("2026-03-01T10:00:00Z")), "expires_at"),
        (express(json!({ "shipping_mode": "shipping_not_required" })), "express.shipping_options"),
        (express(json!({ "shipping_options": [{ "id": "1" }] })), "express.shipping_options[0].line_id"),
    ];
    for (body, field) in cases {
        assert_eq!(shop.post("/v1/sessions-profile", &body).await.wrong_field(), field);
    }
    let broken = shop.request(Method::POST, "/v1/sessions-profile").bearer_auth(&shop.token).body("{");
    assert_eq!(shop.send(broken).await.status, 400);
    assert!(shop.sandbox.sessions().is_empty());
    assert_eq!(shop.post("/v1/sessions-profile", &with(base(), "/unknown_field", json!(1))).await.status, 200);
}

#[tokio::test]
async fn the_sum_has_to_be_exact_only_under_the_toggle() {
    let shop = Shop::open().await;
    let wrong = with(order("A-1"), "/order/amount", json!(29989));
    let strict = async |body: &Value| {
        let request = shop.request(Method::POST, "/v1/sessions-profile").bearer_auth(&shop.token);
        shop.send(request.header("Dintero-Feature-Toggles", "other, strict-session-amounts").json(body)).await
    };
    assert_eq!(shop.post("/v1/sessions-profile", &wrong).await.status, 200);
    assert_eq!(strict(&wrong).await.wrong_field(), "order.amount");
    let option = json!({ "id": "s", "line_id": "s", "amount": 3900, "operator": "", "title": "Post" });
    let shipped = with(order("A-2"), "/order/shipping_option", option);
    assert_eq!(strict(&shipped).await.wrong_field(), "order.amount");
    assert_eq!(strict(&with(shipped, "/order/amount", json!(33890))).await.status, 200);
}

#[tokio::test]
async fn the_same_reference_makes_two_sessions_unless_told_to_refuse() {
    let shop = Shop::open().await;
    let (one, two) = (shop.session(&order("A-1")).await, shop.session(&order("A-1")).await);
    assert_ne!(one, two);
    assert_eq!(shop.sandbox.sessions_of("A-1").len(), 2);
    for status in [400, 409] {
        shop.sandbox.configure(|options| options.duplicates = Duplicates::Refused(status));
        assert_eq!(shop.post("/v1/sessions-profile", &order("A-1")).await.status, status);
    }
}

fn by_sms(reference: &str) -> Value {
    let body = with(order(reference), "/customer", json!({ "phone_number": "+4799999999" }));
    with(body, "/configuration", json!({ "publish": [{ "type": "checkout-link", "channel": "sms" }] }))
}

#[tokio::test]
async fn an_sms_brings_the_link_to_the_customer_s_phone() {
    let shop = Shop::open().await;
    let made = shop.post("/v1/sessions-profile", &by_sms("A-1")).await.json();
    assert_eq!(made["publish"][0]["status"], "sent");
    assert_eq!(made["publish"][0]["channel"], "sms");
    let inbox = shop.sandbox.inbox();
    assert_eq!((inbox.len(), inbox[0].channel, inbox[0].to.as_str()), (1, Channel::Sms, "+4799999999"));
    assert!(inbox[0].text.contains(made["url"].as_str().unwrap()));
    let listed = shop.get("/sandbox/inbox").await.json();
    assert_eq!(listed[0]["session_id"], made["id"]);
}

#[tokio::test]
async fn a_lone_wallet_gets_a_push_instead_of_an_sms() {
    let shop = Shop::open().await;
    let body = without(by_sms("A-1"), "/profile_id");
    let body = with(body, "/configuration/dintero_psp", json!({ "vipps": { "enabled": true } }));
    let made = shop.post("/v1/sessions", &body).await.json();
    assert_eq!(made["publish"][0]["status"], "sent");
    assert_eq!(shop.sandbox.inbox()[0].channel, Channel::Push);
    assert_eq!(shop.session_events(made["id"].as_str().unwrap()).await, ["INITIATED", "PUSH_NOTIFICATION_SENT"]);
}

#[tokio::test]
async fn nothing_is_sent_without_a_phone_or_on_a_test_account() {
    let shop = Shop::open().await;
    let made = shop.post("/v1/sessions-profile", &without(by_sms("A-1"), "/customer")).await.json();
    assert_eq!(made["publish"][0]["status"], "skipped");
    assert!(shop.sandbox.inbox().is_empty());

    let mut options = Options::deterministic(START_MS, 1);
    options.account = String::from("T12345678");
    let test = Shop::with(options).await;
    let made = test.post("/v1/sessions-profile", &by_sms("A-1")).await.json();
    assert!(made["id"].as_str().unwrap().starts_with("T12345678."));
    assert_eq!(made["publish"][0]["status"], "skipped");
    assert!(test.sandbox.inbox().is_empty());
}

#[tokio::test]
async fn a_profile_can_publish_by_itself() {
    let mut options = Options::deterministic(START_MS, 1);
    options.profiles.push(Profile { id: String::from("P12345678.sms"), publishes: true, ..Profile::default() });
    let shop = Shop::with(options).await;
    let body = with(order("A-1"), "/customer", json!({ "phone_number": "+4799999999" }));
    let made = shop.post("/v1/sessions-profile", &with(body, "/profile_id", json!("P12345678.sms"))).await.json();
    assert_eq!(made["publish"][0]["status"], "sent");
    assert_eq!(shop.sandbox.inbox().len(), 1);
}

#[tokio::test]
async fn an_order_can_be_changed_until_its_link_is_opened() {
    let shop = Shop::open().await;
    let id = shop.session(&order("A-1")).await;
    let put = async |body: Value| {
        let path = format!("/v1/sessions/{id}?update_without_lock=true");
        shop.send(shop.request(Method::PUT, &path).bearer_auth(&shop.token).json(&body)).await
    };
    let new = json!({ "order": { "amount": 500, "items": [{ "line_id": "1", "amount": 500 }] } });
    assert_eq!(put(with(new.clone(), "/order/amount", json!(501))).await.wrong_field(), "order.amount");
    assert_eq!(put(new.clone()).await.json()["order"]["amount"], 500);
    shop.sandbox.visit(&id).unwrap();
    assert_eq!(put(new).await.status, 400);
}
