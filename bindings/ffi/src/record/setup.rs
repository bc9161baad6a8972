//! A set-up, before and after it was agreed to.

use super::Problem;
use paylink_core::setup::{
    Change, Credentials as CoreCredentials, SealedInvitation as CoreSealed, Setup as CoreSetup,
    SetupCheck as CoreCheck, SetupField, SetupHost as CoreHost, Summary as CoreSummary,
};
use std::fmt;

given! {
    /// What a pasted or scanned text came to. Nothing of it is applied: show `summary`, ask, and configure by `setup`.
    #[derive(Debug)]
    SetupCheck from CoreCheck {
        /// Set for an invitation, which `open_invitation` opens: ask for its code.
        sealed: Option<SealedInvitation> = sealed.map(Into::into),
        /// The set-up; null while it is sealed, or while anything stands against it.
        setup: Option<Setup> = setup.map(Into::into),
        /// What a person agrees to before it is applied; there with the set-up.
        summary: Option<SetupSummary> = summary.map(Into::into),
        /// Every problem, by field (`link` for the text as a whole, `code` for the code); a warning does not stop the
        /// set-up.
        problems: Vec<Problem> = problems.into_iter().map(Into::into).collect(),
        /// Of an invitation that was opened, there with the set-up: who signs in.
        credentials: Option<Credentials> = credentials.map(Into::into),
    }
}

given! {
    /// What an invitation says before it is opened.
    #[derive(Debug)]
    SealedInvitation from CoreSealed {
        /// `T…` or `P…` and eight digits.
        account: String,
        /// Whether real money is moved: it is no test account.
        live: bool,
        /// When it ends, UTC ms.
        ends_at: i64,
    }
}

given! {
    /// What a person is shown, and agrees to.
    #[derive(Debug)]
    SetupSummary from CoreSummary {
        /// `T…` or `P…` and eight digits.
        account: String,
        /// Whether real money is moved: it is no test account.
        live: bool,
        /// Who sells, as customers would read it.
        seller_name: String,
        /// Every host that the phone or a customer would be sent to.
        hosts: Vec<SetupHost> = hosts.into_iter().map(Into::into).collect(),
        /// What would be otherwise than it is, for an account that exists.
        changes: Vec<SetupChange> = changes.into_iter().map(Into::into).collect(),
    }
}

given! {
    /// A host, and what it is for.
    #[derive(Debug)]
    SetupHost from CoreHost {
        /// The configuration's field, such as `return_url`.
        field: String = field.code().to_owned(),
        /// Its name, with the port where that is not the usual one.
        host: String,
    }
}

given! {
    /// A field that would change.
    #[derive(Debug)]
    SetupChange from Change {
        /// The configuration's field, such as `seller_name`.
        field: String = field.code().to_owned(),
        /// As it is used now.
        from: String,
        /// As it would be used.
        to: String,
    }
}

/// A whole set-up: what it says of each field of the configuration, empty for the default.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Setup {
    /// `T…` or `P…` and eight digits.
    pub account: String,
    /// The provider's origin.
    pub origin: String,
    /// Where its API starts.
    pub api_prefix: String,
    /// Payment profile.
    pub profile_id: String,
    /// The page that a customer sees after paying.
    pub return_url: String,
    /// Who sells, as the customer reads it.
    pub seller_name: String,
    /// Starts every reference that the core makes.
    pub reference_prefix: String,
    /// Language of the customer's text.
    pub language: String,
    /// `NO`, `SE`, `DK` or `FI`.
    pub region: String,
    /// ISO code.
    pub currency: String,
    /// VAT in percent.
    pub vat: String,
    /// Time to pay.
    pub expiry: String,
    /// `auto` or `manual`.
    pub capture: String,
    /// Who gives the customer's address.
    pub address: String,
    /// Way to the customer.
    pub delivery: String,
    /// Terms and withdrawal form.
    pub terms_url: String,
}

impl From<CoreSetup> for Setup {
    fn from(core: CoreSetup) -> Self {
        let get = |field| core.get(field).to_owned();
        Self {
            account: get(SetupField::Account),
            origin: get(SetupField::Origin),
            api_prefix: get(SetupField::ApiPrefix),
            profile_id: get(SetupField::ProfileId),
            return_url: get(SetupField::ReturnUrl),
            seller_name: get(SetupField::SellerName),
            reference_prefix: get(SetupField::ReferencePrefix),
            language: get(SetupField::Language),
            region: get(SetupField::Region),
            currency: get(SetupField::Currency),
            vat: get(SetupField::Vat),
            expiry: get(SetupField::Expiry),
            capture: get(SetupField::Capture),
            address: get(SetupField::Address),
            delivery: get(SetupField::Delivery),
            terms_url: get(SetupField::TermsUrl),
        }
    }
}

/// Who signs in: for `sign_in` alone, and kept nowhere else. Printing it shows nothing of it.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug)]
pub struct Credentials {
    /// The client's id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(…)")
    }
}

impl From<CoreCredentials> for Credentials {
    fn from(core: CoreCredentials) -> Self {
        Self { client_id: core.client_id().to_owned(), client_secret: core.client_secret().to_owned() }
    }
}
