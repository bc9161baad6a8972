//! The one public error. Its texts are lowercase fragments for developers; shells show their own words by code.
//! No variant ever carries personal data.

use crate::code::codes;
use crate::link::{Action, LinkStatus};
use crate::order::Problem;
use serde::Serialize;

/// Why a call could not be done. Codes are listed in `core/CONTRACT.md` section 7.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum PaylinkError {
    /// The draft has problems; nothing was saved.
    #[error("the draft has {} problem(s)", .problems.len())]
    Refused {
        /// All of them.
        problems: Vec<Problem>,
    },
    /// No such link.
    #[error("no {what} like that")]
    NotFound {
        /// What was looked for.
        what: String,
    },
    /// The status does not allow it.
    #[error("{action:?} is not allowed while {status:?}")]
    NotAllowed {
        /// What was asked for.
        action: Action,
        /// What the link is.
        status: LinkStatus,
    },
    /// Something is unsent and would be lost to this account.
    #[error("{count} operation(s) are unsent")]
    Unsent {
        /// How many.
        count: u32,
    },
    /// Sign in first.
    #[error("sign-in needed: {reason}")]
    SignInNeeded {
        /// A reason code.
        reason: String,
    },
    /// Another process has the data directory.
    #[error("the data directory is in use")]
    InUse,
    /// `suspend` was called.
    #[error("suspended")]
    Suspended,
    /// `close` was called.
    #[error("closed")]
    Closed,
    /// The configuration is wrong.
    #[error("configuration: {field}: {reason}")]
    Config {
        /// Which field.
        field: String,
        /// Why.
        reason: String,
    },
    /// The store failed; what was saved before is still there.
    #[error("storage: {reason}")]
    Storage {
        /// Of which kind.
        kind: StorageKind,
        /// Why.
        reason: String,
    },
    /// The network failed, in a call that waits for it.
    #[error("network: {reason}")]
    Network {
        /// A reason code.
        reason: String,
    },
    /// The provider answered what cannot be used.
    #[error("provider: {reason}")]
    Provider {
        /// Why.
        reason: String,
    },
    /// A defect of the core.
    #[error("internal: {reason}")]
    Internal {
        /// What happened.
        reason: String,
    },
}

codes! {
    /// What is wrong with the store.
    pub enum StorageKind {
        /// No space left.
        Full = "full",
        /// The folder or the file cannot be written.
        ReadOnly = "read_only",
        /// The file is not a sound database.
        Corrupt = "corrupt",
        /// A newer Paylink made it; untouched.
        NewerVersion = "newer_version",
        /// The disk failed.
        Io = "io",
    }
}

impl PaylinkError {
    pub(crate) fn config(field: &str, reason: impl Into<String>) -> Self {
        Self::Config { field: field.to_owned(), reason: reason.into() }
    }

    pub(crate) fn internal(reason: impl Into<String>) -> Self {
        Self::Internal { reason: reason.into() }
    }
}
