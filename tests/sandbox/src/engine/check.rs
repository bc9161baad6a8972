//! Which requests for a session are refused, and with which fields named.
//!
//! Checked is what the specification states; amounts below one and unknown fields are accepted
//! (assumption: no lower bound and no strictness is published).

use serde_json::{Map, Value, json};

use super::create::CreateForm;
use crate::clock::parse_rfc3339;

/// Collects what is wrong with a request.
pub(super) struct Findings(Vec<Value>);

impl Findings {
    fn add(&mut self, field: &str, message: &str) {
        self.0.push(json!({ "field": field, "message": format!("{field} {message}") }));
    }
}

/// Everything that is wrong with `body`; empty when it may become a session.
pub(super) fn create(form: CreateForm, body: &Value, now_ms: i64) -> Vec<Value> {
    let mut found = Findings(Vec::new());
    if !body.is_object() {
        found.add("body", "must be an object");
        return found.0;
    }
    urls(&mut found, &body["url"]);
    order(&mut found, &body["order"]);
    customer(&mut found, &body["customer"]);
    express(&mut found, body.get("express"));
    metadata(&mut found, body.get("metadata"));
    publish(&mut found, &body["configuration"]["publish"]);
    match form {
        CreateForm::Profile if body["profile_id"].as_str().is_none_or(str::is_empty) => {
            found.add("profile_id", "is required");
        }
        CreateForm::Full if !body["configuration"].is_object() => found.add("configuration", "is required"),
        _ => {}
    }
    if let Some(merchant) = body.get("merchant") {
        for field in ["name", "logo_url"] {
            if !is_text(&merchant[field]) {
                found.add(&format!("merchant.{field}"), "is required");
            }
        }
    }
    if let Some(expires_at) = body.get("expires_at") {
        match expires_at.as_str().and_then(parse_rfc3339) {
            None => found.add("expires_at", "must be a date-time"),
            // assumption: a time that has passed is refused.
            Some(ms) if ms <= now_ms => found.add("expires_at", "must be in the future"),
            Some(_) => {}
        }
    }
    found.0
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

pub(super) fn int32(value: &Value) -> Option<i64> {
    value.as_i64().filter(|number| i32::try_from(*number).is_ok())
}

fn urls(found: &mut Findings, urls: &Value) {
    match urls["return_url"].as_str() {
        None => found.add("url.return_url", "is required"),
        // App schemes are allowed, so anything with a scheme will do.
        Some(text) if url::Url::parse(text).is_err() => found.add("url.return_url", "must be a uri"),
        Some(_) => {}
    }
    for field in ["callback_url", "merchant_terms_url"] {
        let wrong = |text: &str| !(text.starts_with("http://") || text.starts_with("https://"));
        if urls.get(field).is_some_and(|url| url.as_str().is_none_or(wrong)) {
            found.add(&format!("url.{field}"), "must be an http(s) uri");
        }
    }
}

fn order(found: &mut Findings, order: &Value) {
    if !order.is_object() {
        found.add("order", "is required");
        return;
    }
    if int32(&order["amount"]).is_none() {
        found.add("order.amount", "must be an int32");
    }
    let iso = |code: &str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if !order["currency"].as_str().is_some_and(iso) {
        found.add("order.currency", "must be an ISO 4217 code");
    }
    if !is_text(&order["merchant_reference"]) {
        found.add("order.merchant_reference", "is required");
    }
    if order.get("vat_amount").is_some_and(|vat| int32(vat).is_none()) {
        found.add("order.vat_amount", "must be an int32");
    }
    for field in ["shipping_address", "billing_address"] {
        address(found, &format!("order.{field}"), order.get(field));
    }
    if let Some(items) = order.get("items") {
        match items.as_array() {
            Some(items) => order_items(found, items),
            None => found.add("order.items", "must be an array"),
        }
    }
    if let Some(option) = order.get("shipping_option") {
        shipping_option(found, "order.shipping_option", option);
    }
}

fn order_items(found: &mut Findings, items: &[Value]) {
    let mut seen: Vec<&str> = Vec::new();
    for (place, item) in items.iter().enumerate() {
        for field in ["amount", "vat_amount"] {
            if item.get(field).is_some_and(|value| int32(value).is_none()) {
                found.add(&format!("order.items[{place}].{field}"), "must be an int32");
            }
        }
        for field in ["quantity", "vat"] {
            if item.get(field).is_some_and(|value| !value.is_number()) {
                found.add(&format!("order.items[{place}].{field}"), "must be a number");
            }
        }
        for field in ["id", "line_id", "description"] {
            if item.get(field).is_some_and(|value| !value.is_string()) {
                found.add(&format!("order.items[{place}].{field}"), "must be a string");
            }
        }
        if let Some(line_id) = item["line_id"].as_str() {
            if seen.contains(&line_id) {
                found.add(&format!("order.items[{place}].line_id"), "must be unique among items");
            }
            seen.push(line_id);
        }
    }
}

/// An address may leave fields out, but none may be empty.
pub(super) fn address(found: &mut Findings, field: &str, address: Option<&Value>) {
    let Some(address) = address else { return };
    let Some(fields) = address.as_object() else {
        found.add(field, "must be an object");
        return;
    };
    for (name, value) in fields {
        if value.as_str().is_some_and(|text| text.trim().is_empty()) {
            found.add(&format!("{field}.{name}"), "must not be empty");
        }
    }
    if address.get("phone_number").is_some_and(|phone| !is_phone(phone)) {
        found.add(&format!("{field}.phone_number"), "must match ^\\+?\\d{5,15}$");
    }
}

/// What is wrong with an address that a customer filled in.
pub(super) fn customer_address(value: &Value) -> Vec<Value> {
    let mut found = Findings(Vec::new());
    address(&mut found, "order.shipping_address", Some(value));
    found.0
}

fn customer(found: &mut Findings, customer: &Value) {
    if customer.get("phone_number").is_some_and(|phone| !is_phone(phone)) {
        found.add("customer.phone_number", "must match ^\\+?\\d{5,15}$");
    }
    if customer.get("email").is_some_and(|email| !email.as_str().is_some_and(|text| text.contains('@'))) {
        found.add("customer.email", "must be an e-mail address");
    }
}

/// `^\+?\d{5,15}$`
fn is_phone(value: &Value) -> bool {
    value.as_str().is_some_and(|text| {
        let digits = text.strip_prefix('+').unwrap_or(text);
        (5..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn express(found: &mut Findings, express: Option<&Value>) {
    let Some(express) = express else { return };
    match express["shipping_options"].as_array() {
        None => found.add("express.shipping_options", "is required"),
        Some(options) => {
            for (place, option) in options.iter().enumerate() {
                shipping_option(found, &format!("express.shipping_options[{place}]"), option);
            }
        }
    }
    let modes = ["shipping_required", "shipping_not_required"];
    if express.get("shipping_mode").is_some_and(|mode| !mode.as_str().is_some_and(|mode| modes.contains(&mode))) {
        found.add("express.shipping_mode", "is not a shipping mode");
    }
}

fn shipping_option(found: &mut Findings, field: &str, option: &Value) {
    for name in ["id", "line_id", "title"] {
        if !is_text(&option[name]) {
            found.add(&format!("{field}.{name}"), "is required");
        }
    }
    if !option["operator"].is_string() {
        found.add(&format!("{field}.operator"), "is required");
    }
    if int32(&option["amount"]).is_none() {
        found.add(&format!("{field}.amount"), "must be an int32");
    }
}

fn metadata(found: &mut Findings, metadata: Option<&Value>) {
    let Some(metadata) = metadata else { return };
    let empty = Map::new();
    if !metadata.is_object() {
        found.add("metadata", "must be an object");
    }
    for (key, value) in metadata.as_object().unwrap_or(&empty) {
        if !(value.is_string() || value.is_number()) {
            found.add(&format!("metadata.{key}"), "must be a string or a number");
        }
    }
}

fn publish(found: &mut Findings, publish: &Value) {
    for entry in publish.as_array().map(Vec::as_slice).unwrap_or_default() {
        if !matches!(entry["channel"].as_str(), Some("sms" | "push")) {
            found.add("configuration.publish.channel", "must be sms or push");
        }
        if !matches!(entry["type"].as_str(), Some("checkout-link" | "app" | "terminal")) {
            found.add("configuration.publish.type", "must be checkout-link, app or terminal");
        }
    }
}

/// The items whose description is longer than this. assumption: no limit is published; the options may set one.
pub(super) fn too_long(order: &Value, max: usize) -> Vec<Value> {
    let mut found = Findings(Vec::new());
    for (place, item) in order["items"].as_array().into_iter().flatten().enumerate() {
        if item["description"].as_str().is_some_and(|text| text.chars().count() > max) {
            found.add(&format!("order.items[{place}].description"), &format!("must be at most {max} characters"));
        }
    }
    found.0
}

/// Under `strict-session-amounts`, and always when an order is updated, the sum must be exact.
/// With `partial_payment` the amount may be lower.
pub(super) fn sum(order: &Value) -> Option<Value> {
    let Some(items) = order["items"].as_array().filter(|items| !items.is_empty()) else {
        return None; // assumption: an order without items has nothing to be compared with.
    };
    let lines: i64 = items.iter().filter_map(|item| item["amount"].as_i64()).sum();
    let total = lines + order["shipping_option"]["amount"].as_i64().unwrap_or_default();
    let amount = order["amount"].as_i64().unwrap_or_default();
    let fits = amount == total || (order["partial_payment"] == true && amount <= total);
    (!fits).then(|| {
        json!({ "field": "order.amount", "message": format!("order.amount {amount} is not the sum of its lines, {total}") })
    })
}
