//! `paylink list`: the links, newest first; works beside a running `sell`.

use crate::args::List;
use crate::config::Setup;
use crate::output::{Exit, Failure, Outcome};
use crate::screen::Screen;
use crate::{hints, table, words};
use paylink_core::link::{LinkStatus, PaymentLink};
use paylink_core::{LinkFilter, Page};
use serde_json::json;

/// Prints the list; an account that never sold anything has an empty one.
///
/// # Errors
/// As [`Setup::open_read_only`]; a status that does not exist.
pub fn run(setup: &Setup, flags: &List, screen: Screen) -> Outcome {
    let status = flags.status.as_deref().map(status).transpose()?;
    let page = Page { offset: 0, limit: flags.limit };
    let links = match setup.open_read_only()? {
        Some(core) => core.links(LinkFilter { status }, page)?,
        None => Vec::new(),
    };
    screen.object(&json!({ "links": links }));
    if screen.json() {
        return Ok(Exit::Done);
    }
    if links.is_empty() {
        screen.say("No links here yet.");
    } else {
        screen.say(rows(&links));
        if let Some(hints) = hints::of_waiting(&links, screen) {
            screen.say(format_args!("\n{hints}"));
        }
    }
    Ok(Exit::Done)
}

fn rows(links: &[PaymentLink]) -> String {
    let mut table = table::new(&["Made", "Reference", "Amount", "Status", "What", "Customer"]);
    for link in links {
        let customer = &link.customer;
        let who = customer.name.as_ref().or(customer.phone.as_ref()).or(customer.email.as_ref());
        table.add_row([
            words::moment(link.created_at),
            link.reference.clone(),
            words::money(link.amount),
            words::status_of(link),
            what(link),
            who.cloned().unwrap_or_default(),
        ]);
    }
    table::text(table, &[2])
}

fn what(link: &PaymentLink) -> String {
    match link.item_count {
        0 | 1 => link.summary.clone(),
        more => format!("{} and {} more", link.summary, more - 1),
    }
}

fn status(text: &str) -> Result<LinkStatus, Failure> {
    let code = text.trim().to_lowercase().replace('-', "_");
    LinkStatus::from_code(&code).ok_or_else(|| Failure::Usage(format!("there is no status '{text}'")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_however_it_is_written() {
        assert_eq!(status("Needs-Attention").unwrap(), LinkStatus::NeedsAttention);
        assert!(status("payed").is_err());
    }
}
