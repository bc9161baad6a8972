//! Signing in: Basic credentials for a token, the token for everything else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Reply, Request};
use crate::engine::{ApiError, Engine};

pub(super) fn token(engine: &mut Engine, request: &Request, account: &str) -> Result<Reply, ApiError> {
    let credentials = basic(request);
    let credentials = credentials.as_ref().map(|(id, secret)| (id.as_str(), secret.as_str()));
    let body = request.read_json();
    // Wrong credentials are reported before a wrong body.
    let reply = engine.issue_token(account, credentials, body.as_ref().unwrap_or(&serde_json::Value::Null))?;
    Ok(Reply::json(200, &reply).with("cache-control", "no-store"))
}

fn basic(request: &Request) -> Option<(String, String)> {
    let (scheme, encoded) = request.get("authorization")?.split_once(' ')?;
    let decoded = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(decoded).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

pub(super) fn bearer(request: &Request) -> Option<&str> {
    let (scheme, token) = request.get("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
