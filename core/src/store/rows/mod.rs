//! The rows, one file a table, and the record of a link that is made of them. Queries take a connection; the way in is
//! [`super::Store`].

pub(super) mod customer_words;
pub mod customers;
pub mod entries;
mod entry;
pub mod events;
pub mod items;
mod key;
pub mod links;
pub mod meta;
pub mod orders;
pub mod recovery;
pub mod search;
pub mod sessions;

pub use entry::{Entry, EntryState, Operation};
pub use key::Query;
