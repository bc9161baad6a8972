//! Configuration: what a shell hands in as text, and the same after it was checked.

use crate::clock::PhoneTime;
use crate::error::PaylinkError;
use crate::gateway::{self, ProviderSettings, Timeouts, Transport, Trust};
use crate::message::Language;
use crate::money::{self, Currency, Region, VatRate};
use crate::order::{Capture, Expiry, PaymentMethod, Rules};
use crate::store::Moments;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use url::Url;

/// What a shell configures. All text; empty = the default.
#[derive(Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The folder that the core owns.
    pub data_dir: PathBuf,
    /// `T…` or `P…` and 8 digits.
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
    /// Terms and withdrawal form, added to the customer's text.
    pub terms_url: String,
    /// A sale that has waited longer than this many hours asks the seller again before it goes out.
    pub ask_again_after_hours: u32,
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
            origin: "https://checkout.dintero.com".to_owned(),
            api_prefix: "/v1".to_owned(),
            profile_id: "default".to_owned(),
            return_url: String::new(),
            seller_name: String::new(),
            reference_prefix: String::new(),
            language: "nb".to_owned(),
            region: "NO".to_owned(),
            currency: String::new(),
            vat: String::new(),
            expiry: "1w".to_owned(),
            capture: "auto".to_owned(),
            terms_url: String::new(),
            ask_again_after_hours: 24,
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
    /// Where the provider is, and which account is asked.
    pub provider: ProviderSettings,
    /// As configured, on one line.
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
    /// Link to the terms.
    pub terms_url: Option<String>,
    /// Before a sale that has waited asks again, milliseconds.
    pub ask_again_after_ms: i64,
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
            language: self.language,
            offered,
        }
    }
}

/// Characters of a reference prefix: it must leave room for the tag and the number.
const MAX_PREFIX: usize = 20;

impl Config {
    /// Checks the configuration.
    ///
    /// # Errors
    /// [`PaylinkError::Config`] with the first field that is wrong.
    pub fn check(&self) -> Result<Settings, PaylinkError> {
        if self.data_dir.as_os_str().is_empty() {
            return Err(PaylinkError::config("data_dir", "required"));
        }
        let region = Region::from_code(&self.region)
            .ok_or_else(|| PaylinkError::config("region", "must be NO, SE, DK or FI"))?;
        let currency = match self.currency.trim() {
            "" => region.currency(),
            text => Currency::from_code(text).ok_or_else(|| PaylinkError::config("currency", "unknown code"))?,
        };
        let vat = match self.vat.trim() {
            "" => money::default_vat(region),
            text => money::parse_vat_rate(text).map_err(|problem| PaylinkError::config("vat", problem.code()))?,
        };
        let prefix = self.reference_prefix.trim();
        if prefix.chars().count() > MAX_PREFIX || prefix.chars().any(char::is_control) {
            return Err(PaylinkError::config("reference_prefix", "at most 20 characters on one line"));
        }
        Ok(Settings {
            data_dir: self.data_dir.clone(),
            provider: self.provider()?,
            seller_name: required("seller_name", &self.seller_name)?,
            reference_prefix: prefix.to_owned(),
            language: Language::from_code(&self.language)
                .ok_or_else(|| PaylinkError::config("language", "must be nb, nn, en, sv or da"))?,
            region,
            currency,
            vat,
            expiry: Expiry::from_code(&self.expiry)
                .ok_or_else(|| PaylinkError::config("expiry", "must be 1d, 1w or 1m"))?,
            capture: Capture::from_code(&self.capture)
                .ok_or_else(|| PaylinkError::config("capture", "must be auto or manual"))?,
            ask_again_after_ms: i64::from(self.ask_again_after_hours) * 3_600_000,
            terms_url: match self.terms_url.trim() {
                "" => None,
                text => Some(web_link("terms_url", text)?),
            },
        })
    }
}

impl Config {
    fn provider(&self) -> Result<ProviderSettings, PaylinkError> {
        let provider = ProviderSettings {
            account: self.account.trim().to_owned(),
            origin: self.origin.trim().to_owned(),
            api_prefix: self.api_prefix.trim().to_owned(),
            profile_id: self.profile_id.trim().to_owned(),
            return_url: required("return_url", &self.return_url)?,
            system_version: env!("CARGO_PKG_VERSION").to_owned(),
            trust: self.trust.clone(),
            timeouts: self.timeouts,
            transport: self.transport.clone(),
        };
        gateway::check(&provider).map_err(|error| PaylinkError::config(error.field, error.reason))?;
        Ok(provider)
    }
}

fn required(field: &str, text: &str) -> Result<String, PaylinkError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(PaylinkError::config(field, "required"));
    }
    if text.chars().any(char::is_control) {
        return Err(PaylinkError::config(field, "must be on one line"));
    }
    Ok(text.to_owned())
}

fn web_link(field: &str, text: &str) -> Result<String, PaylinkError> {
    match Url::parse(text) {
        Ok(url) if url.scheme() == "https" => Ok(text.to_owned()),
        _ => Err(PaylinkError::config(field, "must be an https link")),
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
        assert!(settings.provider.is_production());
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
    fn http_is_for_this_machine_only() {
        let mut config = config();
        config.origin = "http://127.0.0.1:8080".to_owned();
        config.api_prefix = "/v1/accounts/{account}/payments/".to_owned();
        assert!(gateway::knows(&config.check().unwrap().provider, "http://127.0.0.1:8080/v1/view/1"));
    }
}
