//! What became of a request: its answer, or why there is none. One function per provider decides it.

use crate::code::codes;
use crate::link::ReasonCode;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What became of a request.
pub type Answer<T> = Result<T, NotDone>;

/// Why there is no answer that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// Nothing left the phone: name look-up, connection or TLS failed, or no token could be had. Safe to send again.
    NotSent(Fault),
    /// The provider did nothing and asks to wait (408, 425, 429; 503 only for reads and the token).
    Busy {
        /// The wait that it asks for, milliseconds.
        retry_after_ms: Option<i64>,
    },
    /// A matter of the account (rule 4): no entry loses an attempt.
    SignInNeeded(SignInReason),
    /// 403 although the token is good: a matter of this request, until another one meets it as well (rule 4).
    Forbidden(Rejection),
    /// The provider refused: 400, 404, 409, 422 with its own error body.
    Rejected(Rejection),
    /// Accepted, and done later: 202, with the id by which its event will say so.
    Pending {
        /// The provider's `event-request-id`.
        request: String,
    },
    /// The request may have arrived, and may have been done.
    Unclear(Fault),
}

impl NotDone {
    /// Its name, for logs and tests.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NotSent(_) => "not_sent",
            Self::Busy { .. } => "busy",
            Self::SignInNeeded(_) => "sign_in_needed",
            Self::Forbidden(_) => "forbidden",
            Self::Rejected(_) => "rejected",
            Self::Pending { .. } => "pending",
            Self::Unclear(_) => "unclear",
        }
    }

    /// Whether the provider itself answered, however unkindly: the way to it is open.
    #[must_use]
    pub const fn is_from_the_provider(&self) -> bool {
        !matches!(self, Self::NotSent(_) | Self::Unclear(_))
    }

    /// The reason code of what can be asked again later: why a look at the provider gave nothing.
    #[must_use]
    pub const fn reason(&self) -> ReasonCode {
        match self {
            Self::NotSent(fault) | Self::Unclear(fault) => fault.reason(),
            Self::Busy { .. } | Self::Pending { .. } => ReasonCode::Busy,
            Self::SignInNeeded(reason) => reason.reason(),
            Self::Forbidden(_) => ReasonCode::RightMissing,
            Self::Rejected(_) => ReasonCode::Rejected,
        }
    }

    /// The wait that the provider asks for, milliseconds.
    #[must_use]
    pub const fn retry_after_ms(&self) -> Option<i64> {
        match self {
            Self::Busy { retry_after_ms } => *retry_after_ms,
            _ => None,
        }
    }
}

/// Why no usable answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Name look-up, connection or TLS failed.
    NoNetwork,
    /// TLS failed because by the phone's clock the provider's certificate is not valid: the clock is wrong.
    WrongClock,
    /// No full answer in time.
    Timeout,
    /// The connection ended before a full answer.
    Cut,
    /// 5xx.
    ServerError,
    /// Not the provider's JSON: a captive portal or a proxy page.
    NotJson,
    /// Larger than any answer that the provider sends.
    TooLarge,
    /// 2xx without a session id.
    NoId,
    /// The shell's token source, or its secure store, did not answer in time.
    NoToken,
}

impl Fault {
    /// The reason that is shown.
    #[must_use]
    pub const fn reason(self) -> ReasonCode {
        match self {
            Self::NoNetwork => ReasonCode::NoNetwork,
            Self::WrongClock => ReasonCode::WrongClock,
            Self::Timeout => ReasonCode::Timeout,
            Self::Cut => ReasonCode::Cut,
            Self::ServerError => ReasonCode::ServerError,
            Self::NotJson => ReasonCode::NotJson,
            Self::TooLarge => ReasonCode::TooLarge,
            Self::NoId => ReasonCode::NoId,
            Self::NoToken => ReasonCode::NoToken,
        }
    }
}

codes! {
    /// Why the account cannot send.
    pub enum SignInReason {
        /// The provider refuses the client id and secret, or the token twice in a row.
        WrongCredentials = "wrong_credentials",
        /// Signed in, but a right is missing (403 on the token, or on the operations of two sales).
        RightMissing = "right_missing",
        /// Nobody has signed in.
        SignedOut = "signed_out",
        /// The phone's secure store cannot be read now.
        SecureStoreLocked = "secure_store_locked",
    }
}

impl SignInReason {
    /// The reason that is shown.
    #[must_use]
    pub const fn reason(self) -> ReasonCode {
        match self {
            Self::WrongCredentials => ReasonCode::WrongCredentials,
            Self::RightMissing => ReasonCode::RightMissing,
            Self::SignedOut => ReasonCode::SignedOut,
            Self::SecureStoreLocked => ReasonCode::SecureStoreLocked,
        }
    }
}

/// The provider's refusal. `Debug` leaves out the message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// HTTP status.
    pub status: u16,
    /// `error.code`, where there is one; no list of codes is published.
    pub code: Option<String>,
    /// `error.message`, cleaned and cut to a sane length; may quote what was sent, so it goes to the seller and never
    /// to a log.
    pub message: String,
}

impl Rejection {
    /// The provider's words as a seller reads them.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.code {
            Some(code) => format!("{code}: {}", self.message),
            None => self.message.clone(),
        }
    }
}

impl fmt::Debug for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejection").field("status", &self.status).field("code", &self.code).finish_non_exhaustive()
    }
}
