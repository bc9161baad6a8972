//! A phone that puts the app to sleep at the worst of moments: while a large database is being opened, behind a read that
//! takes long, with a request that nobody can break off. `suspend` comes back within its three seconds, the file is closed
//! and the lock is free, and `resume` works.

use paylink_core::account::{Config, Ports, SecureStore};
use paylink_core::gateway::{Carried, CarriedReply, Transport};
use paylink_core::link::LinkStatus;
use paylink_core::{LinkFilter, OrderId, Page, Paylink, PaylinkError};
use paylink_e2e::{MemoryStore, config, honey, memory_folder, open};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The three seconds of the contract, and a little for a machine that is shared.
const AT_MOST: Duration = Duration::from_millis(3_500);
/// Events of one link: a database of so many takes a while to check, and to read.
const EVENTS: u32 = 500_000;

fn offline(folder: &Path) -> (Config, Arc<MemoryStore>) {
    let config = Config { offline: true, ..config(folder, "http://127.0.0.1:9") };
    let secure = Arc::new(MemoryStore::signed_in(&config.account));
    (config, secure)
}

/// One sale with a very long story.
fn large(config: &Config, secure: &Arc<MemoryStore>) -> (Paylink, OrderId) {
    let core = open(config, secure).unwrap();
    let id = core.create(&honey()).unwrap().id;
    core.suspend();
    let db = rusqlite::Connection::open(config.data_dir.join("paylink.db")).unwrap();
    let story = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) \
                 INSERT INTO events (order_id, at, kind, key, data) \
                 SELECT (SELECT id FROM orders), i, 'opened', 'opened:' || i, '{}' FROM n";
    db.execute(story, [EVENTS]).unwrap();
    (core, id)
}

/// Puts it to sleep, and looks at what is left: a closed file and a free lock.
fn put_to_sleep(core: &Paylink, folder: &Path) {
    let asked = Instant::now();
    core.suspend();
    let took = asked.elapsed();
    assert!(took < AT_MOST, "{took:?}");
    let lock = std::fs::File::open(folder.join("paylink.lock")).unwrap();
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::NonBlockingLockExclusive).expect("the lock is free");
    if cfg!(target_os = "linux") {
        assert_eq!(open_files(folder), 0, "the database is closed");
    }
}

/// How many files of the database this process has open.
fn open_files(folder: &Path) -> usize {
    let files =
        std::fs::read_dir("/proc/self/fd").unwrap().filter_map(|file| std::fs::read_link(file.ok()?.path()).ok());
    files.filter(|file| file.starts_with(folder) && file.to_string_lossy().contains("paylink.db")).count()
}

/// The next opening looks through the whole file, as it does once in a while.
fn forget_the_last_check(folder: &Path) {
    let db = rusqlite::Connection::open(folder.join("paylink.db")).unwrap();
    db.execute("DELETE FROM meta WHERE key = 'checked_at'", ()).unwrap();
}

fn first(core: &Paylink) -> Result<usize, PaylinkError> {
    core.links(LinkFilter::default(), Page { offset: 0, limit: 1 }).map(|links| links.len())
}

#[test]
fn while_a_large_database_is_being_opened() {
    let folder = memory_folder();
    let (config, secure) = offline(folder.path());
    let (core, id) = large(&config, &secure);
    forget_the_last_check(folder.path());
    let begun = Instant::now();
    core.resume().unwrap();
    let opening = begun.elapsed();
    core.suspend();
    let (mut broken_off, mut read_meanwhile) = (0, 0);
    for part in 1..8 {
        forget_the_last_check(folder.path());
        std::thread::scope(|threads| {
            let resume = threads.spawn(|| core.resume());
            std::thread::sleep(opening * part / 8);
            let read = first(&core);
            read_meanwhile += u32::from(!resume.is_finished() && read == Err(PaylinkError::Suspended));
            put_to_sleep(&core, folder.path());
            match resume.join().unwrap() {
                Ok(()) => {}
                Err(PaylinkError::Suspended) => broken_off += 1,
                Err(other) => panic!("{other:?}"),
            }
        });
        assert_eq!(first(&core), Err(PaylinkError::Suspended));
    }
    assert!(broken_off > 0, "it was broken off in the middle");
    assert!(read_meanwhile > 0, "a screen does not wait for the opening");
    core.resume().unwrap();
    assert_eq!(core.link(id).unwrap().status, LinkStatus::Queued);
    core.close();
    println!("asleep: while opening ({opening:?}): broken off {broken_off}, read meanwhile {read_meanwhile}");
}

#[test]
fn behind_a_read_that_takes_long() {
    let folder = memory_folder();
    let (config, secure) = offline(folder.path());
    let (core, id) = large(&config, &secure);
    for after in [0, 5, 50, 200] {
        core.resume().unwrap();
        std::thread::scope(|threads| {
            let reads = [(); 3].map(|()| threads.spawn(|| core.timeline(id).map(|events| events.len())));
            std::thread::sleep(Duration::from_millis(after));
            put_to_sleep(&core, folder.path());
            for read in reads {
                match read.join().unwrap() {
                    Ok(events) => assert!(events > EVENTS as usize, "whole, or not at all"),
                    Err(error) => assert_eq!(error, PaylinkError::Suspended),
                }
            }
        });
    }
    core.resume().unwrap();
    assert_eq!(first(&core), Ok(1));
    core.close();
}

/// A carrier that comes back only when it is let go.
struct Stuck {
    begun: Sender<()>,
    held: Mutex<Receiver<()>>,
    let_go: AtomicBool,
}

impl Transport for Stuck {
    fn send(&self, _request: Carried) -> CarriedReply {
        if !self.let_go.load(Ordering::SeqCst) {
            let _ = self.begun.send(());
            let _ = self.held.lock().unwrap().recv();
        }
        CarriedReply::TimedOut
    }
}

#[test]
fn with_a_request_that_nobody_can_break_off() {
    let folder = memory_folder();
    let (begun, was_begun) = channel();
    let (lets_go, held) = channel();
    let stuck = Arc::new(Stuck { begun, held: Mutex::new(held), let_go: AtomicBool::new(false) });
    let (tame, secure) = offline(folder.path());
    let carried = Config { offline: false, transport: Some(Arc::clone(&stuck) as Arc<dyn Transport>), ..tame.clone() };
    let ports = Ports { secure_store: Arc::clone(&secure) as Arc<dyn SecureStore>, token_source: None };
    let core = Paylink::open(&carried, ports).unwrap();
    let id = core.create(&honey()).unwrap().id;
    was_begun.recv_timeout(Duration::from_secs(20)).expect("something is asked");
    put_to_sleep(&core, folder.path());
    // Another process may have the folder meanwhile.
    let other = open(&tame, &secure).unwrap();
    assert_eq!(other.link(id).unwrap().id, id);
    other.close();
    stuck.let_go.store(true, Ordering::SeqCst);
    drop(lets_go);
    core.resume().unwrap();
    assert_eq!(first(&core), Ok(1), "nothing is lost");
    core.create(&honey()).unwrap();
    core.close();
}
