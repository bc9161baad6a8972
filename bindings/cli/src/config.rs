//! From flags to the core's configuration. Without `--account` everything is the sandbox's; with it nothing is, so
//! that a real account never gets a made-up seller and the sandbox never gets a real secret. The practice account gets
//! neither address nor secret, whatever the flags and the environment say.

use crate::args::{Global, SANDBOX_PORT};
use crate::output::Failure;
use crate::recovered;
use crate::screen::Screen;
use crate::secret::{Credentials, Memory};
use crate::words;
use paylink_core::Paylink;
use paylink_core::account::{Config, Ports};
use paylink_core::money::Region;
use std::path::PathBuf;
use std::sync::Arc;

/// Name of the database's folder when no account was given.
const SANDBOX_FOLDER: &str = "sandbox";
/// What the core calls the practice account; and its folder.
const PRACTICE: &str = "practice";
/// Said of everything that the practice account shows.
const PRACTICE_NOTE: &str = "Practice account: nothing leaves this machine, and nothing is money.\n";
/// The core's file in the data folder: without it nothing was ever saved there.
const DATABASE: &str = "paylink.db";

/// Who sells where the provider is a stand-in on this machine and nobody was named.
const STAND_INS_SELLER: &str = "Paylink";

/// Stands where the configuration wants a page that nobody will be sent to.
const UNUSED: &str = "https://unused.invalid/";

/// Which provider is spoken to, and as whom.
#[derive(Debug)]
pub struct Setup {
    /// What the core is opened with.
    pub config: Config,
    /// No `--account`: the sandbox, with its published credentials.
    pub sandbox: bool,
    screen: Screen,
    silent: bool,
}

impl Setup {
    /// What the flags say, with the defaults of the sandbox or of a real account.
    ///
    /// # Errors
    /// When the system names no folder for data and none was given.
    pub fn new(flags: &Global, screen: Screen) -> Result<Self, Failure> {
        let text = |flag: &Option<String>| flag.clone().unwrap_or_default();
        let or = |flag: &Option<String>, default: &str| flag.clone().unwrap_or_else(|| default.to_owned());
        let sandbox = paylink_sandbox::Options::default();
        let practice = flags.practice || flags.account.as_deref() == Some(PRACTICE);
        let is_sandbox = flags.account.is_none() && !practice;
        let mut config = Config {
            account: text(&flags.account),
            origin: text(&flags.url),
            api_prefix: text(&flags.api_prefix),
            profile_id: text(&flags.profile),
            return_url: text(&flags.return_url),
            seller_name: text(&flags.seller),
            reference_prefix: text(&flags.prefix),
            region: text(&flags.region),
            terms_url: text(&flags.terms_url),
            ..Config::default()
        };
        if practice {
            config.account = PRACTICE.to_owned();
            config.origin.clear();
        }
        if is_sandbox {
            config.account = sandbox.account;
            config.origin = or(&flags.url, &format!("http://127.0.0.1:{SANDBOX_PORT}"));
            config.return_url = or(&flags.return_url, &format!("{}/sandbox", config.origin.trim_end_matches('/')));
            config.seller_name = or(&flags.seller, &paylink_sandbox::Profile::default().merchant_name);
        }
        // Plain http leads to this machine only (the core refuses any other): a stand-in, whose customers are tests.
        if !is_sandbox && config.origin.starts_with("http://") {
            config.return_url = or(&flags.return_url, &format!("{}/", config.origin.trim_end_matches('/')));
            config.seller_name = or(&flags.seller, STAND_INS_SELLER);
        }
        config.data_dir = match &flags.data {
            Some(folder) => folder.clone(),
            None => default_folder()?.join(if is_sandbox { SANDBOX_FOLDER } else { &config.account }),
        };
        words::at_home_in(Region::from_code(&config.region).unwrap_or(Region::Norway));
        Ok(Self { config, sandbox: is_sandbox, screen, silent: false })
    }

    /// The same, for the command that tells of a recovery itself.
    #[must_use]
    pub fn silent(self) -> Self {
        Self { silent: true, ..self }
    }

    /// Whether nothing of it is money.
    #[must_use]
    pub fn is_practice(&self) -> bool {
        self.config.account == PRACTICE
    }

    fn opened(&self, core: Paylink) -> Result<Paylink, Failure> {
        if self.is_practice() && self.screen.tell_practice() {
            self.screen.note(PRACTICE_NOTE);
        }
        if !self.silent {
            recovered::tell(&core, &self.config.data_dir, self.screen)?;
        }
        Ok(core)
    }

    /// Opens the core to work. Credentials come from the environment, or from a person who is asked.
    ///
    /// # Errors
    /// As [`Paylink::open`].
    pub fn open(&self) -> Result<Paylink, Failure> {
        self.open_as(self.credentials()?)
    }

    /// Opens the core to work, signed in as somebody, or as nobody: then sales are saved and wait.
    ///
    /// # Errors
    /// As [`Paylink::open`].
    pub fn open_as(&self, credentials: Option<Credentials>) -> Result<Paylink, Failure> {
        let ports = Ports { secure_store: Arc::new(Memory::new(credentials)), token_source: None };
        self.opened(Paylink::open(&self.config, ports)?)
    }

    /// Opens the core for what needs no network, which is left alone; `None` when nothing was ever saved there.
    ///
    /// # Errors
    /// As [`Paylink::open`].
    pub fn open_offline(&self) -> Result<Option<Paylink>, Failure> {
        let Some(config) = self.to_read()? else { return Ok(None) };
        let ports = Ports { secure_store: Arc::new(Memory::new(None)), token_source: None };
        self.opened(Paylink::open(&Config { offline: true, ..config }, ports)?).map(Some)
    }

    /// Opens the core for what needs no network, which is left alone; a folder where nothing was ever saved is made.
    ///
    /// # Errors
    /// As [`Paylink::open`].
    pub fn open_at_rest(&self) -> Result<Paylink, Failure> {
        let ports = Ports { secure_store: Arc::new(Memory::new(None)), token_source: None };
        self.opened(Paylink::open(&Config { offline: true, ..self.needing_nobody()? }, ports)?)
    }

    /// Whom to sign in as, if anybody can tell.
    ///
    /// # Errors
    /// When the person who was asked breaks off.
    pub fn credentials(&self) -> Result<Option<Credentials>, Failure> {
        // A wrong configuration is said before anybody is asked for a secret.
        self.config.check()?;
        if self.sandbox {
            let sandbox = paylink_sandbox::Options::default();
            return Ok(Some(Credentials { id: sandbox.client_id, secret: sandbox.client_secret }));
        }
        if self.is_practice() {
            return Ok(None);
        }
        Credentials::from_environment_or_person(&self.config.account)
    }

    /// Opens the database for reading beside whoever works with it; `None` when nothing was ever saved there.
    ///
    /// # Errors
    /// As [`Paylink::open_read_only`].
    pub fn open_read_only(&self) -> Result<Option<Paylink>, Failure> {
        let Some(config) = self.to_read()? else { return Ok(None) };
        self.opened(Paylink::open_read_only(&config)?).map(Some)
    }

    /// The configuration of who only reads; `None` when there is nothing to read.
    fn to_read(&self) -> Result<Option<Config>, Failure> {
        let config = self.needing_nobody()?;
        Ok(config.data_dir.join(DATABASE).exists().then_some(config))
    }

    fn needing_nobody(&self) -> Result<Config, Failure> {
        let mut config = self.config.clone();
        // Who sells nothing sends nobody anywhere, and need not say again where to.
        if config.return_url.is_empty() {
            config.return_url = UNUSED.to_owned();
        }
        if config.seller_name.is_empty() && !self.is_practice() {
            config.seller_name.clone_from(&config.account);
        }
        config.check()?;
        Ok(config)
    }
}

fn default_folder() -> Result<PathBuf, Failure> {
    directories::ProjectDirs::from("", "", "paylink")
        .map(|dirs| dirs.data_dir().to_owned())
        .ok_or_else(|| Failure::config("data_dir", "this system names no folder for data: give one with --data"))
}

/// The flag that sets a field of the configuration.
#[must_use]
pub fn flag_of(field: &str) -> Option<&'static str> {
    Some(match field {
        "account" => "--account",
        "origin" => "--url",
        "api_prefix" => "--api-prefix",
        "profile_id" => "--profile",
        "return_url" => "--return-url",
        "seller_name" => "--seller",
        "reference_prefix" => "--prefix",
        "region" => "--region",
        "terms_url" => "--terms-url",
        "data_dir" => "--data",
        "port" => "--port",
        "language" => "--language",
        "currency" => "--currency",
        "vat" => "--vat",
        "expiry" => "--expires",
        "capture" => "--capture",
        "address" => "--address",
        "delivery" => "--deliver",
        "page" => "--page",
        "days" => "--days",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_an_account_everything_is_the_sandboxs() {
        let setup =
            Setup::new(&Global { data: Some("somewhere".into()), ..Global::default() }, Screen::new(false)).unwrap();
        assert!(setup.sandbox);
        assert_eq!(setup.config.origin, "http://127.0.0.1:8799");
        assert!(setup.config.check().is_ok());
        assert!(setup.credentials().unwrap().is_some());
    }

    #[test]
    fn a_real_account_borrows_nothing_from_the_sandbox() {
        let flags = Global { account: Some("T11112222".into()), data: Some("somewhere".into()), ..Global::default() };
        let setup = Setup::new(&flags, Screen::new(false)).unwrap();
        assert_eq!(setup.config.origin, "", "the core's default, which is the provider's own");
        assert_eq!((setup.config.return_url.as_str(), setup.config.seller_name.as_str()), ("", ""));
        assert!(setup.config.check().is_err());
    }

    #[test]
    fn a_stand_in_on_this_machine_needs_neither_seller_nor_return_page() {
        let flags = Global {
            account: Some("P11112222".into()),
            url: Some("http://127.0.0.1:4010".into()),
            data: Some("somewhere".into()),
            ..Global::default()
        };
        let setup = Setup::new(&flags, Screen::new(false)).unwrap();
        assert!(setup.config.check().is_ok());
        assert!(!setup.sandbox, "it gets the credentials of the environment");
    }

    #[test]
    fn each_account_has_a_folder_of_its_own() {
        let folder = |account: Option<&str>| {
            let flags = Global { account: account.map(str::to_owned), ..Global::default() };
            Setup::new(&flags, Screen::new(false)).unwrap().config.data_dir
        };
        assert!(folder(None).ends_with("sandbox"));
        assert!(folder(Some("P12345678")).ends_with("P12345678"));
        assert!(folder(Some("practice")).ends_with("practice"));
    }

    #[test]
    fn the_practice_account_takes_nothing_of_a_real_one() {
        let flags = Global {
            practice: true,
            account: Some("P12345678".into()),
            url: Some("https://checkout.dintero.com".into()),
            ..Global::default()
        };
        let setup = Setup::new(&flags, Screen::new(false)).unwrap();
        assert_eq!((setup.config.account.as_str(), setup.config.origin.as_str()), ("practice", ""));
        assert!(setup.config.data_dir.ends_with("practice"), "{:?}", setup.config.data_dir);
        assert!(setup.config.check().is_ok() && setup.credentials().unwrap().is_none() && !setup.sandbox);
    }
}
