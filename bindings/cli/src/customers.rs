//! `paylink customers` and `paylink forget`: who bought, and that nobody knows any more who it was.

use crate::args::{Customers, Forget};
use crate::config::Setup;
use crate::output::{Exit, Failure, Outcome};
use crate::screen::Screen;
use crate::{table, words};
use inquire::Confirm;
use paylink_core::catalogue::KnownCustomer;
use paylink_core::{Paylink, PaylinkError};
use serde_json::json;
use std::io::{IsTerminal, stdin};

/// Those who bought last, or those that a text finds.
///
/// # Errors
/// As [`Setup::open_read_only`].
pub fn list(setup: &Setup, flags: &Customers, screen: Screen) -> Outcome {
    let customers = match setup.open_read_only()? {
        Some(core) if flags.search.is_empty() => core.recent_customers(flags.limit)?,
        Some(core) => core.search_customers(&flags.search.join(" "))?,
        None => Vec::new(),
    };
    screen.object(&json!({ "customers": customers }));
    if !screen.json() {
        screen.say(if customers.is_empty() { "No customers here.".to_owned() } else { rows(&customers) });
    }
    Ok(Exit::Done)
}

/// Forgets a customer, once a person has said so.
///
/// # Errors
/// As [`Setup::open_at_rest`]; a customer who is not there, or whom orders need.
pub fn forget(setup: &Setup, flags: &Forget, screen: Screen) -> Outcome {
    let core = setup.open_at_rest()?;
    let customer = find(&core, &flags.customer.join(" "))?;
    if !flags.yes {
        if screen.json() || !stdin().is_terminal() {
            return Err(Failure::Usage("that cannot be taken back: say --yes".to_owned()));
        }
        screen.say(rows(std::slice::from_ref(&customer)));
        if !Confirm::new("Forget this customer for good?").with_default(false).prompt()? {
            return Err(Failure::Stopped);
        }
    }
    let forgotten = core.forget_customer(&customer.id.to_string())?;
    let deleted = if flags.set_aside { core.delete_set_aside()? } else { Vec::new() };
    core.close();
    screen.object(&json!({ "forgotten": forgotten, "deleted": deleted }));
    if !screen.json() {
        screen.say(format_args!("Forgotten; these name nobody any more: {}", forgotten.references.join(", ")));
        if !flags.set_aside && !forgotten.set_aside_files.is_empty() {
            screen.say(format_args!(
                "Files of a damaged database may still name the customer: {}. `--set-aside` deletes them.",
                forgotten.set_aside_files.join(", ")
            ));
        }
    }
    Ok(Exit::Done)
}

/// The customer that an id names, or the one that a search finds.
fn find(core: &Paylink, text: &str) -> Result<KnownCustomer, Failure> {
    let recent = core.recent_customers(u32::MAX)?;
    if let Some(named) = recent.into_iter().find(|one| one.id.to_string() == text.trim()) {
        return Ok(named);
    }
    let mut found = core.search_customers(text)?;
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(PaylinkError::NotFound { what: "customer".to_owned() }.into()),
        many => Err(Failure::Usage(format!("{many} customers are found by that: name one, or its id"))),
    }
}

fn rows(customers: &[KnownCustomer]) -> String {
    let mut table = table::new(&["Last", "Name", "Phone", "E-mail", "Orders", "Id"]);
    for one in customers {
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        table.add_row([
            words::moment(one.last_order_at),
            text(&one.name),
            text(&one.phone),
            text(&one.email),
            one.orders.to_string(),
            one.id.to_string(),
        ]);
    }
    table::text(table, &[4])
}
