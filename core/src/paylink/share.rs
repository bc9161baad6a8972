//! Sharing: the customer's text and the QR code of a link. The core writes the text so that every phone sends the
//! same.

use super::Paylink;
use crate::account::Settings;
use crate::error::PaylinkError;
use crate::id::OrderId;
use crate::message::{self, Channel, Language, Message, MessageInput, MessageItem, QrModules, Recipient};
use crate::order::Order;

impl Paylink {
    /// The text of a link for one channel, in the sale's language or another.
    ///
    /// # Errors
    /// [`PaylinkError::NotFound`]; [`PaylinkError::NotAllowed`] while there is no link.
    pub fn message(&self, id: OrderId, channel: Channel, language: Option<Language>) -> Result<Message, PaylinkError> {
        let view = self.view()?;
        let record = view.record(id)?;
        let link = view.shown(&record);
        let Some(url) = link.url else {
            return Err(PaylinkError::NotAllowed { action: crate::link::Action::Share, status: link.status });
        };
        let customer = &record.order.sale.customer;
        let recipient = Recipient { phone: customer.phone.clone(), email: customer.email.clone() };
        let mut input = input(&record.order, view.settings, url, link.expires_at);
        input.language = language.unwrap_or(input.language);
        Ok(message::render(channel, &input, &recipient))
    }

    /// The QR code of a link, as modules: shells draw it.
    ///
    /// # Errors
    /// [`PaylinkError::NotFound`]; [`PaylinkError::NotAllowed`] while there is no link.
    pub fn qr(&self, id: OrderId) -> Result<QrModules, PaylinkError> {
        let link = self.link(id)?;
        let Some(url) = link.url else {
            return Err(PaylinkError::NotAllowed { action: crate::link::Action::Share, status: link.status });
        };
        // An address that is kept is shorter than the longest that fits.
        message::qr(&url).map_err(|problem| PaylinkError::internal(problem.to_string()))
    }
}

fn input(order: &Order, settings: &Settings, url: String, expires_at: Option<i64>) -> MessageInput {
    let sale = &order.sale;
    MessageInput {
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
