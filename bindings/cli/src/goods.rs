//! `paylink items` and `paylink item`: what is sold again and again. Reading works beside a running `sell`.

use crate::args::{Item, ItemAdd, Items};
use crate::config::Setup;
use crate::output::{Exit, Failure, Outcome};
use crate::screen::Screen;
use crate::{table, words};
use paylink_core::catalogue::{CatalogueItem, GoodsRead, ItemDraft, RowProblem};
use paylink_core::order::{Problem, Severity};
use paylink_core::{Paylink, PaylinkError};
use serde_json::json;
use std::io::Read;
use std::path::Path;

/// `paylink items`, `items import`, `items export`.
///
/// # Errors
/// As [`Setup::open_read_only`] and [`Setup::open_at_rest`]; a file that cannot be read or written.
pub fn all(setup: &Setup, command: Option<&Items>, screen: Screen) -> Outcome {
    match command {
        None => {
            let items = setup.open_read_only()?.map_or(Ok(Vec::new()), |core| core.items())?;
            show(&items, screen);
            Ok(Exit::Done)
        }
        Some(Items::Import { file, yes }) => import(setup, file, *yes, screen),
        Some(Items::Export { file }) => {
            let core = setup.open_at_rest()?;
            let text = core.export_items()?;
            core.close();
            match file {
                Some(file) => std::fs::write(file, &text).map_err(|error| told(file, &error))?,
                None if !screen.json() => screen.raw(&text),
                None => {}
            }
            screen.object(&json!({ "csv": text }));
            Ok(Exit::Done)
        }
    }
}

/// `paylink item add`, `remove`, `move`.
///
/// # Errors
/// As [`Setup::open_at_rest`]; an item that is not there.
pub fn one(setup: &Setup, command: &Item, screen: Screen) -> Outcome {
    let core = setup.open_at_rest()?;
    let exit = match command {
        Item::Add(flags) => return add(&core, flags, screen),
        Item::Remove { item } => core.remove_item(&find(&core, item)?),
        Item::Move { item, before } => {
            let before = before.as_deref().map(|before| find(&core, before)).transpose()?;
            core.move_item(&find(&core, item)?, before.as_deref())
        }
    };
    exit?;
    show(&core.items()?, screen);
    core.close();
    Ok(Exit::Done)
}

fn add(core: &Paylink, flags: &ItemAdd, screen: Screen) -> Outcome {
    let text = |flag: &Option<String>| flag.clone().unwrap_or_default();
    let draft = ItemDraft {
        id: String::new(),
        description: flags.description.clone(),
        number: text(&flags.number),
        unit_price: text(&flags.price),
        vat: text(&flags.vat),
        favourite: flags.favourite,
    };
    let warnings = core.check_item(&draft)?;
    match core.save_item(&draft) {
        Ok(item) => {
            screen.object(&json!({ "item": item, "problems": warnings }));
            if !screen.json() {
                warnings.iter().for_each(|problem| screen.note(words::problem(problem)));
                screen.say(rows(&[item]));
            }
            Ok(Exit::Done)
        }
        Err(PaylinkError::Refused { problems }) => {
            screen.object(&json!({ "item": null, "problems": problems }));
            let lines: Vec<String> = problems.iter().map(words::problem).collect();
            screen.note(format_args!("paylink: not saved:\n  {}", lines.join("\n  ")));
            Ok(Exit::Refused)
        }
        Err(error) => Err(error.into()),
    }
}

fn import(setup: &Setup, file: &Path, yes: bool, screen: Screen) -> Outcome {
    let mut bytes = Vec::new();
    let read = if file.as_os_str() == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::File::open(file).and_then(|mut file| file.read_to_end(&mut bytes)).map(drop)
    };
    read.map_err(|error| told(file, &error))?;
    let core = setup.open_at_rest()?;
    let found = core.read_items(&bytes)?;
    let imported = if yes && !found.items.is_empty() { Some(core.import_items(&found.items)?) } else { None };
    core.close();
    screen.object(&json!({ "items": found.items, "problems": found.problems, "imported": imported }));
    if !screen.json() {
        found.problems.iter().for_each(|problem| screen.say(format_args!("  {}", row_problem(problem))));
        screen.say(match imported {
            Some(done) => {
                format!("{} added, {} changed, {} as they were.", done.added, done.changed, done.unchanged)
            }
            None => offer(&found),
        });
    }
    let bad = found.problems.iter().any(|problem| problem.severity == Severity::Error);
    Ok(if bad { Exit::Refused } else { Exit::Done })
}

fn offer(found: &GoodsRead) -> String {
    match found.items.len() {
        0 => "Nothing in it can be taken.".to_owned(),
        1 => "1 item can be taken: say --yes, and it is.".to_owned(),
        many => format!("{many} items can be taken: say --yes, and they are."),
    }
}

fn row_problem(problem: &RowProblem) -> String {
    let place = match (problem.line, problem.column) {
        (Some(line), Some(column)) => format!("line {line}, column {column}, "),
        (Some(line), None) => format!("line {line}, "),
        _ => String::new(),
    };
    let RowProblem { field, code, severity, parameters, .. } = problem.clone();
    format!("{place}{}", words::problem(&Problem { field, line: None, code, severity, parameters }))
}

fn told(file: &Path, error: &std::io::Error) -> Failure {
    Failure::Usage(format!("{}: {error}", file.display()))
}

/// The item that a number, an id or a whole description names.
fn find(core: &Paylink, text: &str) -> Result<String, Failure> {
    let items = core.items()?;
    let found = items.iter().find(|item| item.number == text.trim() || item.id.to_string() == text.trim());
    let found = found.or_else(|| items.iter().find(|item| item.description.eq_ignore_ascii_case(text.trim())));
    let missing = || PaylinkError::NotFound { what: "item".to_owned() };
    Ok(found.ok_or_else(missing)?.id.to_string())
}

fn show(items: &[CatalogueItem], screen: Screen) {
    screen.object(&json!({ "items": items }));
    if !screen.json() {
        screen.say(if items.is_empty() { "No items here yet: `paylink item add`.".to_owned() } else { rows(items) });
    }
}

fn rows(items: &[CatalogueItem]) -> String {
    let mut table = table::new(&["", "Number", "Item", "Price", "VAT", "Sold", "Last"]);
    for item in items {
        table.add_row([
            if item.favourite { "*" } else { "" }.to_owned(),
            item.number.clone(),
            item.description.clone(),
            words::money(item.unit_price),
            format!("{} %", words::decimal(&item.vat.plain_text())),
            item.sold.to_string(),
            item.last_sold_at.map(words::moment).unwrap_or_default(),
        ]);
    }
    table::text(table, &[3, 4, 5])
}
