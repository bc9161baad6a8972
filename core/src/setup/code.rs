//! The code of an invitation: twelve characters that go another way than the invitation itself.

use super::base32;
use crate::order::Problem;
use crate::problem::ProblemCode;
use crate::text;
use ring::rand::{SecureRandom, SystemRandom};
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// Characters of a code, five bits each. What these 60 bits are worth: ADR 8.
pub(super) const CODE: usize = 12;
/// Characters between two hyphens, as it is read aloud.
const GROUP: usize = 4;

/// A code in its one form: capitals and digits. It is wiped when it is let go of, and no `Debug` shows it.
pub struct InvitationCode(Zeroizing<String>);

impl fmt::Debug for InvitationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvitationCode(…)")
    }
}

impl InvitationCode {
    /// A new one; `None` where the system has no randomness to give.
    pub(super) fn generate() -> Option<Self> {
        let mut chance = Zeroizing::new([0_u8; 8]);
        SystemRandom::new().fill(chance.as_mut_slice()).ok()?;
        let mut bits = u64::from_be_bytes(*chance);
        let code = (0..CODE).map(|n| base32::character((bits >> (5 * n)) as u32)).collect();
        bits.zeroize();
        Some(Self(Zeroizing::new(code)))
    }

    /// Reads a code as it is typed: any case, with or without hyphens and blanks, `O` for 0, `I` and `L` for 1.
    ///
    /// # Errors
    /// A problem of the field `code`, which does not quote it.
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let wrong = |code| Problem::on("code", code);
        let max = |code| wrong(code).with("max", &CODE.to_string());
        let mut code = Zeroizing::new(String::with_capacity(CODE));
        // Letter by letter: no half-read copy is left behind.
        for c in typed.chars().filter(|c| !text::is_invisible(*c) && !base32::is_group(*c)) {
            let c = text::ascii_digit(c).unwrap_or(c);
            let value = base32::value(c).ok_or_else(|| wrong(ProblemCode::Invalid))?;
            if code.len() == CODE {
                return Err(max(ProblemCode::TooLong));
            }
            code.push(base32::character(value.into()));
        }
        match code.len() {
            0 => Err(wrong(ProblemCode::Required)),
            CODE => Ok(Self(code)),
            _ => Err(wrong(ProblemCode::TooShort)),
        }
    }

    /// As it is read aloud: `ABCD-EFGH-JKMN`. For whoever passes it on.
    #[must_use]
    pub fn spoken(&self) -> Zeroizing<String> {
        let mut spoken = Zeroizing::new(String::with_capacity(CODE + CODE / GROUP));
        for (at, c) in self.0.chars().enumerate() {
            if at > 0 && at % GROUP == 0 {
                spoken.push('-');
            }
            spoken.push(c);
        }
        spoken
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> Result<String, &'static str> {
        InvitationCode::parse(typed).map(|code| code.0.to_string()).map_err(|problem| problem.code.code())
    }

    #[test]
    fn a_code_is_read_as_it_was_heard() {
        for typed in [
            "ABCD-EFGH-JK01",
            "abcdefghjkoi",
            " abcd efgh jkOL ",
            "ABCD–EFGH–JK０１",
            "a b c d e f g h j k 0 1\u{200b}",
        ] {
            assert_eq!(read(typed).as_deref(), Ok("ABCDEFGHJK01"), "{typed}");
        }
        for (typed, problem) in [
            ("", "required"),
            (" - ", "required"),
            ("ABCD-EFGH-JK0", "too_short"),
            ("ABCD-EFGH-JK011", "too_long"),
            ("ABCD-EFGH-JKU1", "invalid"),
            ("ABCD-EFGH-JKæ1", "invalid"),
        ] {
            assert_eq!(read(typed), Err(problem), "{typed}");
        }
    }

    #[test]
    fn codes_are_made_of_sixty_bits_and_differ() {
        let codes: std::collections::BTreeSet<String> =
            (0..1_000).map(|_| InvitationCode::generate().unwrap().spoken().to_string()).collect();
        assert_eq!(codes.len(), 1_000);
        // Every place takes every character: a thousand draws miss one of 32 with a chance of 10⁻¹³.
        for at in [0, 1, 2, 3, 5, 6, 7, 8, 10, 11, 12, 13] {
            let seen: std::collections::BTreeSet<_> = codes.iter().map(|code| code.as_bytes()[at]).collect();
            assert_eq!(seen.len(), 32, "place {at}");
        }
        assert_eq!(read(codes.first().unwrap()).map(|code| code.len()), Ok(CODE));
    }

    #[test]
    fn no_debug_shows_a_code() {
        let code = InvitationCode::parse("ABCD-EFGH-JKMN").unwrap();
        assert_eq!(format!("{code:?}"), "InvitationCode(…)");
        let problem = InvitationCode::parse("ABCD-EFGH-JKM").unwrap_err();
        assert!(!format!("{problem:?}").contains("EFGH"));
    }
}
