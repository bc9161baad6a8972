//! Bytes to text, whoever wrote them.

/// What bytes say. Never fails: what is neither UTF-8 nor marked as UTF-16 is Windows-1252, of which Latin-1 is a part.
pub(super) fn text(bytes: &[u8]) -> String {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => narrow(rest),
        bytes => narrow(bytes),
    }
}

fn narrow(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().copied().map(windows_1252).collect(), str::to_owned)
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    char::decode_utf16(pairs.iter().copied().map(unit)).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Latin-1 but for these; the five that Windows leaves open are their controls.
const FROM_80: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

fn windows_1252(byte: u8) -> char {
    byte.checked_sub(0x80).and_then(|at| FROM_80.get(usize::from(at))).copied().unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_the_same_in_every_encoding() {
        let said = "Blåbærsyltetøy 5 € – nå";
        let units = |marked: &str| marked.encode_utf16().collect::<Vec<_>>();
        let little: Vec<u8> =
            units("\u{FEFF}Blåbærsyltetøy 5 € – nå").iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> =
            units("\u{FEFF}Blåbærsyltetøy 5 € – nå").iter().flat_map(|unit| unit.to_be_bytes()).collect();
        let windows = b"Bl\xE5b\xE6rsyltet\xF8y 5 \x80 \x96 n\xE5";
        for bytes in [said.as_bytes(), format!("\u{FEFF}{said}").as_bytes(), &little, &big, windows] {
            assert_eq!(text(bytes), said);
        }
    }

    #[test]
    fn half_a_unit_and_half_a_pair_break_nothing() {
        assert_eq!(text(b"\xFF\xFEa\0\x3D"), "a");
        assert_eq!(text(b"\xFE\xFF\xD8\x3D"), "\u{FFFD}");
        assert_eq!(text(b""), "");
    }
}
