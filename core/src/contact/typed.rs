//! Text as people type and paste it: one line, no invisible characters.

/// `text` without the invisible marks that contact apps put around what is copied from them
/// (direction marks, zero-width characters), with control characters and odd spaces as plain
/// spaces, runs of spaces as one, and none at the ends.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_invisible(*c)) {
        if c.is_whitespace() || c.is_control() {
            if !line.is_empty() && !line.ends_with(' ') {
                line.push(' ');
            }
        } else {
            line.push(c);
        }
    }
    if line.ends_with(' ') {
        line.pop();
    }
    line
}

/// Characters that take no room on the screen and carry no meaning in a contact field.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{FEFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn a_pasted_line_loses_marks_breaks_and_double_spaces() {
        assert_eq!(one_line("\u{202A}Storgata\u{00A0} 1\r\n\tB\u{202C} "), "Storgata 1 B");
    }

    #[test]
    fn a_line_of_nothing_but_spaces_is_empty() {
        assert_eq!(one_line(" \u{200B}\n\u{2003} "), "");
    }
}
