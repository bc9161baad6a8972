//! Which language is meant by what a phone or a person says.

use super::text::Language;

impl Language {
    /// Reads a language code or a locale (`nb`, `no`, `nn-NO`, `sv_SE`); `None` for a language there are no texts in.
    #[must_use]
    pub fn from_locale(locale: &str) -> Option<Self> {
        match locale.split(['-', '_']).next().unwrap_or_default().trim() {
            // Norwegian without saying which is bokmål.
            norwegian if norwegian.eq_ignore_ascii_case("no") => Some(Self::Nb),
            language => Self::from_code(language),
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
        assert_eq!(Language::from_locale("no"), Some(Language::Nb));
        assert_eq!(Language::from_locale("NN-no"), Some(Language::Nn));
        assert_eq!(Language::from_locale("sv_FI"), Some(Language::Sv));
        assert_eq!(Language::from_code("de"), None);
        assert_eq!(Language::from_code(""), None);
    }
}
