use paylink_sandbox::{Operation, PayOutcome, Profile, Status};
use serde_json::{Value, json};

use crate::support::{Answer, Shop, order, with, without};

const VIPPS: &str = "dintero_psp.vipps";

async fn operate(shop: &Shop, id: &str, what: &str, body: &Value) -> Answer {
    shop.post(&format!("/v1/transactions/{id}/{what}"), body)
        .await
}

#[tokio::test]
async fn a_payment_is_captured_in_parts_and_refunded() {
    let shop = Shop::open().await;
    let (_, id) = shop.paid(&order("A-1"), VIPPS).await;
    let capture = |amount: i64, reference: &str| {
        json!({ "amount": amount, "capture_reference": reference, "metadata": { "ext_paylink_entry": "e1" },
                "items": [{ "line_id": "1", "amount": amount }] })
    };
    assert_eq!(
        operate(&shop, &id, "capture", &capture(29991, "c"))
            .await
            .status,
        400
    );
    let part = operate(&shop, &id, "capture", &capture(9990, "A-1-c1"))
        .await
        .json();
    assert_eq!(part["status"], "PARTIALLY_CAPTURED");
    let event = &part["events"][2];
    assert_eq!(
        (event["event"].as_str(), event["amount"].as_i64()),
        (Some("CAPTURE"), Some(9990))
    );
    assert_eq!(
        (
            event["event_reference"].as_str(),
            event["success"].as_bool()
        ),
        (Some("A-1-c1"), Some(true))
    );
    assert_eq!(event["metadata"]["ext_paylink_entry"], "e1");
    assert_eq!(event["created_by"], "sandbox-client");
    assert_eq!(
        operate(&shop, &id, "capture", &capture(20000, "A-1-c2"))
            .await
            .json()["status"],
        "CAPTURED"
    );
    assert_eq!(
        operate(&shop, &id, "capture", &capture(1, "A-1-c3"))
            .await
            .status,
        400
    );
    assert_eq!(operate(&shop, &id, "void", &json!(null)).await.status, 400);

    let refund = |amount: i64| json!({ "amount": amount, "reason": "damaged", "refund_reference": "A-1-r1" });
    assert_eq!(
        operate(&shop, &id, "refund", &refund(29991)).await.status,
        400
    );
    let part = operate(&shop, &id, "refund", &refund(990)).await.json();
    assert_eq!(
        (
            part["status"].as_str(),
            part["events"][4]["event_reference"].as_str()
        ),
        (Some("PARTIALLY_REFUNDED"), Some("A-1-r1"))
    );
    assert_eq!(
        operate(&shop, &id, "refund", &refund(29000)).await.json()["status"],
        "REFUNDED"
    );
    assert_eq!(operate(&shop, &id, "refund", &refund(1)).await.status, 400);
}

#[tokio::test]
async fn a_partly_captured_payment_can_be_partly_refunded_and_closed() {
    let shop = Shop::open().await;
    let (_, id) = shop.paid(&order("A-1"), "klarna.klarna").await;
    operate(&shop, &id, "capture", &json!({ "amount": 10000 })).await;
    let released = operate(&shop, &id, "void", &json!(null)).await.json();
    assert_eq!(
        (
            released["status"].as_str(),
            released["events"][3]["amount"].as_i64()
        ),
        (Some("CAPTURED"), Some(19990))
    );
    assert_eq!(
        operate(&shop, &id, "capture", &json!({ "amount": 1 }))
            .await
            .status,
        400
    );
    assert_eq!(
        operate(&shop, &id, "refund", &json!({ "amount": 10000 }))
            .await
            .json()["status"],
        "REFUNDED"
    );

    let (_, card) = shop.paid(&order("A-2"), "dintero_psp.creditcard").await;
    operate(&shop, &card, "capture", &json!({ "amount": 10000 })).await;
    assert_eq!(
        operate(&shop, &card, "void", &json!(null)).await.status,
        400,
        "a card does not release the rest"
    );
    let refunded = operate(&shop, &card, "refund", &json!({ "amount": 10000 }))
        .await
        .json();
    assert_eq!(refunded["status"], "PARTIALLY_CAPTURED_REFUNDED");
}

#[tokio::test]
async fn a_reservation_is_voided() {
    let shop = Shop::open().await;
    let (session, id) = shop.paid(&order("A-1"), VIPPS).await;
    assert_eq!(
        operate(&shop, &id, "refund", &json!({ "amount": 1 }))
            .await
            .status,
        400
    );
    assert_eq!(
        operate(&shop, &id, "void", &json!(null)).await.json()["status"],
        "AUTHORIZATION_VOIDED"
    );
    assert_eq!(
        operate(&shop, &id, "capture", &json!({ "amount": 1 }))
            .await
            .status,
        400
    );
    assert_eq!(
        shop.post(&format!("/v1/sessions/{session}/cancel"), &json!({}))
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn swish_and_auto_capture_take_the_money_at_once() {
    let shop = Shop::open().await;
    let sek = with(order("S-1"), "/order/currency", json!("SEK"));
    let (_, swish) = shop.paid(&sek, "swish.swish").await;
    let read = shop.get(&format!("/v1/transactions/{swish}")).await.json();
    let events: Vec<&str> = read["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|event| event["event"].as_str())
        .collect();
    assert_eq!(
        (read["status"].as_str(), events),
        (Some("CAPTURED"), vec!["INITIALIZE", "CAPTURE"])
    );

    let auto = with(
        order("A-1"),
        "/configuration",
        json!({ "auto_capture": true }),
    );
    let (_, id) = shop.paid(&auto, VIPPS).await;
    assert_eq!(
        shop.sandbox.transaction(&id).unwrap().status,
        Status::Captured
    );

    shop.sandbox.configure(|options| {
        options.auto_capture_after_ms = 5000;
        options.profiles = vec![Profile {
            auto_capture: true,
            ..Profile::default()
        }];
    });
    let (_, later) = shop.paid(&order("A-2"), VIPPS).await;
    assert_eq!(
        shop.sandbox.transaction(&later).unwrap().status,
        Status::Authorized
    );
    shop.sandbox.advance(5000);
    let read = shop.sandbox.transaction(&later).unwrap();
    assert_eq!(
        (read.status, read.events[2].created_by.as_deref()),
        (Status::Captured, None)
    );
}

#[tokio::test]
async fn an_operation_can_be_accepted_now_and_done_later() {
    let shop = Shop::open().await;
    let (session, id) = shop.paid(&order("A-1"), VIPPS).await;
    shop.sandbox
        .configure(|options| options.later_ms = Some(3000));
    let reply = operate(
        &shop,
        &id,
        "capture",
        &json!({ "amount": 29990, "capture_reference": "A-1-c1" }),
    )
    .await;
    assert_eq!(
        (reply.status, reply.json()["status"].as_str()),
        (202, Some("AUTHORIZED"))
    );
    let begun = &reply.json()["events"][2];
    assert_eq!(
        (begun["event"].as_str(), begun["request_id"].as_str()),
        (
            Some("INITIATE_CAPTURE"),
            Some(reply.header("event-request-id"))
        )
    );
    assert_eq!(operate(&shop, &id, "void", &json!(null)).await.status, 409);
    assert_eq!(
        shop.post(&format!("/v1/sessions/{session}/cancel"), &json!({}))
            .await
            .status,
        400
    );

    shop.sandbox.advance(3000);
    let done = shop.get(&format!("/v1/transactions/{id}")).await.json();
    assert_eq!(done["status"], "CAPTURED");
    assert_eq!(
        done["events"][3]["correlation_request_id"],
        begun["request_id"]
    );
    assert_eq!(done["events"][3]["event_reference"], "A-1-c1");
}

#[tokio::test]
async fn an_operation_can_be_made_to_fail() {
    let shop = Shop::open().await;
    let (_, id) = shop.paid(&order("A-1"), VIPPS).await;
    shop.sandbox.fail_next(Operation::Capture, "issuer said no");
    let reply = operate(&shop, &id, "capture", &json!({ "amount": 29990 })).await;
    assert_eq!(
        (reply.status, reply.json()["error"]["message"].as_str()),
        (400, Some("issuer said no"))
    );
    let read = shop.get(&format!("/v1/transactions/{id}")).await.json();
    assert_eq!(
        (
            read["status"].as_str(),
            read["events"][2]["success"].as_bool()
        ),
        (Some("AUTHORIZED"), Some(false))
    );
    assert_eq!(read["events"][2]["error"]["message"], "issuer said no");

    shop.sandbox
        .configure(|options| options.later_ms = Some(1000));
    shop.sandbox.fail_next(Operation::Capture, "too late");
    assert_eq!(
        operate(&shop, &id, "capture", &json!({ "amount": 29990 }))
            .await
            .status,
        202
    );
    shop.sandbox.advance(1000);
    let read = shop.sandbox.transaction(&id).unwrap();
    assert_eq!(
        (read.status, read.events[4].success, read.captured),
        (Status::Authorized, false, 0)
    );
}

#[tokio::test]
async fn cancelling_releases_what_was_reserved_but_not_what_was_taken() {
    let shop = Shop::open().await;
    let cancel = async |id: &str| {
        shop.send(
            shop.request(reqwest::Method::POST, &format!("/v1/sessions/{id}/cancel"))
                .bearer_auth(&shop.token),
        )
        .await
    };
    let open = shop.session(&order("A-1")).await;
    let cancelled = cancel(&open).await.json();
    assert_eq!(cancelled["cancelled_at"], "2026-03-01T10:00:00.000Z");
    assert_eq!(cancelled["cancelled_by"], "sandbox-client");
    assert_eq!(cancel(&open).await.status, 400);

    let (reserved, id) = shop.paid(&order("A-2"), VIPPS).await;
    assert_eq!(cancel(&reserved).await.status, 200);
    assert_eq!(
        shop.sandbox.transaction(&id).unwrap().status,
        Status::AuthorizationVoided
    );

    let (taken, id) = shop.paid(&order("A-3"), VIPPS).await;
    operate(&shop, &id, "capture", &json!({ "amount": 29990 })).await;
    assert_eq!(cancel(&taken).await.status, 400);
    assert!(
        shop.sandbox
            .session(&taken)
            .unwrap()
            .cancelled_at_ms
            .is_none()
    );
    assert_eq!(cancel("P12345678.none").await.status, 404);
}

#[tokio::test]
async fn a_cancel_in_the_middle_of_a_payment_stops_it() {
    let shop = Shop::open().await;
    let session = shop.session(&order("A-1")).await;
    let id = shop
        .sandbox
        .engine(|engine| engine.start_payment(&session, VIPPS))
        .unwrap();
    assert_eq!(
        shop.get(&format!("/v1/transactions/{id}")).await.json()["status"],
        "INITIATED"
    );
    shop.sandbox
        .engine(|engine| engine.cancel_session(&session))
        .unwrap();
    assert!(
        shop.sandbox
            .engine(|engine| engine.finish_payment(&id, PayOutcome::Authorize))
            .is_err()
    );
    assert_eq!(
        shop.sandbox.transaction(&id).unwrap().status,
        Status::AuthorizationVoided
    );
}

#[tokio::test]
async fn a_payment_begun_before_the_expiry_can_end_after_it() {
    let shop = Shop::open().await;
    let session = shop
        .session(&with(
            order("A-1"),
            "/expires_at",
            json!("2026-03-01T10:00:01.5Z"),
        ))
        .await;
    let id = shop
        .sandbox
        .engine(|engine| engine.start_payment(&session, VIPPS))
        .unwrap();
    shop.sandbox.advance(60_000);
    shop.sandbox
        .engine(|engine| engine.finish_payment(&id, PayOutcome::Authorize))
        .unwrap();
    assert_eq!(
        shop.sandbox.transaction(&id).unwrap().status,
        Status::Authorized
    );
    let late = shop
        .session(&with(
            order("A-2"),
            "/expires_at",
            json!("2026-03-01T10:02:00Z"),
        ))
        .await;
    shop.sandbox.advance(60_000);
    assert!(
        shop.sandbox
            .pay(&late, VIPPS, PayOutcome::Authorize)
            .is_err()
    );
    assert_eq!(
        shop.get(&format!("/v1/sessions/{late}")).await.status,
        200,
        "an expired session is still read"
    );
}

#[tokio::test]
async fn a_held_payment_ends_either_way() {
    let shop = Shop::open().await;
    for (reference, outcome, status) in [
        ("A-1", PayOutcome::Authorize, "AUTHORIZED"),
        ("A-2", PayOutcome::Fail, "FAILED"),
    ] {
        let session = shop.session(&order(reference)).await;
        let id = shop
            .sandbox
            .pay(&session, VIPPS, PayOutcome::Hold)
            .unwrap()
            .unwrap();
        assert_eq!(
            shop.get(&format!("/v1/transactions/{id}")).await.json()["status"],
            "ON_HOLD"
        );
        shop.sandbox
            .engine(|engine| engine.finish_payment(&id, outcome))
            .unwrap();
        assert_eq!(
            shop.get(&format!("/v1/transactions/{id}")).await.json()["status"],
            status
        );
    }
}

#[tokio::test]
async fn a_transaction_takes_over_what_the_session_knew() {
    let shop = Shop::open().await;
    let body = with(
        order("A-1"),
        "/metadata",
        json!({ "ext_paylink_order": "o1" }),
    );
    let body = with(
        body,
        "/customer",
        json!({ "phone_number": "+4799999999", "email": "kari@example.com" }),
    );
    let (session, id) = shop.paid(&body, VIPPS).await;
    let read = shop
        .get(&format!(
            "/v1/transactions/{id}?includes=session&includes=card.payment_token"
        ))
        .await
        .json();
    assert_eq!(read["session_id"], json!(session));
    assert_eq!(read["items"], body["order"]["items"]);
    assert_eq!(read["customer"], body["customer"]);
    assert_eq!(read["metadata"]["ext_paylink_order"], "o1");
    assert_eq!(read["metadata"]["session:profile_id"], "default");
    assert_eq!(
        (read["settlement_status"].as_str(), read["channel"].as_str()),
        (Some("NOT_SETTLED"), Some("ecommerce"))
    );

    let put = shop
        .request(reqwest::Method::PUT, &format!("/v1/transactions/{id}"))
        .bearer_auth(&shop.token);
    let put = shop
        .send(put.json(&json!({ "merchant_reference_2": "BOOK-7" })))
        .await;
    assert_eq!(put.json()["merchant_reference_2"], "BOOK-7");
    assert!(shop.sandbox.engine(|engine| engine.settle(&id)).is_err());
    operate(&shop, &id, "capture", &json!({ "amount": 29990 })).await;
    shop.sandbox.engine(|engine| engine.settle(&id)).unwrap();
    assert_eq!(
        shop.get(&format!("/v1/transactions/{id}")).await.json()["settlement_status"],
        "SETTLED"
    );
}

#[tokio::test]
async fn an_operation_with_a_wrong_request_changes_nothing() {
    let shop = Shop::open().await;
    let (_, id) = shop.paid(&order("A-1"), VIPPS).await;
    let base = json!({ "amount": 100, "metadata": {} });
    for body in [
        without(base.clone(), "/amount"),
        with(base.clone(), "/amount", json!(0)),
        with(base.clone(), "/amount", json!(-5)),
        with(base.clone(), "/amount", json!("100")),
        with(base.clone(), "/metadata", json!({ "own": "x" })),
        with(base, "/metadata", json!({ "ext_n": 1 })),
    ] {
        assert_eq!(
            operate(&shop, &id, "capture", &body).await.status,
            400,
            "{body}"
        );
    }
    assert_eq!(shop.sandbox.transaction(&id).unwrap().events.len(), 2);
    assert_eq!(
        operate(&shop, &id, "authorization", &json!({}))
            .await
            .status,
        404
    );
}
