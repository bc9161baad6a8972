//! How many creates may be under way at once. It begins with one and grows by each that gets a clear answer; an unclear
//! one brings it back to one, and the next waits, longer each time. So a bad minute costs one question to the seller and
//! not as many as there are sales in the queue.
//!
//! What may be tried while it waits: creates without a message by the provider, one at a time, since a stray one of those
//! is harmless; look-ups, which are reads; cancels. A create that succeeds, or a lost one that is found, ends the waiting.

use super::policy;
use crate::clock::Clock;
use crate::sabotage::Sabotage;
use crate::store::rows::entries::Allowed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(super) struct State {
    /// Creates that may be under way at once.
    at_once: usize,
    under_way: usize,
    /// Unclear answers in a row.
    unclear: u32,
    /// Until when no create goes out, and none with a message; by the monotonic clock.
    rests_until: i64,
    messages_rest_until: i64,
}

/// The flow of creates.
pub(super) struct Flow {
    clock: Arc<dyn Clock>,
    state: Arc<Mutex<State>>,
}

/// A create that is under way, from when its order is taken until its answer is written.
pub(super) struct UnderWay(Arc<Mutex<State>>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).under_way -= 1;
    }
}

impl Flow {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        let state = State { at_once: 1, under_way: 0, unclear: 0, rests_until: 0, messages_rest_until: 0 };
        Self { clock, state: Arc::new(Mutex::new(state)) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What may be started now.
    pub(super) fn allows(&self) -> Allowed {
        if Sabotage::BreakerLeftOut.is_on() {
            return Allowed { creates: true, messages: true };
        }
        let now = self.clock.monotonic_ms();
        let state = self.state();
        let creates = state.under_way < state.at_once && (state.unclear == 0 || now >= state.rests_until);
        Allowed { creates, messages: creates && (state.unclear == 0 || now >= state.messages_rest_until) }
    }

    /// Milliseconds until it allows what it does not allow now by itself; `None` when only an answer can.
    pub(super) fn opens_in(&self) -> Option<i64> {
        let now = self.clock.monotonic_ms();
        let state = self.state();
        if state.unclear == 0 || state.under_way >= state.at_once {
            return None;
        }
        [state.rests_until, state.messages_rest_until].into_iter().filter(|at| *at > now).map(|at| at - now).min()
    }

    /// A create is about to leave.
    pub(super) fn begin(&self) -> UnderWay {
        self.state().under_way += 1;
        UnderWay(Arc::clone(&self.state))
    }

    /// The provider gave a clear answer, or a lost one was found.
    pub(super) fn succeeded(&self) {
        let mut state = self.state();
        state.at_once = (state.at_once + 1).min(policy::IN_FLIGHT);
        state.unclear = 0;
    }

    /// A create whose answer was lost was found: what is lost can be looked up. The next may go after a moment, longer each
    /// time as long as no answer is clear.
    pub(super) fn found(&self) {
        let now = self.clock.monotonic_ms();
        let mut state = self.state();
        let again = state.unclear.saturating_sub(1).min(10);
        let rest = (policy::AFTER_FOUND_MS << again).min(policy::MAX_AFTER_UNCLEAR_MS);
        state.messages_rest_until = state.messages_rest_until.min(now.saturating_add(rest));
        state.rests_until = state.rests_until.min(state.messages_rest_until);
    }

    /// Nobody knows what became of a create.
    pub(super) fn was_unclear(&self) {
        let now = self.clock.monotonic_ms();
        let mut state = self.state();
        let again = state.unclear.min(10);
        state.unclear = state.unclear.saturating_add(1);
        state.at_once = 1;
        let rest = (policy::AFTER_UNCLEAR_MS << again).min(policy::MAX_AFTER_UNCLEAR_MS);
        state.messages_rest_until = now.saturating_add(rest);
        state.rests_until = now.saturating_add(policy::back_off(&*self.clock, state.unclear, None));
    }

    /// Somebody sells, or looks: what harms nobody may be tried.
    pub(super) fn somebody_acts(&self) {
        self.state().rests_until = 0;
    }

    /// Another network: the trouble may have been the old one's. One may try.
    pub(super) fn try_again(&self) {
        let mut state = self.state();
        (state.rests_until, state.messages_rest_until) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, Ordering};

    #[derive(Default)]
    struct Hand(AtomicI64);

    impl Clock for Hand {
        fn wall_ms(&self) -> i64 {
            self.0.load(Ordering::SeqCst)
        }
        fn monotonic_ms(&self) -> i64 {
            self.0.load(Ordering::SeqCst)
        }
        fn random(&self) -> u64 {
            0
        }
    }

    fn allows(flow: &Flow) -> (bool, bool) {
        let Allowed { creates, messages } = flow.allows();
        (creates, messages)
    }

    #[test]
    fn it_begins_with_one_and_grows_with_each_clear_answer() {
        let flow = Flow::new(Arc::new(Hand::default()));
        let first = flow.begin();
        assert_eq!(allows(&flow), (false, false), "one at first");
        flow.succeeded();
        assert_eq!(allows(&flow), (true, true));
        let _second = flow.begin();
        assert_eq!(allows(&flow), (false, false));
        drop(first);
        assert_eq!(allows(&flow), (true, true));
    }

    #[test]
    fn after_unclear_answers_messages_wait_longer_until_one_succeeds() {
        let hand = Arc::new(Hand::default());
        let flow = Flow::new(hand.clone());
        flow.was_unclear();
        assert_eq!((allows(&flow), flow.opens_in()), ((false, false), Some(2_000)));
        hand.0.store(2_000, Ordering::SeqCst);
        assert_eq!((allows(&flow), flow.opens_in()), ((true, false), Some(58_000)));
        hand.0.store(60_000, Ordering::SeqCst);
        assert_eq!(allows(&flow), (true, true));
        flow.was_unclear();
        hand.0.store(60_000 + 2 * 60_000 - 1, Ordering::SeqCst);
        assert_eq!(allows(&flow), (true, false));
        flow.succeeded();
        assert_eq!((allows(&flow), flow.opens_in()), ((true, true), None));
    }

    #[test]
    fn a_lost_one_that_is_found_lets_the_next_go_after_a_moment_that_grows() {
        let hand = Arc::new(Hand::default());
        let flow = Flow::new(hand.clone());
        for (at, rest) in [(0, 5_000), (10_000, 10_000), (30_000, 20_000)] {
            hand.0.store(at, Ordering::SeqCst);
            flow.was_unclear();
            flow.found();
            hand.0.store(at + rest - 1, Ordering::SeqCst);
            assert!(!allows(&flow).1, "{at}");
            hand.0.store(at + rest, Ordering::SeqCst);
            assert_eq!(allows(&flow), (true, true), "{at}");
        }
    }

    #[test]
    fn another_network_lets_one_try() {
        let flow = Flow::new(Arc::new(Hand::default()));
        flow.was_unclear();
        flow.try_again();
        assert_eq!(allows(&flow), (true, true));
        let _one = flow.begin();
        assert_eq!(allows(&flow), (false, false));
    }
}
