//! Payment methods: the product types of the wire, which of them a configuration switches on, and
//! which of those a currency can use.

use serde_json::{Value, json};

/// Every payment product type of the published specification.
const KNOWN: &[&str] = &[
    "vipps",
    "dintero_psp.vipps",
    "bambora.vipps",
    "payex.vipps",
    "bambora.mobilepay",
    "payex.mobilepay",
    "swish.swish",
    "payex.swish",
    "dintero_psp.creditcard",
    "bambora.creditcard",
    "payex.creditcard",
    "netaxept.creditcard",
    "dintero_psp.applepay",
    "bambora.applepay",
    "payex.applepay",
    "dintero_psp.googlepay",
    "bambora.googlepay",
    "payex.googlepay",
    "dintero_psp.clicktopay",
    "payex.clicktopay",
    "klarna.klarna",
    "klarna.billie",
    "collector.invoice",
    "collector.invoice_b2b",
    "collector.invoice_b2b_preapproved",
    "collector.installment",
    "instabank.finance",
    "instabank.invoice",
    "instabank.installment",
    "instabank.postponement",
    "kravia.invoice_b2b",
    "kravia.invoice_b2b_grouped",
    "kravia.invoice_b2c",
    "two.invoice_b2b",
    "santander.debit_account",
    "seitatech.in_person",
    "dintero.zero",
    "dintero.wallets",
    "dintero.external",
];

/// One payment product type, `dintero_psp.vipps` and such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method(&'static str);

impl Method {
    /// Every method of the specification.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        KNOWN.iter().copied().map(Method)
    }

    /// The method with this `payment_product_type`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        KNOWN.iter().find(|known| **known == text).copied().map(Method)
    }

    /// `payment_product_type`.
    #[must_use]
    pub fn product_type(&self) -> &'static str {
        self.0
    }

    /// `payment_product`: the part before the dot.
    #[must_use]
    pub fn product(&self) -> &'static str {
        self.0.split('.').next().unwrap_or(self.0)
    }

    /// What is paid with: `vipps`, `swish`, `creditcard` …, whichever gateway carries it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.0.rsplit('.').next().unwrap_or(self.0)
    }

    /// Sent to the phone as a push when it is the only method.
    #[must_use]
    pub fn is_pushed(&self) -> bool {
        matches!(self.kind(), "vipps" | "swish" | "mobilepay")
    }

    /// Swish has no reservation: the money moves at once.
    #[must_use]
    pub fn captures_at_once(&self) -> bool {
        self.kind() == "swish"
    }

    /// After a partial capture these can release the rest.
    #[must_use]
    pub fn releases_rest(&self) -> bool {
        matches!(self.product(), "payex" | "vipps" | "klarna")
    }

    /// assumption: the provider publishes no table of currencies; these are the wallets' home ones.
    #[must_use]
    pub fn accepts(&self, currency: &str) -> bool {
        match self.kind() {
            "vipps" => currency == "NOK",
            "swish" => currency == "SEK",
            "mobilepay" => matches!(currency, "DKK" | "EUR"),
            _ => true,
        }
    }

    /// Where its switch is in a configuration: `/dintero_psp/vipps`.
    pub(super) fn pointer(&self) -> String {
        format!("/{}", self.0.replace('.', "/"))
    }

    /// Adds its switch to a configuration.
    pub(super) fn switch_on(&self, configuration: &mut Value) {
        let mut place = configuration;
        let mut parts = self.0.split('.').peekable();
        while let Some(part) = parts.next() {
            place = &mut place[part];
            let kind = if parts.peek().is_some() { "payment_type" } else { "payment_product_type" };
            place["type"] = json!(kind);
        }
        place["enabled"] = json!(true);
    }
}

/// The methods that a configuration switches on, in the specification's order.
/// `account` are the methods that `active_payment_types.enabled` stands for.
#[must_use]
pub fn enabled_methods(configuration: &Value, account: &[Method]) -> Vec<Method> {
    let wildcard = configuration["active_payment_types"]["enabled"] == true;
    Method::all()
        .filter(|method| match configuration.pointer(&method.pointer()).and_then(|at| at.get("enabled")) {
            Some(enabled) => enabled == &json!(true),
            None => wildcard && account.contains(method),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_in_a_configuration_is_found_again() {
        let mut configuration = json!({});
        for name in ["vipps", "dintero_psp.vipps", "swish.swish"] {
            Method::parse(name).unwrap().switch_on(&mut configuration);
        }
        configuration["dintero_psp"]["vipps"]["enabled"] = json!(false);
        let on: Vec<_> = enabled_methods(&configuration, &[]).iter().map(Method::product_type).collect();
        assert_eq!(on, ["vipps", "swish.swish"]);
    }

    #[test]
    fn the_wildcard_stands_for_the_account_s_methods() {
        let configuration = json!({ "active_payment_types": { "enabled": true } });
        let account = [Method::parse("klarna.klarna").unwrap()];
        assert_eq!(enabled_methods(&configuration, &account), account);
    }
}
