//! What crosses: mirrors of the core's types, one file a topic.
//!
//! A mirror repeats a type of the core field by field, and the compiler compares: a field or a variant that was
//! forgotten here does not build. The comments of a mirror are the ones that app developers read. Where a type of the
//! core keeps its insides to itself, `value` says as what it crosses.
//!
//! What holds a person or a link is printed in Kotlin and Swift by a `Debug` that leaves them out (rule 8). A
//! mirror cannot have one, so those are records of our own, made by `given!` and `typed!`, which take a type of the core
//! apart as strictly as a mirror does. So is what holds codes: they cross as [`paylink_core::Coded`].

/// A record that a type of the core becomes, field by field: by `into`, or as `= how` says.
macro_rules! given {
    (@ $field:ident) => { $field.into() };
    (@ $field:ident = $how:expr) => { $how };
    ($(#[$meta:meta])* $name:ident from $core:ident {
        $($(#[$field_meta:meta])* $field:ident: $type:ty $(= $how:expr)?,)+
    }) => {
        #[derive(Clone, PartialEq, Eq, uniffi::Record)]
        $(#[$meta])*
        pub struct $name { $($(#[$field_meta])* pub $field: $type,)+ }

        impl From<$core> for $name {
            fn from(core: $core) -> Self {
                let $core { $($field,)+ } = core;
                Self { $($field: given!(@ $field $(= $how)?),)+ }
            }
        }
    };
}

/// A record that becomes a type of the core and comes back as one, field by field.
macro_rules! typed {
    ($(#[$meta:meta])* $name:ident as $core:ident {
        $($(#[$field_meta:meta])* $field:ident: $type:ty,)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Default, PartialEq, Eq, uniffi::Record)]
        #[uniffi::export(Debug)]
        pub struct $name { $($(#[$field_meta])* pub $field: $type,)+ }

        impl From<$name> for $core {
            fn from(shell: $name) -> Self {
                let $name { $($field,)+ } = shell;
                Self { $($field: $field.into(),)+ }
            }
        }

        impl From<$core> for $name {
            fn from(core: $core) -> Self {
                let $core { $($field,)+ } = core;
                Self { $($field: $field.into(),)+ }
            }
        }
    };
}

mod account;
mod catalogue;
mod code;
mod config;
mod draft;
mod event;
mod link;
mod message;
mod report;
mod setup;
mod value;

pub use account::AccountState;
pub use catalogue::{CatalogueItem, GoodsRead, ItemDraft, KnownCustomer, RowProblem};
pub(crate) use code::known;
pub use code::*;
pub use config::Config;
pub use draft::{Draft, DraftCheck, Problem};
pub use event::TimelineEvent;
pub use link::{Customer, DeliveryState, LinkDetail, LinkFilter, PaymentLink};
pub use message::{Message, QrModules, Reminder, SmsLength};
pub use report::SyncReport;
pub use setup::{Credentials, SealedInvitation, Setup, SetupChange, SetupCheck, SetupHost, SetupSummary};
pub use value::{
    Amount, Counts, CustomerId, Details, Discount, ItemId, LineDiscount, MethodCode, Money, OrderId, currency_decimals,
    method_family,
};

#[cfg(test)]
mod tests;
