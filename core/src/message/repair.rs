//! Typography that a keyboard, a word processor or a formatter put in, back to what an SMS can
//! carry cheaply.
//!
//! Only typography: spaces, quotes, dashes, dots, signs that have a plain twin. Letters are never
//! changed into other letters (`č` stays `č`: it is somebody's name), except that a letter and
//! its combining mark, as some systems store `å`, become the one letter they look like.

use crate::text::{line, prose};

/// Signs and the plain twin that replaces any of them.
const TWINS: &[(&str, &str)] = &[
    (
        "\u{00A0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\
         \u{2009}\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}",
        " ",
    ),
    ("‘’‚‛′‹›`´\u{02B9}\u{02BB}\u{02BC}\u{02BD}\u{2035}", "'"),
    ("“”„‟″«»〝〞\u{02BA}\u{2036}", "\""),
    ("‐‑‒–—―−﹘﹣－•·‣◦▪●∙⁃", "-"),
    ("×✕✖⨯", "x"),
    ("…⋯", "..."),
    ("‥", ".."),
    ("⁄∕", "/"),
    ("ﬁ", "fi"),
    ("ﬂ", "fl"),
    ("ﬀ", "ff"),
    ("²", "2"),
    ("³", "3"),
];

/// Fractions, which need a space after a digit: `1½` is `1 1/2`.
const FRACTIONS: &[(char, &str)] = &[('½', "1/2"), ('⅓', "1/3"), ('⅔', "2/3"), ('¼', "1/4"), ('¾', "3/4")];

/// Letters that some write with a stroke laid over them; Unicode does not compose these.
const STRUCK: &[(char, char)] = &[('o', 'ø'), ('O', 'Ø')];

/// `text` with typography made plain: no-break and thin spaces become spaces, curly quotes
/// straight, dashes and bullets `-`, `×` `x`, `…` three dots. What nobody sees is gone and letters are composed, as in
/// all prose (`text`). Everything else stays.
#[must_use]
pub fn repair(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in prose(text).chars() {
        if let Some((_, twin)) = TWINS.iter().find(|(signs, _)| signs.contains(c)) {
            plain.push_str(twin);
        } else if let Some((_, fraction)) = FRACTIONS.iter().find(|(sign, _)| *sign == c) {
            if plain.ends_with(|before: char| before.is_ascii_digit()) {
                plain.push(' ');
            }
            plain.push_str(fraction);
        } else if let Some(letter) = plain.chars().last().and_then(|before| compose(before, c)) {
            plain.pop();
            plain.push(letter);
        } else {
            plain.push(c);
        }
    }
    // What stands beside each other now may be one letter.
    prose(&plain)
}

/// `text` in one line of plain typography, as the fields of an SMS are.
pub(super) fn plain_line(text: &str) -> String {
    line(&repair(text))
}

fn compose(letter: char, mark: char) -> Option<char> {
    let struck = STRUCK.iter().find(|(plain, _)| *plain == letter && matches!(mark, '\u{337}' | '\u{338}'));
    struck.map(|(_, struck)| *struck)
}

/// Whether [`repair`] would take `c` away; for the tests of the room.
#[cfg(test)]
pub(super) fn is_repaired(c: char) -> bool {
    TWINS.iter().any(|(signs, _)| signs.contains(c)) || FRACTIONS.iter().any(|(sign, _)| *sign == c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::sms_length;

    #[test]
    fn typography_becomes_plain() {
        for (typed, plain) in [
            ("12\u{00A0}980,50\u{202F}kr", "12 980,50 kr"),
            ("“Skogens” ‘Honning’ «AS»", "\"Skogens\" 'Honning' \"AS\""),
            ("Lys – små — store − 3", "Lys - små - store - 3"),
            ("2 × Voks…", "2 x Voks..."),
            ("• Lys · Voks", "- Lys - Voks"),
            ("Hon\u{AD}ning\u{200B}\u{FEFF}", "Honning"),
            ("1½ kg, ½ kg, 2 m²", "1 1/2 kg, 1/2 kg, 2 m2"),
            ("o`hare´s", "o'hare's"),
        ] {
            assert_eq!(repair(typed), plain);
        }
    }

    #[test]
    fn letters_written_with_a_mark_become_one_letter() {
        assert_eq!(repair("Bla\u{030A}bær"), "Blåbær");
        assert_eq!(repair("O\u{0308}l A\u{030A}se Andre\u{0301} Bjo\u{0338}rn"), "Öl Åse André Bjørn");
        assert_eq!(sms_length(&repair("Bla\u{030A}ba\u{0308}r")).parts, 1);
    }

    #[test]
    fn names_are_never_written_with_other_letters() {
        for name in ["Čelnik", "Ánne Márjá", "Đorđe", "Łukasz", "François", "Þór", "Ŋiŋŋe", "李"] {
            assert_eq!(repair(name), name);
        }
    }

    #[test]
    fn every_twin_is_plain_itself() {
        for (_, twin) in TWINS {
            assert!(sms_length(twin).made_long_by.is_empty());
            assert!(!twin.chars().any(is_repaired));
        }
    }
}
