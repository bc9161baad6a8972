//! A payment profile as it is read (facts 8): which methods the account offers, and whether it sends the link itself.

use super::lenient;
use crate::gateway::Profile;
use crate::order::PaymentMethod;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Keys of a profile's `configuration` that are not payment gateways, though they or something in them may be
/// `enabled`. Everything else is one, also when we do not know it.
const NOT_GATEWAYS: [&str; 13] = [
    "active_payment_types",
    "allow_different_billing_shipping_address",
    "allow_express_wallet_payment",
    "auto_capture",
    "channel",
    "countries",
    "default_customer_type",
    "default_payment_type",
    "discounts",
    "merchant",
    "payout",
    "publish",
    "theme",
];

/// Enabled in a profile, but no choice for a sale: one is for orders of nothing (facts 2.5), the other needs a display
/// of its own that a session would have to repeat (the description's `DinteroConfiguration`).
const NO_CHOICE: [&str; 2] = ["dintero.zero", "dintero.external"];

#[derive(Default, Deserialize)]
#[serde(default)]
struct Read {
    #[serde(deserialize_with = "lenient::text")]
    profile_id: Option<String>,
    #[serde(deserialize_with = "lenient::part")]
    url: Urls,
    #[serde(deserialize_with = "lenient::part")]
    configuration: Option<Map<String, Value>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Urls {
    #[serde(deserialize_with = "lenient::text")]
    merchant_terms_url: Option<String>,
}

/// The profile in an answer, or `None` when there is no configuration in it. `asked` is the id to give it when the
/// answer names none.
pub(in crate::gateway::dintero) fn read_profile(value: Value, asked: &str) -> Option<Profile> {
    let read: Read = serde_json::from_value(value).ok()?;
    let configuration = read.configuration?;
    Some(Profile {
        id: read.profile_id.unwrap_or_else(|| asked.to_owned()),
        methods: methods(&configuration),
        publishes: publishes(configuration.get("publish")),
        terms_url: read.url.merchant_terms_url,
        theme: configuration.get("theme").filter(|theme| theme.is_object()).cloned(),
    })
}

/// Every `<gateway>.enabled` and `<gateway>.<product>.enabled`. A gateway with products is offered by product.
fn methods(configuration: &Map<String, Value>) -> Vec<PaymentMethod> {
    let mut codes = Vec::new();
    let gateways = configuration.iter().filter(|(name, _)| !NOT_GATEWAYS.contains(&name.as_str()));
    for (name, gateway) in gateways {
        let Some(products) = gateway.as_object() else { continue };
        let before = codes.len();
        let enabled = products.iter().filter(|(_, product)| is_enabled(product));
        codes.extend(enabled.map(|(product, _)| format!("{name}.{product}")));
        if codes.len() == before && is_enabled(gateway) {
            codes.push(name.clone());
        }
    }
    codes.retain(|code| !NO_CHOICE.contains(&code.as_str()));
    codes.iter().map(|code| PaymentMethod::new(code)).collect()
}

fn is_enabled(value: &Value) -> bool {
    value.get("enabled").and_then(Value::as_bool) == Some(true)
}

/// Whether the profile sends the link by itself; what cannot be read counts as yes, the careful answer.
fn publishes(publish: Option<&Value>) -> bool {
    match publish {
        None | Some(Value::Null) => false,
        Some(Value::Array(all)) => !all.is_empty(),
        Some(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_enabled_methods_are_found_by_gateway_and_product() {
        let profile = read_profile(
            json!({"profile_id": "default", "description": "x", "created_at": "2020-01-01T00:00:00Z",
            "merchant": {"name": "Skogens Honning", "logo_url": "https://example.com/l.png"},
            "url": {"merchant_terms_url": "https://example.com/terms"},
            "configuration": {
                "auto_capture": true, "channel": "ecommerce", "default_payment_type": "vipps",
                "active_payment_types": {"enabled": true},
                "discounts": {"express_discount_codes": {"enabled": true}, "order": {"enabled": true}},
                "theme": {"primary": "#123456"},
                "bambora": {"type": "payment_type", "vipps": {"enabled": true, "type": "payment_product_type"},
                            "creditcard": {"enabled": true}, "mobilepay": {"enabled": false}},
                "vipps": {"enabled": true},
                "newgate": {"newpay": {"enabled": true}},
                "swish": {"swish": {}}
            }}),
            "asked",
        )
        .unwrap();
        let mut codes: Vec<_> = profile.methods.iter().map(PaymentMethod::code).collect();
        codes.sort_unstable();
        assert_eq!(codes, ["bambora.creditcard", "bambora.vipps", "newgate.newpay", "vipps"]);
        assert_eq!(profile.id, "default");
        assert_eq!(profile.terms_url.as_deref(), Some("https://example.com/terms"));
        assert_eq!(profile.theme, Some(json!({"primary": "#123456"})));
        assert!(!profile.publishes);
    }

    #[test]
    fn a_profile_that_sends_by_itself_is_noticed() {
        for (publish, expected) in [
            (json!([{"channel": "sms", "type": "checkout-link"}]), true),
            (json!({"sms": true}), true),
            (json!([]), false),
            (json!(null), false),
        ] {
            let profile = read_profile(json!({"configuration": {"publish": publish}}), "asked").unwrap();
            assert_eq!(profile.publishes, expected, "{publish}");
            assert_eq!(profile.id, "asked");
        }
    }

    #[test]
    fn an_answer_without_a_configuration_is_no_profile() {
        assert_eq!(read_profile(json!({"profile_id": "default"}), "x"), None);
        assert_eq!(read_profile(json!([]), "x"), None);
    }
}
