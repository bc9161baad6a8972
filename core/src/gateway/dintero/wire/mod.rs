//! The provider's JSON, with exactly its names (facts 2, 3, 5, 7, 8). Requests leave out what is empty, because the
//! provider refuses empty texts; answers are read leniently and become our own facts here.

mod create;
mod error;
mod lenient;
mod link_url;
mod names;
mod profile;
mod session;
mod token;
mod transaction;

pub(super) use create::{
    Address, Body, Configuration, Customer, DiscountLine, Express, Item, Metadata, Order, Publish, Urls, read_created,
};
pub(super) use error::rejection;
pub(super) use profile::read_profile;
pub(super) use session::read_session;
pub(super) use token::{TokenBody, can_stand_in_a_header, read_token};
pub(super) use transaction::read_transaction;
