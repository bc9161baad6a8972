//! What a text may hold: the one place that decides it, for what people type and paste, for what is sent on, and for
//! what comes from outside and is shown.
//!
//! | kind | function | invisible characters | form |
//! |---|---|---|---|
//! | names, descriptions, streets | [`prose`] | gone, but for joiners and selectors where they change what is seen | NFC, trimmed |
//! | references, codes, phone numbers, addresses, credentials | [`plain`] | gone | NFC, blanks are spaces, trimmed |
//! | amounts, quantities, rates, postal codes | [`number`] | gone | as [`plain`]; digits and marks of any script are ASCII's |
//! | what is searched for and in | [`search_key`] | gone | NFC, lower case, blanks as one space |
//! | foreign text on a screen or a terminal | [`cleaned`], [`printable`] | as [`prose`] | one line; no controls, no escape sequences |
//!
//! Controls stay in what was typed, so that whoever checks a field can say so; NFC turns look-alikes such as the Ångström and
//! the Ohm sign into their letters. A text in which nothing can be seen is empty.

mod number;
mod table;

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

/// Typed text that machines compare: nothing invisible in it, each blank a plain space. NFC, without blanks around it.
#[must_use]
pub fn plain(text: &str) -> String {
    let seen = text.chars().filter(|c| !is_invisible(*c));
    let spaced: String = seen.map(|c| if is_blank(c) && !c.is_control() && !is_break(c) { ' ' } else { c }).collect();
    composed(spaced.trim())
}

/// What a search compares: [`plain`] in lower case, runs of blanks as one space.
#[must_use]
pub fn search_key(text: &str) -> String {
    let spaced: String = plain(text).chars().map(|c| if c.is_control() || is_break(c) { ' ' } else { c }).collect();
    let mut key = String::with_capacity(spaced.len());
    for word in spaced.split_whitespace() {
        if !key.is_empty() {
            key.push(' ');
        }
        // `ẞ` and `İ` become several characters, and a capital with a mark its small letter.
        key.extend(word.chars().flat_map(char::to_lowercase));
    }
    composed(&key)
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
/// whatever else nobody can see; controls and breaks are spaces.
#[must_use]
pub fn printable(text: &str) -> String {
    let text: String =
        without_escapes(text).chars().map(|c| if c.is_control() || is_break(c) { ' ' } else { c }).collect();
    prose(&text)
}

/// Whether a text holds a control or a break of lines: it is no single line then.
#[must_use]
pub fn has_control(text: &str) -> bool {
    text.chars().any(|c| c.is_control() || is_break(c))
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
