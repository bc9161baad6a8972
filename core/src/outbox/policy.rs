//! Numbers of the outbox, each with its reason.

use crate::clock::Clock;
use std::time::Duration;

/// Orders that are sent side by side: enough to hide a slow answer, few enough for a weak connection.
pub const IN_FLIGHT: usize = 4;
/// An order whose work the disk broke off is not taken again for this long: nobody storms a disk that is full.
pub const AFTER_STORE_FAILURE: Duration = Duration::from_millis(100);
/// The first wait after an attempt that did not reach the provider.
const FIRST_WAIT_MS: i64 = 2_000;
/// The longest wait while the app is in front: a seller looks again after minutes, not hours.
const MAX_WAIT_MS: i64 = 5 * 60_000;
/// The longest wait that a provider's `Retry-After` can make of itself; a larger one is taken for a mistake.
const MAX_RETRY_AFTER_MS: i64 = 24 * 3_600_000;
/// After an unclear attempt: the look-up waits a moment, since the session may just be coming to be.
pub const FIRST_LOOK_MS: i64 = 1_000;
/// A step that changed nothing is a defect of ours; it is not taken again for this long.
pub const AFTER_IDLE_STEP_MS: i64 = 1_000;

/// A listing is evidence of absence only this long after the attempt: a request can hang on its way (rule 14).
pub const ABSENCE_PROOF_MS: i64 = 60_000;
/// A request can arrive this long after it left, longer than the client waits for its answer: only what was made later than
/// that is a witness.
pub const ARRIVES_WITHIN_MS: i64 = ABSENCE_PROOF_MS;
/// And only together with a second one, this much later: a listing may lag by minutes (facts 3).
pub const ABSENCE_AGAIN_MS: i64 = 5 * 60_000;
/// A sale whose message may have been sent is put to the seller when this long after the attempt nothing was proven: both
/// listings above fit into it, and a seller at a door hardly waits longer.
pub const QUESTION_AFTER_MS: i64 = ABSENCE_PROOF_MS + ABSENCE_AGAIN_MS;
/// Looks at the provider before a refusal that followed a lost answer is believed: what it refuses as a duplicate may not
/// be listed yet. The first comes at once.
pub const LOOKS_AFTER_REFUSAL: [i64; 2] = [20_000, 2 * 60_000];
/// Where the provider's `created_at` was never compared with its `Date`, a listing reaches back this far: either clock may
/// be wrong by minutes, and the price is some pages more.
pub const UNKNOWN_SKEW_MS: i64 = 3_600_000;
/// How far a listing reaches back besides: the `Date` header has whole seconds, requests take their time, clocks drift.
pub const LISTING_MARGIN_MS: i64 = 2 * 60_000;

/// Pages of 100 that a look-up of its own reads: more sessions than a merchant makes between an attempt and its look-up.
pub const LISTING_PAGES: usize = 20;
/// Pages of a search: a reference is part of few others, but a provider may cap its pages as low as it likes.
pub const SEARCH_PAGES: usize = 20;
/// A listing of its own is asked for while fewer of our own links than this came to be in its time: one page, which
/// either comes or does not. Among a hundred pages one is always lost on a bad network.
pub const SHORT_LISTING: u32 = 90;
/// Pages of 100 of a shared listing: what is not proven by 50 000 sessions is left to the seller.
pub const ROUND_PAGES: i64 = 500;
/// A shared listing rests for this long per page before the next: one page a second is little for anybody.
pub const ROUND_PAGE_MS: i64 = 1_000;
/// Whoever needs a shared listing that another one is reading at this moment is looked up again after this.
pub const ROUND_AGAIN_MS: i64 = 5_000;
/// A complete one without a witness serves those that are looked up within this time of its beginning.
pub const ROUND_FRESH_MS: i64 = 30_000;
/// A shared listing that broke off is not ended any more after this long, unless it is old enough for somebody who waits.
pub const ROUND_STALE_MS: i64 = 15 * 60_000;
/// How long a refused listing, or search, is not asked for again (rule 4).
pub const LISTING_REFUSED_MS: i64 = 24 * 3_600_000;
/// When the seller says "wait": the time until the next look-up.
pub const SELLER_WAITS_MS: i64 = 10 * 60_000;

/// After an unclear create the next one with a message waits for this long, doubling: in a bad minute one sale becomes a
/// question, not thirty. Something that succeeds ends it.
pub const AFTER_UNCLEAR_MS: i64 = 60_000;
/// But only for this long, doubling, once that one was found.
pub const AFTER_FOUND_MS: i64 = 5_000;
/// The longest of these waits.
pub const MAX_AFTER_UNCLEAR_MS: i64 = 15 * 60_000;

/// The wait before attempt `attempts + 1`: doubling from 2 s to 5 min, with up to a quarter of jitter so that many
/// phones that lost the same network do not come back in step. A wait that the provider asked for is kept.
#[must_use]
pub fn back_off(clock: &dyn Clock, attempts: u32, retry_after_ms: Option<i64>) -> i64 {
    if let Some(asked) = retry_after_ms {
        return asked.clamp(0, MAX_RETRY_AFTER_MS);
    }
    let doubled = FIRST_WAIT_MS << attempts.saturating_sub(1).min(10);
    let wait = doubled.min(MAX_WAIT_MS);
    let jitter = clock.random() % (wait.unsigned_abs() / 4 + 1);
    wait.saturating_add_unsigned(jitter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn waits_double_from_two_seconds_to_five_minutes() {
        for (attempts, least) in
            [(1, 2_000), (2, 4_000), (3, 8_000), (8, 256_000), (9, 300_000), (4_000_000_000, 300_000)]
        {
            let wait = back_off(&SystemClock::default(), attempts, None);
            assert!((least..=least + least / 4).contains(&wait), "{attempts}: {wait}");
        }
    }

    #[test]
    fn a_wait_that_the_provider_asks_for_is_kept() {
        assert_eq!(back_off(&SystemClock::default(), 1, Some(17_000)), 17_000);
        assert_eq!(back_off(&SystemClock::default(), 1, Some(-5)), 0);
        assert_eq!(back_off(&SystemClock::default(), 1, Some(i64::MAX)), MAX_RETRY_AFTER_MS);
    }
}
