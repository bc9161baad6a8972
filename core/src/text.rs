//! Text that comes from outside, made fit to be shown: on a screen, in a list, on a terminal.

/// At most `max` characters of a foreign text, on one line: controls become spaces, and what nobody can see is dropped.
#[must_use]
pub fn cleaned(text: &str, max: usize) -> String {
    let seen = text.chars().filter(|c| !is_invisible(*c)).map(|c| if c.is_control() || is_break(c) { ' ' } else { c });
    seen.take(max).collect::<String>().trim().to_owned()
}

/// Whether a character has no shape of its own: joiners, marks of direction, fillers, tags, variation selectors.
/// Unicode's `Default_Ignorable_Code_Point`, and the interlinear marks.
#[must_use]
pub const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Separators of lines and paragraphs, which Unicode does not count as controls.
const fn is_break(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_one_line_of_what_can_be_seen() {
        assert_eq!(cleaned("a\u{1b}[31m\r\nb\u{202e}c\u{200b}\u{feff}\u{2028}d", 99), "a [31m  bc d");
        assert_eq!(cleaned("  øøø  ", 3), "ø");
        assert_eq!(cleaned("\u{e0041}\u{3164}\u{7}", 9), "");
    }
}
