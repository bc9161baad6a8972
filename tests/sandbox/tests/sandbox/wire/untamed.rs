//! A provider that keeps none of its habits: each of them can be switched off.

use paylink_sandbox::{Fault, ListOrder, Options, PayOutcome, Search};
use serde_json::{Value, json};

use super::support::{START_MS, Shop, order, with};

const SECOND: i64 = 1_000;

fn references(list: &Value) -> Vec<String> {
    let of = |row: &Value| row["order"]["merchant_reference"].as_str().unwrap().to_owned();
    list.as_array().unwrap().iter().map(of).collect()
}

fn names(read: &Value, key: &str) -> Vec<String> {
    read["events"].as_array().unwrap().iter().map(|event| event[key].as_str().unwrap().to_owned()).collect()
}

/// A shop with sessions A-1 to A-`n`, a second apart.
async fn shop_of(n: usize) -> Shop {
    let shop = Shop::open().await;
    for number in 1..=n {
        shop.session(&order(&format!("A-{number}"))).await;
        shop.sandbox.advance(SECOND);
    }
    shop
}

#[tokio::test]
async fn a_page_can_be_shorter_than_was_asked_for_without_being_the_last() {
    let shop = shop_of(12).await;
    shop.sandbox.configure(|options| options.page_cap = Some(5));
    let first = shop.get("/v1/sessions?limit=100").await.json();
    assert_eq!(references(&first), ["A-12", "A-11", "A-10", "A-9", "A-8"]);
    let last = first[4]["id"].as_str().unwrap();
    let second = shop.get(&format!("/v1/sessions?limit=100&starting_after={last}")).await.json();
    assert_eq!(references(&second)[0], "A-7");
    shop.sandbox.configure(|options| (options.page_cap, options.limit_ignored) = (None, true));
    for limit in [2, 100] {
        assert_eq!(shop.get(&format!("/v1/sessions?limit={limit}")).await.json().as_array().unwrap().len(), 10);
    }
}

#[tokio::test]
async fn a_list_can_come_oldest_first_or_shuffled_page_by_page() {
    for list_order in [ListOrder::OldestFirst, ListOrder::Shuffled] {
        let shop = shop_of(9).await;
        shop.sandbox.configure(|options| options.list_order = list_order);
        let mut all: Vec<String> = Vec::new();
        let mut after = String::new();
        loop {
            let page = shop.get(&format!("/v1/sessions?limit=4{after}")).await.json();
            let Some(last) = page.as_array().unwrap().last() else { break };
            after = format!("&starting_after={}", last["id"].as_str().unwrap());
            all.extend(references(&page));
        }
        let oldest_first: Vec<String> = (1..=9).map(|n| format!("A-{n}")).collect();
        assert_eq!(all == oldest_first, list_order == ListOrder::OldestFirst, "{all:?}");
        all.sort();
        assert_eq!(all, oldest_first, "nothing twice, nothing left out");
    }
}

#[tokio::test]
async fn a_search_can_fail_or_be_ignored_while_the_list_answers() {
    let shop = shop_of(3).await;
    for (search, status) in [(Search::Forbidden, 403), (Search::NotFound, 404), (Search::Failing, 500)] {
        shop.sandbox.configure(|options| options.search = search);
        assert_eq!(shop.get("/v1/sessions?search=A-2").await.status, status);
        assert_eq!(shop.get("/v1/sessions").await.status, 200);
    }
    shop.sandbox.configure(|options| options.search = Search::Ignored);
    assert_eq!(references(&shop.get("/v1/sessions?search=A-2").await.json()).len(), 3);
}

#[tokio::test]
async fn several_ids_are_one_request_unless_ids_are_ignored() {
    let shop = shop_of(3).await;
    let all = shop.sandbox.sessions();
    let query = format!("/v1/sessions?id={}&id={}", all[0].id, all[2].id);
    assert_eq!(references(&shop.get(&query).await.json()), ["A-3", "A-1"]);
    shop.sandbox.configure(|options| options.list_without_events = true);
    assert!(shop.get(&query).await.json()[0].get("events").is_none());
    assert!(shop.get(&format!("/v1/sessions/{}", all[0].id)).await.json().get("events").is_some());
    shop.sandbox.configure(|options| options.id_ignored = true);
    assert_eq!(references(&shop.get(&query).await.json()).len(), 3);
}

#[tokio::test]
async fn what_happens_can_show_later_than_it_happens() {
    let shop = Shop::open().await;
    shop.sandbox.configure(|options| options.read_lag_ms = 30 * SECOND);
    let id = shop.session(&order("A-1")).await;
    let path = format!("/v1/sessions/{id}");
    assert_eq!(shop.get(&path).await.status, 404, "not there yet");
    shop.sandbox.advance(31 * SECOND);
    shop.sandbox.visit(&id).unwrap();
    let transaction = shop.sandbox.pay(&id, "dintero_psp.creditcard", PayOutcome::Authorize).unwrap().unwrap();
    assert_eq!(names(&shop.get(&path).await.json(), "name"), ["INITIATED"]);
    assert!(shop.get(&path).await.json().get("transaction_id").is_none());
    let of_session = format!("/v1/transactions?session_id={id}");
    assert_eq!(shop.get(&of_session).await.json(), json!([]));
    assert_eq!(shop.get(&format!("/v1/transactions/{transaction}")).await.status, 404);

    shop.sandbox.advance(31 * SECOND);
    assert_eq!(shop.get(&of_session).await.json()[0]["status"], "AUTHORIZED");
    let cancelled = shop.post(&format!("{path}/cancel"), &json!({})).await;
    assert!(cancelled.json().get("cancelled_at").is_some(), "who did it is told at once");
    assert!(shop.get(&path).await.json().get("cancelled_at").is_none());
    assert_eq!(shop.get(&of_session).await.json()[0]["status"], "AUTHORIZED");
    shop.sandbox.advance(31 * SECOND);
    assert!(shop.get(&path).await.json().get("cancelled_at").is_some());
    assert_eq!(shop.get(&of_session).await.json()[0]["status"], "AUTHORIZATION_VOIDED");
}

#[tokio::test]
async fn a_read_can_have_unknown_words_and_lack_the_messages_fate() {
    let shop = Shop::open().await;
    let publish = json!([{ "type": "checkout-link", "channel": "sms" }]);
    let sale = with(order("A-1"), "/configuration", json!({ "publish": publish }));
    let id = shop.session(&with(sale, "/customer", json!({ "phone_number": "+4747465724" }))).await;
    let path = format!("/v1/sessions/{id}");
    assert_eq!(shop.get(&path).await.json()["configuration"]["publish"][0]["status"], "sent");
    shop.sandbox.configure(|options| {
        (options.odd_events, options.odd_status, options.read_without_publish) = (true, true, true);
    });
    let read = shop.get(&path).await.json();
    assert!(read["configuration"].get("publish").is_none());
    assert_eq!(names(&read, "name"), ["INITIATED", "SET_LOYALTY_NUMBER"]);
    let transaction = shop.sandbox.engine(|engine| engine.start_payment(&id, "dintero_psp.creditcard")).unwrap();
    let read = shop.get(&format!("/v1/transactions/{transaction}")).await.json();
    assert_eq!(read["status"], "AUTHENTICATING");
    assert_eq!(names(&read, "event"), ["INITIALIZE", "SET_LOYALTY_NUMBER"]);
}

#[tokio::test]
async fn the_time_of_making_can_be_another_clock_s_than_the_date() {
    let shop = Shop::with(Options { created_skew_ms: -300 * SECOND, ..Options::deterministic(START_MS, 1) }).await;
    shop.session(&order("A-1")).await;
    let list = shop.get("/v1/sessions").await;
    assert_eq!(list.header("date"), "Sun, 01 Mar 2026 10:00:00 GMT");
    assert_eq!(list.json()[0]["created_at"], "2026-03-01T09:55:00.000Z");
    assert_eq!(shop.get("/v1/sessions?created_at.gte=2026-03-01T09:58:00Z").await.json(), json!([]));
    assert_eq!(references(&shop.get("/v1/sessions?created_at.gte=2026-03-01T09:55:00Z").await.json()), ["A-1"]);
}

#[tokio::test]
async fn a_path_can_be_refused_until_it_is_taken_back_for_one_sale_alone() {
    let shop = Shop::open().await;
    shop.sandbox.inject(Fault::on("POST", "/v1/sessions-profile").answer(403).about("A-2").always());
    for _ in 0..3 {
        assert_eq!(shop.post("/v1/sessions-profile", &order("A-2")).await.status, 403);
        assert_eq!(shop.post("/v1/sessions-profile", &order("A-1")).await.status, 200);
    }
    shop.sandbox.clear_faults();
    assert_eq!(shop.post("/v1/sessions-profile", &order("A-2")).await.status, 200);
    shop.sandbox.inject(Fault::on("GET", "/v1/transactions").answer(503).retry_at(90 * SECOND).always());
    for _ in 0..2 {
        let busy = shop.get("/v1/transactions?limit=1").await;
        assert_eq!((busy.status, busy.header("retry-after")), (503, "Sun, 01 Mar 2026 10:01:30 GMT"));
    }
}
