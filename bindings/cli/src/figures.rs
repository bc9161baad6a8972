//! Times and numbers as the seller's region writes them: the same in input, in tables and in the customer's texts.

use jiff::Timestamp;
use jiff::civil::DateTime;
use paylink_core::message::{Language, amount_text, decimal_text, number_text};
use paylink_core::money::{Amount, Currency, Region, parse_price};
use std::sync::OnceLock;

/// Where the seller is, once the configuration is read: by whose clocks times are shown, and how numbers are written.
static HOME: OnceLock<Region> = OnceLock::new();

/// Times and numbers are shown as in this region from now on, as the core counts its days and writes its texts.
pub fn at_home_in(region: Region) {
    let _said_before = HOME.set(region);
}

fn home() -> Region {
    HOME.get().copied().unwrap_or(Region::Norway)
}

/// Numbers are written as in the texts of the region's own language, so that input, tables and texts agree.
fn written() -> Language {
    match home() {
        Region::Norway => Language::Nb,
        Region::Denmark => Language::Da,
        // Finland's two languages write numbers alike.
        Region::Sweden | Region::Finland => Language::Sv,
    }
}

/// `1 234,50 kr`.
#[must_use]
pub fn money(amount: Amount) -> String {
    amount_text(written(), amount)
}

/// `1 234,50`.
#[must_use]
pub fn number(amount: Amount) -> String {
    number_text(written(), amount)
}

/// `0,5`, of `0.50`.
#[must_use]
pub fn decimal(plain: &str) -> String {
    decimal_text(written(), plain)
}

/// What was typed as a price, as it is written everywhere; as it was typed where it is none.
#[must_use]
pub fn price(typed: &str, currency: Currency) -> String {
    parse_price(typed, currency).map_or_else(|_| typed.trim().to_owned(), number)
}

/// Time of day, `19:07:02`; of another day than today with its date, `2026-11-24 19:07:02`.
#[must_use]
pub fn time(at_ms: i64) -> String {
    time_on(local(Timestamp::now().as_millisecond()), local(at_ms))
}

fn time_on(now: DateTime, at: DateTime) -> String {
    at.strftime(if at.date() == now.date() { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" }).to_string()
}

/// Date and time, `2026-11-24 19:07`.
#[must_use]
pub fn moment(at_ms: i64) -> String {
    local(at_ms).strftime("%Y-%m-%d %H:%M").to_string()
}

fn local(at_ms: i64) -> DateTime {
    home().zone().local(at_ms).unwrap_or_default()
}

/// `21 474 836,47`, of `21474836.47`.
pub fn figure(plain: &str) -> String {
    let (whole, rest) = plain.split_once('.').unwrap_or((plain, ""));
    match rest.len() {
        2 => format!("{whole}{rest}")
            .parse()
            .map_or_else(|_| plain.to_owned(), |minor| number(Amount::new(minor, Currency::NOK))),
        _ => decimal(plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_written_as_the_region_writes_it() {
        let text = |minor| money(Amount::new(minor, Currency::NOK));
        assert_eq!(text(123_456_789), "1 234 567,89 kr");
        assert_eq!(text(-123_450), "-1 234,50 kr");
        assert_eq!(text(5), "0,05 kr");
        assert_eq!((price("1490", Currency::NOK), price("1.490", Currency::NOK)), ("1 490,00".into(), "1.490".into()));
        assert_eq!((figure("21474836.47"), figure("9999")), ("21 474 836,47".into(), "9999".into()));
    }

    #[test]
    fn a_time_of_another_day_has_its_date() {
        let today: DateTime = "2026-11-24T23:59:00".parse().unwrap();
        let at = |text: &str| time_on(today, text.parse().unwrap());
        assert_eq!(at("2026-11-24T09:07:02"), "09:07:02");
        assert_eq!(at("2026-11-25T00:00:01"), "2026-11-25 00:00:01");
        assert_eq!(at("2025-11-24T09:07:02"), "2025-11-24 09:07:02");
    }
}
