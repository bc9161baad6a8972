//! The one place where it is decided what an answer means (rule 13). Pure.
//!
//! | what came | read | operation | token |
//! |---|---|---|---|
//! | no connection, a wrong clock | `NotSent` | `NotSent` | `Unclear` no network |
//! | time-out, cut, too large | `Unclear` | `Unclear` | `Unclear` |
//! | 202 with the id of its event | as 2xx | `Pending` | as 2xx |
//! | 2xx with JSON | the answer | the answer | the answer |
//! | 2xx without, 3xx, 511 | `Unclear` not JSON | `Unclear` not JSON | `Unclear` not JSON |
//! | 408, 425, 429 | `Busy` | `Busy` | `Busy` |
//! | 503 | `Busy` | `Unclear` | `Busy` |
//! | other 5xx | `Unclear` | `Unclear` | `Unclear` |
//! | 401, JSON object or empty | `SignInNeeded` | `SignInNeeded` | `SignInNeeded`, but `Unclear` if empty |
//! | 403, JSON object or empty | `Forbidden` | `Forbidden` | right missing, but `Unclear` if empty |
//! | 404, JSON object or empty | `Rejected` | with the provider's error `Rejected`, else `Unclear` | as operation |
//! | other 4xx | with the provider's error `Rejected`, else `Unclear` not JSON | same | wrong credentials, else `Unclear` |
//!
//! - Whether a body is JSON is found by parsing it; the content type proves nothing either way.
//! - "The provider's error" is `{"error":…}`. For 401 and 403, and 404 of reads, any JSON object or no body at all will
//!   do: an API gateway in front of the provider answers `{"message":"Forbidden"}` where a path or a right is
//!   missing, and the list of sessions may be such a path (facts 3). A page of a captive portal is neither.
//! - `Unclear` of a token means that the request which needs it never left: [`super::token`] makes it `NotSent`.
//! - The 401 of a request is final only after one fresh token: [`super::call`] sees to that.
//! - A 403 of the token is the account's. With a good token it is the request's (a firewall may dislike one text), until
//!   another one meets it as well: `account` decides that.

use super::http::{Full, Reply};
use super::policy;
use super::wire;
use crate::gateway::{Answer, Fault, NotDone, Rejection, SignInReason};
use serde_json::Value;
use std::time::UNIX_EPOCH;

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Changes nothing at the provider.
    Read,
    /// Changes something.
    Operation,
    /// Signs in.
    Token,
}

/// Decides. `now_ms` is the time against which a `Retry-After` date is measured, UTC ms.
pub(super) fn classify(kind: Kind, reply: &Reply, now_ms: i64) -> Answer<Value> {
    Err(match reply {
        Reply::NotConnected(fault) if kind == Kind::Token => NotDone::Unclear(*fault),
        Reply::NotConnected(fault) => NotDone::NotSent(*fault),
        Reply::TimedOut => NotDone::Unclear(Fault::Timeout),
        Reply::Cut => NotDone::Unclear(Fault::Cut),
        Reply::TooLarge => NotDone::Unclear(Fault::TooLarge),
        Reply::Full(full) => return of_status(kind, full, now_ms),
    })
}

/// Whether a refusal carries the provider's own error body: then its `Date` may be believed.
pub(super) fn is_providers_error(reply: &Reply) -> bool {
    matches!(reply, Reply::Full(full) if full.status >= 400
        && Body::of(&full.body).object().is_some_and(|body| wire::rejection(full.status, body).is_some()))
}

fn of_status(kind: Kind, full: &Full, now_ms: i64) -> Answer<Value> {
    let busy = || NotDone::Busy { retry_after_ms: full.retry_after.as_deref().and_then(|it| retry_after(it, now_ms)) };
    Err(match (full.status, &full.event_request) {
        (202, Some(request)) if kind == Kind::Operation => NotDone::Pending { request: request.clone() },
        (200..=299, _) => match Body::of(&full.body) {
            Body::Json(value) => return Ok(value),
            Body::Unfinished => NotDone::Unclear(Fault::Cut),
            Body::Empty | Body::Other => NotDone::Unclear(Fault::NotJson),
        },
        (408 | 425 | 429, _) => busy(),
        (503, _) if kind != Kind::Operation => busy(),
        // Made by portals for portals (RFC 6585): it never comes from the provider.
        (511, _) => NotDone::Unclear(Fault::NotJson),
        (500..=599, _) => NotDone::Unclear(Fault::ServerError),
        (400..=499, _) => refused(kind, full.status, &Body::of(&full.body)),
        _ => NotDone::Unclear(Fault::NotJson),
    })
}

fn refused(kind: Kind, status: u16, body: &Body) -> NotDone {
    let rejection = body.object().and_then(|body| wire::rejection(status, body));
    let by_the_api = body.object().is_some() || (matches!(body, Body::Empty) && kind != Kind::Token);
    let wordless = || Rejection { status, code: None, message: String::new() };
    match (kind, status) {
        (_, 401) if by_the_api => NotDone::SignInNeeded(SignInReason::WrongCredentials),
        (Kind::Token, 403) if by_the_api => NotDone::SignInNeeded(SignInReason::RightMissing),
        (Kind::Operation | Kind::Read, 403) if by_the_api => NotDone::Forbidden(rejection.unwrap_or_else(wordless)),
        (Kind::Read, 404) if by_the_api => NotDone::Rejected(rejection.unwrap_or_else(wordless)),
        (Kind::Token, _) if rejection.is_some() => NotDone::SignInNeeded(SignInReason::WrongCredentials),
        (Kind::Read | Kind::Operation, _) => rejection.map_or(NotDone::Unclear(Fault::NotJson), NotDone::Rejected),
        (Kind::Token, _) => NotDone::Unclear(Fault::NotJson),
    }
}

/// What a body is.
enum Body {
    Json(Value),
    /// JSON that ends too early: a cut that the transport could not see.
    Unfinished,
    Empty,
    Other,
}

impl Body {
    fn of(bytes: &[u8]) -> Self {
        if bytes.trim_ascii().is_empty() {
            return Self::Empty;
        }
        match serde_json::from_slice(bytes) {
            Ok(value @ (Value::Object(_) | Value::Array(_))) => Self::Json(value),
            Err(error) if error.is_eof() => Self::Unfinished,
            Ok(_) | Err(_) => Self::Other,
        }
    }

    fn object(&self) -> Option<&Value> {
        match self {
            Self::Json(value @ Value::Object(_)) => Some(value),
            _ => None,
        }
    }
}

/// The wait in a `Retry-After`, milliseconds: seconds (facts 1.2) or an HTTP date.
fn retry_after(text: &str, now_ms: i64) -> Option<i64> {
    let text = text.trim();
    let wait = match text.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() && seconds >= 0.0 => (seconds * 1000.0).ceil() as i64,
        Ok(_) => return None,
        Err(_) => {
            let until = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
            i64::try_from(until.as_millis()).ok()?.saturating_sub(now_ms)
        }
    };
    Some(wait.clamp(0, policy::MAX_RETRY_AFTER_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ERROR: &str = r#"{"error":{"code":"c","message":"m"}}"#;
    const OBJECT: &str = r#"{"message":"Forbidden"}"#;
    const PORTAL: &str = "<html>Welcome to the train</html>";

    fn full(status: u16, body: &str) -> Reply {
        Reply::Full(Full { status, body: body.as_bytes().to_vec(), ..Full::default() })
    }

    fn name(answer: &Answer<Value>) -> String {
        match answer {
            Ok(_) => "accepted".to_owned(),
            Err(NotDone::NotSent(fault)) => format!("not_sent {}", fault.reason().code()),
            Err(NotDone::SignInNeeded(reason)) => reason.code().to_owned(),
            Err(NotDone::Forbidden(rejection)) => format!("forbidden {}", rejection.status),
            Err(NotDone::Rejected(rejection)) => format!("rejected {}", rejection.status),
            Err(NotDone::Unclear(fault)) => format!("unclear {}", fault.reason().code()),
            Err(other) => other.name().to_owned(),
        }
    }

    #[test]
    fn every_answer_means_what_the_design_says() {
        let table: &[(Reply, &str, &str, &str)] = &[
            // what came, as a read, as an operation, for a token
            (Reply::NotConnected(Fault::NoNetwork), "not_sent no_network", "not_sent no_network", "unclear no_network"),
            (
                Reply::NotConnected(Fault::WrongClock),
                "not_sent wrong_clock",
                "not_sent wrong_clock",
                "unclear wrong_clock",
            ),
            (Reply::TimedOut, "unclear timeout", "unclear timeout", "unclear timeout"),
            (Reply::Cut, "unclear cut", "unclear cut", "unclear cut"),
            (Reply::TooLarge, "unclear too_large", "unclear too_large", "unclear too_large"),
            (full(200, "{}"), "accepted", "accepted", "accepted"),
            (full(202, "[]"), "accepted", "accepted", "accepted"),
            (full(200, PORTAL), "unclear not_json", "unclear not_json", "unclear not_json"),
            (full(200, ""), "unclear not_json", "unclear not_json", "unclear not_json"),
            (full(204, ""), "unclear not_json", "unclear not_json", "unclear not_json"),
            (full(200, "7"), "unclear not_json", "unclear not_json", "unclear not_json"),
            (full(200, r#"{"id":"T1"#), "unclear cut", "unclear cut", "unclear cut"),
            (full(302, ""), "unclear not_json", "unclear not_json", "unclear not_json"),
            (full(304, ERROR), "unclear not_json", "unclear not_json", "unclear not_json"),
            (full(400, ERROR), "rejected 400", "rejected 400", "wrong_credentials"),
            (full(400, OBJECT), "unclear not_json", "unclear not_json", "unclear not_json"),
            (full(400, PORTAL), "unclear not_json", "unclear not_json", "unclear not_json"),
            (full(400, ""), "unclear not_json", "unclear not_json", "unclear not_json"),
            (full(401, ERROR), "wrong_credentials", "wrong_credentials", "wrong_credentials"),
            (full(401, OBJECT), "wrong_credentials", "wrong_credentials", "wrong_credentials"),
            (full(401, ""), "wrong_credentials", "wrong_credentials", "unclear not_json"),
            (full(401, PORTAL), "unclear not_json", "unclear not_json", "unclear not_json"),
            (full(402, ERROR), "rejected 402", "rejected 402", "wrong_credentials"),
            (full(403, ERROR), "forbidden 403", "forbidden 403", "right_missing"),
            (full(403, OBJECT), "forbidden 403", "forbidden 403", "right_missing"),
            (full(403, ""), "forbidden 403", "forbidden 403", "unclear not_json"),
            (full(403, PORTAL), "unclear not_json", "unclear not_json", "unclear not_json"),
            (full(404, ERROR), "rejected 404", "rejected 404", "wrong_credentials"),
            (full(404, OBJECT), "rejected 404", "unclear not_json", "unclear not_json"),
            (full(404, ""), "rejected 404", "unclear not_json", "unclear not_json"),
            (full(404, PORTAL), "unclear not_json", "unclear not_json", "unclear not_json"),
            (full(405, PORTAL), "unclear not_json", "unclear not_json", "unclear not_json"),
            (full(408, ""), "busy", "busy", "busy"),
            (full(409, ERROR), "rejected 409", "rejected 409", "wrong_credentials"),
            (full(409, PORTAL), "unclear not_json", "unclear not_json", "unclear not_json"),
            (full(413, ERROR), "rejected 413", "rejected 413", "wrong_credentials"),
            (full(422, ERROR), "rejected 422", "rejected 422", "wrong_credentials"),
            (full(425, ""), "busy", "busy", "busy"),
            (full(429, PORTAL), "busy", "busy", "busy"),
            (full(500, ERROR), "unclear server_error", "unclear server_error", "unclear server_error"),
            (full(502, PORTAL), "unclear server_error", "unclear server_error", "unclear server_error"),
            (full(503, ERROR), "busy", "unclear server_error", "busy"),
            (full(504, ""), "unclear server_error", "unclear server_error", "unclear server_error"),
            (full(511, PORTAL), "unclear not_json", "unclear not_json", "unclear not_json"),
        ];
        for (reply, read, operation, token) in table {
            for (kind, expected) in [(Kind::Read, read), (Kind::Operation, operation), (Kind::Token, token)] {
                assert_eq!(name(&classify(kind, reply, 0)), **expected, "{kind:?} {reply:?}");
            }
        }
    }

    #[test]
    fn no_status_of_an_operation_is_ever_taken_for_not_sent() {
        for status in 100..=599 {
            for body in ["", "{}", ERROR, PORTAL] {
                let answer = classify(Kind::Operation, &full(status, body), 0);
                assert!(!matches!(answer, Err(NotDone::NotSent(_))), "{status} {body}");
            }
        }
    }

    #[test]
    fn an_operation_that_is_done_later_says_by_which_event() {
        let later = |kind| {
            let event_request = Some("r-1".to_owned());
            let body = b"{}".to_vec();
            classify(kind, &Reply::Full(Full { status: 202, event_request, body, ..Full::default() }), 0)
        };
        assert_eq!(later(Kind::Operation), Err(NotDone::Pending { request: "r-1".to_owned() }));
        assert_eq!(name(&later(Kind::Read)), "accepted");
    }

    #[test]
    fn a_wait_is_seconds_or_a_date_and_never_absurd() {
        let now = 1_795_000_000_000;
        let date = httpdate::fmt_http_date(UNIX_EPOCH + std::time::Duration::from_millis(1_795_000_090_000));
        for (text, expected) in [
            ("30", Some(30_000)),
            (" 0 ", Some(0)),
            ("1.5", Some(1_500)),
            (date.as_str(), Some(90_000)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(0)),
            ("99999999999", Some(policy::MAX_RETRY_AFTER_MS)),
            ("-3", None),
            ("NaN", None),
            ("soon", None),
        ] {
            assert_eq!(retry_after(text, now), expected, "{text}");
        }
    }

    #[test]
    fn only_the_providers_error_is_believed_about_the_time() {
        assert!(is_providers_error(&full(404, ERROR)));
        assert!(is_providers_error(&full(500, ERROR)));
        for reply in [full(404, OBJECT), full(403, PORTAL), full(200, ERROR), full(302, ""), Reply::Cut] {
            assert!(!is_providers_error(&reply), "{reply:?}");
        }
    }
}
