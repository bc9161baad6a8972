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

/// The draft that the flags make of another one.
#[must_use]
pub fn from_flags(sale: &Sale, base: Draft) -> Typed {
    let text = |flag: &Option<String>, base: String| flag.clone().unwrap_or(base);
    let mut problems = Vec::new();
    let items: Vec<_> = (1..).zip(&sale.items).map(|(line, text)| item(line, text, &mut problems)).collect();
    let base =
        if items.is_empty() && sale.amount.is_none() { base } else { Draft { items, amount: String::new(), ..base } };
    let draft = Draft {
        items: base.items,
        amount: text(&sale.amount, base.amount),
        currency: text(&sale.currency, base.currency),
        reference: text(&sale.reference, base.reference),
        methods: if sale.methods.is_empty() { base.methods } else { sale.methods.clone() },
        expiry: text(&sale.expires, base.expiry),
        address: text(&sale.address, base.address),
        capture: text(&sale.capture, base.capture),
        delivery: text(&sale.deliver, base.delivery),
        language: text(&sale.language, base.language),
        name: text(&sale.name, base.name),
        phone: text(&sale.phone, base.phone),
        email: text(&sale.email, base.email),
        address_line: text(&sale.address_line, base.address_line),
        address_line_2: text(&sale.address_line_2, base.address_line_2),
        postal_code: text(&sale.postal_code, base.postal_code),
        city: text(&sale.city, base.city),
        country: text(&sale.country, base.country),
        again_of: base.again_of,
    };
    Typed { draft, problems }
}

fn item(line: u32, text: &str, problems: &mut Vec<Problem>) -> DraftItem {
    let mut parts = text.split(';').map(|part| part.trim().to_owned());
    let mut next = || parts.next().unwrap_or_default();
    let item = DraftItem {
        description: next(),
        quantity: next(),
        unit_price: next(),
        vat: next(),
        discount: next(),
        ..DraftItem::default()
    };
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

    fn read(sale: &Sale) -> Typed {
        from_flags(sale, Draft::default())
    }

    fn flags(items: &[&str]) -> Sale {
        Sale { items: items.iter().map(|&item| item.to_owned()).collect(), ..Sale::default() }
    }

    #[test]
    fn an_item_has_up_to_five_parts() {
        let typed = read(&flags(&["Honning 500 g; 2;149,00;15;10 %", "Lys;;39"]));
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
    fn flags_change_what_they_name_of_another_sale() {
        let base = Draft { amount: "5".into(), name: "Kari".into(), phone: "474 65 724".into(), ..Draft::default() };
        let typed = from_flags(&Sale { name: Some("Ola".into()), ..Sale::default() }, base.clone()).draft;
        assert_eq!(typed, Draft { name: "Ola".into(), ..base.clone() });
        let lines = from_flags(&flags(&["Lys;;39"]), base).draft;
        assert_eq!((lines.items.len(), lines.amount.as_str(), lines.name.as_str()), (1, "", "Kari"));
    }

    #[test]
    fn a_sixth_part_is_a_problem_of_its_line() {
        let typed = read(&flags(&["Lys;1;39", "a;b;c;d;e;f"]));
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
