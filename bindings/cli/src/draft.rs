//! A sale from flags, or from a line of JSON, as the core's draft: text, with nothing decided.

use crate::args::Sale;
use paylink_core::ProblemCode;
use paylink_core::order::{Draft, DraftItem, Problem, Severity};

/// Parts of an `--item`: description, quantity, unit price, VAT, discount.
const PARTS: usize = 5;

/// A draft, and what is wrong with the way it was written down.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// What was typed.
    pub draft: Draft,
    /// Problems that the core cannot see.
    pub problems: Vec<Problem>,
}

/// The draft that the flags describe.
#[must_use]
pub fn from_flags(sale: &Sale) -> Typed {
    let text = |flag: &Option<String>| flag.clone().unwrap_or_default();
    let mut problems = Vec::new();
    let items = (1..).zip(&sale.items).map(|(line, text)| item(line, text, &mut problems)).collect();
    let draft = Draft {
        items,
        amount: text(&sale.amount),
        currency: text(&sale.currency),
        reference: text(&sale.reference),
        methods: sale.methods.clone(),
        expiry: text(&sale.expires),
        address: text(&sale.address),
        capture: text(&sale.capture),
        delivery: text(&sale.deliver),
        language: text(&sale.language),
        name: text(&sale.name),
        phone: text(&sale.phone),
        email: text(&sale.email),
        address_line: text(&sale.address_line),
        address_line_2: text(&sale.address_line_2),
        postal_code: text(&sale.postal_code),
        city: text(&sale.city),
        country: text(&sale.country),
    };
    Typed { draft, problems }
}

fn item(line: u32, text: &str, problems: &mut Vec<Problem>) -> DraftItem {
    let mut parts = text.split(';').map(|part| part.trim().to_owned());
    let mut next = || parts.next().unwrap_or_default();
    let item = DraftItem { description: next(), quantity: next(), unit_price: next(), vat: next(), discount: next() };
    if parts.next().is_some() {
        problems.push(Problem {
            field: "items".to_owned(),
            line: Some(line),
            code: ProblemCode::TooMany,
            severity: Severity::Error,
            parameters: [("max".to_owned(), PARTS.to_string())].into(),
        });
    }
    item
}

/// What some programs begin a text with.
const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// The draft in a line of standard input; `None` in an empty one. A line that is not UTF-8 has just that problem.
#[must_use]
pub fn from_line(line: &[u8]) -> Option<Typed> {
    let Ok(line) = std::str::from_utf8(line) else { return Some(unreadable("not UTF-8")) };
    let line = line.trim_start_matches(BYTE_ORDER_MARK).trim();
    (!line.is_empty()).then(|| from_json(line))
}

fn unreadable(reason: &str) -> Typed {
    let mut problem = Problem::on("draft", ProblemCode::Invalid);
    problem.parameters.insert("reason".to_owned(), reason.to_owned());
    Typed { draft: Draft::default(), problems: vec![problem] }
}

/// The draft in a line of JSON; a line that is none is a problem of the whole draft.
#[must_use]
fn from_json(line: &str) -> Typed {
    // An array would be read as the fields in their order: nobody means that.
    let read = match serde_json::from_str::<serde_json::Value>(line) {
        Ok(value) if !value.is_object() => Err("not an object".to_owned()),
        Ok(_) => serde_json::from_str(line).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match read {
        Ok(draft) => Typed { draft, problems: Vec::new() },
        Err(error) => unreadable(&error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(items: &[&str]) -> Sale {
        Sale { items: items.iter().map(|&item| item.to_owned()).collect(), ..Sale::default() }
    }

    #[test]
    fn an_item_has_up_to_five_parts() {
        let typed = from_flags(&flags(&["Honning 500 g; 2;149,00;15;10 %", "Lys;;39"]));
        assert_eq!(typed.problems, []);
        let honey = &typed.draft.items[0];
        assert_eq!((honey.description.as_str(), honey.quantity.as_str()), ("Honning 500 g", "2"));
        assert_eq!((honey.unit_price.as_str(), honey.vat.as_str(), honey.discount.as_str()), ("149,00", "15", "10 %"));
        assert_eq!(
            typed.draft.items[1],
            DraftItem { description: "Lys".into(), unit_price: "39".into(), ..DraftItem::default() }
        );
    }

    #[test]
    fn a_sixth_part_is_a_problem_of_its_line() {
        let typed = from_flags(&flags(&["Lys;1;39", "a;b;c;d;e;f"]));
        assert_eq!(typed.problems.len(), 1);
        assert_eq!((typed.problems[0].line, typed.problems[0].code), (Some(2), ProblemCode::TooMany));
    }

    #[test]
    fn a_line_that_is_no_draft_is_a_problem() {
        for line in ["{", r#"{"amuont":"5"}"#, "[]", r#"{"amount":5}"#] {
            assert_eq!(from_json(line).problems.len(), 1, "{line}");
        }
        assert_eq!(from_json(r#"{"amount":"5"}"#).problems, []);
        assert_eq!(from_line("\u{FEFF}{\"amount\":\"5\"}\r".as_bytes()).unwrap().problems, []);
        assert_eq!(from_line(b"{\"name\":\"K\xe5re\"}").unwrap().problems[0].parameters["reason"], "not UTF-8");
        assert!(from_line(b" \r").is_none());
    }
}
