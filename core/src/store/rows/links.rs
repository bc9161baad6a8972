//! An order, its entries and its session together: the link as a shell sees it. The status is derived here, on each
//! read, by `link::standing`; `status` and `ends_at` in `orders` are a copy of it, written by every change, and tell a
//! list at any moment what the link tells then.

use super::entry::{Entry, EntryState, Operation};
use super::orders::{self, OrderState};
use super::sessions::{self, SessionRow};
use super::{entries, events};
use crate::clock::{PhoneTime, ProviderTime};
use crate::error::PaylinkError;
use crate::id::OrderId;
use crate::link::{
    self, Action, CustomerShown, DeliveryState, EventKind, Known, LinkStatus, NewEvent, PaymentLink, Stage, Standing,
    TransactionEventKind, Waits,
};
use crate::money::Amount;
use crate::order::{Methods, Order};
use crate::store::{StoreError, StoreResult};
use rusqlite::Connection;
use std::collections::HashSet;

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
    /// Whether the provider was asked about that session after its time to pay was over.
    pub end_was_seen: bool,
    /// The orders that this one was requested again of, or was made of those, near and far.
    pub family: Vec<Record>,
}

/// Reads everything of one order.
pub fn record(db: &Connection, id: OrderId) -> StoreResult<Record> {
    let Some(mut record) = alone(db, id)? else {
        return Err(PaylinkError::NotFound { what: "link".to_owned() }.into());
    };
    // Of most orders it decides nothing: they wait, or are paid.
    let standing = record.standing();
    if standing.status.may_be_requested_again() || standing.ends_at.is_some() {
        record.family = family(db, &record)?;
    }
    Ok(record)
}

/// One order, without its family.
fn alone(db: &Connection, id: OrderId) -> StoreResult<Option<Record>> {
    let Some((order, state)) = orders::get(db, id)? else { return Ok(None) };
    let session = match &state.session_id {
        Some(session) => sessions::get(db, session)?,
        None => None,
    };
    let entries = entries::of_order(db, id)?;
    if !entries.iter().any(|entry| entry.operation == Operation::Create) && entries::has_unrecognised(db, id)? {
        // A newer core adds operations, and takes none away: it is a wrong letter, and an unsent sale would be over.
        return Err(StoreError::decode("entries", "none makes the link"));
    }
    let mut record = Record { order, state, entries, session, end_was_seen: false, family: Vec::new() };
    if let Some(session) = record.session.as_ref().filter(|_| record.standing().ends_at.is_some()) {
        record.end_was_seen = events::is_told(db, id, &NewEvent::key(EventKind::Expired, &session.id))?;
    }
    Ok(Some(record))
}

/// Everything that is linked to an order, in either direction and at any distance. One that is lost is passed over.
fn family(db: &Connection, of: &Record) -> StoreResult<Vec<Record>> {
    let mut met = HashSet::from([of.order.id]);
    let mut family = Vec::new();
    let mut next = linked(db, of)?;
    while let Some(id) = next.pop() {
        if met.insert(id)
            && let Some(member) = alone(db, id)?
        {
            next.extend(linked(db, &member)?);
            family.push(member);
        }
    }
    Ok(family)
}

/// What an order was requested again of, and what was made of it.
fn linked(db: &Connection, record: &Record) -> StoreResult<Vec<OrderId>> {
    let mut linked = events::requested_again(db, record.order.id)?;
    linked.extend(record.order.sale.again_of);
    Ok(linked)
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

    /// Whether a payment may yet come although the link has ended: a session of it may exist unseen, nobody has looked
    /// since its time was over, or a payment was under way and is still asked about.
    fn may_yet_be_paid(&self, status: LinkStatus) -> bool {
        let under_way = |session: &SessionRow| {
            session.next_poll_at.is_some() && link::is_under_way(&session.facts, session.transaction.as_ref())
        };
        self.state.watch_at.is_some()
            || self.session.as_ref().is_some_and(under_way)
            || (status == LinkStatus::Expired && !self.end_was_seen)
    }

    /// Whether it is unsent, can be paid or is paid: a second link beside it would be one too many. What was replaced
    /// leaves that to the order in its place.
    fn is_alive(&self, now: ProviderTime) -> bool {
        match self.status(now) {
            LinkStatus::Superseded => false,
            ended if ended.may_be_requested_again() => self.is_cancel_asked() || self.may_yet_be_paid(ended),
            _ => true,
        }
    }

    /// The order, this one or one of its family, because of which it cannot be requested again at `now`.
    #[must_use]
    pub fn kept_from_again_by(&self, now: ProviderTime) -> Option<&Self> {
        if self.is_alive(now) || self.status(now) == LinkStatus::Superseded {
            return Some(self);
        }
        self.family.iter().find(|member| member.is_alive(now))
    }

    /// What the seller can do at `now`.
    #[must_use]
    pub fn actions(&self, now: ProviderTime) -> Vec<Action> {
        let status = self.status(now);
        let waits = if self.is_cancel_asked() {
            Waits::Cancel
        } else if status.may_be_requested_again() && self.kept_from_again_by(now).is_some() {
            Waits::Payment
        } else {
            match self.creating() {
                Some(entry) if entry.state == EntryState::Held && entry.unclear => Waits::Answer,
                Some(entry) if entry.is_refused_duplicate() => Waits::OtherReference,
                _ => Waits::Nothing,
            }
        };
        link::actions(status, Known { waits, delivered: self.state.delivered, channel: self.order.sale.delivery })
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
            actions: self.actions(now),
        }
    }
}
