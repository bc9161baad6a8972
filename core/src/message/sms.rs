//! The SMS, and the ladder by which it gets shorter.
//!
//! `Hei! Betal 298,00 kr til Skogens Honning AS for 2 x Honning 500 g. Ordre 1042. <link>`
//!
//! | rung | what is left out |
//! |---|---|
//! | 0 | nothing |
//! | 1 | the expiry: it also stands on the payment page, and trust hangs on who, what, how much |
//! | 2 | the names of all items but the first ("og 2 varer til") |
//! | 3 | all names of items ("for 3 varer") |
//! | 4 | the items |
//! | 5 | the greeting |
//!
//! A text of the practice account says so first, on every rung.
//!
//! Sent is the fullest rung among those with the fewest parts: what does not save an SMS is not
//! left out. Seller, amount, reference, link and the terms link are on every rung.

use super::{
    MessageInput, Purpose, amount,
    date::tell,
    items::{self, Detail},
    length::sms_length,
    repair::plain_line,
    text::{fill, full_stop, texts},
};

struct Rung {
    hello: bool,
    expiry: bool,
    items: Detail,
}

const LADDER: [Rung; 6] = [
    Rung { hello: true, expiry: true, items: Detail::All },
    Rung { hello: true, expiry: false, items: Detail::All },
    Rung { hello: true, expiry: false, items: Detail::First },
    Rung { hello: true, expiry: false, items: Detail::Count },
    Rung { hello: true, expiry: false, items: Detail::None },
    Rung { hello: false, expiry: false, items: Detail::None },
];

/// The fullest text among those with the fewest parts.
pub(super) fn shortened(input: &MessageInput) -> String {
    let texts = LADDER.iter().map(|rung| write(input, rung));
    // `min_by_key` answers the first of equals, which is the fullest.
    texts.min_by_key(|text| sms_length(text).parts).unwrap_or_default()
}

/// The text with everything in it, however long.
pub(super) fn full(input: &MessageInput) -> String {
    LADDER.first().map(|rung| write(input, rung)).unwrap_or_default()
}

fn write(input: &MessageInput, rung: &Rung) -> String {
    let language = input.language;
    let t = texts(language);
    let mut text = String::new();
    if input.practice {
        text.push_str(t.practice);
        text.push(' ');
    }
    if rung.hello {
        text.push_str(t.hello);
        text.push(' ');
    }

    let amount = amount::amount(language, input.amount_minor, &input.currency_code, input.exponent);
    let pay = match input.purpose {
        Purpose::Request => t.pay,
        Purpose::Reminder => t.remind,
    };
    text.push_str(&fill(pay, &[("amount", &plain_line(&amount))]));
    let seller = plain_line(&input.seller);
    if !seller.is_empty() {
        text.push_str(&fill(t.to, &[("seller", &seller)]));
    }
    if let Some(items) = items::told(language, &input.items, rung.items) {
        text.push_str(&fill(t.for_items, &[("items", &items)]));
    }
    full_stop(&mut text);

    let reference = plain_line(&input.reference);
    if !reference.is_empty() {
        text.push(' ');
        text.push_str(&fill(t.order, &[("reference", &reference)]));
        full_stop(&mut text);
    }
    let expiry = input.expires_at_ms.filter(|_| rung.expiry);
    if let Some(told) = expiry.and_then(|at| tell(language, at, input.zone)) {
        text.push(' ');
        text.push_str(&fill(t.valid_until, &[("date", &told.date)]));
        full_stop(&mut text);
    }
    // Two links beside each other: a word before each says which is which. No full stop after a
    // link, or phones take it for a part of it.
    let terms = input.terms_url.as_deref().map(str::trim).filter(|terms| !terms.is_empty());
    if let Some(terms) = terms {
        text.push_str(&format!(" {} {terms}", t.terms));
    }
    if !input.url.is_empty() {
        if terms.is_some() {
            text.push_str(&format!(" {}", t.pay_here));
        }
        text.push(' ');
        text.push_str(&input.url);
    }
    text
}
