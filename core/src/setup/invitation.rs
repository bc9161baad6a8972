//! Invitations: a set-up with the credentials of its account, sealed by a code that goes another way.

use super::code::InvitationCode;
use super::field::SetupField;
use super::link::{self, LINK, Recognised};
use super::review::{self, SetupCheck};
use super::sealed::{Content, Sealed};
use super::{Setup, page_of};
use crate::account::Config;
use crate::clock::PhoneTime;
use crate::error::PaylinkError;
use crate::order::Problem;
use crate::problem::ProblemCode;
use crate::text;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use std::fmt;
use std::time::Duration;

/// The longest that an invitation is good for: it waits in a mailbox meanwhile, and its code on a slip of paper.
pub const MAX_VALID: Duration = Duration::from_secs(31 * 24 * 60 * 60);
/// Longest client id or secret: four times what the provider gives out.
const MAX_SECRET: usize = 256;

/// Who signs in. Wiped when it is let go of; no `Debug` shows it.
#[derive(Clone)]
pub struct Credentials {
    client_id: SecretString,
    client_secret: SecretString,
}

impl PartialEq for Credentials {
    fn eq(&self, other: &Self) -> bool {
        self.client_id() == other.client_id() && self.client_secret() == other.client_secret()
    }
}

impl Eq for Credentials {}

impl Credentials {
    /// As they were typed or pasted: less blanks around them and what nobody sees.
    #[must_use]
    pub fn new(client_id: &str, client_secret: &str) -> Self {
        let read = |typed| SecretString::from(text::credential(typed));
        Self { client_id: read(client_id), client_secret: read(client_secret) }
    }

    /// The client's id.
    #[must_use]
    pub fn client_id(&self) -> &str {
        self.client_id.expose_secret()
    }

    /// Its secret.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        self.client_secret.expose_secret()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(…)")
    }
}

/// What an invitation says before it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SealedInvitation {
    /// `T` or `P` and eight digits.
    pub account: String,
    /// Whether real money is moved: the account is no test account.
    pub live: bool,
    /// When it ends, UTC milliseconds.
    pub ends_at: i64,
}

/// A new invitation, for whoever passes it on.
#[derive(Debug)]
pub struct Invitation {
    /// The code: spoken, never in the same message.
    pub code: InvitationCode,
    /// When it ends.
    pub ends_at: PhoneTime,
    sealed: String,
}

impl Invitation {
    /// Seals a set-up and its credentials under a new code.
    ///
    /// # Errors
    /// [`PaylinkError::Refused`] with what is wrong with the credentials or the time, which is at most [`MAX_VALID`].
    pub fn seal(
        setup: &Setup,
        credentials: &Credentials,
        now: PhoneTime,
        valid: Duration,
    ) -> Result<Self, PaylinkError> {
        let content = Content {
            client_id: credentials.client_id.clone(),
            client_secret: credentials.client_secret.clone(),
            fields: setup.fields_without(SetupField::Account),
        };
        let mut problems: Vec<_> = [("client_id", &content.client_id), ("client_secret", &content.client_secret)]
            .iter()
            .filter_map(wrong)
            .collect();
        if valid.is_zero() || valid > MAX_VALID {
            let days = MAX_VALID.as_secs() / (24 * 60 * 60);
            problems.push(Problem::on("days", ProblemCode::TooLarge).with("max", &days.to_string()));
        }
        if !problems.is_empty() {
            return Err(PaylinkError::Refused { problems });
        }
        let ends_at = PhoneTime::from_ms(now.ms() + i64::try_from(valid.as_millis()).unwrap_or(0));
        let sealed = InvitationCode::generate().and_then(|code| {
            let sealed = Sealed::seal(setup.get(SetupField::Account), ends_at, &content, &code)?;
            Some(Self { code, ends_at, sealed })
        });
        sealed.ok_or_else(|| PaylinkError::internal("nothing could be sealed"))
    }

    /// The invitation as a link.
    #[must_use]
    pub fn link(&self) -> String {
        link::invitation(None, &self.sealed)
    }

    /// The invitation as an https link to a page, whose server does not get to see it.
    ///
    /// # Errors
    /// A problem of `page`.
    pub fn link_at(&self, page: &str) -> Result<String, Problem> {
        Ok(link::invitation(Some(&page_of(page)?), &self.sealed))
    }
}

fn wrong((field, secret): &(&str, &SecretString)) -> Option<Problem> {
    let secret = secret.expose_secret();
    if secret.is_empty() {
        return Some(Problem::on(field, ProblemCode::Required));
    }
    let too_long = || Problem::on(field, ProblemCode::TooLong).with("max", &MAX_SECRET.to_string());
    (secret.len() > MAX_SECRET).then(too_long)
}

/// What an invitation says before it is opened, and what stands against opening it.
pub(super) fn told(
    sealed: &Sealed,
    current: Option<&Config>,
    now: PhoneTime,
) -> (Option<SealedInvitation>, Vec<Problem>) {
    let Some(account) = sealed.account() else {
        return (None, vec![Problem::on(LINK, ProblemCode::Altered)]);
    };
    let mut problems = Vec::new();
    if current.is_some_and(|current| text::plain(&current.account) != account) {
        problems.push(Problem::on(SetupField::Account.code(), ProblemCode::AnotherAccount));
    }
    let ends_at = sealed.ends_at();
    if now >= ends_at {
        problems.push(Problem::on(LINK, ProblemCode::Expired));
    }
    let live = review::is_live(&account);
    (Some(SealedInvitation { account, live, ends_at: ends_at.ms() }), problems)
}

/// Opens an invitation, with the code in whatever way it was typed. Takes up to a second on a slow phone. `current` is as
/// for [`super::check`].
#[must_use]
pub fn open(text: &str, code: &str, current: Option<&Config>, now: PhoneTime) -> SetupCheck {
    let mut outside = None;
    let opened = opened(text, code, current, now, &mut outside);
    SetupCheck { sealed: outside, ..opened.unwrap_or_else(SetupCheck::refused) }
}

fn opened(
    text: &str,
    code: &str,
    current: Option<&Config>,
    now: PhoneTime,
    outside: &mut Option<SealedInvitation>,
) -> Result<SetupCheck, Vec<Problem>> {
    let of_link = |code| vec![Problem::on(LINK, code)];
    let Recognised::Invitation(sealed) = link::recognise(text).map_err(|problem| vec![problem])? else {
        return Err(of_link(ProblemCode::NotASetup));
    };
    let sealed = Sealed::read(&sealed).map_err(of_link)?;
    let (read, mut problems) = told(&sealed, current, now);
    *outside = read;
    let code = InvitationCode::parse(code).map_err(|problem| problems.push(problem));
    let (Some(outside), Ok(code), []) = (outside, code, problems.as_slice()) else { return Err(problems) };
    let Some(content) = sealed.open(&code) else {
        return Err(vec![Problem::on("code", ProblemCode::WrongCode)]);
    };
    let mut given = link::read(&content.fields).map_err(|problem| vec![problem])?;
    if let Some(account) = given.fields.get_mut(SetupField::Account as usize) {
        *account = Some(outside.account.clone());
    }
    let check = review::weigh(given, current);
    let credentials = Credentials { client_id: content.client_id, client_secret: content.client_secret };
    let credentials = check.setup.is_some().then_some(credentials);
    Ok(SetupCheck { credentials, ..check })
}

#[cfg(test)]
#[path = "invitation_tests.rs"]
mod tests;
