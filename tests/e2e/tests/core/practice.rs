//! The practice account, as a shell has it: the same façade, outbox, look-ups and events as a real one, and nothing of it
//! leaves the phone. In virtual time.

use paylink_core::account::{Config, Ports, SecureStore};
use paylink_core::clock::Clock;
use paylink_core::gateway::{Carried, CarriedReply, Transport};
use paylink_core::link::{Action, Delivered, EventKind, LinkStatus, PaymentLink};
use paylink_core::message::{Channel, Language};
use paylink_core::order::Draft;
use paylink_core::{LinkFilter, Moments, OrderId, Page, Paylink, PaylinkError};
use paylink_e2e::clock::{PhoneClock, START_MS};
use paylink_e2e::{MemoryStore, honey, honey_by_sms, memory_folder};
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tempfile::TempDir;

/// A seller who only tries it: a folder, a clock, and nothing else.
struct Seller {
    core: Paylink,
    clock: Arc<PhoneClock>,
    folder: TempDir,
}

/// Whoever asks it to carry something has found a way out of the phone.
struct NoWayOut;

impl Transport for NoWayOut {
    fn send(&self, request: Carried) -> CarriedReply {
        panic!("the practice account sent {request:?}");
    }
}

fn config(folder: &Path) -> Config {
    Config {
        data_dir: folder.join("data"),
        account: "practice".to_owned(),
        transport: Some(Arc::new(NoWayOut)),
        ..Config::default()
    }
}

fn ports(store: &Arc<MemoryStore>) -> Ports {
    Ports { secure_store: Arc::clone(store) as Arc<dyn SecureStore>, token_source: None }
}

fn open(config: &Config, clock: &Arc<PhoneClock>) -> Paylink {
    Paylink::open_unscheduled(config, ports(&Arc::default()), Arc::clone(clock) as Arc<dyn Clock>).unwrap()
}

impl Seller {
    fn new() -> Self {
        let folder = memory_folder();
        let clock = Arc::new(PhoneClock::seeded(START_MS, 7));
        Self { core: open(&config(folder.path()), &clock), clock, folder }
    }

    /// The process dies without a word, and another one is started.
    fn killed(self) -> Self {
        self.core.abandon();
        Self { core: open(&config(self.folder.path()), &self.clock), ..self }
    }

    /// Time passes, and the core does what falls due, second by second.
    fn pass(&self, seconds: i64) {
        pass(&self.core, &self.clock, seconds);
    }

    fn sell(&self, draft: &Draft) -> PaymentLink {
        let link = self.core.create(draft).unwrap();
        self.core.work_due().unwrap();
        self.core.link(link.id).unwrap()
    }

    fn status(&self, id: OrderId) -> LinkStatus {
        self.core.link(id).unwrap().status
    }

    fn kinds(&self, id: OrderId) -> Vec<EventKind> {
        kinds(&self.core, id)
    }
}

fn pass(core: &Paylink, clock: &PhoneClock, seconds: i64) {
    for _ in 0..seconds {
        clock.pass(1_000);
        core.work_due().unwrap();
    }
}

fn kinds(core: &Paylink, id: OrderId) -> Vec<EventKind> {
    core.timeline(id).unwrap().iter().filter_map(|event| event.kind.known()).collect()
}

/// A sale with a reference that ends in this.
fn ending_in(decimal: u32) -> Draft {
    Draft { reference: format!("TRY-{decimal}"), ..honey() }
}

#[test]
fn a_sale_becomes_a_link_and_is_opened_and_paid_with_no_account_at_all() {
    let seller = Seller::new();
    let account = seller.core.account().unwrap();
    assert!(account.practice && account.account == "practice" && account.paused.is_none(), "{account:?}");
    let link = seller.sell(&honey());
    assert_eq!((link.status, link.url_warning), (LinkStatus::Open, false));
    assert!(link.url.unwrap().starts_with("https://practice.invalid/"));
    seller.pass(6);
    assert_eq!(seller.status(link.id), LinkStatus::Opened);
    seller.pass(10);
    let paid = seller.core.link(link.id).unwrap();
    assert_eq!((paid.status, paid.captured, paid.paid_at.is_some()), (LinkStatus::Captured, paid.amount, true));
    assert_eq!(
        seller.kinds(link.id),
        [
            EventKind::Saved,
            EventKind::Sending,
            EventKind::LinkCreated,
            EventKind::Opened,
            EventKind::PaymentStarted,
            EventKind::Authorized,
            EventKind::Captured
        ]
    );
    let methods = seller.core.account().unwrap().methods;
    assert!(methods.iter().any(|method| method.family() == "vipps"), "{methods:?}");
}

#[test]
fn every_fifth_sale_is_declined_and_some_customers_take_a_minute() {
    let seller = Seller::new();
    let (no, slow) = (seller.sell(&ending_in(5)).id, seller.sell(&ending_in(4)).id);
    seller.pass(15);
    assert_eq!((seller.status(no), seller.status(slow)), (LinkStatus::Declined, LinkStatus::Open));
    seller.pass(70);
    assert_eq!(seller.status(slow), LinkStatus::Captured);
    assert!(seller.kinds(no).contains(&EventKind::Declined));
}

#[test]
fn an_unopened_link_is_cancelled_and_nobody_opens_it_any_more() {
    let seller = Seller::new();
    let link = seller.sell(&honey());
    assert_eq!(link.actions, [Action::Share, Action::ShowQr, Action::Cancel]);
    seller.core.cancel(link.id).unwrap();
    seller.pass(1);
    assert_eq!(seller.status(link.id), LinkStatus::Cancelled);
    seller.pass(120);
    assert_eq!(seller.status(link.id), LinkStatus::Cancelled);
    assert!(!seller.kinds(link.id).contains(&EventKind::Opened));
}

#[test]
fn a_cancel_that_comes_after_the_payment_loses_to_it() {
    let seller = Seller::new();
    let link = seller.sell(&honey());
    seller.clock.pass(12_000); // paid, and nobody has asked yet
    seller.core.cancel(link.id).unwrap();
    seller.pass(1);
    assert_eq!(seller.status(link.id), LinkStatus::Captured);
    assert!(!seller.kinds(link.id).contains(&EventKind::Cancelled));
}

#[test]
fn what_is_captured_by_hand_stays_reserved_until_it_is_cancelled() {
    let seller = Seller::new();
    let link = seller.sell(&Draft { capture: "manual".to_owned(), ..honey() });
    seller.pass(20);
    assert_eq!(seller.status(link.id), LinkStatus::Authorized);
    seller.clock.pass(3_600_000);
    seller.pass(1);
    assert_eq!(seller.status(link.id), LinkStatus::Authorized);
    seller.core.cancel(link.id).unwrap();
    seller.pass(1);
    let released = seller.core.link(link.id).unwrap();
    assert_eq!((released.status, released.captured.minor()), (LinkStatus::Cancelled, 0));
    assert!(seller.kinds(link.id).contains(&EventKind::Voided));
}

#[test]
fn a_phone_that_says_it_is_offline_is_believed() {
    let seller = Seller::new();
    seller.core.network_changed(false).unwrap();
    let link = seller.sell(&honey());
    seller.pass(30);
    assert_eq!(seller.status(link.id), LinkStatus::Queued);
    seller.core.network_changed(true).unwrap();
    seller.pass(1);
    assert_eq!(seller.status(link.id), LinkStatus::Open);
    // The customer needs no network of ours; the seller sees it when there is one again.
    seller.core.network_changed(false).unwrap();
    seller.pass(30);
    assert_eq!(seller.status(link.id), LinkStatus::Open);
    seller.core.network_changed(true).unwrap();
    seller.pass(6);
    assert_eq!(seller.status(link.id), LinkStatus::Captured);
}

#[test]
fn a_killed_process_takes_no_link_with_it() {
    let seller = Seller::new();
    let (open, cancelled, paid) = (seller.sell(&honey()), seller.sell(&honey()), seller.sell(&honey()));
    seller.core.cancel(cancelled.id).unwrap();
    seller.core.work_due().unwrap();
    let waiting = seller.core.create(&honey()).unwrap();
    let seller = seller.killed();
    assert_eq!(seller.core.link(open.id).unwrap().url, open.url);
    seller.pass(6);
    assert_eq!(seller.status(open.id), LinkStatus::Opened);
    let seller = seller.killed();
    seller.pass(70);
    for id in [open.id, paid.id, waiting.id] {
        assert_eq!(seller.status(id), LinkStatus::Captured);
    }
    assert_eq!(seller.status(cancelled.id), LinkStatus::Cancelled);
}

/// Ends the process at the one of its commits whose turn it is: before it, or after it is on the disk.
struct Death {
    commits: AtomicUsize,
    at: usize,
    after: bool,
}

/// What a process dies of here.
struct Killed;

impl Death {
    fn comes(&self, after: bool) {
        let number =
            if after { self.commits.load(Ordering::SeqCst) } else { self.commits.fetch_add(1, Ordering::SeqCst) + 1 };
        if after == self.after && number == self.at && !std::thread::panicking() {
            panic_any(Killed);
        }
    }
}

impl Moments for Death {
    fn before_commit(&self) {
        self.comes(false);
    }
    fn after_commit(&self) {
        self.comes(true);
    }
}

/// Sells three times, cancels one, and lets time pass. Gives what was saved for sure.
fn a_quarter_of_a_minute(core: &Paylink, clock: &PhoneClock, saved: &mut Vec<OrderId>) -> Result<(), PaylinkError> {
    for draft in [honey(), honey_by_sms(), Draft { capture: "manual".to_owned(), ..honey() }] {
        saved.push(core.create(&draft)?.id);
        core.work_due()?;
    }
    core.cancel(saved[0])?;
    pass(core, clock, 15);
    Ok(())
}

/// Plays it with a death at that commit, then with a new process to the end. Whether there was such a commit.
fn killed_at(at: usize, after: bool) -> bool {
    let folder = memory_folder();
    let clock = Arc::new(PhoneClock::seeded(START_MS, 7));
    let death = Arc::new(Death { commits: AtomicUsize::new(0), at, after });
    let dying = Config { moments: Some(Arc::clone(&death) as Arc<dyn Moments>), ..config(folder.path()) };
    let mut saved = Vec::new();
    let mut core = None;
    let died = catch_unwind(AssertUnwindSafe(|| {
        let open = core.insert(open(&dying, &clock));
        a_quarter_of_a_minute(open, &clock, &mut saved).unwrap();
    }));
    if let Err(why) = &died {
        assert!(why.is::<Killed>(), "it died of something else");
    }
    if let Some(core) = core {
        core.abandon();
    }

    let core = open(&config(folder.path()), &clock);
    pass(&core, &clock, 70);
    // Of a message that may have been sent it is proven that it was not, as at a real provider: by what was made later.
    core.create(&honey()).unwrap();
    pass(&core, &clock, 600);
    let links = core.links(LinkFilter::default(), Page::default()).unwrap();
    assert!(saved.iter().all(|id| links.iter().any(|link| link.id == *id)), "killed at {at}: a sale is lost");
    for link in &links {
        let told = kinds(&core, link.id);
        let times = |kind| told.iter().filter(|one| **one == kind).count();
        let context = format!("killed at {at}, after {after}: {:?} {told:?}", link.status);
        assert!(times(EventKind::LinkCreated) + times(EventKind::LinkAdopted) <= 1, "{context}");
        assert!(times(EventKind::Captured) <= 1 && times(EventKind::PaidAfterEnd) == 0, "{context}");
        match link.status {
            LinkStatus::Captured => assert_eq!(link.captured, link.amount, "{context}"),
            LinkStatus::Authorized => assert_eq!(link.captured.minor(), 0, "{context}"),
            LinkStatus::Cancelled => assert_eq!(times(EventKind::Captured), 0, "{context}"),
            _ => panic!("{context}"),
        }
    }
    core.close();
    died.is_err()
}

#[test]
fn a_process_killed_at_any_commit_loses_nothing_and_doubles_nothing() {
    // A death is told by the panic itself.
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |told| {
        if !told.payload().is::<Killed>() {
            usual(told);
        }
    }));
    let mut deaths = 0;
    for after in [false, true] {
        for at in 1.. {
            if !killed_at(at, after) {
                break;
            }
            deaths += 1;
        }
    }
    println!("killed at {deaths} commits");
    assert!(deaths > 40, "only {deaths}");
}

#[test]
fn its_texts_are_previews_that_say_so_and_lead_nowhere() {
    let seller = Seller::new();
    let link = seller.sell(&Draft { email: "kari@example.no".to_owned(), ..honey_by_sms() });
    assert_eq!(link.delivery.state, Delivered::Sent, "as the provider would");
    for language in Language::ALL {
        for channel in Channel::ALL {
            let text = seller.core.message(link.id, channel, Some(language)).unwrap();
            assert!(text.preview && text.recipient.is_none() && text.uri.is_none(), "{channel:?}");
            assert!(text.body.contains(language.practice_account()), "{}", text.body);
            assert!(text.body.contains(".invalid/"), "{}", text.body);
        }
    }
    let read = Paylink::open_read_only(&config(seller.folder.path())).unwrap();
    assert!(read.message(link.id, Channel::Sms, None).unwrap().preview, "beside its owner as well");
    assert!(seller.core.qr(link.id).unwrap().size > 20);
}

#[test]
fn nobody_signs_in_or_out_and_no_secret_is_kept() {
    let store = Arc::<MemoryStore>::default();
    let folder = memory_folder();
    // Whoever touches it fails.
    store.lock(true);
    let core = Paylink::open(&config(folder.path()), ports(&store)).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let refused = PaylinkError::Config {
        field: "account".to_owned(),
        reason: "the practice account takes no credentials".to_owned(),
    };
    assert_eq!(runtime.block_on(core.sign_in("client", "secret")).unwrap_err(), refused);
    assert_eq!(core.sign_out().unwrap_err(), refused);
    assert_eq!(core.account().unwrap().paused, None);
}

#[test]
fn a_folder_is_of_one_account_for_ever() {
    let folder = memory_folder();
    let practice = config(folder.path());
    let real = Config {
        account: "P12345678".to_owned(),
        return_url: "https://example.com/thanks".to_owned(),
        seller_name: "Skogens Honning AS".to_owned(),
        offline: true,
        ..practice.clone()
    };
    let open = |config: &Config| Paylink::open(config, ports(&Arc::default()));
    let refuses = |done: Result<Paylink, PaylinkError>| match done {
        Err(PaylinkError::Config { field, .. }) => field == "account",
        _ => false,
    };
    open(&practice).unwrap().close();
    assert!(refuses(open(&real)), "nor is it opened as a real one");
    assert!(refuses(Paylink::open_read_only(&real)));
    open(&practice).unwrap().close();
    let other = Config { data_dir: folder.path().join("real"), ..real.clone() };
    open(&other).unwrap().close();
    let as_practice = Config { account: "practice".to_owned(), ..other.clone() };
    assert!(refuses(open(&as_practice)), "nor a real one as practice");
    assert!(refuses(Paylink::open_read_only(&as_practice)));
    let core = open(&other).unwrap();
    assert!(!core.account().unwrap().practice);
    let skipped = core.practice_skip(Duration::from_secs(60));
    assert!(matches!(skipped, Err(PaylinkError::Config { field, .. }) if field == "account"));
}

#[test]
fn time_can_be_skipped_and_stays_skipped() {
    let seller = Seller::new();
    let link = seller.sell(&ending_in(4));
    seller.core.practice_skip(Duration::from_secs(35)).unwrap();
    seller.pass(3);
    assert_eq!(seller.status(link.id), LinkStatus::Opened);
    let seller = seller.killed();
    seller.core.practice_skip(Duration::from_secs(30)).unwrap();
    seller.pass(3);
    assert_eq!(seller.status(link.id), LinkStatus::Captured);
    let next = seller.sell(&honey());
    seller.pass(6);
    assert_eq!(seller.status(next.id), LinkStatus::Opened, "time goes on as before");
}
