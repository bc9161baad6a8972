//! Nothing lost, nothing doubled, whatever happens: random histories in virtual time.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod interleave;
mod model;
mod practice;
