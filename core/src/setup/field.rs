//! What a set-up can say: each field's place in the configuration, and how it is used.

use crate::account::{Config, Fields};
use crate::code::codes;

codes! {
    /// A field of a set-up, by its name in the configuration.
    pub enum SetupField {
        /// `T` or `P` and eight digits.
        Account = "account",
        /// Where the provider is.
        Origin = "origin",
        /// Where its API starts.
        ApiPrefix = "api_prefix",
        /// The payment profile.
        ProfileId = "profile_id",
        /// The page that a customer sees after paying.
        ReturnUrl = "return_url",
        /// Who sells, as the customer reads it.
        SellerName = "seller_name",
        /// Starts every reference that the core makes.
        ReferencePrefix = "reference_prefix",
        /// Of the customer's text.
        Language = "language",
        /// VAT, currency, calendar.
        Region = "region",
        /// Of a draft that names none.
        Currency = "currency",
        /// Of a line that names none.
        Vat = "vat",
        /// Time to pay of a draft that names none.
        Expiry = "expiry",
        /// Capture of a draft that names none.
        Capture = "capture",
        /// Who gives the customer's address, of a draft that does not say.
        Address = "address",
        /// Way to the customer, of a draft that names none.
        Delivery = "delivery",
        /// Terms and withdrawal form.
        TermsUrl = "terms_url",
    }
}

/// The field's text in a configuration, as the reference that is asked for.
macro_rules! text_of {
    ($field:expr, $config:expr, $($reference:tt)+) => {
        match $field {
            SetupField::Account => $($reference)+ $config.account,
            SetupField::Origin => $($reference)+ $config.origin,
            SetupField::ApiPrefix => $($reference)+ $config.api_prefix,
            SetupField::ProfileId => $($reference)+ $config.profile_id,
            SetupField::ReturnUrl => $($reference)+ $config.return_url,
            SetupField::SellerName => $($reference)+ $config.seller_name,
            SetupField::ReferencePrefix => $($reference)+ $config.reference_prefix,
            SetupField::Language => $($reference)+ $config.language,
            SetupField::Region => $($reference)+ $config.region,
            SetupField::Currency => $($reference)+ $config.currency,
            SetupField::Vat => $($reference)+ $config.vat,
            SetupField::Expiry => $($reference)+ $config.expiry,
            SetupField::Capture => $($reference)+ $config.capture,
            SetupField::Address => $($reference)+ $config.address,
            SetupField::Delivery => $($reference)+ $config.delivery,
            SetupField::TermsUrl => $($reference)+ $config.terms_url,
        }
    };
}

impl SetupField {
    /// What a configuration says, empty where it leaves the default.
    pub(super) fn of(self, config: &Config) -> &str {
        text_of!(self, config, &)
    }

    pub(super) fn put(self, config: &mut Config, text: String) {
        *text_of!(self, config, &mut) = text;
    }

    /// As it is used, in its normal form, the default included.
    pub(super) fn used(self, fields: &Fields) -> String {
        match self {
            Self::Account => fields.account.clone(),
            Self::Origin => fields.at.origin.clone(),
            Self::ApiPrefix => fields.at.api_prefix.clone(),
            Self::ProfileId => fields.at.profile_id.clone(),
            Self::ReturnUrl => fields.at.return_url.clone(),
            Self::SellerName => fields.seller_name.clone(),
            Self::ReferencePrefix => fields.reference_prefix.clone(),
            Self::Language => fields.language.code().to_owned(),
            Self::Region => fields.region.code().to_owned(),
            Self::Currency => fields.currency.code().to_owned(),
            Self::Vat => fields.vat.plain_text(),
            Self::Expiry => fields.expiry.code().to_owned(),
            Self::Capture => fields.capture.code().to_owned(),
            Self::Address => fields.address.code().to_owned(),
            Self::Delivery => fields.delivery.code().to_owned(),
            Self::TermsUrl => fields.terms_url.clone().unwrap_or_default(),
        }
    }
}
