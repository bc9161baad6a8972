//! `paylink setup`, `setup-link` and `invite`: reading set-ups, and making them at the office. The terminal keeps no
//! configuration: what a set-up says is printed, or written into a file, as the variables that the other commands read.

use crate::args::{Invite, MakeSetup, Setup as Flags, SetupLink};
use crate::config::{self, Setup};
use crate::output::{Exit, Failure, Outcome};
use crate::screen::Screen;
use crate::{qr, secret, words};
use inquire::Confirm;
use jiff::Timestamp;
use paylink_core::account::Config;
use paylink_core::clock::PhoneTime;
use paylink_core::link::ReasonCode;
use paylink_core::order::Problem;
use paylink_core::setup::{self, Credentials, Invitation, SetupField, Summary};
use paylink_core::{PaylinkError, message};
use serde_json::json;
use std::fs::OpenOptions;
use std::io::{IsTerminal, Write, stdin};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Reads a set-up link or opens an invitation, shows what it would set, and sets it where that was asked for.
///
/// # Errors
/// When the person breaks off, or the file cannot be written.
pub fn read(current: Option<&Setup>, flags: &Flags, screen: Screen) -> Outcome {
    let current = current.map(|setup| &setup.config);
    let mut check = setup::check(&flags.text, current, now());
    if check.sealed.is_some() && !check.problems.iter().any(Problem::is_error) {
        let account = check.sealed.as_ref().map_or("", |sealed| sealed.account.as_str());
        let code = secret::invitation_code(account)?;
        check = setup::open(&flags.text, &code, current, now());
    }
    for problem in &check.problems {
        screen.note(format_args!("  {}", words::problem(problem)));
    }
    let (Some(setup), Some(summary)) = (&check.setup, &check.summary) else {
        screen.object(&json!({
            "sealed": check.sealed, "setup": null, "summary": null, "problems": check.problems, "saved": null,
        }));
        return Ok(Exit::Refused);
    };
    if !screen.json() {
        screen.say(shown(summary, current.is_some(), screen));
    }
    if let Some(file) = &flags.save {
        agreed(flags, screen)?;
        save(file, setup, check.credentials.as_ref())?;
    }
    let saved = flags.save.as_ref().map(|file| file.display().to_string());
    screen.object(&json!({
        "sealed": check.sealed, "setup": setup, "summary": summary, "problems": check.problems, "saved": saved,
    }));
    if !screen.json() {
        say_how(setup, check.credentials.is_some(), saved.as_deref(), screen);
    }
    Ok(Exit::Done)
}

fn now() -> PhoneTime {
    PhoneTime::from_ms(Timestamp::now().as_millisecond())
}

/// What a person agrees to.
fn shown(summary: &Summary, exists: bool, screen: Screen) -> String {
    let kind = if summary.live { "real money" } else { "a test account" };
    let mut lines = vec![
        format!("  {} {}, {kind}", screen.dim("account"), screen.bold(&summary.account)),
        format!("  {} {}", screen.dim("seller"), summary.seller_name),
    ];
    for host in &summary.hosts {
        lines.push(format!("  {} {}", screen.dim(words::field(host.field.code())), screen.bold(&host.host)));
    }
    let value = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    for change in &summary.changes {
        let field = words::field(change.field.code());
        lines.push(format!("  {field}: {} becomes {}", value(&change.from), value(&change.to)));
    }
    if exists && summary.changes.is_empty() {
        lines.push("  Nothing would change.".to_owned());
    }
    lines.join("\n")
}

fn agreed(flags: &Flags, screen: Screen) -> Result<(), Failure> {
    if flags.yes {
        return Ok(());
    }
    if screen.json() || !stdin().is_terminal() {
        return Err(Failure::Usage("nobody is there to agree: --yes says that you have read what it sets".to_owned()));
    }
    if Confirm::new("Set this?").with_default(false).prompt()? { Ok(()) } else { Err(Failure::Stopped) }
}

/// The variable of the environment for a field.
const fn variable(field: SetupField) -> Option<&'static str> {
    Some(match field {
        SetupField::Account => "PAYLINK_ACCOUNT",
        SetupField::Origin => "PAYLINK_URL",
        SetupField::ApiPrefix => "PAYLINK_API_PREFIX",
        SetupField::ProfileId => "PAYLINK_PROFILE",
        SetupField::ReturnUrl => "PAYLINK_RETURN_URL",
        SetupField::SellerName => "PAYLINK_SELLER",
        SetupField::ReferencePrefix => "PAYLINK_PREFIX",
        SetupField::Region => "PAYLINK_REGION",
        SetupField::TermsUrl => "PAYLINK_TERMS_URL",
        // The terminal is told these with each sale.
        SetupField::Language
        | SetupField::Currency
        | SetupField::Vat
        | SetupField::Expiry
        | SetupField::Capture
        | SetupField::Address
        | SetupField::Delivery => {
            return None;
        }
    })
}

/// `export NAME='…'`: nothing in the text means anything to a shell.
fn export(name: &str, text: &str) -> String {
    format!("export {name}='{}'", text.replace('\'', "'\\''"))
}

fn exports(setup: &setup::Setup) -> Vec<String> {
    let filled = SetupField::ALL.into_iter().filter(|field| !setup.get(*field).is_empty());
    filled.filter_map(|field| variable(field).map(|name| export(name, setup.get(field)))).collect()
}

fn save(file: &Path, setup: &setup::Setup, credentials: Option<&Credentials>) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::Terminal(format!("{}: {error}", file.display()));
    let mut lines = exports(setup);
    if let Some(credentials) = credentials {
        lines.push(export(secret::ID, credentials.client_id()));
        lines.push(export(secret::SECRET, credentials.client_secret()));
    }
    // Never over something that is there, and its owner's alone from the first byte.
    let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map_err(failed)?;
    out.write_all(format!("{}\n", lines.join("\n")).as_bytes()).and_then(|()| out.sync_all()).map_err(failed)
}

fn say_how(setup: &setup::Setup, invited: bool, saved: Option<&str>, screen: Screen) {
    match saved {
        Some(file) => screen.say(format_args!("\nWritten to {file}; before `paylink sell`:\n\n  . {file}")),
        None => {
            screen.say("\nThe terminal keeps no settings; set these, or let --save FILE write them into a file:\n");
            exports(setup).iter().for_each(|line| screen.say(format_args!("  {line}")));
            if invited {
                screen.say("\nThe client id and secret are not shown: --save FILE writes them, too.");
            }
        }
    }
    let left: Vec<_> = SetupField::ALL
        .into_iter()
        .filter(|field| variable(*field).is_none() && !setup.get(*field).is_empty())
        .map(|field| format!("{} {}", words::field(field.code()), setup.get(field)))
        .collect();
    if !left.is_empty() {
        screen.say(format_args!("\nGive these with each sale: {}", left.join(", ")));
    }
}

/// Prints a set-up link.
///
/// # Errors
/// Every problem of what it would say.
pub fn link(current: &Setup, flags: &SetupLink, screen: Screen) -> Outcome {
    let (setup, page) = match made(current, &flags.setup) {
        Ok(made) => made,
        Err(problems) => return Ok(refused(&problems, screen)),
    };
    let link = page.map_or_else(|| Ok(setup.link()), |page| setup.link_at(page));
    let link = match link {
        Ok(link) => link,
        Err(problem) => return Ok(refused(&[problem], screen)),
    };
    screen.object(&json!({ "link": link, "setup": setup, "problems": [] }));
    if !screen.json() {
        draw(&link, screen)?;
        screen.say(&link);
    }
    Ok(Exit::Done)
}

/// Seals an invitation and prints it with its code.
///
/// # Errors
/// When there are no credentials, or the person breaks off.
pub fn invite(current: &Setup, flags: &Invite, screen: Screen) -> Outcome {
    let (setup, page) = match made(current, &flags.setup) {
        Ok(made) => made,
        Err(problems) => return Ok(refused(&problems, screen)),
    };
    let credentials = current.credentials()?;
    let credentials = credentials.ok_or(PaylinkError::SignInNeeded { reason: ReasonCode::SignedOut })?;
    let credentials = Credentials::new(&credentials.id, &credentials.secret);
    let invitation = match Invitation::seal(&setup, &credentials, now(), DAY.saturating_mul(flags.days)) {
        Err(PaylinkError::Refused { problems }) => return Ok(refused(&problems, screen)),
        sealed => sealed?,
    };
    let link = match page.map_or_else(|| Ok(invitation.link()), |page| invitation.link_at(page)) {
        Ok(link) => link,
        Err(problem) => return Ok(refused(&[problem], screen)),
    };
    let code = invitation.code.spoken();
    screen.object(&json!({
        "account": setup.get(SetupField::Account), "link": link, "code": *code, "ends_at": invitation.ends_at.ms(),
        "problems": [],
    }));
    if !screen.json() {
        draw(&link, screen)?;
        screen.say(&link);
        screen.say(format_args!("\nInvitation until {}. Its code:\n", words::time(invitation.ends_at.ms())));
        screen.say(format_args!("  {}\n", screen.bold(&code)));
        screen.say("Say the code, or send it another way: never in the same message as the invitation.");
    }
    Ok(Exit::Done)
}

/// The set-up that the flags describe, and the page that its link leads to.
fn made<'a>(current: &Setup, flags: &'a MakeSetup) -> Result<(setup::Setup, Option<&'a str>), Vec<Problem>> {
    let or = |flag: &Option<String>| flag.clone().unwrap_or_default();
    let config = Config {
        language: or(&flags.language),
        currency: or(&flags.currency),
        vat: or(&flags.vat),
        expiry: or(&flags.expires),
        capture: or(&flags.capture),
        address: or(&flags.address),
        delivery: or(&flags.deliver),
        ..current.config.clone()
    };
    setup::Setup::of(&config).map(|setup| (setup, flags.page.as_deref()))
}

fn refused(problems: &[Problem], screen: Screen) -> Exit {
    screen.object(&json!({ "link": null, "problems": problems }));
    for problem in problems {
        let flag = config::flag_of(&problem.field).map_or_else(String::new, |flag| format!(" ({flag})"));
        screen.note(format_args!("  {}{flag}", words::problem(problem)));
    }
    Exit::Refused
}

fn draw(link: &str, screen: Screen) -> Result<(), Failure> {
    let modules = message::qr(link).map_err(|error| Failure::Terminal(error.to_string()))?;
    screen.say(format_args!("\n{}\n", qr::draw(&modules, screen)));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_means_nothing_to_a_shell() {
        assert_eq!(
            export("PAYLINK_SELLER", "Ola's $(rm) `x` \"y\""),
            r#"export PAYLINK_SELLER='Ola'\''s $(rm) `x` "y"'"#
        );
    }
}
