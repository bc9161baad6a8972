//! `paylink message REF`: the text for the customer, as every phone would send it.

use crate::args::Message as Flags;
use crate::config::Setup;
use crate::find;
use crate::output::{Exit, Failure, Outcome};
use crate::screen::Screen;
use paylink_core::Code;
use paylink_core::link::Delivered;
use paylink_core::message::{Channel, Language, Message, SmsEncoding, SmsLength};
use paylink_core::order::Delivery;
use serde_json::{Value, json};

/// Prints the text.
///
/// # Errors
/// As [`Setup::open_read_only`]; no such link, or one that waits to be made.
pub fn run(setup: &Setup, flags: &Flags, screen: Screen) -> Outcome {
    let (channel, language) = wanted(setup, flags)?;
    let core = setup.open_read_only()?;
    let link = find(core.as_ref(), &flags.reference)?;
    let Some(core) = core else { return Ok(Exit::NotFound) };
    let channel = channel.unwrap_or_else(|| channel_of(link.delivery.channel));
    let message = core.message(link.id, channel, language)?;
    let language = language.unwrap_or(link.language);
    screen.object(&object(&message, channel, language));
    if !screen.json() {
        screen.say(text(&message, channel, screen));
        if link.delivery.state == Delivered::ProbablySent {
            screen.note(
                "The provider has probably sent a message already: this would be the second. Better show the QR code.",
            );
        }
    }
    Ok(Exit::Done)
}

/// The channel and the language that the flags name.
///
/// # Errors
/// None of the codes; nobody who sells, whom every text names.
pub fn wanted(setup: &Setup, flags: &Flags) -> Result<(Option<Channel>, Option<Language>), Failure> {
    let wrong = |what: &str, text: &str, allowed: &str| Failure::Usage(format!("{what} '{text}' is none of {allowed}"));
    let language = flags
        .language
        .as_deref()
        .map(|text| Language::from_code(text).ok_or_else(|| wrong("language", text, &Language::CODES.join(", "))));
    let language = language.transpose()?;
    let channel =
        flags.channel.as_deref().map(|text| channel(text).ok_or_else(|| wrong("channel", text, "sms, mail, share")));
    let channel = channel.transpose()?;
    if setup.config.seller_name.trim().is_empty() && !setup.is_practice() {
        return Err(Failure::config("seller_name", "required"));
    }
    Ok((channel, language))
}

/// The text as an object, with what it was written for.
#[must_use]
pub fn object(message: &Message, channel: Channel, language: Language) -> Value {
    let mut object = json!(message);
    object["channel"] = json!(channel);
    object["language"] = json!(language);
    object
}

fn channel(text: &str) -> Option<Channel> {
    serde_json::from_value(Value::String(text.trim().to_lowercase())).ok()
}

/// The text that belongs to a way of delivery.
#[must_use]
pub fn channel_of(delivery: Delivery) -> Channel {
    match delivery {
        Delivery::Sms | Delivery::Phone => Channel::Sms,
        Delivery::Mail => Channel::Mail,
        Delivery::Share | Delivery::Copy | Delivery::Qr => Channel::Share,
    }
}

/// The text, with a bar at its side, under what it is.
#[must_use]
pub fn text(message: &Message, channel: Channel, screen: Screen) -> String {
    let mut lines = vec![match (channel, &message.sms) {
        (Channel::Sms, Some(sms)) => format!("SMS {}: {}", to(message), length(sms)),
        (Channel::Sms, None) => format!("SMS {}", to(message)),
        (Channel::Mail, _) => format!("E-mail {}", to(message)),
        (Channel::Share, _) if message.preview => "Preview of a text to share".to_owned(),
        (Channel::Share, _) => "Text to share".to_owned(),
    }];
    let subject = message.subject.as_ref().filter(|_| channel == Channel::Mail);
    lines.extend(subject.map(|subject| format!("  {} {}", screen.dim("│"), screen.bold(subject))));
    lines.extend(message.body.lines().map(|line| format!("  {} {line}", screen.dim("│"))));
    lines.join("\n")
}

fn to(message: &Message) -> String {
    match &message.recipient {
        Some(to) => format!("to {to}"),
        None if message.preview => "as a preview, to nobody".to_owned(),
        None => "to nobody yet".to_owned(),
    }
}

/// `1 SMS, 123 characters`.
#[must_use]
pub fn length(sms: &SmsLength) -> String {
    let alphabet = match sms.encoding {
        SmsEncoding::Gsm7 => "in the plain alphabet",
        SmsEncoding::Ucs2 => "in the large alphabet",
    };
    let long = sms.made_long_by.join(" ");
    let because = if long.is_empty() { String::new() } else { format!(" because of {long}") };
    let parts = if sms.parts == 1 { "one message".to_owned() } else { format!("{} messages", sms.parts) };
    format!("{parts}, {} characters {alphabet}{because}", sms.units)
}
