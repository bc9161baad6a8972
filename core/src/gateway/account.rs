//! Whose account is sold from: one at the provider, or the practice account. It is read here once; past this no code can
//! take one for the other, since each way on wants a type that the other does not have.

use super::SettingsError;
use std::fmt;

/// What a shell names the practice account.
const PRACTICE: &str = "practice";

/// An account at the provider: `T` (its test mode) or `P` and eight digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccountId(String);

impl AccountId {
    /// The account that a text names.
    ///
    /// # Errors
    /// When it is not `T` or `P` and eight digits.
    pub fn read(text: &str) -> Result<Self, SettingsError> {
        let digits = text.strip_prefix(['T', 'P']).unwrap_or_default();
        if digits.len() == 8 && digits.bytes().all(|one| one.is_ascii_digit()) {
            return Ok(Self(text.to_owned()));
        }
        Err(SettingsError::new("account", "is not T or P and eight digits"))
    }

    /// As the provider writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a production account: only those send messages (facts 4).
    #[must_use]
    pub fn is_production(&self) -> bool {
        self.0.starts_with('P')
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Says that the account is the practice account. Only [`Account::read`] makes one, and [`super::Practice`] is not to be
/// had without:
///
/// ```compile_fail
/// let made_up = paylink_core::gateway::PracticeAccount(());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PracticeAccount(());

impl PracticeAccount {
    /// As a shell writes it.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        PRACTICE
    }
}

/// An account of either kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Account {
    /// At Dintero.
    Dintero(AccountId),
    /// On this phone alone.
    Practice(PracticeAccount),
}

impl Account {
    /// The account that a text names.
    ///
    /// # Errors
    /// When it is neither the practice account nor `T` or `P` and eight digits.
    pub fn read(text: &str) -> Result<Self, SettingsError> {
        if text == PRACTICE {
            return Ok(Self::Practice(PracticeAccount(())));
        }
        AccountId::read(text).map(Self::Dintero)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_practice_account_has_one_name_and_is_no_account_of_the_provider() {
        assert!(matches!(Account::read("practice"), Ok(Account::Practice(_))));
        assert!(AccountId::read("practice").is_err());
        for other in ["", "Practice", "PRACTICE", "practice ", "P", "Ppractice", "P0000000O", "T123456789"] {
            assert!(Account::read(other).is_err(), "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn no_account_of_the_provider_is_taken_for_the_practice_account(text in "[TP][0-9]{8}") {
            prop_assert_eq!(Account::read(&text).unwrap(), Account::Dintero(AccountId::read(&text).unwrap()));
        }

        #[test]
        fn whatever_else_is_typed_is_no_account(text in ".{0,12}") {
            prop_assume!(text != PRACTICE);
            prop_assert!(!matches!(Account::read(&text), Ok(Account::Practice(_))));
        }
    }
}
