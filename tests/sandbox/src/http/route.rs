//! Which path is which operation.

use super::{Reply, Request, auth, profiles, sessions, transactions, view};
use crate::engine::{ApiError, Engine};

/// The short form of a path: `/v1/accounts/{aid}/payments/X` is `/v1/X`. Repeated and trailing
/// slashes do not count.
pub(super) fn canonical(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["v1", "accounts", _, "payments", rest @ ..] => format!("/v1/{}", rest.join("/")),
        parts => format!("/{}", parts.join("/")),
    }
}

/// Answers a request of the provider's own; `None` for the sandbox's paths.
pub(super) fn dispatch(engine: &mut Engine, request: &Request) -> Option<Reply> {
    let path = canonical(&request.path);
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    if parts.first() == Some(&"sandbox") {
        return None;
    }
    if let Err(error) = right_account(engine, &request.path) {
        return Some(error.into());
    }
    let method = if request.method == "HEAD" { "GET" } else { request.method.as_str() };
    let reply = match (method, parts.as_slice()) {
        ("POST", ["v1", "accounts", account, "auth", "token"]) => auth::token(engine, request, account),
        ("POST", ["v1", "auth", "token"]) => {
            let account = engine.options().account.clone();
            auth::token(engine, request, &account)
        }
        ("GET", ["v1", "view", id]) => view::open(engine, request, id),
        ("GET", ["v1", "view", id, "session"]) => view::session(engine, id),
        ("POST", ["v1", "view", id, "session", "abandon"]) => view::abandon(engine, id),
        ("POST", ["v1", "sessions", id, "pay"]) => view::pay(engine, request, id),
        (_, ["v1", "sessions-profile" | "sessions" | "transactions" | "admin", ..]) => {
            with_token(engine, request, method, &parts)
        }
        _ => Err(unknown(request)),
    };
    Some(reply.unwrap_or_else(Reply::from))
}

/// The account named in the long form has to be this one.
fn right_account(engine: &Engine, path: &str) -> Result<(), ApiError> {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let named = (parts.next(), parts.next(), parts.next(), parts.next());
    match named {
        (Some("v1"), Some("accounts"), Some(account), Some("payments")) if account != engine.options().account => {
            Err(ApiError::new(403, "FORBIDDEN", "the token is for another account"))
        }
        _ => Ok(()),
    }
}

fn with_token(engine: &mut Engine, request: &Request, method: &str, parts: &[&str]) -> Result<Reply, ApiError> {
    engine.check_token(auth::bearer(request))?;
    match (method, parts) {
        ("POST", ["v1", "sessions-profile"]) => sessions::create_from_profile(engine, request),
        ("POST", ["v1", "sessions"]) => sessions::create(engine, request),
        ("GET", ["v1", "sessions"]) => sessions::list(engine, request),
        ("GET", ["v1", "sessions", id]) => sessions::read(engine, id),
        ("PUT", ["v1", "sessions", id]) => sessions::update(engine, request, id),
        ("POST", ["v1", "sessions", id, "cancel"]) => sessions::cancel(engine, id),
        ("GET", ["v1", "transactions"]) => transactions::list(engine, request),
        ("GET", ["v1", "transactions", id]) => transactions::read(engine, id),
        ("PUT", ["v1", "transactions", id]) => transactions::update(engine, request, id),
        ("POST", ["v1", "transactions", id, what]) => transactions::operate(engine, request, id, what),
        ("GET", ["v1", "admin", "session", "profiles"]) => profiles::list(engine, request),
        ("GET", ["v1", "admin", "session", "profiles", id]) => profiles::read(engine, id),
        _ => Err(unknown(request)),
    }
}

pub(super) fn unknown(request: &Request) -> ApiError {
    ApiError::new(404, "NOT_FOUND", format!("no route for {} {}", request.method, request.path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_url_forms_are_one_path() {
        assert_eq!(canonical("/v1/accounts/P12345678/payments/sessions/x/cancel"), "/v1/sessions/x/cancel");
        assert_eq!(canonical("/v1/sessions//x/"), "/v1/sessions/x");
        assert_eq!(canonical("/v1/accounts/P12345678/auth/token"), "/v1/accounts/P12345678/auth/token");
    }
}
