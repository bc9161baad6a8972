//! A currency is one of ISO 4217 that a customer can pay with: funds, metals and test codes are
//! not, because they have no minor unit or no notes. How many decimals an amount has is asked here
//! and nowhere else.

use iso_currency::Currency as Iso;

use super::wire::serde_as_text;

/// Minor-unit exponents where the provider's word counts, not the ISO table's. The króna stands
/// here because payment providers disagree on it (0 in ISO, 2 at some); nothing published says that
/// ours differs from ISO.
const PROVIDER_EXPONENTS: &[(Iso, u32)] = &[(Iso::ISK, 0)];

/// An ISO 4217 currency that has a minor unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Currency(Iso);

impl Currency {
    /// Norwegian krone.
    pub const NOK: Self = Self(Iso::NOK);
    /// Swedish krona.
    pub const SEK: Self = Self(Iso::SEK);
    /// Danish krone.
    pub const DKK: Self = Self(Iso::DKK);
    /// Euro.
    pub const EUR: Self = Self(Iso::EUR);

    /// Finds a currency by its ISO code, in any case and with blanks around it. `None` for unknown
    /// codes and for codes nobody can pay with (gold, test, accounting funds).
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let iso = Iso::from_code(&code.trim().to_ascii_uppercase())?;
        let payable = iso.exponent().is_some() && !iso.is_fund() && !iso.is_special();
        payable.then_some(Self(iso))
    }

    /// The ISO code in capitals.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimals the minor unit is away from the major one: 2 for øre and cent, 0 for yen.
    #[must_use]
    pub fn exponent(self) -> u32 {
        let Self(iso) = self;
        match PROVIDER_EXPONENTS.iter().find(|(listed, _)| *listed == iso) {
            Some((_, exponent)) => *exponent,
            // `from_code` lets in only what has an exponent, and the constants have one.
            None => iso.exponent().map_or(2, u32::from),
        }
    }
}

serde_as_text!(
    Currency,
    write: |currency: &Currency| currency.code(),
    read: Currency::from_code,
    expected: "an ISO 4217 currency code"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_in_any_case_and_with_blanks_around_it() {
        assert_eq!(Currency::from_code(" nok "), Some(Currency::NOK));
        assert_eq!(Currency::from_code("Eur"), Some(Currency::EUR));
        assert_eq!(Currency::NOK.code(), "NOK");
    }

    #[test]
    fn what_nobody_pays_with_is_no_currency() {
        for code in ["", "kr", "XAU", "XXX", "XTS", "CHW", "NOKK", "ABC", "№K"] {
            assert_eq!(Currency::from_code(code), None, "{code}");
        }
    }

    #[test]
    fn the_exponent_is_the_iso_one_unless_the_provider_says_otherwise() {
        let exponent = |code| Currency::from_code(code).unwrap().exponent();
        for currency in [Currency::NOK, Currency::SEK, Currency::DKK, Currency::EUR] {
            assert_eq!(currency.exponent(), 2);
        }
        assert_eq!(exponent("JPY"), 0);
        assert_eq!(exponent("ISK"), 0);
        assert_eq!(exponent("KWD"), 3);
    }

    #[test]
    fn a_currency_is_stored_as_its_code() {
        assert_eq!(serde_json::to_string(&Currency::SEK).unwrap(), r#""SEK""#);
        assert_eq!(serde_json::from_str::<Currency>(r#""DKK""#).unwrap(), Currency::DKK);
        assert!(serde_json::from_str::<Currency>(r#""XAU""#).is_err());
        assert!(serde_json::from_str::<Currency>("578").is_err());
    }
}
