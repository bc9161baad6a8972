//! A sale as typed, and what is wrong with it.

use super::{Amount, Details, Discount, ProblemCode, Severity};
use paylink_core::money::{Quantity, VatRate};
use paylink_core::order::{
    Draft as CoreDraft, DraftCheck as CoreCheck, DraftItem, Item, LineTotals, Problem as CoreProblem, Totals, VatTotals,
};
use std::fmt;

typed! {
    /// A sale as the seller typed it: text only. Leave out what is not given; `check` says what is wrong.
    Draft as CoreDraft {
        /// The lines, at most 100.
        #[uniffi(default)]
        items: Vec<DraftItem>,
        /// Quick amount: one line with just this price, VAT included. Excludes `items`.
        #[uniffi(default)]
        amount: String,
        /// ISO code; empty: the configuration's.
        #[uniffi(default)]
        currency: String,
        /// The merchant reference, at most 50 characters; empty: the core makes one.
        #[uniffi(default)]
        reference: String,
        /// Codes or families of payment methods; empty: every method of the profile.
        #[uniffi(default)]
        methods: Vec<String>,
        /// Time to pay, from when the link comes to be: `1d`, `1w` or `1m`; empty: the configuration's.
        #[uniffi(default)]
        expiry: String,
        /// `known` (as given below, or none) or `express` (the customer fills it in); empty: the configuration's.
        #[uniffi(default)]
        address: String,
        /// `auto`, or `manual` to leave the payment reserved; empty: the configuration's.
        #[uniffi(default)]
        capture: String,
        /// How the link reaches the customer: `sms` (sent by the provider), `phone` (the phone's SMS app), `mail`,
        /// `share`, `copy` or `qr`; empty: the configuration's.
        #[uniffi(default)]
        delivery: String,
        /// Language of the customer's text: `nb`, `nn`, `en`, `sv`, `da`; empty: the configuration's.
        #[uniffi(default)]
        language: String,
        /// The customer's name.
        #[uniffi(default)]
        name: String,
        /// The customer's phone number; required for `sms` and `phone`.
        #[uniffi(default)]
        phone: String,
        /// The customer's e-mail address; required for `mail`.
        #[uniffi(default)]
        email: String,
        /// First address line.
        #[uniffi(default)]
        address_line: String,
        /// Second address line.
        #[uniffi(default)]
        address_line_2: String,
        /// Postal code.
        #[uniffi(default)]
        postal_code: String,
        /// City.
        #[uniffi(default)]
        city: String,
        /// ISO 3166 code of two letters; empty: the region's.
        #[uniffi(default)]
        country: String,
        /// The id of the order that this one is requested again of, as `requestAgain` fills it in; empty: of none.
        #[uniffi(default)]
        again_of: String,
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&CoreDraft::from(self.clone()), f)
    }
}

/// One line as typed.
#[uniffi::remote(Record)]
pub struct DraftItem {
    /// What it is, at most 200 characters.
    #[uniffi(default)]
    pub description: String,
    /// How many, at most three decimals; empty: 1.
    #[uniffi(default)]
    pub quantity: String,
    /// Price of one, VAT included; required.
    #[uniffi(default)]
    pub unit_price: String,
    /// VAT in percent; empty: the configuration's rate.
    #[uniffi(default)]
    pub vat: String,
    /// `50` (money off the line) or `10 %`; empty: none.
    #[uniffi(default)]
    pub discount: String,
    /// The id of the item of the catalogue that the line came from; empty: none.
    #[uniffi(default)]
    pub item: String,
}

given! {
    /// One problem of one field: codes and data, the app has the words.
    #[derive(Debug)]
    Problem from CoreProblem {
        /// The draft's field in snake_case, such as `unit_price`; `total` for the sum and `items` for the list.
        field: String,
        /// The line, counted from 1; null when the field is in no line.
        line: Option<u32>,
        /// What is wrong.
        code: ProblemCode,
        /// Whether it stops the sale.
        severity: Severity,
        /// What the words need: `max`, `allowed`, `expected` …
        parameters: Details,
    }
}

given! {
    /// What `check` found.
    #[derive(Debug)]
    DraftCheck from CoreCheck {
        /// Every problem, errors and warnings, in the order of the draft.
        problems: Vec<Problem> = problems.into_iter().map(Into::into).collect(),
        /// The sums; null as long as a line cannot be computed.
        totals: Option<Totals>,
    }
}

/// The sums of an order.
#[uniffi::remote(Record)]
pub struct Totals {
    /// Per line, in order.
    pub lines: Vec<LineTotals>,
    /// Per VAT rate, highest first.
    pub by_vat: Vec<VatTotals>,
    /// What the customer pays.
    pub total: Amount,
    /// The VAT within `total`.
    pub vat: Amount,
    /// `total` less `vat`.
    pub net: Amount,
}

/// One line's sums.
#[uniffi::remote(Record)]
pub struct LineTotals {
    /// Counted from 1.
    pub line: u32,
    /// Quantity times unit price.
    pub gross: Amount,
    /// What the discount takes off.
    pub discount: Amount,
    /// What the customer pays for the line.
    pub total: Amount,
    /// The rate, in percent.
    pub vat_rate: VatRate,
    /// The VAT within `total`.
    pub vat: Amount,
}

/// The sums of one VAT rate.
#[uniffi::remote(Record)]
pub struct VatTotals {
    /// The rate, in percent.
    pub rate: VatRate,
    /// VAT included.
    pub total: Amount,
    /// The VAT within `total`.
    pub vat: Amount,
    /// `total` less `vat`.
    pub net: Amount,
}

/// A line of a saved sale.
#[uniffi::remote(Record)]
pub struct Item {
    /// What it is.
    pub description: String,
    /// How many.
    pub quantity: Quantity,
    /// Price of one, VAT included.
    pub unit_price: Amount,
    /// The VAT rate, in percent.
    pub vat: VatRate,
    /// What was taken off the line: money or a share of it; null: nothing.
    pub discount: Option<Discount>,
    /// Quantity times unit price.
    pub gross: Amount,
    /// What the discount takes off, never more than `gross`.
    pub discount_amount: Amount,
    /// What the customer pays for the line, VAT included.
    pub total: Amount,
    /// The VAT within `total`.
    pub vat_amount: Amount,
}
