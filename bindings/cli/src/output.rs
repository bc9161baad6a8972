//! What leaves the process: text for people, JSON for scripts, and the exit code (`core/CONTRACT.md` section 9).
//! With `--json` standard output holds nothing but JSON; everything for people then goes to standard error.

use crate::{config, words};
use inquire::InquireError;
use paylink_core::link::{LinkStatus, PaymentLink};
use paylink_core::order::Problem;
use paylink_core::{Paylink, PaylinkError};
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// A draft with problems, or wrong usage.
    Refused = 1,
    /// Saved, and waits to be sent.
    Waiting = 2,
    /// The provider wants a sign-in.
    SignIn = 3,
    /// Another process has the data folder.
    InUse = 4,
    /// The disk or the database.
    Storage = 5,
    /// No such link.
    NotFound = 6,
    /// A wrong setting.
    Config = 7,
    /// Rejected or held: the seller decides.
    Attention = 8,
    /// The network or the provider.
    Network = 9,
    /// A defect.
    Internal = 10,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl Exit {
    /// What the state of a link says about a command that made or sent it.
    #[must_use]
    pub fn of(link: &PaymentLink, core: &Paylink) -> Self {
        match link.status {
            LinkStatus::Queued | LinkStatus::Creating | LinkStatus::Unknown => {
                let paused = core.account().is_ok_and(|account| account.paused.is_some());
                if paused { Self::SignIn } else { Self::Waiting }
            }
            LinkStatus::NeedsAttention => Self::Attention,
            _ => Self::Done,
        }
    }
}

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The core said no.
    #[error(transparent)]
    Core(#[from] PaylinkError),
    /// The command line cannot be understood.
    #[error("{0}")]
    Usage(String),
    /// The person at the terminal broke off.
    #[error("stopped, nothing was saved")]
    Stopped,
    /// The terminal or a pipe.
    #[error("{0}")]
    Terminal(String),
}

/// What a command gives.
pub type Outcome = Result<Exit, Failure>;

impl Failure {
    /// A wrong setting.
    #[must_use]
    pub fn config(field: &str, reason: impl Into<String>) -> Self {
        Self::Core(PaylinkError::Config { field: field.to_owned(), reason: reason.into() })
    }

    /// The exit code.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) | Self::Stopped => Exit::Refused,
            Self::Terminal(_) => Exit::Internal,
            Self::Core(error) => match error {
                PaylinkError::Refused { .. } => Exit::Refused,
                PaylinkError::NotFound { .. } => Exit::NotFound,
                PaylinkError::NotAllowed { .. } | PaylinkError::Unsent { .. } => Exit::Attention,
                PaylinkError::SignInNeeded { .. } => Exit::SignIn,
                PaylinkError::InUse => Exit::InUse,
                PaylinkError::Config { .. } => Exit::Config,
                PaylinkError::Storage { .. } => Exit::Storage,
                PaylinkError::Network { .. } | PaylinkError::Provider { .. } => Exit::Network,
                PaylinkError::Suspended | PaylinkError::Closed | PaylinkError::Internal { .. } => Exit::Internal,
            },
        }
    }

    /// `{"error": {"code", "reason", …}}`.
    #[must_use]
    pub fn object(&self) -> Value {
        let of = |code: &str| json!({ "code": code, "reason": self.to_string() });
        let error = match self {
            Self::Core(error) => {
                let mut object = serde_json::to_value(error).unwrap_or_else(|_| of("internal"));
                if object.get("reason").is_none() {
                    object["reason"] = json!(error.to_string());
                }
                object
            }
            Self::Usage(_) => of("usage"),
            Self::Stopped => of("stopped"),
            Self::Terminal(_) => of("internal"),
        };
        json!({ "error": error })
    }

    fn sentence(&self) -> String {
        match self {
            Self::Core(PaylinkError::Refused { problems }) => {
                let lines: Vec<String> = problems.iter().map(words::problem).collect();
                format!("not saved:\n  {}", lines.join("\n  "))
            }
            Self::Core(PaylinkError::Config { field, reason }) => match config::flag_of(field) {
                Some(flag) => format!("{flag}: {reason}"),
                None => format!("{field}: {reason}"),
            },
            Self::Core(PaylinkError::SignInNeeded { reason }) => words::reason(reason).to_owned(),
            Self::Core(PaylinkError::Network { reason }) => words::reason(reason).to_owned(),
            Self::Core(PaylinkError::InUse) => {
                "the data folder is in use by another paylink; list, show and message work beside it".to_owned()
            }
            other => other.to_string(),
        }
    }
}

impl From<InquireError> for Failure {
    fn from(error: InquireError) -> Self {
        match error {
            InquireError::OperationCanceled | InquireError::OperationInterrupted => Self::Stopped,
            other => Self::Terminal(other.to_string()),
        }
    }
}

/// Where a command writes.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    json: bool,
    colours: bool,
}

impl Screen {
    /// A screen that writes JSON, or text for people with colours where they are wanted.
    #[must_use]
    pub fn new(json: bool) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        let terminal = if json { std::io::stderr().is_terminal() } else { std::io::stdout().is_terminal() };
        Self { json, colours: wanted && terminal }
    }

    /// Whether scripts read.
    #[must_use]
    pub fn json(&self) -> bool {
        self.json
    }

    /// Whether colours may be used.
    #[must_use]
    pub fn colours(&self) -> bool {
        self.colours
    }

    /// A line for people.
    pub fn say(&self, text: impl Display) {
        // A reader that went away is no reason to stop: the sale goes on.
        let _gone =
            if self.json { writeln!(std::io::stderr(), "{text}") } else { writeln!(std::io::stdout(), "{text}") };
    }

    /// A line beside the result.
    pub fn note(&self, text: impl Display) {
        let _gone = writeln!(std::io::stderr(), "{text}");
    }

    /// A JSON object, on a line of its own; nothing without `--json`.
    pub fn object(&self, object: &impl Serialize) {
        if self.json {
            let text = serde_json::to_string(object).unwrap_or_else(|error| {
                json!({ "error": { "code": "internal", "reason": error.to_string() } }).to_string()
            });
            let mut out = std::io::stdout().lock();
            let _gone = writeln!(out, "{text}").and_then(|()| out.flush());
        }
    }

    /// Says why a command failed, and gives its exit code.
    pub fn fail(&self, failure: &Failure) -> Exit {
        match failure {
            Failure::Core(PaylinkError::Refused { problems }) if self.json => self.object(&refused(problems)),
            _ => self.object(&failure.object()),
        }
        self.note(format_args!("paylink: {}", failure.sentence()));
        failure.exit()
    }

    /// Strong.
    #[must_use]
    pub fn bold(&self, text: &str) -> String {
        self.styled("1", text)
    }

    /// Beside the point.
    #[must_use]
    pub fn dim(&self, text: &str) -> String {
        self.styled("2", text)
    }

    /// As it should be.
    #[must_use]
    pub fn good(&self, text: &str) -> String {
        self.styled("32", text)
    }

    /// Not as it should be.
    #[must_use]
    pub fn bad(&self, text: &str) -> String {
        self.styled("31", text)
    }

    fn styled(&self, style: &str, text: &str) -> String {
        if self.colours && !text.is_empty() { format!("\u{1b}[{style}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// What `sell --json` prints of a sale.
#[must_use]
pub fn sold(link: &PaymentLink, problems: &[Problem]) -> Value {
    json!({
        "id": link.id, "reference": link.reference, "status": link.status, "url": link.url,
        "problems": problems, "link": link,
    })
}

/// What `sell --json` prints of a sale that was refused.
fn refused(problems: &[Problem]) -> Value {
    json!({ "id": null, "reference": null, "status": null, "url": null, "problems": problems, "link": null })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_a_code_and_a_reason_for_scripts() {
        for failure in [
            Failure::Core(PaylinkError::InUse),
            Failure::Core(PaylinkError::NotFound { what: "link".into() }),
            Failure::config("origin", "is not https"),
            Failure::Usage("what?".into()),
        ] {
            let object = failure.object();
            assert!(object["error"]["code"].is_string() && object["error"]["reason"].is_string(), "{object}");
        }
    }

    #[test]
    fn a_wrong_setting_is_named_by_its_flag() {
        assert_eq!(Failure::config("seller_name", "required").sentence(), "--seller: required");
    }
}
