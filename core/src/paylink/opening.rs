//! An opening under way: who asked for it waits, `suspend` and `close` break it off, everybody else gets its result.

use crate::store::Abort;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// An opening under way.
#[derive(Default)]
pub(super) struct Opening {
    pub(super) abort: Abort,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    over: bool,
    /// It shall be broken off; whether for good.
    wanted: Option<bool>,
}

/// Tells that it is over, however it ends.
pub(super) struct Ends<'a>(&'a Opening);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.lock().over = true;
        self.0.changed.notify_all();
    }
}

impl Opening {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) const fn ends(&self) -> Ends<'_> {
        Ends(self)
    }

    /// Breaks it off; once it shall be closed for good, that stays.
    pub(super) fn break_off(&self, for_good: bool) {
        let mut state = self.lock();
        state.wanted = Some(for_good || state.wanted == Some(true));
        drop(state);
        self.abort.ask();
    }

    /// Whether it was broken off, and whether for good.
    pub(super) fn wanted(&self) -> Option<bool> {
        self.lock().wanted
    }

    /// Waits for its end.
    pub(super) fn wait(&self) {
        let over = self.changed.wait_while(self.lock(), |state| !state.over);
        drop(over.unwrap_or_else(PoisonError::into_inner));
    }

    /// Waits for its end, until then at the latest. What is running is told again and again: a query that had not begun
    /// when it was broken off begins after it.
    pub(super) fn wait_until(&self, until: Instant) {
        let mut state = self.lock();
        while !state.over && Instant::now() < until {
            self.abort.ask();
            let look = std::time::Duration::from_millis(5);
            state = self.changed.wait_timeout(state, look).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}
