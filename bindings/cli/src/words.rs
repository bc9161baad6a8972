//! The words for the core's codes. The core returns codes and data, the shells speak (rule 9).

use crate::figures::figure;
pub use crate::figures::{at_home_in, decimal, moment, money, number, price, time};
use crate::printable::seen;
use paylink_core::ProblemCode;
use paylink_core::link::{
    Action, Delivered, EventKind, LinkStatus, PaymentLink, ReasonCode, ShareChannel, TimelineEvent,
};
use paylink_core::order::{Problem, Severity};

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
        Some(why) => format!("{stands}: {}{}", reason(why.code.code()), quoted(why.detail.as_deref())),
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
        Action::ShowQr => "there is no link to show",
        Action::Remind => "there is nobody to remind",
        Action::RequestAgain => "this cannot be requested again",
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
    let Some(kind) = event.kind.known() else { return "something that this version has no words for".to_owned() };
    match kind {
        EventKind::Saved if data("again_of").is_some() => "saved: requested again".into(),
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
            Some(channel) => format!("shared {}", shared_by(channel)),
            None => "shared".into(),
        },
        EventKind::Reminded => match data("channel") {
            Some(channel) => format!("reminded {}", shared_by(channel)),
            None => "reminded".into(),
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
        EventKind::RequestedAgain => "requested again, as a new order".into(),
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

/// By what a link was shared.
fn shared_by(channel: &str) -> &'static str {
    match ShareChannel::from_code(channel) {
        Some(ShareChannel::Sms) => "by SMS",
        Some(ShareChannel::Mail) => "by e-mail",
        Some(ShareChannel::Share) => "by another app",
        Some(ShareChannel::Copy) => "as a copy",
        Some(ShareChannel::Qr) => "as a QR code",
        None => "from the phone",
    }
}

/// Why something waits, pauses or failed, by its code; one of a newer version has neutral words.
#[must_use]
pub fn reason(code: &str) -> &'static str {
    ReasonCode::from_code(code).map_or("for a reason that this version has no words for", because)
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
        ReasonCode::RightMissing => "this client lacks a right at the provider, who grants it in Backoffice",
        ReasonCode::MayHaveBeenSent => "a message may have reached the customer",
        ReasonCode::ForeignSession => "there is a link with this reference that is not certainly ours",
        ReasonCode::TooOld => "it has waited too long to go out unasked",
        ReasonCode::NotAllowed => "not allowed now",
        ReasonCode::Recovered => "read back from a damaged database",
    }
}

/// A problem of a draft, with its place.
#[must_use]
pub fn problem(problem: &Problem) -> String {
    let place = match problem.line {
        Some(line) => format!("line {line}, {}", field(&problem.field)),
        None => field(&problem.field).to_owned(),
    };
    let warning = if problem.severity == Severity::Warning { " (a warning)" } else { "" };
    format!("{place}: {}{warning}", explain(problem))
}

/// What is wrong, without the place.
#[must_use]
pub fn explain(problem: &Problem) -> String {
    let parameter = |name: &str| problem.parameters.get(name).map_or("?", String::as_str);
    match problem.code {
        ProblemCode::Required => "must be filled in".into(),
        ProblemCode::NotANumber => "is not a number".into(),
        ProblemCode::Ambiguous => {
            "can be read in two ways, a thousandfold apart: leave out the dot, or write two decimals".into()
        }
        ProblemCode::Negative => "must not be negative".into(),
        ProblemCode::Zero => "must not be zero".into(),
        ProblemCode::TooManyDecimals => format!("has more than {} decimals", parameter("max")),
        ProblemCode::TooLarge => format!("is more than {}", figure(parameter("max"))),
        ProblemCode::WrongCurrency => format!("is not in {}", parameter("expected")),
        ProblemCode::NotSupported => format!("must be one of {}", parameter("allowed")),
        ProblemCode::TooLong => match problem.parameters.get("max") {
            Some(max) => format!("is longer than {max} characters"),
            None => "is too long".into(),
        },
        ProblemCode::TooMany => format!("has more than {} parts", parameter("max")),
        ProblemCode::ControlCharacter => "must be on one line".into(),
        ProblemCode::Excludes => format!("cannot be given together with {}", field(parameter("with"))),
        ProblemCode::AboveLine => format!("is more than the line itself, {}", figure(parameter("max"))),
        ProblemCode::NothingToPay => "there is nothing to pay".into(),
        ProblemCode::Unusual => format!("is none of the rates of today: {}", parameter("allowed")),
        ProblemCode::NotOffered => format!("is not offered by the account, which has {}", parameter("offered")),
        ProblemCode::NoProfileYet => "can be chosen only after the account was reached once".into(),
        ProblemCode::Invalid => match problem.parameters.get("reason") {
            Some(reason) => format!("cannot be read: {reason}"),
            None => "is not valid".into(),
        },
        ProblemCode::TooShort => "is too short".into(),
        ProblemCode::Landline => "is a landline, an SMS will not arrive".into(),
        ProblemCode::UnknownRange => "is in no known range of numbers".into(),
        ProblemCode::CannotCombine => format!("cannot be combined with {}", field(parameter("with"))),
        ProblemCode::AlreadyUsed => "was used before".into(),
        ProblemCode::NotASetup => "is neither a set-up link nor an invitation".into(),
        ProblemCode::NewerVersion => "was made by a newer Paylink: update this one".into(),
        ProblemCode::Repeated => "is given more than once".into(),
        ProblemCode::SecretInClear => {
            "stands in the clear, where everybody who saw the link could read it: have it replaced in Backoffice".into()
        }
        ProblemCode::UnknownField => "is not known to this Paylink, and is left out".into(),
        ProblemCode::AnotherAccount => "is another one".into(),
        ProblemCode::CannotChange => "cannot be changed by a set-up".into(),
        ProblemCode::Altered => "is not whole: copy all of it, or ask for it again".into(),
        ProblemCode::Expired => "has expired: ask for a new one".into(),
        ProblemCode::WrongCode => "is not the one of this invitation".into(),
        ProblemCode::NotOver => format!("is not over: {} would be asked for twice", parameter("reference")),
    }
}

/// A field of the draft.
#[must_use]
pub fn field(name: &str) -> &str {
    match name {
        "items" => "lines",
        "origin" => "provider's address",
        "api_prefix" => "start of the API",
        "profile_id" => "payment profile",
        "return_url" => "page after paying",
        "seller_name" => "seller",
        "reference_prefix" => "prefix of references",
        "terms_url" => "terms",
        "client_id" => "client id",
        "client_secret" => "client secret",
        "unit_price" => "unit price",
        "vat" => "VAT",
        "expiry" => "time to pay",
        "methods" => "ways to pay",
        "email" => "e-mail",
        "address_line" => "address line",
        "address_line_2" => "second address line",
        "postal_code" => "postal code",
        "again_of" => "the order requested again",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use paylink_core::Coded;

    #[test]
    fn a_problem_names_its_line_and_field() {
        let zero = Problem {
            field: "unit_price".into(),
            line: Some(2),
            code: ProblemCode::Zero,
            severity: Severity::Error,
            parameters: Default::default(),
        };
        assert_eq!(problem(&zero), "line 2, unit price: must not be zero");
    }

    #[test]
    fn a_code_of_a_newer_version_has_neutral_words() {
        let words = reason("sun_storm");
        assert!(!words.contains("sun_storm") && ReasonCode::ALL.iter().all(|code| reason(code.code()) != words));
        let id = "01a22632-6e67-7a6f-b878-e469751c7854".parse().unwrap();
        let told = |kind: &str| {
            let kind = Coded::of(kind.to_owned());
            event(&TimelineEvent { cursor: 1, link: id, at: 0, kind, data: Default::default() })
        };
        assert!(!told("chargeback").contains("chargeback"));
        assert!(EventKind::ALL.iter().all(|kind| told(kind.code()) != told("chargeback")));
    }
}
