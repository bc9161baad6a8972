//! How long an SMS is, as the network counts it (3GPP TS 23.038 and 23.040; phone facts 1).
//!
//! | alphabet | alone | each part of several | a character costs |
//! |---|---|---|---|
//! | GSM-7 | 160 | 153 | 1; from the extension table 2 |
//! | UCS-2 | 70 | 67 | 1; outside the basic plane (emoji) 2 |
//!
//! One character outside GSM-7 turns the whole message to UCS-2. The two units of one character
//! are never split over two parts, so a part may end with one unit unused.

use crate::code::codes;
use serde::Serialize;

const GSM7_ALONE: usize = 160;
const GSM7_PART: usize = 153;
const UCS2_ALONE: usize = 70;
const UCS2_PART: usize = 67;

/// The basic set, without the letters and digits of ASCII and without the escape character.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";
/// The extension table: each costs an escape beside itself.
const EXTENSION: &str = "\u{000C}^{}\\[~]|€";

codes! {
    /// The alphabet an SMS travels in.
    pub enum SmsEncoding {
        /// The seven-bit default alphabet of GSM.
        Gsm7 = "gsm7",
        /// Sixteen-bit units, for every text with a character outside GSM-7.
        Ucs2 = "ucs2",
    }
}

/// What a text costs as SMS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SmsLength {
    /// The alphabet it needs.
    pub encoding: SmsEncoding,
    /// Its length in units of that alphabet.
    pub units: usize,
    /// How many SMS are sent and paid; an empty text counts as one.
    pub parts: usize,
    /// Units that still fit into the last part.
    pub units_left_in_part: usize,
    /// The characters outside GSM-7, each once, in the order they appear.
    pub made_long_by: Vec<String>,
}

/// Counts `text` as the network would.
#[must_use]
pub fn sms_length(text: &str) -> SmsLength {
    let made_long_by = outside_gsm7(text);
    let (encoding, alone, part) = if made_long_by.is_empty() {
        (SmsEncoding::Gsm7, GSM7_ALONE, GSM7_PART)
    } else {
        (SmsEncoding::Ucs2, UCS2_ALONE, UCS2_PART)
    };
    let cost = |c: char| match encoding {
        SmsEncoding::Gsm7 => gsm7_cost(c).unwrap_or(1),
        SmsEncoding::Ucs2 => c.len_utf16(),
    };
    let units: usize = text.chars().map(cost).sum();
    if units <= alone {
        let left = alone - units;
        return SmsLength { encoding, units, parts: 1, units_left_in_part: left, made_long_by };
    }
    let mut parts = 1;
    let mut used = 0;
    for cost in text.chars().map(cost) {
        if used + cost > part {
            parts += 1;
            used = 0;
        }
        used += cost;
    }
    SmsLength { encoding, units, parts, units_left_in_part: part - used, made_long_by }
}

/// Units of `c` in GSM-7, or `None` outside it.
fn gsm7_cost(c: char) -> Option<usize> {
    if c.is_ascii_alphanumeric() || BASIC.contains(c) {
        Some(1)
    } else if EXTENSION.contains(c) {
        Some(2)
    } else {
        None
    }
}

/// The offending characters. A combining mark is reported together with its letter: alone it would
/// sit on whatever the app writes before it.
fn outside_gsm7(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut before = None;
    for c in text.chars() {
        if gsm7_cost(c).is_none() {
            let shown = match before {
                Some(letter) if ('\u{0300}'..='\u{036F}').contains(&c) => format!("{letter}{c}"),
                _ => c.to_string(),
            };
            if !found.contains(&shown) {
                found.push(shown);
            }
        }
        before = Some(c);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(text: &str) -> (SmsEncoding, usize, usize, usize) {
        let length = sms_length(text);
        (length.encoding, length.units, length.parts, length.units_left_in_part)
    }

    use SmsEncoding::{Gsm7, Ucs2};

    #[test]
    fn one_part_holds_160_and_two_hold_306() {
        assert_eq!(counted(""), (Gsm7, 0, 1, 160));
        assert_eq!(counted(&"a".repeat(160)), (Gsm7, 160, 1, 0));
        assert_eq!(counted(&"a".repeat(161)), (Gsm7, 161, 2, 145));
        assert_eq!(counted(&"å".repeat(306)), (Gsm7, 306, 2, 0));
        assert_eq!(counted(&"å".repeat(307)), (Gsm7, 307, 3, 152));
    }

    #[test]
    fn in_ucs2_one_part_holds_70_and_two_hold_134() {
        assert_eq!(counted(&"č".repeat(70)), (Ucs2, 70, 1, 0));
        assert_eq!(counted(&"č".repeat(71)), (Ucs2, 71, 2, 63));
        assert_eq!(counted(&"č".repeat(135)), (Ucs2, 135, 3, 66));
    }

    #[test]
    fn an_extension_character_costs_two_and_is_never_split() {
        assert_eq!(counted(&"€".repeat(80)), (Gsm7, 160, 1, 0));
        // 153 is odd: each part holds 76 euro signs and wastes one unit.
        assert_eq!(counted(&"€".repeat(152)), (Gsm7, 304, 2, 1));
        assert_eq!(counted(&"€".repeat(153)), (Gsm7, 306, 3, 151));
    }

    #[test]
    fn an_emoji_costs_two_and_is_never_split() {
        assert_eq!(counted("🐝"), (Ucs2, 2, 1, 68));
        assert_eq!(counted(&"🐝".repeat(67)), (Ucs2, 134, 3, 65));
    }

    #[test]
    fn everything_in_the_facts_counts_as_written_there() {
        for c in "æøåÆØÅäöüñàéèùìòÇ§£¥¤Δ \n\r".chars() {
            assert_eq!(gsm7_cost(c), Some(1), "{c:?}");
        }
        for c in "^{}\\[]~|€\u{000C}".chars() {
            assert_eq!(gsm7_cost(c), Some(2), "{c:?}");
        }
        for c in "\u{00A0}\u{202F}“”‘’–—×•…🐝čšđŧŋáíóúðþýç`´\t\u{1B}".chars() {
            assert_eq!(gsm7_cost(c), None, "{c:?}");
        }
        assert_eq!(BASIC.chars().count() + 62, 127);
    }

    #[test]
    fn the_characters_that_made_it_long_are_named_once_in_order() {
        assert_eq!(sms_length("Čečč 🐝 and Č").made_long_by, ["Č", "č", "🐝"]);
        assert_eq!(sms_length("a\u{0323}").made_long_by, ["a\u{0323}"]);
        assert!(sms_length("Blåbær [1] €").made_long_by.is_empty());
    }
}
