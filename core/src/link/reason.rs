//! Why something waits, pauses, is held or was refused: one list for links, for the account and for errors.

use crate::code::{Coded, codes};
use serde::{Deserialize, Serialize};

codes! {
    /// A reason. Codes are listed in `core/CONTRACT.md`, section 6.
    pub enum ReasonCode {
        /// Nothing was sent: name look-up, connection or TLS failed.
        NoNetwork = "no_network",
        /// Nothing was sent: by the phone's clock the provider's certificate is not valid.
        WrongClock = "wrong_clock",
        /// Nothing was sent: the shell's token source, or secure store, did not answer in time.
        NoToken = "no_token",
        /// No full answer in time.
        Timeout = "timeout",
        /// The connection ended before a full answer.
        Cut = "cut",
        /// 5xx.
        ServerError = "server_error",
        /// Not the provider's JSON: a captive portal or a proxy page.
        NotJson = "not_json",
        /// Larger than any answer that the provider sends.
        TooLarge = "too_large",
        /// 2xx without a session id.
        NoId = "no_id",
        /// 408, 425, 429.
        Busy = "busy",
        /// The provider refused.
        Rejected = "rejected",
        /// The provider refused because it has another session with this reference.
        Duplicate = "duplicate",
        /// The provider refuses the credentials.
        WrongCredentials = "wrong_credentials",
        /// Nobody has signed in.
        SignedOut = "signed_out",
        /// The phone's secure store cannot be read now.
        SecureStoreLocked = "secure_store_locked",
        /// The provider forbids it, of one sale or of the account.
        RightMissing = "right_missing",
        /// A message may have reached the customer.
        MayHaveBeenSent = "may_have_been_sent",
        /// A session with our reference that is not provably ours.
        ForeignSession = "foreign_session",
        /// Waited longer than the seller's limit.
        TooOld = "too_old",
        /// The provider or the status does not allow it.
        NotAllowed = "not_allowed",
        /// Read back from a damaged database.
        Recovered = "recovered",
    }
}

/// Why a link waits, is held or was rejected: a code and what the provider said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The code.
    pub code: Coded<ReasonCode>,
    /// The provider's own words, for the seller; may quote what was sent.
    pub detail: Option<String>,
}

impl Reason {
    /// A reason without the provider's words.
    #[must_use]
    pub const fn new(code: ReasonCode) -> Self {
        Self { code: Coded::Known(code), detail: None }
    }
}
