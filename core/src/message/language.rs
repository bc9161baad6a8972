//! The languages a customer can be written to in.

use serde::{Deserialize, Serialize};

/// A language of the texts to customers; its code is the ISO 639-1 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Norwegian bokmål.
    #[default]
    Nb,
    /// Norwegian nynorsk.
    Nn,
    /// English.
    En,
    /// Swedish.
    Sv,
    /// Danish.
    Da,
}

impl Language {
    /// All languages, in the order apps list them.
    pub const ALL: [Self; 5] = [Self::Nb, Self::Nn, Self::En, Self::Sv, Self::Da];

    /// Reads a language code or a locale (`nb`, `no`, `nn-NO`, `sv_SE`); `None` for a language
    /// there are no texts in.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let language = code.split(['-', '_']).next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "nb" | "no" => Some(Self::Nb),
            "nn" => Some(Self::Nn),
            "en" => Some(Self::En),
            "sv" => Some(Self::Sv),
            "da" => Some(Self::Da),
            _ => None,
        }
    }

    /// The ISO 639-1 code, as in serde.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Nb => "nb",
            Self::Nn => "nn",
            Self::En => "en",
            Self::Sv => "sv",
            Self::Da => "da",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_is_found_by_its_code_and_written_by_serde_as_its_code() {
        for language in Language::ALL {
            assert_eq!(Language::from_code(language.code()), Some(language));
            let json = serde_json::to_string(&language).unwrap();
            assert_eq!(json, format!("\"{}\"", language.code()));
        }
    }

    #[test]
    fn plain_norwegian_and_locales_are_understood() {
        assert_eq!(Language::from_code("no"), Some(Language::Nb));
        assert_eq!(Language::from_code("NN-no"), Some(Language::Nn));
        assert_eq!(Language::from_code("sv_FI"), Some(Language::Sv));
        assert_eq!(Language::from_code("de"), None);
        assert_eq!(Language::from_code(""), None);
    }
}
