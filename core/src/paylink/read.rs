//! Reading: what a shell shows. Nothing here waits for the network or changes anything.

use super::Paylink;
use crate::account::Settings;
use crate::clock::ProviderTime;
use crate::error::PaylinkError;
use crate::id::OrderId;
use crate::link::{Action, LinkStatus, PaymentLink, TimelineEvent};
use crate::order::{Draft, Item, Totals};
use crate::outbox::seller;
use crate::report::{self, DayReport};
use crate::store::rows::{EntryState, Query, entries, events, links, orders, search};
use crate::store::{Store, StoreResult};
use jiff::civil::Date;
use rusqlite::Connection;
use serde::Serialize;
use std::sync::Arc;

/// Where reads go: the owner's store, or one that was opened read-only.
pub(super) struct View<'a> {
    pub(super) store: Arc<Store>,
    pub(super) settings: &'a Settings,
    pub(super) now: ProviderTime,
}

/// Which links to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct LinkFilter {
    /// Only those of this status.
    pub status: Option<LinkStatus>,
}

/// Which part of a list, newest first.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Links to pass over.
    pub offset: u32,
    /// Links to give.
    pub limit: u32,
}

impl Default for Page {
    fn default() -> Self {
        Self { offset: 0, limit: 50 }
    }
}

/// A link with all that a screen of its own shows.
#[derive(Clone, Debug, Serialize)]
pub struct LinkDetail {
    /// The link.
    pub link: PaymentLink,
    /// What was sold.
    pub items: Vec<Item>,
    /// The sums.
    pub totals: Option<Totals>,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEvent>,
}

/// How many entries are in each open state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pending {
    /// Never sent.
    pub queued: u32,
    /// Being sent.
    pub sending: u32,
    /// Waiting for the next attempt.
    pub waiting: u32,
    /// May have been created; being looked up.
    pub unknown: u32,
    /// The seller decides whether a message is sent again.
    pub held: u32,
    /// Refused by the provider.
    pub parked: u32,
    /// Frozen by an export.
    pub exported: u32,
}

impl View<'_> {
    fn list(
        &self,
        ids: impl FnOnce(&Connection) -> StoreResult<Vec<OrderId>> + Send + 'static,
    ) -> Result<Vec<PaymentLink>, PaylinkError> {
        let records = self
            .store
            .read(|db| ids(db)?.into_iter().map(|id| links::record(db, id)).collect::<StoreResult<Vec<_>>>())?;
        Ok(records.iter().map(|record| self.shown(record)).collect())
    }

    pub(super) fn record(&self, id: OrderId) -> Result<links::Record, PaylinkError> {
        Ok(self.store.read(move |db| links::record(db, id))?)
    }

    pub(super) fn shown(&self, record: &links::Record) -> PaymentLink {
        record.shown(self.now, |url| self.settings.provider.knows(url))
    }
}

impl Paylink {
    /// One link.
    ///
    /// # Errors
    /// [`PaylinkError::NotFound`].
    pub fn link(&self, id: OrderId) -> Result<PaymentLink, PaylinkError> {
        let view = self.view()?;
        Ok(view.shown(&view.record(id)?))
    }

    /// The link with this merchant reference.
    ///
    /// # Errors
    /// [`PaylinkError::NotFound`].
    pub fn link_by_reference(&self, reference: &str) -> Result<PaymentLink, PaylinkError> {
        let wanted = crate::text::plain(reference);
        let found = self.view()?.store.read(move |db| orders::by_reference(db, &wanted))?;
        self.link(found.ok_or_else(|| PaylinkError::NotFound { what: "link".to_owned() })?)
    }

    /// A link with its lines, sums and timeline.
    ///
    /// # Errors
    /// [`PaylinkError::NotFound`].
    pub fn detail(&self, id: OrderId) -> Result<LinkDetail, PaylinkError> {
        let view = self.view()?;
        let (record, timeline) = view.store.read(move |db| Ok((links::record(db, id)?, events::of_order(db, id)?)))?;
        let sale = &record.order.sale;
        Ok(LinkDetail {
            link: view.shown(&record),
            totals: Totals::of(&sale.items, sale.currency),
            items: sale.items.clone(),
            timeline,
        })
    }

    /// A draft of the same sale: to be changed and sent as another one. It has everything but the reference, and its texts
    /// are read back as they were sold, whatever the configuration says by then.
    ///
    /// # Errors
    /// [`PaylinkError::NotFound`].
    pub fn draft_of(&self, id: OrderId) -> Result<Draft, PaylinkError> {
        Ok(self.view()?.record(id)?.order.sale.to_draft())
    }

    /// A draft of the same sale that is linked to the old one: for what was cancelled, refunded or came to nothing by
    /// mistake. [`Paylink::create`] saves it only while no order of the two, or made of them, is unsent, can be paid or is
    /// paid.
    ///
    /// # Errors
    /// [`PaylinkError::NotAllowed`] as long as that is so; [`PaylinkError::NotFound`].
    pub fn request_again(&self, id: OrderId) -> Result<Draft, PaylinkError> {
        let view = self.view()?;
        let record = view.record(id)?;
        seller::allowed(&record, Action::RequestAgain, view.now)?;
        Ok(Draft { again_of: id.to_string(), ..record.order.sale.to_draft() })
    }

    /// As [`Paylink::draft_of`], of the newest sale; `None` before there is one.
    ///
    /// # Errors
    /// Storage errors.
    pub fn last_sale(&self) -> Result<Option<Draft>, PaylinkError> {
        let newest = self.view()?.store.read(|db| {
            let newest = orders::newest(db)?;
            newest.map(|id| links::record(db, id)).transpose()
        })?;
        Ok(newest.map(|record| record.order.sale.to_draft()))
    }

    /// Links, newest first.
    ///
    /// # Errors
    /// Storage errors.
    pub fn links(&self, filter: LinkFilter, page: Page) -> Result<Vec<PaymentLink>, PaylinkError> {
        let view = self.view()?;
        let now = view.now;
        view.list(move |db| orders::page(db, filter.status, now, page.offset, page.limit))
    }

    /// Links in whose reference, lines or customer every word of a text occurs, newest first; a telephone number is found
    /// however it is written.
    ///
    /// # Errors
    /// Storage errors.
    pub fn search(&self, text: &str) -> Result<Vec<PaymentLink>, PaylinkError> {
        let view = self.view()?;
        let query = Query::read(text, view.settings.region);
        view.list(move |db| search::find(db, &query, Page::default().limit))
    }

    /// How many entries are in each open state.
    ///
    /// # Errors
    /// Storage errors.
    pub fn pending(&self) -> Result<Pending, PaylinkError> {
        let counts = self.view()?.store.read(entries::count_open)?;
        let of = |state| counts.iter().find(|(one, _)| *one == state).map_or(0, |(_, count)| *count);
        Ok(Pending {
            queued: of(EntryState::Queued),
            sending: of(EntryState::Sending),
            waiting: of(EntryState::Waiting),
            unknown: of(EntryState::Unknown),
            held: of(EntryState::Held),
            parked: of(EntryState::Parked),
            exported: of(EntryState::Exported),
        })
    }

    /// What happened to a link, oldest first.
    ///
    /// # Errors
    /// Storage errors.
    pub fn timeline(&self, id: OrderId) -> Result<Vec<TimelineEvent>, PaylinkError> {
        Ok(self.view()?.store.read(move |db| events::of_order(db, id))?)
    }

    /// Events over all links after a cursor, oldest first, at most 500. Without a cursor: those that were not
    /// acknowledged, so that "paid" survives the death of an app that had not shown it yet.
    ///
    /// # Errors
    /// Storage errors.
    pub fn events_since(&self, cursor: Option<i64>) -> Result<Vec<TimelineEvent>, PaylinkError> {
        Ok(self.view()?.store.read(move |db| {
            let from = cursor.map_or_else(|| events::acknowledged(db), Ok)?;
            events::since(db, from, 500)
        })?)
    }

    /// What was sold and paid on a day of the region's calendar.
    ///
    /// # Errors
    /// [`PaylinkError::NotFound`] for the first and the last day there is; storage errors.
    pub fn day(&self, date: Date) -> Result<DayReport, PaylinkError> {
        let view = self.view()?;
        let (zone, now) = (view.settings.region.zone(), view.now);
        Ok(view.store.read(move |db| report::day(db, date, zone, now))?)
    }
}
