//! Reading a damaged database row by row: each row by its own way through the tree, so that one broken page costs the
//! rows on it and no others.

use crate::store::file::paths::FILE;
use crate::store::file::{private, schema};
use crate::store::{StoreError, StoreResult};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::Write;
use std::path::Path;

/// A table of the old database, and an index that reaches every one of its rows another way.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// Those of version 1.
    columns: &'static str,
    /// Those that later versions added behind them.
    added: &'static str,
    index: &'static str,
    /// Rows are removed from it: numbers may be missing.
    pub(super) thinned: bool,
}

impl Table {
    /// All columns, or those of version 1 only.
    fn columns(&self, all: bool) -> String {
        if all && !self.added.is_empty() {
            format!("{}, {}", self.columns, self.added)
        } else {
            self.columns.to_owned()
        }
    }

    /// The columns of a row with so many values.
    pub(super) fn columns_of(&self, values: usize) -> String {
        self.columns(values > self.columns.split(',').count())
    }
}

pub(super) const META: Table =
    Table { name: "meta", columns: "key, value", added: "", index: "sqlite_autoindex_meta_1", thinned: false };
pub(super) const ORDERS: Table = Table {
    name: "orders",
    columns: "id, reference, created_at, body, search, status, session_id, given_up_at, delivered, shared, opened_at, \
              paid_at, watch_until, watch_at",
    added: "superseded_by",
    index: "orders_by_time",
    thinned: false,
};
pub(super) const ENTRIES: Table = Table {
    name: "entries",
    columns: "id, order_id, operation, payload, state, reason, attempts, created_at, first_sent_at, last_sent_at, \
              sent_time_known, unclear, absent_at, next_attempt_at, wait_ms",
    added: "revision",
    index: "entries_by_order",
    thinned: false,
};
pub(super) const SESSIONS: Table = Table {
    name: "sessions",
    columns: "id, order_id, entry_id, url, created_at, facts, transaction_, read_at, changed_at, next_poll_at",
    added: "url_unusable, misses",
    index: "sessions_by_order",
    thinned: false,
};
pub(super) const EVENTS: Table = Table {
    name: "events",
    columns: "cursor, order_id, at, kind, key, data",
    added: "",
    index: "sqlite_autoindex_events_1",
    thinned: false,
};

/// Since version 4.
pub(super) const ITEMS: Table = Table {
    name: "items",
    columns: "id, place, description, number, price, currency, vat, favourite, sold, last_sold_at",
    added: "",
    index: "items_in_order",
    thinned: true,
};
/// Since version 4.
pub(super) const CUSTOMERS: Table = Table {
    name: "customers",
    columns: "row, id, name, phone, email, email_key, name_key, orders, last_at, look_at",
    added: "",
    index: "customers_recent",
    thinned: true,
};

/// Characters of an id.
const UUID: usize = 36;

/// A row whose number is further from the others than this is not believed.
const MAX_GAP: i64 = 10_000;

/// What indexes tell of an entry.
pub(super) struct Indexed {
    pub(super) entry: String,
    pub(super) order: String,
    pub(super) created_at: i64,
    /// `None` where no index knows, or where it is over.
    pub(super) state: Option<String>,
}

/// Which rows a table has.
pub(super) struct Rows {
    /// That are worth a try.
    pub(super) ids: BTreeSet<i64>,
    /// That were there, if a way through the table was whole. A broken page may tell of others that never were.
    pub(super) all: Option<BTreeSet<i64>>,
}

/// The copy of the damaged database, opened as far as it can be.
pub(super) struct Damaged {
    db: Connection,
    /// Whether its tables have the columns of later versions.
    all_columns: bool,
}

impl Damaged {
    /// Opens the copy. One whose first page is unreadable gets that of a fresh database: the same steps lay the same
    /// tables on the same pages, and whatever does not fit is refused row by row. Of several ways in which it may have
    /// come to be, the one that finds the most rows.
    pub(super) fn open(path: &Path, first_pages: &[Vec<u8>]) -> StoreResult<Self> {
        match Self::attempt(path) {
            Err(error) if is_unreadable(&error) => {}
            other => return other,
        }
        let mut best: Option<(usize, &Vec<u8>)> = None;
        for page in first_pages {
            let found = match Self::with_first_page(path, page) {
                Ok(damaged) => damaged.count_rows()?,
                Err(error) if is_unreadable(&error) => continue,
                Err(error) => return Err(error),
            };
            if best.is_none_or(|(most, _)| found > most) {
                best = Some((found, page));
            }
        }
        match best {
            Some((_, page)) => Self::with_first_page(path, page),
            None => Self::attempt(path),
        }
    }

    fn with_first_page(path: &Path, first_page: &[u8]) -> StoreResult<Self> {
        let mut file = std::fs::read(path).unwrap_or_default();
        file.resize(file.len().max(first_page.len()), 0);
        file[..first_page.len()].copy_from_slice(first_page);
        let pages = u32::try_from(file.len() / first_page.len()).unwrap_or(u32::MAX);
        file[28..32].copy_from_slice(&pages.to_be_bytes());
        file[32..40].fill(0); // no list of free pages
        private::create(path)?.write_all(&file)?;
        Self::attempt(path)
    }

    /// How many rows are where they should be: each names an order, or is named as one is.
    fn count_rows(&self) -> StoreResult<usize> {
        let mut found = 0;
        for (table, id) in [
            (&ORDERS, "id"),
            (&ENTRIES, "id"),
            (&SESSIONS, "order_id"),
            (&EVENTS, "order_id"),
            (&ITEMS, "id"),
            (&CUSTOMERS, "id"),
        ] {
            self.scan(&format!("SELECT {id} FROM {} NOT INDEXED", table.name), |row| {
                found += usize::from(row.get_ref(0)?.as_str().is_ok_and(|id| id.len() == UUID));
                Ok(())
            })?;
        }
        Ok(found)
    }

    fn attempt(path: &Path) -> StoreResult<Self> {
        if std::fs::metadata(path).map_or(0, |file| file.len()) == 0 {
            return Err(StoreError::decode(FILE, "empty"));
        }
        let db = schema::connect(path)?;
        // Lets SQLite open what is shorter than it says, and pass over a schema that is broken in part.
        db.pragma_update(None, "writable_schema", true)?;
        let tables = [&META, &ORDERS, &ENTRIES, &SESSIONS, &EVENTS];
        let has = |all| {
            tables.iter().try_for_each(|table| {
                db.prepare(&format!("SELECT {} FROM {}", table.columns(all), table.name)).map(drop)
            })
        };
        let all_columns = has(true).is_ok();
        has(all_columns)?;
        Ok(Self { db, all_columns })
    }

    /// Whether there is such a table, as far as can be read.
    pub(super) fn has(&self, table: &Table) -> bool {
        self.db.prepare(&format!("SELECT {} FROM {}", table.columns(true), table.name)).is_ok()
    }

    /// The rows that any way through the table finds.
    pub(super) fn rows(&self, table: &Table) -> StoreResult<Rows> {
        let name = table.name;
        let (mut rows, mut ways) = (Rows { ids: BTreeSet::new(), all: None }, Vec::new());
        for sql in [
            format!("SELECT rowid FROM {name} NOT INDEXED ORDER BY rowid"),
            format!("SELECT rowid FROM {name} NOT INDEXED ORDER BY rowid DESC"),
            format!("SELECT rowid FROM {name} INDEXED BY {}", table.index),
        ] {
            let mut seen = BTreeSet::new();
            let whole = self.scan(&sql, |row| row.get(0).map(|id: i64| seen.extend([id])))?;
            rows.ids.extend(&seen);
            ways.extend(whole.then_some(seen));
        }
        // Two ways that tell of different rows, or one with a gap (rows are numbered one by one and never removed):
        // one of them runs over a broken page without noticing.
        let dense = |all: &BTreeSet<i64>| all.iter().copied().eq(1..=rows.ids.last().copied().unwrap_or(0));
        rows.all = ways.pop().filter(|last| (table.thinned || dense(last)) && ways.iter().all(|other| other == last));
        if rows.all.is_none() {
            // What lies between those that were seen is tried as well.
            let mut last = 0;
            for id in rows.ids.clone() {
                if (0..=MAX_GAP).contains(&(id - last)) {
                    rows.ids.extend(last + 1..id);
                    last = id;
                }
            }
            rows.ids.extend(last + 1..=last + MAX_GAP);
        }
        Ok(rows)
    }

    /// One row, or `None` when it cannot be read or is not there.
    pub(super) fn row(&self, table: &Table, id: i64) -> StoreResult<Option<Vec<Value>>> {
        let columns = table.columns(self.all_columns);
        let count = columns.split(',').count();
        let sql = format!("SELECT {columns} FROM {} NOT INDEXED WHERE rowid = ?1", table.name);
        let read = self.db.prepare_cached(&sql).and_then(|mut statement| {
            statement.query_row([id], |row| (0..count).map(|at| row.get(at)).collect()).optional()
        });
        passable(read.map_err(StoreError::from)).map(Option::flatten)
    }

    /// The entries that indexes tell of, in full where all three do.
    pub(super) fn indexed_entries(&self) -> StoreResult<Vec<Indexed>> {
        let (mut ids, mut states, mut found) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        self.scan("SELECT rowid, id FROM entries INDEXED BY sqlite_autoindex_entries_1", |row| {
            ids.insert(row.get::<_, i64>(0)?, row.get::<_, String>(1)?);
            Ok(())
        })?;
        let open = "SELECT rowid, state FROM entries INDEXED BY entries_open WHERE state NOT IN ('done', 'superseded')";
        self.scan(open, |row| {
            states.insert(row.get::<_, i64>(0)?, row.get::<_, String>(1)?);
            Ok(())
        })?;
        self.scan("SELECT rowid, order_id, created_at FROM entries INDEXED BY entries_by_order", |row| {
            let at: i64 = row.get(0)?;
            if let Some(entry) = ids.get(&at) {
                let state = states.get(&at).cloned();
                found.push(Indexed { entry: entry.clone(), order: row.get(1)?, created_at: row.get(2)?, state });
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// The ids of all entries, by their index; `None` where that is broken.
    pub(super) fn entry_ids(&self) -> StoreResult<Option<HashSet<String>>> {
        let mut ids = HashSet::new();
        let whole = self.scan("SELECT id FROM entries INDEXED BY sqlite_autoindex_entries_1", |row| {
            row.get(0).map(|id: String| ids.extend([id]))
        })?;
        Ok(whole.then_some(ids))
    }

    /// The keys of events, with their orders, as their index has them: a second witness to what the rows say.
    pub(super) fn indexed_keys(&self) -> StoreResult<Vec<(String, String)>> {
        let mut keys = Vec::new();
        self.scan("SELECT order_id, key FROM events INDEXED BY sqlite_autoindex_events_1", |row| {
            keys.push((row.get(0)?, row.get(1)?));
            Ok(())
        })?;
        Ok(keys)
    }

    /// The last cursor that was given out, where that can be read.
    pub(super) fn last_cursor(&self) -> StoreResult<Option<i64>> {
        let sql = "SELECT seq FROM sqlite_sequence WHERE name = 'events'";
        passable(self.db.query_row(sql, [], |row| row.get(0)).optional().map_err(StoreError::from)).map(Option::flatten)
    }

    /// Runs through a query as far as it can be read. Gives whether that was to its end.
    fn scan(&self, sql: &str, mut each: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<()>) -> StoreResult<bool> {
        let mut run = || {
            let mut statement = self.db.prepare(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                each(row)?;
            }
            Ok(())
        };
        Ok(passable(run())?.is_some())
    }
}

/// Damage is `None`; a disk that is full or fails is an error: what it hides is not lost.
fn passable<T>(read: StoreResult<T>) -> StoreResult<Option<T>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_unreadable(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Damage, and what damage looks like where SQLite does not notice it: a table that is not there, a value of another
/// type.
pub(super) fn is_unreadable(error: &StoreError) -> bool {
    match error {
        damage if damage.is_damage() => true,
        StoreError::Sqlite(error) => match error.sqlite_error_code() {
            Some(code) => matches!(code, rusqlite::ErrorCode::Unknown | rusqlite::ErrorCode::TooBig),
            None => true,
        },
        _ => false,
    }
}
