//! Another way to carry requests than our own client: a phone's own HTTP stack, or a provider in the same process.
//! What came back is judged by [`super::classify`] like any other answer.

use super::http::{Full, Reply, Request, STRICT_AMOUNTS, Signature, read_date};
use super::policy;
use secrecy::ExposeSecret;
use std::fmt;

/// Carries one request, once; called on a thread that may block.
pub trait Transport: Send + Sync + 'static {
    /// Sends it and waits for what comes back.
    fn send(&self, request: Carried) -> CarriedReply;
}

/// A request to carry. `Debug` leaves out headers and body: they hold secrets and people.
pub struct Carried {
    /// `GET` or `POST`.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// What signs it.
    pub authorization: Authorization,
    /// The other headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// JSON, or empty.
    pub body: Vec<u8>,
}

/// What signs a request.
pub enum Authorization {
    /// HTTP Basic.
    Basic {
        /// The client id.
        user: String,
        /// The client secret.
        password: String,
    },
    /// A bearer token.
    Bearer(String),
}

/// What came back.
pub enum CarriedReply {
    /// Nothing left.
    NotConnected,
    /// It may have arrived; no full answer came in time.
    TimedOut,
    /// It may have arrived; the answer broke off.
    Cut,
    /// A full answer.
    Full {
        /// HTTP status.
        status: u16,
        /// Names in any case.
        headers: Vec<(String, String)>,
        /// As it came.
        body: Vec<u8>,
    },
}

impl fmt::Debug for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.url)
    }
}

/// Carries one of our requests.
pub(super) fn carry(transport: &dyn Transport, request: &Request<'_>, signature: &Signature<'_>) -> Reply {
    let mut headers = vec![("accept".to_owned(), "application/json".to_owned())];
    let authorization = match signature {
        Signature::Client { id, secret } => {
            Authorization::Basic { user: (*id).to_owned(), password: secret.expose_secret().to_owned() }
        }
        Signature::Bearer(token) => Authorization::Bearer(token.expose_secret().to_owned()),
    };
    if request.json.is_some() {
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    if request.strict {
        let (name, value) = STRICT_AMOUNTS;
        headers.push((name.to_string(), value.to_str().unwrap_or_default().to_owned()));
    }
    let carried = Carried {
        method: request.method.to_string(),
        url: request.url.to_string(),
        authorization,
        headers,
        body: request.json.unwrap_or_default().to_vec(),
    };
    match transport.send(carried) {
        CarriedReply::NotConnected => Reply::NotConnected,
        CarriedReply::TimedOut => Reply::TimedOut,
        CarriedReply::Cut => Reply::Cut,
        CarriedReply::Full { body, .. } if body.len() > request.max_body.min(policy::MAX_LIST_BODY) => Reply::TooLarge,
        CarriedReply::Full { status, headers, body } => {
            let header = |name: &str| {
                headers.iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
            };
            let date = header("date").and_then(|text| read_date(&text));
            Reply::Full(Full { status, retry_after: header("retry-after"), date, body })
        }
    }
}
