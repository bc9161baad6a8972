//! Sharing: the customer's text, its length, the QR code.

use super::SmsEncoding;
use paylink_core::Reminder as CoreReminder;
use paylink_core::message;
use std::fmt;

/// A text ready for the phone. It names the customer's link: show it, send it, never log it.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug)]
pub struct Message {
    /// Phone number (E.164) or e-mail address, where the channel has one and it is known.
    pub recipient: Option<String>,
    /// One line: for mail, and for share targets that have a subject.
    pub subject: Option<String>,
    /// The text; lines end with LF.
    pub body: String,
    /// `smsto:` with the number (the body travels beside it), or a whole `mailto:`; null for sharing.
    pub uri: Option<String>,
    /// How long the SMS is; only for the channel `sms`.
    pub sms: Option<SmsLength>,
    /// Of the practice account: show it, hand it to nobody. There is neither recipient nor `uri` then.
    #[uniffi(default = false)]
    pub preview: bool,
}

/// A reminder to be sent from the phone, and those before it.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Reminder {
    /// The text. Send it unchanged, and say what became of it with `markReminded`.
    pub message: Message,
    /// How often the customer was reminded. What was broken off or failed does not count.
    pub reminded: u32,
    /// When last, UTC ms by the provider's clock; null: never.
    pub reminded_at: Option<i64>,
    /// That was less than a day ago: warn first.
    pub too_soon: bool,
}

/// What a text costs as SMS.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SmsLength {
    /// The alphabet it needs.
    pub encoding: SmsEncoding,
    /// Its length in units of that alphabet.
    pub units: u32,
    /// How many SMS are sent and paid.
    pub parts: u32,
    /// Units that still fit into the last part.
    pub units_left_in_part: u32,
    /// The characters that need the larger alphabet, each once.
    pub made_long_by: Vec<String>,
}

/// A QR code without its quiet zone: who draws adds four light modules on every side.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct QrModules {
    /// Modules on each side, 21 to 177.
    pub size: u32,
    /// Row by row from the top left, 1 is dark; `size * size` of them.
    pub modules: Vec<u8>,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message").field("sms_parts", &self.sms.as_ref().map(|sms| sms.parts)).finish_non_exhaustive()
    }
}

/// Texts and codes are far shorter than that.
fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl From<message::Message> for Message {
    fn from(message: message::Message) -> Self {
        let message::Message { recipient, subject, body, uri, sms, preview } = message;
        Self { recipient, subject, body, uri, sms: sms.map(Into::into), preview }
    }
}

impl From<CoreReminder> for Reminder {
    fn from(reminder: CoreReminder) -> Self {
        let CoreReminder { message, reminded, reminded_at, too_soon } = reminder;
        Self { message: message.into(), reminded, reminded_at, too_soon }
    }
}

impl From<message::SmsLength> for SmsLength {
    fn from(length: message::SmsLength) -> Self {
        let message::SmsLength { encoding, units, parts, units_left_in_part, made_long_by } = length;
        Self {
            encoding: encoding.into(),
            units: count(units),
            parts: count(parts),
            units_left_in_part: count(units_left_in_part),
            made_long_by,
        }
    }
}

impl From<message::QrModules> for QrModules {
    fn from(code: message::QrModules) -> Self {
        let message::QrModules { size, modules } = code;
        Self { size: count(size), modules }
    }
}
