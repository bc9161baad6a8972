//! What a draft's text becomes, and every problem by its code.

use super::*;
use crate::money::{Region, VatRate};
use jiff::civil::date;
use proptest::prelude::*;

fn rules() -> Rules {
    Rules {
        region: Region::Norway,
        today: date(2026, 11, 24),
        currency: Currency::NOK,
        vat: VatRate::from_hundredths(2500).unwrap(),
        expiry: Expiry::Week,
        capture: Capture::Auto,
        address: AddressMode::Known,
        delivery: Delivery::Copy,
        language: Language::Nb,
        offered: Some(["bambora.vipps", "dintero_psp.creditcard", "swish.swish"].map(PaymentMethod::new).into()),
    }
}

fn item(description: &str, quantity: &str, unit_price: &str, vat: &str, discount: &str) -> DraftItem {
    DraftItem {
        description: description.to_owned(),
        quantity: quantity.to_owned(),
        unit_price: unit_price.to_owned(),
        vat: vat.to_owned(),
        discount: discount.to_owned(),
        ..DraftItem::default()
    }
}

fn with(items: Vec<DraftItem>) -> Draft {
    Draft { items, ..Draft::default() }
}

fn codes(draft: &Draft) -> Vec<(String, Option<u32>, String)> {
    check(draft, &rules()).problems.into_iter().map(|one| (one.field, one.line, one.code.code().to_owned())).collect()
}

fn one(field: &str, line: Option<u32>, code: &str) -> Vec<(String, Option<u32>, String)> {
    vec![(field.to_owned(), line, code.to_owned())]
}

#[test]
fn a_line_gets_its_defaults() {
    let sale = parse(&with(vec![item(" Lys ", "", "89,50", "", "")]), &rules()).unwrap();
    assert_eq!(sale.items[0].description, "Lys");
    assert_eq!(sale.items[0].quantity, crate::money::Quantity::ONE);
    assert_eq!(sale.items[0].vat.hundredths(), 2500);
    assert_eq!((sale.total.minor(), sale.vat.minor()), (8_950, 1_790));
    assert_eq!((sale.methods, sale.delivery, sale.address), (Methods::All, Delivery::Copy, AddressMode::Known));
}

#[test]
fn lines_are_rounded_once_and_totals_are_sums_of_lines() {
    let draft = with(vec![
        item("Honning", "2", "149,00", "15", ""),
        item("Torsk", "1,25", "119,90", "11,11", "10 %"),
        item("Lys", "3", "29,90", "25", "9,70"),
    ]);
    let totals = check(&draft, &rules()).totals.unwrap();
    let lines: Vec<_> = totals
        .lines
        .iter()
        .map(|line| (line.gross.minor(), line.discount.minor(), line.total.minor(), line.vat.minor()))
        .collect();
    // 1,25 × 119,90 = 149,875 → 149,88; 10 % = 14,988 → 14,99.
    assert_eq!(lines, [(29_800, 0, 29_800, 3_887), (14_988, 1_499, 13_489, 1_349), (8_970, 970, 8_000, 1_600)]);
    assert_eq!((totals.total.minor(), totals.vat.minor(), totals.net.minor()), (51_289, 6_836, 44_453));
    let rates: Vec<_> = totals.by_vat.iter().map(|one| one.rate.plain_text()).collect();
    assert_eq!(rates, ["25", "15", "11.11"]);
}

#[test]
fn a_quick_amount_is_one_line_and_excludes_lines() {
    let sale = parse(&Draft { amount: "149,-".to_owned(), ..Draft::default() }, &rules()).unwrap();
    assert_eq!((sale.items.len(), sale.total.minor()), (1, 14_900));
    assert!(!sale.items[0].description.is_empty());
    let both = Draft { amount: "149".to_owned(), ..with(vec![item("Lys", "", "1", "", "")]) };
    assert_eq!(codes(&both), one("amount", None, "excludes"));
}

#[test]
fn each_wrong_field_has_its_code() {
    let line = |draft_item| codes(&with(vec![draft_item]));
    assert_eq!(codes(&Draft::default()), one("items", None, "required"));
    assert_eq!(line(item("", "", "1", "", "")), one("description", Some(1), "required"));
    assert_eq!(line(item("Lys\u{7}", "", "1", "", "")), one("description", Some(1), "control_character"));
    assert_eq!(line(item(&"x".repeat(201), "", "1", "", "")), one("description", Some(1), "too_long"));
    assert_eq!(line(item("Lys", "0", "1", "", "")), one("quantity", Some(1), "zero"));
    assert_eq!(line(item("Lys", "1,250", "1", "", "")), one("quantity", Some(1), "ambiguous"));
    assert_eq!(line(item("Lys", "", "", "", "")), one("unit_price", Some(1), "required"));
    assert_eq!(line(item("Lys", "", "0,00", "", "")), one("unit_price", Some(1), "zero"));
    assert_eq!(line(item("Lys", "", "-5", "", "")), one("unit_price", Some(1), "negative"));
    assert_eq!(line(item("Lys", "", "1,999", "", "")), one("unit_price", Some(1), "ambiguous"));
    assert_eq!(line(item("Lys", "", "5 €", "", "")), one("unit_price", Some(1), "wrong_currency"));
    assert_eq!(line(item("Lys", "", "5", "101", "")), one("vat", Some(1), "too_large"));
    assert_eq!(line(item("Lys", "", "5", "", "6")), one("discount", Some(1), "above_line"));
    assert_eq!(line(item("Lys", "", "5", "", "100 %")), one("total", None, "nothing_to_pay"));
    assert_eq!(line(item("Lys", "1000000", "21474836,47", "", "")), one("total", None, "too_large"));
    for (field, edit) in [
        ("expiry", Draft { expiry: "2w".to_owned(), ..Draft::default() }),
        ("capture", Draft { capture: "later".to_owned(), ..Draft::default() }),
        ("delivery", Draft { delivery: "pigeon".to_owned(), ..Draft::default() }),
        ("address", Draft { address: "somewhere".to_owned(), ..Draft::default() }),
        ("language", Draft { language: "xx".to_owned(), ..Draft::default() }),
        ("currency", Draft { currency: "XXX".to_owned(), ..Draft::default() }),
    ] {
        let draft = Draft { amount: "5".to_owned(), ..edit };
        assert_eq!(codes(&draft), one(field, None, "not_supported"), "{field}");
    }
}

#[test]
fn all_problems_come_at_once_with_their_lines() {
    let draft = Draft {
        delivery: "mail".to_owned(),
        methods: vec!["cash".to_owned()],
        ..with(vec![item("", "x", "1", "", ""), item("Lys", "", "1.000", "14", "")])
    };
    let found = codes(&draft);
    let expected = [
        ("description", Some(1), "required"),
        ("quantity", Some(1), "not_a_number"),
        ("unit_price", Some(2), "ambiguous"),
        ("vat", Some(2), "unusual"),
        ("methods", None, "not_offered"),
        ("email", None, "required"),
    ];
    assert_eq!(found, expected.map(|(field, line, code)| (field.to_owned(), line, code.to_owned())));
}

#[test]
fn a_warning_does_not_stop_the_sale() {
    let draft = Draft {
        delivery: "sms".to_owned(),
        phone: "22 34 56 78".to_owned(),
        ..with(vec![item("Lys", "", "5", "14", "")])
    };
    let problems = check(&draft, &rules()).problems;
    assert!(problems.iter().all(|one| !one.is_error()), "{problems:?}");
    assert_eq!(problems.iter().map(|one| one.code.code()).collect::<Vec<_>>(), ["unusual", "landline"]);
    assert!(parse(&draft, &rules()).is_ok());
}

#[test]
fn fifty_lines_and_more_are_taken_and_too_many_are_not() {
    let many = |n: usize| with(vec![item("Lys", "", "1", "", ""); n]);
    assert!(parse(&many(100), &rules()).is_ok());
    assert_eq!(codes(&many(101)), one("items", None, "too_many"));
}

#[test]
fn methods_are_found_by_family_and_all_of_them_means_all() {
    let methods = |names: &[&str]| {
        let draft = Draft {
            amount: "5".to_owned(),
            methods: names.iter().map(|name| (*name).to_owned()).collect(),
            ..Draft::default()
        };
        parse(&draft, &rules()).unwrap().methods
    };
    assert_eq!(methods(&["vipps", "bambora.vipps"]), Methods::Only(vec![PaymentMethod::new("bambora.vipps")]));
    assert_eq!(methods(&["vipps", "card", "swish"]), Methods::All);
}

#[test]
fn an_address_is_checked_when_there_is_one_and_excludes_express() {
    let draft = Draft {
        amount: "5".to_owned(),
        name: "Kari Nordmann".to_owned(),
        address_line: "Storgata 1".to_owned(),
        postal_code: "15".to_owned(),
        ..Draft::default()
    };
    let found: Vec<_> = codes(&draft).into_iter().map(|(field, _, code)| (field, code)).collect();
    assert_eq!(found, [("city".to_owned(), "required".to_owned()), ("postal_code".to_owned(), "invalid".to_owned())]);
    let express = Draft { address: "express".to_owned(), ..draft };
    assert_eq!(codes(&express), one("address", None, "cannot_combine"));
    let named = Draft { amount: "5".to_owned(), name: "Kari Nordmann".to_owned(), ..Draft::default() };
    assert_eq!(parse(&named, &rules()).unwrap().customer.address, None, "a name alone is no address");
}

#[test]
fn an_order_reads_back_as_it_was_written() {
    let draft = Draft {
        phone: "47465724".to_owned(),
        delivery: "sms".to_owned(),
        ..with(vec![item("Torsk", "1,25", "119,90", "11,11", "10 %")])
    };
    let sale = parse(&draft, &rules()).unwrap();
    let order = Order {
        id: crate::id::OrderId::generate(&crate::clock::SystemClock::default()),
        reference: "A-1".to_owned(),
        created_at: crate::clock::PhoneTime::from_ms(7),
        sale,
    };
    let text = serde_json::to_string(&order).unwrap();
    assert_eq!(serde_json::from_str::<Order>(&text).unwrap(), order);
}

#[test]
fn the_same_again_is_the_same_sale_but_for_its_reference() {
    let typed = Draft {
        items: vec![item("Honning 500 g", "01,234", "1 149,00", "15", "12,5 %"), item("Lys", "2,5", "89,50", "", "5")],
        reference: "A-17".to_owned(),
        methods: vec!["vipps".to_owned()],
        expiry: "1d".to_owned(),
        capture: "manual".to_owned(),
        delivery: "sms".to_owned(),
        language: "sv".to_owned(),
        name: "Kari Åse Nordmann".to_owned(),
        phone: "474 65 724".to_owned(),
        email: "kari@example.com".to_owned(),
        address_line: "Storgata 1".to_owned(),
        address_line_2: "Oppgang B".to_owned(),
        postal_code: "N-0155".to_owned(),
        city: "Oslo".to_owned(),
        ..Draft::default()
    };
    let sold = parse(&typed, &rules()).unwrap();
    // Whatever the configuration says by then.
    let later = Rules { expiry: Expiry::Month, capture: Capture::Auto, language: Language::En, ..rules() };
    assert_eq!(parse(&sold.to_draft(), &later).unwrap(), Sale { reference: None, again_of: None, ..sold });
    let quick = parse(&Draft { amount: "250".to_owned(), ..Draft::default() }, &rules()).unwrap();
    assert_eq!(parse(&quick.to_draft(), &later).unwrap(), quick);
    let express =
        parse(&Draft { address: "express".to_owned(), name: "Kari".to_owned(), ..typed_amount() }, &rules()).unwrap();
    assert_eq!(parse(&express.to_draft(), &later).unwrap(), express);
}

#[test]
fn what_a_sale_is_requested_again_of_is_an_order() {
    let id = "01a22632-6e67-7a6f-b878-e469751c7854";
    let again = |text: &str| parse(&Draft { again_of: text.to_owned(), ..typed_amount() }, &rules());
    let sold = again(&format!(" {id} ")).unwrap();
    assert_eq!(sold.again_of.map(|of| of.to_string()).as_deref(), Some(id));
    assert_eq!(serde_json::from_str::<Sale>(&serde_json::to_string(&sold).unwrap()).unwrap(), sold);
    assert_eq!(sold.to_draft().again_of, "", "the same sale once more is of its own");
    // Bodies of before have no such field, and who reads them anew writes none.
    let body = serde_json::to_string(&again("").unwrap()).unwrap();
    assert!(!body.contains("again_of"), "{body}");
    assert_eq!(serde_json::from_str::<Sale>(&body).unwrap().again_of, None);
    let problems = again("HON-1").unwrap_err();
    assert_eq!((problems[0].field.as_str(), problems[0].code), ("again_of", crate::problem::ProblemCode::Invalid));
}

fn typed_amount() -> Draft {
    Draft { amount: "250".to_owned(), ..Draft::default() }
}

proptest! {
    /// No text breaks the check, and what is accepted adds up.
    #[test]
    fn any_text_is_checked_and_what_passes_adds_up(
        texts in prop::collection::vec(("\\PC{0,12}", "[0-9 ,.%kr-]{0,8}", "[0-9 ,.kr-]{0,10}", "[0-9,.% ]{0,6}", "[0-9,.% -]{0,6}"), 0..6),
        phone in "[0-9+ ]{0,14}",
    ) {
        let items = texts.iter().map(|(a, b, c, d, e)| item(a, b, c, d, e)).collect();
        let draft = Draft { phone, ..with(items) };
        let checked = check(&draft, &rules());
        match parse(&draft, &rules()) {
            Ok(sale) => {
                let totals = checked.totals.unwrap();
                let sum: i64 = totals.lines.iter().map(|line| line.total.minor()).sum();
                prop_assert_eq!(sum, sale.total.minor());
                prop_assert_eq!(totals.by_vat.iter().map(|one| one.total.minor()).sum::<i64>(), sum);
                prop_assert_eq!(totals.by_vat.iter().map(|one| one.vat.minor()).sum::<i64>(), totals.vat.minor());
                prop_assert_eq!(totals.net.minor() + totals.vat.minor(), sum);
                prop_assert!(sale.items.iter().all(|item| item.total.minor() >= 0 && item.unit_price.minor() > 0));
                prop_assert_eq!(parse(&sale.to_draft(), &rules()).unwrap(), sale);
            }
            Err(problems) => prop_assert!(problems.iter().any(Problem::is_error)),
        }
    }
}
