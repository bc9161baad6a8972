//! A stand-in for the payment provider Dintero that speaks its real wire format.
//!
//! Three layers, each usable without the next:
//! - [`Engine`]: the provider as a pure state machine, deterministic under a seed and a fixed clock;
//! - [`Provider`]: the same behind its wire, requests in and replies out, with scripted faults and a
//!   log of requests, but without a socket; [`router`] puts it behind axum;
//! - [`Sandbox`]: the same on a loopback port, with a checkout page and a customer's phone.
//!
//! In front of it, [`proxy`] is a network that misbehaves by script.
//!
//! What Dintero does not publish is coded as a guess, is marked with the word "assumption" where it
//! is coded, and can be switched in [`Options`] where a client may meet it either way.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use paylink_sandbox::{Options, PayOutcome, Sandbox};
//! let sandbox = Sandbox::start(Options::default()).await?;
//! // … a client creates a session at sandbox.origin() …
//! for session in sandbox.sessions() {
//!     let _paid = sandbox.pay(&session.id, "dintero_psp.vipps", PayOutcome::Authorize);
//! }
//! # Ok(()) }
//! ```

pub mod books;
pub mod clock;
pub mod engine;
mod http;
mod options;
mod page;
pub mod proxy;
mod router;
mod server;

pub use clock::Clock;
pub use engine::{
    ApiError, Channel, CreateForm, Engine, Message, Method, Operation, PayOutcome, Session, SessionEvent, Status,
    Transaction, TransactionEvent,
};
pub use http::{Fault, Provider, Reply, Request, RequestRecord};
pub use options::{Duplicates, ListOrder, Listing, Options, Profile, Rights, Search};
pub use router::router;
pub use server::{Sandbox, serve};
