//! Sharing: the customer's text, the reminder and the QR code of a link. The core writes the text so that every phone sends
//! the same.

use super::Paylink;
use super::read::View;
use crate::account::Settings;
use crate::clock::ProviderTime;
use crate::error::PaylinkError;
use crate::id::OrderId;
use crate::link::{Action, EventKind, ShareOutcome, TimelineEvent};
use crate::message::{self, Channel, Language, Message, MessageInput, MessageItem, Purpose, QrModules, Recipient};
use crate::order::Order;
use crate::outbox::seller;
use crate::store::rows::events;
use crate::store::rows::links::{self, Record};
use serde::Serialize;

/// Who was reminded less than a day ago is not to be reminded again without a second thought.
const MIN_BETWEEN_REMINDERS_MS: i64 = 24 * 3_600_000;

/// A reminder to be sent from the phone, and those before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reminder {
    /// The text.
    pub message: Message,
    /// How often the customer was reminded. What was broken off or failed does not count.
    pub reminded: u32,
    /// When last, UTC ms by the provider's clock.
    pub reminded_at: Option<i64>,
    /// That was less than a day ago: warn first.
    pub too_soon: bool,
}

impl Paylink {
    /// The text of a link for one channel, in the sale's language or another.
    ///
    /// # Errors
    /// [`PaylinkError::NotFound`]; [`PaylinkError::NotAllowed`] while there is no link.
    pub fn message(&self, id: OrderId, channel: Channel, language: Option<Language>) -> Result<Message, PaylinkError> {
        let view = self.view()?;
        text(&view, &view.record(id)?, channel, language, Purpose::Request)
    }

    /// A polite reminder with the same link, for one channel of the phone (the provider cannot send again), in the sale's
    /// language or another; and how often the customer was reminded before.
    ///
    /// # Errors
    /// [`PaylinkError::NotFound`]; [`PaylinkError::NotAllowed`] unless the link can be paid and a first message has gone out.
    pub fn remind(&self, id: OrderId, channel: Channel, language: Option<Language>) -> Result<Reminder, PaylinkError> {
        let view = self.view()?;
        let (record, told) =
            view.store.read(move |db| Ok((links::record(db, id)?, events::of_kind(db, id, EventKind::Reminded)?)))?;
        seller::allowed(&record, Action::Remind, view.now)?;
        let message = text(&view, &record, channel, language, Purpose::Reminder)?;
        let before: Vec<i64> = told.iter().filter(|event| has_arrived(event)).map(|event| event.at).collect();
        let last = before.iter().copied().max();
        Ok(Reminder {
            message,
            reminded: u32::try_from(before.len()).unwrap_or(u32::MAX),
            reminded_at: last,
            too_soon: last.is_some_and(|at| view.now.since(ProviderTime::from_ms(at)) < MIN_BETWEEN_REMINDERS_MS),
        })
    }

    /// The QR code of a link, as modules: shells draw it.
    ///
    /// # Errors
    /// [`PaylinkError::NotFound`]; [`PaylinkError::NotAllowed`] while there is no link.
    pub fn qr(&self, id: OrderId) -> Result<QrModules, PaylinkError> {
        let link = self.link(id)?;
        let Some(url) = link.url else {
            return Err(PaylinkError::NotAllowed { action: Action::ShowQr, status: link.status });
        };
        // An address that is kept is shorter than the longest that fits.
        message::qr(&url).map_err(|problem| PaylinkError::internal(problem.to_string()))
    }
}

fn text(
    view: &View<'_>,
    record: &Record,
    channel: Channel,
    language: Option<Language>,
    purpose: Purpose,
) -> Result<Message, PaylinkError> {
    let link = view.shown(record);
    let Some(url) = link.url else {
        return Err(PaylinkError::NotAllowed { action: Action::Share, status: link.status });
    };
    let customer = &record.order.sale.customer;
    let recipient = Recipient { phone: customer.phone.clone(), email: customer.email.clone() };
    let input = input(&record.order, view.settings, url, link.expires_at);
    let input = MessageInput { purpose, language: language.unwrap_or(input.language), ..input };
    Ok(message::render(channel, &input, &recipient))
}

/// Whether a message that was handed to an app of the phone may be with the customer. One of a newer core may.
fn has_arrived(event: &TimelineEvent) -> bool {
    let outcome = event.data.get("outcome").and_then(|code| ShareOutcome::from_code(code));
    outcome.is_none_or(ShareOutcome::may_have_arrived)
}

fn input(order: &Order, settings: &Settings, url: String, expires_at: Option<i64>) -> MessageInput {
    let sale = &order.sale;
    MessageInput {
        purpose: Purpose::Request,
        language: sale.language,
        seller: settings.seller_name.clone(),
        customer_name: sale.customer.name.clone(),
        amount_minor: sale.total.minor(),
        currency_code: sale.currency.code().to_owned(),
        exponent: sale.currency.exponent(),
        items: sale
            .items
            .iter()
            .map(|item| MessageItem {
                quantity_text: item.quantity.plain_text(),
                description: item.description.clone(),
                total_minor: Some(item.total.minor()),
            })
            .collect(),
        reference: order.reference.clone(),
        url,
        expires_at_ms: expires_at,
        terms_url: settings.terms_url.clone(),
        practice: settings.provider.is_practice(),
        zone: settings.region.zone(),
    }
}
