//! The durable queue: every operation at the provider is an entry that was committed before anything was sent.
//!
//! ```text
//!            begin                  accepted
//!  queued ─────────► sending ───────────────────────► done
//!    ▲  ▲               │ │ not sent, busy      ▲
//!    │  └── waiting ◄───┘ │                     │ found
//!    │  due                │ unclear, killed    │
//!    │                     ▼                    │
//!    │◄─ absent ─────── unknown ────────────────┤
//!    │                   │   ▲ looked up again  │
//!    │      no proof ────┘   │                  │ found
//!    │ seller's answer,  ▼   │                  │
//!    └──────────────── held, parked ────────────┘
//!                        │ discard, cancel: from every open state
//!                        ▼
//!                    superseded
//! ```
//!
//! | state | means | goes on by |
//! |---|---|---|
//! | `queued` | never sent, or proven absent | the worker |
//! | `sending` | committed before the first byte leaves | its answer; at start-up it becomes `unknown` |
//! | `waiting` | did not reach the provider, or was asked to wait | the worker, when due |
//! | `unknown` | may have arrived | a look-up, never a blind repeat (`recover`) |
//! | `held` | a message may have reached the customer | the seller's answer, or a later look that finds it (`strays`) |
//! | `parked` | the provider refused | the seller, or a later look that finds it |
//! | `done`, `superseded` | over | |
//!
//! Operations on one order wait for each other where they conflict, by a table (`Operation::waits_for`); orders are
//! independent, a few in flight at once (`flow`). A sign-in problem pauses all of it and costs no entry an attempt. Every
//! transition is made on the fresh row (`transitions`), what a seller does stands in `seller`, what a look-up finds and
//! proves in `lookup`.

mod cancel;
pub mod create;
mod flow;
mod lookup;
pub mod policy;
mod recover;
pub mod seller;
pub mod strays;
mod transitions;
mod worker;

pub use seller::{SellerAct, UnknownAnswer};
pub use worker::Worker;
