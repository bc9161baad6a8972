//! E-mail addresses: a bare address that a mail app and the provider can both use.
//!
//! Guarantees of [`EmailAddress::parse`]: trimmed, at most 254 characters, no display name, no
//! comment, no quoted local part, no control or space character, and a domain with a dot whose
//! labels are letters, digits and hyphens. Letters may be of any script (`post@bjørn.no`).

use crate::problem::ProblemCode;
use std::fmt;

use email_address::Options;
use serde::{Deserialize, Serialize};

use super::without_scheme;
use crate::text;

/// The longest address a mail server must take, in bytes (RFC 3696, erratum 1690).
pub const MAX_CHARS: usize = 254;

/// An e-mail address. Redacted in `Debug`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// Why a text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum EmailProblem {
    /// Nothing was typed.
    #[error("e-mail address is empty")]
    Required,
    /// Not the form `name@domain.tld`, or more than that.
    #[error("not an e-mail address")]
    Invalid,
    /// Longer than 254 bytes.
    #[error("e-mail address is too long")]
    TooLong,
}

impl EmailProblem {
    /// The problem's code.
    #[must_use]
    pub const fn code(self) -> ProblemCode {
        match self {
            Self::Required => ProblemCode::Required,
            Self::Invalid => ProblemCode::Invalid,
            Self::TooLong => ProblemCode::TooLong,
        }
    }
}

impl EmailAddress {
    /// Reads what a person typed or pasted; spaces around it and invisible characters are dropped.
    ///
    /// # Errors
    /// An [`EmailProblem`].
    pub fn parse(text: &str) -> Result<Self, EmailProblem> {
        let typed = text::plain(text);
        let address = without_scheme(&typed, "mailto:");
        if address.is_empty() {
            return Err(EmailProblem::Required);
        }
        if address.len() > MAX_CHARS {
            return Err(EmailProblem::TooLong);
        }
        if address.chars().any(|c| c.is_whitespace() || c.is_control() || "\"()<>[]\\,;:".contains(c)) {
            return Err(EmailProblem::Invalid);
        }
        let options = Options::default().without_display_text().without_domain_literal().with_required_tld();
        email_address::EmailAddress::parse_with_options(address, options).map_err(|_| EmailProblem::Invalid)?;
        let labels_are_plain = address
            .rsplit_once('@')
            .is_some_and(|(_, domain)| domain.chars().all(|c| c.is_alphanumeric() || ".-".contains(c)));
        if labels_are_plain { Ok(Self(address.to_owned())) } else { Err(EmailProblem::Invalid) }
    }

    /// The address as it was typed, for the mail app and the provider.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

/// Reads back what was stored: something around an `@`, without control characters.
impl TryFrom<String> for EmailAddress {
    type Error = EmailProblem;

    fn try_from(stored: String) -> Result<Self, Self::Error> {
        let fits = stored.len() <= MAX_CHARS
            && !stored.chars().any(char::is_control)
            && stored.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
        if fits { Ok(Self(stored)) } else { Err(EmailProblem::Invalid) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> &'static str {
        EmailAddress::parse(text).map_or_else(|problem| problem.code().code(), |_| "ok")
    }

    #[test]
    fn an_ordinary_address_is_kept_as_typed_without_the_spaces_around_it() {
        for text in [" Kari.Nordmann+honning@Example.co.uk\n", "mailto:Kari.Nordmann+honning@Example.co.uk"] {
            let address = EmailAddress::parse(text).unwrap();
            assert_eq!(address.as_str(), "Kari.Nordmann+honning@Example.co.uk");
        }
        assert_eq!(EmailAddress::parse("\u{202A}post@bjørn.no\u{202C}").unwrap().as_str(), "post@bjørn.no");
    }

    #[test]
    fn an_empty_field_is_required_not_invalid() {
        assert_eq!(code(""), "required");
        assert_eq!(code(" \u{200B}\t"), "required");
    }

    #[test]
    fn whatever_is_more_or_less_than_a_bare_address_is_invalid() {
        for text in [
            "Kari <kari@example.no>",
            "<kari@example.no>",
            "\"Kari N\"@example.no",
            "kari(hjemme)@example.no",
            "kari@example",
            "kari@",
            "@example.no",
            "kari",
            "kari@example..no",
            "kari@.no",
            "kari@example.no.",
            "kari@-example.no",
            "kari@[127.0.0.1]",
            "ka ri@example.no",
            "kari@exa\u{0}mple.no",
            "kari\n@example.no",
            "kari@example.no,ola@example.no",
            "kari@example.no;ola@example.no",
            "kari@@example.no",
            "kari@ex+ample.no",
            ".kari@example.no",
        ] {
            assert_eq!(code(text), "invalid", "{text:?}");
        }
    }

    #[test]
    fn an_address_past_254_bytes_is_too_long() {
        let long = format!("kari@{}.no", "a.".repeat(130));
        assert_eq!(code(&long), "too_long");
        let local_part_past_64 = format!("{}@example.no", "a".repeat(65));
        assert_eq!(code(&local_part_past_64), "invalid");
    }

    #[test]
    fn a_stored_address_comes_back_even_if_todays_rules_would_refuse_it() {
        let address: EmailAddress = serde_json::from_str("\"kari@localhost\"").unwrap();
        assert_eq!(serde_json::to_string(&address).unwrap(), "\"kari@localhost\"");
        for wrong in ["\"\"", "\"kari\"", "\"@\"", "\"a@b\\n\""] {
            assert!(serde_json::from_str::<EmailAddress>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_address_never_shows_itself_in_debug() {
        let address = EmailAddress::parse("kari@example.no").unwrap();
        assert_eq!(format!("{address:?}"), "EmailAddress(…)");
    }

    proptest! {
        #[test]
        fn any_text_is_answered_and_what_is_accepted_is_accepted_again(
            text in "\\PC{0,40}|[a-z.@<>\"() -]{0,20}|[a-zæ]{1,4}@[a-z.-]{1,8}",
        ) {
            if let Ok(address) = EmailAddress::parse(&text) {
                prop_assert_eq!(EmailAddress::parse(address.as_str()), Ok(address.clone()));
                prop_assert_eq!(EmailAddress::try_from(String::from(address.clone())), Ok(address));
            }
        }
    }
}
