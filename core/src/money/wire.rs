//! How the value types are written down: as plain text, never as a number, so no reader can turn
//! them into a binary fraction. Plain text is strict: ASCII digits and at most one dot between
//! digits. What a person types is read by `parse`, not here.

use rust_decimal::Decimal;

/// Writes hundredths as the shortest plain decimal: 2500 is "25", 1111 is "11.11", 2550 is "25.5".
pub(super) fn hundredths_text(hundredths: u32) -> String {
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    match (rest, rest % 10) {
        (0, _) => whole.to_string(),
        (_, 0) => format!("{whole}.{}", rest / 10),
        _ => format!("{whole}.{rest:02}"),
    }
}

/// Reads what [`hundredths_text`] writes; `None` for more than two decimals or anything else.
pub(super) fn hundredths_from_text(text: &str) -> Option<u32> {
    let (whole, fraction) = plain_parts(text)?;
    if fraction.len() > 2 {
        return None;
    }
    format!("{whole}{fraction:0<2}").parse().ok()
}

/// Reads a plain, unsigned decimal.
pub(super) fn decimal_from_text(text: &str) -> Option<Decimal> {
    plain_parts(text)?;
    Decimal::from_str_exact(text).ok()
}

fn plain_parts(text: &str) -> Option<(&str, &str)> {
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('.') {
        Some((whole, fraction)) => (all_digits(whole) && all_digits(fraction)).then_some((whole, fraction)),
        None => all_digits(text).then_some((text, "")),
    }
}

/// Gives a type serde as a text: `write` makes the text, `read` is fallible and takes a `&str`.
macro_rules! serde_as_text {
    ($type:ty, write: $write:expr, read: $read:expr, expected: $expected:literal) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(($write)(self).as_ref())
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                let read: fn(&str) -> Option<Self> = $read;
                read(&text).ok_or_else(|| serde::de::Error::custom(concat!("expected ", $expected)))
            }
        }
    };
}
pub(super) use serde_as_text;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hundredths_are_written_without_useless_zeros_and_read_back() {
        for (hundredths, text) in [(0, "0"), (5, "0.05"), (50, "0.5"), (1111, "11.11"), (2500, "25"), (2550, "25.5")] {
            assert_eq!(hundredths_text(hundredths), text);
            assert_eq!(hundredths_from_text(text), Some(hundredths));
        }
    }

    #[test]
    fn plain_text_is_strict() {
        for text in ["", ".", "1.", ".5", "1,5", "+1", "-1", " 1", "1e3", "1_000", "1.2.3", "١"] {
            assert_eq!(hundredths_from_text(text), None, "{text:?}");
            assert_eq!(decimal_from_text(text), None, "{text:?}");
        }
        assert_eq!(hundredths_from_text("1.234"), None);
        assert_eq!(hundredths_from_text("99999999999999999999"), None);
        assert_eq!(decimal_from_text(&"9".repeat(40)), None);
    }
}
