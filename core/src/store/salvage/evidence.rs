//! Which entries are proven unsent, and what becomes of the others.

use super::copy::parsed;
use super::damaged::Indexed;
use crate::clock::{PhoneTime, ProviderTime, SystemClock};
use crate::id::{EntryId, OrderId};
use crate::link::{Reason, ReasonCode, SessionFacts};
use crate::order::{Delivery, Order};
use crate::store::StoreResult;
use crate::store::rows::sessions::{self, SessionRow};
use crate::store::rows::{Entry, EntryState, Operation, entries, orders};
use rusqlite::Transaction;
use rusqlite::types::Value;
use std::collections::{HashMap, HashSet};

/// What other rows say of entries.
#[derive(Default)]
pub(super) struct Evidence {
    /// The last attempt that an event reports.
    attempts: HashMap<EntryId, u32>,
    /// Entries that were about to be sent, by order.
    sent: HashMap<OrderId, EntryId>,
    /// Cancels that the seller asked for, by order.
    cancels: HashMap<OrderId, EntryId>,
    /// Entries that made a session, by order.
    made: HashMap<OrderId, EntryId>,
    /// Names of its session: by rows of sessions and by events, by order.
    names: HashMap<OrderId, Vec<String>>,
    /// Entries that indexes tell of, with their time and state, by order.
    indexed: HashMap<OrderId, Vec<(EntryId, i64, Option<String>)>>,
    /// Orders of which row and index name different entries: nobody can tell which is wrong.
    disputed: HashSet<OrderId>,
}

impl Evidence {
    pub(super) fn session(&mut self, row: &[Value]) -> StoreResult<()> {
        let order = parsed("session order", row.get(1))?;
        self.made.insert(order, parsed("session entry", row.get(2))?);
        let (id, facts): (String, String) = (parsed("session id", row.first())?, parsed("facts", row.get(5))?);
        let facts = serde_json::from_str(&facts).map(|facts: SessionFacts| facts.id);
        self.names.entry(order).or_default().extend([id].into_iter().chain(facts));
        Ok(())
    }

    pub(super) fn event(&mut self, row: &[Value]) -> StoreResult<()> {
        let (order, key): (OrderId, String) = (parsed("event order", row.get(1))?, parsed("event key", row.get(4))?);
        let mut parts = key.split(':');
        let kind = parts.next();
        self.named(&order.to_string(), &key);
        let Some(entry) = parts.next().and_then(|id| id.parse::<EntryId>().ok()) else { return Ok(()) };
        match kind {
            Some("sending") => {
                let attempt = parts.next().and_then(|n| n.parse().ok()).unwrap_or(1);
                let last = self.attempts.entry(entry).or_default();
                *last = attempt.max(*last);
                self.sent.insert(order, entry);
            }
            Some("cancel_requested") => drop(self.cancels.insert(order, entry)),
            _ => {}
        }
        Ok(())
    }

    /// The session that an event names as the link.
    pub(super) fn named(&mut self, order: &str, key: &str) {
        if let (Ok(order), Some(("link_created" | "link_adopted", session))) = (order.parse(), key.split_once(':')) {
            self.names.entry(order).or_default().push(session.to_owned());
        }
    }

    /// A row has another name than the index has for it.
    pub(super) fn disputed(&mut self, order: Option<&Value>) {
        if let Some(Value::Text(order)) = order
            && let Ok(order) = order.parse()
        {
            self.disputed.insert(order);
        }
    }

    pub(super) fn indexed(&mut self, found: Vec<Indexed>) {
        for one in found {
            if let (Ok(entry), Ok(order)) = (one.entry.parse(), one.order.parse()) {
                self.indexed.entry(order).or_default().push((entry, one.created_at, one.state));
            }
        }
    }

    /// Id and state of an order's creating entry, whose row is gone: it was made in the moment of the order.
    fn creating(&self, order: &Order) -> (Option<EntryId>, Option<&str>) {
        let indexed = self.indexed.get(&order.id).into_iter().flatten();
        let made_with_it = indexed.filter(|(_, at, _)| *at == order.created_at.ms()).min_by_key(|(entry, ..)| *entry);
        let sent = self.sent.get(&order.id).copied();
        let disputed = self.disputed.contains(&order.id);
        match made_with_it {
            Some((entry, _, state)) if !disputed && sent.is_none_or(|sent| sent == *entry) => {
                (Some(*entry), state.as_deref())
            }
            // Whatever it is called: it is frozen.
            Some((_, _, Some(state))) if disputed && state == "exported" => (sent, Some(state)),
            _ => (sent, None),
        }
    }
}

/// What is known to be complete.
pub(super) struct Proof {
    pub(super) log: bool,
    pub(super) events: bool,
    pub(super) now: PhoneTime,
}

impl Proof {
    /// Looks through the entries of an order. Gives how many are in doubt.
    pub(super) fn doubt(&self, db: &Transaction<'_>, order: &Order, evidence: &Evidence) -> StoreResult<u32> {
        let mut doubted = 0;
        let found = entries::of_order(db, order.id)?;
        let has = |operation| found.iter().any(|entry| entry.operation == operation);
        if !has(Operation::Create) {
            let mut entry = self.creating(db, order, evidence)?;
            doubted += u32::from(entry.unclear && entry.state.is_open());
            entries::save(db, &mut entry)?;
        }
        if let Some(id) = evidence.cancels.get(&order.id).filter(|_| !has(Operation::Cancel)) {
            // Cancelling is read before and after, so it may be begun again.
            let cancel = Entry::new(
                EntryId::generate(&SystemClock::default()),
                order.id,
                Operation::Cancel,
                r#"{"v":"1"}"#.to_owned(),
                self.now,
            );
            entries::save(db, &mut Entry { id: *id, ..cancel })?;
        }
        for mut entry in found {
            let before = entry.clone();
            self.cross(&mut entry, evidence);
            if entry != before {
                doubted += u32::from(entry.unclear && entry.state.is_open());
                entries::save(db, &mut entry)?;
            }
        }
        Ok(doubted)
    }

    fn cross(&self, entry: &mut Entry, evidence: &Evidence) {
        if entry.operation == Operation::Create && evidence.made.get(&entry.order) == Some(&entry.id) {
            // Session and `done` are written together.
            if matches!(entry.state, EntryState::Queued | EntryState::Waiting | EntryState::Sending) {
                entry.state = EntryState::Done;
            }
            return;
        }
        let later = evidence.attempts.get(&entry.id).is_some_and(|last| *last > entry.attempts);
        let proven = self.log && self.events && !later;
        match entry.state {
            EntryState::Sending => self.unknown(entry),
            EntryState::Queued | EntryState::Waiting if !proven && entry.operation == Operation::Create => {
                self.unknown(entry);
            }
            EntryState::Held | EntryState::Parked if !proven && !entry.unclear => {
                entry.unclear = true;
                entry.sent_time_known = false;
                if entry.state == EntryState::Held {
                    entry.reason = Some(Reason::new(ReasonCode::MayHaveBeenSent));
                }
            }
            _ => {}
        }
    }

    /// To be looked up. Where its time is not known any more, a look-up that finds nothing proves nothing.
    fn unknown(&self, entry: &mut Entry) {
        // An attempt that was under way is the last one; of any other nothing is known.
        entry.sent_time_known &= entry.state == EntryState::Sending && entry.last_sent_at.is_some() && self.log;
        entry.state = EntryState::Unknown;
        entry.unclear = true;
        entry.absent_at = None;
        entry.reason = Some(Reason::new(ReasonCode::Recovered));
        entry.wait(self.now, 0);
    }

    /// Makes the creating entry of an order again.
    fn creating(&self, db: &Transaction<'_>, order: &Order, evidence: &Evidence) -> StoreResult<Entry> {
        let provider_sends = order.sale.delivery == Delivery::Sms;
        let payload = format!(r#"{{"v":"1","provider_sends":{provider_sends}}}"#);
        let mut entry = Entry::new(
            EntryId::generate(&SystemClock::default()),
            order.id,
            Operation::Create,
            payload,
            order.created_at,
        );
        let state = orders::get(db, order.id)?.map(|(_, state)| state).unwrap_or_default();
        let (known, stood) = evidence.creating(order);
        entry.id = known.unwrap_or(entry.id);
        let sent = !self.log || !self.events || evidence.sent.contains_key(&order.id);
        if let Some(made) = evidence.made.get(&order.id) {
            entry.id = *made;
            entry.state = EntryState::Done;
        } else if state.session_id.is_some() {
            entry.state = EntryState::Done;
        } else if state.given_up_at.is_some() {
            (entry.state, entry.unclear, entry.sent_time_known) = (EntryState::Superseded, true, false);
        } else {
            match stood {
                Some("queued" | "waiting") if !sent => {}
                Some("queued" | "waiting" | "sending" | "unknown") => self.unknown(&mut entry),
                Some("exported") => entry.state = EntryState::Exported,
                _ => {
                    (entry.state, entry.unclear, entry.sent_time_known) = (EntryState::Held, true, false);
                    entry.reason = Some(Reason::new(ReasonCode::MayHaveBeenSent));
                }
            }
        }
        Ok(entry)
    }

    /// An order names its session, but the session's row is gone or has another name: the name that stands most often
    /// counts. Its facts are asked for again, and its address is built by whoever knows the provider
    /// ([`sessions::without_address`]).
    pub(super) fn missing_session(&self, db: &Transaction<'_>, order: &Order, evidence: &Evidence) -> StoreResult<()> {
        let Some(named) = orders::get(db, order.id)?.and_then(|(_, state)| state.session_id) else { return Ok(()) };
        if sessions::get(db, &named)?.is_some_and(|session| session.facts.id == named) {
            return Ok(());
        }
        let mut names = evidence.names.get(&order.id).cloned().unwrap_or_default();
        names.insert(0, named);
        let told = |name: &String| names.iter().filter(|other| *other == name).count();
        // Of those told equally often the first: what the order itself says.
        let Some(id) = names.iter().rev().max_by_key(|name| told(name)).cloned() else { return Ok(()) };
        db.execute("UPDATE orders SET session_id = ?2 WHERE id = ?1", [order.id.to_string(), id.clone()])?;
        if sessions::get(db, &id)?.is_some() {
            return Ok(());
        }
        let created = entries::of_order(db, order.id)?.into_iter().find(|entry| entry.operation == Operation::Create);
        let Some(entry) = created else { return Ok(()) };
        let facts = SessionFacts {
            id: id.clone(),
            reference: Some(order.reference.clone()),
            amount: Some(order.sale.total.minor()),
            currency: Some(order.sale.currency.code().to_owned()),
            ..SessionFacts::default()
        };
        let row = SessionRow {
            id,
            order: order.id,
            entry: entry.id,
            url: String::new(),
            url_unusable: false,
            created_at: ProviderTime::from_ms(order.created_at.ms()),
            facts,
            transaction: None,
            read_at: None,
            changed_at: self.now,
            next_poll_at: Some(self.now),
            misses: 0,
        };
        sessions::save(db, &row)
    }
}
