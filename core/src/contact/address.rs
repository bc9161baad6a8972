//! Postal addresses: all or nothing, and a postal code of the country's own form.
//!
//! An address that the customer shall fill in on the payment page is simply absent here. Once the
//! seller fills in any field, the street line, the postal code and the town are required.

use crate::problem::ProblemCode;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::phone::is_country;
use crate::text::{line, number, plain};

/// The most characters in one field of an address. The provider publishes no limit; this keeps a
/// paste gone wrong out of an order and is longer than any street name.
pub const MAX_CHARS: usize = 200;

/// A checked postal address. Redacted in `Debug`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    /// First name; may be empty.
    #[serde(default)]
    pub first_name: String,
    /// Last name; may be empty.
    #[serde(default)]
    pub last_name: String,
    /// Company.
    #[serde(default)]
    pub business_name: Option<String>,
    /// Street and number, or a box.
    pub line: String,
    /// Second line: entrance, c/o.
    #[serde(default)]
    pub line2: Option<String>,
    /// Postal code: digits only in Norway, Sweden, Denmark and Finland.
    pub postal_code: String,
    /// Town.
    pub city: String,
    /// Country, ISO 3166 alpha-2 in upper case.
    pub country: String,
}

/// The fields of an address as they were typed; empty means not filled in. Redacted in `Debug`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AddressText {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Company.
    pub business_name: String,
    /// Street and number.
    pub line: String,
    /// Second line.
    pub line2: String,
    /// Postal code.
    pub postal_code: String,
    /// Town.
    pub city: String,
    /// Country, ISO 3166 alpha-2; empty means the default country.
    pub country: String,
}

/// What is wrong with one field of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AddressProblem {
    /// The field's name as in [`AddressText`].
    pub field: &'static str,
    /// `required`, `invalid` or `too_long`.
    pub code: ProblemCode,
}

impl AddressText {
    /// Whether nothing was filled in. A country alone fills in nothing: apps preset it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.first_name, &self.last_name, &self.business_name, &self.line, &self.line2, &self.postal_code, &self.city]
            .into_iter()
            .all(|text| line(text).is_empty())
    }
}

impl Address {
    /// Checks what was typed. `default_country` (ISO 3166 alpha-2) stands in for an empty country.
    /// `None` when nothing was filled in.
    ///
    /// # Errors
    /// Every problem found, in the order of the fields.
    pub fn check(text: &AddressText, default_country: &str) -> Result<Option<Self>, Vec<AddressProblem>> {
        if text.is_empty() {
            return Ok(None);
        }
        let mut problems = Vec::new();
        let mut field = |field: &'static str, text: &str, required: bool| {
            let value = line(text);
            if required && value.is_empty() {
                problems.push(AddressProblem { field, code: ProblemCode::Required });
            } else if value.chars().count() > MAX_CHARS {
                problems.push(AddressProblem { field, code: ProblemCode::TooLong });
            }
            value
        };
        let first_name = field("first_name", &text.first_name, false);
        let last_name = field("last_name", &text.last_name, false);
        let business_name = field("business_name", &text.business_name, false);
        let street = field("line", &text.line, true);
        let line2 = field("line2", &text.line2, false);
        let typed_code = field("postal_code", &text.postal_code, true);
        let city = field("city", &text.city, true);
        let typed_country = plain(&text.country);
        let country = if typed_country.is_empty() { default_country } else { &typed_country };
        let country = country.to_ascii_uppercase();
        let known = is_country(&country);
        let postal_code = match postal_code(&typed_code, &country) {
            Some(postal_code) => postal_code,
            None => {
                if known && !problems.iter().any(|problem| problem.field == "postal_code") {
                    problems.push(AddressProblem { field: "postal_code", code: ProblemCode::Invalid });
                }
                typed_code
            }
        };
        if !known {
            problems.push(AddressProblem { field: "country", code: ProblemCode::Invalid });
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let optional = |text: String| (!text.is_empty()).then_some(text);
        Ok(Some(Self {
            first_name,
            last_name,
            business_name: optional(business_name),
            line: street,
            line2: optional(line2),
            postal_code,
            city,
            country,
        }))
    }
}

/// The postal code in its country's form, or `None`. The four Nordic codes come back as digits only, with or without
/// their space and the country's letters in front, as people write them; other countries keep what was typed.
fn postal_code(typed: &str, country: &str) -> Option<String> {
    let typed = number(typed).to_uppercase();
    let (digits, letters): (usize, &[&str]) = match country {
        "NO" => (4, &["NO", "N", "NOR"]),
        "DK" => (4, &["DK", "DNK"]),
        "SE" => (5, &["SE", "S", "SWE"]),
        // Åland writes its own letters in front of Finnish codes.
        "FI" => (5, &["FI", "FIN", "AX"]),
        _ => {
            let fits = (2..=10).contains(&typed.chars().count())
                && typed.chars().all(|c| c.is_alphanumeric() || c == ' ' || c == '-');
            return fits.then_some(typed);
        }
    };
    let code = typed.trim_start_matches(|c: char| c.is_alphabetic());
    let front = typed.strip_suffix(code).unwrap_or_default();
    if !front.is_empty() && !letters.contains(&front) {
        return None;
    }
    let code = code.trim_start_matches(if front.is_empty() { &[][..] } else { &BETWEEN[..] });
    let bare = match code.split_once(' ') {
        Some((three, two)) if country == "SE" && three.len() == 3 => format!("{three}{two}"),
        _ => code.to_owned(),
    };
    (bare.len() == digits && bare.bytes().all(|byte| byte.is_ascii_digit())).then_some(bare)
}

/// What stands between the country's letters and the code: a hyphen of any kind, or a space.
const BETWEEN: [char; 5] = ['-', ' ', '\u{2010}', '\u{2011}', '\u{2013}'];

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

impl fmt::Debug for AddressText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AddressText(…)")
    }
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
