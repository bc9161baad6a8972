//! A set-up before anybody has agreed to it: what it would make, what it would change, and what it may not.

use super::Setup;
use super::field::SetupField;
use super::invitation::{self, Credentials, SealedInvitation};
use super::link::{self, Given, LINK, Recognised};
use super::sealed::Sealed;
use crate::account::{Config, Fields};
use crate::clock::PhoneTime;
use crate::gateway::{Account, AccountId};
use crate::order::Problem;
use crate::problem::ProblemCode;
use crate::{gateway, text, web};
use serde::Serialize;
use url::Url;

/// What a text came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetupCheck {
    /// What an invitation says before it is opened: ask for its code.
    pub sealed: Option<SealedInvitation>,
    /// The set-up, when nothing stands against it.
    pub setup: Option<Setup>,
    /// What a person agrees to before it is applied; there with the set-up.
    pub summary: Option<Summary>,
    /// Every problem. A warning does not stop it.
    pub problems: Vec<Problem>,
    /// Of an invitation that was opened: who signs in, with a set-up that nothing stands against. They go to `sign_in`, and
    /// are kept and shown nowhere.
    #[serde(skip)]
    pub credentials: Option<Credentials>,
}

/// What a person is shown, and agrees to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// `T` or `P` and eight digits.
    pub account: String,
    /// Whether real money is moved: the account is no test account.
    pub live: bool,
    /// Who sells, as customers would read it.
    pub seller_name: String,
    /// Every host that the phone or a customer would be sent to.
    pub hosts: Vec<SetupHost>,
    /// What would be otherwise than it is, for an account that exists.
    pub changes: Vec<Change>,
}

/// A host, and what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetupHost {
    /// The field with its address.
    pub field: SetupField,
    /// Name, and port where it is not the usual one; letters beyond ASCII in the form that cannot deceive.
    pub host: String,
}

/// A field that would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Which.
    pub field: SetupField,
    /// As it is used now.
    pub from: String,
    /// As it would be used.
    pub to: String,
}

/// Reads what was pasted or scanned. `current` is the configuration of the account, if the phone has it already: what the
/// set-up does not name stays as it is.
#[must_use]
pub fn check(text: &str, current: Option<&Config>, now: PhoneTime) -> SetupCheck {
    match link::recognise(text) {
        Ok(Recognised::Link(fields)) => match link::read(&fields) {
            Ok(given) => weigh(given, current),
            Err(problem) => SetupCheck::refused(vec![problem]),
        },
        Ok(Recognised::Invitation(sealed)) => match Sealed::read(&sealed) {
            Ok(sealed) => {
                let (sealed, problems) = invitation::told(&sealed, current, now);
                SetupCheck { sealed, ..SetupCheck::refused(problems) }
            }
            Err(code) => SetupCheck::refused(vec![Problem::on(LINK, code)]),
        },
        Err(problem) => SetupCheck::refused(vec![problem]),
    }
}

impl SetupCheck {
    pub(super) fn refused(problems: Vec<Problem>) -> Self {
        Self { sealed: None, setup: None, summary: None, problems, credentials: None }
    }
}

/// What the given fields come to.
pub(super) fn weigh(given: Given, current: Option<&Config>) -> SetupCheck {
    let mut problems = given.problems;
    // The account is always named: no link is for whichever account happens to be there.
    let mut config = Config { account: String::new(), ..current.cloned().unwrap_or_default() };
    for (field, text) in SetupField::ALL.into_iter().zip(given.fields) {
        if let Some(text) = text {
            field.put(&mut config, text);
        }
    }
    let (fields, wrong) = config.read();
    let now = current.map(|current| current.read().0);
    let found = wrong.into_iter().map(|wrong| wrong.problem).chain(refusals(&fields, now.as_ref()));
    for problem in found.collect::<Vec<_>>() {
        // One problem of a field is enough; a warning is none.
        if !problems.iter().any(|known| known.is_error() && known.field == problem.field) {
            problems.push(problem);
        }
    }
    if problems.iter().any(Problem::is_error) {
        return SetupCheck::refused(problems);
    }
    let summary = Summary::of(&fields, now.as_ref());
    let text = |field: SetupField| {
        if text::is_filled(field.of(&config)) { field.used(&fields) } else { String::new() }
    };
    let setup = Setup(SetupField::ALL.map(text));
    SetupCheck { setup: Some(setup), summary: Some(summary), ..SetupCheck::refused(problems) }
}

/// What no set-up may say, though a configuration may.
fn refusals(fields: &Fields, now: Option<&Fields>) -> Vec<Problem> {
    if matches!(Account::read(&fields.account), Ok(Account::Practice(_))) {
        // It is had without a set-up, and none makes anything of it.
        return vec![Problem::on("account", ProblemCode::Invalid)];
    }
    let mut refused = Vec::new();
    if !is_trusted(&fields.at.origin) {
        let allowed = gateway::origins().join(", ");
        refused.push(Problem::on("origin", ProblemCode::NotSupported).with("allowed", &allowed));
    }
    if let Some(now) = now {
        if now.account != fields.account {
            refused.push(Problem::on("account", ProblemCode::AnotherAccount));
        }
        if now.at.origin != fields.at.origin {
            refused.push(Problem::on("origin", ProblemCode::CannotChange));
        }
    }
    refused
}

/// Whether credentials may be sent there: to the provider's own origins, or to this machine, which is a sandbox.
fn is_trusted(origin: &str) -> bool {
    let ours = gateway::origins().contains(&origin.strip_suffix('/').unwrap_or(origin));
    ours || Url::parse(origin).is_ok_and(|origin| web::is_this_machine(&origin))
}

impl Summary {
    fn of(fields: &Fields, now: Option<&Fields>) -> Self {
        let with_address = [SetupField::Origin, SetupField::ReturnUrl, SetupField::TermsUrl];
        let hosts = with_address.iter().filter_map(|field| {
            let host = host(&field.used(fields))?;
            Some(SetupHost { field: *field, host })
        });
        Self {
            account: fields.account.clone(),
            live: is_live(&fields.account),
            seller_name: fields.seller_name.clone(),
            hosts: hosts.collect(),
            changes: now.map(|now| changes(now, fields)).unwrap_or_default(),
        }
    }
}

/// Whether real money is moved by an account: it is no test account.
pub(super) fn is_live(account: &str) -> bool {
    AccountId::read(account).is_ok_and(|account| account.is_production())
}

fn host(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let name = url.host_str()?;
    Some(url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}")))
}

/// Every field that is used otherwise.
fn changes(now: &Fields, then: &Fields) -> Vec<Change> {
    let each =
        SetupField::ALL.iter().map(|field| Change { field: *field, from: field.used(now), to: field.used(then) });
    each.filter(|change| change.from != change.to).collect()
}
