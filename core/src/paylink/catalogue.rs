//! The catalogue: goods and customers. Each call is one durable transaction or one read.

use super::{Paylink, State};
use crate::account::cached_profile;
use crate::catalogue::{self, CatalogueItem, Forgotten, GoodsImported, GoodsRead, ItemDraft, KnownCustomer};
use crate::clock::PhoneTime;
use crate::error::PaylinkError;
use crate::order::{Problem, Rules};
use std::sync::Arc;

impl Paylink {
    /// The goods, in the order made by hand.
    ///
    /// # Errors
    /// Storage errors.
    pub fn items(&self) -> Result<Vec<CatalogueItem>, PaylinkError> {
        catalogue::all(&self.view()?.store)
    }

    /// Every problem of an item, by the checks of a draft. Saves nothing; what only the store can tell, `save_item` says.
    ///
    /// # Errors
    /// [`PaylinkError::Suspended`], [`PaylinkError::Closed`].
    pub fn check_item(&self, item: &ItemDraft) -> Result<Vec<Problem>, PaylinkError> {
        Ok(catalogue::check(item, &self.rules()?, None).1)
    }

    /// Saves an item, new or changed.
    ///
    /// # Errors
    /// [`PaylinkError::Refused`] with every problem, [`PaylinkError::NotFound`] for one that is not there.
    pub fn save_item(&self, item: &ItemDraft) -> Result<CatalogueItem, PaylinkError> {
        let ctx = self.context()?;
        let saved = catalogue::save(&ctx.store, &*ctx.clock, item, &ctx.rules())?;
        ctx.announcer.catalogue_changed();
        Ok(saved)
    }

    /// Removes an item; sales that were made of it stay as they are.
    ///
    /// # Errors
    /// [`PaylinkError::NotFound`].
    pub fn remove_item(&self, id: &str) -> Result<(), PaylinkError> {
        let ctx = self.context()?;
        catalogue::remove(&ctx.store, id)?;
        ctx.announcer.catalogue_changed();
        Ok(())
    }

    /// Puts an item before another; behind all without one.
    ///
    /// # Errors
    /// [`PaylinkError::NotFound`] when one of them is not there.
    pub fn move_item(&self, id: &str, before: Option<&str>) -> Result<(), PaylinkError> {
        let ctx = self.context()?;
        catalogue::move_to(&ctx.store, id, before)?;
        ctx.announcer.catalogue_changed();
        Ok(())
    }

    /// What a file of goods holds: a table that a spreadsheet or another till wrote. Pure: take what is shown by
    /// [`Paylink::import_items`], once the seller said so.
    ///
    /// # Errors
    /// [`PaylinkError::Suspended`], [`PaylinkError::Closed`].
    pub fn read_items(&self, bytes: &[u8]) -> Result<GoodsRead, PaylinkError> {
        Ok(catalogue::read(bytes, &self.rules()?))
    }

    /// Saves many items in one transaction: new ones behind all others, those that are there in their places.
    ///
    /// # Errors
    /// [`PaylinkError::Refused`] with every problem, by the place in the list: nothing was saved then.
    pub fn import_items(&self, items: &[ItemDraft]) -> Result<GoodsImported, PaylinkError> {
        let ctx = self.context()?;
        let done = catalogue::import(&ctx.store, &*ctx.clock, items, &ctx.rules())?;
        ctx.announcer.catalogue_changed();
        Ok(done)
    }

    /// The goods as a file for spreadsheets, which [`Paylink::read_items`] reads again: to be written as UTF-8, as it is.
    ///
    /// # Errors
    /// Storage errors.
    pub fn export_items(&self) -> Result<String, PaylinkError> {
        let view = self.view()?;
        Ok(catalogue::write(&catalogue::all(&view.store)?, view.settings.language))
    }

    /// Those who bought last, the latest first.
    ///
    /// # Errors
    /// Storage errors.
    pub fn recent_customers(&self, limit: u32) -> Result<Vec<KnownCustomer>, PaylinkError> {
        catalogue::recent(&self.view()?.store, limit)
    }

    /// Customers in whose name, telephone number or mail each word of a text begins one, the latest first, at most 50.
    ///
    /// # Errors
    /// Storage errors.
    pub fn search_customers(&self, text: &str) -> Result<Vec<KnownCustomer>, PaylinkError> {
        let view = self.view()?;
        catalogue::find(&view.store, text, view.settings.region)
    }

    /// Forgets a customer: who it was is erased everywhere, and amounts, lines and references stay.
    ///
    /// # Errors
    /// [`PaylinkError::StillNeeded`] with the orders that are unsent, held, or can still be paid;
    /// [`PaylinkError::NotFound`].
    pub fn forget_customer(&self, id: &str) -> Result<Forgotten, PaylinkError> {
        let id = id.parse().map_err(|_| PaylinkError::NotFound { what: "customer".to_owned() })?;
        let ctx = self.context()?;
        let forgotten = catalogue::forget(&ctx.store, &ctx.settings.data_dir, id, ctx.moment())?;
        ctx.announcer.catalogue_changed();
        Ok(forgotten)
    }

    /// Deletes the files of a damaged database that were set aside, at once: after a person was asked. Gives their names.
    ///
    /// # Errors
    /// Storage errors.
    pub fn delete_set_aside(&self) -> Result<Vec<String>, PaylinkError> {
        let ctx = self.context()?;
        Ok(crate::store::delete_set_aside(&ctx.settings.data_dir, i64::MAX)?)
    }

    /// What is typed is checked against; also of who only reads.
    pub(super) fn rules(&self) -> Result<Rules, PaylinkError> {
        let store = match &*self.lock() {
            State::ReadOnly(store, _) => Arc::clone(store),
            State::Live(live) => return Ok(live.ctx.rules()),
            State::Opening(_) | State::Suspended => return Err(PaylinkError::Suspended),
            State::Closed => return Err(PaylinkError::Closed),
        };
        let methods = store.read(cached_profile)?.map(|profile| profile.methods);
        Ok(self.settings.rules(PhoneTime::from_ms(self.clock.wall_ms()), methods))
    }
}
