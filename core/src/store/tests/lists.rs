//! What a list says and what a link says is the same at every moment.

use super::*;
use crate::link::{
    LinkStatus, SessionEvent, SessionEventName, SessionFacts, TransactionEvent, TransactionEventKind, TransactionFacts,
};
use crate::money::Region;
use crate::report;
use crate::store::rows::sessions::SessionRow;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What becomes of a link, drawn by chance.
#[derive(Clone, Debug)]
struct Fate {
    state: EntryState,
    given_up: bool,
    /// Its end, its events, its payment.
    session: Option<(Option<i64>, Vec<SessionEventName>, Option<String>)>,
}

fn fate() -> impl Strategy<Value = Fate> {
    let states = planted::STATES.to_vec();
    let events = ["visited", "declined", "failed", "cancelled", "pay_failed", "pay_lock_start"];
    let event = prop::sample::select(events.to_vec()).prop_map(|name| SessionEventName::from(name.to_owned()));
    let paid =
        ["initiated", "authorized", "on_hold", "captured", "partially_captured", "refunded", "declined", "failed"];
    let paid = prop::sample::select([paid.as_slice(), &["authorization_voided", "unknown", "new"]].concat());
    let session = (
        prop::option::weighted(0.9, 2_000..2_010_i64),
        prop::collection::vec(event, 0..2),
        prop::option::weighted(0.3, paid.prop_map(str::to_owned)),
    );
    (prop::sample::select(states), prop::bool::weighted(0.1), prop::option::weighted(0.7, session))
        .prop_map(|(state, given_up, session)| Fate { state, given_up, session })
}

fn befalls(store: &Store, n: usize, fate: Fate) {
    let (id, mut entry) = save(store, &format!("A-{n}")).unwrap();
    store
        .change(id, moment(1_500), move |change| {
            entry.state = fate.state;
            if fate.session.is_some() {
                entry.state = EntryState::Done;
            }
            change.save_entry(entry.clone())?;
            change.state().given_up_at = fate.given_up.then_some(phone(1_400));
            if let Some((expires_at, names, paid)) = fate.session {
                let session = format!("P12345678.{n}");
                let events = names.into_iter().map(|name| SessionEvent { id: None, name, at: None, detail: None });
                change.save_session(&SessionRow {
                    id: session.clone(),
                    order: id,
                    entry: entry.id,
                    url: "https://checkout.dintero.com/v1/view/x".to_owned(),
                    url_unusable: false,
                    created_at: provider(1_200),
                    facts: SessionFacts {
                        id: session.clone(),
                        expires_at,
                        events: events.collect(),
                        ..SessionFacts::default()
                    },
                    transaction: paid.map(payment),
                    read_at: None,
                    changed_at: phone(1_500),
                    next_poll_at: None,
                    misses: 0,
                })?;
                change.set_link(&session)?;
            }
            Ok(())
        })
        .unwrap();
}

fn payment(status: String) -> TransactionFacts {
    TransactionFacts {
        id: "P12345678.tx".to_owned(),
        session_id: None,
        reference: None,
        status: status.into(),
        amount: 14_900,
        currency: "NOK".to_owned(),
        method: None,
        created_at: None,
        updated_at: None,
        events: vec![TransactionEvent {
            id: None,
            kind: TransactionEventKind::Capture,
            success: Some(true),
            amount: Some(14_900),
            at: Some(1_500),
            reference: None,
            entry_id: None,
            error: None,
        }],
    }
}

/// Every list holds just the links that say so themselves, and the day counts as many.
fn agree(store: &Store, now: i64) {
    let now = provider(now);
    let all = store.read(move |db| orders::page(db, None, now, 0, 100)).unwrap();
    let of = |id: OrderId| store.read(move |db| links::record(db, id)).unwrap().status(now);
    let mut counts = BTreeMap::new();
    for status in LinkStatus::ALL {
        let listed = store.read(move |db| orders::page(db, Some(status), now, 0, 100)).unwrap();
        let wanted: Vec<OrderId> = all.iter().copied().filter(|id| of(*id) == status).collect();
        assert_eq!(listed, wanted, "{status:?} at {now:?}");
        if !listed.is_empty() {
            counts.insert(status.code().to_owned(), u32::try_from(listed.len()).unwrap());
        }
    }
    assert_eq!(counts.values().sum::<u32>() as usize, all.len(), "each is in one list");
    let day = store.read(move |db| report::day(db, date(1970, 1, 1), Region::Norway.zone(), now)).unwrap();
    assert_eq!(day.by_status, counts);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_list_and_a_link_agree_at_every_moment(
        fates in prop::collection::vec(fate(), 1..12),
        moments in prop::collection::vec(prop_oneof![1_995..2_015_i64, 0..9_000_i64], 8),
    ) {
        let folder = folder();
        let store = open_store(folder.path()).unwrap();
        fates.into_iter().enumerate().for_each(|(n, fate)| befalls(&store, n, fate));
        moments.iter().for_each(|now| agree(&store, *now));
        // Time is all that passes, also while nobody has the file open.
        store.close();
        let store = open_store(folder.path()).unwrap();
        moments.iter().for_each(|now| agree(&store, *now));
    }
}

#[test]
fn a_list_of_every_released_version_agrees_with_its_links() {
    for frozen in migrations::FROZEN {
        let (_folder, store) = migrations::opened(frozen);
        [0, 1_007, 9_000_000_000_000].into_iter().for_each(|now| agree_without_day(&store, now));
        for typed in ["betaling", "BETALING", "b", "et", "hon", "HON- 7"] {
            assert!(!found(&store, typed).is_empty(), "{typed}");
        }
        assert!(found(&store, "nobody").is_empty());
    }
}

fn agree_without_day(store: &Store, now: i64) {
    let now = provider(now);
    for status in LinkStatus::ALL {
        let listed = store.read(move |db| orders::page(db, Some(status), now, 0, 100)).unwrap();
        for id in listed {
            assert_eq!(store.read(move |db| links::record(db, id)).unwrap().status(now), status);
        }
    }
}

fn found(store: &Store, typed: &str) -> Vec<OrderId> {
    let query = Query::read(typed, Region::Norway);
    store.read(move |db| search::find(db, &query, 50)).unwrap()
}

#[test]
fn a_search_is_newest_first_and_ends_at_its_limit() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let ids: Vec<_> = (0..150).map(|n| save(&store, &format!("A-{n}")).unwrap().0).collect();
    let set = |ids: &[OrderId]| ids.iter().copied().collect::<HashSet<_>>();
    let newest = set(&ids[100..]);
    let all = store.read(|db| orders::page(db, None, provider(0), 0, 200)).unwrap();
    let hits = found(&store, "a");
    assert_eq!(set(&hits), newest, "over several rows of keys");
    assert_eq!(hits, all.into_iter().filter(|id| newest.contains(id)).collect::<Vec<_>>(), "in the order of the list");
    assert_eq!(
        set(&found(&store, "A-7 ")),
        set(&[[7].as_slice(), &(70..80).collect::<Vec<_>>()].concat().iter().map(|n| ids[*n]).collect::<Vec<_>>())
    );
    assert_eq!(set(&found(&store, "\u{1F}")), newest, "nothing but what cannot be seen is nothing");
    assert!(found(&store, "A-150").is_empty());
}

#[test]
fn what_was_salvaged_is_found() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let truth = planted::plant(&store, 40);
    store.close();
    let path = folder.path().join(FILE);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[..16].fill(0);
    std::fs::write(&path, bytes).unwrap();
    let store = open_store(folder.path()).unwrap();
    assert!(store.read(recovery::report).unwrap().is_some());
    assert_eq!(found(&store, "betaling").len(), truth.len());
}
