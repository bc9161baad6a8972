//! What is typed in the demo: three sales as a seller types them, decimal comma and all.

use paylink_core::order::{Draft, DraftItem};

/// A customer and what they buy.
pub struct Sale {
    /// Whom the demo talks of.
    pub who: &'static str,
    /// How the link is to reach them, for the heading.
    pub how: &'static str,
    /// What is typed.
    pub draft: Draft,
    /// The ways to pay that the customer tries, in turn; all but the last one fail.
    pub tries: &'static [&'static str],
}

/// The three sales. The first has a line that must be put right: see [`put_right`].
#[must_use]
pub fn all() -> Vec<Sale> {
    vec![
        Sale {
            who: "Kari",
            how: "gets an SMS",
            draft: Draft {
                items: vec![
                    item("Honning 500 g", "2", "149,00", "15", ""),
                    item("Saueskinn", "1", "1.490", "25", "10 %"),
                ],
                name: "Kari Nordmann".to_owned(),
                phone: "474 65 724".to_owned(),
                delivery: "sms".to_owned(),
                ..Draft::default()
            },
            tries: &["creditcard"],
        },
        Sale {
            who: "Ola",
            how: "gets a request in the Vipps app",
            draft: Draft {
                items: vec![item("Bivokslys", "3", "89,50", "", "")],
                name: "Ola Nordmann".to_owned(),
                phone: "950 98 471".to_owned(),
                methods: vec!["vipps".to_owned()],
                delivery: "sms".to_owned(),
                ..Draft::default()
            },
            tries: &["vipps"],
        },
        Sale {
            who: "Anna",
            how: "gets an e-mail",
            draft: Draft {
                items: vec![
                    item("Lynghonning, løs vekt", "0,75", "320,00", "15", ""),
                    item("Krus", "2", "179,-", "25", ""),
                ],
                name: "Anna Berg".to_owned(),
                email: "anna.berg@example.com".to_owned(),
                delivery: "mail".to_owned(),
                ..Draft::default()
            },
            tries: &["creditcard", "vipps"],
        },
    ]
}

/// The first sale as it was meant: the price written so that it can be read in one way only.
#[must_use]
pub fn put_right(mut draft: Draft, line: u32) -> Draft {
    let line = usize::try_from(line).unwrap_or_default();
    if let Some(item) = line.checked_sub(1).and_then(|at| draft.items.get_mut(at)) {
        item.unit_price = "1 490,00".to_owned();
    }
    draft
}

fn item(description: &str, quantity: &str, unit_price: &str, vat: &str, discount: &str) -> DraftItem {
    DraftItem {
        description: description.to_owned(),
        quantity: quantity.to_owned(),
        unit_price: unit_price.to_owned(),
        vat: vat.to_owned(),
        discount: discount.to_owned(),
        ..DraftItem::default()
    }
}
