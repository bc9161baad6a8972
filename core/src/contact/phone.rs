//! Phone numbers: what a seller types or pastes becomes E.164, or a problem with a code.
//!
//! Guarantees of [`PhoneNumber::parse`]:
//! - the result is `+` and 5 to 15 digits (the provider's own pattern, facts 2.3);
//! - emergency numbers, short codes and five-digit service numbers are refused;
//! - a landline and a range that the numbering data does not know are accepted with a warning:
//!   the seller may know better than a table (phone facts 2).
//!
//! This is the only file that knows the crate `rlibphonenumber`; its first call takes some 20 ms.

use crate::problem::ProblemCode;
use std::fmt;

use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumber as Parsed, PhoneNumberFormat, PhoneNumberType, Region,
    ValidationError,
};
use serde::{Deserialize, Serialize};

use super::without_scheme;
use crate::text;

/// The fewest digits that E.164 with its country code may have at the provider.
const FEWEST_DIGITS: usize = 5;
/// The most digits that E.164 allows, country code included.
const MAX_DIGITS: usize = 15;
/// Longer input is no phone number, and is not handed to the number library.
const MAX_CHARS: usize = 60;
/// Service numbers such as the Norwegian 04000 count as valid but have no inbox; no subscriber
/// number except a few islands' mobiles has fewer digits than this after the country code.
const MIN_SUBSCRIBER: usize = 6;
/// A range that the numbering data does not know is believed from this length on: below it are
/// the short codes (Swedish 118 118, European 116 xxx).
const MIN_UNKNOWN: usize = 7;
/// The digits of a Norwegian subscriber number after the country code.
const NORWEGIAN: usize = 8;

/// A phone number in E.164, for example `+4747465724`. Redacted in `Debug`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// A number that was accepted, and what the seller should know about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedPhone {
    /// The number.
    pub number: PhoneNumber,
    /// A doubt that does not stop the sale.
    pub warning: Option<PhoneWarning>,
}

/// A doubt about an accepted number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneWarning {
    /// Not a mobile number (landline, internet telephony, free-call, premium, switchboard): an SMS
    /// will most likely not arrive.
    Landline,
    /// The length is right but no operator is known to have this range.
    UnknownRange,
}

impl PhoneWarning {
    /// The warning's code.
    #[must_use]
    pub const fn code(self) -> ProblemCode {
        match self {
            Self::Landline => ProblemCode::Landline,
            Self::UnknownRange => ProblemCode::UnknownRange,
        }
    }
}

/// Why a text is no phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum PhoneProblem {
    /// Nothing was typed.
    #[error("phone number is empty")]
    Required,
    /// Letters, an unknown country code, or digits that no subscriber can have.
    #[error("not a phone number")]
    Invalid,
    /// Digits are missing, or it is an emergency number or a short code.
    #[error("phone number is too short")]
    TooShort,
    /// More digits than the country's numbers have.
    #[error("phone number is too long")]
    TooLong,
}

impl PhoneProblem {
    /// The problem's code.
    #[must_use]
    pub const fn code(self) -> ProblemCode {
        match self {
            Self::Required => ProblemCode::Required,
            Self::Invalid => ProblemCode::Invalid,
            Self::TooShort => ProblemCode::TooShort,
            Self::TooLong => ProblemCode::TooLong,
        }
    }
}

impl PhoneNumber {
    /// Reads what a person typed or pasted. `region` is the seller's country (ISO 3166 alpha-2)
    /// and is used only for numbers without `+` or `00`; an unknown region accepts only those
    /// with `+`.
    ///
    /// # Errors
    /// A [`PhoneProblem`]; numbers that are only doubtful are accepted with a warning.
    pub fn parse(text: &str, region: &str) -> Result<ParsedPhone, PhoneProblem> {
        let typed = text::number(&text::line(text));
        let typed = without_scheme(&typed, "tel:");
        if typed.is_empty() {
            return Err(PhoneProblem::Required);
        }
        if !typed.chars().any(char::is_numeric) || !typed.chars().all(may_stand_in_a_number) {
            return Err(PhoneProblem::Invalid);
        }
        if typed.len() > MAX_CHARS {
            return Err(PhoneProblem::TooLong);
        }
        let read = |typed: &str| Self::read(typed, region);
        // `+47 (0) 474 …`: the zero is dialled at home only. Where it belongs to the number, as in Italy, it was read already.
        read(typed).or_else(|problem| match typed.split_once("(0)") {
            Some((code, rest)) if code.starts_with(['+', '0']) => read(&format!("{code} {rest}")),
            _ => Err(problem),
        })
    }

    fn read(typed: &str, region: &str) -> Result<ParsedPhone, PhoneProblem> {
        let parsed = Parsed::parse(typed, region_of(region)).map_err(|error| match error {
            ParseError::InvalidCountryCode | ParseError::NotANumber(_) => PhoneProblem::Invalid,
            ParseError::TooShortAfterIdd | ParseError::TooShortNsn => PhoneProblem::TooShort,
            ParseError::TooLongNsn => PhoneProblem::TooLong,
        })?;
        let warning = judge(&parsed)?;
        let number = Self(parsed.format_as(PhoneNumberFormat::E164).into_owned());
        match number.digits().len() {
            ..FEWEST_DIGITS => Err(PhoneProblem::TooShort),
            FEWEST_DIGITS..=MAX_DIGITS => Ok(ParsedPhone { number, warning }),
            _ => Err(PhoneProblem::TooLong),
        }
    }

    /// The number in E.164, for the provider and for `smsto:`: `+4747465724`.
    #[must_use]
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// The digits with country code and without `+`, as Vipps wants them: `4747465724`.
    #[must_use]
    pub fn digits(&self) -> &str {
        self.0.strip_prefix('+').unwrap_or(&self.0)
    }

    /// The number in groups, with its country code: `+47 474 65 724`.
    #[must_use]
    pub fn for_people(&self) -> String {
        self.grouped(PhoneNumberFormat::International, None)
    }

    /// The number as people in `region` (ISO 3166 alpha-2) write it: `474 65 724` for a number of
    /// their own country, with the country code for any other.
    #[must_use]
    pub fn for_people_in(&self, region: &str) -> String {
        self.grouped(PhoneNumberFormat::National, region_of(region))
    }

    /// The number as it is dialled in its own country, in groups: `070-123 45 67`.
    #[must_use]
    pub fn national(&self) -> String {
        Parsed::parse(&self.0, None)
            .map_or_else(|_| self.0.clone(), |parsed| parsed.format_as(PhoneNumberFormat::National).into_owned())
    }

    fn grouped(&self, format: PhoneNumberFormat, home: Option<Region>) -> String {
        let Ok(parsed) = Parsed::parse(&self.0, None) else {
            return self.0.clone();
        };
        let at_home =
            home.and_then(|home| PHONE_NUMBER_UTIL.get_country_code_for_region(home)) == Some(parsed.country_code);
        let format = if at_home { format } else { PhoneNumberFormat::International };
        parsed.format_as(format).into_owned()
    }
}

/// Whether `code` (ISO 3166 alpha-2, upper case) is a country that has phone numbers. Sheltered
/// here because this file alone may ask the number library; [`Address`](super::Address) uses it.
pub(super) fn is_country(code: &str) -> bool {
    code.len() == 2 && region_of(code).is_some()
}

fn region_of(code: &str) -> Option<Region> {
    let region = Region::try_from(code.to_ascii_uppercase().as_str()).ok()?;
    PHONE_NUMBER_UTIL.get_country_code_for_region(region).map(|_| region)
}

/// Digits, `+` and the marks people group digits with. Letters would be read as keypad letters or
/// as an extension by the number library, and neither can get an SMS.
fn may_stand_in_a_number(c: char) -> bool {
    c.is_numeric() || c == '+' || groups_digits(c)
}

/// What people put between the digits of a number that `text` has read: blanks are spaces there.
pub(crate) const fn groups_digits(c: char) -> bool {
    matches!(c, ' ' | '(' | ')' | '.' | '/' | '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// The verdict on a number that could be taken apart.
fn judge(parsed: &Parsed) -> Result<Option<PhoneWarning>, PhoneProblem> {
    let national = parsed.get_national_significant_number();
    match parsed.is_possible_with_reason() {
        Ok(NumberLengthType::IsPossible) => {}
        Ok(NumberLengthType::IsPossibleLocalOnly) | Err(ValidationError::TooShort) => {
            return Err(PhoneProblem::TooShort);
        }
        Err(ValidationError::TooLong) => return Err(PhoneProblem::TooLong),
        Err(ValidationError::InvalidCountryCode) => return Err(PhoneProblem::Invalid),
        // Between two lengths the country uses: Norway has 5 (services), 8 and 12 (machines).
        Err(ValidationError::InvalidLength) => {
            return Err(match (parsed.country_code, national.len()) {
                (47, length) if length > NORWEGIAN => PhoneProblem::TooLong,
                (47, _) | (_, ..MIN_UNKNOWN) => PhoneProblem::TooShort,
                _ => PhoneProblem::Invalid,
            });
        }
    }
    let kind = parsed.get_type();
    let reaches_a_mobile = matches!(kind, PhoneNumberType::Mobile | PhoneNumberType::FixedLineOrMobile);
    if national.len() < MIN_SUBSCRIBER && !reaches_a_mobile {
        return Err(PhoneProblem::TooShort);
    }
    if reaches_a_mobile {
        return Ok(None);
    }
    if kind != PhoneNumberType::Unknown {
        return Ok(Some(PhoneWarning::Landline));
    }
    if !could_be_a_subscriber(parsed.country_code, &national) {
        return Err(PhoneProblem::Invalid);
    }
    if national.len() < MIN_UNKNOWN {
        return Err(PhoneProblem::TooShort);
    }
    Ok(Some(PhoneWarning::UnknownRange))
}

/// Whether the numbering plan leaves room for a subscriber at these first digits. In Norway and
/// Denmark 0 and 1 lead to services; in Sweden and Finland 0 is the trunk prefix, already removed.
/// Other countries get the benefit of the doubt.
fn could_be_a_subscriber(country_code: i32, national: &str) -> bool {
    match country_code {
        45 | 47 => !national.starts_with(['0', '1']),
        46 | 358 => !national.starts_with('0'),
        _ => true,
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber(…)")
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}

/// Reads back what was stored: `+` and 5 to 15 digits, nothing more is asked.
impl TryFrom<String> for PhoneNumber {
    type Error = PhoneProblem;

    fn try_from(stored: String) -> Result<Self, Self::Error> {
        let fits = stored.strip_prefix('+').is_some_and(|digits| {
            (FEWEST_DIGITS..=MAX_DIGITS).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        });
        if fits { Ok(Self(stored)) } else { Err(PhoneProblem::Invalid) }
    }
}

#[cfg(test)]
#[path = "phone_tests.rs"]
mod tests;
