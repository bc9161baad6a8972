//! What was sold: day totals by VAT rate, status and channel. Sums are over lines (rule 7), read from what was
//! stored at the sale, never computed again.

use crate::calendar::Zone;
use crate::clock::ProviderTime;
use crate::error::PaylinkError;
use crate::money::Amount;
use crate::order::{Item, Totals};
use crate::store::rows::{links, orders};
use crate::store::{StoreError, StoreResult};
use jiff::civil::Date;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::BTreeMap;

/// A day of the seller's calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayReport {
    /// The day, `2026-11-24`.
    pub date: String,
    /// What was paid (reserved or captured) that day, one row a currency.
    pub paid: Vec<PaidTotals>,
    /// Links typed that day, by the status they have now.
    pub by_status: BTreeMap<String, u32>,
    /// Links typed that day, by the way they were to reach the customer.
    pub by_channel: BTreeMap<String, u32>,
}

/// What was paid in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaidTotals {
    /// Links paid.
    pub count: u32,
    /// Sums, by VAT rate and in all. Its lines are those of every order.
    pub totals: Totals,
    /// What was given back of it.
    pub refunded: Amount,
}

/// The report of a day of the seller's calendar. `now` is for statuses that time alone changes.
pub fn day(db: &Connection, date: Date, zone: Zone, now: ProviderTime) -> StoreResult<DayReport> {
    // The first and the last that a calendar of four digits has: no day of a seller, and no damage.
    let day = zone.day(date).ok_or_else(|| PaylinkError::NotFound { what: "day".to_owned() })?;
    let (from, to) = (day.start, day.end);
    let mut report =
        DayReport { date: date.to_string(), paid: Vec::new(), by_status: BTreeMap::new(), by_channel: BTreeMap::new() };
    for id in orders::created_between(db, from, to)? {
        let record = links::record(db, id)?;
        *report.by_status.entry(record.status(now).code().to_owned()).or_default() += 1;
        *report.by_channel.entry(record.order.sale.delivery.code().to_owned()).or_default() += 1;
    }
    let mut paid: BTreeMap<&'static str, Paid> = BTreeMap::new();
    for id in orders::paid_between(db, from, to)? {
        let record = links::record(db, id)?;
        let sale = record.order.sale.clone();
        let of_currency = paid.entry(sale.currency.code()).or_insert_with(|| Paid::none(sale.currency));
        let refunded = record.shown(now, |_| true).refunded;
        // A reservation that was released, by whom and however, is no sale any more.
        if record.status(now).has_money() {
            of_currency.count += 1;
            of_currency.items.extend(sale.items);
            of_currency.refunded = of_currency.refunded.checked_add(refunded).unwrap_or(of_currency.refunded);
        }
    }
    report.paid = paid
        .into_values()
        .filter(|paid| paid.count > 0)
        .map(|paid| {
            let totals = Totals::of(&paid.items, paid.refunded.currency())
                .ok_or_else(|| StoreError::decode("day", "sums too large"))?;
            Ok(PaidTotals { count: paid.count, totals, refunded: paid.refunded })
        })
        .collect::<StoreResult<_>>()?;
    Ok(report)
}

struct Paid {
    count: u32,
    items: Vec<Item>,
    refunded: Amount,
}

impl Paid {
    fn none(currency: crate::money::Currency) -> Self {
        Self { count: 0, items: Vec::new(), refunded: Amount::zero(currency) }
    }
}
