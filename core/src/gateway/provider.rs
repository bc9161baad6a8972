//! Which provider is asked, and how it is reached. What the addresses may be is the provider's own matter: [`problems`].

use super::{AccountId, CredentialSource, Gateway, PracticeAccount, Transport};
use super::{dintero, practice};
use crate::clock::ServerClock;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Whom the client trusts.
#[derive(Clone, Default)]
pub enum Trust {
    /// Mozilla's root certificates, compiled in: the same on every phone, and no call into the platform.
    #[default]
    WebPki,
    /// Just these root certificates (DER): for a sandbox with a certificate of its own.
    Certificates(Vec<Vec<u8>>),
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WebPki => f.write_str("WebPki"),
            Self::Certificates(all) => write!(f, "Certificates({})", all.len()),
        }
    }
}

/// Name look-up, connection and TLS together. Longer than any handshake that succeeds on a weak cell, and shorter than
/// the totals below, so that a connection that never came to be is kept apart from an answer that never came.
const CONNECT: Duration = Duration::from_secs(10);
/// A write until its whole answer is there. The provider sends the customer's SMS meanwhile, so it gets longer.
const WRITE: Duration = Duration::from_secs(30);
/// A read until its whole answer is there: a read is cheap to repeat, and the seller watches.
const READ: Duration = Duration::from_secs(15);

/// How long the client waits. Tests bring shorter ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Name look-up, connection and TLS.
    pub connect: Duration,
    /// A write until its whole answer is there.
    pub write: Duration,
    /// A read, or a token, until its whole answer is there.
    pub read: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: CONNECT, write: WRITE, read: READ }
    }
}

/// What the client knows about the provider. Holds no secret.
#[derive(Clone)]
pub struct ProviderSettings {
    /// Whose it is.
    pub account: AccountId,
    /// Where it is.
    pub at: Place,
    /// Our version, told to the provider with each request.
    pub system_version: String,
    /// Whom the client trusts.
    pub trust: Trust,
    /// How long it waits.
    pub timeouts: Timeouts,
    /// Carries the requests in place of the client's own connections.
    pub transport: Option<Arc<dyn Transport>>,
}

/// Where the provider is, and the page that a customer comes back to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Scheme, host and port: `https://checkout.dintero.com`. Plain http only for this machine.
    pub origin: String,
    /// `/v1`, or `/v1/accounts/{account}/payments` with `{account}` replaced by the account.
    pub api_prefix: String,
    /// The payment profile, `default` on new accounts.
    pub profile_id: String,
    /// The page that a customer sees after paying.
    pub return_url: String,
}

impl fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderSettings").field("account", &self.account).field("at", &self.at).finish_non_exhaustive()
    }
}

/// Which provider is asked.
#[derive(Clone, Debug)]
pub enum Provider {
    /// Dintero, over the network.
    Dintero(Box<ProviderSettings>),
    /// The one inside the core.
    Practice(PracticeAccount),
}

impl Provider {
    /// The account, as a shell writes it: what a database is bound to.
    #[must_use]
    pub fn account(&self) -> &str {
        match self {
            Self::Dintero(settings) => settings.account.as_str(),
            Self::Practice(account) => account.as_str(),
        }
    }

    /// Whether it is the practice account.
    #[must_use]
    pub const fn is_practice(&self) -> bool {
        matches!(self, Self::Practice(_))
    }

    /// Whether the provider sends messages when it is asked to: on a test account it does not (facts 4). The practice
    /// account shows what a production account does.
    #[must_use]
    pub fn sends(&self) -> bool {
        match self {
            Self::Dintero(settings) => settings.account.is_production(),
            Self::Practice(_) => true,
        }
    }

    /// Whether a link leads to a host that the provider is known to use.
    #[must_use]
    pub fn knows(&self, link: &str) -> bool {
        match self {
            Self::Dintero(settings) => dintero::knows(settings, link),
            Self::Practice(_) => practice::knows(link),
        }
    }
}

/// Settings that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct SettingsError {
    /// The field of [`ProviderSettings`].
    pub field: &'static str,
    /// Why, as a lowercase fragment.
    pub reason: String,
}

impl SettingsError {
    pub(super) fn new(field: &'static str, reason: impl Into<String>) -> Self {
        Self { field, reason: reason.into() }
    }
}

/// Every field of a place that cannot be used, at most one problem a field.
#[must_use]
pub fn problems(at: &Place) -> Vec<SettingsError> {
    dintero::problems(at)
}

/// The origins that are the provider's own.
#[must_use]
pub const fn origins() -> &'static [&'static str] {
    &dintero::ORIGINS
}

/// A client that has asked nothing yet. `clock` learns the provider's time from its answers.
///
/// # Errors
/// The first setting that cannot be used.
pub fn open(
    settings: &ProviderSettings,
    credentials: Arc<dyn CredentialSource>,
    clock: &Arc<ServerClock>,
) -> Result<Arc<dyn Gateway>, SettingsError> {
    Ok(Arc::new(dintero::Dintero::new(settings.clone(), credentials, Arc::clone(clock))?))
}
