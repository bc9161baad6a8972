//! What the customer reads: SMS, mail and share text in five languages, and the QR code.
//!
//! What this room guarantees, for any input:
//! - seller, amount, reference and link stand whole in every text; they are never cut or dropped
//!   (an SMS shows them repaired, see [`repair()`]; the link is never touched);
//! - in an SMS and in the share text the link is last, after a space and followed by nothing, so
//!   that phones make it tappable;
//! - an SMS is the fullest text among those that need the fewest parts (`sms`);
//! - the seller's terms link is a legal text (withdrawal right at doors and stands): it is kept
//!   even where it costs a part;
//! - the customer's name stands in the mail's greeting only: a text sent to a wrong number tells
//!   no name;
//! - no words of urgency, no shortened links;
//! - a text of the practice account says so before anything else, and is a preview: it names nobody to send it to.
//!
//! Pure: no I/O, no clock. Both phones and the terminal send exactly what is written here.
//! The words of each language are in `text`.

mod amount;
mod date;
mod items;
mod language;
mod length;
mod mail;
mod qr;
mod repair;
mod sms;
mod text;
mod uri;

use crate::code::codes;
use std::fmt;

use serde::Serialize;

use crate::calendar::Zone;
use crate::contact::{EmailAddress, PhoneNumber};

pub use amount::{amount_text, decimal_text, number_text};
pub use length::{SmsEncoding, SmsLength, sms_length};
pub use qr::{QrModules, QrProblem, qr};
pub use repair::repair;
pub use text::Language;

codes! {
    /// The way a text reaches the customer.
    pub enum Channel {
        /// The phone's SMS composer.
        Sms = "sms",
        /// The phone's mail app.
        Mail = "mail",
        /// The share sheet, or the clipboard.
        Share = "share",
    }
}

/// One line of the order, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageItem {
    /// The quantity as a plain decimal: `2`, `0.5`.
    pub quantity_text: String,
    /// What was sold, as the seller typed it.
    pub description: String,
    /// The line's total in minor units; shown in the mail where known.
    pub total_minor: Option<i64>,
}

/// What a text is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// The link comes for the first time.
    #[default]
    Request,
    /// The link comes again: a polite reminder, no dunning.
    Reminder,
}

/// What a text is made of. Redacted in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct MessageInput {
    /// What it is for.
    pub purpose: Purpose,
    /// The customer's language.
    pub language: Language,
    /// Who is paid, as customers know them.
    pub seller: String,
    /// The customer's name; greets in the mail.
    pub customer_name: Option<String>,
    /// What is to be paid, in minor units.
    pub amount_minor: i64,
    /// The currency, ISO 4217: `NOK`.
    pub currency_code: String,
    /// How many decimals the currency has: 2 for `NOK`.
    pub exponent: u32,
    /// What was sold.
    pub items: Vec<MessageItem>,
    /// The merchant reference.
    pub reference: String,
    /// The payment link.
    pub url: String,
    /// When the link stops working, UTC milliseconds.
    pub expires_at_ms: Option<i64>,
    /// The zone by whose clocks dates are written.
    pub zone: Zone,
    /// The seller's terms, with the withdrawal form.
    pub terms_url: Option<String>,
    /// Of the practice account: nothing is to be paid, and nothing to be sent.
    pub practice: bool,
}

impl Default for MessageInput {
    /// An empty Norwegian text in kroner, Oslo time.
    fn default() -> Self {
        Self {
            purpose: Purpose::Request,
            language: Language::Nb,
            seller: String::new(),
            customer_name: None,
            amount_minor: 0,
            currency_code: "NOK".to_owned(),
            exponent: 2,
            items: Vec::new(),
            reference: String::new(),
            url: String::new(),
            expires_at_ms: None,
            zone: Zone::CentralEurope,
            terms_url: None,
            practice: false,
        }
    }
}

/// Where a text goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipient {
    /// For [`Channel::Sms`].
    pub phone: Option<PhoneNumber>,
    /// For [`Channel::Mail`].
    pub email: Option<EmailAddress>,
}

/// A text ready for the phone. Redacted in `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// E.164 or e-mail address, where the channel has one and it is known.
    pub recipient: Option<String>,
    /// One line for mail, and for share targets that have a subject.
    pub subject: Option<String>,
    /// The text; lines end with LF.
    pub body: String,
    /// `smsto:<E.164>` (the body travels beside it, on Android as the extra `sms_body`), or a
    /// whole `mailto:` with subject and body (RFC 6068). Where that would be longer than mail apps take, the link comes
    /// first in it and lines are left out; `body` has them all. Without a recipient the part after the
    /// scheme is empty, and the seller picks one in the composer.
    pub uri: Option<String>,
    /// How long the SMS is; only for [`Channel::Sms`].
    pub sms: Option<SmsLength>,
    /// Of the practice account: to be looked at, never to be sent. There is neither recipient nor `uri` then.
    pub preview: bool,
}

/// Writes the text for one channel. Answers for any input; an empty seller, reference or link is
/// left out together with the words around it.
#[must_use]
pub fn render(channel: Channel, input: &MessageInput, recipient: &Recipient) -> Message {
    let message = written(channel, input, recipient);
    if input.practice { Message { recipient: None, uri: None, preview: true, ..message } } else { message }
}

fn written(channel: Channel, input: &MessageInput, recipient: &Recipient) -> Message {
    match channel {
        Channel::Sms => {
            let body = sms::shortened(input);
            let phone = recipient.phone.as_ref().map(PhoneNumber::e164);
            Message {
                recipient: phone.map(str::to_owned),
                subject: None,
                uri: Some(uri::smsto(phone)),
                sms: Some(sms_length(&body)),
                body,
                preview: false,
            }
        }
        Channel::Mail => {
            let subject = mail::subject(input);
            let body = mail::body(input);
            let email = recipient.email.as_ref().map(EmailAddress::as_str);
            let uri = |body: &str| uri::mailto(email, &subject, body);
            let whole = uri(&body);
            let uri = if whole.len() <= uri::MAX_MAILTO { whole } else { mail::short_uri(input, uri) };
            let recipient = email.map(str::to_owned);
            Message { recipient, uri: Some(uri), subject: Some(subject), body, sms: None, preview: false }
        }
        Channel::Share => Message {
            recipient: None,
            subject: Some(mail::subject(input)),
            body: sms::full(input),
            uri: None,
            sms: None,
            preview: false,
        },
    }
}

impl fmt::Debug for MessageInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageInput")
            .field("language", &self.language)
            .field("items", &self.items.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.sms.as_ref().map(|sms| sms.parts);
        f.debug_struct("Message").field("sms_parts", &parts).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
