//! An opening that can be broken off: a phone that goes to sleep does not wait for a large database to be looked through.
//! Every step of an opening can be cut off anyway, and is taken up again by the next one.

use crate::store::{StoreError, StoreResult};
use rusqlite::{Connection, InterruptHandle};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The wish to break off, and the way to what is running.
#[derive(Clone, Default)]
pub struct Abort(Arc<Inner>);

#[derive(Default)]
struct Inner {
    wanted: AtomicBool,
    running: Mutex<Option<InterruptHandle>>,
}

impl Abort {
    /// Breaks off what is running, and whatever begins after it.
    pub fn ask(&self) {
        self.0.wanted.store(true, Ordering::SeqCst);
        if let Some(running) = &*self.0.running.lock().unwrap_or_else(PoisonError::into_inner) {
            running.interrupt();
        }
    }

    /// From now on this connection is what is running.
    ///
    /// # Errors
    /// As [`Abort::check`].
    pub fn watch(&self, connection: &Connection) -> StoreResult<()> {
        *self.0.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection.get_interrupt_handle());
        self.check()
    }

    /// Whether to go on.
    ///
    /// # Errors
    /// [`StoreError::Closed`] when it shall be broken off.
    pub fn check(&self) -> StoreResult<()> {
        if self.0.wanted.load(Ordering::SeqCst) { Err(StoreError::Closed) } else { Ok(()) }
    }

    /// What was broken off by us is no fault of the disk.
    pub fn said<T>(&self, result: StoreResult<T>) -> StoreResult<T> {
        match result {
            Err(StoreError::Sqlite(_)) if self.0.wanted.load(Ordering::SeqCst) => Err(StoreError::Closed),
            other => other,
        }
    }
}
