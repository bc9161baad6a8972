//! Faults by script: the next requests that match get another answer, or get it late.
//!
//! A rule without an answer only delays. The first rule that matches is used, and is gone when its
//! number is used up, if it has one. Paths are prefixes of the short form (`/v1/sessions` therefore
//! also meets `/v1/sessions-profile`). A rule about a text meets only requests that carry it: a
//! firewall that dislikes one sale.

use std::time::Duration;

use serde_json::Value;

use super::{Reply, Request, route};
use crate::clock::http_date;

/// One scripted fault.
///
/// ```
/// use paylink_sandbox::Fault;
/// // The session is made, but its reply is lost behind a gateway error; once.
/// let lost = Fault::on("POST", "/v1/sessions").answer(502).after();
/// // The token endpoint is busy, twice.
/// let busy = Fault::on("POST", "/v1/accounts/").answer(429).header("retry-after", "7").times(2);
/// // A firewall that dislikes one sale, until the faults are cleared.
/// let disliked = Fault::on("POST", "/v1/sessions").answer(403).about("HON-7K3M-4").always();
/// ```
#[derive(Clone, Debug)]
pub struct Fault {
    method: Option<String>,
    path: String,
    skip: u32,
    /// None: until it is taken back.
    times: Option<u32>,
    about: Option<String>,
    retry_date_ms: Option<i64>,
    reply: Option<Reply>,
    after: bool,
    delay_before: Duration,
    delay_after: Duration,
}

/// What a fault does to one request.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) delay_before: Duration,
    /// The operation is not performed, this is answered.
    pub(crate) instead_of_it: Option<Reply>,
    /// The operation is performed, this is answered.
    pub(crate) after_it: Option<Reply>,
    pub(crate) delay_after: Duration,
}

impl Plan {
    /// Answers this instead of performing the operation.
    pub(crate) fn instead(reply: Reply) -> Self {
        Self { instead_of_it: Some(reply), ..Self::default() }
    }
}

impl Fault {
    /// For the next request with this method (`*` for any) whose path begins with `path`.
    #[must_use]
    pub fn on(method: &str, path: &str) -> Self {
        Self {
            method: (method != "*").then(|| method.to_owned()),
            path: path.to_owned(),
            skip: 0,
            times: Some(1),
            about: None,
            retry_date_ms: None,
            reply: None,
            after: false,
            delay_before: Duration::ZERO,
            delay_after: Duration::ZERO,
        }
    }

    /// For this many requests instead of one.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// For every such request, until the faults are cleared.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// Only for requests that have this text in their path, query or body.
    #[must_use]
    pub fn about(mut self, text: &str) -> Self {
        self.about = Some(text.to_owned());
        self
    }

    /// Answers with a `Retry-After` that is a date, `ms` milliseconds after the sandbox's now.
    #[must_use]
    pub fn retry_at(mut self, ms: i64) -> Self {
        self.retry_date_ms = Some(ms);
        self
    }

    /// Lets this many matching requests through first.
    #[must_use]
    pub fn skip(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    /// Answers this status with an error body of the provider's shape, and does not perform the
    /// operation (unless [`Fault::after`]).
    #[must_use]
    pub fn answer(mut self, status: u16) -> Self {
        let error = crate::ApiError::new(status, "SANDBOX_FAULT", "a fault by script");
        self.reply = Some(Reply::from(error));
        self
    }

    /// Answers with this JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", &body.to_string())
    }

    /// Answers with this body, a captive portal's page for instance.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: &str) -> Self {
        let reply = self.reply.get_or_insert_with(|| Reply::json(200, &Value::Null));
        reply.headers.retain(|(name, _)| name != "content-type");
        reply.headers.push((String::from("content-type"), content_type.to_owned()));
        reply.body = body.as_bytes().to_vec();
        self
    }

    /// Answers with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let reply = self.reply.get_or_insert_with(|| Reply::json(200, &Value::Null));
        reply.headers.push((name.to_lowercase(), value.to_owned()));
        self
    }

    /// Performs the operation first: its own reply is lost.
    #[must_use]
    pub fn after(mut self) -> Self {
        self.after = true;
        self
    }

    /// Waits before the operation is performed.
    #[must_use]
    pub fn delay_before(mut self, delay: Duration) -> Self {
        self.delay_before = delay;
        self
    }

    /// Waits after the operation was performed, before the reply.
    #[must_use]
    pub fn delay_after(mut self, delay: Duration) -> Self {
        self.delay_after = delay;
        self
    }

    fn matches(&self, request: &Request) -> bool {
        self.method.as_ref().is_none_or(|method| *method == request.method)
            && route::canonical(&request.path).starts_with(&self.path)
            && self.about.as_ref().is_none_or(|text| request.carries(text))
    }

    /// Uses up the first rule for this request; `now_ms` is the sandbox's time.
    pub(super) fn take(faults: &mut Vec<Self>, request: &Request, now_ms: i64) -> Plan {
        let usable = |fault: &Self| fault.times != Some(0) && fault.matches(request);
        let Some(place) = faults.iter().position(usable) else {
            return Plan::default();
        };
        let Some(fault) = faults.get_mut(place) else {
            return Plan::default();
        };
        if fault.skip > 0 {
            fault.skip -= 1;
            return Plan::default();
        }
        fault.times = fault.times.map(|times| times - 1);
        let used = fault.clone();
        faults.retain(|fault| fault.times != Some(0));
        let dated = |ms: i64, reply: Reply| reply.with("retry-after", &http_date(now_ms.saturating_add(ms)));
        let reply = match used.retry_date_ms {
            Some(ms) => used.reply.map(|reply| dated(ms, reply)),
            None => used.reply,
        };
        let (after_it, instead_of_it) = if used.after { (reply, None) } else { (None, reply) };
        Plan { delay_before: used.delay_before, instead_of_it, after_it, delay_after: used.delay_after }
    }
}
