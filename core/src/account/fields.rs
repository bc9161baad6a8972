//! The fields of a configuration, read from text: each in its normal form, defaults filled in, and every wrong one named.

use super::Config;
use crate::code::Code;
use crate::gateway::{self, Account, Place};
use crate::message::Language;
use crate::money::{self, Currency, Region, VatRate};
use crate::order::{AddressMode, Capture, Delivery, Expiry, Problem};
use crate::problem::ProblemCode;
use crate::{text, web};

/// The provider, where none is named.
const ORIGIN: &str = "https://checkout.dintero.com";
/// The shorter of its two spellings.
const API_PREFIX: &str = "/v1";
/// What new accounts have.
const PROFILE: &str = "default";
/// Characters of a reference prefix: it must leave room for the tag and the number.
const MAX_PREFIX: usize = 20;

/// All that a set-up can say, which is all but the folder. A wrong account or address is as it came, any other wrong field
/// has its default.
#[derive(Clone, Debug)]
pub(crate) struct Fields {
    pub(crate) account: String,
    /// Empty for the practice account.
    pub(crate) at: Place,
    pub(crate) seller_name: String,
    pub(crate) reference_prefix: String,
    pub(crate) language: Language,
    pub(crate) region: Region,
    pub(crate) currency: Currency,
    pub(crate) vat: VatRate,
    pub(crate) expiry: Expiry,
    pub(crate) capture: Capture,
    pub(crate) address: AddressMode,
    pub(crate) delivery: Delivery,
    pub(crate) terms_url: Option<String>,
}

impl Config {
    /// The fields, and every one that is wrong, at most once each.
    pub(crate) fn read(&self) -> (Fields, Vec<Wrong>) {
        let mut pass = Pass::default();
        let region = pass.choice("region", &self.region, Region::from_code, Region::Norway);
        let currency = pass.currency(&self.currency, region.currency());
        let vat = pass.vat(&self.vat, region);
        let reference_prefix = pass.prefix(&self.reference_prefix);
        let account = text::plain(&self.account);
        let practice = pass.is_practice(&account);
        let at = if practice { Place::default() } else { self.place(&mut pass) };
        // A sandbox's terms may be where the sandbox is.
        let plain = at.origin.starts_with("http:");
        let language = pass.choice("language", &self.language, Language::from_locale, Language::Nb);
        let fields = Fields {
            seller_name: pass.seller(&self.seller_name, practice.then(|| language.practice_account())),
            reference_prefix,
            language,
            region,
            currency,
            vat,
            expiry: pass.choice("expiry", &self.expiry, Expiry::from_code, Expiry::Week),
            capture: pass.choice("capture", &self.capture, Capture::from_code, Capture::Auto),
            address: pass.choice("address", &self.address, AddressMode::from_code, AddressMode::Known),
            delivery: pass.choice("delivery", &self.delivery, Delivery::from_code, Delivery::Copy),
            terms_url: filled(&self.terms_url).map(|text| pass.address("terms_url", text, plain)),
            account,
            at,
        };
        (fields, pass.0)
    }

    fn place(&self, pass: &mut Pass) -> Place {
        let at = Place {
            origin: pass.address("origin", filled(&self.origin).unwrap_or(ORIGIN), true),
            api_prefix: filled(&self.api_prefix).map_or_else(|| API_PREFIX.to_owned(), text::plain),
            profile_id: filled(&self.profile_id).map_or_else(|| PROFILE.to_owned(), text::plain),
            return_url: pass.address("return_url", &self.return_url, true),
        };
        for error in gateway::problems(&at) {
            pass.wrong(Problem::on(error.field, ProblemCode::Invalid), error.reason);
        }
        at
    }
}

/// A field that cannot be used: as a problem, and why in words for developers.
#[derive(Clone, Debug)]
pub(crate) struct Wrong {
    pub(crate) problem: Problem,
    pub(crate) reason: String,
}

/// Collects what is wrong, at most once a field.
#[derive(Default)]
struct Pass(Vec<Wrong>);

impl Pass {
    fn wrong(&mut self, problem: Problem, reason: impl Into<String>) {
        if !self.0.iter().any(|known| known.problem.field == problem.field) {
            self.0.push(Wrong { problem, reason: reason.into() });
        }
    }

    /// Whether it is the practice account, which needs nothing of what follows from an account at the provider.
    fn is_practice(&mut self, account: &str) -> bool {
        match Account::read(account) {
            Ok(account) => matches!(account, Account::Practice(_)),
            Err(error) => {
                let code = if account.is_empty() { ProblemCode::Required } else { ProblemCode::Invalid };
                self.wrong(Problem::on(error.field, code), error.reason);
                false
            }
        }
    }

    /// What a field names, or the default where it is empty.
    fn choice<T: Code>(&mut self, field: &str, text: &str, from_code: fn(&str) -> Option<T>, default: T) -> T {
        let text = text::plain(text);
        if text.is_empty() {
            return default;
        }
        from_code(&text).unwrap_or_else(|| {
            let (last, others) = T::CODES.split_last().unwrap_or((&"", &[]));
            let problem = Problem::on(field, ProblemCode::NotSupported).with("allowed", &T::CODES.join(", "));
            self.wrong(problem, format!("must be {} or {last}", others.join(", ")));
            default
        })
    }

    fn currency(&mut self, text: &str, default: Currency) -> Currency {
        let text = text::plain(text);
        if text.is_empty() {
            return default;
        }
        Currency::from_code(&text).unwrap_or_else(|| {
            let problem = Problem::on("currency", ProblemCode::NotSupported).with("allowed", default.code());
            self.wrong(problem, "unknown code");
            default
        })
    }

    fn vat(&mut self, text: &str, region: Region) -> VatRate {
        let text = text::number(text);
        if text.is_empty() {
            return money::default_vat(region);
        }
        money::parse_vat_rate(&text).unwrap_or_else(|number| {
            let mut problem = Problem::on("vat", number.code());
            if let Some((name, value)) = number.parameter() {
                problem = problem.with(name, &value);
            }
            self.wrong(problem, number.code().code());
            money::default_vat(region)
        })
    }

    fn prefix(&mut self, text: &str) -> String {
        const REASON: &str = "at most 20 characters on one line";
        let prefix = text::plain(text);
        if text::has_control(&prefix) {
            self.wrong(Problem::on("reference_prefix", ProblemCode::ControlCharacter), REASON);
        } else if prefix.chars().count() > MAX_PREFIX {
            let problem = Problem::on("reference_prefix", ProblemCode::TooLong).with("max", &MAX_PREFIX.to_string());
            self.wrong(problem, REASON);
        }
        prefix
    }

    /// `default`: what the practice account is called where nobody named the seller.
    fn seller(&mut self, text: &str, default: Option<&str>) -> String {
        let name = text::prose(text);
        if name.is_empty() {
            if let Some(default) = default {
                return default.to_owned();
            }
            self.wrong(Problem::on("seller_name", ProblemCode::Required), "required");
        } else if text::has_control(&name) {
            self.wrong(Problem::on("seller_name", ProblemCode::ControlCharacter), "must be on one line");
        }
        name
    }

    /// An address in its normal form; as it came where it is none.
    fn address(&mut self, field: &str, text: &str, plain: bool) -> String {
        web::address(text, plain).map(String::from).unwrap_or_else(|reason| {
            let code = if text::is_filled(text) { ProblemCode::Invalid } else { ProblemCode::Required };
            self.wrong(Problem::on(field, code), reason);
            text.to_owned()
        })
    }
}

/// A field that holds anything to see.
fn filled(text: &str) -> Option<&str> {
    text::is_filled(text).then_some(text)
}
