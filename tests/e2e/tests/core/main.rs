//! The core against the sandbox: real HTTP, real SQLite.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a helper that fails fails its test

mod again;
mod asleep;
mod contract;
mod counted;
mod forgotten;
mod goods;
mod luck;
mod middle;
mod ports;
mod practice;
mod rounds;
mod sale;
mod status;
mod told;
