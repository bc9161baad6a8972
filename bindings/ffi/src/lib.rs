//! The core as Kotlin and Swift see it: mirrors of its types, one object, four ports. The only crate that knows
//! UniFFI.
//!
//! What this crate guarantees:
//! - it decides nothing: each call is one call of [`paylink_core::Paylink`], and `core/CONTRACT.md` says what it does;
//! - a panic of the core or an exception of the app reaches the caller as an error, and the next call works;
//! - calls that wait for the network (`sign_in`, `sync`) run on the core's own threads: a coroutine or task that is
//!   cancelled stops waiting, and what it has started goes on;
//! - what a person typed crosses as text, money as whole minor units with its currency, time as UTC milliseconds;
//! - records hold no objects. There are two kinds of objects, [`Paylink`] and [`Subscription`], and an app has few.
//!
//! There is no `unsafe` of our own; what UniFFI's macros expand to needs it, so it cannot be forbidden here.

mod error;
mod log;
mod paylink;
mod ports;
pub mod record;
mod setup;

pub use error::PaylinkError;
pub use log::{LogLevel, LogRecord, LogSink, set_log_sink};
pub use paylink::{Paylink, Subscription};
pub use ports::{LinkListener, ListenerError, SecureStore, SecureStoreError, TokenError, TokenSource};
pub use setup::{check_setup, open_invitation};

uniffi::setup_scaffolding!("paylink");
