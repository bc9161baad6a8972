//! A damaged database: moved aside as it was, read row by row, and nothing in it is sent twice.

use super::planted::{Orders, Truth, killed, plant};
use super::*;
use crate::store::file::{Mark, mark};
use std::collections::BTreeMap;
use std::path::Path;

pub(super) const ORDERS: usize = 54;

/// Small, seeded, repeatable.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end.max(1)).unwrap()).unwrap()
    }
}

/// What one damaged database came to.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) quarantined: u32,
    salvaged: usize,
    pub(super) lost: usize,
    doubted: u32,
}

pub(super) fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap())
        .map(|file| (file.file_name().into_string().unwrap(), std::fs::read(file.path()).unwrap()))
        .collect()
}

/// Opens, reads everything, and opens again if a query said that the file is damaged.
fn settle(folder: &Path, before: &mut BTreeMap<String, Vec<u8>>) -> Store {
    let store = open_store(folder).unwrap();
    let all = |db: &rusqlite::Connection| {
        for id in orders::page(db, None, provider(0), 0, 10_000)? {
            links::record(db, id)?;
            events::of_order(db, id)?;
        }
        sessions::due(db, phone(i64::MAX / 2), 10_000)?;
        entries::due(db, phone(i64::MAX / 2), entries::Allowed::ALL, 10_000).map(drop)
    };
    if store.read(all).is_ok() {
        return store;
    }
    assert_eq!(mark(folder), Mark::Suspect);
    drop(store);
    *before = contents(folder);
    let store = open_store(folder).unwrap();
    store.read(all).unwrap();
    assert!(store.read(recovery::report).unwrap().is_some(), "what a query found is looked into at the next opening");
    store
}

/// Whether an entry would be sent without a look-up.
fn is_fresh(entry: &Entry) -> bool {
    matches!(entry.state, EntryState::Queued | EntryState::Waiting)
}

/// Opens a damaged folder and holds it against the truth.
#[track_caller]
pub(super) fn recover(folder: &Path, truth: &Orders, seed: &str) -> Tally {
    let mut before = contents(folder);
    let store = settle(folder, &mut before);
    let report = store.read(recovery::report).unwrap();
    let found = store
        .read(|db| {
            orders::page(db, None, provider(0), 0, 10_000)?
                .into_iter()
                .map(|id| links::record(db, id))
                .collect::<StoreResult<Vec<_>>>()
        })
        .unwrap();
    for record in &found {
        let Truth { order, entry, session } =
            truth.get(&record.order.id).unwrap_or_else(|| panic!("{seed}: an order that never was"));
        assert_eq!((&record.order.reference, record.order.sale.total), (&order.reference, order.sale.total), "{seed}");
        let creating = record.creating().unwrap_or_else(|| panic!("{seed}: {} has no entry", order.reference));
        assert!(
            is_fresh(entry) || !is_fresh(creating),
            "{seed}: {} was {:?}, is {:?}",
            order.reference,
            entry.state,
            creating.state
        );
        assert!(
            creating.id == entry.id
                // None of these is sent by the core: no session is looked for by that name.
                || matches!(
                    creating.state,
                    EntryState::Held | EntryState::Done | EntryState::Superseded | EntryState::Exported
                ),
            "{seed}: an entry of another name {creating:?}"
        );
        assert!(report.is_none() || creating.state != EntryState::Sending, "{seed}");
        assert_eq!(&record.session.as_ref().map(|session| session.id.clone()), session, "{seed}: {}", order.reference);
    }
    let next = store.write(|db| meta::next_reference(db, "HON", || new_tag(&SystemClock::default()))).unwrap();
    assert!(truth.values().all(|truth| truth.order.reference != next), "{seed}: {next} was given out twice");
    assert!(store.read(check_full).is_ok(), "{seed}");
    let mut tally = Tally { salvaged: found.len(), lost: truth.len() - found.len(), ..Tally::default() };
    match report {
        None => assert_eq!(found.len(), truth.len(), "{seed}: lost without a word"),
        Some(report) => {
            let after = contents(folder);
            for (name, bytes) in
                before.iter().filter(|(name, _)| name.starts_with("paylink.db") && !name.contains("corrupt"))
            {
                let kept = after
                    .keys()
                    .filter(|kept| kept.starts_with(&format!("{name}.corrupt-")))
                    .any(|kept| &after[kept] == bytes);
                assert!(kept || name.ends_with("-shm"), "{seed}: {name} was not kept as it was");
            }
            assert_eq!(usize::try_from(report.orders_salvaged).unwrap(), found.len(), "{seed}");
            if let Some(lost) = report.lost {
                assert_eq!(usize::try_from(lost).unwrap(), tally.lost, "{seed}");
            }
            (tally.quarantined, tally.doubted) = (1, report.entries_in_doubt);
        }
    }
    tally
}

/// A sound folder after a clean close, and one as a killed process leaves it.
pub(super) fn sound() -> (TempDir, TempDir, Orders) {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let mut truth = plant(&store, ORDERS / 2);
    // The daily check is due: a flipped bit in a file that was closed is found at the next one.
    store.write(|db| meta::remove(db, "checked_at")).unwrap();
    store.close();
    let store = open_store(folder.path()).unwrap();
    truth.extend(plant(&store, ORDERS / 2));
    store.write(|db| meta::remove(db, "checked_at")).unwrap();
    let killed = killed(&folder);
    store.close();
    (folder, killed, truth)
}

pub(super) fn copy(folder: &TempDir) -> TempDir {
    killed(folder)
}

pub(super) fn damage(path: &Path, work: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(path).unwrap_or_default();
    work(&mut bytes);
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn whatever_is_broken_nothing_is_sent_twice_and_losses_are_said() {
    let (closed, killed, truth) = sound();
    let mut all = Tally::default();
    let cases = std::env::var("PAYLINK_CASES").map_or(120, |text| text.parse::<u64>().unwrap());
    for seed in 1..=cases {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let was_killed = dice.below(2) == 1;
        let folder = copy(if was_killed { &killed } else { &closed });
        let file = if was_killed && dice.below(2) == 1 { "paylink.db-wal" } else { FILE };
        let kind = dice.below(6);
        damage(&folder.path().join(file), |bytes| {
            let length = bytes.len();
            let page = dice.below(length / 4096) * 4096;
            match kind {
                0 => (0..=dice.below(40)).for_each(|_| bytes[dice.below(length)] ^= 1 << dice.below(8)),
                1 => bytes[page..page + 4096].fill(0),
                2 => {
                    bytes[page..page + 4096].iter_mut().for_each(|byte| *byte = u8::try_from(dice.below(256)).unwrap())
                }
                3 => bytes.truncate(dice.below(length)),
                4 => bytes[..16].fill(b'x'),
                _ => bytes[..4096].fill(0),
            }
        });
        let tally =
            recover(folder.path(), &truth, &format!("seed {seed}, damage {kind} of {file}, killed {was_killed}"));
        all.quarantined += tally.quarantined;
        all.salvaged += tally.salvaged;
        all.lost += tally.lost;
        all.doubted += tally.doubted;
    }
    println!(
        "corrupt files: {cases} damaged, {} quarantined, {} of {} orders salvaged, {} lost and said, {} entries in doubt, doubled 0",
        all.quarantined,
        all.salvaged,
        u64::try_from(truth.len()).unwrap() * cases,
        all.lost,
        all.doubted
    );
    assert!(
        u64::from(all.quarantined) > cases / 3 && all.salvaged > truth.len() * 60,
        "the damage was neither seen nor survived"
    );
}

type Work = fn(&Path);

/// What can become of a log.
const LOGS: [(&str, Work); 5] = [
    ("gone", |path| std::fs::remove_file(path).unwrap()),
    ("empty", |path| damage(path, Vec::clear)),
    ("cut", |path| damage(path, |bytes| bytes.truncate(bytes.len() / 2))),
    ("garbage", |path| damage(path, |bytes| bytes.fill(7))),
    ("flipped in the middle", |path| {
        damage(path, |bytes| {
            let at = bytes.len() / 2;
            bytes[at] ^= 1
        })
    }),
];

#[test]
fn a_log_that_is_gone_cut_or_garbled_is_never_passed_over() {
    let (_, killed, truth) = sound();
    let wal = "paylink.db-wal";
    for (what, work) in LOGS {
        let folder = copy(&killed);
        work(&folder.path().join(wal));
        let tally = recover(folder.path(), &truth, what);
        assert_eq!(tally.quarantined, 1, "{what}");
        let store = open_store(folder.path()).unwrap();
        let report = store.read(recovery::report).unwrap().unwrap();
        assert_eq!(report.lost, None, "{what}: nobody can tell what was in it");
        let fresh = store
            .read(|db| {
                Ok(entries::count_open(db)?
                    .into_iter()
                    .any(|(state, _)| matches!(state, EntryState::Queued | EntryState::Waiting)))
            })
            .unwrap();
        assert!(!fresh, "{what}: what is queued in the file may have been sent according to the log");
    }
}

/// Looking into a database lets SQLite make its log again and rebuild its index: the traces of what is lost are gone.
#[test]
fn a_log_that_is_gone_cut_or_garbled_is_remembered() {
    let (_, killed, truth) = sound();
    for (what, work) in LOGS {
        let folder = copy(&killed);
        work(&folder.path().join("paylink.db-wal"));
        let in_the_way = folder.path().join("paylink.recovering.new");
        std::fs::create_dir(&in_the_way).unwrap();
        assert!(open_store(folder.path()).is_err(), "{what}");
        std::fs::remove_dir(&in_the_way).unwrap();
        assert_eq!(recover(folder.path(), &truth, what).quarantined, 1, "{what}");
    }
}

#[test]
fn a_kill_alone_is_no_damage_and_a_left_over_index_neither() {
    let (closed, killed, truth) = sound();
    for (what, folder, index) in [
        ("killed", &killed, None),
        ("garbled index after a kill", &killed, Some(vec![9_u8; 32_768])),
        ("left over index after a clean close", &closed, Some(vec![9_u8; 32_768])),
        ("left over empty log", &closed, None),
    ] {
        let folder = copy(folder);
        if let Some(index) = index {
            std::fs::write(folder.path().join("paylink.db-shm"), index).unwrap();
        }
        if what == "left over empty log" {
            std::fs::write(folder.path().join("paylink.db-wal"), "").unwrap();
        }
        let store = open_store(folder.path()).unwrap();
        assert_eq!(store.read(recovery::report).unwrap(), None, "{what}");
        let unsent = store.read(entries::count_open).unwrap().iter().map(|(_, count)| *count as usize).sum::<usize>();
        assert_eq!(unsent, truth.values().filter(|truth| truth.entry.state.is_open()).count(), "{what}");
    }
}

#[test]
fn what_is_proven_unsent_stays_queued_and_the_counter_goes_on() {
    let (closed, _, truth) = sound();
    let folder = copy(&closed);
    damage(&folder.path().join(FILE), |bytes| bytes[..16].fill(0));
    let tally = recover(folder.path(), &truth, "magic");
    assert_eq!((tally.lost, tally.quarantined), (0, 1));
    let store = open_store(folder.path()).unwrap();
    for (id, Truth { entry, .. }) in truth.clone() {
        let crossed = store.read(move |db| links::record(db, id)).unwrap().entries.remove(0);
        match entry.state {
            EntryState::Sending => assert_eq!((crossed.state, crossed.unclear), (EntryState::Unknown, true)),
            _ => assert_eq!(crossed, entry),
        }
    }
    let next = store.write(|db| meta::next_reference(db, "HON", || new_tag(&SystemClock::default()))).unwrap();
    let number = |reference: &str| reference.rsplit_once('-').unwrap().1.parse::<usize>().unwrap();
    assert_eq!(number(&next), ORDERS + 2, "one was taken by the check above");
    assert_eq!(store.read(|db| meta::get(db, "account")).unwrap().as_deref(), Some("T1"));
}

#[test]
fn what_was_requested_again_stays_linked_when_its_event_is_lost() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let (old, _) = save(&store, "HON-1").unwrap();
    let mut again = order("HON-2");
    again.sale.again_of = Some(old);
    let id = again.id;
    store
        .write(move |db| {
            orders::insert(db, &again)?;
            let mut entry = Entry::new(entry_id(), id, Operation::Create, "{}".to_owned(), phone(1_000));
            entries::save(db, &mut entry)
        })
        .unwrap();
    drop(store);
    damage(&folder.path().join(FILE), |bytes| bytes[..16].fill(0));
    let store = open_store(folder.path()).unwrap();
    assert!(store.read(recovery::report).unwrap().is_some(), "it was looked through");
    assert_eq!(store.read(move |db| events::requested_again(db, old)).unwrap(), [id]);
}
