//! The wire: requests in, replies out, still without a socket.
//!
//! A [`Provider`] takes a [`Request`] and returns a [`Reply`]; [`crate::router`] puts it behind axum.
//! The order is always the same: scripted faults, then the path, then the token, then the right,
//! then the operation. Both URL forms, `/v1/X` and `/v1/accounts/{aid}/payments/X`, are one.
//! Every request is logged with the status that was answered.

mod auth;
mod checkout;
mod control;
mod fault;
mod inspect;
mod profiles;
mod provider;
mod route;
mod script;
mod sessions;
mod transactions;
mod view;

pub use fault::Fault;
pub use provider::{Provider, RequestRecord};

use serde_json::Value;

use crate::engine::ApiError;

/// A request, already read to its end.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `GET`, `POST`, `PUT` …
    pub method: String,
    /// The path, percent-decoded where that matters, without the query.
    pub path: String,
    /// The query, decoded, in order, keys repeated as sent.
    pub query: Vec<(String, String)>,
    /// Header names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Who it comes from.
    pub peer: Option<String>,
}

impl Request {
    /// A request without headers and body; `target` is path and query.
    #[must_use]
    pub fn new(method: &str, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self { method: method.to_owned(), path: path.to_owned(), query: pairs(query.as_bytes()), ..Self::default() }
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_lowercase(), value.to_owned()));
        self
    }

    /// The same with a bearer token.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// The same with a JSON body.
    #[must_use]
    pub fn json(mut self, body: &Value) -> Self {
        self.body = body.to_string().into_bytes();
        self.header("content-type", "application/json")
    }

    /// The first header with this name (lower case).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first query parameter with this name.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether its path, query or body has this text.
    fn carries(&self, text: &str) -> bool {
        self.path.contains(text)
            || self.query.iter().any(|(_, value)| value.contains(text))
            || (!text.is_empty() && self.body.windows(text.len()).any(|part| part == text.as_bytes()))
    }

    /// Whether a browser is asking.
    fn wants_html(&self) -> bool {
        self.get("accept").is_some_and(|accept| accept.contains("text/html"))
    }

    /// The body as JSON; `null` when there is none.
    fn read_json(&self) -> Result<Value, ApiError> {
        if self.body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&self.body)
            .map_err(|error| ApiError::new(400, "BAD_REQUEST", format!("the body is not JSON: {error}")))
    }

    /// The body as the fields of a form.
    fn read_form(&self) -> Vec<(String, String)> {
        pairs(&self.body)
    }
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

/// A reply.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Header names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// A JSON reply.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self { status, headers: Vec::new(), body: body.to_string().into_bytes() }
            .with("content-type", "application/json")
    }

    /// A page.
    fn html(status: u16, page: maud::Markup) -> Self {
        Self { status, headers: Vec::new(), body: page.into_string().into_bytes() }
            .with("content-type", "text/html; charset=utf-8")
            .with("cache-control", "no-store")
    }

    /// Elsewhere.
    fn redirect(status: u16, location: &str) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }.with("location", location)
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_lowercase(), value.to_owned()));
        self
    }

    /// The first header with this name (lower case).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; `null` when it is none.
    #[must_use]
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

impl From<ApiError> for Reply {
    fn from(error: ApiError) -> Self {
        Self::json(error.status, &error.body())
    }
}
