//! When to ask about a link again (rule 16). All times are by the phone.

use crate::clock::{PhoneTime, ProviderTime};
use crate::link::LinkStatus;
use crate::store::Moment;

/// The first question after a link came to be, and the shortest interval while nobody has opened it.
pub const FIRST_POLL_MS: i64 = 5_000;
/// The shortest interval once somebody is at it: a seller waits for "paid" with the customer in front of him.
const AT_IT_MS: i64 = 3_000;
/// What the interval eases to while the customer may be at it.
const EASED_MS: i64 = 60_000;
/// The interval is this part of the time since something happened: 5 s after a hundred seconds, 60 s after twenty minutes.
const EASE_BY: i64 = 20;
/// After this long without news, a link is one of the many open ones.
const QUIET_AFTER_MS: i64 = 30 * 60_000;
/// The interval of the many open ones.
const OPEN_MS: i64 = 5 * 60_000;
/// The interval of what is reserved or partly given back, until a day after the last news; then it is a day.
const MONEY_MS: i64 = 30 * 60_000;
/// How long an ended link is still watched closely: a payment may have been under way.
const ENDED_WATCH_MS: i64 = 3_600_000;
/// The interval after that.
pub const DAY_MS: i64 = 24 * 3_600_000;
/// When an ended link is no longer asked about.
const ENDED_DAYS_MS: i64 = 3 * DAY_MS + ENDED_WATCH_MS;

/// After a question that got no answer; doubling with each in a row.
const AFTER_FAILURE_MS: i64 = 10_000;
/// The longest wait after the provider failed, or was not reached.
const MAX_AFTER_FAILURE_MS: i64 = 15 * 60_000;

/// Links asked about in one pass, and ids in one request (the provider's limit, rule 16).
pub const BATCH: u32 = 100;
/// Up to so many links are read one by one: a session says at once whether it was opened and whether somebody pays. More
/// are asked for in lists.
pub const ONE_BY_ONE: usize = 10;

/// How many links are asked about: the more there are, the longer each one waits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Crowd {
    /// On which something happened lately.
    pub lively: u32,
    /// All of them.
    pub all: u32,
}

/// Since when something has happened lately.
#[must_use]
pub const fn lively_since(now: PhoneTime) -> PhoneTime {
    now.plus(-QUIET_AFTER_MS)
}

/// When to ask again, for a link of this status on which something last happened at `changed_at`;
/// `None` when it is not asked about by itself any more.
#[must_use]
pub fn next_poll(
    status: LinkStatus,
    changed_at: PhoneTime,
    expires_at: Option<ProviderTime>,
    at: Moment,
    crowd: Crowd,
) -> Option<PhoneTime> {
    let now = at.phone;
    // News from the future means that the clock was set back: nobody knows how old they are.
    let age = if now < changed_at { QUIET_AFTER_MS } else { now.since(changed_at) };
    if status.is_final() {
        return None;
    }
    if status.is_ended_unpaid() {
        return match age {
            age if age < ENDED_WATCH_MS => Some(now.plus(OPEN_MS)),
            age if age < ENDED_DAYS_MS => Some(now.plus(DAY_MS)),
            _ => None,
        };
    }
    let shortest = if status == LinkStatus::Open { FIRST_POLL_MS } else { AT_IT_MS };
    let interval = match age {
        // Ten at once are asked about as often as one; a hundred ten times as seldom.
        age if age < QUIET_AFTER_MS => {
            (age / EASE_BY).clamp(shortest, EASED_MS).max(i64::from(crowd.lively / 10) * shortest)
        }
        _ if status.is_payable() => OPEN_MS * i64::from(1 + crowd.all / 200),
        age if age < DAY_MS => MONEY_MS,
        _ => DAY_MS,
    };
    let next = now.plus(interval);
    // The end of the time to pay is a moment of its own: the seller sees it when it comes.
    let end = expires_at.map(|end| end.since(at.provider)).filter(|left| *left > 0 && status.is_payable());
    Some(end.map_or(next, |left| next.min(now.plus(left))))
}

/// The wait after so many questions in a row that got no answer. What the provider asks for is kept; what it does not
/// know, or does not let us see, is asked for once a day in the end.
#[must_use]
pub fn after_misses(misses: u32, refused: bool) -> i64 {
    let most = if refused { DAY_MS } else { MAX_AFTER_FAILURE_MS };
    (AFTER_FAILURE_MS << misses.saturating_sub(1).min(14)).min(most)
}

/// How long after its end a link that may exist unseen is still asked for (rule 14).
pub const WATCH_AFTER_END_MS: i64 = 4 * 24 * 3_600_000;
/// The first time that it is asked for.
pub const WATCH_FIRST_MS: i64 = 60_000;
/// Somebody looks: what would be looked for this much later is looked for now.
pub const WATCH_SOONER_MS: i64 = 15 * 60_000;
/// Orders whose strays are looked for in one pass.
pub const WATCH_BATCH: u32 = 10;

/// When to ask next for what may exist unseen, this long after it may have come to be: often while the customer may be
/// holding an SMS in his hand, then once a quarter of an hour, from the second day on every six hours.
#[must_use]
pub const fn watch_every(age_ms: i64) -> i64 {
    match age_ms {
        i64::MIN..600_000 => WATCH_FIRST_MS,
        600_000..3_600_000 => 5 * 60_000,
        3_600_000..86_400_000 => 15 * 60_000,
        _ => MIN_WATCH_MS,
    }
}

/// The longest of these waits: a time further away means that the clock was set back.
pub const MIN_WATCH_MS: i64 = 6 * 3_600_000;

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn at(ms: i64) -> Moment {
        Moment { phone: PhoneTime::from_ms(ms), provider: ProviderTime::from_ms(ms) }
    }

    fn among(status: LinkStatus, age: i64, crowd: Crowd) -> Option<i64> {
        next_poll(status, PhoneTime::from_ms(0), None, at(age), crowd).map(|next| next.ms() - age)
    }

    fn after(status: LinkStatus, age: i64) -> Option<i64> {
        among(status, age, Crowd::default())
    }

    #[test]
    fn fresh_links_are_asked_about_within_seconds_and_ease_off() {
        assert_eq!(after(LinkStatus::Open, 0), Some(5_000));
        assert_eq!(after(LinkStatus::Opened, MINUTE), Some(3_000));
        assert_eq!(after(LinkStatus::Open, 5 * MINUTE), Some(15_000));
        assert_eq!(after(LinkStatus::Open, 25 * MINUTE), Some(60_000));
        assert_eq!(after(LinkStatus::Open, 40 * MINUTE), Some(5 * MINUTE));
    }

    #[test]
    fn many_links_are_asked_about_less_often_each() {
        let crowd = |lively, all| Crowd { lively, all };
        assert_eq!(among(LinkStatus::Open, 0, crowd(10, 10)), Some(5_000));
        assert_eq!(among(LinkStatus::Open, 0, crowd(100, 1_000)), Some(50_000));
        assert_eq!(among(LinkStatus::Open, 40 * MINUTE, crowd(0, 1_000)), Some(30 * MINUTE));
    }

    #[test]
    fn an_ended_link_is_watched_for_an_hour_then_daily_for_three_days() {
        assert_eq!(after(LinkStatus::Expired, 10 * MINUTE), Some(5 * MINUTE));
        assert_eq!(after(LinkStatus::Cancelled, 61 * MINUTE), Some(DAY_MS));
        assert_eq!(after(LinkStatus::Declined, 3 * DAY_MS), Some(DAY_MS));
        assert_eq!(after(LinkStatus::Cancelled, 4 * DAY_MS), None);
    }

    #[test]
    fn a_clock_set_back_does_not_make_a_link_asked_about_all_the_time() {
        let from_the_future = PhoneTime::from_ms(3_600_000);
        let next = next_poll(LinkStatus::Open, from_the_future, None, at(0), Crowd::default());
        assert_eq!(next.map(PhoneTime::ms), Some(OPEN_MS));
    }

    #[test]
    fn a_paid_link_is_left_alone_and_an_endless_one_asked_about_daily() {
        assert_eq!(after(LinkStatus::Captured, 0), None);
        assert_eq!(after(LinkStatus::Authorized, 0), Some(3_000));
        assert_eq!(after(LinkStatus::Authorized, 2 * 3_600_000), Some(MONEY_MS));
        assert_eq!(after(LinkStatus::PartiallyRefunded, 2 * DAY_MS), Some(DAY_MS));
    }

    #[test]
    fn the_end_of_the_time_to_pay_is_not_missed() {
        let end = ProviderTime::from_ms(40 * MINUTE + 7);
        let now = at(40 * MINUTE);
        let next = next_poll(LinkStatus::Open, PhoneTime::from_ms(0), Some(end), now, Crowd::default());
        assert_eq!(next.map(PhoneTime::ms), Some(40 * MINUTE + 7));
    }

    #[test]
    fn what_is_not_answered_is_asked_less_and_less() {
        assert_eq!((after_misses(1, false), after_misses(3, false)), (10_000, 40_000));
        assert_eq!((after_misses(99, false), after_misses(99, true)), (MAX_AFTER_FAILURE_MS, DAY_MS));
    }
}
