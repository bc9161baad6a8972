//! The codes of `core/CONTRACT.md`, as they cross: as text. Kotlin has a sealed type for each list and Swift an enum, both
//! written by `paylink-codes` from the core's lists, with one more case for a code that only a newer core knows.
//!
//! So nothing here fails, whatever comes: a code that this core does not know goes back out as it came in, and a call
//! that is given one answers `not_found`.

use crate::error::PaylinkError;
use paylink_core::{Code, Coded, link, message, order};

macro_rules! coded {
    ($($name:ident = $core:ty;)+) => {
        $(
            #[doc = concat!("A code of the list [`", stringify!($core), "`].")]
            pub type $name = Coded<$core>;
            uniffi::custom_type!(
                $name, String, {
                    remote,
                    lower: |coded| coded.code().to_owned(),
                    try_lift: |code| Ok(Coded::of(code)),
                }
            );
        )+

        /// A list: its name, what it is of, its codes.
        pub type List = (&'static str, &'static [&'static str], &'static [paylink_core::Listed]);

        /// Each list that crosses.
        pub const LISTS: &[List] = &[$((stringify!($name), <$core>::ABOUT, <$core>::LIST)),+];
    };
}

coded! {
    LinkStatus = link::LinkStatus;
    Action = link::Action;
    EventKind = link::EventKind;
    ReasonCode = link::ReasonCode;
    Delivered = link::Delivered;
    ShareChannel = link::ShareChannel;
    ShareOutcome = link::ShareOutcome;
    Delivery = order::Delivery;
    Expiry = order::Expiry;
    Capture = order::Capture;
    AddressMode = order::AddressMode;
    Severity = order::Severity;
    ProblemCode = paylink_core::ProblemCode;
    ErrorCode = paylink_core::ErrorCode;
    StorageKind = paylink_core::StorageKind;
    UnknownAnswer = paylink_core::UnknownAnswer;
    Channel = message::Channel;
    Language = message::Language;
    SmsEncoding = message::SmsEncoding;
    SignInReason = paylink_core::gateway::SignInReason;
}

/// What a call was given, as one of this core's list.
pub(crate) fn known<C: Code>(what: &str, given: &Coded<C>) -> Result<C, PaylinkError> {
    given.known().ok_or_else(|| PaylinkError::NotFound { what: what.to_owned() })
}
