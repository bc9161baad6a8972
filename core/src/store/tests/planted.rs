//! A database with orders in every state that an outbox knows, and the truth about them.

use super::*;
use crate::link::{Delivered, Reason, ReasonCode, SessionFacts};
use crate::store::rows::sessions::SessionRow;
use std::collections::BTreeMap;

/// What an order really is.
#[derive(Clone, Debug)]
pub(super) struct Truth {
    pub(super) order: Order,
    pub(super) entry: Entry,
    pub(super) session: Option<String>,
}

pub(super) const STATES: [EntryState; 9] = [
    EntryState::Queued,
    EntryState::Waiting,
    EntryState::Sending,
    EntryState::Unknown,
    EntryState::Held,
    EntryState::Parked,
    EntryState::Exported,
    EntryState::Done,
    EntryState::Superseded,
];

pub(super) type Orders = BTreeMap<OrderId, Truth>;

/// Saves `count` orders, state after state.
pub(super) fn plant(store: &Store, count: usize) -> Orders {
    let mut orders = Orders::new();
    for n in 0..count {
        let truth = one(store, STATES[n % STATES.len()], n);
        orders.insert(truth.order.id, truth);
    }
    store.write(|db| meta::put(db, "account", "T1")).unwrap();
    orders
}

fn one(store: &Store, state: EntryState, n: usize) -> Truth {
    let at = 1_000 + i64::try_from(n).unwrap();
    store
        .write_announced(move |db, announced| {
            let mut order = order(&meta::next_reference(db, "HON", || new_tag(&SystemClock::default()))?);
            order.created_at = phone(at);
            let mut entry = Entry::new(
                entry_id(),
                order.id,
                Operation::Create,
                r#"{"v":"1","provider_sends":false}"#.to_owned(),
                phone(at),
            );
            let id = order.id;
            orders::insert(db, &order)?;
            entries::save(db, &mut entry)?;
            let mut events = vec![NewEvent::once(EventKind::Saved, &id.to_string(), provider(at))];
            let sent = !matches!(state, EntryState::Queued | EntryState::Exported);
            if sent {
                events.push(NewEvent::once(EventKind::Sending, &format!("{}:1", entry.id), provider(at)));
                (entry.attempts, entry.first_sent_at, entry.last_sent_at) = (1, Some(provider(at)), Some(provider(at)));
            }
            entry.state = state;
            entry.unclear = matches!(state, EntryState::Unknown | EntryState::Held);
            entry.reason = match state {
                EntryState::Held => Some(Reason::new(ReasonCode::MayHaveBeenSent)),
                EntryState::Parked => Some(Reason::new(ReasonCode::Rejected)),
                _ => None,
            };
            entries::save(db, &mut entry)?;
            let session = (state == EntryState::Done).then(|| format!("P12345678.{n}"));
            if let Some(session) = &session {
                events.push(NewEvent::once(EventKind::LinkCreated, session, provider(at)));
                sessions::save(db, &row(session, &order, &entry))?;
            }
            LinkChange::run(db, announced, id, moment(at), |change| {
                if let Some(session) = &session {
                    change.set_link(session)?;
                }
                change.state().delivered = Delivered::Ready;
                change.state().given_up_at = (state == EntryState::Superseded).then_some(phone(at));
                events.into_iter().for_each(|event| change.tell(event));
                Ok(())
            })?;
            Ok(Truth { order, entry, session })
        })
        .unwrap()
}

fn row(session: &str, order: &Order, entry: &Entry) -> SessionRow {
    SessionRow {
        id: session.to_owned(),
        order: order.id,
        entry: entry.id,
        url: format!("https://checkout.dintero.com/v1/view/{session}"),
        url_unusable: false,
        created_at: provider(order.created_at.ms()),
        facts: SessionFacts { id: session.to_owned(), ..SessionFacts::default() },
        transaction: None,
        read_at: None,
        changed_at: order.created_at,
        next_poll_at: Some(order.created_at),
        misses: 0,
    }
}

/// The files as a killed process leaves them: copied while they are open.
pub(super) fn killed(folder: &TempDir) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    copy
}
