//! The choices of a sale: time to pay, address, capture, delivery. Each is a small enum whose text form
//! (draft, JSON and database alike) is decided here once.

use crate::clock::ProviderTime;
use crate::code::codes;
use jiff::{Timestamp, ToSpan, tz::TimeZone};

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
    /// Who gives the customer's address.
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

impl Expiry {
    /// The end of the time to pay of a link created at `from`.
    /// Calendar steps are taken in UTC, so a month from 31 January ends on the last of February.
    #[must_use]
    pub fn ends_at(self, from: ProviderTime) -> ProviderTime {
        let span = match self {
            Self::Day => 1.day(),
            Self::Week => 1.week(),
            Self::Month => 1.month(),
        };
        Timestamp::from_millisecond(from.ms())
            .ok()
            .map(|at| at.to_zoned_datetime(TimeZone::UTC))
            .and_then(|at| at.checked_add(span).ok())
            .map_or(from, |at| ProviderTime::from_ms(at.timestamp().as_millisecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> ProviderTime {
        ProviderTime::from_ms(text.parse::<Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn a_month_is_a_calendar_month() {
        assert_eq!(Expiry::Month.ends_at(at("2026-01-31T10:00:00Z")), at("2026-02-28T10:00:00Z"));
        assert_eq!(Expiry::Month.ends_at(at("2028-01-31T10:00:00Z")), at("2028-02-29T10:00:00Z"));
        assert_eq!(Expiry::Month.ends_at(at("2026-12-15T10:00:00Z")), at("2027-01-15T10:00:00Z"));
        assert_eq!(Expiry::Day.ends_at(ProviderTime::from_ms(0)), ProviderTime::from_ms(86_400_000));
        assert_eq!(Expiry::Week.ends_at(ProviderTime::from_ms(0)), ProviderTime::from_ms(7 * 86_400_000));
    }

    #[test]
    fn every_choice_is_found_by_its_own_text() {
        for one in Delivery::ALL {
            assert_eq!(Delivery::from_code(&one.code().to_uppercase()), Some(one));
        }
        assert_eq!(Expiry::from_code("2w"), None);
    }
}
