//! Another way to carry requests than the client's own connections: a phone's own HTTP stack, or a provider in the same
//! process. What came back is judged like any other answer.

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
