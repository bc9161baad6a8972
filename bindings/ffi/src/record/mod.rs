//! What crosses: mirrors of the core's types, one file a topic.
//!
//! A mirror repeats a type of the core field by field, and the compiler compares: a field or a variant that was
//! forgotten here does not build. The comments of a mirror are the ones that app developers read. Where a type of the
//! core keeps its insides to itself, [`value`] says as what it crosses.

mod account;
mod code;
mod config;
mod draft;
mod event;
mod link;
mod message;
mod report;
mod value;

pub use code::*;
pub use config::Config;
pub use message::{Message, QrModules, SmsLength};
pub use value::{Amount, Counts, Details, Discount, MethodCode, Money, OrderId, currency_decimals, method_family};
