//! The words of each language. Everything a customer reads, and nothing else, is written here.
//!
//! Places to fill in stand in braces: `{amount}`, `{seller}`, `{items}`, `{reference}`, `{date}`,
//! `{time}`, `{count}`, `{name}`. A new language is one more table and one more line in [`texts`].

use super::Language;

/// One language.
pub(super) struct Texts {
    /// Opens an SMS.
    pub hello: &'static str,
    /// What is asked; `{amount}`.
    pub pay: &'static str,
    /// To whom; `{seller}`.
    pub to: &'static str,
    /// For what; `{items}`.
    pub for_items: &'static str,
    /// Joins the last two items.
    pub and: &'static str,
    /// Exactly one item.
    pub one_item: &'static str,
    /// Several items; `{count}`.
    pub many_items: &'static str,
    /// One item besides those named.
    pub one_more: &'static str,
    /// Several besides those named; `{count}`.
    pub many_more: &'static str,
    /// The order, as a sentence without its full stop; `{reference}`.
    pub order: &'static str,
    /// Until when the link works, short, without full stop; `{date}`.
    pub valid_until: &'static str,
    /// Before the terms link in an SMS.
    pub terms: &'static str,
    /// Before the payment link where another link stands before it, and in mail.
    pub pay_here: &'static str,
    /// Mail: the subject; `{seller}`, `{amount}`.
    pub subject: &'static str,
    /// Mail: the subject when no seller is named; `{amount}`.
    pub subject_without_seller: &'static str,
    /// Mail: the order at the end of the subject; `{reference}`.
    pub subject_order: &'static str,
    /// Mail: greeting with a name; `{name}`.
    pub dear: &'static str,
    /// Mail: greeting without a name.
    pub dear_customer: &'static str,
    /// Mail: what this is, without full stop; `{seller}`.
    pub intro: &'static str,
    /// Mail: before the amount; `{amount}`.
    pub total: &'static str,
    /// Mail: before the reference; `{reference}`.
    pub order_line: &'static str,
    /// Mail: until when the link works; `{date}`, `{time}`.
    pub valid_until_time: &'static str,
    /// Mail: before the terms link.
    pub terms_line: &'static str,
    /// Mail: whom to ask.
    pub questions: &'static str,
    /// Mail: before the seller's name at the end.
    pub regards: &'static str,
    /// `{day}` and `{month}`.
    pub date: &'static str,
    /// Between hour and minute.
    pub time_separator: char,
    /// January to December, inside a sentence.
    pub months: [&'static str; 12],
}

/// The words of `language`.
pub(super) fn texts(language: Language) -> &'static Texts {
    match language {
        Language::Nb => &NB,
        Language::Nn => &NN,
        Language::En => &EN,
        Language::Sv => &SV,
        Language::Da => &DA,
    }
}

const NORWEGIAN_MONTHS: [&str; 12] = [
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
];

const NB: Texts = Texts {
    hello: "Hei!",
    pay: "Betal {amount}",
    to: " til {seller}",
    for_items: " for {items}",
    and: "og",
    one_item: "1 vare",
    many_items: "{count} varer",
    one_more: "1 vare til",
    many_more: "{count} varer til",
    order: "Ordre {reference}",
    valid_until: "Gyldig til {date}",
    terms: "Vilkår:",
    pay_here: "Betal her:",
    subject: "Betaling til {seller}: {amount}",
    subject_without_seller: "Betaling: {amount}",
    subject_order: " (ordre {reference})",
    dear: "Hei {name},",
    dear_customer: "Hei,",
    intro: "Her er betalingslenken fra {seller}",
    total: "Å betale: {amount}",
    order_line: "Ordre: {reference}",
    valid_until_time: "Lenken gjelder til {date} kl. {time}.",
    terms_line: "Vilkår og angrerett:",
    questions: "Har du spørsmål, kan du svare på denne e-posten.",
    regards: "Vennlig hilsen",
    date: "{day}. {month}",
    time_separator: '.',
    months: NORWEGIAN_MONTHS,
};

const NN: Texts = Texts {
    hello: "Hei!",
    pay: "Betal {amount}",
    to: " til {seller}",
    for_items: " for {items}",
    and: "og",
    one_item: "1 vare",
    many_items: "{count} varer",
    one_more: "1 vare til",
    many_more: "{count} varer til",
    order: "Ordre {reference}",
    valid_until: "Gyldig til {date}",
    terms: "Vilkår:",
    pay_here: "Betal her:",
    subject: "Betaling til {seller}: {amount}",
    subject_without_seller: "Betaling: {amount}",
    subject_order: " (ordre {reference})",
    dear: "Hei {name},",
    dear_customer: "Hei,",
    intro: "Her er betalingslenkja frå {seller}",
    total: "Å betale: {amount}",
    order_line: "Ordre: {reference}",
    valid_until_time: "Lenkja gjeld til {date} kl. {time}.",
    terms_line: "Vilkår og angrerett:",
    questions: "Har du spørsmål, kan du svare på denne e-posten.",
    regards: "Vennleg helsing",
    date: "{day}. {month}",
    time_separator: '.',
    months: NORWEGIAN_MONTHS,
};

const EN: Texts = Texts {
    hello: "Hi!",
    pay: "Pay {amount}",
    to: " to {seller}",
    for_items: " for {items}",
    and: "and",
    one_item: "1 item",
    many_items: "{count} items",
    one_more: "1 more item",
    many_more: "{count} more items",
    order: "Order {reference}",
    valid_until: "Valid until {date}",
    terms: "Terms:",
    pay_here: "Pay here:",
    subject: "Payment to {seller}: {amount}",
    subject_without_seller: "Payment: {amount}",
    subject_order: " (order {reference})",
    dear: "Hello {name},",
    dear_customer: "Hello,",
    intro: "Here is the payment link from {seller}",
    total: "To pay: {amount}",
    order_line: "Order: {reference}",
    valid_until_time: "The link is valid until {date} at {time}.",
    terms_line: "Terms and right of withdrawal:",
    questions: "If you have questions, please reply to this e-mail.",
    regards: "Kind regards",
    date: "{day} {month}",
    time_separator: ':',
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
};

const SV: Texts = Texts {
    hello: "Hej!",
    pay: "Betala {amount}",
    to: " till {seller}",
    for_items: " för {items}",
    and: "och",
    one_item: "1 vara",
    many_items: "{count} varor",
    one_more: "1 vara till",
    many_more: "{count} varor till",
    order: "Order {reference}",
    valid_until: "Giltig till {date}",
    terms: "Villkor:",
    pay_here: "Betala här:",
    subject: "Betalning till {seller}: {amount}",
    subject_without_seller: "Betalning: {amount}",
    subject_order: " (order {reference})",
    dear: "Hej {name},",
    dear_customer: "Hej,",
    intro: "Här är betalningslänken från {seller}",
    total: "Att betala: {amount}",
    order_line: "Order: {reference}",
    valid_until_time: "Länken gäller till {date} kl. {time}.",
    terms_line: "Villkor och ångerrätt:",
    questions: "Har du frågor kan du svara på det här mejlet.",
    regards: "Vänliga hälsningar",
    date: "{day} {month}",
    time_separator: '.',
    months: [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ],
};

const DA: Texts = Texts {
    hello: "Hej!",
    pay: "Betal {amount}",
    to: " til {seller}",
    for_items: " for {items}",
    and: "og",
    one_item: "1 vare",
    many_items: "{count} varer",
    one_more: "1 vare mere",
    many_more: "{count} varer mere",
    order: "Ordre {reference}",
    valid_until: "Gyldig til {date}",
    terms: "Vilkår:",
    pay_here: "Betal her:",
    subject: "Betaling til {seller}: {amount}",
    subject_without_seller: "Betaling: {amount}",
    subject_order: " (ordre {reference})",
    dear: "Hej {name},",
    dear_customer: "Hej,",
    intro: "Her er betalingslinket fra {seller}",
    total: "At betale: {amount}",
    order_line: "Ordre: {reference}",
    valid_until_time: "Linket gælder til {date} kl. {time}.",
    terms_line: "Vilkår og fortrydelsesret:",
    questions: "Har du spørgsmål, kan du svare på denne e-mail.",
    regards: "Venlig hilsen",
    date: "{day}. {month}",
    time_separator: '.',
    months: [
        "januar",
        "februar",
        "marts",
        "april",
        "maj",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "december",
    ],
};

/// `template` with each `{name}` replaced. One pass: braces in a value stay what they are.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            filled.push_str(value);
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// Ends a sentence, unless what was filled in ends it already ("Olsen & Co.").
pub(super) fn full_stop(text: &mut String) {
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;

impl Language {
    /// What the line is called where only an amount was typed.
    #[must_use]
    pub fn quick_item(self) -> &'static str {
        match self {
            Self::Nb | Self::Nn | Self::Da => "Betaling",
            Self::En => "Payment",
            Self::Sv => "Betalning",
        }
    }
}
