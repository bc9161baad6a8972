//! A database in which a newer core has written codes that this one does not know.

use super::*;
use crate::link::{Delivered, LinkStatus, ReasonCode};

/// Writes as a newer core would.
fn newer(store: &Store, sql: &'static str) {
    store.write(move |db| Ok(db.execute_batch(sql)?)).unwrap();
}

#[test]
fn what_only_tells_something_is_read_and_kept_as_it_was_written() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let (id, _) = save(&store, "A-1").unwrap();
    newer(
        &store,
        r#"UPDATE events SET kind = 'chargeback';
           UPDATE entries SET state = 'waiting', reason = '{"code":"sun_storm","detail":null}';
           UPDATE orders SET shared = '{"channel":"nfc","outcome":"tapped"}', status = 'disputed';"#,
    );
    let record = store.read(move |db| links::record(db, id)).unwrap();
    let link = record.shown(provider(2_000), |_| true);
    assert_eq!((link.status, link.reason.unwrap().code.code()), (LinkStatus::Queued, "sun_storm"));
    let shared = link.delivery.shared_by.unwrap();
    assert_eq!((shared.channel.code(), shared.outcome.code()), ("nfc", "tapped"));
    let told = store.read(move |db| events::of_order(db, id)).unwrap();
    assert!(told.iter().all(|event| event.kind.code() == "chargeback" && event.kind.known().is_none()));
    let mut entry = record.entries[0].clone();
    store.write(move |db| entries::save(db, &mut entry)).unwrap();
    let again = store.read(move |db| links::record(db, id)).unwrap();
    assert_eq!(again.entries[0].reason.as_ref().unwrap().code.code(), "sun_storm");
    assert!(store.read(check_full).is_ok());
}

#[test]
fn an_unknown_state_is_held_and_never_sent_without_a_look() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let (id, _) = save(&store, "A-1").unwrap();
    newer(&store, "UPDATE entries SET state = 'deferred'; UPDATE orders SET delivered = 'read_aloud';");
    let due = |db: &rusqlite::Connection| entries::due(db, phone(i64::MAX / 2), entries::Allowed::ALL, 10);
    assert!(store.read(due).unwrap().is_empty());
    let record = store.read(move |db| links::record(db, id)).unwrap();
    let entry = &record.entries[0];
    assert_eq!((entry.state, entry.unclear), (EntryState::Held, true), "a look-up comes first");
    assert_eq!(entry.reason.as_ref().unwrap().code, ReasonCode::MayHaveBeenSent);
    assert_eq!(record.state.delivered, Delivered::ProbablySent, "another message may be the second");
    assert_eq!(store.read(entries::count_open).unwrap(), [(EntryState::Held, 1)]);
}

#[test]
fn an_unknown_operation_is_left_alone_and_holds_nothing_up() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let (id, entry) = save(&store, "A-1").unwrap();
    newer(
        &store,
        "INSERT INTO entries (id, order_id, operation, payload, state, created_at, next_attempt_at) \
         SELECT 'newer', order_id, 'refund', '{}', 'queued', 0, 0 FROM entries;",
    );
    let due = |db: &rusqlite::Connection| entries::due(db, phone(i64::MAX / 2), entries::Allowed::ALL, 10);
    assert_eq!(store.read(due).unwrap().iter().map(|due| due.entry).collect::<Vec<_>>(), [entry.id]);
    let record = store.read(move |db| links::record(db, id)).unwrap();
    assert_eq!(record.entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), [entry.id]);
    assert!(store.read(check_full).is_ok());
}

#[test]
fn a_wrong_letter_in_what_makes_the_link_is_damage() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let (id, _) = save(&store, "A-1").unwrap();
    newer(&store, "UPDATE entries SET operation = 'creaue';");
    assert!(store.read(move |db| links::record(db, id)).is_err(), "an unsent sale would be over without a word");
}
