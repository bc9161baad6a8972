//! Row by row into the new database. A row that it refuses (a key twice, another type, no such order) or that cannot
//! be read back from it is not carried over.

use super::damaged::{CUSTOMERS, Damaged, ENTRIES, EVENTS, ITEMS, META, ORDERS, SESSIONS, Table};
use super::evidence::{Evidence, Proof};
use crate::clock::{PhoneTime, ProviderTime, SystemClock};
use crate::id::{CustomerId, EntryId, OrderId};
use crate::link::{EventKind, NewEvent};
use crate::order::{Order, Totals};
use crate::store::change::{LinkChange, Moment};
use crate::store::file::{Abort, IN_USE, Plan};
use crate::store::rows::recovery::{self, RecoveryReport};
use crate::store::rows::{customers, entries, events, items, meta, orders, sessions};
use crate::store::{StoreError, StoreResult};
use rusqlite::types::Value;
use rusqlite::{ErrorCode, Transaction, params_from_iter};
use std::collections::HashMap;

/// Added to the last cursor where events may be missing: a cursor is never given out twice.
const CURSOR_LEAP: i64 = 1_000_000;

/// A salvage under way.
pub(super) struct Copy<'a> {
    db: &'a Transaction<'a>,
    log_complete: bool,
    now: PhoneTime,
    abort: &'a Abort,
    /// Orders that were there and did not cross; `None` when it is not known how many were there.
    lost: Option<u32>,
    entries: u32,
    doubted: u32,
    orders: Vec<Order>,
    earlier: Option<RecoveryReport>,
}

/// How a table crossed.
struct Crossed {
    /// Every row that was there did.
    whole: bool,
    /// How many did not; `None` when that is not known.
    missing: Option<u32>,
}

impl<'a> Copy<'a> {
    pub(super) fn new(db: &'a Transaction<'a>, log_complete: bool, now: PhoneTime, abort: &'a Abort) -> Self {
        Self { db, log_complete, now, abort, lost: None, entries: 0, doubted: 0, orders: Vec::new(), earlier: None }
    }

    pub(super) fn run(&mut self, damaged: &Damaged) -> StoreResult<()> {
        let mut kept = HashMap::new();
        self.table(damaged, &META, &mut |db, row| {
            if let [Value::Text(key), Value::Text(value)] = row {
                kept.insert(key.clone(), value.clone());
            }
            insert(db, &META, row)
        })?;
        if damaged.has(&ITEMS) {
            self.table(damaged, &ITEMS, &mut |db, row| {
                insert(db, &ITEMS, row)?;
                items::get(db, parsed("item id", row.first())?).map(drop)
            })?;
        }
        if damaged.has(&CUSTOMERS) {
            self.table(damaged, &CUSTOMERS, &mut |db, row| {
                insert(db, &CUSTOMERS, row)?;
                match row.first() {
                    Some(Value::Integer(row)) => customers::begin_anew(db, *row),
                    _ => Err(StoreError::decode("customer", "not a row")),
                }
            })?;
        }
        let mut found = Vec::new();
        let crossed = self.table(damaged, &ORDERS, &mut |db, row| {
            insert(db, &ORDERS, row)?;
            let order = sound(db, row)?;
            // What it is found by is derived from it, whichever version wrote it.
            orders::index_anew(db, order.id, &order)?;
            customers::note(db, &order, CustomerId::generate(&SystemClock::default()))?;
            found.push(order);
            Ok(())
        })?;
        self.orders = found;
        self.lost = crossed.missing.filter(|_| self.log_complete);
        let all_orders = crossed.whole;

        let ids = damaged.entry_ids()?;
        let mut evidence = Evidence::default();
        self.table(damaged, &ENTRIES, &mut |db, row| {
            let id: EntryId = parsed("entry id", row.first())?;
            // One wrong letter in its name, and its session would be taken for somebody else's.
            if ids.as_ref().is_some_and(|ids| !ids.contains(&id.to_string())) {
                evidence.disputed(row.get(1));
                return Err(StoreError::decode("entry id", "the index says otherwise"));
            }
            insert(db, &ENTRIES, row)?;
            if !entries::is_of_this_version(db, id)? {
                return Err(StoreError::decode("entry", "a code is none that is known"));
            }
            entries::get(db, id).map(drop)
        })?;
        // Sessions name their entries, so they cross once missing entries are made again.
        self.table(damaged, &SESSIONS, &mut |_, row| evidence.session(row))?;
        let (mut last_cursor, mut unrecognised) = (0, false);
        let all_events = self.table(damaged, &EVENTS, &mut |db, row| {
            insert(db, &EVENTS, row)?;
            if let Some(Value::Integer(cursor)) = row.first() {
                // It may be one of ours with a wrong letter, and have told of an attempt.
                unrecognised |= events::at(db, *cursor)?.is_some_and(|event| event.kind.known().is_none());
                last_cursor = last_cursor.max(*cursor);
            }
            evidence.event(row)
        })?;
        evidence.indexed(damaged.indexed_entries()?);
        damaged.indexed_keys()?.iter().for_each(|(order, key)| evidence.named(order, key));

        let proof = Proof { log: self.log_complete, events: all_events.whole && !unrecognised, now: self.now };
        for order in &self.orders {
            self.doubted += proof.doubt(self.db, order, &evidence)?;
        }
        self.table(damaged, &SESSIONS, &mut |db, row| {
            insert(db, &SESSIONS, row)?;
            match row.first() {
                Some(Value::Text(id)) => sessions::get(db, id).map(drop),
                _ => Err(StoreError::decode("session id", "not a text")),
            }
        })?;
        for order in &self.orders {
            proof.missing_session(self.db, order, &evidence)?;
            // Nobody knows the provider's time here: the status is derived again at the first look.
            let at = Moment { phone: self.now, provider: ProviderTime::from_ms(self.now.ms()) };
            LinkChange::run(self.db, &mut Vec::new(), order.id, at, |change| {
                change.touch();
                Ok(())
            })?;
            self.entries += u32::try_from(entries::of_order(self.db, order.id)?.len()).unwrap_or(u32::MAX);
        }
        self.cursors(last_cursor.max(damaged.last_cursor()?.unwrap_or(0)), all_events.whole && self.log_complete)?;
        self.link_again()?;
        self.numbers(&kept, all_orders && self.log_complete)?;
        self.earlier = recovery::report(self.db)?;
        meta::remove(self.db, IN_USE)
    }

    pub(super) fn report(self, plan: &Plan, readable: bool) -> RecoveryReport {
        let report = RecoveryReport {
            recovered_at: self.now.ms(),
            quarantined_files: plan.files(),
            orders_salvaged: u32::try_from(self.orders.len()).unwrap_or(u32::MAX),
            entries_salvaged: self.entries,
            entries_in_doubt: self.doubted,
            lost: self.lost.filter(|_| readable),
        };
        match self.earlier {
            Some(earlier) => report.after(earlier),
            None => report,
        }
    }

    /// Carries a table over. `each` writes one row, and is undone when it fails for the row's sake.
    fn table(
        &self,
        damaged: &Damaged,
        table: &Table,
        each: &mut dyn FnMut(&Transaction<'_>, &[Value]) -> StoreResult<()>,
    ) -> StoreResult<Crossed> {
        let rows = damaged.rows(table)?;
        let mut missing = rows.all.clone();
        for id in rows.ids {
            self.abort.check()?;
            let Some(row) = damaged.row(table, id)? else { continue };
            self.db.execute_batch("SAVEPOINT copy")?;
            match each(self.db, &row) {
                Ok(()) => {
                    let _ = missing.as_mut().is_some_and(|missing| missing.remove(&id));
                }
                Err(error) if is_refusal(&error) => {
                    self.db.execute_batch("ROLLBACK TO copy")?;
                }
                Err(error) => return Err(error),
            }
            self.db.execute_batch("RELEASE copy")?;
        }
        let missing = missing.map(|missing| u32::try_from(missing.len()).unwrap_or(u32::MAX));
        Ok(Crossed { whole: missing == Some(0), missing })
    }

    /// Cursors go on after the last that was ever given out.
    fn cursors(&self, last: i64, sure: bool) -> StoreResult<()> {
        let last = last.max(events::acknowledged(self.db)?);
        let next = if sure { last } else { last.saturating_add(CURSOR_LEAP) };
        self.db.execute("DELETE FROM sqlite_sequence WHERE name = 'events'", [])?;
        self.db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('events', ?1)", [next])?;
        Ok(())
    }

    /// What was requested again is known by an event of the old order, which may be lost, and by the new one's own body:
    /// without the first, a third could be made beside the second.
    fn link_again(&self) -> StoreResult<()> {
        for order in &self.orders {
            let Some(old) = order.sale.again_of.filter(|old| self.orders.iter().any(|one| one.id == *old)) else {
                continue;
            };
            let at = Moment { phone: self.now, provider: ProviderTime::from_ms(order.created_at.ms()) };
            LinkChange::run(self.db, &mut Vec::new(), old, at, |change| {
                let told = NewEvent::once(EventKind::RequestedAgain, &order.id.to_string(), at.provider);
                change.tell(told.with("order", order.id.to_string()));
                Ok(())
            })?;
        }
        Ok(())
    }

    /// The counter has no holes: if the orders with this tag are exactly as many as it says and none is above it, it
    /// was read right. Otherwise the next reference gets a new tag.
    fn numbers(&self, kept: &HashMap<String, String>, sure: bool) -> StoreResult<()> {
        let (Some(tag), Some(last)) = (kept.get("tag"), kept.get("last_number")) else {
            return forget_numbers(self.db);
        };
        let numbers = || self.orders.iter().filter_map(|order| number(&order.reference, tag));
        let last: Option<i64> = last.parse().ok();
        let agrees = last.is_some_and(|last| {
            i64::try_from(numbers().count()).is_ok_and(|count| count == last) && numbers().max().unwrap_or(0) == last
        });
        if sure && agrees { Ok(()) } else { forget_numbers(self.db) }
    }
}

fn forget_numbers(db: &Transaction<'_>) -> StoreResult<()> {
    meta::remove(db, "tag")?;
    meta::remove(db, "last_number")
}

/// The N of `PREFIX-TAG-N`.
fn number(reference: &str, tag: &str) -> Option<i64> {
    let (rest, n) = reference.rsplit_once('-')?;
    (rest.rsplit('-').next() == Some(tag)).then(|| n.parse().ok()).flatten()
}

fn insert(db: &Transaction<'_>, table: &Table, row: &[Value]) -> StoreResult<()> {
    let places = vec!["?"; row.len()].join(", ");
    let sql = format!("INSERT INTO {} ({}) VALUES ({places})", table.name, table.columns_of(row.len()));
    db.prepare_cached(&sql)?.execute(params_from_iter(row))?;
    Ok(())
}

/// An order that says the same in its body and in its columns, and whose sums are right.
fn sound(db: &Transaction<'_>, row: &[Value]) -> StoreResult<Order> {
    let id: OrderId = parsed("order id", row.first())?;
    let (order, _) = orders::get(db, id)?.ok_or_else(|| StoreError::decode("order", "gone"))?;
    let columns = [Value::Text(order.reference.clone()), Value::Integer(order.created_at.ms())];
    let sums = Totals::of(&order.sale.items, order.sale.currency).map(|totals| (totals.total, totals.vat));
    if order.id == id && row.get(1..3) == Some(&columns) && sums == Some((order.sale.total, order.sale.vat)) {
        Ok(order)
    } else {
        Err(StoreError::decode("order", "it contradicts itself"))
    }
}

pub(super) fn parsed<T: std::str::FromStr>(what: &'static str, value: Option<&Value>) -> StoreResult<T> {
    match value {
        Some(Value::Text(text)) => text.parse().map_err(|_| StoreError::decode(what, "cannot be read")),
        _ => Err(StoreError::decode(what, "not a text")),
    }
}

/// Whether the row is to blame, not the disk.
fn is_refusal(error: &StoreError) -> bool {
    match error {
        StoreError::Decode { .. } => true,
        StoreError::Sqlite(error) => match error.sqlite_error_code() {
            Some(code) => matches!(code, ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch),
            None => true,
        },
        _ => false,
    }
}
