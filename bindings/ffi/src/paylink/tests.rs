use super::*;
use crate::ports::{ListenerError, SecureStoreError};
use crate::record::{Draft, Money, OrderId, PaymentLink};
use paylink_core::link::{LinkStatus, ReasonCode};
use paylink_sandbox::{Options, Sandbox};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use uniffi::FfiConverter;

/// How long a test waits for what must happen; generous, since the machines are shared.
const PATIENCE: Duration = Duration::from_secs(20);

fn soon(what: &str, mut happened: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !happened() {
        assert!(begun.elapsed() < PATIENCE, "{what}: not within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// An app's secure store that can also fail in the ways apps do.
#[derive(Default)]
struct Keystore {
    values: Mutex<HashMap<String, String>>,
    throws: AtomicBool,
    panics: AtomicBool,
    /// Held: what was read is not told yet.
    slow: Mutex<()>,
    read: AtomicUsize,
}

impl Keystore {
    fn usable(&self) -> Result<std::sync::MutexGuard<'_, HashMap<String, String>>, SecureStoreError> {
        assert!(!self.panics.load(Ordering::SeqCst), "a defect");
        if self.throws.load(Ordering::SeqCst) {
            // As from an exception that nobody declared.
            return Err(uniffi::UnexpectedUniFFICallbackError::new("java.lang.IllegalStateException").into());
        }
        Ok(self.values.lock().unwrap())
    }
}

impl SecureStore for Keystore {
    fn get(&self, key: String) -> Result<Option<String>, SecureStoreError> {
        let value = self.usable()?.get(&key).cloned();
        self.read.fetch_add(1, Ordering::SeqCst);
        let _waited = self.slow.lock().unwrap();
        Ok(value)
    }
    fn put(&self, key: String, value: String) -> Result<(), SecureStoreError> {
        self.usable()?.insert(key, value);
        Ok(())
    }
    fn remove(&self, key: String) -> Result<(), SecureStoreError> {
        self.usable()?.remove(&key);
        Ok(())
    }
}

fn config(folder: &TempDir, origin: &str) -> Config {
    Config {
        data_dir: folder.path().to_str().unwrap().to_owned(),
        account: Options::default().account,
        seller_name: "Skogens Honning AS".to_owned(),
        return_url: "https://example.com/thanks".to_owned(),
        origin: origin.to_owned(),
        api_prefix: String::new(),
        profile_id: String::new(),
        reference_prefix: "HON".to_owned(),
        language: String::new(),
        region: String::new(),
        currency: String::new(),
        vat: String::new(),
        expiry: String::new(),
        capture: String::new(),
        address: String::new(),
        delivery: String::new(),
        terms_url: String::new(),
        ask_again_after_hours: None,
        erase_contacts_after_days: None,
        offline: true,
    }
}

/// A core without a network.
fn offline() -> (TempDir, Arc<Keystore>, Arc<Paylink>) {
    let folder = tempfile::tempdir().unwrap();
    let keystore = Arc::new(Keystore::default());
    let core = Paylink::open(config(&folder, ""), Arc::<Keystore>::clone(&keystore), None).unwrap();
    (folder, keystore, core)
}

fn sale() -> Draft {
    Draft { amount: "298".to_owned(), ..Draft::default() }
}

#[test]
fn a_sale_is_saved_without_a_network_and_read_again() {
    let (_folder, _, core) = offline();
    let saved = core.create(sale()).unwrap();
    assert_eq!(saved.status, LinkStatus::Queued);
    assert_eq!(core.link(saved.id.clone()).unwrap(), saved);
    assert_eq!(core.pending().unwrap().queued, 1);
    let refused = core.create(Draft::default()).unwrap_err();
    assert_eq!(refused.code().code(), "refused");
    assert_eq!(core.sign_out().unwrap_err(), PaylinkError::Unsent { count: 1 });
}

#[test]
fn a_panic_in_a_call_is_an_internal_error_and_the_next_call_works() {
    let (_folder, keystore, core) = offline();
    keystore.panics.store(true, Ordering::SeqCst);
    assert_eq!(core.sign_out().unwrap_err().code().code(), "internal");
    keystore.panics.store(false, Ordering::SeqCst);
    core.sign_out().unwrap();
    core.create(sale()).unwrap();
}

#[test]
fn an_exception_of_the_secure_store_means_locked_and_never_signed_out() {
    let (_folder, keystore, core) = offline();
    keystore.throws.store(true, Ordering::SeqCst);
    let error = core.sign_out().unwrap_err();
    assert_eq!(error, PaylinkError::SignInNeeded { reason: ReasonCode::SecureStoreLocked.into() });
}

/// Counts, and then fails in one of the ways apps do.
struct Ear {
    heard: AtomicUsize,
    panics: bool,
}

impl Ear {
    fn new(panics: bool) -> Arc<Self> {
        Arc::new(Self { heard: AtomicUsize::new(0), panics })
    }
    fn heard(&self) -> usize {
        self.heard.load(Ordering::SeqCst)
    }
}

impl LinkListener for Ear {
    fn on_account_change(&self) -> Result<(), ListenerError> {
        Ok(())
    }

    fn on_catalogue_change(&self) -> Result<(), ListenerError> {
        Ok(())
    }

    fn on_change(&self, _: OrderId, cursor: i64) -> Result<(), ListenerError> {
        self.heard.fetch_add(1, Ordering::SeqCst);
        assert!(!self.panics, "a defect");
        Err(ListenerError::Failed { reason: format!("thrown at {cursor}") })
    }
}

#[test]
fn a_listener_that_fails_hears_on_and_holds_up_nobody() {
    let (_folder, _, core) = offline();
    let (panics, throws) = (Ear::new(true), Ear::new(false));
    let _one = core.subscribe(Arc::<Ear>::clone(&panics)).unwrap();
    let _two = core.subscribe(Arc::<Ear>::clone(&throws)).unwrap();
    core.create(sale()).unwrap();
    core.create(sale()).unwrap();
    soon("both hear of both sales", || panics.heard() == 2 && throws.heard() == 2);
}

#[test]
fn who_cancelled_lets_go_or_closed_hears_no_more_and_is_let_go_of() {
    let (_folder, _, core) = offline();
    let ears = [Ear::new(false), Ear::new(false), Ear::new(false), Ear::new(false)];
    let [cancelled, dropped, closed, stays] =
        ears.each_ref().map(|ear| core.subscribe(Arc::<Ear>::clone(ear)).unwrap());
    core.create(sale()).unwrap();
    soon("all hear of the first sale", || ears.iter().all(|ear| ear.heard() == 1));
    cancelled.cancel();
    cancelled.cancel();
    drop(dropped);
    core.suspend().unwrap();
    core.resume().unwrap();
    core.create(sale()).unwrap();
    soon("two hear of the second sale", || ears[2].heard() == 2 && ears[3].heard() == 2);
    assert_eq!([ears[0].heard(), ears[1].heard()], [1, 1]);
    core.close().unwrap();
    soon("nobody is held", || ears.iter().all(|ear| Arc::strong_count(ear) == 1));
    assert_eq!(core.pending().unwrap_err(), PaylinkError::Closed);
    drop((closed, stays));
}

#[test]
fn a_text_that_is_no_identity_is_not_found() {
    let (_folder, _, core) = offline();
    let none = PaylinkError::NotFound { what: "link".to_owned() };
    for text in ["7K3M-1", "", "018f2b6e-0000-7000-8000-000000000000"] {
        assert_eq!(core.link(OrderId(text.to_owned())).unwrap_err(), none);
        assert_eq!(core.cancel(OrderId(text.to_owned())).unwrap_err(), none);
    }
}

#[test]
fn what_is_printed_names_nobody_and_no_link() {
    let (_folder, _, core) = offline();
    let draft = Draft {
        name: "Kari Nordmann".to_owned(),
        phone: "47465724".to_owned(),
        email: "kari@example.com".to_owned(),
        ..sale()
    };
    let link = core.create(draft.clone()).unwrap();
    let detail = core.detail(link.id.clone()).unwrap();
    let text = crate::record::Message {
        recipient: Some("+4747465724".to_owned()),
        subject: None,
        body: "Hei Kari".to_owned(),
        uri: None,
        sms: None,
        preview: false,
    };
    let printed = format!("{draft:?} {link:?} {detail:?} {:?} {text:?}", link.customer).to_lowercase();
    assert!(printed.contains("queued"));
    assert!(!["kari", "47465724"].iter().any(|person| printed.contains(person)), "{printed}");
}

#[test]
fn what_an_app_made_up_for_a_preview_can_be_printed() {
    // A method of a record, such as the one that prints it, is sent the whole record: what cannot be read then ends
    // an app in Swift.
    let (_folder, _, core) = offline();
    let mut link = core.create(sale()).unwrap();
    assert_eq!(link.amount, Money { minor: 29_800, currency: "NOK".to_owned() });
    link.id = OrderId("preview".to_owned());
    link.superseded_by = Some(OrderId(String::new()));
    link.amount.currency = "?".to_owned();
    let mut buffer = Vec::new();
    <PaymentLink as FfiConverter<crate::UniFfiTag>>::write(link.clone(), &mut buffer);
    assert_eq!(<PaymentLink as FfiConverter<crate::UniFfiTag>>::try_read(&mut buffer.as_slice()).unwrap(), link);
}

#[test]
fn a_day_that_is_none_is_not_found() {
    let (_folder, _, core) = offline();
    for none in ["2026-02-30", "", "9999-12-31", "-009999-01-01"] {
        assert_eq!(core.day(none.to_owned()).unwrap_err(), PaylinkError::NotFound { what: "day".to_owned() }, "{none}");
    }
    assert_eq!(core.day("2026-11-24".to_owned()).unwrap().date, "2026-11-24");
}

#[tokio::test]
async fn a_sign_in_whose_caller_was_cancelled_goes_on() {
    let (options, folder) = (Options::default(), tempfile::tempdir().unwrap());
    let sandbox = Sandbox::start(options.clone()).await.unwrap();
    let keystore = Arc::new(Keystore::default());
    let config = Config { offline: false, ..config(&folder, &sandbox.origin()) };
    let core = Paylink::open(config, Arc::<Keystore>::clone(&keystore), None).unwrap();
    let asked = core.sign_in(options.client_id.clone(), options.client_secret.clone());
    let cancelled = tokio::time::timeout(Duration::ZERO, asked).await;
    assert!(cancelled.is_err(), "it was done at once");
    let begun = Instant::now();
    while core.account().unwrap().profile_id.is_none() {
        assert!(begun.elapsed() < PATIENCE, "the sign-in did not go on");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(keystore.values.lock().unwrap().len(), 1, "id and secret are one value");
    let report = core.sync(-1).await.unwrap();
    assert_eq!((report.waiting, report.paused), (0, None));
    tokio::task::spawn_blocking(move || core.close()).await.unwrap().unwrap();
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_sale_that_found_no_credentials_just_before_they_were_kept_goes_out() {
    let (options, folder) = (Options::default(), tempfile::tempdir().unwrap());
    let sandbox = Sandbox::start(options.clone()).await.unwrap();
    let keystore = Arc::new(Keystore::default());
    let config = Config { offline: false, ..config(&folder, &sandbox.origin()) };
    let core = Paylink::open(config, Arc::<Keystore>::clone(&keystore), None).unwrap();
    let slow = keystore.slow.lock().unwrap();
    let id = core.create(sale()).unwrap().id;
    soon("the sale asks for credentials", || keystore.read.load(Ordering::SeqCst) > 0);
    let asking = Arc::clone(&core);
    let signed_in = tokio::spawn(async move { asking.sign_in(options.client_id, options.client_secret).await });
    soon("they are kept", || keystore.values.lock().unwrap().len() == 1);
    drop(slow);
    assert_eq!(signed_in.await.unwrap().unwrap().paused, None);
    soon("it goes out", || core.link(id.clone()).unwrap().status == LinkStatus::Open);
    tokio::task::spawn_blocking(move || core.close()).await.unwrap().unwrap();
    sandbox.stop().await;
}
