//! What became of a sale.

use super::{Money, OrderId, TimelineEvent};
use paylink_core::link::{
    Action, CustomerShown, Delivered, DeliveryState, LinkStatus, PaymentLink as CoreLink, Reason, ReasonCode, Shared,
};
use paylink_core::order::{AddressMode, Capture, Delivery, Expiry, Item, Totals};
use paylink_core::{LinkFilter, Page, UnknownAnswer};
use std::fmt;

given! {
    /// A sale, and the link that it became or will become. Times are UTC milliseconds.
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
        /// Who gives the address.
        address: AddressMode,
        /// Language of the customer's text, `nb`.
        language: String,
        /// What the status allows now: offer just these.
        actions: Vec<Action>,
    }
}

/// Where a link stands.
#[uniffi::remote(Enum)]
pub enum LinkStatus {
    /// Saved, not sent.
    Queued,
    /// Being sent.
    Creating,
    /// May have been created; being looked up.
    Unknown,
    /// The seller must act.
    NeedsAttention,
    /// The link exists.
    Open,
    /// The customer looked.
    Opened,
    /// Reserved.
    Authorized,
    /// The provider waits for a check.
    OnHold,
    /// A part is captured.
    PartiallyCaptured,
    /// Paid.
    Captured,
    /// A part is refunded.
    PartiallyRefunded,
    /// All is refunded.
    Refunded,
    /// The reservation was released.
    Voided,
    /// The customer said no.
    Declined,
    /// Ended without payment.
    Failed,
    /// The time to pay is over.
    Expired,
    /// Cancelled.
    Cancelled,
    /// A newer link replaced it.
    Superseded,
}

/// What a seller can do with a link.
#[uniffi::remote(Enum)]
pub enum Action {
    /// Stop it: nobody can pay any more.
    Cancel,
    /// Try again now.
    Retry,
    /// Give it up without a link.
    Discard,
    /// Say what shall happen to a message that may have been sent.
    ResolveUnknown,
    /// Send the link from the phone.
    Share,
    /// Make a new order of the same sale: the provider has another link with this reference.
    Replace,
}

/// Why a link waits, is held or was rejected.
#[uniffi::remote(Record)]
pub struct Reason {
    /// The code, such as `no_network` or `rejected`.
    pub code: ReasonCode,
    /// The provider's own words for the seller; may quote what was sent, so never log it.
    pub detail: Option<String>,
}

/// How the link reaches the customer, and whether it has.
#[uniffi::remote(Record)]
pub struct DeliveryState {
    /// As chosen.
    pub channel: Delivery,
    /// Whether it has reached the customer.
    pub state: Delivered,
    /// What `mark_shared` said last; null: nothing yet.
    pub shared_by: Option<Shared>,
}

/// How the link was to reach the customer.
#[uniffi::remote(Enum)]
pub enum Delivery {
    /// The provider sends an SMS, or a push when the only method is a wallet.
    Sms,
    /// The phone's own SMS app.
    Phone,
    /// The phone's mail app.
    Mail,
    /// The phone's share sheet.
    Share,
    /// Copied by the seller.
    Copy,
    /// Shown as a QR code.
    Qr,
}

/// Whether the link has reached the customer.
#[uniffi::remote(Enum)]
pub enum Delivered {
    /// No link yet.
    Waiting,
    /// The provider said that it sent an SMS or a push.
    Sent,
    /// The provider was to send a message, the answer was lost, and nothing tells: show the QR code first, and warn
    /// before sending from the phone, the customer may get two.
    ProbablySent,
    /// Send it from the phone.
    Ready,
    /// Shared from the phone.
    Shared,
}

/// How a link was shared from the phone.
#[uniffi::remote(Record)]
pub struct Shared {
    /// `sms`, `mail`, `share`, `copy` or `qr`.
    pub channel: String,
    /// What the phone said, such as `sent`, `cancelled` or `handed_over`.
    pub outcome: String,
}

given! {
    /// Who buys, as the seller typed it. Personal data: show it to the seller, never log it.
    Customer from CustomerShown {
        /// Name.
        name: Option<String>,
        /// Phone number.
        phone: Option<String>,
        /// E-mail address.
        email: Option<String>,
    }
}

/// What happens to the money when the customer pays.
#[uniffi::remote(Enum)]
pub enum Capture {
    /// Captured at once.
    Auto,
    /// Left reserved until the seller captures it.
    Manual,
}

/// Time to pay, from the moment the link comes to be.
#[uniffi::remote(Enum)]
pub enum Expiry {
    /// 24 hours.
    Day,
    /// Seven days.
    Week,
    /// One calendar month.
    Month,
}

/// Who gives the customer's address.
#[uniffi::remote(Enum)]
pub enum AddressMode {
    /// The seller: as typed, or none.
    Known,
    /// The customer, on the payment page.
    Express,
}

/// What the seller says of a message that may have been sent.
#[uniffi::remote(Enum)]
pub enum UnknownAnswer {
    /// Look again later.
    Wait,
    /// Make a link without a message from the provider; the seller sends it from the phone. The seller's risk: warn.
    SendFromPhone,
    /// Let the provider send again. The seller's risk: the customer may get two messages; warn.
    SendAgain,
}

/// Which links to list.
#[uniffi::remote(Record)]
pub struct LinkFilter {
    /// Only those of this status; null: all.
    #[uniffi(default = None)]
    pub status: Option<LinkStatus>,
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
            .field("reason", &self.reason.as_ref().map(|reason| reason.code))
            .field("amount", &self.amount)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Customer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Customer(…)")
    }
}

uniffi::custom_type!(
    /// Why something waits, is held or was refused, by its code.
    ReasonCode, String, {
        remote,
        lower: |reason| reason.code().to_owned(),
        try_lift: |code| ReasonCode::from_code(&code).ok_or_else(|| uniffi::deps::anyhow::anyhow!("no such code")),
    }
);
