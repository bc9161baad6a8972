use paylink_sandbox::PayOutcome;
use reqwest::Method;
use serde_json::json;

use super::support::{Answer, HOUR_MS, Shop, order, with};

async fn browse(shop: &Shop, path: &str) -> Answer {
    let path = path.strip_prefix(&shop.sandbox.origin()).unwrap_or(path);
    let request = shop.request(Method::GET, path).header("accept", "text/html,*/*;q=0.8");
    shop.send(request.header("user-agent", "Phone/1").header("accept-language", "nb-NO,nb;q=0.9")).await
}

#[tokio::test]
async fn opening_the_link_is_noted_and_leads_to_the_page() {
    let shop = Shop::open().await;
    let id = shop.session(&order("A-1")).await;
    let opened = browse(&shop, &format!("/v1/view/{id}")).await;
    assert_eq!(opened.status, 302);
    let page = browse(&shop, opened.header("location")).await;
    assert_eq!(page.status, 200);
    for piece in
        ["Stablestol", "299,90\u{a0}kr", "Herav mva. 25 %", "59,98\u{a0}kr", "id=\"pay\"", "Vipps", "Kort", "Klarna"]
    {
        assert!(page.text.contains(piece), "{piece} is not on the page");
    }
    assert!(!page.text.contains("Swish"), "Swish takes no NOK");
    let read = shop.get(&format!("/v1/sessions/{id}")).await.json();
    assert_eq!((read["user_agent"].as_str(), read["customer_ip"].as_str()), (Some("Phone/1"), Some("127.0.0.1")));
    assert_eq!(shop.session_events(&id).await, ["INITIATED", "VISITED"]);
}

#[tokio::test]
async fn the_page_speaks_english_when_asked() {
    let shop = Shop::open().await;
    let id = shop.session(&order("A-1")).await;
    let opened = browse(&shop, &format!("/v1/view/{id}?language=en")).await;
    let page = browse(&shop, opened.header("location")).await;
    assert!(
        page.text.contains("NOK\u{a0}299.90") && page.text.contains("Decline") && page.text.contains("lang=\"en\"")
    );
}

#[tokio::test]
async fn paying_by_the_form_leads_to_a_receipt() {
    let shop = Shop::open().await;
    let id = shop.session(&order("A-1")).await;
    let paid = shop.form(&format!("/sandbox/checkout/{id}/pay"), "method=dintero_psp.vipps&language=nb").await;
    assert_eq!(paid.status, 303);
    let receipt = browse(&shop, paid.header("location")).await;
    assert!(
        receipt.text.contains("data-status=\"AUTHORIZED\"")
            && receipt.text.contains("https://example.com/return?transaction_id=")
    );
    let read = shop.get(&format!("/v1/sessions/{id}")).await.json();
    let transaction = shop.get(&format!("/v1/transactions/{}", read["transaction_id"].as_str().unwrap())).await.json();
    assert_eq!((transaction["status"].as_str(), transaction["amount"].as_i64()), (Some("AUTHORIZED"), Some(29990)));
    assert_eq!(shop.session_events(&id).await, ["INITIATED", "AUTHORIZED", "COMPLETED"]);

    let again = shop.form(&format!("/sandbox/checkout/{id}/pay"), "method=dintero_psp.vipps").await;
    assert_eq!(again.status, 404);
    assert_eq!(shop.sandbox.transactions().len(), 1);
}

#[tokio::test]
async fn a_payment_that_fails_can_be_tried_again() {
    let shop = Shop::open().await;
    let id = shop.session(&order("A-1")).await;
    let failed = shop.form(&format!("/sandbox/checkout/{id}/pay"), "method=dintero_psp.creditcard&fail=1").await;
    let page = browse(&shop, failed.header("location")).await;
    assert!(page.text.contains("id=\"notice\"") && page.text.contains("id=\"pay\""));
    let read = shop.get(&format!("/v1/sessions/{id}")).await.json();
    assert_eq!(read["events"][1]["name"], "PAY_FAILED");
    assert_eq!(
        read["events"][1]["details"],
        json!({ "error": "Rejected", "payment_product_type": "dintero_psp.creditcard" })
    );
    assert!(read.get("transaction_id").is_none());
    let paid = shop.form(&format!("/sandbox/checkout/{id}/pay"), "method=dintero_psp.vipps").await;
    assert!(paid.header("location").contains("/receipt"));
}

#[tokio::test]
async fn declining_is_final() {
    let shop = Shop::open().await;
    let id = shop.session(&order("A-1")).await;
    shop.form(&format!("/sandbox/checkout/{id}/pay"), "method=dintero_psp.vipps&action=decline").await;
    let transaction = &shop.get(&format!("/v1/transactions?session_id={id}")).await.json()[0];
    assert_eq!(transaction["status"], "DECLINED");
    assert_eq!(transaction["events"][1]["success"], false);
    assert_eq!(shop.session_events(&id).await, ["INITIATED", "DECLINED"]);
}

#[tokio::test]
async fn leaving_the_page_leads_back_to_the_merchant_and_keeps_the_link() {
    let shop = Shop::open().await;
    let id = shop.session(&order("A-1")).await;
    let left = shop.form(&format!("/v1/view/{id}/session/abandon"), "").await;
    assert_eq!(left.status, 302);
    assert_eq!(left.header("location"), "https://example.com/return?merchant_reference=A-1&error=cancelled");
    assert_eq!(browse(&shop, &format!("/v1/view/{id}")).await.status, 302);
}

#[tokio::test]
async fn a_closed_link_says_why() {
    let shop = Shop::open().await;
    let ids = [order("E"), order("C"), order("P"), order("D"), order("F"), order("H"), order("I")];
    let mut made = Vec::new();
    for body in &ids {
        made.push(shop.session(body).await);
    }
    let vipps = "dintero_psp.vipps";
    assert_eq!(shop.post(&format!("/v1/sessions/{}/cancel", made[1]), &json!({})).await.status, 200);
    for (place, outcome) in
        [(2, PayOutcome::Authorize), (3, PayOutcome::Decline), (4, PayOutcome::Fail), (5, PayOutcome::Hold)]
    {
        shop.sandbox.pay(&made[place], vipps, outcome).unwrap();
    }
    shop.sandbox.engine(|engine| engine.start_payment(&made[6], vipps)).unwrap();
    shop.sandbox.advance(24 * HOUR_MS);
    let causes = ["EXPIRED", "CANCELLED", "AUTHORIZED", "DECLINED", "FAILED", "ON_HOLD", "PAYMENT_INITIATED"];
    for (id, cause) in made.iter().zip(causes) {
        for path in [format!("/v1/view/{id}"), format!("/v1/view/{id}/session")] {
            let reply = shop.send(shop.request(Method::GET, &path).header("accept", "application/json")).await;
            assert_eq!((reply.status, reply.json()["error"]["cause"].as_str()), (404, Some(cause)));
            assert_eq!(reply.json()["error"]["session_details"]["return_url"], "https://example.com/return");
        }
        let page = browse(&shop, &format!("/v1/view/{id}")).await;
        assert!(page.status == 404 && page.text.contains(&format!("data-cause=\"{cause}\"")), "{cause}");
    }
    let expired = shop.sandbox.session(&made[0]).unwrap();
    assert_eq!(expired.events.len(), 1, "no visit and no expiry is noted");
    assert_eq!(browse(&shop, "/v1/view/P12345678.none").await.status, 404);
}

#[tokio::test]
async fn an_express_customer_gives_the_address_first() {
    let shop = Shop::open().await;
    let express =
        json!({ "shipping_options": [], "shipping_mode": "shipping_not_required", "customer_types": ["b2c"] });
    let id = shop.session(&with(order("A-1"), "/express", express)).await;
    let page = browse(&shop, &format!("/sandbox/checkout/{id}")).await;
    assert!(page.text.contains("name=\"postal_code\"") && !page.text.contains("id=\"pay\""));
    assert!(shop.sandbox.pay(&id, "dintero_psp.vipps", PayOutcome::Authorize).is_err());

    let path = format!("/sandbox/checkout/{id}/address");
    assert_eq!(
        shop.form(&path, "first_name=Kari&last_name=&address_line=x&postal_code=7010&postal_place=Trondheim")
            .await
            .status,
        400
    );
    let fields = "first_name=Kari&last_name=Nordmann&address_line=Fjordgata+1&postal_code=7010&postal_place=Trondheim&country=NO&email=&phone_number=%2B47+999+99+999";
    assert_eq!(shop.form(&path, fields).await.status, 303);
    let page = browse(&shop, &format!("/sandbox/checkout/{id}")).await;
    assert!(page.text.contains("Fjordgata 1") && page.text.contains("id=\"pay\""));
    shop.sandbox.pay(&id, "dintero_psp.vipps", PayOutcome::Authorize).unwrap();

    let address = json!({
        "first_name": "Kari", "last_name": "Nordmann", "address_line": "Fjordgata 1", "postal_code": "7010",
        "postal_place": "Trondheim", "country": "NO", "phone_number": "+4799999999"
    });
    assert_eq!(shop.get(&format!("/v1/sessions/{id}")).await.json()["order"]["shipping_address"], address);
    let transaction = &shop.get(&format!("/v1/transactions?session_id={id}")).await.json()[0];
    assert_eq!(transaction["shipping_address"], address);
    assert_eq!(transaction["billing_address"], address);
    let events = shop.session_events(&id).await;
    assert_eq!(events[1..3], ["SET_SHIPPING_ADDRESS", "SET_BILLING_ADDRESS"]);
}

#[tokio::test]
async fn the_delivery_an_express_customer_chooses_is_paid_for() {
    let shop = Shop::open().await;
    let option =
        |id: &str, amount: i64| json!({ "id": id, "line_id": id, "amount": amount, "operator": "", "title": id });
    let express = json!({ "shipping_options": [option("pickup", 0), option("post", 3900)] });
    let id = shop.session(&with(order("A-1"), "/express", express)).await;
    let fields = "first_name=Kari&last_name=Nordmann&address_line=Fjordgata+1&postal_code=7010&postal_place=Trondheim";
    let path = format!("/sandbox/checkout/{id}/address");
    assert_eq!(shop.form(&path, &format!("{fields}&shipping_option=drone")).await.status, 400);
    assert_eq!(shop.form(&path, &format!("{fields}&shipping_option=post")).await.status, 303);
    let (_, transaction) =
        (shop.sandbox.pay(&id, "klarna.klarna", PayOutcome::Authorize).unwrap(), shop.sandbox.transactions().remove(0));
    assert_eq!(transaction.amount, 33890);
    assert_eq!(transaction.read()["items"][1]["type"], "shipping");
}

#[tokio::test]
async fn the_page_s_own_pay_call_needs_no_token() {
    let shop = Shop::open().await;
    let id = shop.session(&order("A-1")).await;
    let pay = async |body| shop.send(shop.request(Method::POST, &format!("/v1/sessions/{id}/pay")).json(&body)).await;
    assert_eq!(pay(json!({ "payment_product_type": "swish.swish" })).await.status, 400);
    let paid = pay(json!({ "payment_product_type": "dintero_psp.vipps", "phone_number": "+4799999999" })).await.json();
    assert_eq!(paid["success"], true);
    assert!(paid["redirect_url"].as_str().unwrap().starts_with("https://example.com/return?transaction_id="));
    let again = pay(json!({ "payment_product_type": "dintero_psp.vipps" })).await;
    assert_eq!((again.status, again.json()["error"]["cause"].as_str()), (400, Some("AUTHORIZED")));
}
