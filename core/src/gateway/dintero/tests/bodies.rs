//! Every body that creates a session: pictured, and judged by the provider's description.

use super::description::Description;
use super::orders::{address, honey, line, off, only, request, ten_percent};
use crate::gateway::CreateSession;
use crate::gateway::dintero::map;
use crate::order::{AddressMode, Capture};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const PROFILE: &str = "T12345678.46dP6T4F1mUXYPeYKYc5Gj";

fn body(request: &CreateSession) -> Value {
    serde_json::to_value(map::body(request, PROFILE, "https://example.com/thanks").unwrap()).unwrap()
}

/// The body, after it was judged.
fn judged(request: &CreateSession) -> Value {
    let description = Description::load();
    let schema = match map::path(request) {
        "sessions-profile" => description.with_profile(),
        "sessions" => description.without_profile(),
        other => panic!("{other}"),
    };
    let body = body(request);
    let judge = jsonschema::draft4::options().should_validate_formats(true).build(&schema).unwrap();
    let errors: Vec<_> = judge.iter_errors(&body).map(|error| format!("{} {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{body:#}");
    assert_eq!(description.unknown_fields(&schema, &body), BTreeSet::new());
    assert_eq!(empty_fields("", &body), Vec::<String>::new());
    let order = &body["order"];
    let sum =
        |name: &str| order["items"].as_array().unwrap().iter().map(|item| item[name].as_i64().unwrap()).sum::<i64>();
    assert_eq!(order["amount"], json!(sum("amount")));
    assert_eq!(order["vat_amount"], json!(sum("vat_amount")));
    body
}

/// Empty texts, nulls and objects: the provider refuses empty texts (facts 2.3).
fn empty_fields(path: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Null => vec![path.to_owned()],
        Value::String(text) if text.is_empty() => vec![path.to_owned()],
        Value::Object(fields) if fields.is_empty() => vec![path.to_owned()],
        Value::Object(fields) => {
            fields.iter().flat_map(|(name, one)| empty_fields(&format!("{path}/{name}"), one)).collect()
        }
        Value::Array(all) => all.iter().flat_map(|one| empty_fields(path, one)).collect(),
        _ => Vec::new(),
    }
}

/// Compares the body with its picture in `core/tests/snapshots`.
fn pictured(name: &str, request: &CreateSession) {
    let body = json!({"path": map::path(request), "body": judged(request)});
    insta::with_settings!({
        snapshot_path => "../../../../tests/snapshots", prepend_module_to_snapshot => false, omit_expression => true
    }, {
        insta::assert_json_snapshot!(format!("dintero_create_{name}"), body);
    });
}

#[test]
fn all_methods_go_to_the_profile() {
    pictured("all_methods", &honey());
}

#[test]
fn some_methods_are_named_and_the_profile_is_copied() {
    pictured("some_methods", &only(&["bambora.vipps", "bambora.creditcard", "vipps"]));
}

#[test]
fn some_methods_without_a_profile_at_hand_are_named_alone() {
    let mut request = only(&["dintero_psp.vipps"]);
    request.profile = None;
    pictured("some_methods_without_profile", &request);
}

#[test]
fn the_number_and_publish_go_along_only_when_the_provider_sends() {
    let mut request = honey();
    let text = body(&request).to_string();
    assert!(!text.contains("95098471") && !text.contains("publish"), "{text}");
    request.provider_sends = true;
    pictured("sms", &request);
    let mut request = only(&["bambora.vipps"]);
    request.provider_sends = true;
    pictured("push", &request);
}

#[test]
fn express_asks_the_customer_for_the_address() {
    let mut request = honey();
    request.order.sale.address = AddressMode::Express;
    request.order.sale.customer.address = address();
    pictured("express", &request);
}

#[test]
fn a_known_address_is_where_it_goes_and_who_pays() {
    let mut request = honey();
    request.order.sale.customer.address = address();
    pictured("address", &request);
}

#[test]
fn a_customer_who_gave_nothing_leaves_nothing() {
    let mut request = honey();
    request.order.sale.customer = crate::contact::Customer::default();
    pictured("nobody", &request);
}

#[test]
fn manual_capture_leaves_the_money_reserved() {
    let mut request = honey();
    request.order.sale.capture = Capture::Manual;
    pictured("manual_capture", &request);
}

#[test]
fn discounts_are_described_and_already_taken_off() {
    pictured(
        "discounts",
        &request(vec![
            line("Honning 500 g", "2", 14_900, "15", Some(ten_percent())),
            line("Krukke", "1", 9_900, "25", Some(off(2_000))),
            line("Smaksprøve", "1", 1_000, "15", Some(off(1_000))),
        ]),
    );
}

#[test]
fn decimals_and_odd_rates_are_exact() {
    pictured(
        "decimals",
        &request(vec![
            line("Laks", "0.333", 9_999, "11.11", None),
            line("Montering", "2.25", 14_950, "25", None),
            line("Bok", "1", 100, "0", None),
        ]),
    );
}

#[test]
fn every_method_that_the_provider_knows_can_be_asked_for_alone() {
    let description = Description::load();
    let names = description.at("/components/schemas/Transaction/allOf/1/properties/payment_product_type/enum");
    let names: Vec<_> = names.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert!(names.len() > 30);
    for name in names.into_iter().filter(|name| !["dintero.zero", "dintero.external"].contains(name)) {
        judged(&only(&[name]));
    }
}

#[test]
fn an_amount_that_the_provider_cannot_take_is_refused_here() {
    let huge = request(vec![line("Slott", "1", i64::from(i32::MAX) + 1, "25", None)]);
    assert_eq!(map::body(&huge, PROFILE, "https://example.com").map(|_| ()).unwrap_err().status, 400);
    judged(&request(vec![line("Hus", "1", i64::from(i32::MAX), "25", None)]));
    let mut timeless = honey();
    timeless.expires_at = crate::clock::ProviderTime::from_ms(i64::MAX);
    assert!(map::body(&timeless, PROFILE, "https://example.com").is_err());
}

#[test]
fn terms_that_are_no_web_address_are_left_out() {
    let mut request = only(&["vipps"]);
    request.profile.as_mut().unwrap().terms_url = Some("terms".to_owned());
    assert!(judged(&request)["url"].get("merchant_terms_url").is_none());
}

/// Facts 2.3: at most ten entries, strings only; a merchant is not declared where the methods are named.
#[test]
fn nothing_is_sent_that_the_published_description_does_not_know() {
    for request in [honey(), only(&["vipps"])] {
        let body = judged(&request);
        assert!(body.get("merchant").is_none());
        let metadata = body["metadata"].as_object().unwrap();
        assert!(metadata.len() <= 10 && metadata.values().all(serde_json::Value::is_string));
    }
}

#[test]
fn the_judge_can_say_no() {
    let description = Description::load();
    let schema = description.with_profile();
    let judge = jsonschema::draft4::options().should_validate_formats(true).build(&schema).unwrap();
    for (pointer, wrong) in [
        ("/order/amount", json!("29800")),
        ("/order/items/0/quantity", json!("2")),
        ("/expires_at", json!("tomorrow")),
        ("/url/return_url", json!(7)),
        ("/profile_id", json!(null)),
    ] {
        let mut body = body(&honey());
        *body.pointer_mut(pointer).unwrap() = wrong;
        assert!(!judge.is_valid(&body), "{pointer}");
    }
    let mut odd = body(&honey());
    odd["order"]["unit_price"] = json!(1);
    assert_eq!(description.unknown_fields(&schema, &odd), BTreeSet::from(["/order/unit_price".to_owned()]));
}
