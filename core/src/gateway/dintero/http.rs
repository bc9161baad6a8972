//! Sends one request and says what came back, without judging it: [`super::classify`] does that.
//!
//! - Nothing is repeated here: no retry, no redirect. A connection that could not be made is kept apart from every
//!   other failure, because only then it is certain that nothing left the phone (phone facts 4).
//! - The trust roots are compiled in and the crypto provider is passed by hand: nothing of the platform is called,
//!   and nothing is installed for the whole process.
//! - The body is read up to a limit, piece by piece.
//! - [`Http::renew`] drops pooled connections, dead after a change of network.

use super::policy;
use super::settings::Endpoints;
use super::transport::carry;
use crate::gateway::{Fault, ProviderSettings, SettingsError, Transport, Trust};
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Method, Response};
use rustls::pki_types::CertificateDer;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant, UNIX_EPOCH};
use url::Url;

/// How we introduce ourselves (facts 1.3).
const SYSTEM_NAME: &str = "Paylink";
/// Makes the provider refuse a sum that is not that of the lines (facts 7.2).
pub(super) const STRICT_AMOUNTS: (HeaderName, HeaderValue) =
    (HeaderName::from_static("dintero-feature-toggles"), HeaderValue::from_static("strict-session-amounts"));

/// Where the provider says by which event it will tell of an operation that it does later (facts 5).
pub(super) const EVENT_REQUEST: HeaderName = HeaderName::from_static("event-request-id");

/// What signs a request.
pub(super) enum Signature<'a> {
    /// The account's client.
    Client { id: &'a str, secret: &'a SecretString },
    /// A token.
    Bearer(&'a SecretString),
}

/// A request.
pub(super) struct Request<'a> {
    pub(super) method: Method,
    pub(super) url: &'a Url,
    pub(super) json: Option<&'a [u8]>,
    /// A create: sums are checked by the provider.
    pub(super) strict: bool,
    pub(super) total: Duration,
    pub(super) max_body: usize,
}

/// What came back.
#[derive(Clone, Debug)]
pub(super) enum Reply {
    /// No connection was made: nothing left the phone.
    NotConnected(Fault),
    /// No full answer in time.
    TimedOut,
    /// The connection ended before a full answer.
    Cut,
    /// The answer was larger than the limit.
    TooLarge,
    /// A full answer.
    Full(Full),
}

/// A full answer. `Debug` leaves out the body: it may be a token, or about a person.
#[derive(Clone, Default)]
pub(super) struct Full {
    pub(super) status: u16,
    /// The id of the event by which an operation that is done later says so (facts 5).
    pub(super) event_request: Option<String>,
    pub(super) retry_after: Option<String>,
    /// `Date`, UTC ms, and when it came.
    pub(super) date: Option<(i64, Instant)>,
    pub(super) body: Vec<u8>,
}

impl fmt::Debug for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Full({}, {} bytes)", self.status, self.body.len())
    }
}

/// The client and its connections.
pub(super) struct Http {
    client: RwLock<Client>,
    builder: Builder,
    carrier: Option<Arc<dyn Transport>>,
}

impl Http {
    /// # Errors
    /// Trust roots or a version that cannot be used.
    pub(super) fn new(settings: &ProviderSettings, endpoints: &Endpoints) -> Result<Self, SettingsError> {
        let builder = Builder::new(settings, endpoints)?;
        let client = builder.build().map_err(|_| SettingsError::new("trust", "no client can be built with it"))?;
        Ok(Self { client: RwLock::new(client), builder, carrier: settings.transport.clone() })
    }

    /// Drops pooled connections; requests on their way end as they may.
    pub(super) fn renew(&self) {
        if let Ok(client) = self.builder.build() {
            *self.client.write().unwrap_or_else(PoisonError::into_inner) = client;
        }
    }

    /// Sends one request, once.
    pub(super) async fn send(&self, request: &Request<'_>, signature: Signature<'_>) -> Reply {
        if let Some(carrier) = &self.carrier {
            return carry(&**carrier, request, &signature);
        }
        let client = self.client.read().unwrap_or_else(PoisonError::into_inner).clone();
        let mut built = client.request(request.method.clone(), request.url.clone()).timeout(request.total);
        built = match signature {
            Signature::Client { id, secret } => built.basic_auth(id, Some(secret.expose_secret())),
            Signature::Bearer(token) => built.bearer_auth(token.expose_secret()),
        };
        if let Some(json) = request.json {
            built = built.header(CONTENT_TYPE, "application/json").body(json.to_vec());
        } else if request.method == Method::POST {
            // hyper leaves it out, and proxies may answer 411 then.
            built = built.header(CONTENT_LENGTH, 0);
        }
        if request.strict {
            built = built.header(STRICT_AMOUNTS.0, STRICT_AMOUNTS.1);
        }
        match built.send().await {
            Ok(response) => read(response, request.max_body).await,
            Err(error) => lost(&error),
        }
    }
}

/// Why there is no answer. A time-out while connecting is a connection that was not made.
fn lost(error: &reqwest::Error) -> Reply {
    if error.is_connect() || error.is_builder() {
        Reply::NotConnected(if is_out_of_date(error) { Fault::WrongClock } else { Fault::NoNetwork })
    } else if error.is_timeout() {
        Reply::TimedOut
    } else {
        Reply::Cut
    }
}

/// Whether the certificate is not valid yet, or no longer, by this phone's clock: everything else of it was in order.
fn is_out_of_date(error: &(dyn std::error::Error + 'static)) -> bool {
    use rustls::CertificateError::{Expired, ExpiredContext, NotValidYet, NotValidYetContext};
    let mut next = Some(error);
    while let Some(error) = next {
        // An `io::Error` hides what it was made of.
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let tls = inner.and_then(|inner| inner.downcast_ref()).or_else(|| error.downcast_ref::<rustls::Error>());
        if let Some(rustls::Error::InvalidCertificate(why)) = tls {
            return matches!(why, Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. });
        }
        next = match inner {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    false
}

async fn read(mut response: Response, max_body: usize) -> Reply {
    let date = text(response.headers(), &DATE).and_then(|text| read_date(&text));
    let retry_after = text(response.headers(), &RETRY_AFTER);
    let event_request = text(response.headers(), &EVENT_REQUEST);
    let status = response.status().as_u16();
    if response.content_length().is_some_and(|length| length > max_body as u64) {
        return Reply::TooLarge;
    }
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(None) => return Reply::Full(Full { status, event_request, retry_after, date, body }),
            Ok(Some(piece)) if body.len() + piece.len() > max_body => return Reply::TooLarge,
            Ok(Some(piece)) => body.extend_from_slice(&piece),
            Err(error) if error.is_timeout() => return Reply::TimedOut,
            Err(_) => return Reply::Cut,
        }
    }
}

/// The time of a `Date` header, UTC ms, and when it was read.
pub(super) fn read_date(text: &str) -> Option<(i64, Instant)> {
    let since = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some((i64::try_from(since.as_millis()).ok()?, Instant::now()))
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// What a client is built from, again after each change of network. The TLS configuration is shared, so that its
/// sessions are resumed.
struct Builder {
    tls: rustls::ClientConfig,
    headers: HeaderMap,
    user_agent: String,
    connect: Duration,
    plain: bool,
}

impl Builder {
    fn new(settings: &ProviderSettings, endpoints: &Endpoints) -> Result<Self, SettingsError> {
        let version = HeaderValue::from_str(&settings.system_version)
            .map_err(|_| SettingsError::new("system_version", "cannot stand in a header"))?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert("dintero-system-name", HeaderValue::from_static(SYSTEM_NAME));
        headers.insert("dintero-system-version", version);
        Ok(Self {
            tls: tls(&settings.trust)?,
            headers,
            user_agent: format!("{SYSTEM_NAME}/{}", settings.system_version),
            connect: settings.timeouts.connect,
            plain: endpoints.plain,
        })
    }

    fn build(&self) -> Result<Client, reqwest::Error> {
        Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .default_headers(self.headers.clone())
            .user_agent(&self.user_agent)
            .https_only(!self.plain)
            .http1_only()
            .no_proxy()
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(self.connect)
            .pool_idle_timeout(policy::POOL_IDLE)
            .pool_max_idle_per_host(policy::POOL_SIZE)
            .build()
    }
}

fn tls(trust: &Trust) -> Result<rustls::ClientConfig, SettingsError> {
    let wrong = |reason: String| SettingsError::new("trust", reason);
    let mut roots = rustls::RootCertStore::empty();
    match trust {
        Trust::WebPki => {
            roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
        }
        Trust::Certificates(all) => {
            for one in all {
                roots.add(CertificateDer::from(one.clone())).map_err(|error| wrong(error.to_string()))?;
            }
        }
    }
    let mut tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(tls)
}
