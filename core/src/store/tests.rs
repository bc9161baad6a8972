//! The store alone: durable, exclusive, and honest about a disk that fails.

use super::file::paths::FILE;
use super::file::{check_full, check_pages, schema};
use super::rows::*;
use super::*;
use crate::clock::{PhoneTime, ProviderTime, SystemClock};
use crate::error::{PaylinkError, StorageKind};
use crate::id::{EntryId, OrderId, new_tag};
use crate::link::{EventKind, NewEvent};
use crate::message::Language;
use crate::money::{Amount, Currency, Quantity, VatRate};
use crate::order::{AddressMode, Capture, Delivery, Draft, Expiry, Order, Rules, parse};
use jiff::civil::date;
use std::collections::HashSet;
use tempfile::TempDir;

mod buyers;
mod damage;
mod lists;
mod migrations;
mod newer;
mod opening;
mod planted;

fn phone(ms: i64) -> PhoneTime {
    PhoneTime::from_ms(ms)
}

fn provider(ms: i64) -> ProviderTime {
    ProviderTime::from_ms(ms)
}

fn moment(ms: i64) -> Moment {
    Moment { phone: phone(ms), provider: provider(ms) }
}

fn open_store(folder: &Path) -> StoreResult<Store> {
    Store::open(&DirectoryLock::take(folder)?, None, &Abort::default())
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn order(reference: &str) -> Order {
    let rules = Rules {
        region: crate::money::Region::Norway,
        today: date(2026, 11, 24),
        currency: Currency::NOK,
        vat: VatRate::from_hundredths(2500).unwrap(),
        expiry: Expiry::Week,
        capture: Capture::Auto,
        address: AddressMode::Known,
        delivery: Delivery::Copy,
        language: Language::Nb,
        offered: None,
    };
    let sale = parse(&Draft { amount: "149".to_owned(), ..Draft::default() }, &rules).unwrap();
    Order {
        id: OrderId::generate(&SystemClock::default()),
        reference: reference.to_owned(),
        created_at: phone(1_000),
        sale,
    }
}

fn entry_id() -> EntryId {
    EntryId::generate(&SystemClock::default())
}

/// Saves an order the way a sale does.
fn save(store: &Store, reference: &str) -> StoreResult<(OrderId, Entry)> {
    let order = order(reference);
    let entry = Entry::new(entry_id(), order.id, Operation::Create, "{}".to_owned(), phone(1_000));
    store.write_announced(move |db, announced| {
        let (id, mut entry) = (order.id, entry);
        orders::insert(db, &order)?;
        entries::save(db, &mut entry)?;
        LinkChange::run(db, announced, id, moment(1_000), |change| {
            change.tell(NewEvent::once(EventKind::Saved, &id.to_string(), provider(1_000)));
            Ok(())
        })?;
        Ok((id, entry))
    })
}

fn storage_kind<T: std::fmt::Debug>(result: StoreResult<T>) -> StorageKind {
    match PaylinkError::from(result.unwrap_err()) {
        PaylinkError::Storage { kind, .. } => kind,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_call_that_panics_saves_nothing_and_the_next_one_works() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let order = order("A-1");
    let broken: StoreResult<()> = store.write(move |db| {
        orders::insert(db, &order)?;
        panic!("a defect, about Kari Nordmann");
    });
    let PaylinkError::Internal { reason } = PaylinkError::from(broken.unwrap_err()) else { panic!("another error") };
    assert!(!reason.contains("Kari"));
    assert!(matches!(store.read(|_| -> StoreResult<()> { panic!("a defect") }), Err(StoreError::Panicked)));
    assert!(!store.read(|db| orders::has_reference(db, "A-1")).unwrap());
    save(&store, "A-1").unwrap();
}

#[test]
fn what_was_written_is_there_after_closing_and_opening() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let (id, entry) = save(&store, "A-1").unwrap();
    store.close();
    assert!(matches!(store.read(|_| Ok(())), Err(StoreError::Closed)));
    let store = open_store(folder.path()).unwrap();
    let record = store.read(move |db| links::record(db, id)).unwrap();
    assert_eq!(record.order.reference, "A-1");
    assert_eq!(record.order.sale.items[0].quantity, Quantity::ONE);
    assert_eq!(record.order.sale.total, Amount::new(14_900, Currency::NOK));
    assert_eq!((record.order.sale.delivery, record.order.sale.address), (Delivery::Copy, AddressMode::Known));
    assert_eq!(record.entries, [entry]);
}

#[test]
fn a_transaction_that_fails_leaves_nothing() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    save(&store, "A-1").unwrap();
    assert!(save(&store, "A-1").is_err(), "the reference is taken");
    let counts =
        store.read(|db| Ok((orders::page(db, None, provider(0), 0, 10)?.len(), entries::count_open(db)?))).unwrap();
    assert_eq!(counts, (1, vec![(EntryState::Queued, 1)]));
}

#[test]
fn a_full_disk_is_said_and_what_was_saved_stays() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let (id, _) = save(&store, "A-1").unwrap();
    store
        .read(|db| {
            let pages: i64 = db.pragma_query_value(None, "page_count", |row| row.get(0))?;
            db.pragma_update(None, "max_page_count", pages)?;
            Ok(())
        })
        .unwrap();
    let full = (0..500).map(|n| save(&store, &format!("B-{n}"))).find(Result::is_err).unwrap();
    assert_eq!(storage_kind(full), StorageKind::Full);
    assert_eq!(store.read(move |db| links::record(db, id)).unwrap().order.reference, "A-1");
}

#[test]
fn a_file_that_may_not_be_written_is_said() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    save(&store, "A-1").unwrap();
    store.close();
    let store = Store::open_read_only(folder.path()).unwrap();
    assert_eq!(store.read(|db| orders::page(db, None, provider(0), 0, 10)).unwrap().len(), 1);
    assert_eq!(storage_kind(save(&store, "A-2")), StorageKind::ReadOnly);
}

#[test]
fn a_file_that_is_not_ours_is_refused_untouched() {
    for content in [&b"this is a letter, not a database; it goes on for more than a hundred bytes so that it has a header's length ......"[..], b""] {
        let folder = folder();
        let path = folder.path().join(FILE);
        std::fs::write(&path, content).unwrap();
        let opened = open_store(folder.path()).map(|_| ());
        if content.is_empty() {
            assert!(opened.is_ok(), "an empty file is a new database");
        } else {
            assert_eq!(storage_kind(opened), StorageKind::Corrupt);
            assert_eq!(std::fs::read(&path).unwrap(), content);
        }
    }
    let folder = folder();
    let other = rusqlite::Connection::open(folder.path().join(FILE)).unwrap();
    other.execute_batch("CREATE TABLE songs (title TEXT)").unwrap();
    drop(other);
    assert_eq!(storage_kind(open_store(folder.path()).map(|_| ())), StorageKind::Corrupt);
}

#[test]
fn the_lock_is_exclusive_and_given_back() {
    let folder = folder();
    let first = DirectoryLock::take(folder.path()).unwrap();
    assert_eq!(DirectoryLock::take(folder.path()).err(), Some(PaylinkError::InUse));
    drop(first);
    assert!(DirectoryLock::take(folder.path()).is_ok());
}

#[test]
fn entries_are_due_by_time_and_at_once_after_the_clock_was_set_back() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let (first, mut entry) = save(&store, "A-1").unwrap();
    let (second, _) = save(&store, "A-2").unwrap();
    entry.state = EntryState::Waiting;
    entry.wait(phone(1_000), 60_000);
    // A later operation on the first order waits for the earlier one.
    let mut later = Entry::new(entry_id(), first, Operation::Cancel, "{}".to_owned(), phone(1_001));
    store
        .write(move |db| {
            entries::save(db, &mut entry)?;
            entries::save(db, &mut later)
        })
        .unwrap();
    let due = |now| {
        let due = store.read(move |db| entries::due(db, phone(now), entries::Allowed::ALL, 10)).unwrap();
        due.into_iter().map(|entry| (entry.order, entry.operation)).collect::<HashSet<_>>()
    };
    assert_eq!(due(1_000), HashSet::from([(second, Operation::Create)]));
    assert_eq!(due(61_000), HashSet::from([(first, Operation::Create), (second, Operation::Create)]));
    let set_back = due(-10_000_000);
    assert!(set_back.contains(&(first, Operation::Create)), "further away than its wait: the clock was set back");
}

#[test]
fn what_was_asked_of_an_order_is_done_in_sequence_by_any_clock() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let (order, create) = save(&store, "A-1").unwrap();
    // The phone's clock was set back between the sale and the wish to cancel it.
    let mut cancel = Entry::new(entry_id(), order, Operation::Cancel, "{}".to_owned(), phone(400));
    let id = cancel.id;
    store.write(move |db| entries::save(db, &mut cancel)).unwrap();
    let due: Vec<EntryId> = store
        .read(|db| entries::due(db, phone(2_000), entries::Allowed::ALL, 10))
        .unwrap()
        .iter()
        .map(|due| due.entry)
        .collect();
    assert_eq!(due, [create.id]);
    let of_order = store.read(move |db| entries::of_order(db, order)).unwrap();
    assert_eq!(of_order.iter().map(|entry| entry.id).collect::<Vec<_>>(), [create.id, id]);
}

#[test]
fn what_was_being_sent_when_the_process_died_may_have_arrived() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let (id, mut entry) = save(&store, "A-1").unwrap();
    entry.state = EntryState::Sending;
    store.write(move |db| entries::save(db, &mut entry)).unwrap();
    assert_eq!(store.write(|db| entries::interrupted(db, phone(5))).unwrap(), [id]);
    let entry = store.read(move |db| links::record(db, id)).unwrap().entries.remove(0);
    assert_eq!((entry.state, entry.unclear), (EntryState::Unknown, true));
}

#[test]
fn an_event_is_stored_once_per_key_and_cursors_grow() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let (id, _) = save(&store, "A-1").unwrap();
    let opened = |at: i64| NewEvent::once(EventKind::Opened, "session", provider(at));
    let first = store.write(move |db| events::append(db, id, &[opened(5)])).unwrap();
    let again = store.write(move |db| events::append(db, id, &[opened(9)])).unwrap();
    assert_eq!((first.len(), again.len()), (1, 0));
    let timeline = store.read(move |db| events::of_order(db, id)).unwrap();
    assert_eq!(
        timeline.iter().map(|event| (event.kind.known().unwrap(), event.at)).collect::<Vec<_>>(),
        [(EventKind::Saved, 1_000), (EventKind::Opened, 1_000)],
        "the provider counts whole seconds: no line is older than the one above it by that"
    );
}

#[test]
fn references_go_on_after_a_restart_and_differ_between_databases() {
    let (one, two) = (folder(), folder());
    let next = |folder: &TempDir| {
        let store = open_store(folder.path()).unwrap();
        store.write(|db| meta::next_reference(db, "HON", || new_tag(&SystemClock::default()))).unwrap()
    };
    let (first, second, other) = (next(&one), next(&one), next(&two));
    assert_eq!(first.rsplit_once('-').map(|(tag, _)| tag), second.rsplit_once('-').map(|(tag, _)| tag));
    assert!(first.ends_with("-1") && second.ends_with("-2") && other.ends_with("-1"));
    assert_ne!(first, other);
}

#[test]
fn many_threads_share_the_one_connection() {
    let folder = folder();
    let store = std::sync::Arc::new(open_store(folder.path()).unwrap());
    let threads: Vec<_> = (0..8)
        .map(|thread| {
            let store = std::sync::Arc::clone(&store);
            std::thread::spawn(move || (0..10).for_each(|n| drop(save(&store, &format!("{thread}-{n}")).unwrap())))
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(store.read(|db| orders::page(db, None, provider(0), 0, 1_000)).unwrap().len(), 80);
}

#[test]
fn what_was_decided_about_one_revision_is_not_written_over_another() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let (id, mut seen) = save(&store, "A-1").unwrap();
    store
        .change(id, moment(2_000), |change| {
            let entry = change.record().entries[0].clone();
            change.save_entry(Entry { state: EntryState::Superseded, ..entry })
        })
        .unwrap();
    seen.state = EntryState::Waiting;
    assert!(matches!(store.write(move |db| entries::save(db, &mut seen)), Err(StoreError::Moved)));
    let record = store.read(move |db| links::record(db, id)).unwrap();
    assert_eq!(record.entries[0].state, EntryState::Superseded);
}

#[test]
fn the_counter_skips_a_reference_that_is_taken_and_writes_it_down() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let next = || store.write(|db| meta::next_reference(db, "", || "7K3M".to_owned())).unwrap();
    assert_eq!(next(), "7K3M-1");
    save(&store, "7K3M-2").unwrap();
    save(&store, "7K3M-3").unwrap();
    assert_eq!((next(), next()), ("7K3M-4".to_owned(), "7K3M-5".to_owned()));
    assert_eq!(store.read(meta::skipped_numbers).unwrap(), [2, 3]);
}

#[test]
fn acknowledging_what_was_never_told_hides_nothing_that_comes() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    save(&store, "A-1").unwrap();
    store.write(|db| events::acknowledge(db, 1_000)).unwrap();
    assert_eq!(store.read(events::acknowledged).unwrap(), 1);
}

#[test]
fn changes_are_announced_after_their_commit_in_order() {
    let folder = folder();
    let (tell, told) = mpsc::channel();
    let hears: Hears = Arc::new(move |one| {
        let _ = tell.send(one);
    });
    let store = Store::open(&DirectoryLock::take(folder.path()).unwrap(), Some(hears), &Abort::default()).unwrap();
    let (id, _) = save(&store, "A-1").unwrap();
    let refused: StoreResult<()> = store.change(id, moment(2_000), |change| {
        change.tell(NewEvent::once(EventKind::Opened, "session", provider(2_000)));
        Err(StoreError::Moved)
    });
    assert!(refused.is_err());
    store
        .change(id, moment(3_000), |change| {
            let entry = change.record().entries[0].clone();
            change.save_entry(Entry { attempts: 7, ..entry })
        })
        .unwrap();
    store.change(id, moment(4_000), |_| Ok(())).unwrap();
    let told: Vec<_> = told.try_iter().map(|one| (one.link, one.cursor)).collect();
    assert_eq!(
        told,
        [(id, 1), (id, 1)],
        "the sale, and the attempts; neither what was refused nor what changed nothing"
    );
}

#[test]
fn closing_breaks_off_a_read_that_takes_long() {
    let folder = folder();
    let store = Arc::new(open_store(folder.path()).unwrap());
    let (begun, begins) = mpsc::channel();
    let reading = Arc::clone(&store);
    let reader = std::thread::spawn(move || {
        reading.read(move |db| {
            let _ = begun.send(());
            let endless = "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
            Ok(db.query_row(endless, [], |row| row.get::<_, i64>(0))?)
        })
    });
    begins.recv().unwrap();
    store.close_by(Instant::now() + Duration::from_millis(50));
    assert!(matches!(reader.join().unwrap(), Err(StoreError::Closed)));
    drop(open_store(folder.path()).unwrap());
}
