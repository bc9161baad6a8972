//! What a text may hold: the one place that decides it, for what people type and paste, for what is sent on, and for
//! what comes from outside and is shown.
//!
//! | kind | function | invisible characters | form |
//! |---|---|---|---|
//! | names, descriptions, streets | [`prose`] | gone, but for joiners and selectors where they change what is seen | NFC, trimmed |
//! | names and addresses on one line | [`line()`] | as [`prose`] | as [`prose`], controls and runs of blanks one space |
//! | references, codes, phone numbers, e-mail addresses | [`plain`] | gone | NFC, runs of blanks one space, trimmed |
//! | credentials | [`credential`] | gone | trimmed, else as they are |
//! | amounts, quantities, rates, postal codes | [`number`] | gone | NFC, blanks are spaces, trimmed; digits and marks of any script are ASCII's |
//! | links | [`pasted`] | gone | breaks gone with the blanks beside them, trimmed |
//! | what is searched for and in | [`search_key`] | gone | as [`plain`], lower case |
//! | foreign text on a screen or a terminal | [`cleaned`], [`printable`] | as [`prose`] | one line; no controls, no escape sequences |
//!
//! Controls stay in what was typed, so that whoever checks a field can say so; NFC turns look-alikes such as the Ångström and
//! the Ohm sign into their letters. A text in which nothing can be seen is empty.

mod number;
mod table;

pub(crate) use number::ascii_digit;
pub use number::number;
pub use table::is_invisible;

use icu_normalizer::ComposingNormalizerBorrowed;
use table::{is_blank, is_break, is_kept};

/// Typed text that people read. Marks of direction, tags, fillers and everything else that has no shape go; a joiner or a
/// variation selector stays where it changes what is seen. NFC, without blanks around it.
#[must_use]
pub fn prose(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if !is_invisible(c) || is_kept(&seen, c, rest.clone().next()) {
            seen.push(c);
        }
    }
    let seen = composed(seen.trim());
    if seen.chars().all(is_blank) { String::new() } else { seen }
}

/// [`prose`] on one line, whatever was pasted: controls and runs of blanks are one space.
#[must_use]
pub fn line(text: &str) -> String {
    one_spaced(&prose(&without_controls(text)), char::is_whitespace)
}

/// Typed text that machines compare: nothing invisible in it, runs of blanks one space. NFC, without blanks around it.
#[must_use]
pub fn plain(text: &str) -> String {
    one_spaced(&bare(text), |c| c == ' ')
}

/// [`plain`] with its blanks one by one.
fn bare(text: &str) -> String {
    let seen = text.chars().filter(|c| !is_invisible(*c));
    let spaced: String = seen.map(|c| if is_blank(c) && !is_control(c) { ' ' } else { c }).collect();
    composed(spaced.trim())
}

/// An identifier, a secret or a token as it was pasted, less what nobody sees; its letters are left as they are.
#[must_use]
pub fn credential(text: &str) -> String {
    let seen: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    seen.trim().to_owned()
}

/// A link as it was pasted, less what nobody sees, the blanks around it, and the breaks that a mail puts into a long line.
#[must_use]
pub fn pasted(text: &str) -> String {
    let seen: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    seen.split(is_control).map(|line| line.trim_matches(is_blank)).collect()
}

/// What a search compares: [`plain`] in lower case.
#[must_use]
pub fn search_key(text: &str) -> String {
    let plain = plain(&without_controls(text));
    let small = plain.chars().flat_map(char::to_lowercase);
    // Greek has two small sigmas; and what was two characters may have become one letter's mark.
    composed(&small.map(|c| if c == 'ς' { 'σ' } else { c }).collect::<String>())
}

/// At most `max` characters of a foreign text, fit to be shown on one line.
#[must_use]
pub fn cleaned(text: &str, max: usize) -> String {
    let seen = printable(text);
    match seen.char_indices().nth(max) {
        None => seen,
        Some((end, _)) => seen.get(..end).unwrap_or_default().trim_end().to_owned(),
    }
}

/// A foreign text fit to be shown on one line: without the sequences that steer a terminal, marks of direction and
/// whatever else nobody can see; controls, breaks and runs of blanks are one space.
#[must_use]
pub fn printable(text: &str) -> String {
    line(&without_escapes(text))
}

/// Whether a text holds anything to see: a field without is empty.
#[must_use]
pub fn is_filled(text: &str) -> bool {
    !plain(text).is_empty()
}

/// Whether a text holds a control or a break of lines: it is no single line then.
#[must_use]
pub fn has_control(text: &str) -> bool {
    text.chars().any(is_control)
}

fn is_control(c: char) -> bool {
    c.is_control() || is_break(c)
}

/// `text` with a space for each control and break.
fn without_controls(text: &str) -> String {
    text.chars().map(|c| if is_control(c) { ' ' } else { c }).collect()
}

/// `text` with one space for each run of blanks, none at its ends.
fn one_spaced(text: &str, is_blank: impl Fn(char) -> bool) -> String {
    let mut spaced = String::with_capacity(text.len());
    for word in text.split(is_blank).filter(|word| !word.is_empty()) {
        if !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push_str(word);
    }
    spaced
}

fn composed(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned()
}

/// `text` without ECMA-48's sequences: `ESC [ … letter`, `ESC ] … BEL` and the like, and their one-character forms.
fn without_escapes(text: &str) -> String {
    let mut rest = text.chars().peekable();
    let mut seen = String::with_capacity(text.len());
    while let Some(c) = rest.next() {
        let introduced = match c {
            '\u{1b}' => rest.next(),
            '\u{9b}' => Some('['),
            '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => Some(']'),
            _ => {
                seen.push(c);
                continue;
            }
        };
        match introduced {
            // Parameters up to a final byte; anything else ends it and is text again.
            Some('[') => {
                while rest.next_if(|c| matches!(c, ' '..='?')).is_some() {}
                rest.next_if(|c| matches!(c, '@'..='~'));
            }
            // A string, up to its terminator, or to the end of the line where it has none.
            Some(']' | 'P' | 'X' | '^' | '_') => {
                while rest.next_if(|c| !c.is_control()).is_some() {}
                rest.next_if(|c| matches!(c, '\u{7}' | '\u{9c}'));
            }
            // Two intermediate bytes and a final one at the most.
            Some(' '..='/') => {
                rest.next_if(|c| matches!(c, '0'..='~'));
            }
            _ => {}
        }
    }
    seen
}

#[cfg(test)]
mod tests;
