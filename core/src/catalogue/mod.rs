//! The catalogue: what is sold again and again, and who bought.
//!
//! Guarantees: an item is checked by the very checks of a draft, so that what is on the shelf can be sold; how often it
//! was sold is counted in the transaction that saves the sale; a customer is written down in that transaction, too, and
//! known again by telephone number or mail. Each call is one durable transaction, or one read by an index.
//!
//! Goods and lines are two things: a line of a sale keeps what it says, whatever becomes of the item that it came from.

mod csv;
mod customers;
mod forget;
mod goods;
mod item;
pub mod policy;
#[cfg(test)]
mod tests;

pub use csv::{GoodsRead, RowProblem};
pub(crate) use csv::{read, write};
pub use customers::KnownCustomer;
pub(crate) use customers::{find, recent};
pub use forget::Forgotten;
pub(crate) use forget::{forget, purge, tidy};
pub use goods::GoodsImported;
pub(crate) use goods::{all, import, move_to, remove, save};
pub(crate) use item::check;
pub use item::{CatalogueItem, ItemDraft};
