//! Numbers as any keyboard types them, in ASCII's digits and marks.

use super::bare;
use super::table::ZEROS;

/// The text without what nobody sees, blanks as spaces, with the digits of any script as `0` to `9`, and the full-width and Arabic marks as their plain twins.
#[must_use]
pub fn number(text: &str) -> String {
    bare(text).chars().map(|c| ascii_digit(c).unwrap_or_else(|| mark(c))).collect()
}

/// A decimal digit of any script as ASCII's.
pub(crate) fn ascii_digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let below = ZEROS.partition_point(|zero| *zero <= code);
    let value = code - ZEROS.get(below.checked_sub(1)?)?;
    char::from_digit(value, 10)
}

const fn mark(c: char) -> char {
    match c {
        '\u{66A}' | '\u{FE6A}' | '\u{FF05}' => '%',
        '\u{66B}' | '\u{FE50}' | '\u{FF0C}' => ',',
        // The Arabic mark of thousands, which no other script uses for decimals.
        '\u{66C}' | '\u{FF07}' => '\'',
        '\u{FE52}' | '\u{FF0E}' => '.',
        '\u{FE62}' | '\u{FF0B}' => '+',
        '\u{FE63}' | '\u{FF0D}' => '-',
        '\u{FF1A}' => ':',
        other => other,
    }
}
