//! A real core on a real database, talking real HTTP to the sandbox, by the clock of the machine.

use crate::{MemoryStore, config};
use paylink_core::account::{Config, LinkListener, Ports, SecureStore};
use paylink_core::link::{EventKind, LinkStatus, PaymentLink};
use paylink_core::order::Draft;
use paylink_core::{OrderId, Paylink, PaylinkError};
use paylink_sandbox::{Options, Sandbox};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a test waits for what must happen; generous, since the machines are shared.
const PATIENCE: Duration = Duration::from_secs(20);

/// A listener that remembers.
#[derive(Default)]
pub struct Heard(pub Mutex<Vec<(OrderId, i64)>>);

impl LinkListener for Heard {
    fn on_change(&self, link: OrderId, cursor: i64) {
        self.0.lock().unwrap().push((link, cursor));
    }
}

/// A core, its folder and its provider.
pub struct Rig {
    /// The provider.
    pub sandbox: Sandbox,
    /// The core.
    pub core: Paylink,
    /// Where the core lives.
    pub folder: TempDir,
    /// Where its secret is.
    pub secure: Arc<MemoryStore>,
    /// What it was opened with.
    pub config: Config,
}

impl Rig {
    /// A production account, signed in.
    pub async fn start() -> Self {
        Self::with(Options::default(), |_| {}).await
    }

    /// Another provider, another configuration; signed in.
    pub async fn with(options: Options, edit: impl FnOnce(&mut Config)) -> Self {
        let (id, secret) = (options.client_id.clone(), options.client_secret.clone());
        let rig = Self::signed_out(options, edit).await;
        rig.core.sign_in(&id, &secret).await.expect("the sandbox takes its own credentials");
        rig
    }

    /// Nobody has signed in.
    pub async fn signed_out(options: Options, edit: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let account = options.account.clone();
        let sandbox = Sandbox::start(options).await.unwrap();
        let mut config = config(folder.path(), &sandbox.origin());
        config.account = account;
        edit(&mut config);
        let secure = Arc::new(MemoryStore::default());
        let core = open(&config, &secure).unwrap();
        Self { sandbox, core, folder, secure, config }
    }

    /// As [`Rig::reopened`], by a phone that has no network then.
    #[must_use]
    pub fn reopened_offline(mut self) -> Self {
        self.config.offline = true;
        self.reopened()
    }

    /// Closes the core and opens it again, as a phone does.
    #[must_use]
    pub fn reopened(mut self) -> Self {
        self.core.close();
        self.core = open(&self.config, &self.secure).unwrap();
        self
    }

    /// Waits until a link has this status.
    pub fn until(&self, id: OrderId, status: LinkStatus) -> PaymentLink {
        self.until_link(id, &format!("{status:?}"), |link| link.status == status)
    }

    /// Waits until something is true of a link.
    pub fn until_link(&self, id: OrderId, what: &str, is: impl Fn(&PaymentLink) -> bool) -> PaymentLink {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let link = self.core.link(id).unwrap();
            if is(&link) {
                return link;
            }
            assert!(Instant::now() < deadline, "waited for {what}: {link:?}, {:?}", self.kinds(id));
            std::thread::sleep(Duration::from_millis(15));
        }
    }

    /// The kinds of a link's timeline, oldest first.
    pub fn kinds(&self, id: OrderId) -> Vec<EventKind> {
        self.core.timeline(id).unwrap().iter().filter_map(|event| event.kind.known()).collect()
    }

    /// Saves a sale and waits for its link.
    pub fn sell(&self, draft: &Draft) -> PaymentLink {
        let link = self.core.create(draft).unwrap();
        self.until(link.id, LinkStatus::Open)
    }

    /// How many sessions the provider has for a link.
    pub fn sessions_of(&self, link: &PaymentLink) -> usize {
        self.sandbox.sessions_of(&link.reference).len()
    }
}

/// A core on a configuration.
pub fn open(config: &Config, secure: &Arc<MemoryStore>) -> Result<Paylink, PaylinkError> {
    let secure_store: Arc<dyn SecureStore> = Arc::clone(secure) as Arc<dyn SecureStore>;
    Paylink::open(config, Ports { secure_store, token_source: None })
}
