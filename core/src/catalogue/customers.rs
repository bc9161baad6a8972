//! Who bought: the latest, and those that a person types the beginning of.

use crate::error::PaylinkError;
use crate::id::CustomerId;
use crate::money::Region;
use crate::store::Store;
use crate::store::rows::Query;
use crate::store::rows::customers::{self, CustomerRow};
use serde::Serialize;
use std::fmt;

/// How many a search gives at most.
const MAX_FOUND: u32 = 50;

/// A customer, apart from the orders.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct KnownCustomer {
    /// Its identity.
    pub id: CustomerId,
    /// As it was given last.
    pub name: Option<String>,
    /// In E.164.
    pub phone: Option<String>,
    /// As it was given last.
    pub email: Option<String>,
    /// How many orders there are.
    pub orders: u32,
    /// When the last of them was saved, UTC ms by the phone.
    pub last_order_at: i64,
}

impl fmt::Debug for KnownCustomer {
    /// Leaves out who it is (rule 8).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnownCustomer").field("id", &self.id).field("orders", &self.orders).finish_non_exhaustive()
    }
}

impl From<CustomerRow> for KnownCustomer {
    fn from(row: CustomerRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            phone: row.phone,
            email: row.email,
            orders: row.orders,
            last_order_at: row.last_at.ms(),
        }
    }
}

/// Those who bought last, the latest first.
///
/// # Errors
/// Storage errors.
pub(crate) fn recent(store: &Store, limit: u32) -> Result<Vec<KnownCustomer>, PaylinkError> {
    Ok(shown(store.read(move |db| customers::recent(db, limit))?))
}

/// Those in whose name, number or mail each word that was typed begins one, the latest first.
///
/// # Errors
/// Storage errors.
pub(crate) fn find(store: &Store, text: &str, region: Region) -> Result<Vec<KnownCustomer>, PaylinkError> {
    let query = Query::read(text, region);
    Ok(shown(store.read(move |db| customers::find(db, &query, MAX_FOUND))?))
}

fn shown(rows: Vec<CustomerRow>) -> Vec<KnownCustomer> {
    rows.into_iter().map(Into::into).collect()
}
