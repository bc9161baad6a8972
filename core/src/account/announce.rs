//! Tells listeners of changes, in order, on one thread of its own: a listener that blocks, panics or calls back into
//! the core holds up nobody else.

use super::ports::LinkListener;
use crate::id::OrderId;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, Weak, mpsc};

/// Listeners by the number of their subscription.
type Listening = Mutex<Vec<(u64, Arc<dyn LinkListener>)>>;

/// What changed.
enum Change {
    Link(OrderId, i64),
    Account,
    Catalogue,
}

/// The way to the listeners.
pub struct Announcer {
    listeners: Arc<Listening>,
    changes: mpsc::Sender<Change>,
    next: Mutex<u64>,
}

/// Ends the listening when dropped.
pub struct Subscription {
    id: u64,
    listeners: Weak<Listening>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(listeners) = self.listeners.upgrade() {
            listeners.lock().unwrap_or_else(PoisonError::into_inner).retain(|(id, _)| *id != self.id);
        }
    }
}

impl Announcer {
    /// Starts the thread; it ends when the announcer is dropped.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub fn start() -> std::io::Result<Self> {
        let listeners = Arc::<Listening>::default();
        let (changes, news) = mpsc::channel::<Change>();
        let heard_by = Arc::clone(&listeners);
        std::thread::Builder::new().name("paylink-listener".to_owned()).spawn(move || {
            for change in news {
                let now: Vec<_> = heard_by.lock().unwrap_or_else(PoisonError::into_inner).clone();
                for (_, listener) in now {
                    let tell = || match change {
                        Change::Link(link, cursor) => listener.on_change(link, cursor),
                        Change::Account => listener.on_account_change(),
                        Change::Catalogue => listener.on_catalogue_change(),
                    };
                    if catch_unwind(AssertUnwindSafe(tell)).is_err() {
                        tracing::error!("a listener panicked");
                    }
                }
            }
        })?;
        Ok(Self { listeners, changes, next: Mutex::new(0) })
    }

    /// Adds a listener for as long as the subscription lives.
    pub fn subscribe(&self, listener: Arc<dyn LinkListener>) -> Subscription {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        *next += 1;
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).push((*next, listener));
        Subscription { id: *next, listeners: Arc::downgrade(&self.listeners) }
    }

    /// Says that a link changed; the store calls it after the commit.
    pub fn link_changed(&self, link: OrderId, cursor: i64) {
        let _ = self.changes.send(Change::Link(link, cursor));
    }

    /// Says that goods or customers changed.
    pub fn catalogue_changed(&self) {
        let _ = self.changes.send(Change::Catalogue);
    }

    /// Says that the account changed.
    pub fn account_changed(&self) {
        let _ = self.changes.send(Change::Account);
    }
}
