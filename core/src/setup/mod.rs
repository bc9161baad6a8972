//! Set-up: a link or an invitation becomes a configuration that a person has seen before it is applied.
//!
//! What this room guarantees:
//! - nothing is stored, and nothing is sent: a shell shows the [`Summary`], asks, and configures;
//! - fields are checked as the configuration is, by the same checks, all problems at once; no value is ever quoted;
//! - a link never carries credentials: one that does is refused. An [`Invitation`] has them, sealed;
//! - only the provider's own origins and this machine are taken, in every build: what is refused in a shop is refused on a
//!   developer's desk, who can still configure another one by hand;
//! - a set-up for an account that exists says what would change, and cannot change account or origin: so stored
//!   credentials are never used elsewhere, whoever made the link;
//! - code, key and credentials are in no error, no log and no `Debug`, and our copies of them are wiped.

mod base32;
mod code;
mod field;
mod invitation;
mod link;
mod review;
mod sealed;

pub use code::InvitationCode;
pub use field::SetupField;
pub use invitation::{Credentials, Invitation, MAX_VALID, SealedInvitation, open};
pub use review::{Change, SetupCheck, SetupHost, Summary, check};

use crate::account::Config;
use crate::clock::PhoneTime;
use crate::order::Problem;
use crate::problem::ProblemCode;
use crate::web;
use serde::{Serialize, Serializer};

/// A whole set-up without problems. A field is empty where the default is meant, and else in its normal form.
///
/// A list in the order of the fields: a map of them would cost the phones' library ten kilobytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup([String; SetupField::ALL.len()]);

impl Serialize for Setup {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.each())
    }
}

impl Setup {
    /// Reads what was pasted or scanned, for a phone that has no account yet. `now` is for the end of an invitation.
    #[must_use]
    pub fn parse(text: &str, now: PhoneTime) -> SetupCheck {
        check(text, None, now)
    }

    /// The set-up that makes this configuration, without what belongs to one phone.
    ///
    /// # Errors
    /// Every problem of it.
    pub fn of(config: &Config) -> Result<Self, Vec<Problem>> {
        let fields = SetupField::ALL.map(|field| Some(field.of(config).to_owned()));
        let given = link::Given { fields, problems: Vec::new() };
        let check = review::weigh(given, None);
        check.setup.ok_or(check.problems)
    }

    /// What it says of a field.
    #[must_use]
    pub fn get(&self, field: SetupField) -> &str {
        self.0.get(field as usize).map_or("", String::as_str)
    }

    /// A configuration with these fields; the others, the folder among them, are those of `base`.
    #[must_use]
    pub fn config(&self, mut base: Config) -> Config {
        for (field, text) in self.each() {
            field.put(&mut base, text.to_owned());
        }
        base
    }

    /// The set-up link.
    #[must_use]
    pub fn link(&self) -> String {
        link::setup(None, &self.fields())
    }

    /// The set-up link as an https link to a page, whose server does not get to see it.
    ///
    /// # Errors
    /// A problem of `page`.
    pub fn link_at(&self, page: &str) -> Result<String, Problem> {
        Ok(link::setup(Some(&page_of(page)?), &self.fields()))
    }

    fn fields(&self) -> String {
        link::write(self.each())
    }

    fn fields_without(&self, left_out: SetupField) -> String {
        link::write(self.each().filter(|(field, _)| *field != left_out))
    }

    fn each(&self) -> impl Iterator<Item = (SetupField, &str)> {
        SetupField::ALL.into_iter().zip(self.0.iter().map(String::as_str))
    }
}

/// The page of an https link: it has no fragment yet.
fn page_of(page: &str) -> Result<String, Problem> {
    match web::address(page, false) {
        Ok(url) if url.fragment().is_none() => Ok(url.into()),
        _ => Err(Problem::on("page", ProblemCode::Invalid)),
    }
}

#[cfg(test)]
mod tests;
