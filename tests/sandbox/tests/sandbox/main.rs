//! The stand-in for the provider: its books, its wire, and its bad network.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper that fails fails its test")]

mod histories;
mod proxy;
mod wire;
