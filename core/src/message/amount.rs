//! Amounts and quantities as people of each language write them.
//!
//! `kr` is written only where it can mean one thing: in the language of the currency's own
//! country. Everywhere else the ISO code stands before the number, which also avoids `€` (two
//! characters in an SMS). Spaces are plain spaces: the no-break spaces of locale formatters
//! would double the price of an SMS.

use super::Language;
use super::text::texts;
use crate::money::Amount;

/// More decimals than any currency has; beyond it an exponent is a mistake and is cut.
const MAX_DECIMALS: u32 = 18;

/// `1 298,00 kr`, `NOK 1,298.00`, `EUR 12,50`.
pub(super) fn amount(language: Language, minor: i64, currency: &str, exponent: u32) -> String {
    let decimals = exponent.min(MAX_DECIMALS) as usize;
    let digits = format!("{:0>width$}", minor.unsigned_abs(), width = decimals + 1);
    let whole_length = digits.chars().count() - decimals;
    let t = texts(language);
    let (group, point) = (t.thousands_separator, t.decimal_separator);
    let mut number = String::from(if minor < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index == whole_length {
            number.push(point);
        } else if index > 0 && index < whole_length && (whole_length - index).is_multiple_of(3) {
            number.push(group);
        }
        number.push(digit);
    }
    let currency = currency.trim().to_uppercase();
    if t.kr_means == Some(currency.as_str()) {
        format!("{number} kr")
    } else if currency.is_empty() {
        number
    } else {
        format!("{currency} {number}")
    }
}

/// An amount as it stands in the texts of a language, for shells that show it beside them.
#[must_use]
pub fn amount_text(language: Language, money: Amount) -> String {
    amount(language, money.minor(), money.currency().code(), money.currency().exponent())
}

/// As [`amount_text`], without its currency.
#[must_use]
pub fn number_text(language: Language, money: Amount) -> String {
    amount(language, money.minor(), "", money.currency().exponent())
}

/// As [`amount_text`], for a plain decimal that is no money: `0.50`.
#[must_use]
pub fn decimal_text(language: Language, plain: &str) -> String {
    quantity(language, plain)
}

/// A plain decimal (`0.50`) as people write it (`0,5`), without zeros that say nothing.
pub(super) fn quantity(language: Language, plain: &str) -> String {
    let plain = plain.trim();
    let trimmed = match plain.split_once('.') {
        Some(_) => plain.trim_end_matches('0').trim_end_matches('.'),
        None => plain,
    };
    let point = texts(language).decimal_separator;
    trimmed.chars().map(|c| if c == '.' { point } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{Da, En, Nb, Nn, Sv};

    #[test]
    fn kroner_are_kr_at_home_and_a_code_abroad() {
        assert_eq!(amount(Nb, 129_800, "NOK", 2), "1 298,00 kr");
        assert_eq!(amount(Nn, 129_800, "nok", 2), "1 298,00 kr");
        assert_eq!(amount(Sv, 129_800, "SEK", 2), "1 298,00 kr");
        assert_eq!(amount(Da, 129_800, "DKK", 2), "1 298,00 kr");
        assert_eq!(amount(Nb, 129_800, "SEK", 2), "SEK 1 298,00");
        assert_eq!(amount(Sv, 129_800, "NOK", 2), "NOK 1 298,00");
        assert_eq!(amount(Da, 129_800, "NOK", 2), "NOK 1 298,00");
    }

    #[test]
    fn english_and_euro_put_the_code_first() {
        assert_eq!(amount(En, 129_800, "NOK", 2), "NOK 1,298.00");
        assert_eq!(amount(Nb, 1_250, "EUR", 2), "EUR 12,50");
    }

    #[test]
    fn small_large_negative_and_undivided_amounts_keep_their_value() {
        assert_eq!(amount(Nb, 5, "NOK", 2), "0,05 kr");
        assert_eq!(amount(Nb, 0, "NOK", 2), "0,00 kr");
        assert_eq!(amount(Nb, -50_000, "NOK", 2), "-500,00 kr");
        assert_eq!(amount(En, 1_234_567, "ISK", 0), "ISK 1,234,567");
        assert_eq!(amount(En, 1_234, "KWD", 3), "KWD 1.234");
        assert_eq!(amount(Nb, i64::MIN, "NOK", 2), "-92 233 720 368 547 758,08 kr");
        assert_eq!(amount(Nb, 1, "NOK", u32::MAX), "0,000000000000000001 kr");
        assert_eq!(amount(Nb, 100, "", 2), "1,00");
    }

    #[test]
    fn quantities_lose_empty_decimals_and_get_the_languages_point() {
        assert_eq!(quantity(Nb, "0.5"), "0,5");
        assert_eq!(quantity(En, "0.50"), "0.5");
        assert_eq!(quantity(Sv, "2.000"), "2");
        assert_eq!(quantity(Da, "100"), "100");
        assert_eq!(quantity(Nb, ""), "");
    }
}
