//! A search among 100,000 orders for what only the oldest of them has, so that nothing ends early. Beside it stand the
//! same texts as one row an order, and as SQLite's own index of trigrams where it is compiled in (`adr/0007`):
//! `LIBSQLITE3_FLAGS=-DSQLITE_OMIT_DEPRECATED cargo bench -p paylink-bench --bench core -- search`.

use criterion::Criterion;
use paylink_core::Paylink;
use paylink_e2e::{MemoryStore, config, honey, open};
use rusqlite::{Connection, params};
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

/// A busy farm shop after ten years.
const ORDERS: u32 = 100_000;
/// When nothing is measured.
const FEW: u32 = 100;
/// In the oldest order alone.
const RARE: &str = "sjelden";

const WHAT: [&str; 8] = [
    "honning 500 g\nbivokslys",
    "lynghonning 250 g",
    "strikkede votter",
    "syltetøy bringebær\negg 30 stk",
    "jordbær 2 kg",
    "ved 60 l sekk\nopptenning",
    "poteter mandel 5 kg",
    "lammelår røkt",
];
const WHO: [&str; 5] = ["kari nordmann", "bjørn åsen", "øyvind ødegård", "solveig strand", "ingrid bakken"];

pub fn bench(criterion: &mut Criterion) {
    let folder = crate::folder();
    core(folder.path()).create(&honey()).unwrap();
    let (orders, db) = (if crate::measured() { ORDERS } else { FEW }, raw(folder.path()));
    let has_fts5 = fill(&db, orders);
    let core = core(folder.path());

    let mut group = criterion.benchmark_group("search");
    group.bench_function("paylink", |bench| bench.iter(|| core.search(black_box(RARE)).map(|found| one(found.len()))));
    let mut rows = |name: &str, sql: &str, typed: &str| {
        group.bench_function(name, |bench| {
            bench.iter(|| {
                let mut query = db.prepare_cached(sql).unwrap();
                one(query.query_map([black_box(typed)], |row| row.get::<_, i64>(0)).unwrap().count());
            });
        });
    };
    rows("rows", "SELECT id FROM narrow WHERE instr(text, ?1) > 0 ORDER BY id DESC LIMIT 50", RARE);
    if has_fts5 {
        rows("fts5", "SELECT rowid FROM grams WHERE grams MATCH ?1 ORDER BY rowid DESC LIMIT 50", RARE);
    }
    group.finish();
}

fn one(found: usize) {
    assert_eq!(found, 1);
}

fn core(folder: &Path) -> Paylink {
    let core = open(&config(folder, "http://127.0.0.1:9"), &Arc::new(MemoryStore::default())).unwrap();
    core.network_changed(false).unwrap();
    core
}

fn raw(folder: &Path) -> Connection {
    Connection::open(folder.join("paylink.db")).unwrap()
}

/// Many orders beside the one that the core has made, with its body, as far as a search meets them. Gives whether
/// this SQLite has an index of trigrams.
fn fill(db: &Connection, orders: u32) -> bool {
    let side = "ATTACH ':memory:' AS side; CREATE TABLE side.narrow (id INTEGER PRIMARY KEY, text TEXT NOT NULL);";
    db.execute_batch(side).unwrap();
    let grams = "CREATE VIRTUAL TABLE side.grams USING fts5(text, tokenize = 'trigram', content = '')";
    let has_fts5 = db.execute_batch(grams).is_ok();
    db.execute_batch("BEGIN").unwrap();
    let insert = "INSERT INTO orders (id, reference, created_at, body, search, status, delivered) \
         SELECT ?1, ?2, created_at - ?3, replace(body, id, ?1), '', status, delivered FROM orders WHERE rowid = 1";
    for n in 2..=orders {
        let (id, reference) = (format!("01996d2e-6b2f-7000-8000-{n:012x}"), format!("hon-7k3maa-{n}"));
        db.prepare_cached(insert).unwrap().execute(params![id, reference, orders - n + 1]).unwrap();
        let (what, who) = (WHAT[n as usize % WHAT.len()], WHO[n as usize % WHO.len()]);
        let rare = if n == 2 { RARE } else { "" };
        let text = format!("{reference}\n{what} {rare}\n{who}\nkunde{n}@example.com\n+474{:07}", n * 7919 % 10_000_000);
        db.prepare_cached(
            "INSERT INTO searches (block, keys) VALUES (?1, ?2) ON CONFLICT (block) DO UPDATE SET keys = keys || ?2",
        )
        .unwrap()
        .execute(params![n / 32, format!("{n}\u{1F}{text}\u{1E}")])
        .unwrap();
        db.prepare_cached("INSERT INTO narrow VALUES (?1, ?2)").unwrap().execute(params![n, text]).unwrap();
        if has_fts5 {
            let sql = "INSERT INTO grams (rowid, text) VALUES (?1, ?2)";
            db.prepare_cached(sql).unwrap().execute(params![n, text]).unwrap();
        }
    }
    db.execute_batch("COMMIT").unwrap();
    has_fts5
}
