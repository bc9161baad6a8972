//! The same again: a sale as a draft, in texts that [`parse`](super::parse) reads back as they were.

use super::{Draft, DraftItem, Item, Methods, Sale};
use crate::contact::{Address, Customer};
use crate::id::ItemId;
use crate::money::{Amount, Discount, Quantity};

impl Sale {
    /// A draft of the same sale, to be changed and sent as another one: everything but the reference and what it was
    /// requested again of, which are one order's own.
    #[must_use]
    pub fn to_draft(&self) -> Draft {
        let address = self.customer.address.as_ref();
        Draft {
            items: (1..).zip(&self.items).map(|(at, item)| line(item, self.came_from(at))).collect(),
            currency: self.currency.code().to_owned(),
            methods: match &self.methods {
                Methods::All => Vec::new(),
                Methods::Only(only) => only.iter().map(|method| method.code().to_owned()).collect(),
            },
            expiry: self.expiry.code().to_owned(),
            address: self.address.code().to_owned(),
            capture: self.capture.code().to_owned(),
            delivery: self.delivery.code().to_owned(),
            language: self.language.code().to_owned(),
            name: name(&self.customer),
            phone: self.customer.phone.as_ref().map(|phone| phone.e164().to_owned()).unwrap_or_default(),
            email: self.customer.email.as_ref().map(|email| email.as_str().to_owned()).unwrap_or_default(),
            address_line: address.map(|address| address.line.clone()).unwrap_or_default(),
            address_line_2: address.and_then(|address| address.line2.clone()).unwrap_or_default(),
            postal_code: address.map(|address| address.postal_code.clone()).unwrap_or_default(),
            city: address.map(|address| address.city.clone()).unwrap_or_default(),
            country: address.map(|address| address.country.clone()).unwrap_or_default(),
            ..Draft::default()
        }
    }

    /// The item of the catalogue that a line came from.
    fn came_from(&self, line: u32) -> Option<ItemId> {
        self.goods.iter().find(|(at, _)| *at == line).map(|(_, item)| *item)
    }
}

fn line(item: &Item, from: Option<ItemId>) -> DraftItem {
    DraftItem {
        description: item.description.clone(),
        quantity: quantity(item.quantity),
        unit_price: amount(item.unit_price),
        vat: item.vat.plain_text(),
        discount: match item.discount {
            None => String::new(),
            Some(Discount::Amount(off)) => amount(off),
            Some(Discount::Percent(share)) => format!("{} %", share.plain_text()),
        },
        item: from.map(|id| id.to_string()).unwrap_or_default(),
    }
}

fn quantity(quantity: Quantity) -> String {
    read_one_way(quantity.plain_text())
}

/// An amount as somebody types it.
pub(crate) fn amount(amount: Amount) -> String {
    read_one_way(amount.plain_text())
}

/// Three digits behind a separator could be thousands, and a draft never guesses; behind a leading zero they cannot.
fn read_one_way(plain: String) -> String {
    let could_be_thousands =
        plain.split_once('.').is_some_and(|(whole, part)| part.len() == 3 && whole.trim_start_matches('-') != "0");
    if could_be_thousands { format!("0{plain}") } else { plain }
}

/// The name as it was typed; of an order that has only an address's name, that one.
fn name(customer: &Customer) -> String {
    let of_address = |address: &Address| [address.first_name.as_str(), &address.last_name].join(" ").trim().to_owned();
    customer.name.clone().or_else(|| customer.address.as_ref().map(of_address)).unwrap_or_default()
}
