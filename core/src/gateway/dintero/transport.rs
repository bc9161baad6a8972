//! Hands a request to a [`Transport`] in place of our own connections, and takes its reply as we would our own.

use super::http::{EVENT_REQUEST, Full, Reply, Request, STRICT_AMOUNTS, Signature, read_date};
use super::policy;
use crate::gateway::{Authorization, Carried, CarriedReply, Fault, Transport};
use secrecy::ExposeSecret;

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
        CarriedReply::NotConnected => Reply::NotConnected(Fault::NoNetwork),
        CarriedReply::TimedOut => Reply::TimedOut,
        CarriedReply::Cut => Reply::Cut,
        CarriedReply::Full { body, .. } if body.len() > request.max_body.min(policy::MAX_LIST_BODY) => Reply::TooLarge,
        CarriedReply::Full { status, headers, body } => {
            let header = |name: &str| {
                headers.iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
            };
            let date = header("date").and_then(|text| read_date(&text));
            let event_request = header(EVENT_REQUEST.as_str());
            Reply::Full(Full { status, event_request, retry_after: header("retry-after"), date, body })
        }
    }
}
