//! The one error, and the one place where a defect becomes one.

use crate::record::{Action, ErrorCode, LinkStatus, Problem, ReasonCode, StorageKind};
use paylink_core::{Coded, PaylinkError as Core};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

/// Why a call could not be done. An app shows its own words by `code`; texts in here are for developers.
/// It never carries personal data.
///
/// These kinds stay as they are within a major version: an error that a newer core adds crosses as `Unrecognised`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
pub enum PaylinkError {
    /// The draft has problems; nothing was saved.
    #[error("the draft has {} problem(s)", .problems.len())]
    Refused {
        /// All of them.
        problems: Vec<Problem>,
    },
    /// There is no such link.
    #[error("no {what} like that")]
    NotFound {
        /// What was looked for, `link`.
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
    /// Something is unsent and would be lost.
    #[error("{count} operation(s) are unsent")]
    Unsent {
        /// How many operations.
        count: u32,
    },
    /// Sign in first.
    #[error("sign-in needed: {}", .reason.code())]
    SignInNeeded {
        /// Why.
        reason: ReasonCode,
    },
    /// Another process has the data directory, or this core was opened for reading.
    #[error("the data directory is in use")]
    InUse,
    /// `suspend` was called: call `resume`.
    #[error("suspended")]
    Suspended,
    /// The core was closed: open it again.
    #[error("closed")]
    Closed,
    /// The configuration is wrong.
    #[error("configuration: {field}: {reason}")]
    Config {
        /// Which field, in snake_case.
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
    /// A defect of the core. The next call works.
    #[error("internal: {reason}")]
    Internal {
        /// What happened.
        reason: String,
    },
    /// One of a newer core: neutral words.
    #[error("{}: {reason}", .code.code())]
    Unrecognised {
        /// Its code.
        code: ErrorCode,
        /// What happened.
        reason: String,
    },
}

#[uniffi::export]
impl PaylinkError {
    /// The code of the contract, such as `sign_in_needed`: the key of an app's text.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        use paylink_core::ErrorCode as Code;
        Coded::Known(match self {
            Self::Refused { .. } => Code::Refused,
            Self::NotFound { .. } => Code::NotFound,
            Self::NotAllowed { .. } => Code::NotAllowed,
            Self::StillNeeded { .. } => Code::StillNeeded,
            Self::Unsent { .. } => Code::Unsent,
            Self::SignInNeeded { .. } => Code::SignInNeeded,
            Self::InUse => Code::InUse,
            Self::Suspended => Code::Suspended,
            Self::Closed => Code::Closed,
            Self::Config { .. } => Code::Config,
            Self::Storage { .. } => Code::Storage,
            Self::Network { .. } => Code::Network,
            Self::Internal { .. } => Code::Internal,
            Self::Unrecognised { code, .. } => return code.clone(),
        })
    }
}

impl From<Core> for PaylinkError {
    fn from(error: Core) -> Self {
        match error {
            Core::Refused { problems } => Self::Refused { problems: problems.into_iter().map(Into::into).collect() },
            Core::NotFound { what } => Self::NotFound { what },
            Core::NotAllowed { action, status } => Self::NotAllowed { action: action.into(), status: status.into() },
            Core::StillNeeded { references } => Self::StillNeeded { references },
            Core::Unsent { count } => Self::Unsent { count },
            Core::SignInNeeded { reason } => Self::SignInNeeded { reason: reason.into() },
            Core::InUse => Self::InUse,
            Core::Suspended => Self::Suspended,
            Core::Closed => Self::Closed,
            Core::Config { field, reason } => Self::Config { field, reason },
            Core::Storage { kind, reason } => Self::Storage { kind: kind.into(), reason },
            Core::Network { reason } => Self::Network { reason: reason.into() },
            Core::Internal { reason } => Self::Internal { reason },
        }
    }
}

impl PaylinkError {
    /// Says nothing of what was panicked with: that may quote what a person typed.
    fn panicked() -> Self {
        Self::Internal { reason: "panicked; the log says where".to_owned() }
    }
}

/// Makes a call of the core, and turns a panic into the error that the contract has for a defect. Without it a shell
/// would see an exception of UniFFI's that no `catch` of its own expects.
pub(crate) fn contained<T, E: Into<PaylinkError>>(call: impl FnOnce() -> Result<T, E>) -> Result<T, PaylinkError> {
    // Nothing is half-changed by an unwinding call: the core's locks outlive it, and its writes are transactions.
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(done) => done.map_err(Into::into),
        Err(_) => Err(PaylinkError::panicked()),
    }
}

/// [`contained`], for calls that wait for the network.
pub(crate) async fn contained_async<T, E: Into<PaylinkError>>(
    call: impl Future<Output = Result<T, E>>,
) -> Result<T, PaylinkError> {
    let mut call = pin!(call);
    std::future::poll_fn(|task| {
        let polled = catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(task)));
        polled.map_or_else(|_| Poll::Ready(Err(PaylinkError::panicked())), |polled| polled.map_err(Into::into))
    })
    .await
}

#[cfg(test)]
mod tests;
