//! One item: as typed, as checked, as shown.

use super::policy::MAX_NUMBER;
use crate::id::ItemId;
use crate::money::{Amount, VatRate};
use crate::order::{At, DraftItem, Pass, Problem, Rules, amount};
use crate::store::rows::items::ItemRow;
use serde::{Deserialize, Serialize};

/// An item of the catalogue as typed. Fields are those of `core/CONTRACT.md` section 15.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ItemDraft {
    /// Which item is changed; empty = a new one.
    pub id: String,
    /// What it is.
    pub description: String,
    /// The seller's own number; empty = none.
    pub number: String,
    /// Price of one, VAT included.
    pub unit_price: String,
    /// VAT in percent; empty = the configuration's rate.
    pub vat: String,
    /// Whether it is among the seller's favourites.
    pub favourite: bool,
}

/// An item of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CatalogueItem {
    /// Its identity.
    pub id: ItemId,
    /// What it is.
    pub description: String,
    /// The seller's own number; empty = none.
    pub number: String,
    /// Price of one, VAT included.
    pub unit_price: Amount,
    /// The VAT rate.
    pub vat: VatRate,
    /// Whether it is among the seller's favourites.
    pub favourite: bool,
    /// How many sales it was in.
    pub sold: u32,
    /// The last of them, UTC ms by the phone.
    pub last_sold_at: Option<i64>,
    /// One of it, as a line of a draft.
    pub line: DraftItem,
}

impl From<ItemRow> for CatalogueItem {
    fn from(row: ItemRow) -> Self {
        Self {
            line: DraftItem {
                description: row.description.clone(),
                unit_price: amount(row.price),
                vat: row.vat.plain_text(),
                item: row.id.to_string(),
                ..DraftItem::default()
            },
            id: row.id,
            description: row.description,
            number: row.number,
            unit_price: row.price,
            vat: row.vat,
            favourite: row.favourite,
            sold: row.sold,
            last_sold_at: row.last_sold_at.map(|at| at.ms()),
        }
    }
}

/// An item that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    pub(super) description: String,
    pub(super) number: String,
    pub(super) price: Amount,
    pub(super) vat: VatRate,
    pub(super) favourite: bool,
}

impl Checked {
    pub(super) fn row(self, id: ItemId) -> ItemRow {
        let Self { description, number, price, vat, favourite } = self;
        ItemRow { id, description, number, price, vat, favourite, sold: 0, last_sold_at: None }
    }
}

/// Every problem of an item, and the item where none is an error. `line`: where it stands, for one of many.
pub(crate) fn check(draft: &ItemDraft, rules: &Rules, line: Option<u32>) -> (Option<Checked>, Vec<Problem>) {
    let mut pass = Pass::new(rules);
    let here = |field| At { field, line };
    let description = pass.description(here("description"), &draft.description);
    let number = pass.name_of(here("number"), &draft.number, MAX_NUMBER).unwrap_or_default();
    let price = pass.price(here("unit_price"), &draft.unit_price);
    let vat = pass.vat(here("vat"), &draft.vat);
    let problems = pass.into_problems();
    let checked = price.zip(vat).filter(|_| !problems.iter().any(Problem::is_error)).map(|(price, vat)| Checked {
        description,
        number,
        price,
        vat,
        favourite: draft.favourite,
    });
    (checked, problems)
}
