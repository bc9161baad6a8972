//! An order becomes the body that creates its session (facts 2.2 to 2.5).
//!
//! - Every method: `sessions-profile`, and the profile decides. Just some: `sessions` with only those enabled, because
//!   it is not known whether a profile's method can be switched off (facts 4); terms and colours are then copied from the
//!   profile as last read. Its merchant is not: `merchant` is not declared for `POST /sessions` (facts 2.3), so the
//!   payment page of such a session goes without the logo.
//! - Amounts are those of the order, never computed again: the sum of the lines is the total, which the provider
//!   checks (`strict-session-amounts`).
//! - The phone number and `publish` go along only when the provider shall send (rule 12).

use super::list::moment;
use super::wire::{
    Address, Body, Configuration, Customer, DiscountLine, Express, Item, Metadata, Order, Publish, Urls,
};
use crate::contact;
use crate::gateway::{CreateSession, Profile, Rejection};
use crate::money::{Amount, Discount};
use crate::order::{self, AddressMode, Capture, Methods, PaymentMethod, Sale};
use serde_json::{Map, Number, Value, json};

/// The link is sent by SMS; the provider makes a push of exactly this when the only method is a wallet (facts 4).
const BY_SMS: Publish = Publish { r#type: "checkout-link", channel: "sms" };

/// How Dintero's own shop plug-in asks the customer for an address without any shipping (facts 2.3): proven in use,
/// and a private customer is not asked for an organisation number.
const ASK_FOR_ADDRESS: Express =
    Express { shipping_options: [], shipping_mode: "shipping_not_required", customer_types: &["b2c"] };

/// Taken off by the seller's own choice.
const BY_SELLER: &str = "manual";

/// Whether the reference is named for the payment report as well. ASSUMPTION (facts 2.3): `order.event_reference` is
/// declared in the current types, and not in the published description of July 2024.
const EVENT_REFERENCE: bool = true;

/// Where a session is created.
pub(super) fn path(request: &CreateSession) -> &'static str {
    if chosen(&request.order.sale.methods).is_empty() { "sessions-profile" } else { "sessions" }
}

/// The body.
///
/// # Errors
/// A refusal like the provider's own for an amount or a time that it cannot take.
pub(super) fn body<'a>(
    request: &'a CreateSession,
    profile_id: &'a str,
    return_url: &'a str,
) -> Result<Body<'a>, Rejection> {
    let order = &request.order;
    let sale = &order.sale;
    let only = chosen(&sale.methods);
    let copied = request.profile.as_ref().filter(|_| !only.is_empty());
    let express = sale.address == AddressMode::Express;
    let address = sale.customer.address.as_ref().filter(|_| !express).map(address);
    Ok(Body {
        url: Urls { return_url, merchant_terms_url: copied.and_then(terms) },
        customer: customer(sale, request.provider_sends),
        order: Order {
            amount: minor(sale.total)?,
            currency: sale.currency.code(),
            vat_amount: minor(sale.vat)?,
            merchant_reference: &order.reference,
            event_reference: EVENT_REFERENCE.then_some(&*order.reference),
            shipping_address: address.clone(),
            billing_address: address,
            items: (1..).zip(&sale.items).map(|(line, item)| self::item(line, item)).collect::<Result<_, _>>()?,
        },
        profile_id: only.is_empty().then_some(profile_id),
        configuration: Configuration {
            auto_capture: sale.capture == Capture::Auto,
            publish: if request.provider_sends { vec![BY_SMS] } else { Vec::new() },
            theme: copied.and_then(|profile| profile.theme.as_ref()),
            methods: enabled(only),
        },
        express: express.then_some(ASK_FOR_ADDRESS),
        expires_at: moment(request.expires_at.ms()).ok_or_else(|| refusal("expires_at is not a time"))?,
        metadata: Metadata { ext_paylink_order: order.id.to_string(), ext_paylink_entry: request.entry.to_string() },
    })
}

/// The methods to name; none of them means all of the profile.
fn chosen(methods: &Methods) -> &[PaymentMethod] {
    match methods {
        Methods::All => &[],
        Methods::Only(only) => only,
    }
}

/// `bambora.vipps` becomes `{"bambora":{"vipps":{"enabled":true}}}`, `vipps` becomes `{"vipps":{"enabled":true}}`.
fn enabled(only: &[PaymentMethod]) -> Map<String, Value> {
    let mut gateways = Map::new();
    for method in only {
        let (gateway, product) = method.code().split_once('.').unwrap_or((method.code(), ""));
        let gateway = gateways.entry(gateway).or_insert_with(|| json!({}));
        if product.is_empty() {
            gateway["enabled"] = json!(true);
        } else {
            gateway[product] = json!({ "enabled": true });
        }
    }
    gateways
}

fn customer(sale: &Sale, provider_sends: bool) -> Option<Customer<'_>> {
    let email = sale.customer.email.as_ref().map(|email| email.as_str());
    let phone_number = sale.customer.phone.as_ref().filter(|_| provider_sends).map(|phone| phone.e164());
    (email.is_some() || phone_number.is_some()).then_some(Customer { email, phone_number })
}

fn address(address: &contact::Address) -> Address<'_> {
    Address {
        first_name: filled(&address.first_name),
        last_name: filled(&address.last_name),
        business_name: address.business_name.as_deref().and_then(filled),
        address_line: filled(&address.line),
        address_line_2: address.line2.as_deref().and_then(filled),
        postal_code: filled(&address.postal_code),
        postal_place: filled(&address.city),
        country: filled(&address.country),
    }
}

fn filled(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn item(line: u32, item: &order::Item) -> Result<Item<'_>, Rejection> {
    Ok(Item {
        id: line.to_string(),
        line_id: line.to_string(),
        description: &item.description,
        quantity: number(&item.quantity.plain_text()),
        amount: minor(item.total)?,
        vat_amount: minor(item.vat_amount)?,
        vat: number(&item.vat.plain_text()),
        discount_lines: discount(item).into_iter().collect(),
    })
}

/// What was taken off, for the payment page to show. It describes; the line's amount is already less it. One too large
/// for the provider's whole numbers is left out.
fn discount(item: &order::Item) -> Option<DiscountLine> {
    let taken = item.discount.as_ref()?;
    let amount = minor(item.discount_amount).ok().filter(|amount| *amount > 0)?;
    let percentage = match taken {
        Discount::Percent(percent) => Some(number(&percent.plain_text())),
        Discount::Amount(_) => None,
    };
    Some(DiscountLine { amount, percentage, discount_type: BY_SELLER, line_id: 1 })
}

/// Minor units that fit the provider's 32-bit numbers (facts 2.3). A checked order always does.
fn minor(amount: Amount) -> Result<i32, Rejection> {
    i32::try_from(amount.minor()).map_err(|_| refusal("the amount is larger than the provider takes"))
}

/// A decimal as JSON. At most seven digits before the dot and three behind it: a float prints back the very text.
fn number(plain: &str) -> Number {
    let whole = plain.parse::<i64>().ok().map(Number::from);
    whole.or_else(|| plain.parse::<f64>().ok().and_then(Number::from_f64)).unwrap_or_else(|| Number::from(0))
}

fn refusal(message: &str) -> Rejection {
    Rejection { status: 400, code: None, message: message.to_owned() }
}

/// The terms link, if the provider takes it: it wants a web address.
fn terms(profile: &Profile) -> Option<&str> {
    profile.terms_url.as_deref().filter(|link| is_web(link))
}

fn is_web(link: &str) -> bool {
    link.starts_with("https://") || link.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_is_written_as_it_is_read() {
        for text in ["1", "0.333", "2.25", "11.11", "25", "0.001", "999999.999", "12.5", "1000000", "0.1"] {
            assert_eq!(serde_json::to_string(&number(text)).unwrap(), text);
        }
        for thousandths in (1..1_000_000_u32).step_by(37) {
            let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
            let text = text.trim_end_matches('0').trim_end_matches('.');
            assert_eq!(serde_json::to_string(&number(text)).unwrap(), text);
        }
    }

    #[test]
    fn methods_of_one_gateway_share_its_object() {
        let only = ["bambora.vipps", "bambora.creditcard", "vipps", "swish.swish"].map(PaymentMethod::new);
        assert_eq!(
            Value::Object(enabled(&only)),
            json!({
                "bambora": {"vipps": {"enabled": true}, "creditcard": {"enabled": true}},
                "vipps": {"enabled": true},
                "swish": {"swish": {"enabled": true}}
            })
        );
    }
}
