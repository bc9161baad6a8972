//! Money, exactly: what a seller types becomes whole minor units, and what is computed from them is
//! rounded once, half away from zero.
//!
//! - [`Amount`] in a [`Currency`], [`VatRate`] by [`Region`] and day, [`Quantity`], [`Discount`]:
//!   values that cannot hold anything wrong.
//! - `parse_*` read what a person types and never guess by a factor of a thousand: `1,250` is
//!   refused as ambiguous.
//! - [`line_gross`], [`discount_of`], [`included_vat`]: the one money rule.
//!
//! No binary fractions, no panics, no wrap-around: what does not fit is `None` or a
//! [`NumberProblem`]. Everything is stored as whole numbers or as plain text.

mod amount;
mod arithmetic;
mod currency;
mod discount;
mod parse;
mod quantity;
mod vat;
mod wire;

pub use amount::Amount;
pub use arithmetic::{discount_of, included_vat, line_gross};
pub use currency::Currency;
pub use discount::{Discount, Percent};
pub use parse::{NumberProblem, parse_amount, parse_discount, parse_price, parse_quantity, parse_vat_rate};
pub use quantity::Quantity;
pub use vat::{Region, VatRate, default_vat, vat_rates};
