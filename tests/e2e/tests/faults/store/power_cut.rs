//! The power goes at any moment: what was said to be saved is there. Every write, truncation, sync and deletion that
//! the store makes is recorded, and the disk is built again as it stands behind each of them, with nothing, all, or any
//! sectors of what was not synced.

use paylink_core::link::LinkStatus;
use paylink_core::{LinkFilter, OrderId, Page, Paylink};
use paylink_e2e::disk::{Disk, Left, Op, image};
use paylink_e2e::{MemoryStore, Rig, config, honey, open};
use paylink_sandbox::Fault;
use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Nobody answers there, and nobody is asked.
const NOWHERE: &str = "http://127.0.0.1:9";

fn offline(folder: &Path) -> Paylink {
    let core = open(&config(folder, NOWHERE), &Arc::new(MemoryStore::default())).unwrap();
    core.network_changed(false).unwrap();
    core
}

/// What the test had been told when the power went: the last word on each order.
fn told(ops: &[Op]) -> BTreeMap<OrderId, String> {
    let notes = ops.iter().filter_map(|op| if let Op::Note(text) = op { Some(text) } else { None });
    notes.map(|note| note.split_once(' ').unwrap()).map(|(what, id)| (id.parse().unwrap(), what.to_owned())).collect()
}

/// The operations before a cut, without their bytes.
fn log(ops: &[Op], cut: usize) -> Vec<String> {
    let short = |op: &Op| match op {
        Op::Write(name, at, bytes) => format!("write {name} {at}+{}", bytes.len()),
        other => format!("{other:?}"),
    };
    ops[cut.saturating_sub(12)..cut].iter().map(short).collect()
}

/// What was counted over all cuts.
#[derive(Default)]
struct Count {
    cuts: usize,
    images: usize,
    lost: usize,
    damaged: usize,
}

/// Every cut behind every operation. `holds` says what must be true of an order that the test was told of.
fn cut_everywhere(ops: &[Op], holds: impl Fn(&str, LinkStatus) -> bool) -> Count {
    let (mut count, mut seen) = (Count::default(), HashSet::new());
    // What lay on the disk before is one write and one sync of each file.
    let before = ops.iter().take_while(|op| matches!(op, Op::Write(_, 0, _) | Op::Sync(_))).count();
    for cut in before.max(1)..=ops.len() {
        let told = told(&ops[..cut]);
        for left in [Left::Nothing, Left::All, Left::Some(cut as u64), Left::Some(cut as u64 + 7_777)] {
            count.cuts += 1;
            let folder = tempfile::tempdir().unwrap();
            image(&ops[..cut], left, folder.path());
            let mut hasher = DefaultHasher::new();
            ["paylink.db", "paylink.db-wal"].map(|name| std::fs::read(folder.path().join(name)).ok()).hash(&mut hasher);
            told.hash(&mut hasher);
            if !seen.insert(hasher.finish()) {
                continue;
            }
            count.images += 1;
            let core = offline(folder.path());
            let damaged = core.recovered().unwrap();
            count.damaged += usize::from(damaged.is_some());
            if let Some(report) = damaged {
                println!("cut {cut}, left {left:?}, taken for damaged: {report:?}, {:?}", log(ops, cut));
            }
            for (id, what) in &told {
                let kept = core.link(*id).is_ok_and(|link| holds(what, link.status));
                count.lost += usize::from(!kept);
                assert!(kept, "cut {cut} of {}, left {left:?}: {what} {id}: {:?}", ops.len(), core.link(*id));
            }
            let every = core.links(LinkFilter::default(), Page::default()).unwrap();
            let next = core.create(&honey()).unwrap();
            assert!(every.iter().all(|link| link.reference != next.reference), "a reference was given out twice");
            for link in every {
                assert!(!core.timeline(link.id).unwrap().is_empty() && link.amount.minor() == 38_750, "half an order");
            }
        }
    }
    count
}

#[test]
fn an_order_that_was_saved_is_there_after_any_power_cut() {
    saved_is_saved(false);
}

#[test]
fn an_order_that_was_saved_is_there_even_where_a_disk_promises_nothing() {
    saved_is_saved(true);
}

fn saved_is_saved(promises_nothing: bool) {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::under(folder.path());
    disk.record(folder.path());
    if promises_nothing {
        disk.promise_nothing();
    }
    for _ in 0..2 {
        let core = offline(folder.path());
        for cancelled in [false, true] {
            let id = core.create(&honey()).unwrap().id;
            disk.note(format!("created {id}"));
            if cancelled {
                core.cancel(id).unwrap();
                disk.note(format!("cancelled {id}"));
            }
        }
        core.close();
    }
    let ops = disk.ops();
    let count = cut_everywhere(&ops, |what, status| match what {
        "cancelled" => status == LinkStatus::Cancelled,
        // A cancel that was under way may have come through.
        _ => matches!(status, LinkStatus::Queued | LinkStatus::Cancelled),
    });
    println!(
        "store: power cuts while saving: operations {}, cuts {}, different disks {}, lost {}, taken for damaged {}",
        ops.len(),
        count.cuts,
        count.images,
        count.lost,
        count.damaged
    );
    assert_eq!(count.damaged, 0, "a power cut on an honest disk is no damage");
    assert!(count.images > 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_left_is_known_after_any_power_cut_and_so_is_its_link() {
    let rig = Rig::start().await;
    let disk = Disk::under(rig.folder.path());
    let rig = rig.reopened();
    disk.record(rig.folder.path());
    rig.sandbox.inject(Fault::on("POST", "/v1/sessions").delay_before(Duration::from_millis(400)));
    let id = rig.core.create(&honey()).unwrap().id;
    disk.note(format!("created {id}"));
    let deadline = Instant::now() + Duration::from_secs(20);
    while rig.sandbox.count("POST", "/v1/sessions-profile") == 0 {
        assert!(Instant::now() < deadline, "no request");
        std::thread::sleep(Duration::from_millis(1));
    }
    disk.note(format!("sent {id}"));
    rig.until(id, LinkStatus::Open);
    disk.note(format!("open {id}"));
    rig.core.cancel(id).unwrap();
    disk.note(format!("cancelling {id}"));
    rig.until(id, LinkStatus::Cancelled);
    disk.note(format!("cancelled {id}"));
    rig.core.suspend();
    let ops = disk.ops();
    let count = cut_everywhere(&ops, |what, status| match what {
        "created" => true,
        // On the disk before the first byte left: never sent again without a look-up.
        "sent" => !matches!(status, LinkStatus::Queued | LinkStatus::Creating),
        "open" | "cancelling" => matches!(status, LinkStatus::Open | LinkStatus::Cancelled),
        _ => status == LinkStatus::Cancelled,
    });
    println!(
        "store: power cuts during a sale and its cancel: operations {}, cuts {}, different disks {}, lost {}",
        ops.len(),
        count.cuts,
        count.images,
        count.lost
    );
    assert_eq!(count.damaged, 0);
}

#[test]
fn without_synchronous_full_the_same_disk_loses_what_was_saved() {
    let mut found = Vec::new();
    for (level, must_lose) in [("OFF", true), ("NORMAL", true), ("FULL", false)] {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::under(folder.path());
        disk.record(folder.path());
        let db = rusqlite::Connection::open(folder.path().join("paylink.db")).unwrap();
        db.pragma_update(None, "journal_mode", "WAL").unwrap();
        db.pragma_update(None, "synchronous", level).unwrap();
        db.execute_batch("CREATE TABLE orders (n INTEGER)").unwrap();
        let mut saved = Vec::new();
        for n in 1..=5 {
            db.execute("INSERT INTO orders VALUES (?1)", [n]).unwrap();
            saved.push((disk.ops().len(), n));
        }
        let lost = saved.iter().filter(|(cut, n)| {
            let copy = tempfile::tempdir().unwrap();
            image(&disk.ops()[..*cut], Left::Nothing, copy.path());
            let db = rusqlite::Connection::open(copy.path().join("paylink.db")).unwrap();
            let found = db.query_row("SELECT count(*) FROM orders", [], |row| row.get::<_, i64>(0)).unwrap_or(0);
            found < *n
        });
        let lost = lost.count();
        found.push(format!("{level} {lost} of {}", saved.len()));
        assert_eq!(lost > 0, must_lose, "synchronous={level}");
    }
    println!("store: power cuts by synchronous=: lost {}", found.join(", "));
}
