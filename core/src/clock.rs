//! Time. The phone's clock may be wrong by hours or jump; the provider's is learnt from the `Date` header of its
//! answers (rule 10). [`ServerClock::now`] says the provider's time and whether it is known; after a jump of
//! the phone's clock, or a sleep, it counts as unknown until the next answer. What was learnt is kept across processes
//! (`ServerClock::kept`): it is the best guess there is, and nothing is decided by it for good.
//!
//! The two clocks are two types. [`PhoneTime`] plans what the phone does; [`ProviderTime`] is what happened, and what a
//! link's status is derived at.

use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

macro_rules! time {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// A moment, UTC ms.
            #[must_use]
            pub const fn from_ms(ms: i64) -> Self {
                Self(ms)
            }

            /// UTC ms.
            #[must_use]
            pub const fn ms(self) -> i64 {
                self.0
            }

            /// So many milliseconds later.
            #[must_use]
            pub const fn plus(self, ms: i64) -> Self {
                Self(self.0.saturating_add(ms))
            }

            /// Milliseconds that have passed since an earlier moment of the same clock.
            #[must_use]
            pub const fn since(self, earlier: Self) -> i64 {
                self.0.saturating_sub(earlier.0)
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                self.0.to_sql()
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                i64::column_result(value).map(Self)
            }
        }
    };
}

time! {
    /// A moment by the phone's clock, UTC ms.
    PhoneTime
}
time! {
    /// A moment by the provider's clock, UTC ms: known, or the best guess that there is.
    ProviderTime
}

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
    /// The moment.
    pub at: ProviderTime,
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

impl Anchor {
    /// How far the wall clock has run ahead of the monotonic one since: it was set, or the phone slept.
    fn parted(&self, clock: &dyn Clock) -> i64 {
        (clock.wall_ms() - self.wall) - (clock.monotonic_ms() - self.monotonic)
    }
}

/// What was learnt of the provider's clock, as it is kept for the next process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptTime {
    /// The provider's time less the phone's, ms.
    pub offset: i64,
    /// When that was learnt: it is not earlier now.
    pub learnt_at: ProviderTime,
}

/// An offset that has changed by less than this is not worth a write; the header's whole seconds move it all the time.
const WORTH_KEEPING_MS: i64 = 5_000;

/// The provider's clock, learnt from its answers.
pub struct ServerClock {
    clock: Arc<dyn Clock>,
    anchor: Mutex<Option<Anchor>>,
    kept: Mutex<Option<KeptTime>>,
}

impl ServerClock {
    /// A clock that has learnt nothing yet.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, anchor: Mutex::new(None), kept: Mutex::new(None) }
    }

    /// With what an earlier process has learnt.
    #[must_use]
    pub fn remembering(self, kept: Option<KeptTime>) -> Self {
        Self { kept: Mutex::new(kept), ..self }
    }

    /// Takes in an answer: the time of its `Date` header, UTC ms, or that it had none. An answer without a time
    /// never replaces one that is known.
    pub fn learn(&self, date: Option<i64>) {
        let wall = self.clock.wall_ms();
        let before = self.known().map(|now| now.ms() - wall);
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

    fn anchor(&self) -> Option<Anchor> {
        *self.anchor.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The provider's time, or `None` until an answer came (or after the phone's clock jumped).
    #[must_use]
    pub fn now(&self) -> Option<ServerTime> {
        let anchor = self.anchor().filter(|anchor| anchor.parted(&*self.clock).abs() <= JUMP_MS)?;
        let at = self.clock.wall_ms() + anchor.offset.unwrap_or(0);
        Some(ServerTime { at: ProviderTime(at), known: anchor.offset.is_some() })
    }

    /// UTC milliseconds by the phone's clock.
    #[must_use]
    pub fn wall_ms(&self) -> i64 {
        self.clock.wall_ms()
    }

    /// Milliseconds that only ever grow, from an arbitrary start: for waits that no setting of the clock may change.
    #[must_use]
    pub fn monotonic_ms(&self) -> i64 {
        self.clock.monotonic_ms()
    }

    /// The provider's time where it is known.
    #[must_use]
    pub fn known(&self) -> Option<ProviderTime> {
        self.now().filter(|now| now.known).map(|now| now.at)
    }

    /// The provider's time where it is known, else the best guess: by what this or an earlier process has learnt, and
    /// never before that; else the phone's. For what is shown and what is planned, not for what is proven.
    #[must_use]
    pub fn best(&self) -> ProviderTime {
        if let Some(now) = self.now().filter(|now| now.known) {
            return now.at;
        }
        let wall = self.clock.wall_ms();
        let kept = || self.kept.lock().unwrap_or_else(PoisonError::into_inner).as_ref().copied();
        let guess = match self.anchor().and_then(|anchor| anchor.offset.map(|offset| (anchor, offset))) {
            // Set back: only the monotonic clock still tells how long it was.
            Some((anchor, offset)) if anchor.parted(&*self.clock) < 0 => {
                anchor.wall + offset + (self.clock.monotonic_ms() - anchor.monotonic)
            }
            Some((_, offset)) => wall + offset,
            None => kept().map_or(wall, |kept| (wall + kept.offset).max(kept.learnt_at.ms())),
        };
        ProviderTime(guess)
    }

    /// What is to be kept for the next process, when it differs from what is: call [`ServerClock::keep`] once it is.
    #[must_use]
    pub fn to_keep(&self) -> Option<KeptTime> {
        let known = self.known()?;
        let learnt = KeptTime { offset: known.ms() - self.clock.wall_ms(), learnt_at: known };
        let kept = *self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.is_none_or(|kept| (kept.offset - learnt.offset).abs() >= WORTH_KEEPING_MS).then_some(learnt)
    }

    /// It is kept.
    pub fn keep(&self, kept: KeptTime) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
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
        assert_eq!(server.now(), Some(ServerTime { at: ProviderTime(1_002_500), known: true }));
    }

    #[test]
    fn a_jump_of_the_phones_clock_makes_it_unknown_until_the_next_answer() {
        let hand = Arc::new(Hand::default());
        let server = ServerClock::new(hand.clone());
        server.learn(Some(1_000_000));
        hand.wall.fetch_sub(3_600_000, Ordering::SeqCst);
        assert_eq!(server.now(), None);
        server.learn(Some(1_000_100));
        assert_eq!(server.now(), Some(ServerTime { at: ProviderTime(1_000_100), known: true }));
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
        assert_eq!(server.now(), Some(ServerTime { at: ProviderTime(77), known: false }));
        server.learn(Some(500));
        server.learn(None);
        assert_eq!(server.now(), Some(ServerTime { at: ProviderTime(500), known: true }));
    }

    #[test]
    fn what_an_earlier_process_has_learnt_is_the_best_guess_and_never_known() {
        let hand = Arc::new(Hand::default());
        let ahead = 2 * 86_400_000;
        hand.pass(1_000_000 + ahead);
        let kept = KeptTime { offset: -ahead, learnt_at: ProviderTime(900_000) };
        let server = ServerClock::new(hand.clone()).remembering(Some(kept));
        assert_eq!((server.best(), server.known()), (ProviderTime(1_000_000), None));
        hand.wall.store(5, Ordering::SeqCst);
        assert_eq!(server.best(), ProviderTime(900_000), "it is not earlier than when it was learnt");
        server.learn(Some(1_000_500));
        assert_eq!(server.to_keep().map(|kept| kept.learnt_at), Some(ProviderTime(1_000_500)));
        server.keep(server.to_keep().unwrap());
        assert_eq!(server.to_keep(), None);
    }

    #[test]
    fn after_the_clock_was_set_back_the_guess_goes_on() {
        let hand = Arc::new(Hand::default());
        hand.pass(1_000_000);
        let server = ServerClock::new(hand.clone());
        server.learn(Some(1_000_000));
        hand.wall.fetch_sub(3_600_000, Ordering::SeqCst);
        hand.pass(2_000);
        assert_eq!((server.known(), server.best()), (None, ProviderTime(1_002_000)));
    }
}
