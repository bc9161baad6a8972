//! The words of each language: everything a customer reads, and nothing else. A language is one file, and adding one is
//! that file, which is one table, and one line in the list below.
//!
//! Places to fill in stand in braces: `{amount}`, `{seller}`, `{items}`, `{reference}`, `{date}`, `{time}`, `{count}`,
//! `{name}`, `{subject}`.

use crate::code::codes;

/// The enum, its files and where the words of each are: one line for a language.
macro_rules! languages {
    ($(#[doc = $doc:literal] $variant:ident = $code:literal in $file:ident;)+) => {
        $(mod $file;)+

        codes! {
            /// A language that customers are written to in, by its ISO 639-1 code.
            pub enum Language { $(#[doc = $doc] $variant = $code),+ }
        }

        /// The words of a language.
        pub(super) const fn texts(language: Language) -> &'static Texts {
            match language {
                $(Language::$variant => &$file::TEXTS,)+
            }
        }
    };
}

languages! {
    /// Norwegian bokmål.
    Nb = "nb" in nb;
    /// Norwegian nynorsk.
    Nn = "nn" in nn;
    /// English.
    En = "en" in en;
    /// Swedish.
    Sv = "sv" in sv;
    /// Danish.
    Da = "da" in da;
}

/// One language.
pub(super) struct Texts {
    /// What the language is called by those who speak it.
    pub name: &'static str,
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
    /// What the line is called where only an amount was typed.
    pub quick_item: &'static str,
    /// What the practice account is called; in the mail's subject, and for the seller where none is named.
    pub practice_account: &'static str,
    /// Opens every text of the practice account, as a sentence with its full stop.
    pub practice: &'static str,
    /// SMS: what a reminder says in place of `pay`; `{amount}`.
    pub remind: &'static str,
    /// Mail: the subject of a reminder; `{subject}`.
    pub remind_subject: &'static str,
    /// Mail: what a reminder is, in place of `intro`; `{seller}`.
    pub remind_intro: &'static str,
    /// Mail: for who has paid meanwhile.
    pub remind_paid: &'static str,
    /// Between groups of three digits.
    pub thousands_separator: char,
    /// Before the decimals.
    pub decimal_separator: char,
    /// The currency that `kr` stands for where the language is at home.
    pub kr_means: Option<&'static str>,
    /// `{day}` and `{month}`.
    pub date: &'static str,
    /// Between hour and minute.
    pub time_separator: char,
    /// January to December, inside a sentence.
    pub months: [&'static str; 12],
}

impl Language {
    /// What the language is called by those who speak it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        texts(self).name
    }

    /// What the practice account is called.
    #[must_use]
    pub const fn practice_account(self) -> &'static str {
        texts(self).practice_account
    }

    /// What the line is called where only an amount was typed.
    #[must_use]
    pub const fn quick_item(self) -> &'static str {
        texts(self).quick_item
    }
}

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
mod tests;
