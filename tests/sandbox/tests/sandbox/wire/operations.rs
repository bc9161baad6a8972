use paylink_sandbox::{Operation, Status};
use serde_json::json;

use super::support::{Shop, VIPPS, operate, order, with, without};

#[tokio::test]
async fn a_payment_is_captured_in_parts_and_refunded() {
    let shop = Shop::open().await;
    let (_, id) = shop.paid(&order("A-1"), VIPPS).await;
    let capture = |amount: i64, reference: &str| {
        json!({ "amount": amount, "capture_reference": reference, "metadata": { "ext_paylink_entry": "e1" },
                "items": [{ "line_id": "1", "amount": amount }] })
    };
    assert_eq!(operate(&shop, &id, "capture", &capture(29991, "c")).await.status, 400);
    let part = operate(&shop, &id, "capture", &capture(9990, "A-1-c1")).await.json();
    assert_eq!(part["status"], "PARTIALLY_CAPTURED");
    let event = &part["events"][2];
    assert_eq!((event["event"].as_str(), event["amount"].as_i64()), (Some("CAPTURE"), Some(9990)));
    assert_eq!((event["event_reference"].as_str(), event["success"].as_bool()), (Some("A-1-c1"), Some(true)));
    assert_eq!(event["metadata"]["ext_paylink_entry"], "e1");
    assert_eq!(event["created_by"], "sandbox-client");
    assert_eq!(operate(&shop, &id, "capture", &capture(20000, "A-1-c2")).await.json()["status"], "CAPTURED");
    assert_eq!(operate(&shop, &id, "capture", &capture(1, "A-1-c3")).await.status, 400);
    assert_eq!(operate(&shop, &id, "void", &json!(null)).await.status, 400);

    let refund = |amount: i64| json!({ "amount": amount, "reason": "damaged", "refund_reference": "A-1-r1" });
    assert_eq!(operate(&shop, &id, "refund", &refund(29991)).await.status, 400);
    let part = operate(&shop, &id, "refund", &refund(990)).await.json();
    assert_eq!(
        (part["status"].as_str(), part["events"][4]["event_reference"].as_str()),
        (Some("PARTIALLY_REFUNDED"), Some("A-1-r1"))
    );
    assert_eq!(operate(&shop, &id, "refund", &refund(29000)).await.json()["status"], "REFUNDED");
    assert_eq!(operate(&shop, &id, "refund", &refund(1)).await.status, 400);
}

#[tokio::test]
async fn a_partly_captured_payment_can_be_partly_refunded_and_closed() {
    let shop = Shop::open().await;
    let (_, id) = shop.paid(&order("A-1"), "klarna.klarna").await;
    operate(&shop, &id, "capture", &json!({ "amount": 10000 })).await;
    let released = operate(&shop, &id, "void", &json!(null)).await.json();
    assert_eq!(
        (released["status"].as_str(), released["events"][3]["amount"].as_i64()),
        (Some("CAPTURED"), Some(19990))
    );
    assert_eq!(operate(&shop, &id, "capture", &json!({ "amount": 1 })).await.status, 400);
    assert_eq!(operate(&shop, &id, "refund", &json!({ "amount": 10000 })).await.json()["status"], "REFUNDED");

    let (_, card) = shop.paid(&order("A-2"), "dintero_psp.creditcard").await;
    operate(&shop, &card, "capture", &json!({ "amount": 10000 })).await;
    assert_eq!(operate(&shop, &card, "void", &json!(null)).await.status, 400, "a card does not release the rest");
    let refunded = operate(&shop, &card, "refund", &json!({ "amount": 10000 })).await.json();
    assert_eq!(refunded["status"], "PARTIALLY_CAPTURED_REFUNDED");
}

#[tokio::test]
async fn a_reservation_is_voided() {
    let shop = Shop::open().await;
    let (session, id) = shop.paid(&order("A-1"), VIPPS).await;
    assert_eq!(operate(&shop, &id, "refund", &json!({ "amount": 1 })).await.status, 400);
    assert_eq!(operate(&shop, &id, "void", &json!(null)).await.json()["status"], "AUTHORIZATION_VOIDED");
    assert_eq!(operate(&shop, &id, "capture", &json!({ "amount": 1 })).await.status, 400);
    assert_eq!(shop.post(&format!("/v1/sessions/{session}/cancel"), &json!({})).await.status, 400);
}

#[tokio::test]
async fn an_operation_can_be_accepted_now_and_done_later() {
    let shop = Shop::open().await;
    let (session, id) = shop.paid(&order("A-1"), VIPPS).await;
    shop.sandbox.configure(|options| options.later_ms = Some(3000));
    let reply = operate(&shop, &id, "capture", &json!({ "amount": 29990, "capture_reference": "A-1-c1" })).await;
    assert_eq!((reply.status, reply.json()["status"].as_str()), (202, Some("AUTHORIZED")));
    let begun = &reply.json()["events"][2];
    assert_eq!(
        (begun["event"].as_str(), begun["request_id"].as_str()),
        (Some("INITIATE_CAPTURE"), Some(reply.header("event-request-id")))
    );
    assert_eq!(operate(&shop, &id, "void", &json!(null)).await.status, 409);
    assert_eq!(shop.post(&format!("/v1/sessions/{session}/cancel"), &json!({})).await.status, 400);

    shop.sandbox.advance(3000);
    let done = shop.get(&format!("/v1/transactions/{id}")).await.json();
    assert_eq!(done["status"], "CAPTURED");
    assert_eq!(done["events"][3]["correlation_request_id"], begun["request_id"]);
    assert_eq!(done["events"][3]["event_reference"], "A-1-c1");
}

#[tokio::test]
async fn an_operation_can_be_made_to_fail() {
    let shop = Shop::open().await;
    let (_, id) = shop.paid(&order("A-1"), VIPPS).await;
    shop.sandbox.fail_next(Operation::Capture, "issuer said no");
    let reply = operate(&shop, &id, "capture", &json!({ "amount": 29990 })).await;
    assert_eq!((reply.status, reply.json()["error"]["message"].as_str()), (400, Some("issuer said no")));
    let read = shop.get(&format!("/v1/transactions/{id}")).await.json();
    assert_eq!((read["status"].as_str(), read["events"][2]["success"].as_bool()), (Some("AUTHORIZED"), Some(false)));
    assert_eq!(read["events"][2]["error"]["message"], "issuer said no");

    shop.sandbox.configure(|options| options.later_ms = Some(1000));
    shop.sandbox.fail_next(Operation::Capture, "too late");
    assert_eq!(operate(&shop, &id, "capture", &json!({ "amount": 29990 })).await.status, 202);
    shop.sandbox.advance(1000);
    let read = shop.sandbox.transaction(&id).unwrap();
    assert_eq!((read.status, read.events[4].success, read.captured), (Status::Authorized, false, 0));
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
        assert_eq!(operate(&shop, &id, "capture", &body).await.status, 400, "{body}");
    }
    assert_eq!(shop.sandbox.transaction(&id).unwrap().events.len(), 2);
    assert_eq!(operate(&shop, &id, "authorization", &json!({})).await.status, 404);
}
