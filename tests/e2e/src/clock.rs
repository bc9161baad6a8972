//! The phone's clock in virtual time.

use crate::chance::Chance;
use paylink_core::clock::Clock;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// 24 November 2026, noon: where virtual time begins.
pub const START_MS: i64 = 1_795_521_600_000;

/// The phone's clock: moved by hand, may be wrong, and its chance is seeded.
pub struct PhoneClock {
    state: Mutex<(i64, i64, Chance)>,
}

impl PhoneClock {
    /// A clock that shows `now_ms`.
    #[must_use]
    pub fn new(now_ms: i64, chance: Chance) -> Self {
        Self { state: Mutex::new((now_ms, 0, chance)) }
    }

    /// The same, its chance from a seed.
    #[must_use]
    pub fn seeded(now_ms: i64, seed: u64) -> Self {
        Self::new(now_ms, Chance::new(seed))
    }

    fn state(&self) -> MutexGuard<'_, (i64, i64, Chance)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Time passes.
    pub fn pass(&self, ms: i64) {
        let mut state = self.state();
        state.0 += ms;
        state.1 += ms;
    }

    /// Somebody sets the clock.
    pub fn jump(&self, ms: i64) {
        self.state().0 += ms;
    }
}

impl Clock for PhoneClock {
    fn wall_ms(&self) -> i64 {
        self.state().0
    }
    fn monotonic_ms(&self) -> i64 {
        self.state().1
    }
    fn random(&self) -> u64 {
        self.state().2.number()
    }
}
