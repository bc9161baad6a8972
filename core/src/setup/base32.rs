//! Crockford's base 32, for what is read aloud, typed or put into a QR code: any case, `O` is 0, `I` and `L` are 1,
//! hyphens and blanks mean nothing.

use crate::id::CROCKFORD;
use zeroize::Zeroizing;

/// Bits of a character.
const BITS: u32 = 5;

/// What a character stands for.
pub(super) fn value(c: char) -> Option<u8> {
    let meant = match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    CROCKFORD.iter().position(|one| *one == meant).and_then(|at| u8::try_from(at).ok())
}

/// Whether a character only groups others.
pub(super) fn is_group(c: char) -> bool {
    // What keyboards make of a hyphen, too.
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}') || c.is_whitespace()
}

/// Bytes as characters; the last one is filled up with zeros.
pub(super) fn encode(bytes: &[u8]) -> String {
    let (mut text, mut held, mut bits) = (String::new(), 0_u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= BITS {
            bits -= BITS;
            text.push(character(held >> bits));
        }
    }
    if bits > 0 {
        text.push(character(held << (BITS - bits)));
    }
    text
}

/// The character of the lowest five bits.
pub(super) fn character(bits: u32) -> char {
    CROCKFORD.get((bits & 31) as usize).copied().unwrap_or('0')
}

/// Characters as bytes. `None` where one is no character of base 32, one is missing, or the last one is not filled up
/// with zeros: there is one text for each sequence of bytes, apart from how it is written.
pub(super) fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let (mut held, mut bits) = (0_u32, 0);
    for c in text.chars().filter(|c| !is_group(*c)) {
        held = (held << BITS | u32::from(value(c)?)) & 0xFFFF;
        bits += BITS;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
    }
    let rest = held & ((1 << bits) - 1);
    (bits < BITS && rest == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_is_read_as_people_write_it() {
        assert_eq!(encode(b"foobar!"), "CSQPYRK1E8GG");
        for written in ["CSQPYRK1E8GG", "csqp-yrk1-e8gg", "CSQP YRKl E8GG\n", "csqpyrkIe8gg"] {
            assert_eq!(decode(written).unwrap().as_slice(), b"foobar!", "{written}");
        }
        for wrong in ["CSQPYRK1E8GU", "CSQPYRK1E8GH", "CSQPYRK1E8G", "CSQPYRK1E8GG00", "æ"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(Zeroizing::new(bytes)));
        }
    }
}
