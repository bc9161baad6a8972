//! The one money rule (rule 7). Prices include VAT, and every figure is rounded once, half
//! away from zero, to a minor unit of its line:
//!
//! | figure | rule |
//! |---|---|
//! | line total | quantity × unit price |
//! | discount | the money itself, or line total × percent ÷ 100 |
//! | VAT in it | total × rate ÷ (100 + rate) |
//!
//! Net is total − VAT, so net + VAT is the total always. Nothing is rounded to whole kroner. What
//! does not fit is `None`.

use rust_decimal::Decimal;

use super::{Amount, Currency, Discount, Quantity, VatRate};

/// 100 % in the unit of [`VatRate`] and `Percent`, hundredths of a percent.
const WHOLE: i128 = 10_000;

/// The price of a line before discount: quantity × unit price. `None` if it does not fit.
#[must_use]
pub fn line_gross(quantity: Quantity, unit: Amount) -> Option<Amount> {
    product(quantity.to_decimal(), unit.to_decimal(), unit.currency())
}

/// Quantity × unit price in major units, rounded once. The unit price may be finer than the minor
/// unit, as in the provider's own examples.
fn product(quantity: Decimal, unit_major: Decimal, currency: Currency) -> Option<Amount> {
    Amount::from_decimal(quantity.checked_mul(unit_major)?, currency)
}

/// What a discount takes off `gross`. Money is taken as it is, even if it is more than `gross`: the
/// caller decides what to say about that. `None` if it is in another currency.
#[must_use]
pub fn discount_of(gross: Amount, discount: &Discount) -> Option<Amount> {
    match discount {
        Discount::Amount(amount) => (amount.currency() == gross.currency()).then_some(*amount),
        Discount::Percent(percent) => Some(share(gross, percent.hundredths(), WHOLE)),
    }
}

/// The VAT contained in a total that includes it. Works for negative totals (refunds) alike.
#[must_use]
pub fn included_vat(total: Amount, rate: VatRate) -> Amount {
    share(total, rate.hundredths(), WHOLE + i128::from(rate.hundredths()))
}

/// amount × part ÷ whole, rounded half away from zero, for 0 ≤ part ≤ whole and whole > 0. The
/// product stays below 2^78 and the result within the amount, so nothing can overflow.
fn share(amount: Amount, part: u32, whole: i128) -> Amount {
    let product = i128::from(amount.minor()) * i128::from(part);
    let half = if product < 0 { -whole } else { whole };
    let rounded = (2 * product + half) / (2 * whole);
    // Unreachable fallback: a share is never larger than what it is a share of.
    Amount::new(i64::try_from(rounded).unwrap_or(amount.minor()), amount.currency())
}

#[cfg(test)]
mod tests;
