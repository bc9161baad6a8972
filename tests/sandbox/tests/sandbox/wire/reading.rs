use paylink_sandbox::{Listing, PayOutcome, Profile};
use serde_json::{Value, json};

use super::support::{HOUR_MS, Shop, order, with};

fn references(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|row| row["order"]["merchant_reference"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn sessions_are_listed_newest_first_and_by_page() {
    let shop = Shop::open().await;
    for number in 1..=12 {
        shop.session(&order(&format!("A-{number}"))).await;
        shop.sandbox.advance(1000);
    }
    let first = shop.get("/v1/sessions").await.json();
    assert_eq!(references(&first)[0], "A-12");
    assert_eq!(first.as_array().unwrap().len(), 10);
    let last = first[9]["id"].as_str().unwrap();
    let rest = shop.get(&format!("/v1/sessions?starting_after={last}")).await.json();
    assert_eq!(references(&rest), ["A-2", "A-1"]);
    for limit in ["0", "101", "x"] {
        assert_eq!(shop.get(&format!("/v1/sessions?limit={limit}")).await.wrong_field(), "limit");
    }
}

#[tokio::test]
async fn sessions_are_found_by_reference_time_id_and_transaction() {
    let shop = Shop::open().await;
    let one = shop.session(&order("SELLER-AB12-1")).await;
    shop.sandbox.advance(HOUR_MS);
    let two = shop.session(&order("SELLER-AB12-2")).await;
    let found = async |query: &str| {
        let list = shop.get(&format!("/v1/sessions?{query}")).await.json();
        references(&list).iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("search=ab12-1").await, ["SELLER-AB12-1"]);
    assert_eq!(found("created_at.gte=2026-03-01T11:00:00Z").await, ["SELLER-AB12-2"]);
    assert_eq!(found("created_at.lte=2026-03-01T10:59:59Z").await, ["SELLER-AB12-1"]);
    assert_eq!(found(&format!("id={one}&id={two}")).await.len(), 2);
    let transaction = shop.sandbox.pay(&one, "dintero_psp.vipps", PayOutcome::Authorize).unwrap().unwrap();
    assert_eq!(found(&format!("transaction_id={transaction}")).await, ["SELLER-AB12-1"]);
}

#[tokio::test]
async fn a_listed_session_carries_no_link() {
    let shop = Shop::open().await;
    shop.session(&order("A-1")).await;
    let listed = &shop.get("/v1/sessions").await.json()[0];
    assert_eq!(listed["url"]["return_url"], "https://example.com/return");
    assert!(!listed.to_string().contains("/v1/view/"));
}

#[tokio::test]
async fn the_list_can_be_refused_can_lag_and_can_lack_metadata() {
    let shop = Shop::open().await;
    shop.session(&with(order("A-1"), "/metadata", json!({ "ext_a": "b" }))).await;
    for (listing, status) in [(Listing::Forbidden, 403), (Listing::NotFound, 404), (Listing::On, 200)] {
        shop.sandbox.set_listing(listing);
        assert_eq!(shop.get("/v1/sessions").await.status, status);
    }
    shop.sandbox.configure(|options| options.search_lag_ms = 2000);
    assert_eq!(shop.get("/v1/sessions?search=A-1").await.json(), json!([]));
    assert_eq!(shop.get("/v1/sessions").await.json()[0]["metadata"]["ext_a"], "b");
    shop.sandbox.configure(|options| (options.list_lag_ms, options.list_without_metadata) = (1000, true));
    assert_eq!(shop.get("/v1/sessions").await.json(), json!([]));
    shop.sandbox.advance(2000);
    assert!(shop.get("/v1/sessions?search=A-1").await.json()[0].get("metadata").is_none());
}

#[tokio::test]
async fn profiles_tell_the_methods() {
    let shop = Shop::open().await;
    shop.sandbox.configure(|options| {
        options.profiles.push(Profile { id: String::from("P12345678.second"), ..Profile::default() });
    });
    let profile = shop.get("/v1/admin/session/profiles/default").await.json();
    assert_eq!(profile["profile_id"], "default");
    assert_eq!(profile["configuration"]["dintero_psp"]["vipps"]["enabled"], true);
    assert_eq!(profile["url"]["merchant_terms_url"], "https://example.com/terms.html");
    assert_eq!(shop.get("/v1/admin/session/profiles").await.json().as_array().unwrap().len(), 2);
    let rest = shop.get("/v1/admin/session/profiles?starting_after=default&limit=5").await.json();
    assert_eq!(rest[0]["profile_id"], "P12345678.second");
    assert_eq!(shop.get("/v1/admin/session/profiles/none").await.status, 404);
}

#[tokio::test]
async fn transactions_are_found_by_several_sessions_at_once() {
    let shop = Shop::open().await;
    let (one, _) = shop.paid(&order("A-1"), "dintero_psp.vipps").await;
    let (two, _) = shop.paid(&order("A-2"), "dintero_psp.creditcard").await;
    shop.paid(&order("A-3"), "klarna.klarna").await;
    let found = async |query: &str| shop.get(&format!("/v1/transactions?{query}")).await.json();
    let both = found(&format!("session_id={one}&session_id={two}&limit=100&includes=session")).await;
    assert_eq!(
        (both[0]["session_id"].as_str(), both[1]["session_id"].as_str()),
        (Some(two.as_str()), Some(one.as_str()))
    );
    assert_eq!(found("merchant_reference=A-3").await[0]["payment_product_type"], "klarna.klarna");
    assert_eq!(found("merchant_reference=A-3").await[0]["payment_product"], "klarna");
    assert_eq!(found("merchant_reference=A").await, json!([]));
    assert_eq!(found("status=CAPTURED").await, json!([]));
    assert_eq!(found("status=CAPTURED&status=AUTHORIZED&amount.gte=29990").await.as_array().unwrap().len(), 3);
    assert_eq!(shop.get("/v1/transactions/P12345678.none").await.status, 404);
}

#[tokio::test]
async fn an_outsider_can_look_in_and_move_the_clock() {
    let shop = Shop::open().await;
    let id = shop.session(&order("A-1")).await;
    let clock = shop.post("/sandbox/clock", &json!({ "advance_ms": 25 * HOUR_MS })).await.json();
    assert_eq!(clock["now"], "2026-03-02T11:00:00.000Z");
    let records = shop.get("/sandbox/records").await.json();
    assert_eq!(records["sessions"][0]["closed"], "EXPIRED");
    assert_eq!(records["sessions"][0]["link"], format!("{}/v1/view/{id}", shop.sandbox.origin()));
    assert_eq!(records["requests"][1]["path"], "/v1/sessions-profile");
    let page = shop.send(shop.request(reqwest::Method::GET, "/sandbox").header("accept", "text/html")).await;
    assert!(page.text.contains("sandbox-secret") && page.text.contains("A-1"));
}
