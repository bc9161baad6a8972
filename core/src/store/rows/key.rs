//! How a text is written down to be found again, and how what somebody types is read: NFC, small letters, nothing
//! invisible, runs of white space as one space. Both sides go through [`search_key`], so they meet however they were typed.
//!
//! | typed | found |
//! |---|---|
//! | words | what has each of them somewhere, also within a word |
//! | a telephone number or a part of it, of four digits or more | with `+`, `00`, the trunk zero or neither, with `(0)`, with `tel:`, grouped in any way |

use crate::contact::{PhoneNumber, groups_digits, without_scheme};
use crate::money::Region;
use crate::order::Order;
use crate::text::{self, search_key};

/// Fewer are no telephone number yet: they would be found in half of the references.
const FEWEST_DIGITS: usize = 4;

/// What a search looks through in an order: reference, lines and customer, a telephone number as it is stored and as
/// it is dialled at home.
pub fn of_order(order: &Order) -> String {
    let customer = &order.sale.customer;
    let mut lines = vec![order.reference.clone()];
    lines.extend(order.sale.items.iter().map(|item| item.description.clone()));
    lines.extend(customer.name.clone());
    lines.extend(customer.email.as_ref().map(|email| email.as_str().to_owned()));
    if let Some(phone) = &customer.phone {
        lines.push(phone.e164().to_owned());
        lines.extend(at_home(phone));
    }
    lines.iter().map(|line| search_key(line)).collect::<Vec<_>>().join("\n")
}

/// The digits as people of the number's own country dial them, where those are not a part of E.164: with a trunk zero.
fn at_home(phone: &PhoneNumber) -> Option<String> {
    let national: String = phone.national().chars().filter(char::is_ascii_digit).collect();
    (!phone.e164().contains(&national)).then_some(national)
}

/// What somebody types into a search.
#[derive(Debug, PartialEq, Eq)]
pub struct Query(Vec<Vec<String>>);

impl Query {
    /// Reads it. `region` is the seller's: where a number without its country is at home.
    pub fn read(text: &str, region: Region) -> Self {
        let text = search_key(text);
        if let Some(forms) = number(&text, region) {
            return Self(vec![forms]);
        }
        if text.chars().all(|c| c.is_ascii_digit() || groups_digits(c) || c == '+') {
            // Two digits here and one there are in half of the numbers.
            return Self(vec![vec![text]]);
        }
        let words = text.split(' ').filter(|word| !word.is_empty());
        Self(words.map(|word| number(word, region).unwrap_or_else(|| vec![word.to_owned()])).collect())
    }

    /// What each word that was typed may look like.
    pub(super) fn words(&self) -> &[Vec<String>] {
        &self.0
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a key has all that was typed. What a whole block has not, none of its keys has.
    pub fn is_in(&self, keys: &str) -> bool {
        self.0.iter().all(|forms| forms.iter().any(|form| keys.contains(form)))
    }
}

/// The ways in which a telephone number, or a part of one, may stand in a key; `None` for any other text.
fn number(shown: &str, region: Region) -> Option<Vec<String>> {
    let typed = text::number(without_scheme(shown, "tel:"));
    let bare: String = typed.chars().filter(|c| !groups_digits(*c)).collect();
    let digits = bare.strip_prefix('+').unwrap_or(&bare);
    if digits.len() < FEWEST_DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut forms = vec![shown.to_owned(), bare.clone()];
    let abroad = bare.strip_prefix('+').or_else(|| bare.strip_prefix("00"));
    if let Some(digits) = abroad.filter(|digits| !digits.is_empty()) {
        forms.push(format!("+{digits}"));
        // `+46 (0)70`: the zero is for who dials at home.
        if let Some((country, rest)) = typed.split_once("(0)") {
            let digits = |part: &str| part.chars().filter(char::is_ascii_digit).collect::<String>();
            let country = digits(country);
            forms.push(format!("+{}{}", country.strip_prefix("00").unwrap_or(&country), digits(rest)));
        }
    }
    if let Ok(parsed) = PhoneNumber::parse(&typed, region.code()) {
        forms.push(parsed.number.e164().to_owned());
    }
    forms.sort();
    forms.dedup();
    Some(forms)
}

#[cfg(test)]
#[path = "key_tests.rs"]
mod tests;
