//! A request from end to end: token, sending, judging, reading. A 401 drops the token that was refused and tries once
//! more with a fresh one, shared by all; nothing else is ever repeated.

use super::classify::{Kind, classify, is_providers_error};
use super::http::{Http, Request, Signature};
use super::policy;
use super::token::{Bearer, Tokens, learn};
use crate::clock::ServerClock;
use crate::gateway::{Answer, Fault, NotDone, SignInReason, Timeouts};
use reqwest::Method;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use url::Url;

/// What is asked for.
pub(super) struct Call {
    /// For the log: never an id, never a person.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) url: Url,
    pub(super) json: Option<Vec<u8>>,
    pub(super) strict: bool,
    pub(super) max_body: usize,
}

impl Call {
    pub(super) fn read(name: &'static str, url: Url) -> Self {
        Self { name, kind: Kind::Read, url, json: None, strict: false, max_body: policy::MAX_BODY }
    }

    pub(super) fn list(name: &'static str, url: Url) -> Self {
        Self { max_body: policy::MAX_LIST_BODY, ..Self::read(name, url) }
    }

    pub(super) fn operation(name: &'static str, url: Url) -> Self {
        Self { kind: Kind::Operation, ..Self::read(name, url) }
    }
}

/// Everything that a call needs.
pub(super) struct Caller {
    pub(super) http: Http,
    pub(super) tokens: Tokens,
    pub(super) clock: Arc<ServerClock>,
    pub(super) timeouts: Timeouts,
    /// Nothing is sent a second time any more.
    pub(super) stopped: AtomicBool,
}

impl Caller {
    /// Does a call. `read` makes our own facts of the answer, or says why it cannot.
    pub(super) async fn call<T>(&self, call: &Call, read: impl Fn(Value) -> Result<T, Fault>) -> Answer<T> {
        let mut refused_before = false;
        loop {
            let bearer = self.tokens.bearer(&self.http).await?;
            let answer = self.once(call, &bearer, &read).await;
            let refused = matches!(answer, Err(NotDone::SignInNeeded(SignInReason::WrongCredentials)));
            if refused {
                self.tokens.refuse(bearer.generation).await;
            }
            if !refused || refused_before || self.stopped.load(Ordering::SeqCst) {
                return answer;
            }
            refused_before = true;
        }
    }

    async fn once<T>(&self, call: &Call, bearer: &Bearer, read: impl Fn(Value) -> Result<T, Fault>) -> Answer<T> {
        let (method, total) = match call.kind {
            Kind::Read => (Method::GET, self.timeouts.read),
            Kind::Operation | Kind::Token => (Method::POST, self.timeouts.write),
        };
        let request = Request {
            method,
            url: &call.url,
            json: call.json.as_deref(),
            strict: call.strict,
            total,
            max_body: call.max_body,
        };
        let begun = Instant::now();
        let reply = self.http.send(&request, Signature::Bearer(&bearer.token)).await;
        let answer =
            classify(call.kind, &reply, self.clock.best().ms()).and_then(|value| read(value).map_err(NotDone::Unclear));
        if answer.is_ok() || is_providers_error(&reply) {
            learn(&self.clock, &reply);
        }
        let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let outcome = answer.as_ref().map_or_else(NotDone::name, |_| "accepted");
        tracing::debug!(call = call.name, outcome, ms, "asked the provider");
        answer
    }
}
