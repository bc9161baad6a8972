//! The sandbox over real loopback HTTP, as a client meets it.

mod control;
mod create;
mod customer;
mod faults;
mod operations;
mod payments;
mod reading;
mod sign_in;
mod support;
mod untamed;
