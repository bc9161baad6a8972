//! Sending the link to the customer's phone, and what arrived there.
//!
//! | account | phone | only method is Vipps, Swish or MobilePay | what happens | status |
//! |---|---|---|---|---|
//! | `P` | yes | no | an SMS in the inbox | `sent` |
//! | `P` | yes | yes | a push in the inbox, PUSH_NOTIFICATION_SENT | `sent` |
//! | `P` | no | | nothing | `skipped` |
//! | `T` | | | nothing | `skipped` (assumption) |
//!
//! assumption: after the turn to a push the reply's `channel` stays as it was asked for.

use serde_json::{Value, json};

use super::{Engine, Session, enabled_methods};

/// What became of one wish to send the link.
#[derive(Clone, Debug)]
pub struct Published {
    /// A UUID.
    pub id: String,
    /// `sms` or `push`, as asked for.
    pub channel: String,
    /// `checkout-link`, `app` or `terminal`.
    pub kind: String,
    /// `sent` or `skipped`.
    pub status: &'static str,
}

/// How a message reached the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A text message.
    Sms,
    /// A request in the wallet's app.
    Push,
}

impl Channel {
    /// `sms` or `push`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Push => "push",
        }
    }
}

/// Something that arrived on a customer's phone.
#[derive(Clone, Debug)]
pub struct Message {
    /// The phone.
    pub to: String,
    /// Who it says it is from.
    pub from: String,
    /// SMS or push.
    pub channel: Channel,
    /// What it says.
    pub text: String,
    /// The link in it.
    pub link: String,
    /// The session it is about.
    pub session_id: String,
    /// When it arrived, UTC milliseconds.
    pub at_ms: i64,
}

impl Published {
    pub(super) fn read(&self) -> Value {
        json!({ "id": self.id, "channel": self.channel, "type": self.kind, "status": self.status })
    }
}

impl Message {
    /// As the inbox lists it.
    #[must_use]
    pub fn read(&self) -> Value {
        json!({
            "to": self.to,
            "from": self.from,
            "channel": self.channel.as_str(),
            "text": self.text,
            "link": self.link,
            "session_id": self.session_id,
            "at": crate::clock::rfc3339(self.at_ms),
        })
    }
}

impl Engine {
    /// Does what `configuration.publish` of a new session asks for.
    pub(super) fn publish(&mut self, session_id: &str) {
        let Some(session) = self.sessions.get(session_id).cloned() else {
            return;
        };
        for entry in session.configuration()["publish"].as_array().map(Vec::as_slice).unwrap_or_default() {
            let (channel, kind) =
                (entry["channel"].as_str().unwrap_or_default(), entry["type"].as_str().unwrap_or_default());
            let is_link_by_sms = channel == "sms" && kind == "checkout-link";
            let phone = session.field("customer")["phone_number"].as_str();
            let status = match phone {
                Some(phone) if is_link_by_sms && !self.options.is_test_account() => {
                    self.deliver(&session, phone);
                    "sent"
                }
                _ => "skipped",
            };
            let published =
                Published { id: self.ids.uuid(), channel: channel.to_owned(), kind: kind.to_owned(), status };
            if let Some(session) = self.sessions.get_mut(session_id) {
                session.publish.push(published);
            }
        }
        if let Some(session) = self.sessions.get_mut(session_id)
            && !session.publish.is_empty()
        {
            let read: Value = session.publish.iter().map(Published::read).collect();
            session.configuration_mut()["publish"] = read;
        }
    }

    fn deliver(&mut self, session: &Session, phone: &str) {
        let methods = enabled_methods(session.configuration(), &self.account_methods());
        let pushed = matches!(methods.as_slice(), [only] if only.is_pushed());
        let link = self.link(&session.id);
        let name = session.merchant_name();
        // assumption: text and sender of the provider's messages are not published.
        let (channel, from, text) = if pushed {
            let wallet = methods.first().map(super::Method::kind).unwrap_or_default();
            (Channel::Push, wallet.to_owned(), format!("{name} ber om betaling: {link}"))
        } else {
            (Channel::Sms, String::from("Dintero"), format!("Betal til {name} her: {link}"))
        };
        self.inbox.push(Message {
            to: phone.to_owned(),
            from,
            channel,
            text,
            link,
            session_id: session.id.clone(),
            at_ms: self.now_ms(),
        });
        if pushed {
            self.note(&session.id, "PUSH_NOTIFICATION_SENT", None);
        }
    }
}
