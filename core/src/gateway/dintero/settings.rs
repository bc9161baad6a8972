//! Where the provider is and which account is asked, checked once when the client is made: an address that is not
//! https is refused unless it is this machine, so no secret and no customer ever crosses a network in the clear.

use crate::gateway::{AccountId, Place, ProviderSettings, SettingsError};
use crate::web;
use url::Url;

/// The API's own name of an account, asked for in a token whatever host is asked (facts 1.2).
const AUDIENCE: &str = "https://api.dintero.com/v1/accounts/";
/// Where the token and the profiles live on either host (facts 1.1 and 8).
const ROOT_PREFIX: &str = "/v1";

/// The provider's own origins: both answer the whole API (facts 1.1).
pub(in crate::gateway) const ORIGINS: [&str; 2] = ["https://checkout.dintero.com", "https://api.dintero.com"];

/// The placeholder of the account in a prefix.
const ACCOUNT: &str = "{account}";

/// Every field that cannot be used.
pub(in crate::gateway) fn problems(at: &Place) -> Vec<SettingsError> {
    let wrong = [
        origin(&at.origin).err(),
        address("return_url", &at.return_url).err(),
        check_profile(&at.profile_id).err(),
        check_prefix(&at.api_prefix).err(),
    ];
    wrong.into_iter().flatten().collect()
}

/// Whether a link leads to a host that the provider is known to use.
pub(in crate::gateway) fn knows(settings: &ProviderSettings, link: &str) -> bool {
    Endpoints::new(settings).is_ok_and(|endpoints| endpoints.knows(link))
}

/// The addresses that follow from the settings.
#[derive(Clone, Debug)]
pub(super) struct Endpoints {
    api: Url,
    root: Url,
    account: AccountId,
    /// What a token is asked for.
    pub(super) audience: String,
    /// Whether the origin may be asked in the clear: it is this machine.
    pub(super) plain: bool,
}

impl Endpoints {
    /// Checks the settings.
    ///
    /// # Errors
    /// The first field that cannot be used.
    pub(super) fn new(settings: &ProviderSettings) -> Result<Self, SettingsError> {
        if let Some(first) = problems(&settings.at).into_iter().next() {
            return Err(first);
        }
        let origin = origin(&settings.at.origin)?;
        let prefix = settings.at.api_prefix.replace(ACCOUNT, settings.account.as_str());
        let mut api = origin.clone();
        api.set_path(prefix.trim_end_matches('/'));
        let mut root = origin;
        root.set_path(ROOT_PREFIX);
        let audience = format!("{AUDIENCE}{}", settings.account);
        let plain = root.scheme() == "http";
        Ok(Self { api, root, account: settings.account.clone(), audience, plain })
    }

    /// An address of the API; each segment is percent-encoded. `None` for a segment that cannot stand in a path.
    pub(super) fn api(&self, segments: &[&str]) -> Option<Url> {
        join(&self.api, segments)
    }

    /// An address under `/v1` of the origin: profiles.
    pub(super) fn root(&self, segments: &[&str]) -> Option<Url> {
        join(&self.root, segments)
    }

    /// Where the token is had.
    pub(super) fn token(&self) -> Option<Url> {
        join(&self.root, &["accounts", self.account.as_str(), "auth", "token"])
    }

    /// The payment page of a session. ASSUMPTION (facts 2.4 and 3.1): every published link is `/v1/view/{id}` on the
    /// checkout host, also where the API is asked on the other host; the provider calls the link opaque.
    pub(super) fn view(&self, session_id: &str) -> String {
        let mut page = self.root.clone();
        if page.host_str() == Some("api.dintero.com") {
            let _ = page.set_host(Some("checkout.dintero.com"));
        }
        join(&page, &["view", session_id]).map(String::from).unwrap_or_default()
    }

    /// Whether a link leads to the origin's host or to one of `dintero.com`, encrypted unless it is this machine.
    pub(super) fn knows(&self, link: &str) -> bool {
        let Ok(link) = Url::parse(link) else { return false };
        let Some(host) = link.host_str() else { return false };
        match link.scheme() {
            "https" => Some(host) == self.root.host_str() || host.ends_with(".dintero.com"),
            "http" => self.plain && Some(host) == self.root.host_str(),
            _ => false,
        }
    }
}

fn join(base: &Url, segments: &[&str]) -> Option<Url> {
    // `url` drops dot segments, which would turn `sessions/..` into another address.
    if segments.iter().any(|one| matches!(one.trim(), "" | "." | "..")) {
        return None;
    }
    let mut url = base.clone();
    url.path_segments_mut().ok()?.pop_if_empty().extend(segments);
    Some(url)
}

fn check_profile(id: &str) -> Result<(), SettingsError> {
    if id.is_empty() || id.trim() != id {
        return Err(SettingsError::new("profile_id", "is empty or has spaces around it"));
    }
    Ok(())
}

fn origin(text: &str) -> Result<Url, SettingsError> {
    let origin = address("origin", text)?;
    if !matches!(origin.path(), "" | "/") || origin.query().is_some() || origin.fragment().is_some() {
        return Err(SettingsError::new("origin", "has more than scheme, host and port"));
    }
    Ok(origin)
}

fn check_prefix(prefix: &str) -> Result<(), SettingsError> {
    if !prefix.starts_with('/') || prefix.contains(['?', '#']) {
        return Err(SettingsError::new("api_prefix", "is not a path"));
    }
    if prefix.replace(ACCOUNT, "").contains(['{', '}']) {
        return Err(SettingsError::new("api_prefix", "has a placeholder other than {account}"));
    }
    Ok(())
}

fn address(field: &'static str, text: &str) -> Result<Url, SettingsError> {
    web::address(text, true).map_err(|reason| SettingsError::new(field, reason))
}
