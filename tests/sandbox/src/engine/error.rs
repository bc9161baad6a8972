//! A refusal by the provider, in its envelope `{"error":{"code","message","errors"}}`.
//!
//! assumption: no list of `code` values is published, so the codes here are the sandbox's own and a
//! client must not decide by them.

use serde_json::{Map, Value, json};

/// Why the provider said no.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{status} {code}: {message}")]
pub struct ApiError {
    /// The HTTP status.
    pub status: u16,
    /// A word for machines (assumption).
    pub code: &'static str,
    /// A sentence for people.
    pub message: String,
    /// One object per field that is wrong.
    pub errors: Vec<Value>,
    /// Further fields inside `error`, such as `cause` and `session_details`.
    pub extra: Map<String, Value>,
}

impl ApiError {
    /// A refusal without details.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), errors: Vec::new(), extra: Map::new() }
    }

    /// 400 because of these fields.
    #[must_use]
    pub fn invalid(errors: Vec<Value>) -> Self {
        let message = match errors.first().and_then(|first| first["message"].as_str()) {
            Some(first) => format!("Validation failed: {first}"),
            None => String::from("Validation failed"),
        };
        Self { status: 400, code: "BAD_REQUEST", message, errors, extra: Map::new() }
    }

    /// 404: nothing has this id.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(404, "NOT_FOUND", format!("{what} not found"))
    }

    /// The same refusal with one more field inside `error`.
    #[must_use]
    pub fn with(mut self, key: &str, value: Value) -> Self {
        self.extra.insert(key.to_owned(), value);
        self
    }

    /// The body on the wire.
    #[must_use]
    pub fn body(&self) -> Value {
        let mut error = self.extra.clone();
        error.insert("code".into(), json!(self.code));
        error.insert("message".into(), json!(self.message));
        error.insert("errors".into(), json!(self.errors));
        json!({ "error": error })
    }
}
