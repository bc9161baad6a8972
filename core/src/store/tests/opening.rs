//! What an opening does with a folder that is not as it was left.

use super::damage::{contents, copy, damage, recover, sound};
use super::*;
use std::time::Instant;

#[test]
fn the_report_waits_until_it_is_acknowledged_and_a_second_one_joins_it() {
    let (closed, _, truth) = sound();
    let folder = copy(&closed);
    damage(&folder.path().join(FILE), |bytes| bytes[..16].fill(0));
    recover(folder.path(), &truth, "first");
    damage(&folder.path().join(FILE), |bytes| bytes[..16].fill(0));
    let store = open_store(folder.path()).unwrap();
    let report = store.read(recovery::report).unwrap().unwrap();
    assert_eq!(report.quarantined_files.len(), 2, "{report:?}");
    assert!(report.quarantined_files.iter().all(|file| folder.path().join(file).exists()));
    store.write(recovery::acknowledge).unwrap();
    drop(store);
    assert_eq!(open_store(folder.path()).unwrap().read(recovery::report).unwrap(), None);
}

#[test]
fn a_recovery_that_is_cut_off_is_taken_up_again() {
    let (closed, _, truth) = sound();
    let folder = copy(&closed);
    let path = |name: &str| folder.path().join(name);
    damage(&path(FILE), |bytes| bytes[..16].fill(0));
    let damaged = std::fs::read(path(FILE)).unwrap();
    // Cut off before the renaming, after it, and while the new database was being built.
    let plan = r#"{"at":77,"moved":[""],"log_complete":true}"#;
    std::fs::write(path("paylink.recovering"), plan).unwrap();
    assert_eq!(recover(folder.path(), &truth, "planned").lost, 0);
    let aside = path("paylink.db.corrupt-77");
    assert_eq!(std::fs::read(&aside).unwrap(), damaged);
    std::fs::write(path("paylink.recovering"), plan).unwrap();
    let store = open_store(folder.path()).unwrap();
    assert_eq!(
        store.read(|db| orders::page(db, None, provider(0), 0, 10_000)).unwrap().len(),
        truth.len(),
        "put in place"
    );
    drop(store);
    std::fs::remove_file(path(FILE)).unwrap();
    std::fs::write(path("paylink.recovering"), plan).unwrap();
    std::fs::write(path("paylink.fresh"), &damaged[..8192]).unwrap();
    assert_eq!(recover(folder.path(), &truth, "half built").lost, 0);
    assert!(
        !path("paylink.recovering").exists() && !path("paylink.fresh").exists() && !path("paylink.salvage").exists()
    );
    assert_eq!(std::fs::read(&aside).unwrap(), damaged);
}

#[test]
fn a_database_that_vanished_is_said() {
    let (closed, _, _) = sound();
    for empty in [false, true] {
        let folder = copy(&closed);
        std::fs::remove_file(folder.path().join(FILE)).unwrap();
        if empty {
            std::fs::write(folder.path().join(FILE), "").unwrap();
        }
        let store = open_store(folder.path()).unwrap();
        let report = store.read(recovery::report).unwrap().unwrap();
        assert_eq!((report.orders_salvaged, report.lost), (0, None));
    }
}

#[test]
fn a_full_or_failing_disk_is_no_damage() {
    let (closed, _, _) = sound();
    let folder = copy(&closed);
    std::fs::remove_file(folder.path().join(FILE)).unwrap();
    std::fs::create_dir(folder.path().join(FILE)).unwrap();
    let opened = open_store(folder.path()).map(|_| ());
    assert!(!matches!(storage_kind(opened), StorageKind::Corrupt | StorageKind::NewerVersion));
    assert!(folder.path().join(FILE).is_dir(), "nothing was moved aside");
}

#[test]
fn a_newer_version_is_refused_untouched() {
    let (closed, _, _) = sound();
    let folder = copy(&closed);
    let newer = rusqlite::Connection::open(folder.path().join(FILE)).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let before = contents(folder.path());
    assert_eq!(storage_kind(open_store(folder.path()).map(|_| ())), StorageKind::NewerVersion);
    assert_eq!(contents(folder.path())[FILE], before[FILE]);
}

#[test]
fn what_the_checks_cost_at_ten_thousand_orders() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let fill = |db: &Transaction<'_>| {
        for n in 0..10_000 {
            let order = order(&format!("A-{n}"));
            orders::insert(db, &order)?;
            entries::save(db, &mut Entry::new(entry_id(), order.id, Operation::Create, "{}".to_owned(), phone(1_000)))?;
            let event = |k: i64| NewEvent::once(EventKind::Saved, &k.to_string(), provider(1_000));
            events::append(db, order.id, &[event(1), event(2), event(3), event(4)])?;
        }
        Ok(())
    };
    store.write(fill).unwrap();
    let timed = |work: fn(&Connection) -> StoreResult<()>| {
        let at = Instant::now();
        store.read(work).unwrap();
        at.elapsed()
    };
    let (pages, full) = (timed(check_pages), timed(check_full));
    store.close();
    let size = std::fs::metadata(folder.path().join(FILE)).unwrap().len() / 1_048_576;
    let at = Instant::now();
    let store = open_store(folder.path()).unwrap();
    let clean = at.elapsed();
    println!("checks at 10000 orders, {size} MB: clean open {clean:?}, pages {pages:?}, full {full:?}");
    drop(store);
}
