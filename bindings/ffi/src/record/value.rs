//! Small values: as what they cross.
//!
//! Kotlin and Swift see text, numbers and lists, so nothing can fail there. Nor must it here, where a shell could not
//! catch it: what goes in is a text that the core reads and answers with an error, and what an app may print
//! ([`super::PaymentLink`], [`super::Draft`], [`super::Message`]) holds nothing that only the core can make.

use crate::error::PaylinkError;
use paylink_core::money::{Currency, Quantity, VatRate};
use paylink_core::order::PaymentMethod;
use std::collections::{BTreeMap, HashMap};
use uniffi::deps::anyhow;

/// Money, exactly: whole minor units (øre, cent) and the currency they are of. 29800 in NOK is 298.00 kroner.
/// How many decimals a currency has is what `currency_decimals` says; never assume two.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Money {
    /// Minor units; below zero only in sums.
    pub minor: i64,
    /// ISO 4217 code in capitals, `NOK`.
    pub currency: String,
}

impl From<Amount> for Money {
    fn from(amount: Amount) -> Self {
        Self { minor: amount.minor(), currency: amount.currency().code().to_owned() }
    }
}

/// How many decimals amounts of a currency have: 2 for `NOK`, 0 for `JPY`. `None` for what nobody can pay with.
#[uniffi::export]
#[must_use]
pub fn currency_decimals(currency: &str) -> Option<u32> {
    Currency::from_code(currency).map(Currency::exponent)
}

/// The name by which people know a payment method: `card` for `dintero_psp.creditcard`, `vipps` for `bambora.vipps`.
#[uniffi::export]
#[must_use]
pub fn method_family(code: &str) -> String {
    PaymentMethod::new(code).family().to_owned()
}

/// Said when a shell hands in what only the core makes.
fn only_given<T>() -> uniffi::Result<T> {
    Err(anyhow::anyhow!("is only given by the core, never taken"))
}

/// Identity of a sale and its link, as text. Taken as it comes and read in the call that it is for, which can say that
/// there is no such link.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrderId(pub String);

uniffi::custom_newtype!(
    /// Identity of a sale and its link: a UUID as text. A text that is none is answered with `not_found`.
    OrderId, String
);

impl From<paylink_core::OrderId> for OrderId {
    fn from(id: paylink_core::OrderId) -> Self {
        Self(id.to_string())
    }
}

impl OrderId {
    /// The core's own.
    pub(crate) fn read(&self) -> Result<paylink_core::OrderId, PaylinkError> {
        self.0.parse().map_err(|_| PaylinkError::NotFound { what: "link".to_owned() })
    }
}

/// Identity of an item of the catalogue, as text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ItemId(pub String);

uniffi::custom_newtype!(
    /// Identity of an item of the catalogue: a UUID as text. A text that is none is answered with `not_found`.
    ItemId, String
);

impl From<paylink_core::ItemId> for ItemId {
    fn from(id: paylink_core::ItemId) -> Self {
        Self(id.to_string())
    }
}

/// Identity of a customer, as text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CustomerId(pub String);

uniffi::custom_newtype!(
    /// Identity of a customer: a UUID as text. A text that is none is answered with `not_found`.
    CustomerId, String
);

impl From<paylink_core::CustomerId> for CustomerId {
    fn from(id: paylink_core::CustomerId) -> Self {
        Self(id.to_string())
    }
}

/// An amount of money.
pub type Amount = paylink_core::money::Amount;
uniffi::custom_type!(
    /// An amount of money.
    Amount, Money, {
        remote,
        lower: |amount| Money::from(amount),
        try_lift: |_money| only_given(),
    }
);

uniffi::custom_type!(
    /// A VAT rate in percent, as a plain decimal: `25`, `11.11`.
    VatRate, String, {
        remote,
        lower: |rate| rate.plain_text(),
        try_lift: |_text| only_given(),
    }
);

uniffi::custom_type!(
    /// How many, as a plain decimal: `2`, `0.5`.
    Quantity, String, {
        remote,
        lower: |quantity| quantity.plain_text(),
        try_lift: |_text| only_given(),
    }
);

/// What is taken off a line.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum LineDiscount {
    /// This much money.
    Amount {
        /// Of the order's currency.
        amount: Money,
    },
    /// This share of the line.
    Percent {
        /// In percent, as a plain decimal: `10`, `12.5`.
        percent: String,
    },
}

/// What is taken off a line.
pub type Discount = paylink_core::money::Discount;
uniffi::custom_type!(
    /// What is taken off a line.
    Discount, LineDiscount, {
        remote,
        lower: |discount| LineDiscount::from(discount),
        try_lift: |_discount| only_given(),
    }
);

impl From<Discount> for LineDiscount {
    fn from(discount: Discount) -> Self {
        match discount {
            Discount::Amount(amount) => Self::Amount { amount: amount.into() },
            Discount::Percent(percent) => Self::Percent { percent: percent.plain_text() },
        }
    }
}

/// A payment method by the provider's code.
pub type MethodCode = PaymentMethod;
uniffi::custom_type!(
    /// A payment method by the provider's code, `bambora.vipps`. `method_family` returns the name people know.
    MethodCode, String, {
        remote,
        lower: |method| method.code().to_owned(),
        try_lift: |code| Ok(PaymentMethod::new(&code)),
    }
);

/// Names and values.
pub type Details = BTreeMap<String, String>;
uniffi::custom_type!(
    /// Named values: what the words for a code need.
    Details, HashMap<String, String>, {
        remote,
        lower: |details| details.into_iter().collect(),
        try_lift: |details| Ok(details.into_iter().collect()),
    }
);

/// Codes and how often.
pub type Counts = BTreeMap<String, u32>;
uniffi::custom_type!(
    /// How many there are of each code.
    Counts, HashMap<String, u32>, {
        remote,
        lower: |counts| counts.into_iter().collect(),
        try_lift: |counts| Ok(counts.into_iter().collect()),
    }
);
