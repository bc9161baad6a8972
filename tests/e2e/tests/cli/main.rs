//! The command line as a script or a person meets it: real processes, real loopback HTTP, real folders.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod check;
mod decide;
mod demo;
mod follow;
mod goods;
mod practice;
mod reading;
mod recovered;
mod sell;
mod setup;
mod support;
mod terminal;
mod usage;
