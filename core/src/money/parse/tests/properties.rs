//! What holds for every text, not only for the examples.

use proptest::prelude::*;

use super::super::*;
use super::NOK;

/// Writes an amount of two decimals as a locale would.
fn written(minor: i64, group: &str, decimal: &str) -> String {
    let digits = (minor.unsigned_abs() / 100).to_string();
    let mut whole = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            whole.push_str(group);
        }
        whole.push(digit);
    }
    let sign = if minor < 0 { "-" } else { "" };
    format!("{sign}{whole}{decimal}{:02}", minor.unsigned_abs() % 100)
}

const GROUPS: [&str; 9] = ["", " ", "\u{a0}", "\u{202f}", "\u{2009}", "\u{2007}", "'", ".", ","];
const AROUND: [(&str, &str); 7] =
    [("", ""), ("kr ", ""), ("", " kr"), ("", "kr."), ("NOK", ""), ("", "\u{a0}NOK"), (" ", "\t")];

/// The wished decimal mark, or the other one where the wished one groups.
fn decimal_beside<'m>(group: &str, wished: &'m str) -> &'m str {
    match group {
        "." => ",",
        "," => ".",
        _ => wished,
    }
}

proptest! {
    #[test]
    fn what_a_locale_writes_is_read_back(
        minor: i64,
        group in prop::sample::select(&GROUPS),
        decimal in "[.,]",
        around in prop::sample::select(&AROUND),
    ) {
        let decimal = decimal_beside(group, &decimal);
        // Twenty digits and their groups are more than anybody types, and may be too long.
        let minor = minor / 1_000;
        let text = format!("{}{}{}", around.0, written(minor, group, decimal), around.1);
        prop_assert_eq!(parse_amount(&text, NOK), Ok(Amount::new(minor, NOK)), "{:?}", text);
    }

    #[test]
    fn plain_text_is_read_back(minor in 1..=MAX_PRICE_MINOR, thousandths in 1i64..=1_000_000_000) {
        let amount = Amount::new(minor, NOK);
        prop_assert_eq!(parse_price(&amount.plain_text(), NOK), Ok(amount));
        let quantity = Quantity::new(Decimal::new(thousandths, 3)).unwrap();
        match parse_quantity(&quantity.plain_text()) {
            Ok(read) => prop_assert_eq!(read, quantity),
            // `1.234` as plain text is what a person may not type; the shape test covers it.
            Err(problem) => {
                prop_assert_eq!(problem, NumberProblem::Ambiguous);
                prop_assert_eq!(parse_quantity(&format!("0{}", quantity.plain_text())), Ok(quantity));
            }
        }
    }

    #[test]
    fn grouping_never_changes_a_value(minor in 0..i64::MAX / 100_000, group in prop::sample::select(&GROUPS), decimal in "[.,]") {
        let decimal = decimal_beside(group, &decimal);
        let bare = parse_amount(&written(minor, "", decimal), NOK);
        prop_assert_eq!(parse_amount(&written(minor, group, decimal), NOK), bare);
        let krone = minor / 100;
        let whole = written(krone * 100, group, ",-").replace(",-00", "");
        match parse_amount(&whole, NOK) {
            Ok(read) => prop_assert_eq!(read.minor(), krone * 100),
            Err(problem) => {
                prop_assert_eq!(problem, NumberProblem::Ambiguous);
                prop_assert!([".", ","].contains(&group) && (1_000..1_000_000).contains(&krone));
            }
        }
    }

    /// The value of an accepted text is its digits; only where the decimal mark stands can be
    /// judged wrongly, and without one the digits are whole kroner.
    #[test]
    fn an_accepted_text_is_worth_its_digits(text in "[1-9][0-9]{0,3}([., '][0-9]{1,4}){0,3}[.,]?") {
        if let Ok(amount) = parse_amount(&text, NOK) {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            let tail = text.rsplit(['.', ',']).next().unwrap();
            let decimals = match tail.len() {
                1 | 2 if tail.len() < text.len() => tail.len() as u32,
                _ => 0,
            };
            let expected = digits.parse::<i64>().unwrap() * 10_i64.pow(2 - decimals);
            prop_assert_eq!(amount.minor(), expected, "{:?}", text);
        }
    }

    #[test]
    fn the_ambiguous_shape_is_always_refused(text in "[1-9][0-9]{0,2}[.,][0-9]{3}", around in prop::sample::select(&AROUND)) {
        let marked = format!("{}{text}{}", around.0, around.1);
        prop_assert_eq!(parse_amount(&marked, NOK), Err(NumberProblem::Ambiguous));
        prop_assert_eq!(parse_price(&marked, NOK), Err(NumberProblem::Ambiguous));
        prop_assert_eq!(parse_quantity(&text), Err(NumberProblem::Ambiguous));
    }

    #[test]
    fn any_text_gives_an_answer(text in any::<String>(), near in "[-+−0-9., '’\u{a0}krKRNOKe€$£%:–]{0,45}") {
        for text in [text, near] {
            for currency in [NOK, Currency::EUR, Currency::from_code("JPY").unwrap()] {
                let amount = parse_amount(&text, currency);
                if let Ok(price) = parse_price(&text, currency) {
                    prop_assert_eq!(amount, Ok(price));
                    prop_assert!((1..=MAX_PRICE_MINOR).contains(&price.minor()));
                }
                let _ = parse_discount(&text, currency);
            }
            let _ = parse_quantity(&text);
            let _ = parse_vat_rate(&text);
        }
    }
}
