//! What comes from outside (the provider, a customer, a file) never steers a terminal: whatever is printed goes through
//! here, and leaves without escape sequences, controls and marks that nobody sees. Our own styles pass as [`styled`].

use paylink_core::text::printable;

/// Begins a style; a character that no text has. The escape character comes only with the printing.
const MARK: char = '\u{FDD0}';
const PLAIN: &str = "0m";
/// Bold, dim, good, bad, and the ground of a QR code.
const STYLES: [&str; 6] = ["1m", "2m", "32m", "31m", "30;107m", PLAIN];

/// The text in a style.
pub fn styled(style: &str, text: &str) -> String {
    format!("{MARK}{style}m{text}{MARK}{PLAIN}")
}

/// A foreign text as it may stand in a line or in a cell.
pub fn seen(text: &str) -> String {
    printable(text)
}

/// Text of several lines, as a terminal gets it.
pub fn fit(text: &str) -> String {
    let mut parts = text.split(MARK);
    let mut fit = parts.next().map(words).unwrap_or_default();
    for part in parts {
        let style = STYLES.iter().find_map(|style| part.strip_prefix(style).map(|rest| (style, rest)));
        if let Some((style, _)) = style {
            fit.push_str(&format!("\u{1b}[{style}"));
        }
        fit.push_str(&words(style.map_or(part, |(_, rest)| rest)));
    }
    fit
}

/// Word by word: what stands between them is ours.
fn words(text: &str) -> String {
    let clean = |word: &str| match word.strip_suffix([' ', '\n']) {
        Some(rest) => format!("{}{}", seen(rest), &word[rest.len()..]),
        None => seen(word),
    };
    text.split_inclusive([' ', '\n']).map(clean).collect()
}

/// JSON whose text says the same to a reader and nothing to a terminal.
pub fn fit_json(json: &str) -> String {
    let mut fit = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_control() || (!c.is_ascii() && !c.is_whitespace() && seen(c.encode_utf8(&mut [0; 4])).is_empty()) {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| fit.push_str(&format!("\\u{unit:04x}")));
        } else {
            fit.push(c);
        }
    }
    fit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_loses_what_steers_a_terminal_and_ours_keeps_its_style() {
        let foreign = "a\u{1b}[31mb\u{9b}2Jc\u{202e}d\u{7}";
        assert_eq!(fit(foreign), "abcd");
        assert_eq!(fit(&format!("  {}\n\n  x", styled("1", foreign))), "  \u{1b}[1mabcd\u{1b}[0m\n\n  x");
        assert_eq!(fit("a\u{FDD0}]0;title"), "a]0;title");
        assert_eq!(fit("  ██  ▀▄  \n"), "  ██  ▀▄  \n");
    }

    #[test]
    fn json_says_the_same_and_steers_nothing() {
        let text = "ø 1\u{a0}234 \u{9b}31m \u{202e}\u{7f} \u{e0041}\u{1b}";
        let json = fit_json(&serde_json::to_string(text).unwrap());
        assert!(json.is_ascii() || json.chars().all(|c| !c.is_control()), "{json}");
        assert!(!json.contains(['\u{9b}', '\u{202e}', '\u{7f}', '\u{e0041}']), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}
