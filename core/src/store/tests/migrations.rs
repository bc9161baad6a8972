//! Released migrations are frozen: a database of every released version, with rows in every state, is opened by this
//! build, and nothing of it is missing.

use super::*;
use crate::store::tests::planted::STATES;
use std::collections::BTreeMap;

/// A database of each released version as SQL: `this_version_is_written_down` made them, and they never change.
pub(super) const FROZEN: [&str; 4] = [
    include_str!("../../../tests/fixtures/v1.sql"),
    include_str!("../../../tests/fixtures/v2.sql"),
    include_str!("../../../tests/fixtures/v3.sql"),
    include_str!("../../../tests/fixtures/v4.sql"),
];

/// FNV-1a of each released migration.
const RELEASED: [u64; 4] = [0xb4f8_fb98_cf05_bd0d, 0x02eb_bcc6_d83d_fffe, 0x5a32_e546_6c71_76fc, 0x790f_5893_31a8_44ec];

fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn planted_file(frozen: &str) -> TempDir {
    let folder = folder();
    let old = rusqlite::Connection::open(folder.path().join(FILE)).unwrap();
    old.execute_batch(frozen).unwrap();
    folder
}

pub(super) fn opened(frozen: &str) -> (TempDir, Store) {
    let folder = planted_file(frozen);
    let store = open_store(folder.path()).unwrap();
    (folder, store)
}

fn schema(store: &Store) -> BTreeMap<String, String> {
    let sql = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL";
    store
        .read(move |db| {
            let rows =
                db.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
            Ok(rows)
        })
        .unwrap()
}

#[test]
fn a_released_migration_never_changes() {
    let now: Vec<u64> = schema::MIGRATIONS.iter().map(|sql| fnv(sql)).collect();
    assert_eq!(now, RELEASED, "a released migration was changed, or a new one needs its hash and its fixture");
}

#[test]
fn a_database_of_every_version_keeps_every_row_and_every_unsent_entry() {
    for frozen in FROZEN {
        let (_folder, store) = opened(frozen);
        keeps_everything(&store);
    }
}

/// A damaged database of an older version is salvaged as one of this version is.
#[test]
fn a_damaged_database_of_every_version_is_salvaged() {
    for (version, frozen) in (1..).zip(FROZEN) {
        let folder = planted_file(frozen);
        let path = folder.path().join(FILE);
        let mut bytes = std::fs::read(&path).unwrap();
        // Its first bytes are gone: SQLite does not know it any more.
        bytes[..16].fill(0);
        std::fs::write(&path, bytes).unwrap();
        let store = open_store(folder.path()).unwrap();
        let report = store.read(recovery::report).unwrap().unwrap();
        assert_eq!((report.orders_salvaged, report.lost), (9, Some(0)), "version {version}: {report:?}");
        assert!(store.read(check_full).is_ok(), "version {version}");
        let ids = store.read(|db| orders::page(db, None, provider(0), 0, 100)).unwrap();
        let of = |id| store.read(move |db| links::record(db, id)).unwrap();
        let states: Vec<_> = ids.iter().map(|id| of(*id).creating().unwrap().state).collect();
        assert!(!states.contains(&EntryState::Sending), "version {version}: {states:?}");
    }
}

fn keeps_everything(store: &Store) {
    let report = store.read(recovery::report).unwrap();
    assert_eq!(report, None, "an old database is not a damaged one");
    let ids = store.read(|db| orders::page(db, None, provider(0), 0, 100)).unwrap();
    assert_eq!(ids.len(), STATES.len());
    let records: Vec<_> = ids
        .iter()
        .map(|id| {
            let id = *id;
            store.read(move |db| links::record(db, id)).unwrap()
        })
        .collect();
    let mut states: Vec<String> =
        records.iter().map(|record| format!("{:?}", record.creating().unwrap().state)).collect();
    let mut all: Vec<String> = STATES.iter().map(|state| format!("{state:?}")).collect();
    states.sort();
    all.sort();
    assert_eq!(states, all);
    let unsent: u32 = store.read(entries::count_open).unwrap().iter().map(|(_, count)| count).sum();
    assert_eq!(unsent, 7, "of nine, one is done and one is superseded");
    for record in &records {
        assert!(crate::outbox::create::Payload::of(record.creating().unwrap()).is_ok(), "payloads are read for ever");
        assert!(record.order.sale.total.minor() > 0);
        let id = record.order.id;
        assert!(!store.read(move |db| events::of_order(db, id)).unwrap().is_empty());
        if record.creating().unwrap().state == EntryState::Done {
            assert!(record.session.as_ref().unwrap().url.starts_with("https://"));
        }
    }
    assert!(
        store
            .write(|db| meta::next_reference(db, "HON", || new_tag(&SystemClock::default())))
            .unwrap()
            .ends_with("-10"),
        "the counter goes on"
    );
    assert!(store.read(check_full).is_ok());
}

#[test]
fn an_upgraded_database_has_the_schema_of_a_fresh_one() {
    let (_folder, upgraded) = opened(FROZEN[0]);
    let empty = folder();
    let fresh = open_store(empty.path()).unwrap();
    assert_eq!(schema(&upgraded), schema(&fresh));
}

/// Writes the fixture down: run once per released version, by hand, before the release.
#[test]
#[ignore = "writes tests/fixtures"]
fn this_version_is_written_down() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    super::planted::plant(&store, STATES.len());
    super::buyers::plant_catalogue(&store);
    let version = schema::MIGRATIONS.len();
    let mut dump = format!(
        "{}\nPRAGMA application_id = 1347178059;\nPRAGMA user_version = {version};\n",
        schema::MIGRATIONS.concat()
    );
    for table in ["meta", "items", "customers", "customer_words", "orders", "entries", "sessions", "events", "searches"]
    {
        let order = if table == "customer_words" { "1" } else { "rowid" };
        let rows = store
            .read(move |db| {
                let mut names = db.prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))?;
                let names = names.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
                let quoted = names.iter().map(|name| format!("quote({name})")).collect::<Vec<_>>().join(" || ', ' || ");
                let mut rows = db.prepare(&format!("SELECT {quoted} FROM {table} ORDER BY {order}"))?;
                let rows = rows.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
                Ok(rows
                    .into_iter()
                    .map(|row| format!("INSERT INTO {table} ({}) VALUES ({row});\n", names.join(", ")))
                    .collect::<Vec<_>>())
            })
            .unwrap();
        let rows = rows.into_iter().filter(|row| !row.contains("'in_use'") && !row.contains("'checked_at'"));
        dump.extend(rows);
    }
    std::fs::write(format!("tests/fixtures/v{version}.sql"), dump).unwrap();
    println!("{:#x}", fnv(schema::MIGRATIONS[version - 1]));
}
