//! The practice account, as a shell has it: the same façade, outbox, look-ups and events as a real one, and nothing of it
//! leaves the phone. In virtual time.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use paylink_core::account::{Config, Ports, SecureStore};
use paylink_core::clock::Clock;
use paylink_core::gateway::{Carried, CarriedReply, Transport};
use paylink_core::link::{Action, Delivered, EventKind, LinkStatus, PaymentLink};
use paylink_core::message::{Channel, Language};
use paylink_core::order::Draft;
use paylink_core::{LinkFilter, Moments, OrderId, Page, Paylink, PaylinkError};
use paylink_e2e::model::{PhoneClock, START_MS};
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
