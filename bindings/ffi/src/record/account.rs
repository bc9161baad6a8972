//! The account, and why it cannot send.

use super::{MethodCode, ReasonCode};
use paylink_core::account::AccountState as CoreState;

given! {
    /// What an app shows of the account.
    #[derive(Debug)]
    AccountState from CoreState {
        /// `T…` or `P…` and eight digits, or `practice`.
        account: String,
        /// Whether it is the practice account: nothing that it shows is money. Every screen says so.
        practice: bool,
        /// The payment profile; null until it was read once.
        profile_id: Option<String>,
        /// The methods that it offers; empty until it was read once.
        methods: Vec<MethodCode>,
        /// Why the queue pauses; null: it does not.
        paused: Option<ReasonCode> = paused.map(Into::into),
        /// Why payments cannot be seen; null: they can. Show it: what is paid does not show.
        reading: Option<ReasonCode> = reading.map(Into::into),
    }
}
