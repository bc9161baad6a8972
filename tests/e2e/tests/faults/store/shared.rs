//! One folder, many hands: a second process, a killed one, eight threads, and a phone that suspends at any moment.

use paylink_core::link::{LinkStatus, PaymentLink, ShareChannel, ShareOutcome};
use paylink_core::{LinkFilter, OrderId, Page, Paylink, PaylinkError};
use paylink_e2e::{MemoryStore, Rig, config, honey, open};
use paylink_sandbox::Fault;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

const EVERYTHING: Page = Page { offset: 0, limit: 10_000 };
const FOLDER: &str = "PAYLINK_TEST_FOLDER";

fn core(folder: &Path) -> Result<Paylink, PaylinkError> {
    let core = open(&config(folder, "http://127.0.0.1:9"), &Arc::new(MemoryStore::default()))?;
    core.network_changed(false)?;
    Ok(core)
}

fn all(core: &Paylink) -> Vec<PaymentLink> {
    core.links(LinkFilter::default(), EVERYTHING).unwrap()
}

/// References made by the core count from 1 without holes.
#[track_caller]
fn without_holes(links: &[PaymentLink]) {
    let mut numbers: Vec<usize> =
        links.iter().map(|link| link.reference.rsplit_once('-').unwrap().1.parse().unwrap()).collect();
    numbers.sort_unstable();
    assert!(numbers.iter().copied().eq(1..=links.len()), "{numbers:?}");
}

/// Not a test: the other process. It saves orders and says each one's id until it is killed.
#[test]
#[ignore = "the second process of another test"]
fn the_other_process() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let core = core(Path::new(&folder)).unwrap();
    println!("opened");
    loop {
        println!("saved {}", core.create(&honey()).unwrap().id);
    }
}

fn other_process(folder: &Path) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::shared::the_other_process", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    (child, output)
}

#[test]
fn a_second_process_is_refused_and_a_killed_ones_lock_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let (mut kills, mut saved) = (0, Vec::new());
    for round in 0..12_u64 {
        let (mut child, output) = other_process(folder.path());
        let mut lines = output.lines().map(Result::unwrap).skip_while(|line| !line.contains("opened"));
        assert!(lines.next().is_some());
        let asked = Instant::now();
        assert!(matches!(core(folder.path()), Err(PaylinkError::InUse)));
        assert!(asked.elapsed() < Duration::from_secs(2), "at once, not after a wait: {:?}", asked.elapsed());
        let id = |line: String| line.strip_prefix("saved ").map(|id| id.parse::<OrderId>().unwrap());
        saved.extend(lines.by_ref().take(3 + usize::try_from(round).unwrap()).filter_map(id));
        std::thread::sleep(Duration::from_millis(round * 3 % 17));
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
        // What it still said before it died counts as well; a line that was cut off does not.
        saved.extend(lines.filter(|line| line.len() == "saved ".len() + 36).filter_map(id));
        let core = core(folder.path()).unwrap();
        assert_eq!(core.recovered().unwrap(), None, "a kill is no damage");
        for id in &saved {
            assert_eq!(core.link(*id).unwrap().status, LinkStatus::Queued, "lost");
        }
        without_holes(&all(&core));
    }
    println!(
        "store: two processes: kills {kills}, orders said to be saved {}, refused at once {kills}, lost 0",
        saved.len()
    );
    assert!(saved.len() > 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_threads_at_once_lose_nothing_and_block_nobody() {
    let rig = Arc::new(Rig::start().await);
    let calls = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = (0..8_usize)
        .map(|thread| {
            let (rig, calls) = (Arc::clone(&rig), Arc::clone(&calls));
            std::thread::spawn(move || {
                let mut mine = Vec::new();
                for n in 0..12_usize {
                    let link = rig.core.create(&honey()).unwrap();
                    mine.push(link.id);
                    // Allowed or not by what the worker has done meanwhile: both are fine, an error of the store is not.
                    let done = match (thread + n) % 5 {
                        0 => rig.core.cancel(link.id).map(drop),
                        1 => rig.core.retry(link.id).map(drop),
                        2 => rig.core.mark_shared(link.id, ShareChannel::Copy, ShareOutcome::HandedOver).map(drop),
                        3 => rig.core.links(LinkFilter::default(), EVERYTHING).map(drop),
                        _ => rig.core.refresh(mine[n / 2]),
                    };
                    assert!(matches!(done, Ok(()) | Err(PaylinkError::NotAllowed { .. })), "{done:?}");
                    calls.fetch_add(2, Ordering::SeqCst);
                }
                mine
            })
        })
        .collect();
    let ids: Vec<_> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    let links = all(&rig.core);
    assert_eq!(links.len(), ids.len(), "lost");
    without_holes(&links);
    let mut doubled = 0;
    for id in &ids {
        let link = rig.until_link(*id, "open or cancelled", |link| {
            matches!(link.status, LinkStatus::Open | LinkStatus::Cancelled)
        });
        doubled += usize::from(rig.sessions_of(&link) > 1);
    }
    println!(
        "store: eight threads: calls {}, orders {}, lost 0, doubled {doubled}",
        calls.load(Ordering::SeqCst),
        ids.len()
    );
    assert_eq!(doubled, 0);
}

/// Length and time of every file of the database.
fn files(folder: &Path) -> BTreeMap<String, (u64, SystemTime)> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap())
        .filter_map(|file| file.metadata().ok().map(|meta| (file.file_name(), meta)))
        .map(|(name, meta)| (name.into_string().unwrap(), (meta.len(), meta.modified().unwrap())))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn suspend_at_any_moment_leaves_no_lock_and_no_thread_that_writes() {
    let rig = Arc::new(Rig::start().await);
    let (mut longest, mut ids) = (Duration::ZERO, Vec::new());
    let rounds = 25_u64;
    for round in 0..rounds {
        // Requests are under way: some slow before, some after they arrived.
        let slow = Duration::from_millis(20 + round * 37 % 400);
        let fault = Fault::on("POST", "/v1/sessions").times(2);
        rig.sandbox.inject(if round % 2 == 0 { fault.delay_before(slow) } else { fault.delay_after(slow) });
        let stop = Arc::new(AtomicBool::new(false));
        let seller = {
            let (rig, stop) = (Arc::clone(&rig), Arc::clone(&stop));
            std::thread::spawn(move || {
                let mut saved = Vec::new();
                while !stop.load(Ordering::SeqCst) && saved.len() < 6 {
                    match rig.core.create(&honey()) {
                        Ok(link) => saved.push(link.id),
                        Err(error) => {
                            assert_eq!(error, PaylinkError::Suspended);
                            break;
                        }
                    }
                }
                saved
            })
        };
        std::thread::sleep(Duration::from_millis(round * 53 % 310));
        let asked = Instant::now();
        rig.core.suspend();
        longest = longest.max(asked.elapsed());
        assert!(asked.elapsed() < Duration::from_millis(3_500), "{:?}", asked.elapsed());
        stop.store(true, Ordering::SeqCst);
        ids.extend(seller.join().unwrap());
        assert!(matches!(rig.core.links(LinkFilter::default(), EVERYTHING), Err(PaylinkError::Suspended)));
        let still = files(rig.folder.path());
        std::thread::sleep(Duration::from_millis(60));
        assert_eq!(files(rig.folder.path()), still, "round {round}: something still writes");
        assert!(!still.contains_key("paylink.db-wal"), "checkpointed and closed");
        if round % 5 == 0 {
            let other = paylink_e2e::open(&rig.config, &rig.secure).unwrap();
            other.network_changed(false).unwrap();
            assert_eq!(all(&other).len(), ids.len(), "the folder is free, and everything is there");
            other.close();
        }
        rig.core.resume().unwrap();
    }
    rig.sandbox.clear_faults();
    assert_eq!(all(&rig.core).len(), ids.len(), "lost");
    without_holes(&all(&rig.core));
    let mut doubled = 0;
    for id in &ids {
        let link = rig.until(*id, LinkStatus::Open);
        doubled += usize::from(rig.sessions_of(&link) > 1);
    }
    println!(
        "store: suspend at any moment: suspends {rounds}, longest {longest:?}, orders {}, lost 0, doubled {doubled}",
        ids.len()
    );
    assert_eq!(doubled, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_beside_does_not_hold_up_suspend() {
    let rig = Rig::start().await;
    let link = rig.sell(&honey());
    let beside = Paylink::open_read_only(&rig.config).unwrap();
    assert_eq!(beside.link(link.id).unwrap().status, LinkStatus::Open);
    let db = rusqlite::Connection::open_with_flags(
        rig.folder.path().join("paylink.db"),
        rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY,
    )
    .unwrap();
    // A read that does not end: the log cannot be emptied beside it.
    db.execute_batch("BEGIN; SELECT count(*) FROM orders").unwrap();
    rig.core.create(&honey()).unwrap();
    let asked = Instant::now();
    rig.core.suspend();
    let took = asked.elapsed();
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert!(open(&rig.config, &rig.secure).is_ok(), "the lock is free");
    println!("store: a reader beside: suspends 1, longest {took:?}, lost 0");
}

/// How many calls of a background job drain at once, beside the scheduler in front.
const DRAINS: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn drains_at_once_beside_the_front_send_every_sale_once() {
    let rig = Arc::new(Rig::start().await);
    rig.core.network_changed(false).unwrap();
    let ids: Vec<_> = (0..200).map(|_| rig.core.create(&honey()).unwrap().id).collect();
    // Some answers are slow, so that the drains meet in the middle of requests.
    rig.sandbox.inject(Fault::on("POST", "/v1/sessions").delay_after(Duration::from_millis(60)).times(40));
    rig.core.network_changed(true).unwrap();
    let drains: Vec<_> = (0..DRAINS)
        .map(|_| {
            let rig = Arc::clone(&rig);
            tokio::spawn(async move { rig.core.sync(Duration::from_secs(30)).await.unwrap() })
        })
        .collect();
    let mut sent = 0;
    for drain in drains {
        let report = drain.await.unwrap();
        sent = sent.max(report.sent);
        assert_eq!((report.waiting, report.unknown, report.needs_attention), (0, 0, 0), "{report:?}");
    }
    let (mut lost, mut doubled) = (0, 0);
    for link in all(&rig.core) {
        lost += usize::from(link.status != LinkStatus::Open);
        doubled += usize::from(rig.sessions_of(&link) != 1);
    }
    let creates = rig.sandbox.count("POST", "/v1/sessions-profile");
    println!(
        "store: drains at once: drains {DRAINS} and the front, orders {}, creates {creates}, lost {lost}, doubled {doubled}",
        ids.len()
    );
    assert_eq!((all(&rig.core).len(), creates, lost, doubled), (ids.len(), ids.len(), 0, 0));
    assert!(sent > 0);
}
