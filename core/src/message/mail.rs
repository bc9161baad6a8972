//! The mail: subject and a plain-text body that the phone's mail app takes over.
//!
//! Typography is left as the seller wrote it, only line breaks and control characters inside a
//! field become spaces: a mail may carry every letter, and a field must not add lines of its own.

use super::{
    MessageInput, amount,
    date::tell,
    items::item,
    repair::flatten,
    text::{fill, full_stop, texts},
};

/// Who, how much, which order.
pub(super) fn subject(input: &MessageInput) -> String {
    let t = texts(input.language);
    let seller = flatten(&input.seller);
    let template = if seller.is_empty() { t.subject_without_seller } else { t.subject };
    let mut subject = fill(template, &[("seller", &seller), ("amount", &total(input))]);
    let reference = flatten(&input.reference);
    if !reference.is_empty() {
        subject.push_str(&fill(t.subject_order, &[("reference", &reference)]));
    }
    subject
}

/// The body; paragraphs are parted by an empty line, lines end with LF.
pub(super) fn body(input: &MessageInput) -> String {
    let t = texts(input.language);
    let seller = flatten(&input.seller);
    let name = input.customer_name.as_deref().map(flatten).unwrap_or_default();
    let reference = flatten(&input.reference);

    let greeting = match name.as_str() {
        "" => t.dear_customer.to_owned(),
        name => fill(t.dear, &[("name", name)]),
    };
    let mut intro = fill(t.intro, &[("seller", &seller)]);
    full_stop(&mut intro);
    let lines: Vec<_> = input.items.iter().filter_map(|some| line(input, some)).collect();
    let mut sum = vec![fill(t.total, &[("amount", &total(input))])];
    if !reference.is_empty() {
        sum.push(fill(t.order_line, &[("reference", &reference)]));
    }
    let valid = input.expires_at_ms.and_then(|at| tell(input.language, at, input.zone));
    let valid = valid.map(|told| fill(t.valid_until_time, &[("date", &told.date), ("time", &told.time)]));
    let terms = input.terms_url.as_deref().map(str::trim).filter(|terms| !terms.is_empty());

    let paragraphs = [
        greeting,
        if seller.is_empty() { String::new() } else { intro },
        lines.join("\n"),
        sum.join("\n"),
        labelled(t.pay_here, &input.url),
        valid.unwrap_or_default(),
        labelled(t.terms_line, terms.unwrap_or_default()),
        t.questions.to_owned(),
        labelled(t.regards, &seller),
    ];
    let filled: Vec<_> = paragraphs.into_iter().filter(|some| !some.is_empty()).collect();
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
            format!("- {text}: {}", flatten(&total))
        }
        None => format!("- {text}"),
    })
}

fn total(input: &MessageInput) -> String {
    let total = amount::amount(input.language, input.amount_minor, &input.currency_code, input.exponent);
    flatten(&total)
}
