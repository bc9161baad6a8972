use proptest::prelude::*;

use super::*;

/// E.164, warning code or problem code, as one word.
fn read(text: &str, region: &str) -> String {
    match PhoneNumber::parse(text, region) {
        Ok(ParsedPhone { number, warning: None }) => number.e164().to_owned(),
        Ok(ParsedPhone { number, warning: Some(warning) }) => {
            format!("{} {}", number.e164(), warning.code().code())
        }
        Err(problem) => problem.code().code().to_owned(),
    }
}

#[test]
fn norwegian_numbers_that_begin_with_47_are_read_right() {
    for text in ["47465724", "47 46 57 24", "004747465724", "4747465724", "+4747465724"] {
        assert_eq!(read(text, "NO"), "+4747465724", "{text}");
    }
    assert_eq!(read("47144752", "NO"), "+4747144752");
}

#[test]
fn norwegian_mobiles_are_accepted_however_they_are_grouped() {
    for (text, e164) in [
        ("950 98 471", "+4795098471"),
        ("0047 410 44 927", "+4741044927"),
        ("(+47) 410-44-927", "+4741044927"),
        ("410.44.927", "+4741044927"),
        ("\u{202A}+47\u{00A0}410\u{00A0}44\u{00A0}927\u{202C}", "+4741044927"),
        ("tel:+4741044927", "+4741044927"),
        (" 410 44 927\n", "+4741044927"),
    ] {
        assert_eq!(read(text, "NO"), e164, "{text:?}");
    }
}

#[test]
fn a_zero_in_brackets_is_dialled_at_home_only() {
    for (typed, region, number) in [
        ("+47 (0) 474 65 724", "NO", "+4747465724"),
        ("0047(0)47465724", "SE", "+4747465724"),
        ("+45 (0)20 12 34 56", "DK", "+4520123456"),
        ("+46 (0)70-123 45 67", "NO", "+46701234567"),
        ("+358 (0)40 123 4567", "FI", "+358401234567"),
        ("+39 (0)6 1234 5678", "NO", "+390612345678"),
        ("TEL:+47\u{200b} 474\u{2011}65\u{2011}724", "NO", "+4747465724"),
    ] {
        assert_eq!(
            PhoneNumber::parse(typed, region).map(|parsed| parsed.number.e164().to_owned()),
            Ok(number.into()),
            "{typed}"
        );
    }
}

#[test]
fn what_no_norwegian_subscriber_can_have_is_refused() {
    for (text, code) in [
        ("", "required"),
        ("  \u{200B}\n", "required"),
        ("12345678", "invalid"),
        ("01234567", "invalid"),
        ("04000", "too_short"),
        ("02222", "too_short"),
        ("+474746572", "too_short"),
        ("+47474657241", "too_long"),
        ("4746572", "too_short"),
        ("Kari", "invalid"),
        ("47465724 ext. 5", "invalid"),
        ("0800-HONNING", "invalid"),
        ("+", "invalid"),
        ("---", "invalid"),
        ("+999 12345678", "invalid"),
    ] {
        assert_eq!(read(text, "NO"), code, "{text:?}");
    }
}

#[test]
fn emergency_numbers_and_short_codes_are_refused_in_every_region() {
    for region in ["NO", "SE", "DK", "FI"] {
        for text in ["110", "112", "113", "118 118", "11414", "116 117", "1881", "911"] {
            assert_eq!(read(text, region), "too_short", "{text} in {region}");
        }
    }
}

#[test]
fn a_landline_is_accepted_with_a_warning() {
    assert_eq!(read("22 34 56 78", "NO"), "+4722345678 landline");
    assert_eq!(read("800 12 345", "NO"), "+4780012345 landline");
    assert_eq!(read("08-123 456 78", "SE"), "+46812345678 landline");
}

#[test]
fn a_possible_number_in_a_range_nobody_knows_is_accepted_with_a_warning() {
    assert_eq!(read("42 00 00 00", "NO"), "+4742000000 unknown_range");
    assert_eq!(read("+46 71 123 45 67", "NO"), "+46711234567 unknown_range");
}

#[test]
fn neighbours_are_read_with_their_own_region() {
    for (text, region, e164) in [
        ("070-174 06 05", "SE", "+46701740605"),
        ("0046 70 174 06 05", "SE", "+46701740605"),
        ("+46 (0)70 174 06 05", "SE", "+46701740605"),
        ("701740605", "SE", "+46701740605"),
        ("20 12 34 56", "DK", "+4520123456"),
        ("040 123 4567", "FI", "+358401234567"),
        ("0401234567", "fi", "+358401234567"),
    ] {
        assert_eq!(read(text, region), e164, "{text} in {region}");
    }
}

#[test]
fn a_foreign_number_with_its_country_code_is_accepted_in_any_region() {
    for region in ["NO", "SE", "DK", "FI", "", "??", "no"] {
        assert_eq!(read("+46 70 174 06 05", region), "+46701740605");
        assert_eq!(read("+1 212 555 0123", region), "+12125550123");
        assert_eq!(read("+298 211234", region), "+298211234");
    }
    assert_eq!(read("+49 1512 3456789", "NO"), "+4915123456789");
}

#[test]
fn without_a_known_region_a_national_number_is_refused() {
    assert_eq!(read("47465724", "??"), "invalid");
}

#[test]
fn vipps_gets_digits_and_people_get_groups() {
    let number = PhoneNumber::parse("47465724", "NO").unwrap().number;
    assert_eq!(number.digits(), "4747465724");
    assert_eq!(number.for_people(), "+47 47 46 57 24");
    assert_eq!(number.for_people_in("NO"), "47 46 57 24");
    assert_eq!(number.for_people_in("SE"), "+47 47 46 57 24");
    assert_eq!(number.for_people_in("??"), "+47 47 46 57 24");
}

#[test]
fn a_stored_number_comes_back_even_if_todays_rules_would_refuse_it() {
    let number: PhoneNumber = serde_json::from_str("\"+4712345678\"").unwrap();
    assert_eq!(serde_json::to_string(&number).unwrap(), "\"+4712345678\"");
    assert!(!number.for_people().is_empty());
    for wrong in ["\"4712345678\"", "\"+1234\"", "\"+1234567890123456\"", "\"+47 1\"", "\"+٤٧١٢٣\""] {
        assert!(serde_json::from_str::<PhoneNumber>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_number_never_shows_itself_in_debug() {
    let parsed = PhoneNumber::parse("47465724", "NO").unwrap();
    assert_eq!(format!("{:?}", parsed.number), "PhoneNumber(…)");
    assert!(!format!("{parsed:?}").contains("4746"));
}

proptest! {
    #[test]
    fn any_text_is_answered_and_what_is_accepted_fits_the_providers_pattern(
        text in "\\PC{0,30}|[+0-9 ()/.-]{0,20}",
        region in "NO|SE|DK|FI|\\PC{0,3}",
    ) {
        if let Ok(parsed) = PhoneNumber::parse(&text, &region) {
            let digits = parsed.number.digits();
            prop_assert!((5..=15).contains(&digits.len()));
            prop_assert!(digits.bytes().all(|byte| byte.is_ascii_digit()));
            let again = PhoneNumber::parse(parsed.number.e164(), "NO").map(|again| again.number);
            prop_assert_eq!(again, Ok(parsed.number));
        }
    }
}
