//! Payment methods: the provider's product type codes (`bambora.vipps`, `dintero_psp.creditcard`) and the
//! families by which people name them (`vipps`, `card`).

use serde::{Deserialize, Serialize};

/// A payment product type as the provider names it on the wire (facts 5: `gateway.product`, or just `vipps`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PaymentMethod(String);

/// Methods that turn the provider's SMS into a push when they are the only one (facts 4).
const PUSH_FAMILIES: [&str; 3] = ["vipps", "swish", "mobilepay"];

impl PaymentMethod {
    /// A method from the provider's code.
    #[must_use]
    pub fn new(code: &str) -> Self {
        Self(code.to_owned())
    }

    /// The provider's code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0
    }

    /// The name by which people know it: the product, with `creditcard` as `card`.
    #[must_use]
    pub fn family(&self) -> &str {
        match self.0.rsplit('.').next().unwrap_or_default() {
            "creditcard" => "card",
            product => product,
        }
    }
}

/// What the customer may pay with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Methods {
    /// Everything that the profile offers.
    All,
    /// Just these; never empty.
    Only(Vec<PaymentMethod>),
}

impl Methods {
    /// Whether a provider SMS for this choice becomes a push (facts 4).
    #[must_use]
    pub fn is_push(&self) -> bool {
        matches!(self, Self::Only(only) if only.len() == 1
            && only.iter().all(|one| PUSH_FAMILIES.contains(&one.family())))
    }
}

/// The offered method that a text names: by code, else the first one of that family.
#[must_use]
pub fn find<'a>(text: &str, offered: &'a [PaymentMethod]) -> Option<&'a PaymentMethod> {
    let text = text.trim();
    offered
        .iter()
        .find(|one| one.code().eq_ignore_ascii_case(text))
        .or_else(|| offered.iter().find(|one| one.family().eq_ignore_ascii_case(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_found_by_code_and_by_family() {
        let offered = ["vipps", "dintero_psp.creditcard", "payex.creditcard"].map(PaymentMethod::new);
        assert_eq!(find(" Card ", &offered), Some(&offered[1]));
        assert_eq!(find("payex.creditcard", &offered), Some(&offered[2]));
        assert_eq!(find("vipps", &offered), Some(&offered[0]));
        assert_eq!(find("swish", &offered), None);
    }

    #[test]
    fn only_a_single_wallet_becomes_a_push() {
        let only = |codes: &[&str]| Methods::Only(codes.iter().map(|code| PaymentMethod::new(code)).collect());
        assert!(only(&["bambora.vipps"]).is_push());
        assert!(!only(&["bambora.vipps", "payex.swish"]).is_push());
        assert!(!only(&["payex.creditcard"]).is_push());
        assert!(!Methods::All.is_push());
    }
}
