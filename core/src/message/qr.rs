//! The link as a QR code: modules only, each shell draws them its own way.
//!
//! Error correction is Medium at least (a screen in rain, a creased printout); the version is the
//! smallest that fits. Who draws adds a quiet zone of four light modules on every side.

use qrcodegen::{QrCode, QrCodeEcc, QrSegment};
use serde::Serialize;

/// A square of dark and light modules, without quiet zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QrModules {
    /// Modules on each side, 21 to 177.
    pub size: usize,
    /// Row by row from the top left, 1 is dark; `size * size` of them.
    pub modules: Vec<u8>,
}

/// Why there is no QR code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QrProblem {
    /// More text than the largest QR code holds (2331 bytes).
    #[error("link is too long for a qr code")]
    TooLong,
}

impl QrProblem {
    /// The problem's code in snake_case.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
        }
    }
}

impl QrModules {
    /// Whether the module in column `x` and row `y`, counted from the top left, is dark. Outside
    /// the square everything is light.
    #[must_use]
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.size && y < self.size && self.modules.get(y * self.size + x) == Some(&1)
    }
}

/// The QR code of `url`.
///
/// # Errors
/// [`QrProblem::TooLong`].
pub fn qr(url: &str) -> Result<QrModules, QrProblem> {
    let code = QrCode::encode_segments(&segments(url), QrCodeEcc::Medium).map_err(|_| QrProblem::TooLong)?;
    let side = code.size();
    let modules = (0..side).flat_map(|y| (0..side).map(move |x| (x, y))).map(|(x, y)| code.get_module(x, y));
    Ok(QrModules { size: usize::try_from(side).unwrap_or_default(), modules: modules.map(u8::from).collect() })
}

/// Shortest tail for which a change of mode is worth its bits with something to spare.
const MIN_TAIL: usize = 32;

/// An invitation ends in hundreds of capitals and digits, which take five and a half bits each in a mode of their own.
fn segments(url: &str) -> Vec<QrSegment> {
    let tail = url.char_indices().rev().take_while(|(_, c)| c.is_ascii_uppercase() || c.is_ascii_digit());
    let at = tail.last().map_or(url.len(), |(at, _)| at);
    match url.split_at(at) {
        (head, tail) if tail.len() >= MIN_TAIL => {
            vec![QrSegment::make_bytes(head.as_bytes()), QrSegment::make_alphanumeric(tail)]
        }
        _ => QrSegment::make_segments(url),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "https://checkout.dintero.com/v1/view/T00000000.4XGmsggrbFpzT7FTm1FxTQ";

    /// The five bits of format information beside the top left finder, unmasked (ISO 18004, 7.9).
    fn level_bits(code: &QrModules) -> u8 {
        let bit = |x, y| u8::from(code.is_dark(x, y));
        (bit(0, 8) << 1 | bit(1, 8)) ^ 0b10
    }

    #[test]
    fn a_link_becomes_a_square_with_three_finders() {
        let code = qr(LINK).unwrap();
        assert_eq!((code.size - 17) % 4, 0);
        assert_eq!(code.modules.len(), code.size * code.size);
        let far = code.size - 7;
        for (left, top) in [(0, 0), (far, 0), (0, far)] {
            for step in 0..7 {
                assert!(code.is_dark(left + step, top) && code.is_dark(left, top + step));
            }
            assert!(code.is_dark(left + 3, top + 3) && !code.is_dark(left + 1, top + 1));
        }
    }

    #[test]
    fn columns_are_columns_and_rows_are_rows() {
        // The one module that is dark in every code, at column 8; its mirror image is not fixed.
        for text in [LINK, "a", "https://example.no/1042", "https://example.no/1043"] {
            let code = qr(text).unwrap();
            assert!(code.is_dark(8, code.size - 8));
        }
    }

    #[test]
    fn error_correction_is_medium_or_better() {
        for text in [LINK, "https://example.no/1042"] {
            assert_ne!(level_bits(&qr(text).unwrap()), 0b01, "low");
        }
    }

    #[test]
    fn a_long_tail_of_capitals_and_digits_makes_a_smaller_code() {
        let size = |tail: &str| qr(&format!("paylink://invitation/{}", tail.repeat(40))).unwrap().size;
        assert!(size("060BRRAEZZ") < size("060brraezz"), "{} {}", size("060BRRAEZZ"), size("060brraezz"));
    }

    #[test]
    fn outside_the_square_everything_is_light() {
        let code = qr(LINK).unwrap();
        assert!(!code.is_dark(code.size, 0) && !code.is_dark(0, code.size));
        assert!(!code.is_dark(usize::MAX, usize::MAX));
    }

    #[test]
    fn a_text_past_the_largest_code_is_refused() {
        assert!(qr(&"a".repeat(2331)).is_ok());
        assert_eq!(qr(&"a".repeat(2332)), Err(QrProblem::TooLong));
    }
}
