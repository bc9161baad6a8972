//! The one public error. Its texts are lowercase fragments for developers; shells show their own words by code.
//! No variant ever carries personal data.

use crate::code::codes;
use crate::link::{Action, LinkStatus, ReasonCode};
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
    #[error("{} is not allowed while {}", .action.code(), .status.code())]
    NotAllowed {
        /// What was asked for.
        action: Action,
        /// What the link is.
        status: LinkStatus,
    },
    /// A customer cannot be forgotten while orders need them.
    #[error("{} order(s) still need the customer", .references.len())]
    StillNeeded {
        /// The references of those that are unsent, held, or can still be paid.
        references: Vec<String>,
    },
    /// Something is unsent and would be lost to this account.
    #[error("{count} operation(s) are unsent")]
    Unsent {
        /// How many.
        count: u32,
    },
    /// Sign in first.
    #[error("sign-in needed: {}", .reason.code())]
    SignInNeeded {
        /// Why.
        reason: ReasonCode,
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
    #[error("network: {}", .reason.code())]
    Network {
        /// Why.
        reason: ReasonCode,
    },
    /// A defect of the core.
    #[error("internal: {reason}")]
    Internal {
        /// What happened.
        reason: String,
    },
}

codes! {
    /// The code of an error: the key of a shell's words.
    pub enum ErrorCode {
        /// The draft has problems; nothing was saved.
        Refused = "refused",
        /// There is no such link.
        NotFound = "not_found",
        /// The status does not allow it.
        NotAllowed = "not_allowed",
        /// A customer cannot be forgotten: orders still need them.
        StillNeeded = "still_needed",
        /// Something is unsent and would be lost.
        Unsent = "unsent",
        /// Sign in first.
        SignInNeeded = "sign_in_needed",
        /// Another process has the data directory, or this core was opened for reading.
        InUse = "in_use",
        /// `suspend` was called: call `resume`.
        Suspended = "suspended",
        /// The core was closed: open it again.
        Closed = "closed",
        /// The configuration is wrong.
        Config = "config",
        /// The store failed; what was saved before is still there.
        Storage = "storage",
        /// The network failed, in a call that waits for it.
        Network = "network",
        /// A defect of the core. The next call works.
        Internal = "internal",
    }
}

codes! {
    /// What is wrong with the store.
    pub enum StorageKind {
        /// No space left.
        Full = "full",
        /// The folder or the file cannot be written.
        ReadOnly = "read_only",
        /// The file is not a sound database. Of `open`: it is not ours, and untouched. Else: `suspend` and `resume`
        /// recover.
        Corrupt = "corrupt",
        /// A newer Paylink made it; untouched.
        NewerVersion = "newer_version",
        /// The disk failed.
        Io = "io",
    }
}

impl PaylinkError {
    /// Its code.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Refused { .. } => ErrorCode::Refused,
            Self::NotFound { .. } => ErrorCode::NotFound,
            Self::NotAllowed { .. } => ErrorCode::NotAllowed,
            Self::StillNeeded { .. } => ErrorCode::StillNeeded,
            Self::Unsent { .. } => ErrorCode::Unsent,
            Self::SignInNeeded { .. } => ErrorCode::SignInNeeded,
            Self::InUse => ErrorCode::InUse,
            Self::Suspended => ErrorCode::Suspended,
            Self::Closed => ErrorCode::Closed,
            Self::Config { .. } => ErrorCode::Config,
            Self::Storage { .. } => ErrorCode::Storage,
            Self::Network { .. } => ErrorCode::Network,
            Self::Internal { .. } => ErrorCode::Internal,
        }
    }

    pub(crate) fn config(field: &str, reason: impl Into<String>) -> Self {
        Self::Config { field: field.to_owned(), reason: reason.into() }
    }

    pub(crate) fn internal(reason: impl Into<String>) -> Self {
        Self::Internal { reason: reason.into() }
    }
}
