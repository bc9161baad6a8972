//! Goods and customers.

use super::{Amount, CustomerId, Details, ItemId, ProblemCode, Severity};
use paylink_core::catalogue::{
    CatalogueItem as CoreItem, Forgotten, GoodsImported, GoodsRead as CoreRead, ItemDraft as CoreDraft,
    KnownCustomer as CoreCustomer, RowProblem as CoreProblem,
};
use paylink_core::money::VatRate;
use paylink_core::order::DraftItem;
use std::fmt;

typed! {
    /// An item of the catalogue as the seller typed it; `check_item` says what is wrong with it.
    #[derive(Debug)]
    ItemDraft as CoreDraft {
        /// Which item is changed; empty: a new one.
        #[uniffi(default)]
        id: String,
        /// What it is, at most 200 characters.
        #[uniffi(default)]
        description: String,
        /// The seller's own number, at most 50 characters, of no other item; empty: none.
        #[uniffi(default)]
        number: String,
        /// Price of one, VAT included; required.
        #[uniffi(default)]
        unit_price: String,
        /// VAT in percent; empty: the configuration's rate.
        #[uniffi(default)]
        vat: String,
        /// Whether it is among the seller's favourites.
        #[uniffi(default)]
        favourite: bool,
    }
}

given! {
    /// An item of the catalogue.
    #[derive(Debug)]
    CatalogueItem from CoreItem {
        /// Its identity.
        id: ItemId,
        /// What it is.
        description: String,
        /// The seller's own number; empty: none.
        number: String,
        /// Price of one, VAT included.
        unit_price: Amount,
        /// The VAT rate, in percent.
        vat: VatRate,
        /// Whether it is among the seller's favourites.
        favourite: bool,
        /// How many sales it was in.
        sold: u32,
        /// The last of them, UTC ms by the phone; null: never.
        last_sold_at: Option<i64>,
        /// One of it, as a line of a draft.
        line: DraftItem,
    }
}

given! {
    /// What a file of goods holds. Nothing of it is taken yet: show it, then call `import_items`.
    #[derive(Debug)]
    GoodsRead from CoreRead {
        /// The rows without an error, in their order.
        items: Vec<ItemDraft> = items.into_iter().map(Into::into).collect(),
        /// What is wrong, in the order of the file.
        problems: Vec<RowProblem> = problems.into_iter().map(Into::into).collect(),
    }
}

given! {
    /// One problem of one cell, of a whole row, or of the file.
    #[derive(Debug)]
    RowProblem from CoreProblem {
        /// The line of the file, counted from 1, on which the row begins; null: the file as a whole.
        line: Option<u32>,
        /// The column, counted from 1; null: the file has none for this field.
        column: Option<u32>,
        /// The item's field in snake_case; `items` for the file as a whole.
        field: String,
        /// What is wrong.
        code: ProblemCode,
        /// Whether the row is left out.
        severity: Severity,
        /// What the words need: `max`, `allowed` …
        parameters: Details,
    }
}

/// What became of many items.
#[uniffi::remote(Record)]
pub struct GoodsImported {
    /// New ones.
    pub added: u32,
    /// Such that were there, and say something else now.
    pub changed: u32,
    /// Such that were there as they are.
    pub unchanged: u32,
}

given! {
    /// A customer, apart from the orders. Personal data: show it to the seller, never log it.
    #[uniffi::export(Debug)]
    KnownCustomer from CoreCustomer {
        /// Its identity.
        id: CustomerId,
        /// The name, as it was given last.
        name: Option<String>,
        /// The phone number, in E.164.
        phone: Option<String>,
        /// The e-mail address, as it was given last.
        email: Option<String>,
        /// How many orders there are.
        orders: u32,
        /// When the last of them was saved, UTC ms by the phone.
        last_order_at: i64,
    }
}

impl fmt::Debug for KnownCustomer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnownCustomer").field("id", &self.id.0).field("orders", &self.orders).finish_non_exhaustive()
    }
}

/// What became of a customer.
#[uniffi::remote(Record)]
pub struct Forgotten {
    /// The references of the orders that name nobody any more.
    pub references: Vec<String>,
    /// Files of a damaged database that were set aside, in the data directory: they may still name the customer. Ask the
    /// seller, then call `delete_set_aside`.
    pub set_aside_files: Vec<String>,
}
