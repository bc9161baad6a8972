//! The account, and why it cannot send.

use super::MethodCode;
use paylink_core::account::AccountState;
use paylink_core::gateway::SignInReason;

/// What an app shows of the account.
#[uniffi::remote(Record)]
pub struct AccountState {
    /// `T…` or `P…` and eight digits.
    pub account: String,
    /// The payment profile; null until it was read once.
    pub profile_id: Option<String>,
    /// The methods that it offers; empty until it was read once.
    pub methods: Vec<MethodCode>,
    /// Why the queue pauses, such as `signed_out`; null: it does not.
    pub paused: Option<String>,
    /// Why payments cannot be seen, such as `right_missing`; null: they can. Show it: what is paid does not show.
    pub reading: Option<String>,
}

/// Why the account cannot send.
#[uniffi::remote(Enum)]
pub enum SignInReason {
    /// The provider refuses the client id and secret, or the token twice in a row.
    WrongCredentials,
    /// Signed in, but a right is missing.
    RightMissing,
    /// Nobody has signed in.
    SignedOut,
    /// The phone's secure store cannot be read now.
    SecureStoreLocked,
}
