//! The database: saving a sale, opening 10,000 orders, showing the first of them. Beside each stands SQLite alone, with
//! the same tables, the same settings and the rows that the core has written.

use criterion::Criterion;
use paylink_core::{LinkFilter, Page, Paylink};
use paylink_e2e::{MemoryStore, config, honey, open};
use rusqlite::{Connection, OpenFlags, params};
use serde_json::Value;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A seller with thirty sales a day after a year.
const ORDERS: u32 = 10_000;
/// When nothing is measured.
const FEW: u32 = 60;

/// The newest version of the tables, without what a migration does besides.
const TABLES: &str = concat!(
    include_str!("../../../../core/src/store/file/migrations/0001.sql"),
    include_str!("../../../../core/src/store/file/migrations/0002.sql"),
    include_str!("../../../../core/src/store/file/migrations/0003.sql")
);

fn core(folder: &Path) -> Paylink {
    open(&config(folder, "http://127.0.0.1:9"), &Arc::new(MemoryStore::default())).unwrap()
}

pub fn bench(criterion: &mut Criterion) {
    let folder = crate::folder();
    let orders = if crate::measured() { ORDERS } else { FEW };
    let core = core(folder.path());
    core.network_changed(false).unwrap();
    create(criterion, &core);
    let begun = Instant::now();
    while core.pending().unwrap().queued < orders {
        (0..FEW).for_each(|_| drop(core.create(&honey()).unwrap()));
    }
    println!("{} orders, {:.1} s for the last of them", core.pending().unwrap().queued, begun.elapsed().as_secs_f32());
    list(criterion, &core, folder.path());
    core.close();
    start(criterion, folder.path());
}

/// One sale: the core checks it, gives it a reference, saves order, entry and event, and reads the link back.
fn create(criterion: &mut Criterion, core: &Paylink) {
    let folder = crate::folder();
    let mut raw = connect(&folder.path().join("raw.db"), OpenFlags::default());
    raw.execute_batch(TABLES).unwrap();
    let sale = core.create(&honey()).unwrap();
    let mut number = 0;

    let mut group = criterion.benchmark_group("create");
    group.bench_function("paylink", |bench| bench.iter(|| core.create(black_box(&honey())).unwrap()));
    group.bench_function("sqlite", |bench| {
        bench.iter(|| {
            number += 1;
            insert(&mut raw, number, &sale.reference);
        });
    });
    group.finish();
}

/// The three rows of a sale, in one transaction.
fn insert(db: &mut Connection, number: u64, reference: &str) {
    let (id, reference) = (format!("01996d2e-6b2f-7000-8000-{number:012x}"), format!("{reference}-{number}"));
    // As long as the order of this bench is in the core's own table.
    let body = "x".repeat(850);
    let sale = db.transaction().unwrap();
    sale.prepare_cached(
        "INSERT INTO orders (id, reference, created_at, body, search, status, delivered) \
         VALUES (?1, ?2, 1795000000000, ?3, 'honning 500 g bivokslys', 'queued', 'waiting')",
    )
    .unwrap()
    .execute(params![id, reference, body])
    .unwrap();
    sale.prepare_cached(
        "INSERT INTO entries (id, order_id, operation, payload, state, created_at, next_attempt_at) \
         VALUES (?1, ?1, 'create', '{\"v\":\"1\"}', 'queued', 1795000000000, 1795000000000)",
    )
    .unwrap()
    .execute([&id])
    .unwrap();
    sale.prepare_cached(
        "INSERT INTO events (order_id, at, kind, key, data) VALUES (?1, 1795000000000, 'saved', ?1, '{}')",
    )
    .unwrap()
    .execute([&id])
    .unwrap();
    sale.commit().unwrap();
}

/// The first screen: the 50 newest links, each with its status, its entries and what can be done. SQLite alone fetches
/// the same orders' rows and reads their JSON.
fn list(criterion: &mut Criterion, core: &Paylink, folder: &Path) {
    let raw = connect(&folder.join("paylink.db"), OpenFlags::SQLITE_OPEN_READ_ONLY);
    let page = Page::default();
    let mut group = criterion.benchmark_group("list");
    group.bench_function("paylink", |bench| {
        bench.iter(|| {
            let links = core.links(LinkFilter::default(), page).unwrap();
            assert_eq!(links.len(), 50);
            links
        });
    });
    group.bench_function("sqlite", |bench| {
        bench.iter(|| {
            raw.prepare_cached("SELECT body FROM orders ORDER BY created_at DESC, id DESC LIMIT 50")
                .unwrap()
                .query_map([], |row| row.get(0))
                .unwrap()
                .map(|body: rusqlite::Result<String>| serde_json::from_str::<Value>(&body.unwrap()).unwrap())
                .collect::<Vec<_>>()
        });
    });
    group.finish();
}

/// The start of the app. SQLite alone opens the file and reads one row.
fn start(criterion: &mut Criterion, folder: &Path) {
    let mut group = criterion.benchmark_group("open");
    group.bench_function("paylink", |bench| {
        // Closing is no part of it.
        bench.iter_custom(|times| {
            let once = |_| {
                let begun = Instant::now();
                let core = core(black_box(folder));
                let taken = begun.elapsed();
                core.close();
                taken
            };
            (0..times).map(once).sum::<Duration>()
        });
    });
    group.bench_function("sqlite", |bench| {
        bench.iter(|| {
            let db = connect(&black_box(folder).join("paylink.db"), OpenFlags::default());
            db.query_row("SELECT reference FROM orders LIMIT 1", [], |row| row.get::<_, String>(0)).unwrap()
        });
    });
    group.finish();
}

/// A connection with the core's settings.
fn connect(file: &Path, flags: OpenFlags) -> Connection {
    let db = Connection::open_with_flags(file, flags).unwrap();
    if !flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY) {
        db.pragma_update(None, "journal_mode", "WAL").unwrap();
    }
    db.pragma_update(None, "synchronous", "FULL").unwrap();
    db.pragma_update(None, "foreign_keys", true).unwrap();
    db
}
