//! An order, its entries and its session together: the link as a shell sees it. The status is derived here, on each
//! read, by `link::standing`; `status` and `ends_at` in `orders` are a copy of it, written by every change, and tell a
//! list at any moment what the link tells then.

use super::entries;
use super::entry::{Entry, EntryState, Operation};
use super::orders::{self, OrderState};
use super::sessions::{self, SessionRow};
use crate::clock::{PhoneTime, ProviderTime};
use crate::error::PaylinkError;
use crate::id::OrderId;
use crate::link::{
    self, Action, CustomerShown, DeliveryState, LinkStatus, PaymentLink, Stage, Standing, TransactionEventKind, Waits,
};
use crate::money::Amount;
use crate::order::{Methods, Order};
use crate::store::{StoreError, StoreResult};
use rusqlite::Connection;

/// Everything that is known of one order.
#[derive(Clone, Debug)]
pub struct Record {
    /// What was sold.
    pub order: Order,
    /// What became of it.
    pub state: OrderState,
    /// Its entries, oldest first.
    pub entries: Vec<Entry>,
    /// The session that is the link now.
    pub session: Option<SessionRow>,
}

/// Reads everything of one order.
pub fn record(db: &Connection, id: OrderId) -> StoreResult<Record> {
    let Some((order, state)) = orders::get(db, id)? else {
        return Err(PaylinkError::NotFound { what: "link".to_owned() }.into());
    };
    let session = match &state.session_id {
        Some(session) => sessions::get(db, session)?,
        None => None,
    };
    let entries = entries::of_order(db, id)?;
    if !entries.iter().any(|entry| entry.operation == Operation::Create) && entries::has_unrecognised(db, id)? {
        // A newer core adds operations, and takes none away: it is a wrong letter, and an unsent sale would be over.
        return Err(StoreError::decode("entries", "none makes the link"));
    }
    Ok(Record { order, state, entries, session })
}

impl Record {
    /// The entry that makes the link.
    #[must_use]
    pub fn creating(&self) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.operation == Operation::Create)
    }

    /// The entry that is to be done, or decided, next.
    #[must_use]
    pub fn open_entry(&self) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.state.is_open())
    }

    /// Whether the seller has asked to cancel and that is still to be done.
    #[must_use]
    pub fn is_cancel_asked(&self) -> bool {
        self.entries.iter().any(|entry| entry.operation == Operation::Cancel && entry.state.is_open())
    }

    /// Whether a session may exist at the provider that nobody here has seen.
    #[must_use]
    pub fn may_exist_unseen(&self) -> bool {
        self.entries.iter().any(|entry| entry.operation == Operation::Create && entry.unclear)
    }

    /// When a session was last asked for.
    #[must_use]
    pub fn last_sent_at(&self) -> Option<ProviderTime> {
        self.entries.iter().filter_map(|entry| entry.last_sent_at).max()
    }

    fn stage(&self) -> Stage {
        if self.state.superseded_by.is_some() {
            return Stage::Superseded;
        }
        if self.state.given_up_at.is_some() {
            return Stage::GivenUp;
        }
        match self.creating().map(|entry| entry.state) {
            Some(EntryState::Queued | EntryState::Waiting) => Stage::Queued,
            Some(EntryState::Sending) => Stage::Creating,
            Some(EntryState::Unknown) => Stage::Unknown,
            Some(EntryState::Held | EntryState::Parked | EntryState::Exported) => Stage::NeedsAttention,
            Some(EntryState::Done) => Stage::Created,
            Some(EntryState::Superseded) | None => Stage::GivenUp,
        }
    }

    /// Where the link stands, and when time alone changes that.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let session = self.session.as_ref();
        link::standing(
            self.stage(),
            session.map(|session| &session.facts),
            session.and_then(|session| session.transaction.as_ref()),
        )
    }

    /// Where the link stands at `now`.
    #[must_use]
    pub fn status(&self, now: ProviderTime) -> LinkStatus {
        self.standing().at(now)
    }

    /// What the seller can do while the link stands at `status`.
    #[must_use]
    pub fn actions(&self, status: LinkStatus) -> Vec<Action> {
        let waits = if self.is_cancel_asked() {
            Waits::Cancel
        } else {
            match self.creating() {
                Some(entry) if entry.state == EntryState::Held && entry.unclear => Waits::Answer,
                Some(entry) if entry.is_refused_duplicate() => Waits::OtherReference,
                _ => Waits::Nothing,
            }
        };
        link::actions(status, waits)
    }

    /// The link as a shell shows it at `now`. `known_host` says whether a link's host is the provider's.
    #[must_use]
    pub fn shown(&self, now: ProviderTime, known_host: impl Fn(&str) -> bool) -> PaymentLink {
        let status = self.status(now);
        let sale = &self.order.sale;
        let session = self.session.as_ref();
        let transaction = session.and_then(|session| session.transaction.as_ref());
        let open = self.open_entry();
        let last = || self.entries.iter().rev().find(|_| self.state.superseded_by.is_some());
        let sum = |kind| Amount::new(transaction.map_or(0, |facts| facts.sum(kind)), sale.currency);
        let captured = match (status, transaction) {
            (LinkStatus::Captured, Some(facts)) if facts.sum(&TransactionEventKind::Capture) == 0 => {
                Amount::new(facts.amount, sale.currency)
            }
            _ => sum(&TransactionEventKind::Capture),
        };
        PaymentLink {
            id: self.order.id,
            reference: self.order.reference.clone(),
            status,
            reason: open.or_else(last).and_then(|entry| entry.reason.clone()),
            superseded_by: self.state.superseded_by,
            amount: sale.total,
            captured,
            refunded: sum(&TransactionEventKind::Refund),
            summary: sale.items.first().map(|item| item.description.clone()).unwrap_or_default(),
            item_count: u32::try_from(sale.items.len()).unwrap_or(u32::MAX),
            url: session.map(|session| session.url.clone()),
            url_warning: session.is_some_and(|session| session.url_unusable || !known_host(&session.url)),
            session_id: session.map(|session| session.id.clone()),
            transaction_id: transaction
                .map(|facts| facts.id.clone())
                .or_else(|| session.and_then(|session| session.facts.transaction_id.clone())),
            created_at: self.order.created_at.ms(),
            sent_at: session.map(|session| session.created_at.ms()),
            expires_at: session.and_then(|session| session.facts.expires_at),
            opened_at: self.state.opened_at.map(ProviderTime::ms),
            paid_at: self.state.paid_at.map(ProviderTime::ms),
            delivery: DeliveryState {
                channel: sale.delivery,
                state: self.state.delivered,
                shared_by: self.state.shared.clone(),
            },
            customer: CustomerShown {
                name: sale.customer.name.clone(),
                phone: sale.customer.phone.as_ref().map(|phone| phone.e164().to_owned()),
                email: sale.customer.email.as_ref().map(|email| email.as_str().to_owned()),
            },
            attempts: open.map_or(0, |entry| entry.attempts),
            next_attempt_at: open
                .filter(|entry| matches!(entry.state, EntryState::Waiting | EntryState::Unknown))
                .map(|entry| entry.next_attempt_at)
                .map(PhoneTime::ms),
            methods: match &sale.methods {
                Methods::All => Vec::new(),
                Methods::Only(only) => only.iter().map(|one| one.code().to_owned()).collect(),
            },
            payment_method: transaction.and_then(|facts| facts.method.clone()),
            capture: sale.capture,
            expiry: sale.expiry,
            address: sale.address,
            language: sale.language,
            actions: self.actions(status),
        }
    }
}
