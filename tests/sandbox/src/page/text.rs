//! The two languages of the sandbox's pages, and how amounts look in each.

use serde_json::Value;

use crate::engine::Method;

/// What a page is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// Norwegian.
    Nb,
    /// English.
    En,
}

impl Language {
    /// `nb`, `no` and `nn` are Norwegian, everything else is English.
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.trim().to_lowercase();
        let norwegian = ["nb", "no", "nn"].iter().any(|tag| text == *tag || text.starts_with(&format!("{tag}-")));
        if norwegian { Self::Nb } else { Self::En }
    }

    /// By the address, else by the browser, else Norwegian as the merchant.
    pub(crate) fn of(wish: Option<&str>, accept: Option<&str>) -> Self {
        let first = accept.and_then(|accept| accept.split([',', ';']).next());
        wish.or(first).map_or(Self::Nb, Self::parse)
    }

    /// `nb` or `en`.
    pub(crate) fn code(self) -> &'static str {
        self.say("nb", "en")
    }

    pub(super) fn say<'a>(self, nb: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Nb => nb,
            Self::En => en,
        }
    }

    /// `minor` units: `1 234,50 kr` or `NOK 1,234.50`.
    pub(super) fn amount(self, minor: i64, currency: &str) -> String {
        let decimals = if matches!(currency, "JPY" | "ISK") { 0 } else { 2 };
        let unit = 10_u64.pow(decimals);
        let (whole, rest) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
        let (group, point) = match self {
            Self::Nb => ("\u{a0}", ","),
            Self::En => (",", "."),
        };
        let sign = if minor < 0 { "\u{2212}" } else { "" };
        let fraction = if decimals == 0 { String::new() } else { format!("{point}{rest:02}") };
        let number = format!("{sign}{}{fraction}", grouped(whole, group));
        match (self, currency) {
            (Self::Nb, "NOK" | "SEK" | "DKK") => format!("{number}\u{a0}kr"),
            (Self::Nb, _) => format!("{number}\u{a0}{currency}"),
            (Self::En, _) => format!("{currency}\u{a0}{number}"),
        }
    }

    /// A number of the wire, `2.5` as `2,5` in Norwegian.
    pub(super) fn number(self, number: &Value) -> String {
        let text = number.to_string();
        let text = text.strip_suffix(".0").unwrap_or(&text);
        match self {
            Self::Nb => text.replace('.', ","),
            Self::En => text.to_owned(),
        }
    }

    /// What customers call a method.
    pub(super) fn method(self, method: &Method) -> &'static str {
        match method.kind() {
            "vipps" => "Vipps",
            "mobilepay" => "MobilePay",
            "swish" => "Swish",
            "creditcard" => match self {
                Self::Nb => "Kort",
                Self::En => "Card",
            },
            "klarna" => "Klarna",
            "billie" => "Billie",
            "applepay" => "Apple Pay",
            "googlepay" => "Google Pay",
            "clicktopay" => "Click to Pay",
            "wallets" => match self {
                Self::Nb => "Gavekort",
                Self::En => "Gift card",
            },
            kind if kind.starts_with("invoice") => match self {
                Self::Nb => "Faktura",
                Self::En => "Invoice",
            },
            "installment" | "finance" | "postponement" => match self {
                Self::Nb => "Delbetaling",
                Self::En => "Instalments",
            },
            other => other,
        }
    }
}

fn grouped(whole: u64, group: &str) -> String {
    let digits = whole.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push_str(group);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_look_as_each_language_writes_them() {
        assert_eq!(Language::Nb.amount(123_450, "NOK"), "1\u{a0}234,50\u{a0}kr");
        assert_eq!(Language::En.amount(123_450, "NOK"), "NOK\u{a0}1,234.50");
        assert_eq!(Language::Nb.amount(-5, "EUR"), "\u{2212}0,05\u{a0}EUR");
        assert_eq!(Language::Nb.number(&serde_json::json!(2.5)), "2,5");
    }

    #[test]
    fn the_address_decides_before_the_browser() {
        assert_eq!(Language::of(Some("en"), Some("nb-NO,nb;q=0.9")), Language::En);
        assert_eq!(Language::of(None, Some("nb-NO,nb;q=0.9,en;q=0.8")), Language::Nb);
        assert_eq!(Language::of(None, Some("en-GB,nb;q=0.9")), Language::En);
        assert_eq!(Language::of(None, None), Language::Nb);
    }
}
