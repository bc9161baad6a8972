//! An amount is a whole number of minor units in one currency. It is never a fraction, never
//! without its currency, and sums say `None` instead of overflowing or mixing currencies. Amounts
//! have no order of their own: kroner and euro do not compare.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::Currency;

/// Money: minor units and their currency. 123450 in NOK is 1234.50 kroner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Amount {
    minor: i64,
    currency: Currency,
}

impl Amount {
    /// An amount of so many minor units.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in this currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The amount in minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency the minor units are of.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether this is exactly nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether this is less than nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// The sum; `None` if the currencies differ or the sum does not fit.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.combine(other, i64::checked_add)
    }

    /// The difference; `None` if the currencies differ or the difference does not fit.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.combine(other, i64::checked_sub)
    }

    fn combine(self, other: Self, how: fn(i64, i64) -> Option<i64>) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        how(self.minor, other.minor).map(|minor| Self::new(minor, self.currency))
    }

    /// The amount in major units (kroner, euro), exactly.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        // Never panics: that takes a scale above 28, and no currency has more than four decimals.
        Decimal::new(self.minor, self.currency.exponent())
    }

    /// An amount from major units, rounded once to the minor unit, half away from zero. `None` if
    /// it does not fit.
    #[must_use]
    pub fn from_decimal(major: Decimal, currency: Currency) -> Option<Self> {
        let exponent = currency.exponent();
        let rounded = major.round_dp_with_strategy(exponent, RoundingStrategy::MidpointAwayFromZero);
        let missing = exponent.checked_sub(rounded.scale())?;
        let minor = rounded.mantissa().checked_mul(10_i128.checked_pow(missing)?)?;
        i64::try_from(minor).ok().map(|minor| Self::new(minor, currency))
    }

    /// Major units with all their decimals, a dot and no grouping: "1234.50", "-3.05", "1234" for a
    /// currency without a smaller unit.
    #[must_use]
    pub fn plain_text(self) -> String {
        self.to_decimal().to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOK: Currency = Currency::NOK;

    fn yen() -> Currency {
        Currency::from_code("JPY").unwrap()
    }

    #[test]
    fn plain_text_has_all_decimals_of_the_currency() {
        let text = |minor| Amount::new(minor, NOK).plain_text();
        assert_eq!(text(123_450), "1234.50");
        assert_eq!(text(-305), "-3.05");
        assert_eq!(text(5), "0.05");
        assert_eq!(text(-5), "-0.05");
        assert_eq!(text(0), "0.00");
        assert_eq!(text(i64::MIN), "-92233720368547758.08");
        assert_eq!(Amount::new(1234, yen()).plain_text(), "1234");
        assert_eq!(Amount::new(1, Currency::from_code("KWD").unwrap()).plain_text(), "0.001");
    }

    #[test]
    fn sums_never_overflow_and_never_mix_currencies() {
        let one = Amount::new(1, NOK);
        assert_eq!(one.checked_add(Amount::new(2, NOK)), Some(Amount::new(3, NOK)));
        assert_eq!(one.checked_sub(Amount::new(2, NOK)), Some(Amount::new(-1, NOK)));
        assert_eq!(Amount::new(i64::MAX, NOK).checked_add(one), None);
        assert_eq!(Amount::new(i64::MIN, NOK).checked_sub(one), None);
        assert_eq!(one.checked_add(Amount::new(1, Currency::SEK)), None);
        assert_eq!(one.checked_sub(Amount::zero(Currency::EUR)), None);
    }

    #[test]
    fn a_half_minor_unit_is_rounded_away_from_zero() {
        let minor = |text: &str, currency| Amount::from_decimal(text.parse().unwrap(), currency).map(Amount::minor);
        assert_eq!(minor("0.005", NOK), Some(1));
        assert_eq!(minor("-0.005", NOK), Some(-1));
        assert_eq!(minor("0.00499999999999999999999999", NOK), Some(0));
        assert_eq!(minor("12.345", NOK), Some(1235));
        assert_eq!(minor("7", NOK), Some(700));
        assert_eq!(minor("0.5", yen()), Some(1));
        assert_eq!(minor("-1.5", yen()), Some(-2));
    }

    #[test]
    fn a_decimal_that_does_not_fit_is_refused() {
        assert_eq!(Amount::from_decimal(Decimal::MAX, NOK), None);
        assert_eq!(Amount::from_decimal(Decimal::MIN, yen()), None);
        assert_eq!(Amount::from_decimal("92233720368547758.08".parse().unwrap(), NOK), None);
    }

    #[test]
    fn an_amount_is_stored_as_minor_units_and_currency() {
        let json = r#"{"minor":-305,"currency":"NOK"}"#;
        assert_eq!(serde_json::to_string(&Amount::new(-305, NOK)).unwrap(), json);
        assert_eq!(serde_json::from_str::<Amount>(json).unwrap(), Amount::new(-305, NOK));
        assert!(serde_json::from_str::<Amount>(r#"{"minor":1.5,"currency":"NOK"}"#).is_err());
        assert!(serde_json::from_str::<Amount>(r#"{"minor":1}"#).is_err());
    }

    #[test]
    fn zero_and_negative_are_told_apart() {
        assert!(Amount::zero(NOK).is_zero() && !Amount::zero(NOK).is_negative());
        assert!(Amount::new(-1, NOK).is_negative() && !Amount::new(-1, NOK).is_zero());
        assert!(!Amount::new(1, NOK).is_negative());
    }

    proptest! {
        #[test]
        fn an_amount_survives_the_way_through_major_units(minor: i64, code in "NOK|JPY|KWD|EUR") {
            let amount = Amount::new(minor, Currency::from_code(&code).unwrap());
            prop_assert_eq!(Amount::from_decimal(amount.to_decimal(), amount.currency()), Some(amount));
        }

        #[test]
        fn any_decimal_gives_an_answer(lo: u32, mid: u32, hi: u32, negative: bool, scale in 0u32..=28) {
            let major = Decimal::from_parts(lo, mid, hi, negative, scale);
            if let Some(amount) = Amount::from_decimal(major, NOK) {
                let off = (amount.to_decimal() - major).abs();
                prop_assert!(off <= Decimal::new(5, 3));
            }
        }
    }
}
