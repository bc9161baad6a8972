//! The network of a history: carries the core's requests to the provider in the same process, or fails them in every
//! way that a real one does. A request can also be the last thing that the process did.

use crate::chance::Chance;
use crate::disk::Disk;
use base64::prelude::{BASE64_STANDARD, Engine};
use paylink_core::gateway::dintero::{Authorization, Carried, CarriedReply, Transport};
use paylink_sandbox::{Provider, Request};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What can happen to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// No connection.
    Refused,
    /// Cut before all of it had arrived: nothing was done.
    CutBefore,
    /// Done, and the answer was lost.
    ReplyLost,
    /// Done, and the answer was late.
    ReplyLate,
    /// The provider failed before it did anything.
    ServerError,
    /// Done, and a gateway in between failed.
    BadGateway,
    /// Too many requests.
    TooMany,
    /// Refused with the provider's words.
    Rejected,
    /// The token is no longer good.
    TokenRevoked,
    /// A captive portal's page.
    Portal,
    /// The process dies before the request leaves.
    DiesBefore,
    /// The process dies after the provider has done it.
    DiesAfter,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 12] = [
        Self::Refused,
        Self::CutBefore,
        Self::ReplyLost,
        Self::ReplyLate,
        Self::ServerError,
        Self::BadGateway,
        Self::TooMany,
        Self::Rejected,
        Self::TokenRevoked,
        Self::Portal,
        Self::DiesBefore,
        Self::DiesAfter,
    ];
}

/// How a process dies in the middle of a request: nothing after it is done, nothing is written.
pub struct Died;

/// The network's mood.
pub struct Mood {
    /// Chance of the faults to come.
    pub chance: Chance,
    /// How many of 100 requests meet a fault.
    pub faults_percent: usize,
    /// Faults met so far, by kind.
    pub met: BTreeMap<Fault, u64>,
    /// What happened, for a history that failed.
    pub log: Vec<String>,
}

/// The network.
pub struct Net {
    provider: Provider,
    disk: Arc<Disk>,
    mood: Mutex<Mood>,
}

impl Net {
    /// A network without faults, of a process that is gone when its disk says so.
    #[must_use]
    pub fn new(provider: Provider, disk: Arc<Disk>, chance: Chance) -> Arc<Self> {
        let mood = Mood { chance, faults_percent: 0, met: BTreeMap::new(), log: Vec::new() };
        Arc::new(Self { provider, disk, mood: Mutex::new(mood) })
    }

    /// Its mood, to read or to change.
    pub fn mood(&self) -> MutexGuard<'_, Mood> {
        self.mood.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fault(&self, what: &str) -> Option<Fault> {
        let mut mood = self.mood();
        let percent = mood.faults_percent;
        let fault = mood.chance.percent(percent).then(|| mood.chance.one(&Fault::ALL).copied()).flatten();
        if let Some(fault) = fault {
            *mood.met.entry(fault).or_default() += 1;
        }
        match fault {
            // Reads that went well are most of a history and tell nothing.
            None if what.starts_with("GET") => {}
            None => mood.log.push(what.to_owned()),
            Some(fault) => mood.log.push(format!("{what}: {fault:?}")),
        }
        fault
    }
}

/// A request as the provider takes it.
#[must_use]
pub fn on_the_wire(request: &Carried) -> Request {
    let target = request.url.split_once("//").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    let mut inner = Request::new(&request.method, target.unwrap_or("/"));
    inner = match &request.authorization {
        Authorization::Bearer(token) => inner.bearer(token),
        Authorization::Basic { user, password } => {
            let basic = BASE64_STANDARD.encode(format!("{user}:{password}"));
            inner.header("authorization", &format!("Basic {basic}"))
        }
    };
    for (name, value) in &request.headers {
        inner = inner.header(name, value);
    }
    inner.body.clone_from(&request.body);
    inner
}

/// The provider does what is asked, and answers.
#[must_use]
pub fn perform(provider: &Provider, request: &Request) -> CarriedReply {
    let reply = provider.handle(request);
    CarriedReply::Full { status: reply.status, headers: reply.headers, body: reply.body }
}

fn answer(status: u16, body: &str) -> CarriedReply {
    CarriedReply::Full { status, headers: Vec::new(), body: body.as_bytes().to_vec() }
}

impl Fault {
    /// What comes back of a request that meets this.
    ///
    /// # Panics
    /// With [`Died`], when the process is to die of it.
    pub fn befall(self, provider: &Provider, request: &Request) -> CarriedReply {
        match self {
            Self::Refused => CarriedReply::NotConnected,
            Self::CutBefore => CarriedReply::Cut,
            Self::ReplyLost => {
                let _lost = perform(provider, request);
                CarriedReply::Cut
            }
            Self::ReplyLate => {
                let _late = perform(provider, request);
                CarriedReply::TimedOut
            }
            Self::ServerError => answer(500, r#"{"error":{"message":"try later"}}"#),
            Self::BadGateway => {
                let _lost = perform(provider, request);
                answer(502, "<html>Bad Gateway</html>")
            }
            Self::TooMany => CarriedReply::Full {
                status: 429,
                headers: vec![("Retry-After".to_owned(), "7".to_owned())],
                body: br#"{"error":{"message":"slow down"}}"#.to_vec(),
            },
            Self::Rejected => answer(400, r#"{"error":{"code":"NO","message":"not today"}}"#),
            Self::TokenRevoked => {
                provider.revoke_tokens();
                perform(provider, request)
            }
            Self::Portal => answer(200, "<html>Log in to the hotel</html>"),
            Self::DiesBefore => std::panic::panic_any(Died),
            Self::DiesAfter => {
                let _lost = perform(provider, request);
                std::panic::panic_any(Died)
            }
        }
    }
}

impl Transport for Net {
    fn send(&self, request: Carried) -> CarriedReply {
        if self.disk.is_gone() {
            std::panic::panic_any(Died);
        }
        let path = request.url.split('/').skip(4).collect::<Vec<_>>().join("/");
        let what = format!("{} {}", request.method, path.split('?').next().unwrap_or_default());
        let sent = on_the_wire(&request);
        match self.fault(&what) {
            None => perform(&self.provider, &sent),
            Some(fault) => fault.befall(&self.provider, &sent),
        }
    }
}
