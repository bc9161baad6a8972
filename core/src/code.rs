//! Codes: short lists of words that cross the boundary, are stored, or are typed. Each list is one enum, declared by one
//! macro that adds everything a code needs, so that no list is written twice.
//!
//! A list is closed for who makes a code and open for who reads one: a newer core may have written what this one does
//! not know. Where a stored code only tells something (an event, a reason), it is read as [`Coded`] and kept. Where it
//! decides what is done, the row's reader says what an unknown one means, always the careful side. A code in an order's
//! body decides what is sent: who adds one there adds a version of the schema, which older cores leave alone.

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// What every list of codes has, beside the functions of its own enum.
pub trait Code: Copy + PartialEq + 'static {
    /// The enum's name.
    const NAME: &'static str;
    /// What the list is of, as lines of a comment.
    const ABOUT: &'static [&'static str];
    /// Each code in its place, with what it means: for those who write sources.
    const LIST: &'static [Listed];
    /// Each code.
    const CODES: &'static [&'static str];

    /// The code, as it crosses, is stored and is typed.
    fn code(self) -> &'static str;

    /// What a code names, letter by letter.
    fn named(code: &str) -> Option<Self>;
}

/// One of a list: what the sources for Kotlin and Swift are written from.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// The variant's name.
    pub name: &'static str,
    /// The code.
    pub code: &'static str,
    /// What it means, as lines of a comment.
    pub about: &'static [&'static str],
}

/// Declares an enum of codes: its list `ALL`, `code()`, `from_code()`, and serde as the code.
macro_rules! codes {
    ($(#[doc = $about:literal])* $vis:vis enum $name:ident {
        $($(#[doc = $doc:literal])* $variant:ident = $code:literal),+ $(,)?
    }) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        $vis enum $name { $($(#[doc = $doc])* $variant),+ }

        impl $name {
            /// Each of them, in the order in which they are listed.
            pub const ALL: [Self; [$($code),+].len()] = [$(Self::$variant),+];

            /// The code, as it crosses, is stored and is typed.
            #[must_use]
            pub const fn code(self) -> &'static str {
                <Self as $crate::code::Code>::CODES[self as usize]
            }

            /// What a code names, whatever its case and the blanks around it.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                $crate::code::place(<Self as $crate::code::Code>::CODES, code).and_then(|at| Self::ALL.get(at).copied())
            }
        }

        impl $crate::code::Code for $name {
            const NAME: &'static str = stringify!($name);
            const ABOUT: &'static [&'static str] = &[$($about),*];
            const CODES: &'static [&'static str] = &[$($code),+];
            const LIST: &'static [$crate::code::Listed] = &[$($crate::code::Listed {
                name: stringify!($variant),
                code: $code,
                about: &[$($doc),*],
            }),+];

            fn code(self) -> &'static str {
                self.code()
            }

            fn named(code: &str) -> Option<Self> {
                $crate::code::exact_place(Self::CODES, code).and_then(|at| Self::ALL.get(at).copied())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let at = $crate::code::read(deserializer, <Self as $crate::code::Code>::CODES)?;
                Self::ALL.get(at).copied().ok_or_else(|| ::serde::de::Error::custom("no such code"))
            }
        }
    };
}
pub(crate) use codes;

/// Where a code stands in its list, as a person types it.
pub(crate) fn place(codes: &[&str], code: &str) -> Option<usize> {
    let code = code.trim();
    codes.iter().position(|one| one.eq_ignore_ascii_case(code))
}

/// Where a code stands in its list, as it was written: what is nearly one in a file is damage.
pub(crate) fn exact_place(codes: &[&str], code: &str) -> Option<usize> {
    codes.iter().position(|one| *one == code)
}

/// Reads a code as it was written. What is no code is not quoted.
pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D, codes: &[&str]) -> Result<usize, D::Error> {
    let code: Cow<'de, str> = Deserialize::deserialize(deserializer)?;
    exact_place(codes, &code).ok_or_else(|| D::Error::custom("no such code"))
}

/// A code that only tells something, as it was read: one of ours, or one that a newer core wrote. It crosses and is
/// stored again as it was read.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Coded<C> {
    /// One of this core's list.
    Known(C),
    /// One that this core does not know: shells have neutral words for it.
    Unrecognised(String),
}

impl<C: Code> Coded<C> {
    /// What a code names.
    #[must_use]
    pub fn of(code: String) -> Self {
        C::named(&code).map_or(Self::Unrecognised(code), Self::Known)
    }

    /// The code, as it was read.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Known(known) => Code::code(*known),
            Self::Unrecognised(code) => code,
        }
    }

    /// The one of this core's list.
    #[must_use]
    pub fn known(&self) -> Option<C> {
        match self {
            Self::Known(known) => Some(*known),
            Self::Unrecognised(_) => None,
        }
    }
}

impl<C> From<C> for Coded<C> {
    fn from(known: C) -> Self {
        Self::Known(known)
    }
}

impl<C: Code> PartialEq<C> for Coded<C> {
    fn eq(&self, other: &C) -> bool {
        self.known().as_ref() == Some(other)
    }
}

impl<C: Code> fmt::Debug for Coded<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl<C: Code> Serialize for Coded<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de, C: Code> Deserialize<'de> for Coded<C> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::of)
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, Coded};

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
        assert_eq!(Taste::LIST.iter().map(|one| (one.name, one.code)).collect::<Vec<_>>()[1], ("Sour", "sour"));
    }

    #[test]
    fn a_code_of_a_newer_core_is_kept_as_it_was_read() {
        let read: Vec<Coded<Taste>> = serde_json::from_str(r#"["sour","umami"]"#).unwrap();
        assert_eq!(read[0], Taste::Sour);
        assert_eq!((read[1].known(), read[1].code()), (None, "umami"));
        assert_eq!(serde_json::to_string(&read).unwrap(), r#"["sour","umami"]"#);
    }
}
