mod properties;

use super::*;

const NOK: Currency = Currency::NOK;

fn minor(text: &str) -> Result<i64, NumberProblem> {
    parse_amount(text, NOK).map(Amount::minor)
}

fn code<T: std::fmt::Debug>(result: Result<T, NumberProblem>) -> &'static str {
    match result {
        Ok(value) => panic!("taken as {value:?}"),
        Err(problem) => problem.code().code(),
    }
}

fn quantity(text: &str) -> String {
    parse_quantity(text).unwrap_or_else(|p| panic!("{text:?}: {p}")).plain_text()
}

#[test]
fn prices_are_read_as_people_write_them() {
    for (text, expected) in [
        ("149", 14_900),
        ("1 234,50", 123_450),
        ("1234.5", 123_450),
        ("1.234,50", 123_450),
        ("1,234.50", 123_450),
        ("1'234.50", 123_450),
        ("1\u{2019}234,50", 123_450),
        ("1\u{a0}234,50", 123_450),
        ("1\u{202f}234,50", 123_450),
        ("1\u{2009}234,50", 123_450),
        ("1\u{2007}234,50", 123_450),
        ("1 234\u{a0}567", 123_456_700),
        ("1.234.567", 123_456_700),
        ("1 234", 123_400),
        ("12 345 678", 1_234_567_800),
        ("1'234", 123_400),
        (",50", 50),
        (".50", 50),
        ("0,5", 50),
        ("50,", 5_000),
        ("1.234,", 123_400),
        ("007", 700),
        ("0", 0),
        ("  149\t", 14_900),
        ("+149", 14_900),
        ("-3,05", -305),
        ("\u{2212}3,05", -305),
        ("- 5", -500),
    ] {
        assert_eq!(minor(text), Ok(expected), "{text:?}");
    }
}

#[test]
fn currency_marks_are_understood_on_either_side() {
    for text in [
        "149,-",
        "149.-",
        "149:-",
        "149,\u{2013}",
        "kr 149",
        "kr149",
        "kr. 149",
        "kr.149",
        "KR 149",
        "149 kr",
        "149kr",
        "149 kr.",
        "149kr.",
        "NOK 149,00",
        "nok149",
        "149 NOK",
        "149\u{a0}kr",
        "kr 149,-",
        "149,- kr",
        "149:-kr",
        "kr 149 NOK",
        "149.kr",
        "kr.149,00",
    ] {
        assert_eq!(minor(text), Ok(14_900), "{text:?}");
    }
    assert_eq!(minor("-kr 149"), Ok(-14_900));
    assert_eq!(minor("kr -149,-"), Ok(-14_900));
    assert_eq!(minor("1.234,-"), Ok(123_400));
    assert_eq!(minor("1 234:-"), Ok(123_400));
    assert_eq!(minor("kr .50"), Ok(50));
    for text in ["€ 5", "5 €", "€5", "5€", "EUR 5", "5 eur", "€ 5,00 EUR"] {
        assert_eq!(parse_price(text, Currency::EUR).map(Amount::minor), Ok(500), "{text:?}");
    }
    for currency in [NOK, Currency::SEK, Currency::DKK, Currency::from_code("ISK").unwrap()] {
        assert!(parse_price("5 kr", currency).is_ok());
    }
}

#[test]
fn money_of_another_currency_is_noticed() {
    for (text, currency) in [
        ("€ 5", NOK),
        ("5 €", NOK),
        ("$5", NOK),
        ("£5", Currency::EUR),
        ("SEK 5", NOK),
        ("5 kr", Currency::EUR),
        ("5 dkk", Currency::EUR),
        ("kr 5 EUR", NOK),
        ("€ 5 kr", NOK),
    ] {
        let expected = NumberProblem::WrongCurrency { expected: currency.code().to_owned() };
        assert_eq!(parse_amount(text, currency), Err(expected), "{text:?}");
    }
}

#[test]
fn what_could_be_a_thousand_times_more_is_refused() {
    for text in ["1.234", "1,234", "12,500", "999.000", "-1,234", "kr 1.234", "1,234 kr", "1.234:-"] {
        assert_eq!(code(minor(text)), "ambiguous", "{text:?}");
        assert_eq!(code(parse_price(text, NOK)), "ambiguous", "{text:?}");
        assert_eq!(code(parse_discount(text, NOK)), "ambiguous", "{text:?}");
    }
    for text in ["1,250", "1.250", "12,500", "+1,250"] {
        assert_eq!(code(parse_quantity(text)), "ambiguous", "{text:?}");
    }
    let dinar = Currency::from_code("KWD").unwrap();
    assert_eq!(code(parse_amount("1.234", dinar)), "ambiguous");
    assert_eq!(parse_amount("0.234", dinar).map(Amount::minor), Ok(234));
}

#[test]
fn an_abbreviation_dot_that_could_mark_decimals_is_refused() {
    for text in ["kr.50", "kr.5", "kr.50 NOK", "-kr.50"] {
        assert_eq!(code(minor(text)), "ambiguous", "{text:?}");
    }
    assert_eq!(minor("kr. 50"), Ok(5_000));
    assert_eq!(minor("kr.50,-"), Ok(5_000));
    assert_eq!(minor("kr.0,50"), Ok(50));
    assert_eq!(minor("kr.1.234,50"), Ok(123_450));
}

#[test]
fn an_amount_is_read_from_any_keyboard_and_any_clipboard() {
    for (text, minor_units) in [
        ("٣", 300),
        ("１２", 1_200),
        ("۱۲۳٫۵۰", 12_350),
        ("१२५", 12_500),
        ("1\u{200b}234", 123_400),
        ("\u{feff}5", 500),
        ("\u{202a}1\u{2009}234,50\u{202c} kr", 123_450),
        ("kr\u{3000}149", 14_900),
        ("\u{200e}149,-\u{ad}", 14_900),
    ] {
        assert_eq!(minor(text), Ok(minor_units), "{text:?}");
    }
    assert_eq!(parse_vat_rate("\u{200b}２５％").unwrap().hundredths(), 2_500);
    assert_eq!(parse_quantity("\u{feff}٢").unwrap().plain_text(), "2");
    assert_eq!(code(minor("\u{200b}\u{3164}")), "required");
}

#[test]
fn what_is_no_number_is_refused() {
    for text in [
        "abc",
        "-",
        "+",
        ",",
        ".",
        ",-",
        ":-",
        "kr",
        "kr.",
        "€",
        "--5",
        "-+5",
        "-kr -5",
        "5-",
        "149 -",
        "12 34",
        "1.23.456",
        "1,234,56",
        "1 2345",
        "1  234",
        "0 500",
        "0.500.000",
        "0,500.00",
        "1.234 567",
        "1'234 567",
        "1,234.567,89",
        "1.234,567,890",
        "1,2,3",
        "1..2",
        "1 234 5",
        "1,234,-",
        "149,50,-",
        "149,50:-",
        "149,:-",
        "149'-",
        "149:50",
        "5 %",
        "5 stk",
        "1e3",
        "0x10",
        "NaN",
        "inf",
        "½",
        "5 kr kr",
        "NOK. 5",
        "5 NOK.",
        "1_000",
        "12/3",
        "1\n234",
        "5 XAU",
        "(5)",
    ] {
        assert_eq!(code(minor(text)), "not_a_number", "{text:?}");
    }
    for text in ["", "   ", "\u{a0}\u{202f}", "\n"] {
        assert_eq!(code(minor(text)), "required", "{text:?}");
        assert_eq!(code(parse_quantity(text)), "required");
        assert_eq!(code(parse_vat_rate(text)), "required");
        assert_eq!(code(parse_discount(text, NOK)), "required");
    }
}

#[test]
fn a_decimal_too_many_is_refused_and_never_rounded() {
    let two = NumberProblem::TooManyDecimals { max: 2 };
    for text in ["0,333", "0.500", "1234,567", "1 234,567", "1,2345", ",500", "012,500"] {
        assert_eq!(minor(text), Err(two.clone()), "{text:?}");
    }
    let krona = Currency::from_code("ISK").unwrap();
    assert_eq!(parse_amount("5,0", krona), Err(NumberProblem::TooManyDecimals { max: 0 }));
    assert_eq!(parse_amount("5,-", krona).map(Amount::minor), Ok(5));
    assert_eq!(parse_quantity("0,3333"), Err(NumberProblem::TooManyDecimals { max: 3 }));
}

#[test]
fn a_price_is_above_zero_and_fits_the_provider() {
    assert_eq!(code(parse_price("0", NOK)), "zero");
    assert_eq!(code(parse_price("-0,00", NOK)), "zero");
    assert_eq!(code(parse_price("-5", NOK)), "negative");
    assert_eq!(code(parse_price(&format!("-{}", "9".repeat(30)), NOK)), "negative");
    assert_eq!(parse_price("21 474 836,47", NOK).map(Amount::minor), Ok(2_147_483_647));
    let max = "21474836.47".to_owned();
    for text in ["21 474 836,48", "99999999999999999999", &"9".repeat(40)] {
        assert_eq!(parse_price(text, NOK), Err(NumberProblem::TooLarge { max: max.clone() }));
    }
}

#[test]
fn an_amount_ends_where_minor_units_end() {
    assert_eq!(minor("92233720368547758,07"), Ok(i64::MAX));
    assert_eq!(minor("-92233720368547758,08"), Ok(i64::MIN));
    assert_eq!(code(minor("92233720368547758,08")), "too_large");
    assert_eq!(code(minor(&"9".repeat(40))), "too_large");
    assert_eq!(code(minor(&"9".repeat(41))), "not_a_number");
    assert_eq!(code(minor(&" 1".repeat(1_000_000))), "not_a_number");
}

#[test]
fn quantities_are_read_with_three_decimals() {
    for (text, expected) in [
        ("2", "2"),
        ("0,5", "0.5"),
        ("0,333", "0.333"),
        ("0.500", "0.5"),
        (",250", "0.25"),
        ("1,25", "1.25"),
        ("1234,567", "1234.567"),
        ("1 234,567", "1234.567"),
        ("01,234", "1.234"),
        ("1 000 000", "1000000"),
        ("+3", "3"),
    ] {
        assert_eq!(quantity(text), expected, "{text:?}");
    }
    assert_eq!(code(parse_quantity("0")), "zero");
    assert_eq!(code(parse_quantity("-1")), "negative");
    assert_eq!(code(parse_quantity("5 kr")), "not_a_number");
    assert_eq!(code(parse_quantity("5,-")), "not_a_number");
    let max = "1000000".to_owned();
    for text in ["1000000,001", &"9".repeat(39)] {
        assert_eq!(parse_quantity(text), Err(NumberProblem::TooLarge { max: max.clone() }));
    }
}

#[test]
fn vat_rates_are_read_with_or_without_a_sign() {
    for (text, expected) in [
        ("25", 2500),
        ("25 %", 2500),
        ("25%", 2500),
        ("25\u{a0}%", 2500),
        ("11,11", 1111),
        ("11.11 %", 1111),
        ("25,5", 2550),
        ("0", 0),
        ("0 %", 0),
        ("100", 10_000),
    ] {
        assert_eq!(parse_vat_rate(text).map(VatRate::hundredths), Ok(expected), "{text:?}");
    }
    for (text, expected) in [
        ("-1", "negative"),
        ("100,01", "too_large"),
        ("1 000", "too_large"),
        ("11,111", "too_many_decimals"),
        ("25 % %", "not_a_number"),
        ("%", "not_a_number"),
        ("25 kr", "not_a_number"),
        ("% 25", "not_a_number"),
    ] {
        assert_eq!(code(parse_vat_rate(text)), expected, "{text:?}");
    }
    assert_eq!(code(parse_vat_rate(&"9".repeat(39))), "too_large");
}

#[test]
fn a_discount_is_a_share_or_money() {
    let share = |hundredths| Ok(Discount::Percent(Percent::from_hundredths(hundredths).unwrap()));
    let money = |minor| Ok(Discount::Amount(Amount::new(minor, NOK)));
    for (text, expected) in [
        ("10 %", share(1000)),
        ("10%", share(1000)),
        ("12,5 %", share(1250)),
        ("100%", share(10_000)),
        ("50", money(5_000)),
        ("50,00 kr", money(5_000)),
        ("50,-", money(5_000)),
    ] {
        assert_eq!(parse_discount(text, NOK), expected, "{text:?}");
    }
    for (text, expected) in [
        ("0", "zero"),
        ("0 %", "zero"),
        ("-10 %", "negative"),
        ("-10", "negative"),
        ("101 %", "too_large"),
        ("0,001 %", "too_many_decimals"),
        ("€ 5", "wrong_currency"),
        ("10 % kr", "not_a_number"),
    ] {
        assert_eq!(code(parse_discount(text, NOK)), expected, "{text:?}");
    }
}
