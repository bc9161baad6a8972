//! What can be wrong with a typed number. The apps own the words; here are the codes.

use crate::problem::ProblemCode;
use thiserror::Error;

/// Why a typed text is not the number that was asked for. Carries nothing of the text itself.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NumberProblem {
    /// Nothing was typed.
    #[error("nothing was typed")]
    Empty,
    /// It is not a number, its grouping is wrong, or it is far too long.
    #[error("not a number")]
    NotANumber,
    /// It can be read in two ways that differ greatly, such as `1,234`.
    #[error("can be read in two ways")]
    Ambiguous,
    /// It is below zero where that makes no sense.
    #[error("below zero")]
    Negative,
    /// It is zero where that makes no sense.
    #[error("zero")]
    Zero,
    /// It has more decimals than fit.
    #[error("more than {max} decimals")]
    TooManyDecimals {
        /// How many decimals fit.
        max: u32,
    },
    /// It is too large, or a negative amount too far below zero.
    #[error("more than {max}")]
    TooLarge {
        /// The largest number taken, as plain text: major units for money, percent for a rate.
        max: String,
    },
    /// It names another currency than the sale's.
    #[error("not in {expected}")]
    WrongCurrency {
        /// The ISO code of the sale's currency.
        expected: String,
    },
}

impl NumberProblem {
    /// The code that crosses the boundary to the apps.
    #[must_use]
    pub const fn code(&self) -> ProblemCode {
        match self {
            Self::Empty => ProblemCode::Required,
            Self::NotANumber => ProblemCode::NotANumber,
            Self::Ambiguous => ProblemCode::Ambiguous,
            Self::Negative => ProblemCode::Negative,
            Self::Zero => ProblemCode::Zero,
            Self::TooManyDecimals { .. } => ProblemCode::TooManyDecimals,
            Self::TooLarge { .. } => ProblemCode::TooLarge,
            Self::WrongCurrency { .. } => ProblemCode::WrongCurrency,
        }
    }

    /// What the words need beside the code.
    #[must_use]
    pub fn parameter(&self) -> Option<(&'static str, String)> {
        match self {
            Self::TooManyDecimals { max } => Some(("max", max.to_string())),
            Self::TooLarge { max } => Some(("max", max.clone())),
            Self::WrongCurrency { expected } => Some(("expected", expected.clone())),
            Self::Empty | Self::NotANumber | Self::Ambiguous | Self::Negative | Self::Zero => None,
        }
    }
}
