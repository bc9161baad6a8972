//! The words for the core's codes. The core returns codes and data, the shells speak (rule 9).

mod problem;

pub use problem::{explain, problem};

use crate::printable::seen;
use jiff::Timestamp;
use jiff::civil::DateTime;
use paylink_core::link::{Action, Delivered, EventKind, LinkStatus, PaymentLink, ReasonCode, TimelineEvent};
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

/// What a seller says of a status.
#[must_use]
pub fn status(status: LinkStatus) -> &'static str {
    match status {
        LinkStatus::Queued => "waiting to be sent",
        LinkStatus::Creating => "being sent",
        LinkStatus::Unknown => "may have been sent",
        LinkStatus::NeedsAttention => "needs you",
        LinkStatus::Open => "link ready",
        LinkStatus::Opened => "opened",
        LinkStatus::Authorized => "reserved",
        LinkStatus::OnHold => "on hold at the provider",
        LinkStatus::PartiallyCaptured => "partly paid",
        LinkStatus::Captured => "paid",
        LinkStatus::PartiallyRefunded => "partly refunded",
        LinkStatus::Refunded => "refunded",
        LinkStatus::Voided => "released",
        LinkStatus::Declined => "declined",
        LinkStatus::Failed => "failed",
        LinkStatus::Expired => "expired",
        LinkStatus::Cancelled => "cancelled",
        LinkStatus::Superseded => "replaced",
    }
}

/// A link's status, with the reason where it explains the status, and the provider's own words where there are some.
#[must_use]
pub fn status_of(link: &PaymentLink) -> String {
    let stands = match link.status {
        LinkStatus::Queued if link.reason.is_some() => "waiting",
        // A payable link that nothing can be done with is being cancelled.
        status if status.is_payable() && link.actions.is_empty() => "being cancelled",
        LinkStatus::Creating | LinkStatus::Unknown | LinkStatus::NeedsAttention | LinkStatus::Superseded => {
            status(link.status)
        }
        other => return status(other).to_owned(),
    };
    match &link.reason {
        Some(why) => format!("{stands}: {}{}", because(why.code), quoted(why.detail.as_deref())),
        None => stands.to_owned(),
    }
}

/// The provider's own words.
fn quoted(words: Option<&str>) -> String {
    let words = words.map(seen).filter(|words| !words.is_empty());
    words.map_or_else(String::new, |words| format!(" (\"{words}\")"))
}

/// Why something cannot be done with a link that stands so.
#[must_use]
pub fn not_allowed(action: Action, status: LinkStatus) -> String {
    let cannot = match action {
        Action::Cancel => "this cannot be cancelled",
        Action::Retry => "there is nothing to try again",
        Action::Discard => "this cannot be given up",
        Action::ResolveUnknown => "nothing waits for an answer",
        Action::Share => "there is no link to send",
        Action::Replace => "only a sale whose reference the provider has taken can be replaced",
    };
    format!("{cannot}: {}", standing(status))
}

/// How a link stands, as a sentence.
const fn standing(status: LinkStatus) -> &'static str {
    match status {
        LinkStatus::Queued => "it waits to be sent",
        LinkStatus::Creating => "it is being sent",
        LinkStatus::Unknown => "it may have been sent and is being looked up",
        LinkStatus::NeedsAttention => "the sale waits for your decision, `paylink show` says which",
        LinkStatus::Open => "the link is ready",
        LinkStatus::Opened => "the customer has opened the link",
        LinkStatus::Authorized => "the money is reserved",
        LinkStatus::OnHold => "the provider holds the payment",
        LinkStatus::PartiallyCaptured => "it is partly paid",
        LinkStatus::Captured => "it is paid",
        LinkStatus::PartiallyRefunded => "it is partly refunded",
        LinkStatus::Refunded => "it is refunded",
        LinkStatus::Voided => "the reservation was released",
        LinkStatus::Declined => "the customer declined",
        LinkStatus::Failed => "it ended without payment",
        LinkStatus::Expired => "it has expired",
        LinkStatus::Cancelled => "it is cancelled",
        LinkStatus::Superseded => "a new order has taken its place",
    }
}

/// Whether the customer has got the link.
#[must_use]
pub fn delivered(state: Delivered) -> &'static str {
    match state {
        Delivered::Waiting => "no link yet",
        Delivered::Sent => "sent by the provider",
        Delivered::ProbablySent => {
            "probably sent by the provider: show the QR code, a message from you may be the second"
        }
        Delivered::Ready => "ready for you to send",
        Delivered::Shared => "sent by you",
    }
}

/// What happened.
#[must_use]
pub fn event(event: &TimelineEvent) -> String {
    let data = |name: &str| event.data.get(name).map(String::as_str).filter(|text| !text.is_empty());
    let why = |text: &str| match data("reason").or_else(|| data("detail")) {
        Some(code) => format!("{text}: {}", seen(reason(code))),
        None => text.to_owned(),
    };
    let with = |text: &str| match data("method") {
        Some(code) => format!("{text} with {}", method(code)),
        None => text.to_owned(),
    };
    match event.kind {
        EventKind::Saved => "saved".into(),
        EventKind::Sending => "being sent".into(),
        EventKind::LinkCreated => "link made".into(),
        EventKind::LinkAdopted => "link found again".into(),
        EventKind::SmsSent => "SMS sent by the provider".into(),
        EventKind::PushSent => "request sent to the customer's app".into(),
        EventKind::NotDelivered => "not sent by the provider: ready for you to send".into(),
        EventKind::SendFailed => why("not sent yet"),
        EventKind::SendUnclear => why("may have been sent, looking it up"),
        EventKind::Held => why("held for you to decide"),
        EventKind::Rejected => "refused by the provider".into(),
        EventKind::ResentBySeller => "sent again at your risk".into(),
        EventKind::Shared => match data("channel") {
            Some(channel) => format!("shared by {channel}"),
            None => "shared".into(),
        },
        EventKind::Opened => "opened by the customer".into(),
        EventKind::PaymentStarted => "payment started".into(),
        EventKind::PaymentFailed => "a try to pay failed".into(),
        EventKind::Authorized => with("money reserved"),
        EventKind::OnHold => "on hold at the provider".into(),
        EventKind::Captured => with("paid"),
        EventKind::PartiallyCaptured => with("partly paid"),
        EventKind::Refunded => "refunded".into(),
        EventKind::PartiallyRefunded => "partly refunded".into(),
        EventKind::Voided => "reservation released".into(),
        EventKind::Declined => "declined by the customer".into(),
        EventKind::Failed => "ended without payment".into(),
        EventKind::Expired => "expired".into(),
        EventKind::CancelRequested => "you asked to cancel".into(),
        EventKind::Cancelled => "cancelled".into(),
        EventKind::PaidAfterEnd => "PAID AFTER IT HAD ENDED".into(),
        EventKind::StrayCancelled => "a second link was found and cancelled".into(),
        EventKind::Discarded => "given up".into(),
        EventKind::Superseded => "replaced by a new order".into(),
        EventKind::ForeignSession => "the provider has another link with this reference, which is not ours".into(),
    }
}

/// A method as people call it: `dintero_psp.creditcard` is a card.
#[must_use]
pub fn method(code: &str) -> &str {
    match code.rsplit('.').next().unwrap_or(code) {
        "vipps" => "Vipps",
        "mobilepay" => "MobilePay",
        "swish" => "Swish",
        "creditcard" | "card" => "card",
        "klarna" => "Klarna",
        other => other,
    }
}

/// Why something waits, pauses or failed, by its code; a code that is none stands for itself.
#[must_use]
pub fn reason(code: &str) -> &str {
    match ReasonCode::from_code(code) {
        Some(code) => because(code),
        None => code,
    }
}

/// Why something waits, pauses or failed.
#[must_use]
pub const fn because(code: ReasonCode) -> &'static str {
    match code {
        ReasonCode::NoNetwork => "no network",
        ReasonCode::WrongClock => {
            "this machine's clock is wrong: set it, the provider's certificate is not valid by it"
        }
        ReasonCode::NoToken => "the sign-in did not answer in time",
        ReasonCode::Timeout => "no answer in time",
        ReasonCode::Cut => "the connection broke off",
        ReasonCode::ServerError => "the provider has trouble",
        ReasonCode::NotJson => "something else than the provider answered, perhaps a Wi-Fi login page",
        ReasonCode::TooLarge => "the answer was too large to be the provider's",
        ReasonCode::NoId => "the answer had no link in it",
        ReasonCode::Busy => "the provider is busy",
        ReasonCode::Rejected => "refused by the provider",
        ReasonCode::Duplicate => "the provider has another link with this reference",
        ReasonCode::WrongCredentials => {
            "the client id or secret is wrong: set PAYLINK_CLIENT_ID and PAYLINK_CLIENT_SECRET right"
        }
        ReasonCode::SignedOut => "not signed in: set PAYLINK_CLIENT_ID and PAYLINK_CLIENT_SECRET",
        ReasonCode::SecureStoreLocked => "the secure store is locked",
        ReasonCode::RightMissing => "this client lacks a right at the provider, who gives it in Backoffice",
        ReasonCode::MayHaveBeenSent => "a message may have reached the customer",
        ReasonCode::ForeignSession => "there is a link with this reference that is not certainly ours",
        ReasonCode::TooOld => "it has waited too long to go out unasked",
        ReasonCode::NotAllowed => "not allowed now",
        ReasonCode::Recovered => "read back from a damaged database",
    }
}

#[cfg(test)]
mod tests {
    use super::problem::figure;
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
