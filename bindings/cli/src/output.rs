//! How a command ends: the exit code, the error object for scripts and the sentence for people
//! (`core/CONTRACT.md` section 9).

use crate::{config, words};
use inquire::InquireError;
use paylink_core::link::{LinkStatus, PaymentLink};
use paylink_core::order::Problem;
use paylink_core::{Paylink, PaylinkError, StorageKind};
use serde_json::{Value, json};
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
            LinkStatus::Queued | LinkStatus::Creating | LinkStatus::Unknown => Self::of_waiting(core),
            LinkStatus::NeedsAttention => Self::Attention,
            _ => Self::Done,
        }
    }

    /// Of what is saved and not done yet: it waits for a sign-in, or just waits.
    #[must_use]
    pub fn of_waiting(core: &Paylink) -> Self {
        if core.account().is_ok_and(|account| account.paused.is_some()) { Self::SignIn } else { Self::Waiting }
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

/// The result of a command.
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
                PaylinkError::NotAllowed { .. } | PaylinkError::Unsent { .. } | PaylinkError::StillNeeded { .. } => {
                    Exit::Attention
                }
                PaylinkError::SignInNeeded { .. } => Exit::SignIn,
                PaylinkError::InUse => Exit::InUse,
                PaylinkError::Config { .. } => Exit::Config,
                PaylinkError::Storage { .. } => Exit::Storage,
                PaylinkError::Network { .. } => Exit::Network,
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
                    object["reason"] = json!(self.sentence());
                }
                object
            }
            Self::Usage(_) => of("usage"),
            Self::Stopped => of("stopped"),
            Self::Terminal(_) => of("internal"),
        };
        json!({ "error": error })
    }

    /// What a person reads.
    pub fn sentence(&self) -> String {
        match self {
            Self::Core(PaylinkError::Refused { problems }) => {
                let lines: Vec<String> = problems.iter().map(words::problem).collect();
                format!("not saved:\n  {}", lines.join("\n  "))
            }
            Self::Core(PaylinkError::Config { field, reason }) => match config::flag_of(field) {
                Some(flag) => format!("{flag}: {reason}"),
                None => format!("{field}: {reason}"),
            },
            Self::Core(PaylinkError::SignInNeeded { reason }) => words::because(*reason).to_owned(),
            Self::Core(PaylinkError::Network { reason }) => words::because(*reason).to_owned(),
            Self::Core(PaylinkError::InUse) => {
                "the data folder is in use by another paylink: end that one first, with Ctrl-C; list, show and message \
                 work beside it"
                    .to_owned()
            }
            Self::Core(PaylinkError::NotFound { what }) => match what.as_str() {
                "item" => "there is no such item: `paylink items` has them all".to_owned(),
                "customer" => "there is no such customer: `paylink customers` finds them".to_owned(),
                "sale" => "there is no sale yet that could be made again".to_owned(),
                _ => "there is no such link: `paylink list` has them all".to_owned(),
            },
            Self::Core(PaylinkError::StillNeeded { references }) => format!(
                "not forgotten: these are unsent, held, or can still be paid: {}. Cancel or discard them first",
                references.join(", ")
            ),
            Self::Core(PaylinkError::NotAllowed { action, status }) => words::not_allowed(*action, *status),
            Self::Core(PaylinkError::Unsent { count }) => format!("{count} not sent yet: `paylink sync` sends"),
            Self::Core(PaylinkError::Storage { kind, reason }) => match kind {
                StorageKind::Full => "the disk is full; what was saved before is still there".to_owned(),
                StorageKind::ReadOnly => format!("the data folder cannot be used: {reason}"),
                StorageKind::NewerVersion => "the data folder is of a newer Paylink: update this one".to_owned(),
                StorageKind::Io => format!("the disk failed: {reason}"),
                StorageKind::Corrupt => format!(
                    "{reason}. `paylink sync` brings an older database up to date and recovers what can be read of a \
                     damaged one; a file that is not ours stays untouched"
                ),
            },
            Self::Core(PaylinkError::Suspended | PaylinkError::Closed | PaylinkError::Internal { .. })
            | Self::Usage(_)
            | Self::Stopped
            | Self::Terminal(_) => self.to_string(),
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

/// What `sell --json` prints of a sale.
#[must_use]
pub fn sold(link: &PaymentLink, problems: &[Problem]) -> Value {
    json!({
        "id": link.id, "reference": link.reference, "status": link.status, "url": link.url,
        "problems": problems, "link": link,
    })
}

/// What `sell --json` prints of a sale that was refused.
pub fn refused(problems: &[Problem]) -> Value {
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
