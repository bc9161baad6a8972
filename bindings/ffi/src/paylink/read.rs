//! What an app shows. Nothing here waits for the network or changes anything.

use super::Paylink;
use crate::error::{PaylinkError, contained};
use crate::record::{
    Channel, Draft, Language, LinkDetail, LinkFilter, Message, OrderId, PaymentLink, QrModules, Reminder,
    TimelineEvent, known,
};
use jiff::civil::Date;
use paylink_core::{DayReport, Page, Pending};

#[uniffi::export]
impl Paylink {
    /// The customer's text for one channel; in the sale's language when `language` is null. Send it unchanged.
    ///
    /// # Errors
    /// `not_found`; `not_allowed` while there is no link.
    #[uniffi::method(default(language = None))]
    pub fn message(&self, id: OrderId, channel: Channel, language: Option<Language>) -> Result<Message, PaylinkError> {
        let (id, channel) = (id.read()?, known("channel", &channel)?);
        let language = language.map(|language| known("language", &language)).transpose()?;
        contained(|| self.core.message(id, channel, language)).map(Into::into)
    }

    /// A polite reminder with the same link, for one channel of the phone; in the sale's language when `language` is null.
    ///
    /// # Errors
    /// `not_found`; `not_allowed` unless the link can be paid and a first message has gone out.
    #[uniffi::method(default(language = None))]
    pub fn remind(&self, id: OrderId, channel: Channel, language: Option<Language>) -> Result<Reminder, PaylinkError> {
        let (id, channel) = (id.read()?, known("channel", &channel)?);
        let language = language.map(|language| known("language", &language)).transpose()?;
        contained(|| self.core.remind(id, channel, language)).map(Into::into)
    }

    /// The QR code of a link, for the app to draw.
    ///
    /// # Errors
    /// `not_found`; `not_allowed` while there is no link.
    pub fn qr(&self, id: OrderId) -> Result<QrModules, PaylinkError> {
        let id = id.read()?;
        contained(|| self.core.qr(id)).map(Into::into)
    }

    /// One link.
    ///
    /// # Errors
    /// `not_found`, `storage`.
    pub fn link(&self, id: OrderId) -> Result<PaymentLink, PaylinkError> {
        let id = id.read()?;
        contained(|| self.core.link(id)).map(Into::into)
    }

    /// The link with this merchant reference.
    ///
    /// # Errors
    /// `not_found`, `storage`.
    pub fn link_by_reference(&self, reference: String) -> Result<PaymentLink, PaylinkError> {
        contained(|| self.core.link_by_reference(&reference)).map(Into::into)
    }

    /// A link with its lines, sums and timeline.
    ///
    /// # Errors
    /// `not_found`, `storage`.
    pub fn detail(&self, id: OrderId) -> Result<LinkDetail, PaylinkError> {
        let id = id.read()?;
        contained(|| self.core.detail(id)).map(Into::into)
    }

    /// A draft of the same sale that is linked to the old one, which was cancelled, refunded or came to nothing by mistake.
    ///
    /// # Errors
    /// `not_allowed` while it, or an order linked to it, is unsent, can be paid or is paid; `not_found`, `storage`.
    pub fn request_again(&self, id: OrderId) -> Result<Draft, PaylinkError> {
        let id = id.read()?;
        contained(|| self.core.request_again(id)).map(Into::into)
    }

    /// A draft of the same sale, to be changed and sent as another one: everything but the reference.
    ///
    /// # Errors
    /// `not_found`, `storage`.
    pub fn draft_of(&self, id: OrderId) -> Result<Draft, PaylinkError> {
        let id = id.read()?;
        contained(|| self.core.draft_of(id)).map(Into::into)
    }

    /// As `draft_of`, of the newest sale; null before there is one.
    ///
    /// # Errors
    /// `storage`.
    pub fn last_sale(&self) -> Result<Option<Draft>, PaylinkError> {
        contained(|| self.core.last_sale()).map(|draft| draft.map(Into::into))
    }

    /// Links, newest first.
    ///
    /// # Errors
    /// `storage`.
    pub fn links(&self, filter: LinkFilter, page: Page) -> Result<Vec<PaymentLink>, PaylinkError> {
        let filter = filter.read()?;
        contained(|| self.core.links(filter, page)).map(shown)
    }

    /// Links in whose reference, lines or customer a text occurs, newest first, at most 50.
    ///
    /// # Errors
    /// `storage`.
    pub fn search(&self, text: String) -> Result<Vec<PaymentLink>, PaylinkError> {
        contained(|| self.core.search(&text)).map(shown)
    }

    /// How many operations are in each open state: what to say about "not sent yet".
    ///
    /// # Errors
    /// `storage`.
    pub fn pending(&self) -> Result<Pending, PaylinkError> {
        contained(|| self.core.pending())
    }

    /// What was sold and paid on a day of the seller's calendar, `2026-11-24`.
    ///
    /// # Errors
    /// `not_found` when there is no such day, `storage`.
    pub fn day(&self, date: String) -> Result<DayReport, PaylinkError> {
        contained(|| {
            let day: Date = date.parse().map_err(|_| PaylinkError::NotFound { what: "day".to_owned() })?;
            self.core.day(day).map_err(PaylinkError::from)
        })
    }

    /// What happened to a link, in the order in which it became known.
    ///
    /// # Errors
    /// `storage`.
    pub fn timeline(&self, id: OrderId) -> Result<Vec<TimelineEvent>, PaylinkError> {
        let id = id.read()?;
        contained(|| self.core.timeline(id)).map(happened)
    }

    /// Events over all links after a cursor, at most 500. Without a cursor: those that were not acknowledged, so that
    /// "paid" survives the death of an app that had not shown it yet.
    ///
    /// # Errors
    /// `storage`.
    #[uniffi::method(default(cursor = None))]
    pub fn events_since(&self, cursor: Option<i64>) -> Result<Vec<TimelineEvent>, PaylinkError> {
        contained(|| self.core.events_since(cursor)).map(happened)
    }
}

fn shown(links: Vec<paylink_core::link::PaymentLink>) -> Vec<PaymentLink> {
    links.into_iter().map(Into::into).collect()
}

fn happened(events: Vec<paylink_core::link::TimelineEvent>) -> Vec<TimelineEvent> {
    events.into_iter().map(Into::into).collect()
}
