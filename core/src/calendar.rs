//! The seller's calendar: which day it is where the seller is, when that day begins and ends, and what lies a calendar
//! month ahead. Whatever shows or counts a local day asks here: the day's report, the VAT table of the day, the time to
//! pay, the customer's text, the terminal.
//!
//! The zone is the configured region's, not the machine's: two phones of one merchant count the same day, and a phone
//! on holiday counts it too. Two zones serve all four countries, and both follow one rule: the EU's summer time, from
//! the last Sunday of March to the last Sunday of October, each at 01:00 UTC (Directive 2000/84/EC; Norway follows it;
//! so the clocks have been since 1996). Older moments follow the same rule. The rule is written here because
//! Android's and Apple's zone databases differ in place and format, and a bundled one would be code and data in every
//! app for two lines of arithmetic; the tests hold it against the database itself, hour by hour and by chance.
//!
//! A time of day that a change of the clocks leaves out counts as an hour later; one that comes twice is the first.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};
use std::ops::Range;

const HOUR_MS: i64 = 3_600_000;

/// A zone of the regions that the core knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Zone {
    /// Norway, Sweden, Denmark: UTC+1, in summer +2.
    CentralEurope,
    /// Finland: UTC+2, in summer +3.
    EasternEurope,
}

impl Zone {
    /// Every zone.
    pub const ALL: [Self; 2] = [Self::CentralEurope, Self::EasternEurope];

    const fn winter_ms(self) -> i64 {
        match self {
            Self::CentralEurope => HOUR_MS,
            Self::EasternEurope => 2 * HOUR_MS,
        }
    }

    /// Date and time of day at a moment, UTC ms; `None` outside the calendar.
    #[must_use]
    pub fn local(self, at_ms: i64) -> Option<DateTime> {
        let summer = if is_summer(at_ms)? { HOUR_MS } else { 0 };
        utc(at_ms.checked_add(self.winter_ms() + summer)?)
    }

    /// The day at a moment, UTC ms.
    #[must_use]
    pub fn date(self, at_ms: i64) -> Date {
        self.local(at_ms).map_or(Date::ZERO, DateTime::date)
    }

    /// When a day begins and when the next one does, UTC ms; `None` for the first and the last that there is.
    #[must_use]
    pub fn day(self, date: Date) -> Option<Range<i64>> {
        let midnight = |date: Date| self.moment(date.at(0, 0, 0, 0));
        Some(midnight(date)?..midnight(date.tomorrow().ok()?)?)
    }

    /// The same time of day on the same day of the next month, or on its last day.
    pub(crate) fn a_month_after(self, at_ms: i64) -> Option<i64> {
        self.moment(self.local(at_ms)?.checked_add(1.month()).ok()?)
    }

    fn moment(self, local: DateTime) -> Option<i64> {
        let winter = ms(local)?.checked_sub(self.winter_ms())?;
        let summer = winter.checked_sub(HOUR_MS)?;
        Some(if is_summer(summer)? { summer } else { winter })
    }
}

fn utc(at_ms: i64) -> Option<DateTime> {
    Timestamp::from_millisecond(at_ms).ok().map(|at| Offset::UTC.to_datetime(at))
}

fn ms(utc: DateTime) -> Option<i64> {
    Offset::UTC.to_timestamp(utc).ok().map(Timestamp::as_millisecond)
}

fn is_summer(at_ms: i64) -> Option<bool> {
    let year = utc(at_ms)?.year();
    let change = |month| {
        let last = Date::new(year, month, 31).ok()?;
        let sunday = Date::new(year, month, 31 - last.weekday().to_sunday_zero_offset()).ok()?;
        ms(sunday.at(1, 0, 0, 0))
    };
    Some((change(3)?..change(10)?).contains(&at_ms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Region;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    const YEAR_MS: i64 = 31_556_952_000;

    fn of_database(region: Region) -> TimeZone {
        let name = match region {
            Region::Norway => "Europe/Oslo",
            Region::Sweden => "Europe/Stockholm",
            Region::Denmark => "Europe/Copenhagen",
            Region::Finland => "Europe/Helsinki",
        };
        TimeZone::get(name).unwrap()
    }

    fn agrees(region: Region, at_ms: i64) {
        let (zone, database) = (region.zone(), of_database(region));
        let at = Timestamp::from_millisecond(at_ms).unwrap().to_zoned_datetime(database.clone());
        assert_eq!(zone.local(at_ms), Some(at.datetime()), "{region:?} {at_ms}");
        let month = at.checked_add(1.month()).unwrap();
        assert_eq!(zone.a_month_after(at_ms), Some(month.timestamp().as_millisecond()), "{region:?} {at}");
        let midnight = |date: Date| date.to_zoned_datetime(database.clone()).unwrap().timestamp().as_millisecond();
        let date = at.date();
        assert_eq!(zone.day(date), Some(midnight(date)..midnight(date.tomorrow().unwrap())), "{region:?} {at}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn every_moment_is_where_the_zone_database_has_it(
            region in prop::sample::select(&Region::ALL[..]),
            at_ms in 26 * YEAR_MS + 1..180 * YEAR_MS,
        ) {
            agrees(region, at_ms);
        }

        #[test]
        fn no_moment_at_all_is_a_panic(at_ms in any::<i64>(), zone in prop::sample::select(&Zone::ALL[..])) {
            let _ = (zone.local(at_ms), zone.date(at_ms), zone.a_month_after(at_ms));
        }
    }

    #[test]
    fn every_half_hour_around_the_hard_days_agrees_with_the_database() {
        let hard = [
            "2024-01-28T00:00:00Z", // a leap year: 29 January to 29 February, 31 March to 30 April
            "2024-03-29T00:00:00Z",
            "2027-01-29T00:00:00Z",
            "2027-02-26T00:00:00Z", // the month after ends in the hour that is left out
            "2027-03-26T00:00:00Z",
            "2026-09-23T00:00:00Z", // the month after ends in the hour that comes twice
            "2026-10-23T00:00:00Z",
            "2026-12-30T00:00:00Z",
        ];
        for region in Region::ALL {
            for from in hard {
                let from = from.parse::<Timestamp>().unwrap().as_millisecond();
                (0..6 * 48).for_each(|half| agrees(region, from + half * HOUR_MS / 2));
            }
        }
    }

    #[test]
    fn the_first_hours_after_midnight_are_of_the_new_day() {
        let at = "2026-02-28T23:30:00Z".parse::<Timestamp>().unwrap().as_millisecond();
        let april = "2026-03-31T22:30:00Z".parse::<Timestamp>().unwrap().as_millisecond();
        assert_eq!(Zone::CentralEurope.date(at), jiff::civil::date(2026, 3, 1));
        assert_eq!(Zone::CentralEurope.a_month_after(at), Some(april), "1 March to 1 April, summer time by then");
    }

    #[test]
    fn the_first_and_the_last_day_there_is_are_none() {
        for zone in Zone::ALL {
            assert_eq!(zone.day(Date::MAX), None);
            assert_eq!(zone.day(Date::MIN), None);
        }
    }
}
