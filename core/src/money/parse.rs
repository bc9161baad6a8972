//! Reads what a person types at a door: `1 234,50`, `kr 149,-`, `1.234,50 kr`, `25 %`.
//!
//! Guarantees:
//! - Never a guess by a factor of a thousand. `1.234`, `1,234` and `12,500` could be either and are
//!   [`NumberProblem::Ambiguous`], in money and in quantities. `0,500` and `1234,5` could not.
//! - Grouping must be right (`1 234 567`, `1.234.567`, `1'234`) or the text is no number. With two
//!   different separators the last one is the decimal mark.
//! - Digits of any script are digits, and what nobody sees is not there (`text`).
//! - Nothing is rounded: a decimal too many is a problem, even a zero.
//! - A mark of another currency is a problem, never ignored.
//! - Every text has an answer, long ones quickly.
//!
//! `marks` takes currency marks off, `shape` reads digits and separators, this file sets the limits.

mod marks;
mod problem;
mod shape;

use rust_decimal::Decimal;

use self::marks::Money;
use self::shape::Number;
use super::{Amount, Currency, Discount, Percent, Quantity, VatRate};
use crate::text;

pub use self::problem::NumberProblem;

/// The provider keeps an amount in an int32 of minor units (facts, dintero 2.3).
const MAX_PRICE_MINOR: i64 = i32::MAX as i64;

/// Longer than any number with its currency; what is longer was pasted by mistake.
const MAX_CHARS: usize = 40;

/// Decimals of a percentage, as the provider keeps it.
const PERCENT_DECIMALS: u32 = 2;

/// Reads an amount of money in `currency`; zero and negative amounts are amounts too.
///
/// # Errors
/// Any [`NumberProblem`] but `Negative` and `Zero`.
pub fn parse_amount(text: &str, currency: Currency) -> Result<Amount, NumberProblem> {
    amount_up_to(i64::MAX, minor_units(text, currency)?, currency)
}

/// Reads a price in `currency`: above zero and at most what the provider can hold.
///
/// # Errors
/// Any [`NumberProblem`].
pub fn parse_price(text: &str, currency: Currency) -> Result<Amount, NumberProblem> {
    let minor = minor_units(text, currency)?;
    refuse_unless_positive(minor)?;
    amount_up_to(MAX_PRICE_MINOR, minor, currency)
}

/// Reads how much of an item is sold.
///
/// # Errors
/// Any [`NumberProblem`] but `WrongCurrency`; a unit or a currency is not part of a quantity.
pub fn parse_quantity(text: &str) -> Result<Quantity, NumberProblem> {
    let thousandths = Number::read(&prepared(text)?)?.scaled(Quantity::MAX_DECIMALS)?;
    refuse_unless_positive(thousandths)?;
    Decimal::try_from_i128_with_scale(thousandths, Quantity::MAX_DECIMALS)
        .ok()
        .and_then(Quantity::new)
        .ok_or_else(|| NumberProblem::TooLarge { max: Quantity::MAX.to_string() })
}

/// Reads a VAT rate, with or without a percent sign; 0 is a rate.
///
/// # Errors
/// Any [`NumberProblem`] but `Ambiguous`, `Zero` and `WrongCurrency`.
pub fn parse_vat_rate(text: &str) -> Result<VatRate, NumberProblem> {
    let text = prepared(text)?;
    let hundredths = percent(text.strip_suffix('%').unwrap_or(&text))?;
    VatRate::from_hundredths(hundredths).ok_or_else(too_large_a_percent)
}

/// Reads a discount: a share if there is a percent sign behind it, else money in `currency`.
///
/// # Errors
/// Any [`NumberProblem`].
pub fn parse_discount(text: &str, currency: Currency) -> Result<Discount, NumberProblem> {
    match prepared(text)?.strip_suffix('%') {
        None => parse_price(text, currency).map(Discount::Amount),
        Some(share) => {
            let hundredths = percent(share)?;
            refuse_unless_positive(hundredths.into())?;
            Percent::from_hundredths(hundredths).map(Discount::Percent).ok_or_else(too_large_a_percent)
        }
    }
}

/// The text in plain digits and marks, if there is any and not far too much.
fn prepared(text: &str) -> Result<String, NumberProblem> {
    let text = text::number(text);
    if text.is_empty() {
        Err(NumberProblem::Empty)
    } else if text.chars().nth(MAX_CHARS).is_some() {
        Err(NumberProblem::NotANumber)
    } else {
        Ok(text)
    }
}

/// The minor units of a typed amount, not yet held against a limit.
fn minor_units(text: &str, currency: Currency) -> Result<i128, NumberProblem> {
    let typed = Money::read(&prepared(text)?)?;
    typed.check_currency(currency)?;
    typed.number.scaled(currency.exponent())
}

fn amount_up_to(max: i64, minor: i128, currency: Currency) -> Result<Amount, NumberProblem> {
    i64::try_from(minor)
        .ok()
        .filter(|minor| *minor <= max)
        .map(|minor| Amount::new(minor, currency))
        .ok_or_else(|| NumberProblem::TooLarge { max: Amount::new(max, currency).plain_text() })
}

/// Hundredths of a percent. The text has lost its percent sign.
fn percent(text: &str) -> Result<u32, NumberProblem> {
    let number = match Number::read(text.trim()) {
        // Read as thousands it would be far above 100, so only the decimals can be meant.
        Err(NumberProblem::Ambiguous) => {
            return Err(NumberProblem::TooManyDecimals { max: PERCENT_DECIMALS });
        }
        other => other?,
    };
    match number.scaled(PERCENT_DECIMALS)? {
        ..0 => Err(NumberProblem::Negative),
        hundredths => u32::try_from(hundredths).map_err(|_| too_large_a_percent()),
    }
}

fn too_large_a_percent() -> NumberProblem {
    NumberProblem::TooLarge { max: "100".to_owned() }
}

fn refuse_unless_positive(value: i128) -> Result<(), NumberProblem> {
    match value {
        ..0 => Err(NumberProblem::Negative),
        0 => Err(NumberProblem::Zero),
        1.. => Ok(()),
    }
}

#[cfg(test)]
mod tests;
