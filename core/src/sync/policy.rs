//! When to ask about a link again (design 5). All times are UTC ms by the phone.

use crate::link::LinkStatus;

/// The first question after a link came to be: the customer has hardly got it.
pub const FIRST_POLL_MS: i64 = 3_000;
/// The shortest interval, right after something happened to a link.
const SHORTEST_MS: i64 = 3_000;
/// What the interval eases to while the customer may be at it.
const EASED_MS: i64 = 60_000;
/// The interval is this part of the time since something happened: 3 s after a minute, 60 s after twenty.
const EASE_BY: i64 = 20;
/// After this long without news, a link is one of the many open ones.
const QUIET_AFTER_MS: i64 = 30 * 60_000;
/// The interval of the many open ones.
const OPEN_MS: i64 = 5 * 60_000;
/// How long an ended link is still watched closely: a payment may have been under way.
const ENDED_WATCH_MS: i64 = 3_600_000;
/// The interval after that.
const DAY_MS: i64 = 24 * 3_600_000;
/// When an ended link is no longer asked about.
const ENDED_DAYS_MS: i64 = 3 * DAY_MS + ENDED_WATCH_MS;
/// After a question that got no answer.
pub const AFTER_FAILURE_MS: i64 = 10_000;
/// Links asked about in one pass, and ids in one request (the provider's limit, design 5).
pub const BATCH: u32 = 100;
/// Sessions read side by side.
pub const SIDE_BY_SIDE: usize = 4;

/// When to ask again, for a link of this status on which something last happened at `changed_at`;
/// `None` when it is not asked about by itself any more.
#[must_use]
pub fn next_poll(status: LinkStatus, changed_at: i64, expires_at: Option<i64>, now: i64) -> Option<i64> {
    // News from the future means that the clock was set back: nobody knows how old they are.
    let age = if now < changed_at { QUIET_AFTER_MS } else { now - changed_at };
    if status.is_final() {
        return None;
    }
    if status.is_ended_unpaid() {
        return match age {
            age if age < ENDED_WATCH_MS => Some(now + OPEN_MS),
            age if age < ENDED_DAYS_MS => Some(now + DAY_MS),
            _ => None,
        };
    }
    let interval = if status.is_payable() && age < QUIET_AFTER_MS {
        (age / EASE_BY).clamp(SHORTEST_MS, EASED_MS)
    } else {
        OPEN_MS
    };
    let next = now + interval;
    // The end of the time to pay is a moment of its own: the seller sees it when it comes.
    Some(expires_at.filter(|end| status.is_payable() && *end > now).map_or(next, |end| next.min(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn after(status: LinkStatus, age: i64) -> Option<i64> {
        next_poll(status, 0, None, age).map(|at| at - age)
    }

    #[test]
    fn a_fresh_link_is_asked_about_within_five_seconds_and_eases_off() {
        assert_eq!(after(LinkStatus::Open, 0), Some(3_000));
        assert_eq!(after(LinkStatus::Opened, MINUTE), Some(3_000));
        assert_eq!(after(LinkStatus::Open, 5 * MINUTE), Some(15_000));
        assert_eq!(after(LinkStatus::Open, 25 * MINUTE), Some(60_000));
        assert_eq!(after(LinkStatus::Open, 40 * MINUTE), Some(5 * MINUTE));
    }

    #[test]
    fn an_ended_link_is_watched_for_an_hour_then_daily_for_three_days() {
        assert_eq!(after(LinkStatus::Expired, 10 * MINUTE), Some(5 * MINUTE));
        assert_eq!(after(LinkStatus::Cancelled, 61 * MINUTE), Some(DAY_MS));
        assert_eq!(after(LinkStatus::Declined, 3 * DAY_MS), Some(DAY_MS));
        assert_eq!(after(LinkStatus::Cancelled, 4 * DAY_MS), None);
    }

    #[test]
    fn after_the_clock_was_set_back_a_link_is_not_asked_about_every_few_seconds() {
        assert_eq!(next_poll(LinkStatus::Open, 3_600_000, None, 0), Some(OPEN_MS));
    }

    #[test]
    fn a_paid_link_is_left_alone_and_a_reserved_one_is_not() {
        assert_eq!(after(LinkStatus::Captured, 0), None);
        assert_eq!(after(LinkStatus::Authorized, 0), Some(OPEN_MS));
    }

    #[test]
    fn the_end_of_the_time_to_pay_is_not_missed() {
        assert_eq!(next_poll(LinkStatus::Open, 0, Some(40 * MINUTE + 7), 40 * MINUTE), Some(40 * MINUTE + 7));
    }
}
