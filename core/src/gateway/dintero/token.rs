//! The token that signs requests (facts 1.2).
//!
//! - It lives in memory only, and is renewed before it ends.
//! - However many requests need one, one is fetched: the others wait and share it, or share the failure. A 401 drops
//!   exactly the token that was refused, so a late 401 never drops its successor.
//! - An endpoint that is busy is left alone for as long as it asks, by all, however many wait; one that failed, or
//!   refused the credentials, for a moment: requests that wait behind each other do not ask it again one by one.
//! - A failure to get a token means that the request which needs it never left: there is no "unclear" here.
//! - The credentials are asked for on a thread that may block, and not for longer than a read takes: a source that hangs
//!   is a fault that shows, and holds up nobody. A token that somebody else obtained is used as it is,
//!   and asked for each time: whoever obtained it knows when it ends.

use super::classify::{Kind, classify, is_providers_error};
use super::http::{Http, Reply, Request, Signature};
use super::policy;
use super::wire;
use crate::clock::ServerClock;
use crate::gateway::{CredentialSource, Credentials, Fault, NotDone, SignInReason};
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use url::Url;

/// A token, and which one it is.
#[derive(Clone)]
pub(super) struct Bearer {
    pub(super) token: SecretString,
    pub(super) generation: u64,
}

/// Why there is no token. The request that needs it was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoToken {
    NotSent(Fault),
    Busy { retry_after_ms: Option<i64> },
    SignInNeeded(SignInReason),
}

impl From<NoToken> for NotDone {
    fn from(why: NoToken) -> Self {
        match why {
            NoToken::NotSent(fault) => Self::NotSent(fault),
            NoToken::Busy { retry_after_ms } => Self::Busy { retry_after_ms },
            NoToken::SignInNeeded(reason) => Self::SignInNeeded(reason),
        }
    }
}

/// Where the token is had, and for what.
pub(super) struct TokenEndpoint {
    pub(super) url: Url,
    pub(super) audience: String,
    pub(super) total: Duration,
}

/// Keeps the token.
pub(super) struct Tokens {
    source: Arc<dyn CredentialSource>,
    endpoint: TokenEndpoint,
    clock: Arc<ServerClock>,
    /// Fetches that have ended; tells who waited for one from who came after it.
    ended: AtomicU64,
    /// A refusal by one of the fetches up to this one holds for nobody any more.
    forgiven: AtomicU64,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    bearer: Option<Bearer>,
    /// Until when it is used without asking again.
    fresh_until: Option<Instant>,
    generation: u64,
    /// The provider refused the last one.
    refused: bool,
    /// How the last fetch failed.
    failure: Option<NoToken>,
    /// Until when, by the monotonic clock, it fails for all without asking again.
    put_off_until: i64,
}

impl Tokens {
    pub(super) fn new(source: Arc<dyn CredentialSource>, endpoint: TokenEndpoint, clock: Arc<ServerClock>) -> Self {
        Self { source, endpoint, clock, ended: AtomicU64::new(0), forgiven: AtomicU64::new(0), held: Mutex::default() }
    }

    /// The token at hand, or a fetched one.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) async fn bearer(&self, http: &Http) -> Result<Bearer, NoToken> {
        let ended = self.ended.load(Ordering::Acquire);
        let mut held = self.held.lock().await;
        if let Some(bearer) = held.fresh() {
            return Ok(bearer);
        }
        if let Some(failure) = held.failure
            && self.ended.load(Ordering::Acquire) != ended
        {
            return Err(failure);
        }
        let forgiven = self.forgiven.load(Ordering::Acquire) == self.ended.load(Ordering::Acquire);
        if let Some(why) = held.put_off(self.clock.monotonic_ms(), forgiven) {
            return Err(why);
        }
        self.fetch(&mut held, http).await
    }

    /// Drops the token at hand and fetches one with the credentials of now.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) async fn renew(&self, http: &Http) -> Result<Bearer, NoToken> {
        let mut held = self.held.lock().await;
        held.bearer = None;
        self.fetch(&mut held, http).await
    }

    /// Lets the endpoint be asked again although it just refused or failed. A busy one stays left alone.
    pub(super) fn try_again(&self) {
        self.forgiven.store(self.ended.load(Ordering::Acquire), Ordering::Release);
    }

    /// The provider refused this token. A newer one stays.
    pub(super) async fn refuse(&self, generation: u64) {
        let mut held = self.held.lock().await;
        if held.generation == generation {
            held.bearer = None;
            held.refused = true;
        }
    }

    async fn fetch(&self, held: &mut Held, http: &Http) -> Result<Bearer, NoToken> {
        let result = self.ask(held.refused, http).await;
        self.ended.fetch_add(1, Ordering::Release);
        match result {
            Ok((token, life)) => {
                held.take_in(token, life);
                held.bearer.clone().ok_or(NoToken::SignInNeeded(SignInReason::SignedOut))
            }
            Err(why) => {
                held.failure = Some(why);
                held.put_off_until = self.clock.monotonic_ms().saturating_add(wait_after(why));
                held.refused |= why == NoToken::SignInNeeded(SignInReason::WrongCredentials);
                Err(why)
            }
        }
    }

    async fn ask(&self, refused: bool, http: &Http) -> Result<(SecretString, Option<Duration>), NoToken> {
        let source = self.source.clone();
        let asked = tokio::task::spawn_blocking(move || source.credentials(refused));
        let credentials = tokio::time::timeout(self.endpoint.total, asked)
            .await
            .map_err(|_| NoToken::NotSent(Fault::NoToken))?
            .unwrap_or(Err(SignInReason::SecureStoreLocked))
            .map_err(NoToken::SignInNeeded)?;
        match credentials {
            Credentials::Client { id, secret } => {
                let (token, life) = self.exchange(http, &id, &secret).await?;
                Ok((token, Some(life)))
            }
            Credentials::Token(token) => {
                let token = token.expose_secret().trim();
                if wire::can_stand_in_a_header(token) {
                    Ok((token.into(), None))
                } else {
                    Err(NoToken::SignInNeeded(SignInReason::WrongCredentials))
                }
            }
        }
    }

    async fn exchange(
        &self,
        http: &Http,
        id: &str,
        secret: &SecretString,
    ) -> Result<(SecretString, Duration), NoToken> {
        let json = serde_json::to_vec(&wire::TokenBody::new(&self.endpoint.audience)).unwrap_or_default();
        let request = Request {
            method: Method::POST,
            url: &self.endpoint.url,
            json: Some(&json),
            strict: false,
            total: self.endpoint.total,
            max_body: policy::MAX_BODY,
        };
        let reply = http.send(&request, Signature::Client { id, secret }).await;
        let answer = classify(Kind::Token, &reply, self.clock.best().ms());
        if is_providers_error(&reply) {
            learn(&self.clock, &reply);
        }
        let value = answer.map_err(|why| match why {
            NotDone::Busy { retry_after_ms } => NoToken::Busy { retry_after_ms },
            NotDone::SignInNeeded(reason) => NoToken::SignInNeeded(reason),
            NotDone::NotSent(fault) | NotDone::Unclear(fault) => NoToken::NotSent(fault),
            NotDone::Forbidden(_) => NoToken::SignInNeeded(SignInReason::RightMissing),
            NotDone::Rejected(_) | NotDone::Pending { .. } => NoToken::SignInNeeded(SignInReason::WrongCredentials),
        })?;
        let token = wire::read_token(value).ok_or(NoToken::NotSent(Fault::NotJson))?;
        learn(&self.clock, &reply);
        Ok(token)
    }
}

impl Held {
    fn fresh(&self) -> Option<Bearer> {
        let until = self.fresh_until?;
        self.bearer.clone().filter(|_| Instant::now() < until)
    }

    /// The failure that still holds at `now`, by the monotonic clock.
    fn put_off(&self, now: i64, forgiven: bool) -> Option<NoToken> {
        let left = self.put_off_until - now;
        match self.failure.filter(|_| left > 0)? {
            NoToken::Busy { .. } => Some(NoToken::Busy { retry_after_ms: Some(left) }),
            refused => (!forgiven).then_some(refused),
        }
    }

    /// `life` is `None` for a token that somebody else obtained.
    fn take_in(&mut self, token: SecretString, life: Option<Duration>) {
        let same = self.bearer.as_ref().is_some_and(|old| old.token.expose_secret() == token.expose_secret());
        if !same {
            self.generation += 1;
        }
        self.bearer = Some(Bearer { token, generation: self.generation });
        self.fresh_until = life.map(|life| Instant::now() + fresh_for(life));
        self.refused = false;
        self.failure = None;
    }
}

/// How long the endpoint is left alone after this, milliseconds. Whoever signs in is not held up by it.
const fn wait_after(why: NoToken) -> i64 {
    match why {
        NoToken::Busy { retry_after_ms: Some(asked) } => asked,
        NoToken::Busy { retry_after_ms: None } => policy::TOKEN_BUSY_MS,
        NoToken::SignInNeeded(SignInReason::WrongCredentials | SignInReason::RightMissing) => policy::TOKEN_REFUSED_MS,
        NoToken::NotSent(Fault::ServerError | Fault::Timeout) => policy::TOKEN_FAILED_MS,
        NoToken::NotSent(Fault::NoToken) => policy::TOKEN_HANGS_MS,
        NoToken::SignInNeeded(_) | NoToken::NotSent(_) => 0,
    }
}

/// For how long a token is used before it is renewed.
fn fresh_for(life: Duration) -> Duration {
    let life = life.min(policy::MAX_TOKEN_LIFE);
    (life / 2).max(life.saturating_sub(policy::TOKEN_MARGIN))
}

/// Takes in the time of an answer that is surely the provider's. A captive portal's clock may say anything.
pub(super) fn learn(clock: &ServerClock, reply: &Reply) {
    let Reply::Full(full) = reply else { return };
    let now = full.date.map(|(date, came)| {
        let since = i64::try_from(came.elapsed().as_millis()).unwrap_or(0);
        date.saturating_add(since)
    });
    clock.learn(now);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_at_half_life_or_ten_minutes_before_its_end() {
        let seconds = |life| fresh_for(Duration::from_secs(life)).as_secs();
        assert_eq!(seconds(14_400), 13_800);
        assert_eq!(seconds(1_200), 600);
        assert_eq!(seconds(600), 300);
        assert_eq!(seconds(0), 0);
        assert_eq!(seconds(u64::MAX), 7 * 24 * 3600 - 600);
    }

    #[test]
    fn a_failure_holds_for_all_for_as_long_as_it_asks() {
        let busy = NoToken::Busy { retry_after_ms: Some(30_000) };
        let held = Held { failure: Some(busy), put_off_until: 30_000, ..Held::default() };
        let left = Some(NoToken::Busy { retry_after_ms: Some(20_000) });
        assert_eq!((held.put_off(10_000, false), held.put_off(10_000, true)), (left, left));
        assert_eq!(held.put_off(30_000, false), None);
        let refused = NoToken::SignInNeeded(SignInReason::WrongCredentials);
        let held = Held { failure: Some(refused), put_off_until: 1_000, ..Held::default() };
        assert_eq!((held.put_off(999, false), held.put_off(999, true)), (Some(refused), None));
        assert_eq!(wait_after(busy), 30_000);
        assert_eq!(wait_after(NoToken::NotSent(Fault::NoNetwork)), 0);
        assert_eq!(wait_after(NoToken::SignInNeeded(SignInReason::SecureStoreLocked)), 0);
    }

    #[test]
    fn the_same_foreign_token_stays_the_same_generation() {
        let mut held = Held::default();
        held.take_in("a".into(), None);
        held.take_in("a".into(), None);
        assert_eq!(held.generation, 1);
        held.take_in("b".into(), None);
        assert_eq!(held.generation, 2);
        assert!(held.fresh().is_none(), "its owner is asked each time");
    }
}
