//! The one table that derives a status from what is known, and the one table of what each status allows.
//!
//! Order of authority: a payment beats everything (rule 6), then the seller's or provider's cancel, then a
//! final "no", then the clock, then whether the customer looked. Without a session the outbox's stage speaks.

use super::Delivered;
use super::facts::{SessionEvent, SessionEventName, SessionFacts, TransactionFacts, TransactionStatus};
use crate::clock::ProviderTime;
use crate::code::codes;
use crate::order::Delivery;

codes! {
    /// Where a link stands. Codes are listed in `core/CONTRACT.md` section 4.
    pub enum LinkStatus {
        /// Saved, not sent.
        Queued = "queued",
        /// Being sent.
        Creating = "creating",
        /// May have been created; being looked up.
        Unknown = "unknown",
        /// The seller must act.
        NeedsAttention = "needs_attention",
        /// The link exists.
        Open = "open",
        /// The customer looked.
        Opened = "opened",
        /// Reserved.
        Authorized = "authorized",
        /// The provider waits for a check.
        OnHold = "on_hold",
        /// A part is captured.
        PartiallyCaptured = "partially_captured",
        /// Paid.
        Captured = "captured",
        /// A part is refunded.
        PartiallyRefunded = "partially_refunded",
        /// All is refunded.
        Refunded = "refunded",
        /// The reservation was released.
        Voided = "voided",
        /// The customer said no.
        Declined = "declined",
        /// Ended without payment.
        Failed = "failed",
        /// The time to pay is over.
        Expired = "expired",
        /// Cancelled.
        Cancelled = "cancelled",
        /// A newer link replaced it.
        Superseded = "superseded",
    }
}

codes! {
    /// What a seller can do with a link.
    pub enum Action {
        /// Stop it: nobody can pay any more.
        Cancel = "cancel",
        /// Try again now.
        Retry = "retry",
        /// Give it up without a link.
        Discard = "discard",
        /// Say what shall happen to a message that may have been sent.
        ResolveUnknown = "resolve_unknown",
        /// Send the link from the phone.
        Share = "share",
        /// Make a new order of the same sale, with a reference of its own.
        Replace = "replace",
        /// Show the link as a QR code.
        ShowQr = "show_qr",
        /// Remind the customer from the phone: the same link again.
        Remind = "remind",
        /// Request the same sale again, as an order that is linked to this one.
        RequestAgain = "request_again",
    }
}

/// What a link waits for before anything else can be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// Nothing.
    Nothing,
    /// The seller's answer about a message that may have been sent.
    Answer,
    /// The provider has another session with this reference.
    OtherReference,
    /// The seller has asked to cancel it.
    Cancel,
    /// It has ended, but a payment may yet come; or an order of the same family is unsent, can be paid or is paid.
    Payment,
}

/// What the record knows that decides what can be done, beside the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// What it waits for.
    pub waits: Waits,
    /// Whether the link has reached the customer.
    pub delivered: Delivered,
    /// How the seller wants it to.
    pub channel: Delivery,
}

/// Where the entry that creates the link stands, as far as the status cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Waits to be sent, for the first time or again.
    Queued,
    /// Being sent.
    Creating,
    /// May have been created.
    Unknown,
    /// Rejected, held or exported.
    NeedsAttention,
    /// The provider has it.
    Created,
    /// Given up by the seller before there was a link.
    GivenUp,
    /// Another order took its place.
    Superseded,
}

impl LinkStatus {
    /// Money is reserved or taken.
    #[must_use]
    pub const fn is_paid(self) -> bool {
        matches!(self, Self::Authorized | Self::OnHold | Self::PartiallyCaptured | Self::Captured)
    }

    /// Money was reserved or taken and not released; some or all of it may have been given back.
    #[must_use]
    pub const fn has_money(self) -> bool {
        matches!(
            self,
            Self::Authorized | Self::PartiallyCaptured | Self::Captured | Self::PartiallyRefunded | Self::Refunded
        )
    }

    /// The link is over without money, as far as anybody knows.
    #[must_use]
    pub const fn is_ended_unpaid(self) -> bool {
        matches!(self, Self::Declined | Self::Failed | Self::Expired | Self::Cancelled | Self::Superseded)
    }

    /// Nothing is asked about it by itself any more (rule 16).
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Captured | Self::Refunded | Self::Voided)
    }

    /// The sale came to nothing, or all of it was given back: it may be requested again. `superseded` is not among them:
    /// another order has its place already.
    #[must_use]
    pub const fn may_be_requested_again(self) -> bool {
        matches!(self, Self::Refunded | Self::Voided | Self::Declined | Self::Failed | Self::Expired | Self::Cancelled)
    }

    /// A customer can still pay.
    #[must_use]
    pub const fn is_payable(self) -> bool {
        matches!(self, Self::Open | Self::Opened)
    }
}

/// Where a link stands, said once for all moments: by itself time only ends what could still be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Until then; never `expired`.
    pub status: LinkStatus,
    /// From when on it is `expired`; `None` for a link that time does not change.
    pub ends_at: Option<ProviderTime>,
}

impl Standing {
    /// For good, until somebody does something.
    const fn settled(status: LinkStatus) -> Self {
        Self { status, ends_at: None }
    }

    /// The status at a moment. Lists ask the same of the columns (`store::rows::orders::page`).
    #[must_use]
    pub fn at(self, now: ProviderTime) -> LinkStatus {
        if self.ends_at.is_some_and(|end| now >= end) { LinkStatus::Expired } else { self.status }
    }
}

/// The status at `now`, as [`standing`] has it.
#[must_use]
pub fn derive(
    stage: Stage,
    session: Option<&SessionFacts>,
    transaction: Option<&TransactionFacts>,
    now: ProviderTime,
) -> LinkStatus {
    standing(stage, session, transaction).at(now)
}

/// Where a link stands, from the stage of the creating entry and what the provider said last.
#[must_use]
pub fn standing(stage: Stage, session: Option<&SessionFacts>, transaction: Option<&TransactionFacts>) -> Standing {
    let cancelled = session.is_some_and(is_cancelled);
    if let Some(status) = transaction.and_then(|transaction| of_transaction(&transaction.status, cancelled)) {
        return Standing::settled(status);
    }
    let Some(session) = session else {
        return Standing::settled(match stage {
            Stage::Queued => LinkStatus::Queued,
            Stage::Creating => LinkStatus::Creating,
            Stage::Unknown => LinkStatus::Unknown,
            Stage::NeedsAttention => LinkStatus::NeedsAttention,
            Stage::Created => LinkStatus::Open,
            Stage::GivenUp => LinkStatus::Cancelled,
            Stage::Superseded => LinkStatus::Superseded,
        });
    };
    let has = |name: &SessionEventName| session.events.iter().any(|event| event.name == *name);
    if cancelled {
        Standing::settled(LinkStatus::Cancelled)
    } else if has(&SessionEventName::Declined) {
        Standing::settled(LinkStatus::Declined)
    } else if has(&SessionEventName::Failed) {
        Standing::settled(LinkStatus::Failed)
    } else {
        let status = if was_opened(session) { LinkStatus::Opened } else { LinkStatus::Open };
        Standing { status, ends_at: session.expires_at.map(ProviderTime::from_ms) }
    }
}

/// What the transaction alone decides; `None` while the customer is still at it, or the provider does not know.
fn of_transaction(status: &TransactionStatus, session_cancelled: bool) -> Option<LinkStatus> {
    Some(match status {
        TransactionStatus::Authorized => LinkStatus::Authorized,
        TransactionStatus::OnHold => LinkStatus::OnHold,
        TransactionStatus::Captured => LinkStatus::Captured,
        TransactionStatus::PartiallyCaptured => LinkStatus::PartiallyCaptured,
        TransactionStatus::Refunded => LinkStatus::Refunded,
        TransactionStatus::PartiallyRefunded | TransactionStatus::PartiallyCapturedRefunded => {
            LinkStatus::PartiallyRefunded
        }
        TransactionStatus::AuthorizationVoided if !session_cancelled => LinkStatus::Voided,
        TransactionStatus::Declined if !session_cancelled => LinkStatus::Declined,
        TransactionStatus::Failed if !session_cancelled => LinkStatus::Failed,
        _ => return None,
    })
}

/// Whether the session is cancelled: by its time of cancelling, or by its event.
#[must_use]
pub fn is_cancelled(session: &SessionFacts) -> bool {
    session.cancelled_at.is_some() || session.events.iter().any(|event| event.name == SessionEventName::Cancelled)
}

/// Whether the customer opened the link: a visit, or anything that only a visitor can do.
#[must_use]
pub fn was_opened(session: &SessionFacts) -> bool {
    session.transaction_id.is_some() || session.events.iter().any(is_of_a_visitor)
}

/// Whether the customer has begun to pay and nobody knows yet how it ended.
#[must_use]
pub fn is_under_way(session: &SessionFacts, transaction: Option<&TransactionFacts>) -> bool {
    match transaction {
        None => session.transaction_id.is_some(),
        Some(transaction) => matches!(
            transaction.status,
            TransactionStatus::Initiated | TransactionStatus::Unknown | TransactionStatus::Other(_)
        ),
    }
}

/// Whether an event is one that only a visitor can cause.
pub(super) fn is_of_a_visitor(event: &SessionEvent) -> bool {
    matches!(event.name, SessionEventName::Visited | SessionEventName::PayLockStart | SessionEventName::PayFailed)
}

/// What a seller can do now, what is most likely next first; nothing that ends a sale comes first where something else can
/// be done. While a cancel is under way nothing else is done with the link, but a sale that is still being looked up can be
/// given up.
#[must_use]
pub fn actions(status: LinkStatus, known: Known) -> Vec<Action> {
    match (status, known.waits) {
        (LinkStatus::Unknown, Waits::Cancel) => vec![Action::Discard],
        (_, Waits::Cancel) => Vec::new(),
        (LinkStatus::Queued, _) => vec![Action::Retry, Action::Cancel],
        (LinkStatus::NeedsAttention, Waits::Answer) => vec![Action::ResolveUnknown, Action::Discard],
        (LinkStatus::NeedsAttention, Waits::OtherReference) => vec![Action::Replace, Action::Retry, Action::Discard],
        (LinkStatus::NeedsAttention, _) => vec![Action::Retry, Action::Discard],
        (LinkStatus::Creating | LinkStatus::Authorized, _) => vec![Action::Cancel],
        (LinkStatus::Unknown, _) => vec![Action::Cancel, Action::Discard],
        (LinkStatus::Open | LinkStatus::Opened, _) => of_payable(known),
        (ended, Waits::Nothing) if ended.may_be_requested_again() => vec![Action::RequestAgain],
        _ => Vec::new(),
    }
}

fn of_payable(known: Known) -> Vec<Action> {
    match known.delivered {
        // The customer stands there.
        Delivered::Waiting | Delivered::Ready if known.channel == Delivery::Qr => {
            vec![Action::ShowQr, Action::Share, Action::Cancel]
        }
        Delivered::Waiting | Delivered::Ready => vec![Action::Share, Action::ShowQr, Action::Cancel],
        // Whatever is sent may be the second message: the code sends none.
        Delivered::ProbablySent => vec![Action::ShowQr, Action::Remind, Action::Share, Action::Cancel],
        Delivered::Sent | Delivered::Shared => vec![Action::Remind, Action::ShowQr, Action::Share, Action::Cancel],
    }
}
