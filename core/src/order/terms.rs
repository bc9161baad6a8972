//! The choices of a sale: time to pay, address, capture, delivery. Each is a small enum whose text form
//! (draft, JSON and database alike) is decided here once.

use crate::calendar::Zone;
use crate::clock::ProviderTime;
use crate::code::codes;

codes! {
    /// How long the customer has to pay, from the moment the link is created at the provider (rule 10).
    pub enum Expiry {
        /// 24 hours.
        Day = "1d",
        /// Seven days.
        Week = "1w",
        /// One calendar month: the same day of the next month, or its last day.
        Month = "1m",
    }
}

codes! {
    /// Who fills in the customer's address.
    pub enum AddressMode {
        /// The seller: as typed, or none.
        Known = "known",
        /// The customer, on the payment page (Checkout Express).
        Express = "express",
    }
}

codes! {
    /// What happens to the money when the customer pays.
    pub enum Capture {
        /// Captured at once.
        Auto = "auto",
        /// Left authorised until the seller captures it.
        Manual = "manual",
    }
}

codes! {
    /// How the link reaches the customer.
    pub enum Delivery {
        /// The provider sends an SMS, or a push when the only method is Vipps, Swish or MobilePay.
        Sms = "sms",
        /// The phone's own SMS app.
        Phone = "phone",
        /// The phone's mail app.
        Mail = "mail",
        /// The phone's share sheet.
        Share = "share",
        /// Copied by the seller.
        Copy = "copy",
        /// Shown as a QR code.
        Qr = "qr",
    }
}

const DAY_MS: i64 = 24 * 3_600_000;

impl Expiry {
    /// The end of the time to pay of a link created at `from`: 24 hours, seven times as much, or the same time of day
    /// on the same day of the next month (or on its last) by the clocks of `zone`.
    #[must_use]
    pub fn ends_at(self, from: ProviderTime, zone: Zone) -> ProviderTime {
        match self {
            Self::Day => from.plus(DAY_MS),
            Self::Week => from.plus(7 * DAY_MS),
            Self::Month => zone.a_month_after(from.ms()).map_or(from, ProviderTime::from_ms),
        }
    }

    /// The latest end of it in any zone: for what must not be too early.
    #[must_use]
    pub fn ends_by(self, from: ProviderTime) -> ProviderTime {
        Zone::ALL.into_iter().map(|zone| self.ends_at(from, zone)).max().unwrap_or(from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> ProviderTime {
        ProviderTime::from_ms(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn a_month_is_a_calendar_month_by_the_clocks_of_the_region() {
        for (from, central, eastern) in [
            ("2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z", "2026-02-28T10:00:00Z"),
            ("2028-01-31T10:00:00Z", "2028-02-29T10:00:00Z", "2028-02-29T10:00:00Z"),
            ("2026-12-15T10:00:00Z", "2027-01-15T10:00:00Z", "2027-01-15T10:00:00Z"),
            // Over both changes of the clocks the time of day stays.
            ("2026-03-15T10:00:00Z", "2026-04-15T09:00:00Z", "2026-04-15T09:00:00Z"),
            ("2026-10-15T10:00:00Z", "2026-11-15T11:00:00Z", "2026-11-15T11:00:00Z"),
            // Half past midnight in Helsinki is the day before in Oslo: 1 March, and 28 February.
            ("2026-02-28T22:30:00Z", "2026-03-28T22:30:00Z", "2026-03-31T21:30:00Z"),
        ] {
            assert_eq!(Expiry::Month.ends_at(at(from), Zone::CentralEurope), at(central), "{from}");
            assert_eq!(Expiry::Month.ends_at(at(from), Zone::EasternEurope), at(eastern), "{from}");
            assert_eq!(Expiry::Month.ends_by(at(from)), at(central).max(at(eastern)), "{from}");
        }
    }

    #[test]
    fn a_day_is_24_hours_and_a_week_seven_of_them() {
        for from in ["2026-03-28T12:00:00Z", "2026-10-24T12:00:00Z"].map(at) {
            assert_eq!(Expiry::Day.ends_at(from, Zone::CentralEurope), from.plus(86_400_000));
            assert_eq!(Expiry::Week.ends_at(from, Zone::CentralEurope), from.plus(7 * 86_400_000));
        }
    }

    #[test]
    fn every_choice_is_found_by_its_own_text() {
        for one in Delivery::ALL {
            assert_eq!(Delivery::from_code(&one.code().to_uppercase()), Some(one));
        }
        assert_eq!(Expiry::from_code("2w"), None);
    }
}
