use paylink_sandbox::{PayOutcome, Profile, Status};
use serde_json::json;

use super::support::{Shop, VIPPS, operate, order, with};

#[tokio::test]
async fn swish_and_auto_capture_take_the_money_at_once() {
    let shop = Shop::open().await;
    let sek = with(order("S-1"), "/order/currency", json!("SEK"));
    let (_, swish) = shop.paid(&sek, "swish.swish").await;
    let read = shop.get(&format!("/v1/transactions/{swish}")).await.json();
    let events: Vec<&str> =
        read["events"].as_array().unwrap().iter().filter_map(|event| event["event"].as_str()).collect();
    assert_eq!((read["status"].as_str(), events), (Some("CAPTURED"), vec!["INITIALIZE", "CAPTURE"]));

    let auto = with(order("A-1"), "/configuration", json!({ "auto_capture": true }));
    let (_, id) = shop.paid(&auto, VIPPS).await;
    assert_eq!(shop.sandbox.transaction(&id).unwrap().status, Status::Captured);

    shop.sandbox.configure(|options| {
        options.auto_capture_after_ms = 5000;
        options.profiles = vec![Profile { auto_capture: true, ..Profile::default() }];
    });
    let (_, later) = shop.paid(&order("A-2"), VIPPS).await;
    assert_eq!(shop.sandbox.transaction(&later).unwrap().status, Status::Authorized);
    shop.sandbox.advance(5000);
    let read = shop.sandbox.transaction(&later).unwrap();
    assert_eq!((read.status, read.events[2].created_by.as_deref()), (Status::Captured, None));
}

#[tokio::test]
async fn cancelling_releases_what_was_reserved_but_not_what_was_taken() {
    let shop = Shop::open().await;
    let cancel = async |id: &str| {
        shop.send(shop.request(reqwest::Method::POST, &format!("/v1/sessions/{id}/cancel")).bearer_auth(&shop.token))
            .await
    };
    let open = shop.session(&order("A-1")).await;
    let cancelled = cancel(&open).await.json();
    assert_eq!(cancelled["cancelled_at"], "2026-03-01T10:00:00.000Z");
    assert_eq!(cancelled["cancelled_by"], "sandbox-client");
    assert_eq!(cancel(&open).await.status, 400);

    let (reserved, id) = shop.paid(&order("A-2"), VIPPS).await;
    assert_eq!(cancel(&reserved).await.status, 200);
    assert_eq!(shop.sandbox.transaction(&id).unwrap().status, Status::AuthorizationVoided);

    let (taken, id) = shop.paid(&order("A-3"), VIPPS).await;
    operate(&shop, &id, "capture", &json!({ "amount": 29990 })).await;
    assert_eq!(cancel(&taken).await.status, 400);
    assert!(shop.sandbox.session(&taken).unwrap().cancelled_at_ms.is_none());
    assert_eq!(cancel("P12345678.none").await.status, 404);
}

#[tokio::test]
async fn a_cancel_in_the_middle_of_a_payment_stops_it() {
    let shop = Shop::open().await;
    let session = shop.session(&order("A-1")).await;
    let id = shop.sandbox.engine(|engine| engine.start_payment(&session, VIPPS)).unwrap();
    assert_eq!(shop.get(&format!("/v1/transactions/{id}")).await.json()["status"], "INITIATED");
    shop.sandbox.engine(|engine| engine.cancel_session(&session)).unwrap();
    assert!(shop.sandbox.engine(|engine| engine.finish_payment(&id, PayOutcome::Authorize)).is_err());
    assert_eq!(shop.sandbox.transaction(&id).unwrap().status, Status::AuthorizationVoided);
}

#[tokio::test]
async fn a_payment_begun_before_the_expiry_can_end_after_it() {
    let shop = Shop::open().await;
    let session = shop.session(&with(order("A-1"), "/expires_at", json!("2026-03-01T10:00:01.5Z"))).await;
    let id = shop.sandbox.engine(|engine| engine.start_payment(&session, VIPPS)).unwrap();
    shop.sandbox.advance(60_000);
    shop.sandbox.engine(|engine| engine.finish_payment(&id, PayOutcome::Authorize)).unwrap();
    assert_eq!(shop.sandbox.transaction(&id).unwrap().status, Status::Authorized);
    let late = shop.session(&with(order("A-2"), "/expires_at", json!("2026-03-01T10:02:00Z"))).await;
    shop.sandbox.advance(60_000);
    assert!(shop.sandbox.pay(&late, VIPPS, PayOutcome::Authorize).is_err());
    assert_eq!(shop.get(&format!("/v1/sessions/{late}")).await.status, 200, "an expired session is still read");
}

#[tokio::test]
async fn a_held_payment_ends_either_way() {
    let shop = Shop::open().await;
    for (reference, outcome, status) in
        [("A-1", PayOutcome::Authorize, "AUTHORIZED"), ("A-2", PayOutcome::Fail, "FAILED")]
    {
        let session = shop.session(&order(reference)).await;
        let id = shop.sandbox.pay(&session, VIPPS, PayOutcome::Hold).unwrap().unwrap();
        assert_eq!(shop.get(&format!("/v1/transactions/{id}")).await.json()["status"], "ON_HOLD");
        shop.sandbox.engine(|engine| engine.finish_payment(&id, outcome)).unwrap();
        assert_eq!(shop.get(&format!("/v1/transactions/{id}")).await.json()["status"], status);
    }
}

#[tokio::test]
async fn a_transaction_takes_over_what_the_session_knew() {
    let shop = Shop::open().await;
    let body = with(order("A-1"), "/metadata", json!({ "ext_paylink_order": "o1" }));
    let body = with(body, "/customer", json!({ "phone_number": "+4799999999", "email": "kari@example.com" }));
    let (session, id) = shop.paid(&body, VIPPS).await;
    let read = shop.get(&format!("/v1/transactions/{id}?includes=session&includes=card.payment_token")).await.json();
    assert_eq!(read["session_id"], json!(session));
    assert_eq!(read["items"], body["order"]["items"]);
    assert_eq!(read["customer"], body["customer"]);
    assert_eq!(read["metadata"]["ext_paylink_order"], "o1");
    assert_eq!(read["metadata"]["session:profile_id"], "default");
    assert_eq!(
        (read["settlement_status"].as_str(), read["channel"].as_str()),
        (Some("NOT_SETTLED"), Some("ecommerce"))
    );

    let put = shop.request(reqwest::Method::PUT, &format!("/v1/transactions/{id}")).bearer_auth(&shop.token);
    let put = shop.send(put.json(&json!({ "merchant_reference_2": "BOOK-7" }))).await;
    assert_eq!(put.json()["merchant_reference_2"], "BOOK-7");
    assert!(shop.sandbox.engine(|engine| engine.settle(&id)).is_err());
    operate(&shop, &id, "capture", &json!({ "amount": 29990 })).await;
    shop.sandbox.engine(|engine| engine.settle(&id)).unwrap();
    assert_eq!(shop.get(&format!("/v1/transactions/{id}")).await.json()["settlement_status"], "SETTLED");
}
