//! A damaged database and a provider that remembers: what was sent is found again and not sent a second time, and the
//! seller is told what became of the rest.

use paylink_core::account::Config;
use paylink_core::clock::{Clock, SystemClock};
use paylink_core::link::{LinkStatus, PaymentLink};
use paylink_core::order::Delivery;
use paylink_core::{LinkFilter, Page, Paylink, PaylinkError, StorageKind};
use paylink_e2e::{Rig, honey, honey_by_sms, open};
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const EVERYTHING: Page = Page { offset: 0, limit: 10_000 };

fn copy(from: &Path) -> TempDir {
    let to = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(from).unwrap().map(|file| file.unwrap()) {
        std::fs::copy(file.path(), to.path().join(file.file_name())).unwrap();
    }
    to
}

fn damage(folder: &Path, file: &str, work: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(folder.join(file)).unwrap();
    work(&mut bytes);
    std::fs::write(folder.join(file), bytes).unwrap();
}

/// Opens a copy online and waits until nothing is under way any more.
fn settled(rig: &Rig, folder: &Path) -> (Paylink, Vec<PaymentLink>) {
    let mut config = rig.config.clone();
    config.data_dir = folder.to_owned();
    let core = open(&config, &rig.secure).unwrap();
    let deadline = Instant::now() + Duration::from_secs(40);
    loop {
        let links = match core.links(LinkFilter::default(), EVERYTHING) {
            Ok(links) => links,
            Err(error) => {
                // Damage that the opening did not see: the next one looks into it.
                assert!(matches!(error, PaylinkError::Storage { kind: StorageKind::Corrupt, .. }), "{error:?}");
                core.suspend();
                core.resume().unwrap();
                assert!(core.recovered().unwrap().is_some());
                continue;
            }
        };
        let over = |link: &PaymentLink| {
            // A message that was looked for and not found is looked for again in a minute: longer than this test waits.
            let later = SystemClock::default().wall_ms() + 10_000;
            let proof_takes_minutes = link.status == LinkStatus::Unknown
                && link.delivery.channel == Delivery::Sms
                && link.next_attempt_at.is_some_and(|at| at > later);
            let rests = [LinkStatus::Open, LinkStatus::NeedsAttention, LinkStatus::Cancelled].contains(&link.status);
            rests || proof_takes_minutes
        };
        if links.iter().all(over) {
            return (core, links);
        }
        assert!(Instant::now() < deadline, "{:?}", links.iter().filter(|link| !over(link)).collect::<Vec<_>>());
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// Nothing twice: neither sessions nor messages.
#[track_caller]
fn once(rig: &Rig, links: &[PaymentLink], what: &str) {
    for link in links {
        let sessions = rig.sandbox.sessions_of(&link.reference);
        assert!(sessions.len() <= 1, "{what}: {} has {} sessions", link.reference, sessions.len());
        if link.status == LinkStatus::Open {
            assert_eq!(link.session_id.as_ref(), Some(&sessions[0].id), "{what}");
            assert!(link.url.as_ref().is_some_and(|url| url.contains(&sessions[0].id)), "{what}: {:?}", link.url);
        }
    }
    let sent = rig.sandbox.inbox().len();
    let by_sms = links.iter().filter(|link| link.customer.phone.is_some()).count();
    assert!(sent <= by_sms + 8, "{what}: {sent} messages");
}

/// Two links that exist, then four orders that wait for the network; two of each by SMS.
async fn prepared() -> Rig {
    let rig = Rig::start().await;
    rig.sell(&honey());
    rig.sell(&honey_by_sms());
    rig.core.network_changed(false).unwrap();
    for draft in [honey(), honey_by_sms(), honey(), honey_by_sms()] {
        rig.core.create(&draft).unwrap();
    }
    rig
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_lost_log_had_sent_is_found_and_never_sent_twice() {
    type Work = fn(&Path);
    let works: [(&str, Work); 4] = [
        ("gone", |folder| std::fs::remove_file(folder.join("paylink.db-wal")).unwrap()),
        ("empty", |folder| damage(folder, "paylink.db-wal", Vec::clear)),
        ("garbage", |folder| damage(folder, "paylink.db-wal", |bytes| bytes.fill(7))),
        ("cut", |folder| damage(folder, "paylink.db-wal", |bytes| bytes.truncate(bytes.len() * 3 / 4))),
    ];
    let mut doubt = 0;
    // Somebody may have opened it for reading before: that takes nothing of the proof away.
    for ((what, work), read_before) in works.into_iter().flat_map(|one| [(one, false), (one, true)]) {
        let rig = prepared().await;
        // Everything so far into the file, so that the orders survive the loss of the log.
        rig.core.suspend();
        rig.core.resume().unwrap();
        rig.core.network_changed(false).unwrap();
        let stale = copy(rig.folder.path());
        // Meanwhile the log goes on: all four are sent. The copy is the file as it was before.
        rig.core.network_changed(true).unwrap();
        let links = rig.core.links(LinkFilter::default(), EVERYTHING).unwrap();
        links.iter().for_each(|link| drop(rig.until(link.id, LinkStatus::Open)));
        rig.core.suspend();
        let messages = rig.sandbox.inbox().len();
        work(stale.path());
        if read_before {
            let beside = Config { data_dir: stale.path().to_owned(), ..rig.config.clone() };
            let reader = Paylink::open_read_only(&beside).unwrap();
            assert_eq!(reader.links(LinkFilter::default(), EVERYTHING).unwrap().len(), 6, "{what}");
        }
        let (core, links) = settled(&rig, stale.path());
        let report = core.recovered().unwrap().expect(what);
        assert_eq!((report.orders_salvaged, report.lost), (6, None), "{what}");
        once(&rig, &links, what);
        let other: Vec<_> = links.iter().filter(|link| link.status != LinkStatus::Open).collect();
        assert!(other.is_empty(), "{what}: {other:?}");
        assert_eq!(rig.sandbox.inbox().len(), messages, "{what}: no second message");
        doubt += report.entries_in_doubt;
        core.acknowledge_recovered().unwrap();
        assert_eq!(core.recovered().unwrap(), None);
    }
    println!("store: lost logs: ways 4, each also read before, sent entries that stood as unsent {doubt}, doubled 0");
    assert_eq!(doubt, 32);
}

#[tokio::test(flavor = "multi_thread")]
async fn flipped_bytes_never_make_a_second_link_or_message() {
    let (mut recovered, mut salvaged, mut lost) = (0, 0, 0);
    let rounds = 16_u64;
    for round in 0..rounds {
        let rig = prepared().await;
        let folder = copy(rig.folder.path());
        rig.core.close();
        let folder = if round % 2 == 0 { folder } else { copy(rig.folder.path()) };
        let mut dice = (round + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut below = |end: usize| {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            usize::try_from(dice % end as u64).unwrap()
        };
        damage(folder.path(), "paylink.db", |bytes| {
            // Whole pages, so that it is noticed: a single flipped letter of a name nobody can tell.
            for _ in 0..3 {
                let page = below(bytes.len() / 4096) * 4096;
                bytes[page..page + 4096].fill(0x5A);
            }
        });
        let (core, links) = settled(&rig, folder.path());
        once(&rig, &links, &format!("round {round}"));
        if let Some(report) = core.recovered().unwrap() {
            recovered += 1;
            salvaged += report.orders_salvaged;
            lost += 6 - report.orders_salvaged;
        }
    }
    println!(
        "store: broken pages: databases {rounds}, recovered {recovered}, orders salvaged {salvaged}, lost and said {lost}, doubled 0"
    );
    assert!(recovered > rounds / 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_applications_file_is_refused_untouched() {
    let rig = Rig::start().await;
    let mut config = rig.config.clone();
    config.data_dir = rig.folder.path().join("other");
    std::fs::create_dir(&config.data_dir).unwrap();
    let songs = rusqlite::Connection::open(config.data_dir.join("paylink.db")).unwrap();
    songs.execute_batch("CREATE TABLE songs (title TEXT)").unwrap();
    drop(songs);
    let before = std::fs::read(config.data_dir.join("paylink.db")).unwrap();
    let opened = open(&config, &rig.secure).map(drop);
    assert!(matches!(opened, Err(PaylinkError::Storage { kind: StorageKind::Corrupt, .. })), "{opened:?}");
    assert_eq!(std::fs::read(config.data_dir.join("paylink.db")).unwrap(), before);
    println!("store: another application's file: refused 1, touched 0");
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_that_a_query_finds_is_said_and_looked_into_at_the_next_opening() {
    let rig = prepared().await;
    rig.core.close();
    let path = rig.folder.path().join("paylink.db");
    // A value that no version ever wrote: the pages are sound, only reading it back tells.
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute("UPDATE orders SET body = '{\"v\":' WHERE rowid = 3", []).unwrap();
    drop(db);
    let core = open(&rig.config, &rig.secure).unwrap();
    let listed = core.links(LinkFilter::default(), EVERYTHING);
    assert!(matches!(listed, Err(PaylinkError::Storage { kind: StorageKind::Corrupt, .. })), "{listed:?}");
    core.suspend();
    core.resume().unwrap();
    let report = core.recovered().unwrap().unwrap();
    assert_eq!((report.orders_salvaged, report.lost), (5, Some(1)));
    assert_eq!(core.links(LinkFilter::default(), EVERYTHING).unwrap().len(), 5);
    core.close();
    let (_core, links) = settled(&rig, rig.folder.path());
    once(&rig, &links, "a value that cannot be read");
    println!("store: damage that a query finds: orders 6, salvaged 5, lost and said 1, doubled 0");
}
