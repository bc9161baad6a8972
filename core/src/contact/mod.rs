//! Who the customer is and how to reach them: phone number, e-mail address, postal address.
//!
//! What this room guarantees:
//! - A [`PhoneNumber`] made here is E.164 and fits the provider's pattern `^\+?\d{5,15}$`.
//! - An [`EmailAddress`] made here is a bare address: no display name, no comment, a dotted domain.
//! - An [`Address`] made here has a street line, a town and a postal code of its country's form.
//! - None of these types shows what it holds in `Debug`, and none has a `Display`: personal data
//!   leaves through a named method or through serde, never by accident into a log.
//!
//! Two doors lead in. What a person typed goes through `parse` or `check`, which are strict. What
//! this core wrote earlier comes back through serde, which is lenient (only the outer form is
//! checked), so that rules made stricter later never make a saved sale unreadable.
//!
//! No I/O. Problems are codes in snake_case; the apps hold the words.

mod address;
mod customer;
mod email;
mod phone;

pub use address::{Address, AddressProblem, AddressText, MAX_CHARS as MAX_ADDRESS_LINE};
pub use customer::Customer;
pub use email::{EmailAddress, EmailProblem, MAX_CHARS as MAX_EMAIL};
pub(crate) use phone::groups_digits;
pub use phone::{ParsedPhone, PhoneNumber, PhoneProblem, PhoneWarning};

/// What follows a scheme such as `tel:`, which links bring along when they are copied; the text itself without one.
pub(crate) fn without_scheme<'a>(text: &'a str, scheme: &str) -> &'a str {
    match text.split_at_checked(scheme.len()) {
        Some((start, rest)) if start.eq_ignore_ascii_case(scheme) => rest.trim_start(),
        _ => text,
    }
}
