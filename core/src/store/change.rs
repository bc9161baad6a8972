//! One durable change of one link: the record is loaded in the transaction, entries and session are written through it,
//! events told to it; at its end the standing is derived once, all of it is written, and after the commit it is announced
//! by the store's thread ([`super::Store::change`]). Nothing else writes what a shell shows of a link.

use super::rows::links::{self, Record};
use super::rows::orders::OrderState;
use super::rows::sessions::SessionRow;
use super::rows::{Entry, entries, events, orders, sessions};
use super::{Announced, StoreResult};
use crate::clock::{PhoneTime, ProviderTime};
use crate::id::{EntryId, OrderId};
use crate::link::{EventKind, NewEvent};
use rusqlite::Transaction;

/// The moment of a change, by both clocks.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// By the phone: what is planned.
    pub phone: PhoneTime,
    /// By the provider, as far as it is known: what happened, and what the status is derived at.
    pub provider: ProviderTime,
}

/// A link under change.
pub struct LinkChange<'a> {
    db: &'a Transaction<'a>,
    at: Moment,
    record: Record,
    before: OrderState,
    touched: bool,
    others: Vec<OrderId>,
    news: Vec<NewEvent>,
}

impl<'a> LinkChange<'a> {
    /// Does one change within a transaction that may hold several. What it told is put behind `announced`.
    ///
    /// # Errors
    /// What the work returns; [`crate::PaylinkError::NotFound`] when there is no such link.
    pub fn run<T>(
        db: &'a Transaction<'a>,
        announced: &mut Vec<Announced>,
        link: OrderId,
        at: Moment,
        work: impl FnOnce(&mut Self) -> StoreResult<T>,
    ) -> StoreResult<T> {
        let record = links::record(db, link)?;
        let before = record.state.clone();
        let mut change = Self { db, at, record, before, touched: false, others: Vec::new(), news: Vec::new() };
        let found = work(&mut change)?;
        change.finish(announced)?;
        Ok(found)
    }

    /// When it is made.
    #[must_use]
    pub const fn at(&self) -> Moment {
        self.at
    }

    /// The transaction, for what is not of this link alone.
    #[must_use]
    pub const fn db(&self) -> &'a Transaction<'a> {
        self.db
    }

    /// What is known of the link by now.
    #[must_use]
    pub const fn record(&self) -> &Record {
        &self.record
    }

    /// What became of the order, to be changed.
    pub const fn state(&mut self) -> &mut OrderState {
        &mut self.record.state
    }

    /// An entry as it stands now.
    #[must_use]
    pub fn entry(&self, id: EntryId) -> Option<&Entry> {
        self.record.entries.iter().find(|entry| entry.id == id)
    }

    /// Writes an entry, new or read in this change.
    ///
    /// # Errors
    /// [`super::StoreError::Moved`] when it was read elsewhere and has changed since.
    pub fn save_entry(&mut self, mut entry: Entry) -> StoreResult<()> {
        entries::save(self.db, &mut entry)?;
        self.touched = true;
        match self.record.entries.iter_mut().find(|one| one.id == entry.id) {
            Some(place) => *place = entry,
            None => self.record.entries.push(entry),
        }
        Ok(())
    }

    /// Writes a session of the link, the current one or another.
    ///
    /// # Errors
    /// Storage errors.
    pub fn save_session(&mut self, row: &SessionRow) -> StoreResult<()> {
        sessions::save(self.db, row)?;
        self.touched = true;
        if self.record.session.as_ref().is_some_and(|current| current.id == row.id) {
            self.record.session = Some(row.clone());
        }
        Ok(())
    }

    /// Makes a session the link.
    ///
    /// # Errors
    /// Storage errors.
    pub fn set_link(&mut self, session: &str) -> StoreResult<()> {
        self.record.state.session_id = Some(session.to_owned());
        self.record.session = sessions::get(self.db, session)?;
        Ok(())
    }

    /// Adds an event to the timeline; one that is there already adds nothing.
    pub fn tell(&mut self, event: NewEvent) {
        self.news.push(event);
    }

    /// Whether an event of this kind is on the timeline, from here or from before.
    ///
    /// # Errors
    /// Storage errors.
    pub fn has_told(&self, kind: EventKind) -> StoreResult<bool> {
        Ok(self.news.iter().any(|event| event.kind == kind) || events::has(self.db, self.record.order.id, kind)?)
    }

    /// Whether just this event is on the timeline already.
    ///
    /// # Errors
    /// Storage errors.
    pub fn is_told(&self, event: &NewEvent) -> StoreResult<bool> {
        Ok(self.news.iter().any(|one| one.key == event.key)
            || events::is_told(self.db, self.record.order.id, &event.key)?)
    }

    /// Something that a shell shows has changed elsewhere: it is announced with the rest.
    pub const fn touch(&mut self) {
        self.touched = true;
    }

    /// Times of other links have changed with it: they are announced as well.
    pub fn touch_others(&mut self, links: Vec<OrderId>) {
        self.others.extend(links);
    }

    fn finish(mut self, announced: &mut Vec<Announced>) -> StoreResult<()> {
        let id = self.record.order.id;
        for event in &self.news {
            let at = ProviderTime::from_ms(event.at);
            if event.kind == EventKind::Opened {
                self.record.state.opened_at.get_or_insert(at);
            }
            if event.kind.is_payment() && event.kind != EventKind::OnHold {
                self.record.state.paid_at.get_or_insert(at);
            }
        }
        let cursors = events::append(self.db, id, &self.news)?;
        let state_changed = self.record.state != self.before;
        if state_changed || self.touched || !cursors.is_empty() {
            orders::save_state(self.db, id, &self.record.state, self.record.standing())?;
        }
        if cursors.is_empty() && (self.touched || state_changed) {
            announced.push(Announced { link: id, cursor: events::last_cursor(self.db)? });
        }
        announced.extend(cursors.into_iter().map(|cursor| Announced { link: id, cursor }));
        announce(self.db, announced, self.others)
    }
}

/// Times of these links have changed, and nothing else: they are announced without an event.
///
/// # Errors
/// Storage errors.
pub fn announce(db: &Transaction<'_>, announced: &mut Vec<Announced>, links: Vec<OrderId>) -> StoreResult<()> {
    if !links.is_empty() {
        let cursor = events::last_cursor(db)?;
        announced.extend(links.into_iter().map(|link| Announced { link, cursor }));
    }
    Ok(())
}
