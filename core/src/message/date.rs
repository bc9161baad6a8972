//! Dates for people: the day a link stops working, in the customer's language and the seller's
//! time zone.
//!
//! The zones of Norway, Sweden, Denmark and Finland are rules written here, not a look-up: they
//! are what nearly every text needs, and a phone need not have a zone database that this core can
//! read. The rule is the EU's daylight saving time, in force since 1996.

use jiff::{Timestamp, tz::TimeZone};

use super::{
    Language,
    text::{fill, texts},
};

const CENTRAL_EUROPE: &str = "CET-1CEST,M3.5.0,M10.5.0/3";
const EASTERN_EUROPE: &str = "EET-2EEST,M3.5.0/3,M10.5.0/4";

/// A moment as people say it.
pub(super) struct Told {
    /// `24. mai`.
    pub date: String,
    /// `13.37`.
    pub time: String,
}

/// `at_ms` (UTC milliseconds) in `time_zone`; `None` for a moment outside the calendar.
pub(super) fn tell(language: Language, at_ms: i64, time_zone: &str) -> Option<Told> {
    let at = Timestamp::from_millisecond(at_ms).ok()?;
    let local = at.to_zoned_datetime(zone(time_zone));
    let t = texts(language);
    let month = usize::try_from(local.month() - 1).ok().and_then(|index| t.months.get(index))?;
    let day = local.day().to_string();
    Some(Told {
        date: fill(t.date, &[("day", &day), ("month", month)]),
        time: format!("{:02}{}{:02}", local.hour(), t.time_separator, local.minute()),
    })
}

fn zone(name: &str) -> TimeZone {
    let rule = match name {
        "Europe/Oslo" | "Europe/Stockholm" | "Europe/Copenhagen" | "Arctic/Longyearbyen" => CENTRAL_EUROPE,
        "Europe/Helsinki" | "Europe/Mariehamn" => EASTERN_EUROPE,
        other => match TimeZone::get(other) {
            Ok(zone) => return zone,
            Err(_) => CENTRAL_EUROPE,
        },
    };
    TimeZone::posix(rule).unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(language: Language, at: &str, time_zone: &str) -> String {
        let at: Timestamp = at.parse().unwrap();
        let told = tell(language, at.as_millisecond(), time_zone).unwrap();
        format!("{} {}", told.date, told.time)
    }

    #[test]
    fn a_moment_is_told_in_the_customers_language() {
        let at = "2026-05-24T11:37:00Z";
        assert_eq!(told(Language::Nb, at, "Europe/Oslo"), "24. mai 13.37");
        assert_eq!(told(Language::Nn, at, "Europe/Oslo"), "24. mai 13.37");
        assert_eq!(told(Language::En, at, "Europe/Oslo"), "24 May 13:37");
        assert_eq!(told(Language::Sv, at, "Europe/Stockholm"), "24 maj 13.37");
        assert_eq!(told(Language::Da, at, "Europe/Copenhagen"), "24. maj 13.37");
    }

    #[test]
    fn the_day_is_the_sellers_not_the_servers() {
        assert_eq!(told(Language::Nb, "2026-01-31T23:30:00Z", "Europe/Oslo"), "1. februar 00.30");
        assert_eq!(told(Language::Nb, "2026-06-30T21:30:00Z", "Europe/Helsinki"), "1. juli 00.30");
    }

    #[test]
    fn the_clock_changes_on_the_last_sundays_of_march_and_october() {
        for (at, local) in [
            ("2026-03-29T00:59:00Z", "29. mars 01.59"),
            ("2026-03-29T01:00:00Z", "29. mars 03.00"),
            ("2026-10-25T00:59:00Z", "25. oktober 02.59"),
            ("2026-10-25T01:00:00Z", "25. oktober 02.00"),
        ] {
            assert_eq!(told(Language::Nb, at, "Europe/Oslo"), local);
        }
    }

    #[test]
    fn an_unknown_zone_counts_as_central_europe() {
        assert_eq!(told(Language::Nb, "2026-01-01T12:00:00Z", "Atlantis"), "1. januar 13.00");
        assert_eq!(told(Language::Nb, "2026-01-01T12:00:00Z", ""), "1. januar 13.00");
    }

    #[test]
    fn a_moment_outside_the_calendar_is_not_told() {
        assert!(tell(Language::Nb, i64::MAX, "Europe/Oslo").is_none());
        assert!(tell(Language::Nb, i64::MIN, "Europe/Oslo").is_none());
    }
}
