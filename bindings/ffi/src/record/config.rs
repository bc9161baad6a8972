//! The configuration, as a shell hands it in.

use paylink_core::account;

/// What an app configures. Everything is text, checked by `open`; what is left out gets its default.
#[derive(Clone, uniffi::Record)]
pub struct Config {
    /// The folder that the core owns: inside the app's own container, excluded from backups.
    pub data_dir: String,
    /// `T…` (the provider's test mode) or `P…` and eight digits; or `practice`, which needs nothing but a folder of its own.
    pub account: String,
    /// Who sells, as the customer reads it.
    pub seller_name: String,
    /// https: the page that a customer sees after paying.
    pub return_url: String,
    /// The provider's origin; http only on this machine. Default `https://checkout.dintero.com`.
    #[uniffi(default)]
    pub origin: String,
    /// `/v1` (default), or `/v1/accounts/{account}/payments`.
    #[uniffi(default)]
    pub api_prefix: String,
    /// Payment profile; default `default`.
    #[uniffi(default)]
    pub profile_id: String,
    /// Starts every reference that the core makes; at most 20 characters, may be empty.
    #[uniffi(default)]
    pub reference_prefix: String,
    /// Language of the customer's text: `nb` (default), `nn`, `en`, `sv`, `da`.
    #[uniffi(default)]
    pub language: String,
    /// `NO` (default), `SE`, `DK` or `FI`.
    #[uniffi(default)]
    pub region: String,
    /// ISO code; default the region's.
    #[uniffi(default)]
    pub currency: String,
    /// VAT in percent; default the region's.
    #[uniffi(default)]
    pub vat: String,
    /// Time to pay: `1d`, `1w` (default) or `1m`.
    #[uniffi(default)]
    pub expiry: String,
    /// `auto` (default) or `manual`.
    #[uniffi(default)]
    pub capture: String,
    /// Who gives the customer's address: `known` (default) or `express`.
    #[uniffi(default)]
    pub address: String,
    /// Way to the customer: `copy` (default), `sms`, `phone`, `mail`, `share`, `qr`.
    #[uniffi(default)]
    pub delivery: String,
    /// https: terms and withdrawal form, added to the customer's text; default none.
    #[uniffi(default)]
    pub terms_url: String,
    /// A sale that has waited for more than so many hours asks the seller before it goes out. Default 24.
    #[uniffi(default = None)]
    pub ask_again_after_hours: Option<u32>,
    /// Contact data of a customer are erased so many days after the last order is over; null: 180; 0: never by itself.
    #[uniffi(default = None)]
    pub erase_contacts_after_days: Option<u32>,
    /// True: the phone has no network now, and nothing is tried until `network_changed(true)`.
    #[uniffi(default = false)]
    pub offline: bool,
}

impl From<Config> for account::Config {
    fn from(config: Config) -> Self {
        let Config {
            data_dir,
            account,
            seller_name,
            return_url,
            origin,
            api_prefix,
            profile_id,
            reference_prefix,
            language,
            region,
            currency,
            vat,
            expiry,
            capture,
            address,
            delivery,
            terms_url,
            ask_again_after_hours,
            erase_contacts_after_days,
            offline,
        } = config;
        let usual = Self::default();
        let or = |given: String, usual: String| if given.trim().is_empty() { usual } else { given };
        Self {
            data_dir: data_dir.into(),
            account,
            seller_name,
            return_url,
            origin: or(origin, usual.origin),
            api_prefix: or(api_prefix, usual.api_prefix),
            profile_id: or(profile_id, usual.profile_id),
            reference_prefix,
            language: or(language, usual.language),
            region: or(region, usual.region),
            currency,
            vat,
            expiry: or(expiry, usual.expiry),
            capture: or(capture, usual.capture),
            address,
            delivery,
            terms_url,
            ask_again_after_hours: ask_again_after_hours.unwrap_or(usual.ask_again_after_hours),
            erase_contacts_after_days: erase_contacts_after_days.unwrap_or(usual.erase_contacts_after_days),
            offline,
            trust: usual.trust,
            timeouts: usual.timeouts,
            transport: usual.transport,
            moments: usual.moments,
        }
    }
}
