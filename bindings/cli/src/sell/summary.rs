//! A draft with the core's sums: while lines are typed, and before it is saved.

use crate::screen::Screen;
use crate::{table, words};
use paylink_core::order::{Draft, DraftCheck};

/// The lines so far, with the total of each and of all.
#[must_use]
pub fn lines(check: &DraftCheck, draft: &Draft, screen: Screen) -> String {
    let mut rows = table::new(&[]);
    for (number, item) in draft.items.iter().enumerate() {
        let total = check.totals.as_ref().and_then(|totals| totals.lines.get(number));
        let total = total.map_or_else(|| "?".to_owned(), |line| words::number(line.total));
        let currency = check.totals.as_ref().map(|totals| totals.total.currency());
        let price =
            currency.map_or_else(|| item.unit_price.clone(), |currency| words::price(&item.unit_price, currency));
        let price = format!("{} × {price}", if item.quantity.is_empty() { "1" } else { &item.quantity });
        rows.add_row([format!("{}", number + 1), item.description.clone(), price, total]);
    }
    let mut text = table::text(rows, &[3]);
    if let Some(totals) = &check.totals {
        let total = screen.bold(&words::money(totals.total));
        text.push_str(&format!("\n  To pay {total}, VAT {} included", words::number(totals.vat)));
    }
    text
}

/// The whole sale, with everything that is wrong with it.
#[must_use]
pub fn of(check: &DraftCheck, draft: &Draft, screen: Screen) -> String {
    let mut parts = vec![String::new(), lines(check, draft, screen)];
    let mut rows = table::new(&[]);
    let mut row = |name: &str, value: &str| {
        if !value.trim().is_empty() {
            rows.add_row([name, value]);
        }
    };
    row("Customer", &draft.name);
    row("Phone", &draft.phone);
    row("E-mail", &draft.email);
    row("Delivery", &draft.delivery);
    row("Ways to pay", &draft.methods.join(", "));
    row("Time to pay", &draft.expiry);
    row("Capture", &draft.capture);
    row("Address", &draft.address);
    row("Language", &draft.language);
    row("Reference", &draft.reference);
    if !rows.is_empty() {
        parts.push(table::text(rows, &[]));
    }
    parts.extend(check.problems.iter().map(|problem| {
        let text = words::problem(problem);
        format!("  {}", if problem.is_error() { screen.bad(&text) } else { text })
    }));
    parts.push(String::new());
    parts.join("\n")
}
