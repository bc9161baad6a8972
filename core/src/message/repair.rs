//! Typography that a keyboard, a word processor or a formatter put in, back to what an SMS can
//! carry cheaply.
//!
//! Only typography: spaces, quotes, dashes, dots, signs that have a plain twin. Letters are never
//! changed into other letters (`č` stays `č`: it is somebody's name), except that a letter and
//! its combining mark, as some systems store `å`, become the one letter they look like.

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

/// Letters and marks that together are one letter of a Nordic or neighbouring alphabet: mark,
/// letters, and what they become, in the same order.
const COMPOSED: &[(char, &str, &str)] = &[
    ('\u{0300}', "aeiouAEIOU", "àèìòùÀÈÌÒÙ"),
    ('\u{0301}', "aeiouycnszAEIOUYCNSZ", "áéíóúýćńśźÁÉÍÓÚÝĆŃŚŹ"),
    ('\u{0302}', "aeiouAEIOU", "âêîôûÂÊÎÔÛ"),
    ('\u{0303}', "anoANO", "ãñõÃÑÕ"),
    ('\u{0304}', "aeiouAEIOU", "āēīōūĀĒĪŌŪ"),
    ('\u{0308}', "aeiouyAEIOUY", "äëïöüÿÄËÏÖÜŸ"),
    ('\u{030A}', "auAU", "åůÅŮ"),
    ('\u{030C}', "cdegnrstzCDEGNRSTZ", "čďěǧňřšťžČĎĚǦŇŘŠŤŽ"),
    ('\u{0327}', "csCS", "çşÇŞ"),
    ('\u{0328}', "aeAE", "ąęĄĘ"),
    ('\u{0337}', "oO", "øØ"),
    ('\u{0338}', "oO", "øØ"),
];

/// `text` with typography made plain: no-break and thin spaces become spaces, curly quotes
/// straight, dashes and bullets `-`, `×` `x`, `…` three dots; zero-width and direction marks go;
/// letters written with a combining mark become one letter. Everything else stays.
#[must_use]
pub fn repair(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_invisible(*c)) {
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
    plain
}

/// `text` in one line: control characters and breaks become spaces, runs of spaces one, none at
/// the ends.
pub(super) fn flatten(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `text` in one line of plain typography, as the fields of an SMS are.
pub(super) fn plain_line(text: &str) -> String {
    flatten(&repair(text))
}

fn compose(letter: char, mark: char) -> Option<char> {
    let (_, letters, composed) = COMPOSED.iter().find(|(known, ..)| *known == mark)?;
    composed.chars().nth(letters.chars().position(|known| known == letter)?)
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}'
            | '\u{061C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
    )
}

/// Whether [`repair`] would take `c` away; for the tests of the room.
#[cfg(test)]
pub(super) fn is_repaired(c: char) -> bool {
    is_invisible(c) || TWINS.iter().any(|(signs, _)| signs.contains(c)) || FRACTIONS.iter().any(|(sign, _)| *sign == c)
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
    fn the_table_of_letters_is_as_long_on_both_sides() {
        for (mark, letters, composed) in COMPOSED {
            assert_eq!(letters.chars().count(), composed.chars().count(), "{mark:?}");
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
