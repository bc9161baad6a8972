//! The account: configuration, the phone's abilities, sign-in and its pause, the cached profile; and [`Context`],
//! which hands all of it to the rooms that work.
//!
//! A sign-in problem belongs to the account, never to an entry (rule 4): it pauses the queue with a visible
//! reason, and nothing loses an attempt.

mod announce;
mod asked;
mod config;
mod context;
mod fields;
mod pause;
mod ports;
mod practice;
mod sign_in;

pub use announce::{Announcer, Subscription};
pub use config::{Config, Settings};
pub use context::Context;
pub(crate) use context::{cached_profile, kept_time, touch};
pub(crate) use fields::Fields;
pub use pause::Kind as ReadKind;
pub use pause::Ownership;
pub use ports::{LinkListener, Ports, SecureStore, SecureStoreError, TokenSource};

use crate::link::ReasonCode;
use crate::order::PaymentMethod;
use serde::Serialize;

/// What a shell shows of the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountState {
    /// `T…` or `P…` and 8 digits, or `practice`.
    pub account: String,
    /// Whether it is the practice account: nothing that it shows is money.
    pub practice: bool,
    /// The profile, once it was read.
    pub profile_id: Option<String>,
    /// The methods that it offers.
    pub methods: Vec<PaymentMethod>,
    /// Why the queue pauses, as a reason code.
    pub paused: Option<ReasonCode>,
    /// Why payments cannot be seen, as a reason code: the provider does not let this account read.
    pub reading: Option<ReasonCode>,
}
