//! What became of a sale.

use super::code::known;
use super::{
    Action, AddressMode, Capture, Delivered, Delivery, Expiry, Language, LinkStatus, Money, OrderId, ReasonCode,
    ShareChannel, ShareOutcome, TimelineEvent,
};
use crate::error::PaylinkError;
use paylink_core::link::{CustomerShown, DeliveryState as CoreDelivery, PaymentLink as CoreLink, Reason, Shared};
use paylink_core::order::{Item, Totals};
use paylink_core::{LinkFilter as CoreFilter, Page};
use std::fmt;

given! {
    /// A sale, and the link that it became or will become. Times are UTC milliseconds.
    #[uniffi::export(Debug)]
    PaymentLink from CoreLink {
        /// Identity of the order.
        id: OrderId,
        /// The merchant reference.
        reference: String,
        /// Where it stands.
        status: LinkStatus,
        /// Why it waits, is held or was rejected; else null.
        reason: Option<Reason>,
        /// What replaced it; else null.
        superseded_by: Option<OrderId> = superseded_by.map(Into::into),
        /// What is to be paid, VAT included.
        amount: Money,
        /// What is paid.
        captured: Money,
        /// What was given back of it.
        refunded: Money,
        /// Description of the first line.
        summary: String,
        /// How many lines there are.
        item_count: u32,
        /// What the customer opens; null until the link exists.
        url: Option<String>,
        /// True: the link's host is not the provider's known one. Warn before it is shared.
        url_warning: bool,
        /// The provider's id of the payment session; null until known.
        session_id: Option<String>,
        /// The provider's id of the payment; null until somebody pays.
        transaction_id: Option<String>,
        /// When the sale was saved.
        created_at: i64,
        /// When the link came to be; null until then.
        sent_at: Option<i64>,
        /// When the time to pay ends; null until the link exists.
        expires_at: Option<i64>,
        /// When the customer first looked.
        opened_at: Option<i64>,
        /// When it was paid.
        paid_at: Option<i64>,
        /// How it reaches the customer, and whether it has.
        delivery: DeliveryState,
        /// Who buys, as typed.
        customer: Customer,
        /// Attempts of the operation that waits, else 0.
        attempts: u32,
        /// When the next attempt is due; null: nothing waits.
        next_attempt_at: Option<i64>,
        /// Codes of the methods chosen; empty: all.
        methods: Vec<String>,
        /// Code of what it was paid with; null until then.
        payment_method: Option<String>,
        /// What happens to the money.
        capture: Capture,
        /// The time to pay that was chosen.
        expiry: Expiry,
        /// Who fills in the address.
        address: AddressMode,
        /// Language of the customer's text.
        language: Language,
        /// What the status allows now: offer just these.
        actions: Vec<Action> = actions.into_iter().map(Into::into).collect(),
    }
}

/// Why a link waits, is held or was rejected.
#[uniffi::remote(Record)]
pub struct Reason {
    /// The code, such as `no_network` or `rejected`.
    pub code: ReasonCode,
    /// The provider's own words for the seller; may quote what was sent, so never log it.
    pub detail: Option<String>,
}

given! {
    /// How the link reaches the customer, and whether it has.
    #[derive(Debug)]
    DeliveryState from CoreDelivery {
        /// As chosen.
        channel: Delivery,
        /// Whether it has reached the customer.
        state: Delivered,
        /// What `mark_shared` said last; null: nothing yet.
        shared_by: Option<Shared>,
    }
}

/// How a link was shared from the phone.
#[uniffi::remote(Record)]
pub struct Shared {
    /// By what.
    pub channel: ShareChannel,
    /// What the phone said.
    pub outcome: ShareOutcome,
}

given! {
    /// Who buys, as the seller typed it. Personal data: show it to the seller, never log it.
    #[uniffi::export(Debug)]
    Customer from CustomerShown {
        /// Name.
        name: Option<String>,
        /// Phone number.
        phone: Option<String>,
        /// E-mail address.
        email: Option<String>,
    }
}

/// Which links to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct LinkFilter {
    /// Only those of this status; null: all.
    #[uniffi(default = None)]
    pub status: Option<LinkStatus>,
}

impl LinkFilter {
    /// The core's own.
    pub(crate) fn read(&self) -> Result<CoreFilter, PaylinkError> {
        Ok(CoreFilter { status: self.status.as_ref().map(|status| known("status", status)).transpose()? })
    }
}

/// Which part of a list, newest first.
#[uniffi::remote(Record)]
pub struct Page {
    /// Links to pass over.
    #[uniffi(default = 0)]
    pub offset: u32,
    /// Links to give.
    #[uniffi(default = 50)]
    pub limit: u32,
}

/// A link with all that a screen of its own shows.
#[derive(Clone, Debug, uniffi::Record)]
pub struct LinkDetail {
    /// The link.
    pub link: PaymentLink,
    /// What was sold.
    pub items: Vec<Item>,
    /// The sums; null when they are larger than the arithmetic holds.
    pub totals: Option<Totals>,
    /// What happened, in the order in which it became known.
    pub timeline: Vec<TimelineEvent>,
}

impl From<paylink_core::LinkDetail> for LinkDetail {
    fn from(detail: paylink_core::LinkDetail) -> Self {
        let paylink_core::LinkDetail { link, items, totals, timeline } = detail;
        let timeline = timeline.into_iter().map(Into::into).collect();
        Self { link: link.into(), items, totals, timeline }
    }
}

impl fmt::Debug for PaymentLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentLink")
            .field("id", &self.id)
            .field("reference", &self.reference)
            .field("status", &self.status)
            .field("reason", &self.reason.as_ref().map(|reason| &reason.code))
            .field("amount", &self.amount)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Customer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Customer(…)")
    }
}
