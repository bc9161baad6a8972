//! Configuration: what a shell hands in as text, and the same after it was checked.

use super::fields::Fields;
use crate::clock::PhoneTime;
use crate::error::PaylinkError;
use crate::gateway::{Account, Provider, ProviderSettings, Timeouts, Transport, Trust};
use crate::message::Language;
use crate::money::{Currency, Region, VatRate};
use crate::order::{AddressMode, Capture, Delivery, Expiry, PaymentMethod, Rules};
use crate::store::Moments;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// What a shell configures. All text; empty = the default.
#[derive(Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The folder that the core owns.
    pub data_dir: PathBuf,
    /// `T` or `P` and eight digits; or `practice`, which needs neither address, return page nor seller.
    pub account: String,
    /// The provider's origin, `https://checkout.dintero.com`; http only for loopback.
    pub origin: String,
    /// `/v1` (default), or `/v1/accounts/{account}/payments`.
    pub api_prefix: String,
    /// Payment profile; default `default`.
    pub profile_id: String,
    /// https: the page that a customer sees after paying; required by the provider.
    pub return_url: String,
    /// Who sells, as the customer reads it.
    pub seller_name: String,
    /// Starts every reference made by the core; may be empty and may be shared.
    pub reference_prefix: String,
    /// Default language of the customer's text; `nb`.
    pub language: String,
    /// `NO` (default), `SE`, `DK` or `FI`.
    pub region: String,
    /// Default currency; the region's.
    pub currency: String,
    /// Default VAT rate in percent; 25.
    pub vat: String,
    /// Default time to pay; `1w`.
    pub expiry: String,
    /// Default capture; `auto`.
    pub capture: String,
    /// Default of who gives the customer's address; `known`.
    pub address: String,
    /// Default way to the customer; `copy`.
    pub delivery: String,
    /// Terms and withdrawal form, added to the customer's text.
    pub terms_url: String,
    /// A sale that has waited longer than this many hours asks the seller again before it goes out.
    pub ask_again_after_hours: u32,
    /// Contact data of a customer are erased so many days after the last order is over; 0: never by itself.
    pub erase_contacts_after_days: u32,
    /// The phone has no network at the opening: nothing is tried until `network_changed` says otherwise.
    #[serde(skip)]
    pub offline: bool,
    /// Whom the client trusts: the web's roots, or a sandbox's own.
    #[serde(skip)]
    pub trust: Trust,
    /// How long the client waits for answers.
    #[serde(skip)]
    pub timeouts: Timeouts,
    /// Carries the requests in place of the client's own connections.
    #[serde(skip)]
    pub transport: Option<Arc<dyn Transport>>,
    /// Hears of each commit: for proofs.
    #[serde(skip)]
    #[doc(hidden)]
    pub moments: Option<Arc<dyn Moments>>,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("data_dir", &self.data_dir)
            .field("account", &self.account)
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::new(),
            account: String::new(),
            origin: String::new(),
            api_prefix: String::new(),
            profile_id: String::new(),
            return_url: String::new(),
            seller_name: String::new(),
            reference_prefix: String::new(),
            language: String::new(),
            region: String::new(),
            currency: String::new(),
            vat: String::new(),
            expiry: String::new(),
            capture: String::new(),
            address: String::new(),
            delivery: String::new(),
            terms_url: String::new(),
            ask_again_after_hours: 24,
            erase_contacts_after_days: 180,
            offline: false,
            trust: Trust::default(),
            timeouts: Timeouts::default(),
            transport: None,
            moments: None,
        }
    }
}

/// The configuration after it was checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// As configured.
    pub data_dir: PathBuf,
    /// Which provider is asked, where, and as which account.
    pub provider: Provider,
    /// As customers read it, on one line.
    pub seller_name: String,
    /// As configured.
    pub reference_prefix: String,
    /// Default language.
    pub language: Language,
    /// VAT table, phone numbers, postal codes.
    pub region: Region,
    /// Default currency.
    pub currency: Currency,
    /// Default VAT rate.
    pub vat: VatRate,
    /// Default time to pay.
    pub expiry: Expiry,
    /// Default capture.
    pub capture: Capture,
    /// Default of who gives the address.
    pub address: AddressMode,
    /// Default way to the customer.
    pub delivery: Delivery,
    /// Link to the terms.
    pub terms_url: Option<String>,
    /// Before a sale that has waited asks again, milliseconds.
    pub ask_again_after_ms: i64,
    /// From the end of the last order until contact data are erased, milliseconds; `None`: never by itself.
    pub erase_contacts_after_ms: Option<i64>,
}

impl Settings {
    /// What drafts are checked against at `now`, with the methods that the profile offers, if it was ever read.
    #[must_use]
    pub fn rules(&self, now: PhoneTime, offered: Option<Vec<PaymentMethod>>) -> Rules {
        Rules {
            region: self.region,
            today: self.region.zone().date(now.ms()),
            currency: self.currency,
            vat: self.vat,
            expiry: self.expiry,
            capture: self.capture,
            address: self.address,
            delivery: self.delivery,
            language: self.language,
            offered,
        }
    }
}

impl Config {
    /// Checks the configuration.
    ///
    /// # Errors
    /// [`PaylinkError::Config`] with the first field that is wrong.
    pub fn check(&self) -> Result<Settings, PaylinkError> {
        if self.data_dir.as_os_str().is_empty() {
            return Err(PaylinkError::config("data_dir", "required"));
        }
        let (fields, wrong) = self.read();
        if let Some(first) = wrong.into_iter().next() {
            return Err(PaylinkError::config(&first.problem.field, first.reason));
        }
        let Fields { account, at, .. } = fields;
        let account = Account::read(&account).map_err(|wrong| PaylinkError::config(wrong.field, wrong.reason))?;
        Ok(Settings {
            data_dir: self.data_dir.clone(),
            provider: match account {
                Account::Practice(account) => Provider::Practice(account),
                Account::Dintero(account) => Provider::Dintero(Box::new(ProviderSettings {
                    account,
                    at,
                    system_version: env!("CARGO_PKG_VERSION").to_owned(),
                    trust: self.trust.clone(),
                    timeouts: self.timeouts,
                    transport: self.transport.clone(),
                })),
            },
            seller_name: fields.seller_name,
            reference_prefix: fields.reference_prefix,
            language: fields.language,
            region: fields.region,
            currency: fields.currency,
            vat: fields.vat,
            expiry: fields.expiry,
            capture: fields.capture,
            address: fields.address,
            delivery: fields.delivery,
            terms_url: fields.terms_url,
            ask_again_after_ms: i64::from(self.ask_again_after_hours) * 3_600_000,
            erase_contacts_after_ms: match self.erase_contacts_after_days {
                0 => None,
                days => Some(i64::from(days) * 24 * 3_600_000),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        Config {
            data_dir: "data".into(),
            account: "P12345678".to_owned(),
            return_url: "https://example.com/thanks".to_owned(),
            seller_name: "Skogens Honning AS".to_owned(),
            ..Config::default()
        }
    }

    fn wrong(edit: impl FnOnce(&mut Config)) -> String {
        let mut config = config();
        edit(&mut config);
        match config.check() {
            Err(PaylinkError::Config { field, .. }) => field,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_configuration_gets_its_defaults() {
        let settings = config().check().unwrap();
        assert_eq!(settings.vat.hundredths(), 2500);
        assert_eq!(settings.currency.code(), "NOK");
        assert!(settings.provider.sends());
    }

    #[test]
    fn the_field_that_is_wrong_is_named() {
        assert_eq!(wrong(|c| c.account = "X12345678".to_owned()), "account");
        assert_eq!(wrong(|c| c.account = "P1234567".to_owned()), "account");
        assert_eq!(wrong(|c| c.origin = "http://example.com".to_owned()), "origin");
        assert_eq!(wrong(|c| c.origin = "https://example.com/v1".to_owned()), "origin");
        assert_eq!(wrong(|c| c.return_url = String::new()), "return_url");
        assert_eq!(wrong(|c| c.return_url = "ftp://example.com".to_owned()), "return_url");
        assert_eq!(wrong(|c| c.seller_name = "  ".to_owned()), "seller_name");
        assert_eq!(wrong(|c| c.api_prefix = "v1".to_owned()), "api_prefix");
        assert_eq!(wrong(|c| c.vat = "many".to_owned()), "vat");
        assert_eq!(wrong(|c| c.data_dir = PathBuf::new()), "data_dir");
    }

    #[test]
    fn an_empty_field_means_the_default() {
        let typed = Config {
            origin: " ".to_owned(),
            api_prefix: "\u{200b}".to_owned(),
            language: "\u{feff}".to_owned(),
            region: "\t".to_owned(),
            ..config()
        };
        let settings = typed.check().unwrap();
        let Provider::Dintero(provider) = &settings.provider else { panic!("{:?}", settings.provider) };
        assert_eq!(provider.at.origin, "https://checkout.dintero.com/");
        assert_eq!((provider.at.api_prefix.as_str(), provider.at.profile_id.as_str()), ("/v1", "default"));
        assert_eq!((settings.language, settings.region), (Language::Nb, Region::Norway));
        assert_eq!((settings.expiry, settings.capture), (Expiry::Week, Capture::Auto));
    }

    #[test]
    fn what_nobody_sees_is_not_configured() {
        let mut config = config();
        config.account = "\u{feff}P12345678\u{200b}".to_owned();
        config.seller_name = "Sko\u{ad}gens\u{202e} Honning AS".to_owned();
        config.reference_prefix = "HO\u{200b}N".to_owned();
        config.terms_url = " HTTPS://Skogenshonning.no/vilkår\u{200b}".to_owned();
        let settings = config.check().unwrap();
        assert_eq!(settings.provider.account(), "P12345678");
        assert_eq!((settings.seller_name.as_str(), settings.reference_prefix.as_str()), ("Skogens Honning AS", "HON"));
        assert_eq!(settings.terms_url.as_deref(), Some("https://skogenshonning.no/vilk%C3%A5r"));
        for wrong_url in
            ["https://me@example.com", "http://example.com", "https://exa\u{200b}mple.com", "https://example.com/a b"]
        {
            assert_eq!(wrong(|c| c.terms_url = wrong_url.to_owned()), "terms_url", "{wrong_url:?}");
            assert_eq!(wrong(|c| c.return_url = wrong_url.to_owned()), "return_url", "{wrong_url:?}");
            assert_eq!(wrong(|c| c.origin = wrong_url.to_owned()), "origin", "{wrong_url:?}");
        }
        assert_eq!(
            wrong(|c| c.terms_url = "http://127.0.0.1/terms".to_owned()),
            "terms_url",
            "the provider is no sandbox"
        );
    }

    #[test]
    fn http_is_for_this_machine_only() {
        let mut config = config();
        config.origin = "http://127.0.0.1:8080".to_owned();
        config.api_prefix = "/v1/accounts/{account}/payments/".to_owned();
        assert!(config.check().unwrap().provider.knows("http://127.0.0.1:8080/v1/view/1"));
    }

    #[test]
    fn the_practice_account_needs_a_folder_and_nothing_else() {
        let bare = Config { data_dir: "data".into(), account: " practice\n".to_owned(), ..Config::default() };
        let settings = bare.check().unwrap();
        assert!(settings.provider.is_practice());
        assert_eq!(settings.seller_name, "Demokonto");
        let named = Config { seller_name: "Skogens Honning AS".to_owned(), ..bare.clone() };
        assert_eq!(named.check().unwrap().seller_name, "Skogens Honning AS");
        assert!(!settings.provider.knows("https://checkout.dintero.com/v1/view/1"));
        // What a real account would need is not looked at: there is nobody to be asked.
        let more = Config { origin: "nonsense".to_owned(), return_url: "nonsense".to_owned(), ..bare };
        assert!(more.check().unwrap().provider.is_practice());
    }
}
