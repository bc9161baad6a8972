//! A discount on a line is either money or a share of the line; a share is above nothing and at
//! most all of it. What a discount is worth on a line is computed in `arithmetic`.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Amount;
use super::wire::{hundredths_from_text, hundredths_text, serde_as_text};

/// A share above 0 and at most 100 %, kept in hundredths of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(u32);

impl Percent {
    /// 100 %, in hundredths of a percent.
    pub(super) const MAX_HUNDREDTHS: u32 = 10_000;

    /// A share from hundredths of a percent (1050 is 10.5 %); `None` for 0 and above 100 %.
    #[must_use]
    pub const fn from_hundredths(hundredths: u32) -> Option<Self> {
        if 0 < hundredths && hundredths <= Self::MAX_HUNDREDTHS { Some(Self(hundredths)) } else { None }
    }

    /// The share in hundredths of a percent.
    #[must_use]
    pub const fn hundredths(self) -> u32 {
        self.0
    }

    /// The share in percent: 10 for 10 %.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(i64::from(self.0), 2).normalize()
    }

    /// The share in percent without a sign and without useless zeros: "10", "12.5".
    #[must_use]
    pub fn plain_text(self) -> String {
        hundredths_text(self.0)
    }
}

serde_as_text!(
    Percent,
    write: |percent: &Percent| percent.plain_text(),
    read: |text| hundredths_from_text(text).and_then(Percent::from_hundredths),
    expected: "a percentage above 0 and at most 100 with at most two decimals"
);

/// What is taken off a line before VAT is found in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    /// This much money off.
    Amount(Amount),
    /// This share of the line off.
    Percent(Percent),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn a_share_is_above_nothing_and_at_most_all() {
        assert_eq!(Percent::from_hundredths(0), None);
        assert_eq!(Percent::from_hundredths(10_001), None);
        assert_eq!(Percent::from_hundredths(1).map(Percent::plain_text).as_deref(), Some("0.01"));
        assert_eq!(Percent::from_hundredths(10_000).map(Percent::hundredths), Some(10_000));
        assert_eq!(Percent::from_hundredths(1250).unwrap().to_decimal().to_string(), "12.5");
    }

    #[test]
    fn a_discount_is_stored_under_its_kind() {
        let cases = [
            (Discount::Percent(Percent(1000)), r#"{"percent":"10"}"#),
            (Discount::Amount(Amount::new(5000, Currency::NOK)), r#"{"amount":{"minor":5000,"currency":"NOK"}}"#),
        ];
        for (discount, json) in cases {
            assert_eq!(serde_json::to_string(&discount).unwrap(), json);
            assert_eq!(serde_json::from_str::<Discount>(json).unwrap(), discount);
        }
        for wrong in [r#"{"percent":"0"}"#, r#"{"percent":"100.5"}"#, r#"{"percent":10}"#] {
            assert!(serde_json::from_str::<Discount>(wrong).is_err(), "{wrong}");
        }
    }
}
