//! The catalogue: goods and customers. Nothing here waits for the network.

use super::Paylink;
use crate::error::{PaylinkError, contained};
use crate::record::{CatalogueItem, CustomerId, GoodsRead, ItemDraft, ItemId, KnownCustomer, Problem};
use paylink_core::catalogue::{Forgotten, GoodsImported};

#[uniffi::export]
impl Paylink {
    /// The goods, in the order made by hand.
    ///
    /// # Errors
    /// `storage`.
    pub fn items(&self) -> Result<Vec<CatalogueItem>, PaylinkError> {
        contained(|| self.core.items()).map(|items| items.into_iter().map(Into::into).collect())
    }

    /// Every problem of an item, as typed. Saves nothing and waits for nothing.
    ///
    /// # Errors
    /// `suspended`, `closed`.
    pub fn check_item(&self, item: ItemDraft) -> Result<Vec<Problem>, PaylinkError> {
        contained(|| self.core.check_item(&item.into())).map(|found| found.into_iter().map(Into::into).collect())
    }

    /// Saves an item: a new one behind all others, or one that is there in its place.
    ///
    /// # Errors
    /// `refused` with every problem, `not_found` for an item that is not there, `storage`.
    pub fn save_item(&self, item: ItemDraft) -> Result<CatalogueItem, PaylinkError> {
        contained(|| self.core.save_item(&item.into())).map(Into::into)
    }

    /// Removes an item. Sales that were made of it stay as they are.
    ///
    /// # Errors
    /// `not_found`, `storage`.
    pub fn remove_item(&self, id: ItemId) -> Result<(), PaylinkError> {
        contained(|| self.core.remove_item(&id.0))
    }

    /// Puts an item before another; behind all when `before` is null.
    ///
    /// # Errors
    /// `not_found` when one of them is not there, `storage`.
    #[uniffi::method(default(before = None))]
    pub fn move_item(&self, id: ItemId, before: Option<ItemId>) -> Result<(), PaylinkError> {
        contained(|| self.core.move_item(&id.0, before.as_ref().map(|id| id.0.as_str())))
    }

    /// What a file of goods holds: a table that a spreadsheet or another till wrote, in any of their encodings. Takes
    /// nothing and waits for nothing.
    ///
    /// # Errors
    /// `suspended`, `closed`.
    pub fn read_items(&self, bytes: Vec<u8>) -> Result<GoodsRead, PaylinkError> {
        contained(|| self.core.read_items(&bytes)).map(Into::into)
    }

    /// Saves many items in one transaction, such as those that `read_items` gave: an item with the number of one that is
    /// there changes it.
    ///
    /// # Errors
    /// `refused` with every problem, its `line` the place in the list; `storage`. Nothing was saved then.
    pub fn import_items(&self, items: Vec<ItemDraft>) -> Result<GoodsImported, PaylinkError> {
        let items: Vec<_> = items.into_iter().map(Into::into).collect();
        contained(|| self.core.import_items(&items))
    }

    /// The goods as a file for spreadsheets, which `read_items` reads again. Write it as UTF-8, unchanged.
    ///
    /// # Errors
    /// `storage`.
    pub fn export_items(&self) -> Result<String, PaylinkError> {
        contained(|| self.core.export_items())
    }

    /// Those who bought last, the latest first.
    ///
    /// # Errors
    /// `storage`.
    #[uniffi::method(default(limit = 20))]
    pub fn recent_customers(&self, limit: u32) -> Result<Vec<KnownCustomer>, PaylinkError> {
        contained(|| self.core.recent_customers(limit)).map(known)
    }

    /// Customers in whose name, phone number or e-mail address each word of a text begins one, the latest first, at most
    /// 50. A phone number also by its last four digits.
    ///
    /// # Errors
    /// `storage`.
    pub fn search_customers(&self, text: String) -> Result<Vec<KnownCustomer>, PaylinkError> {
        contained(|| self.core.search_customers(&text)).map(known)
    }

    /// Forgets a customer: who it was is erased everywhere, for good; amounts, lines and references stay. Ask first.
    ///
    /// # Errors
    /// `still_needed` with the references of orders that are unsent, held, or can still be paid; `not_found`, `storage`.
    pub fn forget_customer(&self, id: CustomerId) -> Result<Forgotten, PaylinkError> {
        contained(|| self.core.forget_customer(&id.0))
    }

    /// Deletes the files of a damaged database that were set aside, at once, and gives their names. Ask first: without
    /// it they go 30 days after the recovery, once it is acknowledged.
    ///
    /// # Errors
    /// `storage`.
    pub fn delete_set_aside(&self) -> Result<Vec<String>, PaylinkError> {
        contained(|| self.core.delete_set_aside())
    }
}

fn known(customers: Vec<paylink_core::catalogue::KnownCustomer>) -> Vec<KnownCustomer> {
    customers.into_iter().map(Into::into).collect()
}
