//! [`Paylink`], the one object: opening, listening, and the phone's life. Each call is one call of the core.

mod catalogue;
mod read;
mod sell;
mod work;

use crate::error::{PaylinkError, contained};
use crate::ports::{LinkListener, Port, SecureStore, TokenSource, ports};
use crate::record::Config;
use paylink_core::account;
use paylink_core::clock::SystemClock;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// The core: payment links that are safe on the phone before they are sent. One per data directory; keep it for as
/// long as the app runs.
///
/// Calls may come from any thread. `sign_in`, `sync` and `work_due` wait for the network; all others wait for the
/// store at most, and belong off the main thread all the same. `check` is cheap enough for each keystroke.
#[derive(uniffi::Object)]
pub struct Paylink {
    core: paylink_core::Paylink,
    listening: Mutex<Vec<Weak<Subscription>>>,
}

/// A listener's place. It ends with `cancel`, when the core is closed, or when it is let go of.
#[derive(uniffi::Object)]
pub struct Subscription {
    held: Mutex<Option<account::Subscription>>,
}

#[uniffi::export]
impl Subscription {
    /// Ends the listening; a change that is being told right now may still arrive. Again: nothing.
    pub fn cancel(&self) {
        drop(self.held.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

#[uniffi::export]
impl Paylink {
    /// Opens the core on its data directory and takes the directory's exclusive lock. Recovers a damaged database:
    /// ask `recovered` afterwards. What waits goes out by itself from now on.
    ///
    /// # Errors
    /// `config` with the field that is wrong, `in_use`, `storage`.
    #[uniffi::constructor(default(token_source = None))]
    pub fn open(
        config: Config,
        secure_store: Arc<dyn SecureStore>,
        token_source: Option<Arc<dyn TokenSource>>,
    ) -> Result<Arc<Self>, PaylinkError> {
        Self::of(|| paylink_core::Paylink::open(&config.into(), ports(secure_store, token_source)))
    }

    /// As `open`, but nothing happens by itself: ask `next_due` and call `work_due`. For an app with a scheduler of its
    /// own.
    ///
    /// # Errors
    /// As `open`.
    #[uniffi::constructor(default(token_source = None))]
    pub fn open_unscheduled(
        config: Config,
        secure_store: Arc<dyn SecureStore>,
        token_source: Option<Arc<dyn TokenSource>>,
    ) -> Result<Arc<Self>, PaylinkError> {
        let clock = Arc::new(SystemClock::default());
        let ports = ports(secure_store, token_source);
        Self::of(|| paylink_core::Paylink::open_unscheduled(&config.into(), ports, clock))
    }

    /// Opens a data directory for reading beside its owner, such as an app's widget: nothing is sent or written, and
    /// calls that would answer `in_use`.
    ///
    /// # Errors
    /// `config`, `storage`; there must be a database.
    #[uniffi::constructor]
    pub fn open_read_only(config: Config) -> Result<Arc<Self>, PaylinkError> {
        Self::of(|| paylink_core::Paylink::open_read_only(&config.into()))
    }

    /// Hears of every change until the subscription is cancelled or let go of, across `suspend` and `resume`. Read
    /// what to show after subscribing, so that no change falls between.
    ///
    /// The core holds the listener for that long. A listener that holds the core, too, makes a circle: let it hold the
    /// core weakly, or cancel.
    ///
    /// # Errors
    /// `internal`.
    pub fn subscribe(&self, listener: Arc<dyn LinkListener>) -> Result<Arc<Subscription>, PaylinkError> {
        contained(|| {
            let held = self.core.subscribe(Arc::new(Port(listener)));
            let subscription = Arc::new(Subscription { held: Mutex::new(Some(held)) });
            let mut listening = self.listening.lock().unwrap_or_else(PoisonError::into_inner);
            listening.retain(|one| one.strong_count() > 0);
            listening.push(Arc::downgrade(&subscription));
            Ok::<_, PaylinkError>(subscription)
        })
    }

    /// Stops all work, closes the database and releases the lock, within 3 s; requests under way are given up and
    /// looked up later. Calls answer `suspended` until `resume`. For iOS: before the app is suspended.
    ///
    /// # Errors
    /// `internal`.
    pub fn suspend(&self) -> Result<(), PaylinkError> {
        contained(|| {
            self.core.suspend();
            Ok::<_, PaylinkError>(())
        })
    }

    /// Opens the database again after `suspend`; nothing when it is open.
    ///
    /// # Errors
    /// As `open`; `closed` after `close`.
    pub fn resume(&self) -> Result<(), PaylinkError> {
        contained(|| self.core.resume())
    }

    /// As `suspend`, for good, and ends every subscription. Calls answer `closed` from now on.
    ///
    /// # Errors
    /// `internal`.
    pub fn close(&self) -> Result<(), PaylinkError> {
        contained(|| {
            self.core.close();
            let listening = std::mem::take(&mut *self.listening.lock().unwrap_or_else(PoisonError::into_inner));
            listening.iter().filter_map(Weak::upgrade).for_each(|one| one.cancel());
            Ok::<_, PaylinkError>(())
        })
    }
}

impl Paylink {
    fn of(
        open: impl FnOnce() -> Result<paylink_core::Paylink, paylink_core::PaylinkError>,
    ) -> Result<Arc<Self>, PaylinkError> {
        contained(open).map(|core| Arc::new(Self { core, listening: Mutex::default() }))
    }
}

#[cfg(test)]
mod tests;
