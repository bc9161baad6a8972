//! The practice account on this side: where its provider keeps its pages, and that nobody signs in to it.

use super::Context;
use crate::error::PaylinkError;
use crate::gateway::{Book, BookError, SESSIONS};
use crate::store::rows::meta;
use crate::store::{Store, StoreError, StoreResult};
use std::sync::Arc;

/// The pages stand among the small facts of the database, below this.
const PAGES: &str = "practice/";

/// The pages of the practice provider, in the account's own database.
pub(super) struct Pages(pub(super) Arc<Store>);

impl Book for Pages {
    fn page(&self, name: &str) -> Result<Option<String>, BookError> {
        let key = format!("{PAGES}{name}");
        told(self.0.read(move |db| meta::get(db, &key)))
    }

    fn sessions(&self) -> Result<Vec<String>, BookError> {
        told(self.0.read(|db| meta::below(db, &format!("{PAGES}{SESSIONS}"))))
    }

    fn write(&self, name: &str, text: &str) -> Result<(), BookError> {
        let (key, text) = (format!("{PAGES}{name}"), text.to_owned());
        told(self.0.write(move |db| meta::put(db, &key, &text)))
    }
}

fn told<T>(done: StoreResult<T>) -> Result<T, BookError> {
    done.map_err(|error| {
        if !matches!(error, StoreError::Closed) {
            tracing::warn!(%error, "a page of the practice account could not be used");
        }
        BookError
    })
}

impl Context {
    /// So much time passes for the practice provider and its customers.
    ///
    /// # Errors
    /// [`PaylinkError::Config`] where the account is another; storage errors.
    pub fn skip(&self, ms: i64) -> Result<(), PaylinkError> {
        let Some(practice) = &self.practice else {
            return Err(PaylinkError::config("account", "is not the practice account"));
        };
        practice.skip(ms).map_err(|error| StoreError::Io(std::io::Error::other(error)))?;
        self.keep_time();
        Ok(())
    }
}

/// Said of signing in and out where there is nothing to sign in to.
pub(super) fn takes_no_credentials() -> PaylinkError {
    PaylinkError::config("account", "the practice account takes no credentials")
}
