//! The core against the sandbox: real HTTP, real SQLite.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a helper that fails fails its test

mod asleep;
mod contract;
mod counted;
mod luck;
mod middle;
mod ports;
mod practice;
mod practice_histories;
mod rounds;
mod sale;
mod status;
mod told;
