use proptest::prelude::*;

use super::*;

fn kari() -> AddressText {
    AddressText {
        first_name: "Kari".into(),
        last_name: "Nordmann".into(),
        line: "Storgata 1".into(),
        postal_code: "0155".into(),
        city: "Oslo".into(),
        ..AddressText::default()
    }
}

/// The problems as `field:code`.
fn problems(text: &AddressText, country: &str) -> Vec<String> {
    let problems = Address::check(text, country).err().unwrap_or_default();
    problems.iter().map(|problem| format!("{}:{}", problem.field, problem.code.code())).collect()
}

#[test]
fn a_full_address_is_trimmed_and_gets_the_default_country() {
    let typed = AddressText { line: " Storgata\n1 ".into(), ..kari() };
    let address = Address::check(&typed, "no").unwrap().unwrap();
    assert_eq!(address.line, "Storgata 1");
    assert_eq!(address.country, "NO");
    assert_eq!((address.line2, address.business_name), (None, None));
}

#[test]
fn nothing_filled_in_is_no_address_even_with_a_country_preset() {
    let typed = AddressText { country: "NO".into(), city: "  ".into(), ..AddressText::default() };
    assert_eq!(Address::check(&typed, "NO"), Ok(None));
}

#[test]
fn any_field_filled_in_asks_for_line_code_and_town() {
    let typed = AddressText { first_name: "Kari".into(), ..AddressText::default() };
    assert_eq!(problems(&typed, "NO"), ["line:required", "postal_code:required", "city:required"]);
}

#[test]
fn postal_codes_follow_their_country() {
    for (country, typed, kept) in [
        ("NO", "0155", "0155"),
        ("NO", "NO-0155", "0155"),
        ("SE", "123 45", "12345"),
        ("SE", "12345", "12345"),
        ("DK", "2100", "2100"),
        ("FI", "00100", "00100"),
        ("FI", "fi 00100", "00100"),
        ("GB", "sw1a 1aa", "SW1A 1AA"),
        ("PL", "00-950", "00-950"),
    ] {
        let typed = AddressText { postal_code: typed.into(), country: country.into(), ..kari() };
        assert_eq!(Address::check(&typed, "NO").unwrap().unwrap().postal_code, kept);
    }
}

#[test]
fn postal_codes_take_their_countrys_letters_in_front() {
    for (country, typed, code) in [
        ("NO", "N-0150", "0150"),
        ("NO", "no 0150", "0150"),
        ("NO", "NO0150", "0150"),
        ("NO", "٠١٥٥", "0155"),
        ("NO", "\u{200b}N\u{2011}0150", "0150"),
        ("SE", "S-114 55", "11455"),
        ("SE", "SE-11455", "11455"),
        ("DK", "DK-2100", "2100"),
        ("FI", "FIN-00100", "00100"),
        ("FI", "FI-00100", "00100"),
        ("FI", "AX-22100", "22100"),
    ] {
        let text = AddressText { postal_code: typed.into(), country: country.into(), ..kari() };
        assert_eq!(Address::check(&text, "NO").unwrap().unwrap().postal_code, code, "{country} {typed}");
    }
}

#[test]
fn a_postal_code_of_the_wrong_form_is_invalid() {
    for (country, typed) in [
        ("NO", "155"),
        ("NO", "01555"),
        ("NO", "01 55"),
        ("NO", "O155"),
        ("NO", "S-0155"),
        ("NO", "NOPE-0155"),
        ("SE", "N-11455"),
        ("FI", "-00100"),
        ("SE", "1234"),
        ("SE", "12 345"),
        ("SE", "123 456"),
        ("DK", "21000"),
        ("FI", "0010"),
        ("GB", "A"),
        ("GB", "12345678901"),
        ("GB", "SW1_"),
    ] {
        let text = AddressText { postal_code: typed.into(), country: country.into(), ..kari() };
        assert_eq!(problems(&text, "NO"), ["postal_code:invalid"], "{country} {typed}");
    }
}

#[test]
fn an_unknown_country_is_the_only_problem_it_causes() {
    for country in ["XX", "Norge", "1", "N", "ØØ"] {
        let text = AddressText { country: country.into(), ..kari() };
        assert_eq!(problems(&text, "NO"), ["country:invalid"], "{country}");
    }
}

#[test]
fn a_field_past_its_limit_is_too_long() {
    let text = AddressText { city: "å".repeat(201), ..kari() };
    assert_eq!(problems(&text, "NO"), ["city:too_long"]);
}

#[test]
fn an_address_survives_json_and_never_shows_itself_in_debug() {
    let address = Address::check(&kari(), "NO").unwrap().unwrap();
    let json = serde_json::to_string(&address).unwrap();
    assert_eq!(serde_json::from_str::<Address>(&json).unwrap(), address);
    assert_eq!(format!("{address:?} {:?}", kari()), "Address(…) AddressText(…)");
}

proptest! {
    #[test]
    fn any_text_is_answered(
        fields in prop::collection::vec("\\PC{0,12}", 8),
        default_country in "NO|SE|\\PC{0,3}",
    ) {
        let [first_name, last_name, business_name, line, line2, postal_code, city, country] =
            <[String; 8]>::try_from(fields).unwrap();
        let text = AddressText {
            first_name, last_name, business_name, line, line2, postal_code, city, country,
        };
        match Address::check(&text, &default_country) {
            Ok(Some(address)) => prop_assert_eq!(address.country.len(), 2),
            Ok(None) => prop_assert!(text.is_empty()),
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
    }
}
