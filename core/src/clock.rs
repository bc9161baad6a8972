//! Time. The phone's clock may be wrong by hours or jump; the provider's is learnt from the `Date` header of its
//! answers (design rule 10). [`ServerClock::now`] says the provider's time and whether it is known; after a jump of
//! the phone's clock, or a sleep, it counts as unknown until the next answer.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Where the core gets time and chance. Tests bring their own, so that a history can be repeated.
pub trait Clock: Send + Sync + 'static {
    /// UTC milliseconds by the phone's clock.
    fn wall_ms(&self) -> i64;
    /// Milliseconds that only ever grow, from an arbitrary start.
    fn monotonic_ms(&self) -> i64;
    /// A random number: for identities and for spreading retries.
    fn random(&self) -> u64 {
        rand::random()
    }
}

/// The machine's own clocks.
#[derive(Debug)]
pub struct SystemClock(Instant);

impl Default for SystemClock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for SystemClock {
    fn wall_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn monotonic_ms(&self) -> i64 {
        i64::try_from(self.0.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

/// How far the wall clock and the monotonic clock may part before the offset is given up. Drift and the header's
/// whole seconds stay well below it.
const JUMP_MS: i64 = 5_000;

/// Notices that the phone's clock was set back: plans made by the old one lie too far away then.
pub struct SetBack {
    /// The wall clock less the monotonic one. Grows while the phone sleeps.
    apart: i64,
}

impl SetBack {
    /// From now on.
    #[must_use]
    pub fn since_now(clock: &dyn Clock) -> Self {
        Self { apart: clock.wall_ms() - clock.monotonic_ms() }
    }

    /// Whether it was set back since this was last asked.
    pub fn noticed(&mut self, clock: &dyn Clock) -> bool {
        let before = std::mem::replace(self, Self::since_now(clock));
        self.apart < before.apart - JUMP_MS
    }
}

/// What a `Date` header can be behind the true time: it has whole seconds.
const HEADER_STEP_MS: i64 = 1_000;

/// The provider's time as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerTime {
    /// UTC milliseconds.
    pub ms: i64,
    /// False when no answer gave its time and the phone's clock is all there is.
    pub known: bool,
}

#[derive(Clone, Copy)]
struct Anchor {
    wall: i64,
    monotonic: i64,
    /// The provider's time less the phone's; `None` when an answer came without its time.
    offset: Option<i64>,
}

/// The provider's clock, learnt from its answers.
pub struct ServerClock {
    clock: Arc<dyn Clock>,
    anchor: Mutex<Option<Anchor>>,
}

impl ServerClock {
    /// A clock that has learnt nothing yet.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, anchor: Mutex::new(None) }
    }

    /// Takes in an answer: the time of its `Date` header, UTC ms, or that it had none. An answer without a time
    /// never replaces one that is known.
    pub fn learn(&self, date: Option<i64>) {
        let wall = self.clock.wall_ms();
        let before = self.known_ms().map(|now| now - wall);
        let Some(date) = date else {
            if before.is_none() {
                self.set(Anchor { wall, monotonic: self.clock.monotonic_ms(), offset: None });
            }
            return;
        };
        let offset = date - wall;
        // The header drops the fraction of the second: of two offsets that near, the greater is nearer the truth.
        let offset = match before {
            Some(before) if (0..HEADER_STEP_MS).contains(&(before - offset)) => before,
            _ => offset,
        };
        self.set(Anchor { wall, monotonic: self.clock.monotonic_ms(), offset: Some(offset) });
    }

    fn set(&self, anchor: Anchor) {
        *self.anchor.lock().unwrap_or_else(PoisonError::into_inner) = Some(anchor);
    }

    /// The provider's time, or `None` until an answer came (or after the phone's clock jumped).
    #[must_use]
    pub fn now(&self) -> Option<ServerTime> {
        let anchor = (*self.anchor.lock().unwrap_or_else(PoisonError::into_inner))?;
        let wall = self.clock.wall_ms();
        let parted = (wall - anchor.wall) - (self.clock.monotonic_ms() - anchor.monotonic);
        if parted.abs() > JUMP_MS {
            return None;
        }
        Some(ServerTime { ms: wall + anchor.offset.unwrap_or(0), known: anchor.offset.is_some() })
    }

    /// Milliseconds that only ever grow, from an arbitrary start: for waits that no setting of the clock may change.
    #[must_use]
    pub fn monotonic_ms(&self) -> i64 {
        self.clock.monotonic_ms()
    }

    /// The provider's time, UTC ms, where it is known.
    #[must_use]
    pub fn known_ms(&self) -> Option<i64> {
        self.now().filter(|now| now.known).map(|now| now.ms)
    }

    /// The provider's time where it is known, else the phone's: for what is only shown or scheduled.
    #[must_use]
    pub fn best_ms(&self) -> i64 {
        self.now().map_or_else(|| self.clock.wall_ms(), |now| now.ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, Ordering};

    #[derive(Default)]
    struct Hand {
        wall: AtomicI64,
        monotonic: AtomicI64,
    }

    impl Hand {
        fn pass(&self, ms: i64) {
            self.wall.fetch_add(ms, Ordering::SeqCst);
            self.monotonic.fetch_add(ms, Ordering::SeqCst);
        }
    }

    impl Clock for Hand {
        fn wall_ms(&self) -> i64 {
            self.wall.load(Ordering::SeqCst)
        }
        fn monotonic_ms(&self) -> i64 {
            self.monotonic.load(Ordering::SeqCst)
        }
    }

    #[test]
    fn the_providers_time_is_known_after_an_answer_and_goes_on() {
        let hand = Arc::new(Hand::default());
        let server = ServerClock::new(hand.clone());
        assert_eq!(server.now(), None);
        server.learn(Some(1_000_000));
        hand.pass(2_500);
        assert_eq!(server.now(), Some(ServerTime { ms: 1_002_500, known: true }));
    }

    #[test]
    fn a_jump_of_the_phones_clock_makes_it_unknown_until_the_next_answer() {
        let hand = Arc::new(Hand::default());
        let server = ServerClock::new(hand.clone());
        server.learn(Some(1_000_000));
        hand.wall.fetch_sub(3_600_000, Ordering::SeqCst);
        assert_eq!(server.now(), None);
        server.learn(Some(1_000_100));
        assert_eq!(server.now(), Some(ServerTime { ms: 1_000_100, known: true }));
    }

    #[test]
    fn a_clock_that_was_set_back_is_noticed_once_and_a_sleep_is_not_one() {
        let hand = Hand::default();
        let mut set_back = SetBack::since_now(&hand);
        hand.pass(3_600_000);
        assert!(!set_back.noticed(&hand));
        hand.wall.fetch_add(8 * 3_600_000, Ordering::SeqCst);
        assert!(!set_back.noticed(&hand), "asleep, or set forward: what is due is due");
        hand.wall.fetch_sub(3_600_000, Ordering::SeqCst);
        assert!(set_back.noticed(&hand));
        assert!(!set_back.noticed(&hand));
    }

    #[test]
    fn an_answer_without_a_time_leaves_the_phones_clock_and_says_so() {
        let hand = Arc::new(Hand::default());
        hand.pass(77);
        let server = ServerClock::new(hand);
        server.learn(None);
        assert_eq!(server.now(), Some(ServerTime { ms: 77, known: false }));
        server.learn(Some(500));
        server.learn(None);
        assert_eq!(server.now(), Some(ServerTime { ms: 500, known: true }));
    }
}
