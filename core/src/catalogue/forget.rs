//! Forgetting who bought: at once when the seller says so, by itself some time after the last order is over.
//!
//! | where a person is | what becomes of it |
//! |---|---|
//! | the customer's row and the words it is found by | deleted |
//! | the orders' contact data, and what orders are searched by | taken out; amounts, lines, references stay |
//! | the provider's own words: reasons, refusals, events, sessions | taken out; codes, times and sums stay |
//! | free space of the file, its log | overwritten, emptied ([`Store::settle`]) |
//! | files that a recovery has set aside | deleted when the seller says so, or some time after it was acknowledged |
//!
//! Nobody is forgotten while an order needs them: one that is unsent, held, or can still be paid, or of which a link may
//! exist unseen.

use super::policy::{KEEP_SET_ASIDE_MS, LOOK_AGAIN_MS, MAX_CUSTOMERS_A_STEP, MAX_ORDERS_A_STEP, MAX_STEP};
use crate::clock::PhoneTime;
use crate::error::PaylinkError;
use crate::id::{CustomerId, OrderId};
use crate::link::LinkStatus;
use crate::store::rows::customers::{self, CustomerRow};
use crate::store::rows::links::{self, Record};
use crate::store::rows::{Entry, events, orders, recovery, sessions};
use crate::store::{Announced, LinkChange, Moment, Store, StoreError, StoreResult};
use crate::store::{delete_set_aside, is_marked, mark_erased, set_aside};
use crate::text::search_key;
use rusqlite::Transaction;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

/// What became of a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Forgotten {
    /// The references of the orders that name nobody any more.
    pub references: Vec<String>,
    /// Files of a damaged database that were set aside, in the data directory: they may still name the customer.
    pub set_aside_files: Vec<String>,
}

/// Forgets a customer, in one transaction.
///
/// # Errors
/// [`PaylinkError::NotFound`]; [`PaylinkError::StillNeeded`] with the orders that need the customer.
pub(crate) fn forget(store: &Store, folder: &Path, id: CustomerId, at: Moment) -> Result<Forgotten, PaylinkError> {
    let (references, needles) = store.write_announced(move |db, announced| {
        let customer = customers::get(db, id)?.ok_or_else(|| PaylinkError::NotFound { what: "customer".to_owned() })?;
        let records = records(db, &customer)?;
        let needing = records.iter().filter(|record| !is_over(record, at)).map(reference).collect::<Vec<_>>();
        if !needing.is_empty() {
            return Err(PaylinkError::StillNeeded { references: needing }.into());
        }
        let mut needles = Needles::default();
        needles.customer(&customer);
        for record in &records {
            needles.order(record);
            erase(db, announced, record, at)?;
        }
        customers::remove(db, &customer)?;
        mark_erased(db)?;
        Ok((records.iter().map(reference).collect(), needles.that_are_nobody_elses(db)?))
    })?;
    if let Err(error) = store.settle(needles) {
        // What was erased is erased; the files are seen to again.
        tracing::warn!(%error, "the files could not be seen to yet");
    }
    let set_aside_files = set_aside(folder)?.into_iter().map(|(name, _)| name).collect();
    Ok(Forgotten { references, set_aside_files })
}

fn reference(record: &Record) -> String {
    record.order.reference.clone()
}

fn records(db: &Transaction<'_>, customer: &CustomerRow) -> StoreResult<Vec<Record>> {
    orders::of_customer(db, customer.id)?.into_iter().map(|order| links::record(db, order)).collect()
}

/// Whether nothing of an order is to be done or awaited any more.
fn is_over(record: &Record, at: Moment) -> bool {
    let status = record.status(at.provider);
    let ended = status.is_final() || status.is_ended_unpaid() || status == LinkStatus::PartiallyRefunded;
    ended && record.open_entry().is_none() && record.state.watch_at.is_none()
}

/// Takes the person out of all that an order has.
fn erase(db: &Transaction<'_>, announced: &mut Vec<Announced>, record: &Record, at: Moment) -> StoreResult<()> {
    let id = record.order.id;
    orders::erase_customer(db, &record.order)?;
    events::forget_words(db, id)?;
    LinkChange::run(db, announced, id, at, |change| {
        for entry in change.record().entries.clone() {
            if let Some(entry) = without_words(entry)? {
                change.save_entry(entry)?;
            }
        }
        for mut row in sessions::of_order(db, id)? {
            row.facts.events.iter_mut().for_each(|event| event.detail = None);
            row.transaction.iter_mut().flat_map(|facts| &mut facts.events).for_each(|event| event.error = None);
            change.save_session(&row)?;
        }
        change.touch();
        Ok(())
    })
}

/// An entry without what the provider said in words, where it said any.
fn without_words(mut entry: Entry) -> StoreResult<Option<Entry>> {
    let mut payload: serde_json::Value =
        serde_json::from_str(&entry.payload).map_err(|error| StoreError::json("payload", &error))?;
    let refused = payload.get_mut("refused").filter(|refused| !refused.is_null());
    let detail = entry.reason.as_mut().and_then(|reason| reason.detail.take());
    if refused.is_none() && detail.is_none() {
        return Ok(None);
    }
    if let Some(refused) = refused {
        *refused = serde_json::Value::Null;
        entry.payload = payload.to_string();
    }
    Ok(Some(entry))
}

/// What a person can be told by in a file.
#[derive(Default)]
struct Needles {
    names: BTreeSet<String>,
    others: BTreeSet<String>,
    emails: BTreeSet<String>,
}

impl Needles {
    fn customer(&mut self, customer: &CustomerRow) {
        self.names.extend(customer.name.clone());
        self.emails.extend(customer.email.clone());
        self.others.extend(customer.phone.as_deref().map(digits));
    }

    fn order(&mut self, record: &Record) {
        let customer = &record.order.sale.customer;
        self.names.extend(customer.name.clone());
        self.emails.extend(customer.email.as_ref().map(|email| email.as_str().to_owned()));
        self.others.extend(customer.phone.as_ref().map(|phone| digits(phone.e164())));
        self.others.extend(customer.address.as_ref().map(|address| address.line.clone()));
    }

    /// A name or a mailbox that another customer has, too, is found in the file for good reason.
    fn that_are_nobody_elses(self, db: &Transaction<'_>) -> StoreResult<Vec<String>> {
        let mut needles = self.others;
        for email in self.emails {
            if !customers::shares_email(db, &email)? {
                needles.extend([search_key(&email), email]);
            }
        }
        for name in self.names {
            if !customers::shares_name(db, &name)? {
                needles.extend([search_key(&name), name]);
            }
        }
        Ok(needles.into_iter().filter(|needle| !needle.is_empty()).collect())
    }
}

fn digits(e164: &str) -> String {
    e164.trim_start_matches('+').to_owned()
}

/// One step of forgetting those whose time has come: a few customers and a few orders, in one transaction. Gives whether
/// there is more to do. `after_ms`: the time from the end of the last order.
///
/// # Errors
/// Storage errors.
pub(crate) fn purge(store: &Store, at: Moment, after_ms: i64) -> StoreResult<bool> {
    let before = PhoneTime::from_ms(at.phone.ms().saturating_sub(after_ms));
    let due = store.read(move |db| customers::due(db, before, MAX_CUSTOMERS_A_STEP + 1))?;
    if due.is_empty() {
        return Ok(false);
    }
    let (erased, more) = store.write_announced(move |db, announced| {
        let begun = Instant::now();
        let (mut erased, mut left) = (0, due.len());
        for customer in due.into_iter().take(MAX_CUSTOMERS_A_STEP as usize) {
            if erased >= MAX_ORDERS_A_STEP || begun.elapsed() > MAX_STEP {
                break;
            }
            let records = records(db, &customer)?;
            if records.iter().any(|record| !is_over(record, at)) {
                customers::put_off(db, &customer, before.plus(LOOK_AGAIN_MS))?;
                left -= 1;
                continue;
            }
            let ends = records.iter().map(|record| ended_at(db, record)).collect::<StoreResult<Vec<_>>>()?;
            let last = ends.into_iter().max().unwrap_or(customer.last_at.ms());
            if last > before.ms() {
                customers::put_off(db, &customer, PhoneTime::from_ms(last))?;
                left -= 1;
                continue;
            }
            let room = MAX_ORDERS_A_STEP - erased;
            for record in records.iter().take(room) {
                erase(db, announced, record, at)?;
                erased += 1;
            }
            if records.len() <= room {
                customers::remove(db, &customer)?;
                left -= 1;
            }
            mark_erased(db)?;
        }
        Ok((erased, left > 0))
    })?;
    if erased > 0 {
        tracing::info!(erased, "contact data were erased");
    }
    Ok(more)
}

/// When an order came to its end, as far as is known.
fn ended_at(db: &Transaction<'_>, record: &Record) -> StoreResult<i64> {
    let id: OrderId = record.order.id;
    let last = events::last_at(db, id)?.unwrap_or(0);
    let by_itself = record.standing().ends_at.map_or(0, |at| at.ms());
    Ok(record.order.created_at.ms().max(last).max(by_itself))
}

/// Sees to files that were not seen to yet, and lets go of those that were set aside long enough ago and that the seller
/// knows of.
///
/// # Errors
/// Storage errors.
pub(crate) fn tidy(store: &Store, folder: &Path, now: PhoneTime) -> StoreResult<()> {
    let (erased, seen) = store.read(|db| Ok((is_marked(db)?, recovery::report(db)?.is_none())))?;
    if erased {
        store.settle(Vec::new())?;
    }
    if seen {
        delete_set_aside(folder, now.ms().saturating_sub(KEEP_SET_ASIDE_MS))?;
    }
    Ok(())
}
