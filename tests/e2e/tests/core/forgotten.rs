//! A customer who is forgotten is in no file any more, and what was sold stays. Nobody is forgotten whom an order needs.

use paylink_core::account::Config;
use paylink_core::catalogue::{ItemDraft, KnownCustomer};
use paylink_core::link::LinkStatus;
use paylink_core::order::{Draft, DraftItem};
use paylink_core::{LinkFilter, OrderId, Page, Paylink, PaylinkError};
use paylink_e2e::desk::Desk;
use paylink_e2e::{MemoryStore, config, honey, open};
use paylink_sandbox::Fault;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

const DAY: i64 = 24 * 3_600_000;

fn to_kari() -> Draft {
    Draft {
        name: "Kari Bøe Nordmann".to_owned(),
        phone: "474 65 724".to_owned(),
        email: "Kari.Boe@Example.com".to_owned(),
        address_line: "Ærfuglveien 17".to_owned(),
        postal_code: "0155".to_owned(),
        city: "Oslo".to_owned(),
        ..honey()
    }
}

/// What Kari can be told by, in each form that the core makes of it.
const KARI: [&str; 9] = [
    "Kari Bøe",
    "kari bøe",
    "4747465724",
    "47465724",
    "Kari.Boe@",
    "kari.boe@",
    "Ærfuglveien",
    "ærfuglveien",
    "boe@example",
];

fn to_ola() -> Draft {
    Draft { name: "Ola Hansen".to_owned(), phone: "400 00 000".to_owned(), ..honey() }
}

/// Which of these a file of the folder has, and which file.
fn found(folder: &Path, texts: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        let bytes = std::fs::read(file.path()).unwrap();
        for text in texts {
            if bytes.windows(text.len()).any(|window| window == text.as_bytes()) {
                found.push((file.file_name().into_string().unwrap(), (*text).to_owned()));
            }
        }
    }
    found
}

fn kari(core: &Paylink) -> KnownCustomer {
    core.search_customers("kari").unwrap().into_iter().next().expect("Kari is known")
}

fn paid(desk: &Desk, draft: &Draft) -> OrderId {
    let id = desk.sell(draft);
    desk.pay(&desk.session(id));
    desk.live(60_000);
    assert_eq!(desk.status(id), LinkStatus::Captured);
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_forgotten_is_in_no_file_and_what_was_sold_stays() {
    let desk = Desk::open(|_| {}).await;
    let id = paid(&desk, &to_kari());
    paid(&desk, &to_ola());
    paid(&desk, &to_kari());
    let before = desk.link(id);
    let folder = desk.config.data_dir.clone();
    assert!(!found(&folder, &KARI).is_empty(), "the test can find what is there");

    let forgotten = desk.core.forget_customer(&kari(&desk.core).id.to_string()).unwrap();
    assert_eq!(forgotten.references.len(), 2);
    assert!(forgotten.references.contains(&before.reference));
    assert_eq!(found(&folder, &KARI), [], "while the core is open");
    let after = desk.link(id);
    assert_eq!((after.amount, after.captured, &after.reference), (before.amount, before.captured, &before.reference));
    assert_eq!((after.status, after.customer.phone, after.customer.name), (before.status, None, None));
    assert_eq!(desk.core.detail(id).unwrap().items.len(), 2);
    for typed in ["kari", "47465724", "boe@example.com"] {
        assert_eq!(desk.core.search(typed).unwrap(), [], "{typed}");
        assert_eq!(desk.core.search_customers(typed).unwrap(), [], "{typed}");
    }
    assert_eq!(desk.core.search("honning").unwrap().len(), 3);
    assert_eq!(desk.core.search_customers("ola").unwrap().len(), 1);
    let again = desk.core.forget_customer(&forgotten.references[0]);
    assert_eq!(again.unwrap_err(), PaylinkError::NotFound { what: "customer".to_owned() });

    // A process that dies right then finds a sound database, and nothing of her.
    let desk = desk.died();
    assert_eq!(desk.core.recovered().unwrap(), None);
    assert_eq!(desk.link(id).captured, before.captured);
    desk.core.close();
    assert_eq!(found(&folder, &KARI), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_provider_said_of_somebody_is_forgotten_too() {
    let desk = Desk::open(|_| {}).await;
    let words =
        json!({"error": {"code": "BAD", "errors": [], "message": "+4747465724 of Kari Bøe Nordmann is refused"}});
    desk.sandbox.inject(Fault::on("POST", "/v1/sessions").about("47465724").answer(400).json(&words).always());
    let id = desk.sell(&Draft { delivery: "sms".to_owned(), ..to_kari() });
    assert_eq!(desk.status(id), LinkStatus::NeedsAttention);
    assert!(desk.link(id).reason.unwrap().detail.unwrap().contains("Kari"));
    let kari = kari(&desk.core).id.to_string();
    let needed = desk.core.forget_customer(&kari).unwrap_err();
    assert_eq!(needed, PaylinkError::StillNeeded { references: vec![desk.link(id).reference] });
    desk.core.discard(id).unwrap();
    desk.core.forget_customer(&kari).unwrap();
    assert_eq!(found(&desk.config.data_dir, &KARI), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_forgotten_whom_an_order_needs() {
    let desk = Desk::open(|_| {}).await;
    let done = paid(&desk, &to_kari());
    let open = desk.sell(&to_kari());
    let waits = desk.core.create(&to_kari()).unwrap().id;
    let kari = kari(&desk.core).id.to_string();
    let PaylinkError::StillNeeded { references } = desk.core.forget_customer(&kari).unwrap_err() else {
        panic!("another error")
    };
    assert_eq!(references, [open, waits].map(|id| desk.link(id).reference));
    assert_eq!(desk.link(done).customer.name.as_deref(), Some("Kari Bøe Nordmann"), "all or nothing");
    desk.core.cancel(waits).unwrap();
    desk.core.cancel(open).unwrap();
    assert!(desk.core.forget_customer(&kari).is_err(), "the cancel is under way");
    desk.work();
    desk.core.forget_customer(&kari).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn contact_data_go_by_themselves_when_their_time_has_come() {
    let desk = Desk::with(0, |_| {}, |config| config.erase_contacts_after_days = 30).await;
    let id = paid(&desk, &to_kari());
    let open = desk.sell(&Draft { expiry: "1m".to_owned(), ..to_ola() });
    desk.pass(29 * DAY);
    assert_eq!(desk.core.recent_customers(9).unwrap().len(), 2);
    desk.pass(2 * DAY);
    assert_eq!(desk.link(id).customer.phone, None);
    assert_eq!(found(&desk.config.data_dir, &["4747465724", "kari bøe"]), []);
    assert!(desk.link(open).customer.phone.is_some(), "it has expired only just now");
    desk.pass(20 * DAY);
    assert!(desk.link(open).customer.phone.is_some());
    desk.pass(11 * DAY);
    assert_eq!(desk.core.recent_customers(9).unwrap(), []);
    assert_eq!(desk.core.links(LinkFilter::default(), Page::default()).unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_needed_is_not_forgotten_by_time() {
    let desk = Desk::with(0, |_| {}, |config| config.erase_contacts_after_days = 1).await;
    desk.core.network_changed(false).unwrap();
    let waits = desk.core.create(&to_kari()).unwrap().id;
    for _ in 0..5 {
        desk.pass(2 * DAY);
    }
    assert!(desk.link(waits).customer.phone.is_some());
    desk.core.discard(waits).or_else(|_| desk.core.cancel(waits)).unwrap();
    desk.pass(DAY / 2);
    assert!(desk.link(waits).customer.phone.is_some());
    desk.pass(2 * DAY);
    assert_eq!(desk.link(waits).customer.phone, None);
}

fn offline(folder: &TempDir) -> (Config, Arc<MemoryStore>) {
    let config = Config { offline: true, ..config(folder.path(), "http://127.0.0.1:9") };
    let secure = Arc::new(MemoryStore::signed_in(&config.account));
    (config, secure)
}

#[test]
fn files_set_aside_are_named_and_deleted_when_somebody_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (config, secure) = offline(&folder);
    let core = open(&config, &secure).unwrap();
    let id = core.create(&to_kari()).unwrap().id;
    core.save_item(&ItemDraft {
        description: "Honning".to_owned(),
        unit_price: "149".to_owned(),
        ..ItemDraft::default()
    })
    .unwrap();
    let before = kari(&core);
    core.close();
    let path = folder.path().join("paylink.db");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[..16].fill(0);
    std::fs::write(&path, bytes).unwrap();

    let core = open(&config, &secure).unwrap();
    let report = core.recovered().unwrap().expect("it was damaged");
    assert_eq!(kari(&core), before, "customers are salvaged with their identity");
    assert_eq!(core.items().unwrap().len(), 1, "and so are goods");
    core.discard(id).or_else(|_| core.cancel(id)).unwrap();
    let forgotten = core.forget_customer(&before.id.to_string()).unwrap();
    assert_eq!(forgotten.set_aside_files, report.quarantined_files);
    assert!(!found(folder.path(), &KARI).is_empty(), "in what was set aside");
    assert_eq!(core.delete_set_aside().unwrap(), report.quarantined_files);
    assert_eq!(found(folder.path(), &KARI), []);
    assert_eq!(core.delete_set_aside().unwrap(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn files_set_aside_go_by_themselves_once_they_are_known_and_old() {
    let desk = Desk::open(|_| {}).await;
    let folder = desk.config.data_dir.clone();
    let name = |at: i64| folder.join(format!("paylink.db.corrupt-{at}"));
    let (old, young) = (name(paylink_e2e::clock::START_MS), name(paylink_e2e::clock::START_MS + 20 * DAY));
    std::fs::write(&old, "Kari").unwrap();
    std::fs::write(&young, "Kari").unwrap();
    desk.pass(31 * DAY);
    assert!(!old.exists() && young.exists());
    desk.pass(20 * DAY);
    assert!(!young.exists());
}

#[test]
fn many_rows_that_moved_about_leave_nothing_of_who_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let (config, secure) = offline(&folder);
    let core = open(&config, &secure).unwrap();
    let mut karis = Vec::new();
    for n in 0..300 {
        let line =
            DraftItem { description: "x".repeat(n % 190 + 1), unit_price: "1".to_owned(), ..DraftItem::default() };
        let who = if n % 7 == 0 {
            to_kari()
        } else {
            Draft { phone: format!("400 00 {n:03}"), name: format!("Ola Hansen {n}"), ..Draft::default() }
        };
        let id = core.create(&Draft { items: vec![line], amount: String::new(), ..who }).unwrap().id;
        if n % 7 == 0 {
            karis.push(id);
        }
    }
    for id in &karis {
        core.cancel(*id).unwrap();
    }
    let forgotten = core.forget_customer(&kari(&core).id.to_string()).unwrap();
    assert_eq!(forgotten.references.len(), karis.len());
    assert_eq!(found(folder.path(), &KARI), []);
    assert_eq!(core.search_customers("hansen").unwrap().len(), 50);
    core.close();
    assert_eq!(found(folder.path(), &KARI), []);
}
