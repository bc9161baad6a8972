//! Codes: short lists of words that cross the border, are stored, or are typed. Each list is one enum, declared by one
//! macro that gives it everything that a code needs, so that no list is written twice.

use serde::de::{Deserializer, Error};
use std::borrow::Cow;

/// Declares an enum of codes: its list `ALL`, `code()`, `from_code()`, and serde as the code.
macro_rules! codes {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        $vis enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// Each of them, in the order in which they are listed.
            pub const ALL: [Self; [$($code),+].len()] = [$(Self::$variant),+];
            const CODES: &'static [&'static str] = &[$($code),+];

            /// The code, as it crosses, is stored and is typed.
            #[must_use]
            pub const fn code(self) -> &'static str {
                Self::CODES[self as usize]
            }

            /// What a code names, whatever its case and the blanks around it.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                $crate::code::place(Self::CODES, code).and_then(|at| Self::ALL.get(at).copied())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let at = $crate::code::read(deserializer, Self::CODES)?;
                Self::ALL.get(at).copied().ok_or_else(|| ::serde::de::Error::custom("no such code"))
            }
        }
    };
}
pub(crate) use codes;

/// Where a code stands in its list.
pub(crate) fn place(codes: &[&str], code: &str) -> Option<usize> {
    let code = code.trim();
    codes.iter().position(|one| one.eq_ignore_ascii_case(code))
}

/// Reads a code as it was written, letter by letter: what is nearly one in a file is damage. Where it stands in its list;
/// what is no code is not quoted.
pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D, codes: &[&str]) -> Result<usize, D::Error> {
    let code: Cow<'de, str> = serde::Deserialize::deserialize(deserializer)?;
    codes.iter().position(|one| *one == code).ok_or_else(|| D::Error::custom("no such code"))
}

#[cfg(test)]
mod tests {
    codes! {
        /// What a test needs.
        enum Taste {
            /// Sweet.
            Sweet = "sweet",
            /// Sour.
            Sour = "sour",
        }
    }

    #[test]
    fn a_code_is_written_read_and_listed() {
        for taste in Taste::ALL {
            assert_eq!(Taste::from_code(taste.code()), Some(taste));
            let json = serde_json::to_string(&taste).unwrap();
            assert_eq!(json, format!("\"{}\"", taste.code()));
            assert_eq!(serde_json::from_str::<Taste>(&json).unwrap(), taste);
        }
        assert_eq!(Taste::from_code(" SWEET "), Some(Taste::Sweet), "as typed");
        assert!(serde_json::from_str::<Taste>("\"swEet\"").is_err(), "as stored");
        let unknown = serde_json::from_str::<Taste>("\"47465724\"").unwrap_err().to_string();
        assert!(!unknown.contains("4746"), "{unknown}");
        assert_eq!(Taste::from_code(""), None);
    }
}
