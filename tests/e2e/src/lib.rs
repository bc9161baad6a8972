//! What the tests share: a [`Rig`] of a real core on a real database, talking real HTTP to the sandbox.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a rig that cannot be built fails its test

pub mod desk;
pub mod disk;
pub mod interleave;
pub mod keys;
pub mod model;
pub mod runs;

use paylink_core::account::{Config, LinkListener, Ports, SecureStore, SecureStoreError};
use paylink_core::gateway::dintero::Timeouts;
use paylink_core::link::{EventKind, LinkStatus, PaymentLink};
use paylink_core::order::{Draft, DraftItem};
use paylink_core::{OrderId, Paylink, PaylinkError};
use paylink_sandbox::{Options, Sandbox};
use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a test waits for what must happen; generous, since the machines are shared.
const PATIENCE: Duration = Duration::from_secs(20);

/// A secure store that forgets when the test ends, and can be locked.
#[derive(Default)]
pub struct MemoryStore {
    values: Mutex<HashMap<String, String>>,
    locked: Mutex<bool>,
}

impl MemoryStore {
    /// Locks it, as a phone does before its first unlocking.
    pub fn lock(&self, locked: bool) {
        *self.locked.lock().unwrap() = locked;
    }

    /// The sandbox's own credentials, as a core keeps them after it was signed in.
    #[must_use]
    pub fn signed_in(account: &str) -> Self {
        let options = Options::default();
        let store = Self::default();
        let kept = [("client_id", options.client_id), ("client_secret", options.client_secret)];
        store.values.lock().unwrap().extend(kept.map(|(name, value)| (format!("{account}/{name}"), value)));
        store
    }

    fn usable(&self) -> Result<std::sync::MutexGuard<'_, HashMap<String, String>>, SecureStoreError> {
        if *self.locked.lock().unwrap() { Err(SecureStoreError) } else { Ok(self.values.lock().unwrap()) }
    }
}

impl SecureStore for MemoryStore {
    fn get(&self, key: &str) -> Result<Option<String>, SecureStoreError> {
        Ok(self.usable()?.get(key).cloned())
    }
    fn put(&self, key: &str, value: &str) -> Result<(), SecureStoreError> {
        self.usable()?.insert(key.to_owned(), value.to_owned());
        Ok(())
    }
    fn remove(&self, key: &str) -> Result<(), SecureStoreError> {
        self.usable()?.remove(key);
        Ok(())
    }
}

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

/// A configuration against a sandbox, with time-outs that suit a test.
pub fn config(folder: &Path, origin: &str) -> Config {
    Config {
        data_dir: folder.to_owned(),
        account: "P12345678".to_owned(),
        origin: origin.to_owned(),
        return_url: "https://example.com/thanks".to_owned(),
        seller_name: "Skogens Honning AS".to_owned(),
        reference_prefix: "HON".to_owned(),
        timeouts: Timeouts {
            connect: Duration::from_secs(2),
            write: Duration::from_secs(3),
            read: Duration::from_secs(3),
        },
        ..Config::default()
    }
}

/// A folder, memory-backed where the system has that: for proofs that write much and are not about the disk.
#[must_use]
pub fn memory_folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a folder can be made")
}

/// Two jars of honey and a candle: two VAT rates, 298,00 + 89,50.
pub fn honey() -> Draft {
    let item = |description: &str, quantity: &str, price: &str, vat: &str| DraftItem {
        description: description.to_owned(),
        quantity: quantity.to_owned(),
        unit_price: price.to_owned(),
        vat: vat.to_owned(),
        ..DraftItem::default()
    };
    Draft {
        items: vec![item("Honning 500 g", "2", "149,00", "15"), item("Bivokslys", "", "89,50", "")],
        ..Draft::default()
    }
}

/// The same, by the provider's SMS.
pub fn honey_by_sms() -> Draft {
    Draft { phone: "474 65 724".to_owned(), delivery: "sms".to_owned(), ..honey() }
}

/// Says a line to whoever has started this process, in one write.
pub fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}
