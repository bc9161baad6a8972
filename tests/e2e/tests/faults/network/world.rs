//! A core whose network and clock the test holds in its hands.

use super::proof;
use paylink_core::account::{Config, Ports, SecureStore};
use paylink_core::clock::Clock;
use paylink_core::gateway::dintero::Timeouts;
use paylink_core::link::{EventKind, LinkStatus, PaymentLink};
use paylink_core::{OrderId, Paylink};
use paylink_e2e::{MemoryStore, Rig, config, honey};
use paylink_sandbox::proxy::FaultProxy;
use paylink_sandbox::{Options, Sandbox};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

/// The longest that a request takes here. Troubles that are slower than the time-out are slower than this by far,
/// those within it are faster by far: the machines are shared.
pub const TIMEOUT: Duration = Duration::from_secs(2);
/// A little more than the 60 s after which a listing proves something (rule 14).
pub const A_MINUTE_MS: i64 = 61_000;
/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(40);

/// The phone's clock: runs with the provider's, may be wrong, and may be set wrong on the way.
pub struct PhoneClock {
    true_time: paylink_sandbox::Clock,
    wrong_by: AtomicI64,
}

impl PhoneClock {
    /// Sets the clock, back when negative; the time itself does not move.
    pub fn set_by(&self, ms: i64) {
        self.wrong_by.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for PhoneClock {
    fn wall_ms(&self) -> i64 {
        self.true_time.now_ms() + self.wrong_by.load(Ordering::SeqCst)
    }

    fn monotonic_ms(&self) -> i64 {
        self.true_time.now_ms()
    }
}

/// A signed-in core, the network between it and its provider, and the time.
pub struct World {
    pub proxy: FaultProxy,
    pub rig: Rig,
    pub clock: Arc<PhoneClock>,
    test: String,
}

impl Deref for World {
    type Target = Rig;

    fn deref(&self) -> &Rig {
        &self.rig
    }
}

impl World {
    /// Signed in, with a clock that is right.
    pub async fn start(options: Options) -> Self {
        Self::with(options, 0, |_| {}).await
    }

    /// Signed in, with a clock that is wrong, and another configuration.
    pub async fn with(options: Options, wrong_by_ms: i64, edit: impl FnOnce(&mut Config)) -> Self {
        let (id, secret) = (options.client_id.clone(), options.client_secret.clone());
        let clock = Arc::new(PhoneClock { true_time: options.clock.clone(), wrong_by: AtomicI64::new(wrong_by_ms) });
        let sandbox = Sandbox::start(options).await.unwrap();
        let proxy = FaultProxy::start(([127, 0, 0, 1], sandbox.port()).into()).unwrap();
        sandbox.configure(|options| options.origin = proxy.origin());
        let folder = tempfile::tempdir().unwrap();
        let mut config = config(folder.path(), &proxy.origin());
        config.timeouts = Timeouts { connect: TIMEOUT, write: TIMEOUT, read: TIMEOUT };
        edit(&mut config);
        let secure = Arc::new(MemoryStore::default());
        let ports = Ports { secure_store: Arc::clone(&secure) as Arc<dyn SecureStore>, token_source: None };
        let core = Paylink::open_with_clock(&config, ports, Arc::clone(&clock) as Arc<dyn Clock>).unwrap();
        core.sign_in(&id, &secret).await.expect("the sandbox takes its own credentials");
        Self { proxy, rig: Rig { sandbox, core, folder, secure, config }, clock, test: proof::name() }
    }

    /// Time goes by, for everybody; the core looks at its clock.
    pub fn pass(&self, ms: i64, id: OrderId) {
        self.sandbox.advance(ms);
        self.core.refresh(id).unwrap();
    }

    /// Lets time go by until the seller has a link or is asked something. The seller sells on meanwhile: it is by a later
    /// session that a listing's silence about this one counts.
    pub fn settled(&self, id: OrderId) -> PaymentLink {
        let deadline = Instant::now() + PATIENCE;
        let mut sold_on = false;
        loop {
            for _ in 0..20 {
                let link = self.core.link(id).unwrap();
                if matches!(link.status, LinkStatus::Open | LinkStatus::NeedsAttention) {
                    return link;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            assert!(Instant::now() < deadline, "never settled: {:?}, {:?}", self.core.link(id), self.kinds(id));
            self.pass(A_MINUTE_MS, id);
            if !sold_on && self.core.link(id).unwrap().status == LinkStatus::Unknown {
                sold_on = true;
                let later = self.core.create(&honey()).unwrap().id;
                self.until(later, LinkStatus::Open);
            }
        }
    }

    /// Waits until the timeline reports trouble; returns its reason.
    pub fn trouble(&self, id: OrderId) -> String {
        self.until_link(id, "trouble", |_| self.reason_told(id).is_some());
        self.reason_told(id).unwrap()
    }

    /// The reason of the first trouble that the timeline reports.
    pub fn reason_told(&self, id: OrderId) -> Option<String> {
        let timeline = self.core.timeline(id).unwrap();
        let told = timeline
            .into_iter()
            .find(|event| event.kind == EventKind::SendFailed || event.kind == EventKind::SendUnclear)?;
        Some(told.data.get("reason").unwrap().to_string())
    }

    /// Sessions, and messages that the customer got, of an order: from the provider's records.
    pub fn at_the_provider(&self, link: &PaymentLink) -> (usize, usize) {
        let sessions = self.sandbox.sessions_of(&link.reference);
        let inbox = self.sandbox.inbox();
        let messages = inbox.iter().filter(|one| sessions.iter().any(|session| session.id == one.session_id));
        (sessions.len(), messages.count())
    }

    /// What must hold of an order that has its link: the seller has an address, of a session that is really there,
    /// for this sum, made by this order; the queue is empty of it; its story was told in order.
    pub fn assert_whole(&self, id: OrderId) {
        let link = self.core.link(id).unwrap();
        assert_eq!((link.status, link.reason.as_ref()), (LinkStatus::Open, None), "{:?}", self.kinds(id));
        let session = self.sandbox.session(link.session_id.as_ref().unwrap()).unwrap();
        assert_eq!(session.merchant_reference, link.reference);
        assert_eq!(session.amount, link.amount.minor());
        assert_eq!(session.metadata["ext_paylink_order"], id.to_string());
        assert_eq!(session.cancelled_at_ms, None, "the link that was handed out can be paid");
        assert!(link.url.unwrap().contains(&session.id), "the address leads to it");
        let kinds = self.kinds(id);
        let made = kinds.iter().filter(|kind| matches!(kind, EventKind::LinkCreated | EventKind::LinkAdopted));
        assert_eq!(made.count(), 1, "one link was handed out: {kinds:?}");
        assert_eq!(kinds[0], EventKind::Saved);
    }

    /// Nothing waits, is being sent, or is asked of the seller.
    pub fn assert_nothing_waits(&self) {
        let pending = self.core.pending().unwrap();
        let counts = serde_json::to_value(pending).unwrap();
        assert!(counts.as_object().unwrap().values().all(|count| *count == 0), "{pending:?}");
    }

    /// How many tokens were asked for.
    pub fn tokens(&self) -> usize {
        self.sandbox.requests().iter().filter(|one| one.path.ends_with("/auth/token")).count()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            proof::add(&self.test, self);
        }
    }
}

/// Runs what blocks away from the threads that serve the sandbox.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    }
}
