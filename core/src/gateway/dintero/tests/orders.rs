//! Sales to make sessions of.

use crate::contact::{Address, AddressText, Customer, EmailAddress, PhoneNumber};
use crate::gateway::{CreateSession, Profile};
use crate::message::Language;
use crate::money::{self, Amount, Currency, Discount, Percent};
use crate::order::{AddressMode, Capture, Delivery, Expiry, Item, Methods, Order, PaymentMethod, Sale};
use serde_json::json;

fn nok() -> Currency {
    Currency::from_code("NOK").unwrap()
}

/// A line: description, quantity, unit price in minor units, VAT in percent, discount.
pub(super) fn line(text: &str, quantity: &str, unit: i64, vat: &str, discount: Option<Discount>) -> Item {
    let quantity = money::parse_quantity(quantity).unwrap();
    let vat = money::parse_vat_rate(vat).unwrap();
    let unit_price = Amount::new(unit, nok());
    let gross = money::line_gross(quantity, unit_price).unwrap();
    let discount_amount =
        discount.as_ref().map_or(Amount::zero(nok()), |discount| money::discount_of(gross, discount).unwrap());
    let total = gross.checked_sub(discount_amount).unwrap();
    Item {
        description: text.to_owned(),
        quantity,
        unit_price,
        vat,
        discount,
        gross,
        discount_amount,
        total,
        vat_amount: money::included_vat(total, vat),
    }
}

/// Ten per cent off.
pub(super) fn ten_percent() -> Discount {
    Discount::Percent(Percent::from_hundredths(1_000).unwrap())
}

/// This much off.
pub(super) fn off(minor: i64) -> Discount {
    Discount::Amount(Amount::new(minor, nok()))
}

/// A sale of these lines to a customer who gave everything, to be sent by the seller.
pub(super) fn request(items: Vec<Item>) -> CreateSession {
    let sum = |of: fn(&Item) -> Amount| {
        items.iter().fold(Amount::zero(nok()), |sum, item| sum.checked_add(of(item)).unwrap())
    };
    let sale = Sale {
        currency: nok(),
        total: sum(|item| item.total),
        vat: sum(|item| item.vat_amount),
        items,
        reference: None,
        methods: Methods::All,
        expiry: Expiry::Week,
        address: AddressMode::Known,
        capture: Capture::Auto,
        delivery: Delivery::Copy,
        language: Language::from_code("nb").unwrap(),
        goods: Vec::new(),
        customer: Customer {
            name: Some("Kari Nordmann".to_owned()),
            phone: PhoneNumber::parse("+4795098471", "NO").ok().map(|parsed| parsed.number),
            email: EmailAddress::parse("kari@example.com").ok(),
            address: None,
        },
        again_of: None,
    };
    CreateSession {
        order: Order {
            id: "01936a3e-0000-7000-8000-000000000001".parse().unwrap(),
            reference: "HON-7K3M-12".to_owned(),
            created_at: crate::clock::PhoneTime::from_ms(1_795_510_000_000),
            sale,
        },
        entry: "01936a3e-0000-7000-8000-000000000002".parse().unwrap(),
        expires_at: crate::clock::ProviderTime::from_ms(1_796_119_200_000),
        provider_sends: false,
        profile: None,
    }
}

/// Two jars of honey.
pub(super) fn honey() -> CreateSession {
    request(vec![line("Honning 500 g", "2", 14_900, "15", None)])
}

/// Honey that may be paid with just these.
pub(super) fn only(codes: &[&str]) -> CreateSession {
    let mut request = honey();
    request.order.sale.methods = Methods::Only(codes.iter().map(|code| PaymentMethod::new(code)).collect());
    request.profile = Some(profile());
    request
}

/// A profile with everything that is copied.
pub(super) fn profile() -> Profile {
    Profile {
        id: "default".to_owned(),
        methods: Vec::new(),
        publishes: false,
        terms_url: Some("https://example.com/terms".to_owned()),
        theme: Some(json!({"primary": "#8a5a00"})),
    }
}

/// An address.
pub(super) fn address() -> Option<Address> {
    let typed = AddressText {
        first_name: "Kari".to_owned(),
        last_name: "Nordmann".to_owned(),
        line: "Storgata 1".to_owned(),
        postal_code: "0155".to_owned(),
        city: "Oslo".to_owned(),
        ..AddressText::default()
    };
    Address::check(&typed, "NO").unwrap()
}
