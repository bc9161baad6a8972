//! What was sold. A [`Draft`] is text; [`check`] finds every problem of it at once and, if there is none,
//! [`parse`] returns a [`Sale`] whose fields are valid by type; with an identity it is an [`Order`].
//! Past this room no code sees a string where a typed value can be. Pure: no clock, no I/O.

mod again;
mod buyer;
mod check;
mod draft;
mod item;
mod method;
pub mod policy;
mod problem;
mod terms;
#[cfg(test)]
mod tests;

pub(crate) use again::amount;
pub(crate) use check::Pass;
pub use check::{DraftCheck, Rules, check, parse};
pub use draft::{Draft, DraftItem};
pub use item::{Item, LineTotals, Totals, VatTotals};
pub use method::{Methods, PaymentMethod, find as find_method};
pub(crate) use problem::At;
pub use problem::{Problem, Severity};
pub use terms::{AddressMode, Capture, Delivery, Expiry};

use crate::clock::PhoneTime;
use crate::contact::Customer;
use crate::id::{ItemId, OrderId};
use crate::message::Language;
use crate::money::{Amount, Currency};
use serde::{Deserialize, Serialize};

/// A sale that was checked: what an order is made of before it has an identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// The lines, at least one.
    pub items: Vec<Item>,
    /// The currency of every amount in it.
    pub currency: Currency,
    /// The sum of the lines, above zero.
    pub total: Amount,
    /// The VAT within `total`.
    pub vat: Amount,
    /// The reference that the seller gave, if any.
    pub reference: Option<String>,
    /// What the customer may pay with.
    pub methods: Methods,
    /// Time to pay.
    pub expiry: Expiry,
    /// Who fills in the address.
    pub address: AddressMode,
    /// What happens to the money.
    pub capture: Capture,
    /// How the link reaches the customer.
    pub delivery: Delivery,
    /// Language of the customer's text.
    pub language: Language,
    /// Who buys.
    pub customer: Customer,
    /// The order that it is requested again of; bodies of before have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again_of: Option<OrderId>,
    /// The items of the catalogue that lines came from, by the line, counted from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goods: Vec<(u32, ItemId)>,
}

/// A saved sale. Its identity is made once and never re-made (rule 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// UUIDv7.
    pub id: OrderId,
    /// The merchant reference: the seller's, or `PREFIX-TAG-N`.
    pub reference: String,
    /// When it was saved, UTC ms by the phone's clock.
    pub created_at: PhoneTime,
    /// What was sold.
    pub sale: Sale,
}
