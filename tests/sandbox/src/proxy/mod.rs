//! A bad network between a client and the sandbox: a proxy that cuts, delays, swallows and forges, by script.
//!
//! - A [`Rule`] names requests (method, path prefix, how many to let pass first, how many to meet) and the [`Trouble`]
//!   that they meet; what no rule names passes through unharmed. The first rule that matches is used.
//! - [`Odds`] are the troubles that come by chance, to whatever no rule names.
//! - [`FaultProxy::set_line`] is the network as a whole: serving, refusing, resetting, or silent.
//! - [`FaultProxy::kill_connections`] is what a change of network leaves behind: connections that are kept in a
//!   client's pool, and dead. New ones work.
//! - [`FaultProxy::watch`] calls a witness at every [`Moment`] of every request, which may end the client there.
//! - With a [`Certificate`] it ends TLS in front of the sandbox, and can change its certificate while it runs.
//!
//! Every trouble that really happened is counted under its name. The proxy runs on a thread of its own, so a test that
//! blocks its runtime does not stop it; dropping it closes the port and cuts every connection.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use paylink_sandbox::proxy::{FaultProxy, Rule, Trouble};
//! let sandbox = paylink_sandbox::Sandbox::start(Default::default()).await?;
//! let proxy = FaultProxy::start(([127, 0, 0, 1], sandbox.port()).into())?;
//! // The session is made, and nobody hears of it.
//! proxy.inject(Rule::on("POST", "/v1/sessions", Trouble::DropReply));
//! # Ok(()) }
//! ```

mod connection;
mod head;
mod odds;
mod rule;
mod server;
mod stream;

pub use odds::Odds;
pub use rule::{Rule, Trouble};
pub use stream::Certificate;

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// The network as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Line {
    /// Connections are taken and requests are passed on.
    #[default]
    Serves,
    /// No connection is made: refused. Those that were open are closed.
    Refuses,
    /// A connection is made and reset before anything is read. Those that were open are closed.
    Resets,
    /// A connection is made and nothing is ever read or answered. Those that were open are dead too.
    Silent,
}

/// How connections die that a client still has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// Closed now: the client can see it before it sends.
    Closed,
    /// Reset by the next request: a router that has forgotten them.
    Reset,
    /// The next request is swallowed: a network that is gone.
    Silent,
}

/// Where a request is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// Its head has come; the provider knows nothing of it.
    Begun,
    /// The first half of it is on its way to the provider.
    HalfSent,
    /// All of it has come; the provider knows nothing of it.
    Sent,
    /// The provider has acted and answered; the client knows nothing of it.
    Done,
    /// The head and half of the body of the reply have been written.
    HalfAnswered,
    /// All of the reply has been written.
    Answered,
}

/// Hears of every moment, before anything else happens to the request. Says whether it has ended the client: then
/// the connection ends too, and of a request that was [`Moment::HalfSent`] the provider gets that half.
pub type Witness = Box<dyn FnMut(Moment) -> bool + Send>;

/// What the owner asks of the thread that serves; each is answered when it is done.
enum Order {
    Line(Line, mpsc::Sender<()>),
    Close(mpsc::Sender<()>),
}

/// What all connections share.
struct Shared {
    upstream: SocketAddr,
    rules: Mutex<Vec<Rule>>,
    odds: Mutex<Option<Odds>>,
    counts: Mutex<BTreeMap<&'static str, u32>>,
    requests: AtomicU64,
    connections: AtomicU64,
    tls: Mutex<Option<stream::Tls>>,
    /// Connections with a number below this one are dead, in this way.
    dead: Mutex<(u64, Death)>,
    witness: Mutex<Option<Witness>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn count(&self, name: &'static str) {
        *lock(&self.counts).entry(name).or_default() += 1;
    }

    /// What this request meets.
    fn trouble_of(&self, method: &str, path: &str) -> Option<Trouble> {
        match Rule::take(&mut lock(&self.rules), method, path) {
            Some(scripted) => scripted,
            None => lock(&self.odds).as_mut().and_then(Odds::draw),
        }
    }

    fn death_of(&self, connection: u64) -> Option<Death> {
        let (below, death) = *lock(&self.dead);
        (connection < below).then_some(death)
    }

    /// Whether the client was ended at this moment.
    fn ends_at(&self, moment: Moment) -> bool {
        lock(&self.witness).as_mut().is_some_and(|witness| witness(moment))
    }

    fn kill(&self, death: Death) {
        *lock(&self.dead) = (self.connections.load(Ordering::SeqCst), death);
    }
}

/// A bad network on a loopback port.
pub struct FaultProxy {
    shared: Arc<Shared>,
    address: SocketAddr,
    orders: Option<UnboundedSender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl FaultProxy {
    /// Starts on a free port of 127.0.0.1, in front of `upstream`.
    ///
    /// # Errors
    /// When no port or no thread can be had.
    pub fn start(upstream: SocketAddr) -> io::Result<Self> {
        Self::begin(upstream, None)
    }

    /// The same over TLS with this certificate; plain HTTP towards `upstream`.
    ///
    /// # Errors
    /// When the certificate cannot be used, or no port or no thread can be had.
    pub fn start_tls(upstream: SocketAddr, certificate: &Certificate) -> io::Result<Self> {
        Self::begin(upstream, Some(certificate.server()?))
    }

    fn begin(upstream: SocketAddr, tls: Option<stream::Tls>) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            upstream,
            rules: Mutex::default(),
            odds: Mutex::default(),
            counts: Mutex::default(),
            requests: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            tls: Mutex::new(tls),
            dead: Mutex::new((0, Death::Closed)),
            witness: Mutex::default(),
        });
        let (orders, received) = unbounded_channel();
        let (tell, told) = mpsc::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let serving = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name(String::from("fault-proxy"))
            .spawn(move || runtime.block_on(server::run(serving, received, tell)))?;
        let address = told.recv().map_err(|_| io::Error::other("the proxy's thread has ended"))??;
        Ok(Self { shared, address, orders: Some(orders), thread: Some(thread) })
    }

    /// `http://127.0.0.1:PORT`, or `https://…` with a certificate.
    #[must_use]
    pub fn origin(&self) -> String {
        let scheme = if lock(&self.shared.tls).is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Scripts a trouble for requests to come.
    pub fn inject(&self, rule: Rule) {
        lock(&self.shared.rules).push(rule);
    }

    /// Calls this witness at every moment of every request, in place of the one before.
    pub fn watch(&self, witness: Witness) {
        *lock(&self.shared.witness) = Some(witness);
    }

    /// Calls no witness any more.
    pub fn look_away(&self) {
        lock(&self.shared.witness).take();
    }

    /// Leaves the requests that no rule names to chance.
    pub fn set_odds(&self, odds: Odds) {
        *lock(&self.shared.odds) = Some(odds);
    }

    /// Ends every trouble: rules and odds are taken back, the line serves. Dead connections stay dead.
    pub fn heal(&self) {
        lock(&self.shared.rules).clear();
        *lock(&self.shared.odds) = None;
        self.set_line(Line::Serves);
    }

    /// Changes the network as a whole; done when this returns.
    pub fn set_line(&self, line: Line) {
        self.order(|done| Order::Line(line, done));
    }

    /// Kills the connections that are open now; new ones work.
    pub fn kill_connections(&self, death: Death) {
        self.shared.kill(death);
        if death == Death::Closed {
            self.order(Order::Close);
        }
    }

    /// Shows another certificate from the next connection on, and closes those that are open.
    ///
    /// # Errors
    /// When the certificate cannot be used.
    pub fn set_certificate(&self, certificate: &Certificate) -> io::Result<()> {
        *lock(&self.shared.tls) = Some(certificate.server()?);
        self.kill_connections(Death::Closed);
        Ok(())
    }

    fn order(&self, order: impl FnOnce(mpsc::Sender<()>) -> Order) {
        let (tell, told) = mpsc::channel();
        if let Some(orders) = &self.orders
            && orders.send(order(tell)).is_ok()
        {
            // The thread lives for as long as its sender does; should it not, there is nothing to wait for.
            let _done = told.recv();
        }
    }

    /// What has happened so far, by name of the trouble.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<&'static str, u32> {
        lock(&self.shared.counts).clone()
    }

    /// How often this has happened.
    #[must_use]
    pub fn count(&self, name: &str) -> u32 {
        lock(&self.shared.counts).get(name).copied().unwrap_or_default()
    }

    /// Requests of which at least the head was read.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.shared.requests.load(Ordering::SeqCst)
    }

    /// Connections that were made, those that failed in the handshake included.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.orders.take();
        if let Some(thread) = self.thread.take() {
            // A panic of that thread has been printed; there is nothing to add while dropping.
            let _ended = thread.join();
        }
    }
}
