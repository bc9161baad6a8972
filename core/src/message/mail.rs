//! The mail: subject and a plain-text body that the phone's mail app takes over.
//!
//! Typography is left as the seller wrote it, only line breaks and control characters inside a
//! field become spaces: a mail may carry every letter, and a field must not add lines of its own.

use crate::text;

use super::{
    MessageInput, Purpose, amount,
    date::tell,
    items::item,
    text::{fill, full_stop, texts},
    uri::MAX_MAILTO,
};

/// Who, how much, which order.
pub(super) fn subject(input: &MessageInput) -> String {
    let t = texts(input.language);
    let seller = text::line(&input.seller);
    let template = if seller.is_empty() { t.subject_without_seller } else { t.subject };
    let mut subject = fill(template, &[("seller", &seller), ("amount", &total(input))]);
    let reference = text::line(&input.reference);
    if !reference.is_empty() {
        subject.push_str(&fill(t.subject_order, &[("reference", &reference)]));
    }
    if input.purpose == Purpose::Reminder {
        subject = fill(t.remind_subject, &[("subject", &subject)]);
    }
    if input.practice { format!("{}: {subject}", t.practice_account) } else { subject }
}

/// The body; paragraphs are parted by an empty line, lines end with LF.
pub(super) fn body(input: &MessageInput) -> String {
    let parts = Parts::of(input);
    let lines = parts.lines.join("\n");
    let Parts { practice, greeting, intro, sum, pay, valid, terms, end, .. } = &parts;
    joined(&[practice, greeting, intro, &lines, sum, pay, valid, terms, end])
}

/// The address of a mail whose whole body is too long for one: the link first, then as much of the rest as fits. Lines go
/// first, the last one first; then the courtesies. The link always stands whole. `uri` makes the address of a body.
pub(super) fn short_uri(input: &MessageInput, uri: impl Fn(&str) -> String) -> String {
    let parts = Parts::of(input);
    let Parts { greeting, intro, sum, pay, valid, terms, end, .. } = &parts;
    let fewer_lines = (0..=parts.lines.len()).rev().map(|kept| {
        let lines = told_lines(input, &parts.lines, kept);
        joined(&[greeting, pay, intro, &lines, sum, valid, terms, end])
    });
    let fewer_words = [joined(&[pay, sum, valid, terms]), joined(&[pay, sum]), pay.clone()];
    let mut shorter = fewer_lines.chain(fewer_words).map(|body| uri(&body));
    shorter.find(|uri| uri.len() <= MAX_MAILTO).unwrap_or_else(|| uri(&input.url))
}

/// What a body is made of, each part empty where there is nothing to say.
struct Parts {
    practice: &'static str,
    greeting: String,
    intro: String,
    lines: Vec<String>,
    sum: String,
    pay: String,
    valid: String,
    terms: String,
    end: String,
}

impl Parts {
    fn of(input: &MessageInput) -> Self {
        let t = texts(input.language);
        let seller = text::line(&input.seller);
        let name = input.customer_name.as_deref().map(text::line).unwrap_or_default();
        let reference = text::line(&input.reference);
        let (intro, paid) = match input.purpose {
            Purpose::Request => (t.intro, ""),
            Purpose::Reminder => (t.remind_intro, t.remind_paid),
        };
        let mut intro = fill(intro, &[("seller", &seller)]);
        full_stop(&mut intro);
        let total = fill(t.total, &[("amount", &total(input))]);
        let order = fill(t.order_line, &[("reference", &reference)]);
        let valid = input.expires_at_ms.and_then(|at| tell(input.language, at, input.zone));
        let valid = valid.map(|told| fill(t.valid_until_time, &[("date", &told.date), ("time", &told.time)]));
        let terms = input.terms_url.as_deref().map(str::trim).unwrap_or_default();
        Self {
            practice: if input.practice { t.practice } else { "" },
            greeting: match name.as_str() {
                "" => t.dear_customer.to_owned(),
                name => fill(t.dear, &[("name", name)]),
            },
            intro: if seller.is_empty() { String::new() } else { intro },
            lines: input.items.iter().filter_map(|some| line(input, some)).collect(),
            sum: if reference.is_empty() { total } else { format!("{total}\n{order}") },
            pay: labelled(t.pay_here, &input.url),
            valid: valid.unwrap_or_default(),
            terms: labelled(t.terms_line, terms),
            end: joined(&[paid, t.questions, labelled(t.regards, &seller).as_str()]),
        }
    }
}

/// The first `kept` lines, and how many more there are.
fn told_lines(input: &MessageInput, lines: &[String], kept: usize) -> String {
    let t = texts(input.language);
    let told = lines.get(..kept).unwrap_or(lines).join("\n");
    let more = match lines.len().saturating_sub(kept) {
        0 => return told,
        1 => t.one_more.to_owned(),
        more => fill(t.many_more, &[("count", &more.to_string())]),
    };
    if told.is_empty() { format!("- {more}") } else { format!("{told}\n- {more}") }
}

/// The paragraphs that say something, parted by an empty line.
fn joined(paragraphs: &[&str]) -> String {
    let filled: Vec<&str> = paragraphs.iter().copied().filter(|some| !some.is_empty()).collect();
    filled.join("\n\n")
}

/// A label and, on a line of its own, what it announces; nothing when there is nothing.
fn labelled(label: &str, what: &str) -> String {
    if what.is_empty() { String::new() } else { format!("{label}\n{what}") }
}

/// `- 2 x Honning 500 g: 298,00 kr`.
fn line(input: &MessageInput, some: &super::MessageItem) -> Option<String> {
    let text = item(input.language, some)?;
    Some(match some.total_minor {
        Some(minor) => {
            let total = amount::amount(input.language, minor, &input.currency_code, input.exponent);
            format!("- {text}: {}", text::line(&total))
        }
        None => format!("- {text}"),
    })
}

fn total(input: &MessageInput) -> String {
    let total = amount::amount(input.language, input.amount_minor, &input.currency_code, input.exponent);
    text::line(&total)
}
