//! Nothing lost, nothing doubled: a bad network, a bad disk, a bad day, a process that is killed.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a helper that fails fails its test

mod kills;
mod network;
mod soak;
mod store;
mod tls;
