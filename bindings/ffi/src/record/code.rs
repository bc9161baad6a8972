//! The codes of `core/CONTRACT.md` for the enums that cross: keys of an app's texts, and values for a draft.

use paylink_core::StorageKind;
use paylink_core::UnknownAnswer;
use paylink_core::link::{Action, Delivered, EventKind, LinkStatus};
use paylink_core::message::{Channel, Language};
use paylink_core::order::{AddressMode, Capture, Delivery, Expiry, Severity};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident: $type:ident;)+) => {$(
        $(#[$doc])*
        #[uniffi::export]
        #[must_use]
        pub fn $name(value: $type) -> String {
            value.code().to_owned()
        }
    )+};
}

codes! {
    /// The code of a status, `needs_attention`.
    status_code: LinkStatus;
    /// The code of an action, `resolve_unknown`.
    action_code: Action;
    /// The code of an event, `paid_after_end`.
    event_code: EventKind;
    /// The code of what became of a message, `ready`.
    delivered_code: Delivered;
    /// The code of a way to the customer, as in a draft: `phone`.
    delivery_code: Delivery;
    /// The code of a time to pay, as in a draft: `1w`.
    expiry_code: Expiry;
    /// The code of what happens to the money, as in a draft: `auto`.
    capture_code: Capture;
    /// The code of who gives the address, as in a draft: `express`.
    address_code: AddressMode;
    /// The code of a language, as in a draft: `nb`.
    language_code: Language;
    /// The code of a channel of messages: `mail`.
    channel_code: Channel;
    /// The code of an answer of the seller, `send_from_phone`.
    answer_code: UnknownAnswer;
    /// The code of a severity, `warning`.
    severity_code: Severity;
    /// The code of what is wrong with the storage, `read_only`.
    storage_code: StorageKind;
}
