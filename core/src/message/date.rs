//! Dates for people: the day a link stops working, in the customer's language and by the seller's calendar.

use crate::calendar::Zone;

use super::{
    Language,
    text::{fill, texts},
};

/// A moment as people say it.
pub(super) struct Told {
    /// `24. mai`.
    pub date: String,
    /// `13.37`.
    pub time: String,
}

/// `at_ms` (UTC milliseconds) in `zone`; `None` for a moment outside the calendar.
pub(super) fn tell(language: Language, at_ms: i64, zone: Zone) -> Option<Told> {
    let local = zone.local(at_ms)?;
    let t = texts(language);
    let month = usize::try_from(local.month() - 1).ok().and_then(|index| t.months.get(index))?;
    let day = local.day().to_string();
    Some(Told {
        date: fill(t.date, &[("day", &day), ("month", month)]),
        time: format!("{:02}{}{:02}", local.hour(), t.time_separator, local.minute()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(language: Language, at: &str, zone: Zone) -> String {
        let at: jiff::Timestamp = at.parse().unwrap();
        let told = tell(language, at.as_millisecond(), zone).unwrap();
        format!("{} {}", told.date, told.time)
    }

    #[test]
    fn a_moment_is_told_in_the_customers_language() {
        let at = "2026-05-24T11:37:00Z";
        assert_eq!(told(Language::Nb, at, Zone::CentralEurope), "24. mai 13.37");
        assert_eq!(told(Language::Nn, at, Zone::CentralEurope), "24. mai 13.37");
        assert_eq!(told(Language::En, at, Zone::CentralEurope), "24 May 13:37");
        assert_eq!(told(Language::Sv, at, Zone::CentralEurope), "24 maj 13.37");
        assert_eq!(told(Language::Da, at, Zone::CentralEurope), "24. maj 13.37");
    }

    #[test]
    fn the_day_is_the_sellers_not_the_servers() {
        assert_eq!(told(Language::Nb, "2026-01-31T23:30:00Z", Zone::CentralEurope), "1. februar 00.30");
        assert_eq!(told(Language::Nb, "2026-06-30T21:30:00Z", Zone::EasternEurope), "1. juli 00.30");
    }

    #[test]
    fn the_clock_changes_on_the_last_sundays_of_march_and_october() {
        for (at, local) in [
            ("2026-03-29T00:59:00Z", "29. mars 01.59"),
            ("2026-03-29T01:00:00Z", "29. mars 03.00"),
            ("2026-10-25T00:59:00Z", "25. oktober 02.59"),
            ("2026-10-25T01:00:00Z", "25. oktober 02.00"),
        ] {
            assert_eq!(told(Language::Nb, at, Zone::CentralEurope), local);
        }
    }

    #[test]
    fn a_moment_outside_the_calendar_is_not_told() {
        assert!(tell(Language::Nb, i64::MAX, Zone::CentralEurope).is_none());
        assert!(tell(Language::Nb, i64::MIN, Zone::CentralEurope).is_none());
    }
}
