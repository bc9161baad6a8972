//! What the seller typed: text only, nothing decided yet. Field names are those of `core/CONTRACT.md` section 1.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A sale as typed. Every field is text and may be empty; [`super::check`] says what is wrong with it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    /// The lines.
    pub items: Vec<DraftItem>,
    /// Quick amount: one line with just this price. Excludes `items`.
    pub amount: String,
    /// ISO code; empty = the configuration's.
    pub currency: String,
    /// The merchant reference; empty = the core makes one.
    pub reference: String,
    /// Method codes or families; empty = every method of the profile.
    pub methods: Vec<String>,
    /// `1d`, `1w` or `1m`.
    pub expiry: String,
    /// `known` or `express`.
    pub address: String,
    /// `auto` or `manual`.
    pub capture: String,
    /// `sms`, `phone`, `mail`, `share`, `copy` or `qr`.
    pub delivery: String,
    /// Language of the customer's text.
    pub language: String,
    /// The customer's name.
    pub name: String,
    /// The customer's phone number.
    pub phone: String,
    /// The customer's e-mail address.
    pub email: String,
    /// First address line.
    pub address_line: String,
    /// Second address line.
    pub address_line_2: String,
    /// Postal code.
    pub postal_code: String,
    /// City.
    pub city: String,
    /// ISO 3166 alpha-2; empty = the region's.
    pub country: String,
    /// The id of the order that this one is requested again of; empty = of none.
    pub again_of: String,
}

/// One line as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DraftItem {
    /// What it is.
    pub description: String,
    /// How many; empty = 1.
    pub quantity: String,
    /// Price of one, VAT included.
    pub unit_price: String,
    /// VAT in percent; empty = the configuration's rate.
    pub vat: String,
    /// `50` (money off the line) or `10 %`; empty = none.
    pub discount: String,
    /// The item of the catalogue that the line came from, by its id; empty = none.
    pub item: String,
}

impl fmt::Debug for Draft {
    /// Leaves out everything that says who the customer is (rule 8).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("items", &self.items)
            .field("amount", &self.amount)
            .field("reference", &self.reference)
            .field("methods", &self.methods)
            .field("delivery", &self.delivery)
            .finish_non_exhaustive()
    }
}
