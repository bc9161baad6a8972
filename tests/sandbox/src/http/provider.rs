//! The provider with its lock, its scripted faults and its log of requests.
//!
//! Cheap to clone; all clones are the same provider. A lock that a panicking test left poisoned is
//! taken over, since every operation leaves the engine whole.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::fault::{Fault, Plan};
use super::{Reply, Request, control, route};
use crate::clock::http_date;
use crate::engine::{Engine, Message, Operation, PayOutcome, Session, Transaction};
use crate::options::{Listing, Options};

/// A payment provider in memory.
#[derive(Clone, Debug)]
pub struct Provider(Arc<Mutex<World>>);

#[derive(Debug)]
pub(super) struct World {
    pub(super) engine: Engine,
    pub(super) faults: Vec<Fault>,
    pub(super) requests: Vec<RequestRecord>,
}

/// One request that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    /// `GET`, `POST` …
    pub method: String,
    /// The path as sent.
    pub path: String,
    /// The query, decoded.
    pub query: Vec<(String, String)>,
    /// When, by the sandbox's clock.
    pub at_ms: i64,
    /// What was answered.
    pub status: u16,
}

impl Provider {
    /// An empty account.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self(Arc::new(Mutex::new(World { engine: Engine::new(options), faults: Vec::new(), requests: Vec::new() })))
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Anything with the engine, under the lock.
    pub fn engine<T>(&self, work: impl FnOnce(&mut Engine) -> T) -> T {
        work(&mut self.world().engine)
    }

    /// Answers at once, whatever delays the faults ask for.
    #[must_use]
    pub fn handle(&self, request: &Request) -> Reply {
        self.perform(request, self.admit(request)).0
    }

    /// Takes the fault, if any, that this request meets.
    pub(crate) fn admit(&self, request: &Request) -> Plan {
        if control::is_for(request) {
            return Plan::default();
        }
        let mut world = self.world();
        let now = world.engine.now_ms();
        Fault::take(&mut world.faults, request, now)
    }

    /// Answers, and says how long to hold the answer back.
    pub(crate) fn perform(&self, request: &Request, plan: Plan) -> (Reply, Duration) {
        let mut world = self.world();
        if control::is_for(request) {
            return (control::answer(&mut world, request), Duration::ZERO);
        }
        let mut reply = match plan.instead_of_it {
            Some(reply) => reply,
            None => {
                let done = route::dispatch(&mut world.engine, request);
                let log = std::mem::take(&mut world.requests);
                let done = done.unwrap_or_else(|| super::inspect::answer(&mut world.engine, &log, request));
                world.requests = log;
                plan.after_it.unwrap_or(done)
            }
        };
        let options = world.engine.options();
        if options.date_header && reply.get("date").is_none() {
            let date = http_date(options.clock.now_ms().saturating_add(options.date_skew_ms));
            reply = reply.with("date", &date);
        }
        let record = RequestRecord {
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            at_ms: world.engine.now_ms(),
            status: reply.status,
        };
        world.requests.push(record);
        (reply, plan.delay_after)
    }

    /// Answers a request that could not even be read.
    pub(crate) fn refuse(&self, request: &Request, error: crate::ApiError) -> Reply {
        self.perform(request, Plan::instead(error.into())).0
    }

    /// Scripts a fault for requests to come.
    pub fn inject(&self, fault: Fault) {
        self.world().faults.push(fault);
    }

    /// Takes back every scripted fault.
    pub fn clear_faults(&self) {
        self.world().faults.clear();
    }

    /// Changes the options from now on.
    pub fn configure(&self, change: impl FnOnce(&mut Options)) {
        change(self.world().engine.options_mut());
    }

    /// Whether `GET sessions` answers.
    pub fn set_listing(&self, listing: Listing) {
        self.configure(|options| options.listing = listing);
    }

    /// Moves the clock, back when negative.
    pub fn advance(&self, ms: i64) {
        self.engine(|engine| {
            engine.options().clock.advance(ms);
            engine.tick();
        });
    }

    /// Now by the sandbox's clock, UTC milliseconds.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.engine(|engine| engine.now_ms())
    }

    /// Makes every token given so far worthless.
    pub fn revoke_tokens(&self) {
        self.engine(Engine::revoke_tokens);
    }

    /// Makes the secret worthless, and the tokens.
    pub fn revoke_secret(&self) {
        self.engine(Engine::revoke_secret);
    }

    /// The next operation of this kind fails.
    pub fn fail_next(&self, operation: Operation, message: &str) {
        self.engine(|engine| engine.fail_next(operation, message));
    }

    /// All sessions, oldest first.
    #[must_use]
    pub fn sessions(&self) -> Vec<Session> {
        self.engine(|engine| engine.sessions().to_vec())
    }

    /// The sessions made for one merchant reference.
    #[must_use]
    pub fn sessions_of(&self, merchant_reference: &str) -> Vec<Session> {
        let of = |session: &&Session| session.merchant_reference == merchant_reference;
        self.engine(|engine| engine.sessions().iter().filter(of).cloned().collect())
    }

    /// One session.
    #[must_use]
    pub fn session(&self, id: &str) -> Option<Session> {
        self.engine(|engine| engine.session(id).cloned())
    }

    /// All transactions, oldest first.
    #[must_use]
    pub fn transactions(&self) -> Vec<Transaction> {
        self.engine(|engine| {
            engine.tick();
            engine.transactions().to_vec()
        })
    }

    /// One transaction.
    #[must_use]
    pub fn transaction(&self, id: &str) -> Option<Transaction> {
        self.engine(|engine| {
            engine.tick();
            engine.transaction(id).cloned()
        })
    }

    /// What the customers' phones received, oldest first.
    #[must_use]
    pub fn inbox(&self) -> Vec<Message> {
        self.engine(|engine| engine.inbox().to_vec())
    }

    /// All requests, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.world().requests.clone()
    }

    /// How many requests with this method went to this path, in either URL form; `path` without
    /// its query, such as `/v1/sessions-profile`.
    #[must_use]
    pub fn count(&self, method: &str, path: &str) -> usize {
        count(&self.world().requests, method, path)
    }

    /// The customer opens the link.
    ///
    /// # Errors
    /// As [`Engine::visit`].
    pub fn visit(&self, session_id: &str) -> Result<(), crate::ApiError> {
        self.engine(|engine| engine.visit(session_id, None, None))
    }

    /// The customer pays; answers the transaction's id.
    ///
    /// # Errors
    /// As [`Engine::pay`].
    pub fn pay(&self, session_id: &str, method: &str, outcome: PayOutcome) -> Result<Option<String>, crate::ApiError> {
        self.engine(|engine| engine.pay(session_id, method, outcome))
    }
}

pub(super) fn count(log: &[RequestRecord], method: &str, path: &str) -> usize {
    log.iter().filter(|known| known.method == method && route::canonical(&known.path) == path).count()
}
