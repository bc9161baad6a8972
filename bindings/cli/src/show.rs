//! `paylink show REF`: one link with its lines, its sums, and what happened when.

use crate::args::Show;
use crate::config::Setup;
use crate::output::{Exit, Outcome};
use crate::screen::Screen;
use crate::{find, hints, qr, table, words};
use paylink_core::LinkDetail;
use paylink_core::link::{PaymentLink, TimelineEvent};
use paylink_core::order::{Item, Totals};

/// Prints the link.
///
/// # Errors
/// As [`Setup::open_read_only`]; no such link.
pub fn run(setup: &Setup, flags: &Show, screen: Screen) -> Outcome {
    let core = setup.open_read_only()?;
    let link = find(core.as_ref(), &flags.reference)?;
    let Some(core) = core else { return Ok(Exit::NotFound) };
    let detail = core.detail(link.id)?;
    screen.object(&detail);
    if !screen.json() {
        screen.say(page(&detail, screen));
        if flags.qr {
            screen.say(qr::draw(&core.qr(link.id)?, screen));
        }
    }
    Ok(Exit::Done)
}

fn page(detail: &LinkDetail, screen: Screen) -> String {
    let link = &detail.link;
    let mut parts = vec![
        format!(
            "{}  {}  {}",
            screen.bold(&link.reference),
            screen.bold(&words::money(link.amount)),
            words::status_of(link)
        ),
        facts(link),
        items(&detail.items),
    ];
    parts.extend(detail.totals.as_ref().map(totals));
    parts.push(timeline(&detail.timeline));
    if !link.actions.is_empty() {
        parts.push(hints::lines(link, screen).join("\n"));
    }
    parts.join("\n\n")
}

fn facts(link: &PaymentLink) -> String {
    let mut table = table::new(&[]);
    let mut row = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            table.add_row([name.to_owned(), value]);
        }
    };
    row("Link", link.url.clone());
    row("Careful", link.url_warning.then(|| "this link leads to an unknown host".to_owned()));
    row("Customer", customer(link));
    row("Delivery", Some(format!("{}: {}", link.delivery.channel.code(), words::delivered(link.delivery.state))));
    row("Pay by", link.expires_at.map(words::moment));
    row("Ways to pay", (!link.methods.is_empty()).then(|| link.methods.join(", ")));
    row("Paid with", link.payment_method.as_deref().map(|code| words::method(code).to_owned()));
    row("Next try", link.next_attempt_at.map(words::time));
    row("Id", Some(link.id.to_string()));
    table::text(table, &[])
}

fn customer(link: &PaymentLink) -> Option<String> {
    let customer = &link.customer;
    let known: Vec<&str> =
        [&customer.name, &customer.phone, &customer.email].into_iter().flatten().map(String::as_str).collect();
    (!known.is_empty()).then(|| known.join(", "))
}

/// The lines of an order.
#[must_use]
pub fn items(items: &[Item]) -> String {
    let mut table = table::new(&["What", "Number", "Price", "Off", "VAT", "Total"]);
    for item in items {
        let off = item.discount_amount;
        table.add_row([
            item.description.clone(),
            words::decimal(&item.quantity.plain_text()),
            words::number(item.unit_price),
            if off.is_zero() { String::new() } else { words::number(off) },
            format!("{} %", words::decimal(&item.vat.plain_text())),
            words::number(item.total),
        ]);
    }
    table::text(table, &[1, 2, 3, 4, 5])
}

/// The sums, one row a VAT rate and one for all.
#[must_use]
pub fn totals(totals: &Totals) -> String {
    let mut table = table::new(&["VAT rate", "Without VAT", "VAT", "With VAT"]);
    for rate in &totals.by_vat {
        let name = format!("{} %", words::decimal(&rate.rate.plain_text()));
        table.add_row([name, words::number(rate.net), words::number(rate.vat), words::number(rate.total)]);
    }
    if totals.by_vat.len() > 1 {
        let all = [totals.net, totals.vat, totals.total].map(words::number);
        table.add_row(std::iter::once("Sum".to_owned()).chain(all));
    }
    table::text(table, &[1, 2, 3])
}

/// What happened, one line an event.
#[must_use]
pub fn timeline(events: &[TimelineEvent]) -> String {
    let line = |event: &TimelineEvent| format!("  {}  {}", words::time(event.at), words::event(event));
    events.iter().map(line).collect::<Vec<_>>().join("\n")
}
