//! Goods and customers cost a sale nothing: they are written in its own transaction, and heard of with its link.

use paylink_core::account::{Config, LinkListener};
use paylink_core::catalogue::ItemDraft;
use paylink_core::order::Draft;
use paylink_core::{Moments, OrderId, Paylink, PaylinkError};
use paylink_e2e::{MemoryStore, config, open};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

#[derive(Default)]
struct Commits(AtomicUsize);

impl Moments for Commits {
    fn before_commit(&self) {}
    fn after_commit(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// How often the catalogue changed.
#[derive(Default)]
struct Ear(AtomicUsize);

impl LinkListener for Ear {
    fn on_change(&self, _: OrderId, _: i64) {}
    fn on_catalogue_change(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

fn candle() -> ItemDraft {
    ItemDraft { description: "Bivokslys".to_owned(), unit_price: "89,50".to_owned(), ..ItemDraft::default() }
}

fn core(folder: &std::path::Path, commits: &Arc<Commits>) -> Paylink {
    let moments = Arc::clone(commits) as Arc<dyn Moments>;
    let config = Config { offline: true, moments: Some(moments), ..config(folder, "http://127.0.0.1:9") };
    let secure = Arc::new(MemoryStore::signed_in(&config.account));
    open(&config, &secure).unwrap()
}

#[test]
fn a_sale_of_goods_to_a_customer_commits_as_often_as_any() {
    let folder = tempfile::tempdir().unwrap();
    let commits = Arc::new(Commits::default());
    let core = core(folder.path(), &commits);
    let line = core.save_item(&candle()).unwrap().line;
    let cost = |draft: &Draft| {
        let before = commits.0.load(Ordering::SeqCst);
        core.create(draft).unwrap();
        commits.0.load(Ordering::SeqCst) - before
    };
    let plain = cost(&Draft { amount: "149".to_owned(), ..Draft::default() });
    let to_kari =
        Draft { items: vec![line], name: "Kari Nordmann".to_owned(), phone: "47465724".to_owned(), ..Draft::default() };
    assert_eq!([cost(&to_kari), cost(&to_kari)], [plain; 2], "new, and known");
    assert_eq!(core.items().unwrap()[0].sold, 2);
    assert_eq!(core.recent_customers(9).unwrap()[0].orders, 2);
}

#[test]
fn each_change_of_the_catalogue_is_heard_and_no_refusal_is() {
    let folder = tempfile::tempdir().unwrap();
    let core = core(folder.path(), &Arc::default());
    let ear = Arc::new(Ear::default());
    let _subscription = core.subscribe(ear.clone());
    let id = core.save_item(&candle()).unwrap().id.to_string();
    core.move_item(&id, None).unwrap();
    core.import_items(&[candle()]).unwrap();
    assert!(core.save_item(&ItemDraft::default()).is_err());
    assert!(core.forget_customer("nobody").is_err());
    core.remove_item(&id).unwrap();
    assert!(core.remove_item(&id).is_err());
    let deadline = Instant::now() + Duration::from_secs(10);
    while ear.0.load(Ordering::SeqCst) < 4 && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(ear.0.load(Ordering::SeqCst), 4);
}

#[test]
fn who_only_reads_sees_goods_and_customers_and_changes_none() {
    let folder = tempfile::tempdir().unwrap();
    let owner = core(folder.path(), &Arc::default());
    let id = owner.save_item(&candle()).unwrap().id.to_string();
    owner.create(&Draft { amount: "149".to_owned(), phone: "47465724".to_owned(), ..Draft::default() }).unwrap();
    let reader = Paylink::open_read_only(&config(folder.path(), "http://127.0.0.1:9")).unwrap();
    assert_eq!(reader.items().unwrap().len(), 1);
    assert_eq!(reader.search_customers("4746").unwrap().len(), 1);
    assert!(reader.export_items().unwrap().contains("Bivokslys"));
    assert_eq!(reader.read_items(b"Lys;89").unwrap().items.len(), 1);
    assert_eq!(reader.remove_item(&id), Err(PaylinkError::InUse));
    assert_eq!(reader.save_item(&candle()), Err(PaylinkError::InUse));
}
