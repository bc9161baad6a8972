//! Dintero (`FACTS.md`): sessions are payment links, transactions are payments.
//!
//! `classify` decides what an answer means, `token` signs, `http` sends, `call` puts the three together, `list` reads
//! page by page, `map` makes a session of an order, `wire` has the provider's names, `settings` its addresses,
//! `policy` the numbers.

mod call;
mod classify;
mod http;
mod list;
mod map;
mod policy;
mod settings;
mod token;
mod transport;
mod wire;

#[cfg(test)]
mod tests;

pub(super) use settings::{ORIGINS, knows, problems};

pub use super::{Authorization, Carried, CarriedReply, Timeouts, Transport, Trust};

use super::{
    Answer, CreateSession, CreatedSession, CredentialSource, Fault, Gateway, Listed, NotDone, OnItsWay, Profile,
    ProviderSettings, Rejection, SessionQuery, SettingsError, TransactionQuery,
};
use crate::clock::ServerClock;
use crate::link::{SessionFacts, TransactionFacts};
use call::{Call, Caller};
use http::Http;
use list::Reader;
use settings::Endpoints;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use token::{TokenEndpoint, Tokens};

const SESSIONS: Reader<SessionFacts> =
    Reader { name: "sessions", read: wire::read_session, id: |session| session.id.as_str() };
const TRANSACTIONS: Reader<TransactionFacts> =
    Reader { name: "transactions", read: wire::read_transaction, id: |transaction| transaction.id.as_str() };

/// The client of one Dintero account.
pub struct Dintero {
    settings: ProviderSettings,
    endpoints: Endpoints,
    caller: Caller,
}

impl Dintero {
    /// A client that has asked nothing yet. `clock` learns the provider's time from its answers.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn new(
        settings: ProviderSettings,
        source: Arc<dyn CredentialSource>,
        clock: Arc<ServerClock>,
    ) -> Result<Self, SettingsError> {
        let endpoints = Endpoints::new(&settings)?;
        let http = Http::new(&settings, &endpoints)?;
        let url = endpoints.token().ok_or_else(|| SettingsError::new("account", "cannot stand in an address"))?;
        let endpoint = TokenEndpoint { url, audience: endpoints.audience.clone(), total: settings.timeouts.read };
        let tokens = Tokens::new(source, endpoint, clock.clone());
        let caller = Caller { http, tokens, clock, timeouts: settings.timeouts, stopped: AtomicBool::new(false) };
        Ok(Self { settings, endpoints, caller })
    }

    async fn post_session(&self, request: &CreateSession) -> Answer<CreatedSession> {
        let body = map::body(request, &self.settings.at.profile_id, &self.settings.at.return_url)
            .map_err(NotDone::Rejected)?;
        let Some(url) = self.endpoints.api(&[map::path(request)]) else { return no_such_id() };
        let Ok(json) = serde_json::to_vec(&body) else { return no_such_id() };
        let call = Call { json: Some(json), strict: true, ..Call::operation("create", url) };
        self.caller.call(&call, |value| wire::read_created(value, self.endpoints.plain)).await
    }

    async fn get_session(&self, id: &str) -> Answer<SessionFacts> {
        let Some(url) = self.endpoints.api(&["sessions", id]) else { return no_such_id() };
        let call = Call::read("session", url);
        self.caller.call(&call, |value| wire::read_session(value).ok_or(Fault::NotJson)).await
    }

    async fn list_sessions(&self, query: &SessionQuery) -> Answer<Listed<SessionFacts>> {
        let urls = self.endpoints.api(&["sessions"]).and_then(|url| list::sessions(&url, query));
        let Some(urls) = urls else { return no_such_id() };
        list::portions(&self.caller, urls, SESSIONS, query.after.as_deref(), query.max_pages).await
    }

    async fn cancel_session(&self, id: &str) -> Answer<SessionFacts> {
        let Some(url) = self.endpoints.api(&["sessions", id, "cancel"]) else { return no_such_id() };
        let call = Call::operation("cancel", url);
        self.caller.call(&call, |value| wire::read_session(value).ok_or(Fault::NoId)).await
    }

    async fn get_transaction(&self, id: &str) -> Answer<TransactionFacts> {
        let Some(url) = self.endpoints.api(&["transactions", id]) else { return no_such_id() };
        let call = Call::read("transaction", url);
        self.caller.call(&call, |value| wire::read_transaction(value).ok_or(Fault::NotJson)).await
    }

    async fn list_transactions(&self, query: &TransactionQuery) -> Answer<Listed<TransactionFacts>> {
        let Some(url) = self.endpoints.api(&["transactions"]) else { return no_such_id() };
        list::portions(&self.caller, list::transactions(&url, query), TRANSACTIONS, None, 0).await
    }

    async fn get_profile(&self) -> Answer<Profile> {
        let id = &self.settings.at.profile_id;
        let Some(url) = self.endpoints.root(&["admin", "session", "profiles", id]) else { return no_such_id() };
        let call = Call::read("profile", url);
        self.caller.call(&call, |value| wire::read_profile(value, id).ok_or(Fault::NotJson)).await
    }

    async fn get_token(&self, force: bool) -> Answer<()> {
        let Caller { http, tokens, .. } = &self.caller;
        let got = if force { tokens.renew(http).await } else { tokens.bearer(http).await };
        Ok(got.map(|_| ())?)
    }
}

/// Said of an id that the provider cannot have given: it is empty, or would lead to another address.
fn no_such_id<T>() -> Answer<T> {
    Err(NotDone::Rejected(Rejection { status: 404, code: None, message: "no such id".to_owned() }))
}

impl Gateway for Dintero {
    fn create<'a>(&'a self, request: &'a CreateSession) -> OnItsWay<'a, CreatedSession> {
        Box::pin(self.post_session(request))
    }

    fn session<'a>(&'a self, id: &'a str) -> OnItsWay<'a, SessionFacts> {
        Box::pin(self.get_session(id))
    }

    fn sessions<'a>(&'a self, query: &'a SessionQuery) -> OnItsWay<'a, Listed<SessionFacts>> {
        Box::pin(self.list_sessions(query))
    }

    fn cancel<'a>(&'a self, id: &'a str) -> OnItsWay<'a, SessionFacts> {
        Box::pin(self.cancel_session(id))
    }

    fn transaction<'a>(&'a self, id: &'a str) -> OnItsWay<'a, TransactionFacts> {
        Box::pin(self.get_transaction(id))
    }

    fn transactions<'a>(&'a self, query: &'a TransactionQuery) -> OnItsWay<'a, Listed<TransactionFacts>> {
        Box::pin(self.list_transactions(query))
    }

    fn profile(&self) -> OnItsWay<'_, Profile> {
        Box::pin(self.get_profile())
    }

    fn sign_in(&self, force: bool) -> OnItsWay<'_, ()> {
        Box::pin(self.get_token(force))
    }

    fn try_again(&self) {
        self.caller.tokens.try_again();
    }

    fn network_changed(&self) {
        self.caller.http.renew();
        self.caller.tokens.try_again();
    }

    fn stop(&self) {
        self.caller.stopped.store(true, Ordering::SeqCst);
    }

    /// One where somebody else carries them: that blocks.
    fn side_by_side(&self) -> usize {
        if self.settings.transport.is_some() { 1 } else { policy::SIDE_BY_SIDE }
    }

    fn view_url(&self, session_id: &str) -> String {
        self.endpoints.view(session_id)
    }
}
