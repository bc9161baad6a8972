//! A quantity is more than nothing, has at most three decimals (grams of a kilo) and is at most a
//! million. Two quantities of the same worth are equal and are written alike.

use rust_decimal::Decimal;

use super::wire::{decimal_from_text, serde_as_text};

/// How much of an item is sold: pieces, hours, kilos.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(Decimal);

impl Quantity {
    /// One of it.
    pub const ONE: Self = Self(Decimal::ONE);

    /// Grams of a kilo, minutes of an hour with room to spare; more digits are a typing mistake.
    pub(super) const MAX_DECIMALS: u32 = 3;

    /// Far above any sale at a door, and small enough that a line total of any price is exact.
    pub(super) const MAX: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

    /// A quantity, if it is above zero, at most a million, and needs at most three decimals.
    #[must_use]
    pub fn new(value: Decimal) -> Option<Self> {
        let value = value.normalize();
        let fits = value > Decimal::ZERO && value <= Self::MAX && value.scale() <= Self::MAX_DECIMALS;
        fits.then_some(Self(value))
    }

    /// The quantity as a number without useless zeros.
    #[must_use]
    pub const fn to_decimal(self) -> Decimal {
        self.0
    }

    /// The quantity with a dot, without grouping and useless zeros: "2", "0.5".
    #[must_use]
    pub fn plain_text(self) -> String {
        self.0.to_string()
    }
}

serde_as_text!(
    Quantity,
    write: |quantity: &Quantity| quantity.plain_text(),
    read: |text| decimal_from_text(text).and_then(Quantity::new),
    expected: "a quantity above 0 and at most 1000000 with at most three decimals"
);

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(text: &str) -> Option<Quantity> {
        Quantity::new(text.parse().unwrap())
    }

    #[test]
    fn a_quantity_is_above_nothing_and_at_most_a_million() {
        for refused in ["0", "0.000", "-1", "-0.001", "1000000.001", "1000001"] {
            assert_eq!(quantity(refused), None, "{refused}");
        }
        assert_eq!(Quantity::new(Decimal::MAX), None);
        for taken in ["0.001", "1", "1000000"] {
            assert!(quantity(taken).is_some(), "{taken}");
        }
    }

    #[test]
    fn a_fourth_decimal_is_refused_unless_it_is_nothing() {
        assert_eq!(quantity("0.0005"), None);
        assert_eq!(quantity("0.5000"), quantity("0.5"));
    }

    #[test]
    fn a_quantity_is_written_without_useless_zeros() {
        assert_eq!(quantity("2.000").unwrap().plain_text(), "2");
        assert_eq!(quantity("0.50").unwrap().plain_text(), "0.5");
        assert_eq!(quantity("1000000.0").unwrap().plain_text(), "1000000");
        assert_eq!(Quantity::ONE.plain_text(), "1");
        assert_eq!(quantity("1.0"), Some(Quantity::ONE));
    }

    #[test]
    fn a_quantity_is_stored_as_text() {
        let half = quantity("0.5").unwrap();
        assert_eq!(serde_json::to_string(&half).unwrap(), r#""0.5""#);
        assert_eq!(serde_json::from_str::<Quantity>(r#""0.50""#).unwrap(), half);
        for wrong in [r#""0""#, "1", r#""1,5""#, r#""-1""#, r#""1_000""#, r#""1000001""#] {
            assert!(serde_json::from_str::<Quantity>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn quantities_compare_by_worth() {
        assert!(quantity("0.9").unwrap() < Quantity::ONE);
        assert!(quantity("10").unwrap() > quantity("9.999").unwrap());
    }
}
