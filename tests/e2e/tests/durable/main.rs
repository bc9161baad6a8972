//! Saved means saved (rule 1): when `create` answers, the sale is on the disk.
//!
//! Two halves make that up. What a process has written survives the process: shown by killing it. What it has synced
//! survives the machine: shown by watching its system calls, because no test can pull the plug.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod disk;
mod till;
mod trace;

use disk::Books;
use rand::RngExt;
use std::time::Duration;
use till::Till;
use trace::Call;

/// Sales per watched process.
const SALES: usize = 12;
/// Processes that are killed, per test.
const KILLS: usize = 20;
/// Sales offered to a process that will not live to save them all.
const STREAM: usize = 400;

#[test]
fn each_sale_is_synced_before_it_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("strace");
    let mut till = Till::traced(&folder.path().join("data"), &record);
    for _ in 0..SALES {
        till.sell();
    }
    till.close();

    let mut answers = 0;
    let (mut syncs, mut unsynced) = (0, false);
    let mut syncs_in_all = 0;
    for call in trace::read(&record) {
        match call {
            Call::Request => (syncs, unsynced) = (0, false),
            Call::LogWritten => unsynced = true,
            Call::LogSynced => {
                (syncs, unsynced) = (syncs + 1, false);
                syncs_in_all += 1;
            }
            Call::Answer => {
                answers += 1;
                assert!(syncs >= 1, "sale {answers} was answered without a sync of the log");
                assert!(!unsynced, "sale {answers} was answered before what it wrote was synced");
            }
        }
    }
    println!("{answers} sales, {syncs_in_all} syncs of the log");
    assert_eq!(answers, SALES);
    assert!(syncs_in_all >= SALES);
}

#[test]
fn a_sale_outlives_a_process_that_is_killed_right_after_the_answer() {
    let folder = tempfile::tempdir().unwrap();
    let mut answered = Vec::new();
    for kill in 1..=KILLS {
        let mut till = Till::start(folder.path());
        answered.push(till.sell());
        // From at once to long enough for whatever the core does after an answer.
        let delay = Duration::from_micros(rand::rng().random_range(0..3_000));
        std::thread::sleep(delay);
        assert_eq!(till.kill(), [], "kill {kill}, {delay:?} after the answer");

        let books = Books::open(folder.path());
        books.hold(&answered);
        answered.push(books.sell());
        books.hold(&answered);
        assert_eq!(books.orders(), answered.len(), "kill {kill}, {delay:?} after the answer");
    }
}

#[test]
fn a_process_that_is_killed_while_it_saves_loses_no_answered_sale() {
    let (mut answered, mut unanswered) = (0, 0);
    for kill in 1..=KILLS {
        let folder = tempfile::tempdir().unwrap();
        let mut till = Till::start(folder.path());
        till.offer(STREAM);
        let wanted = rand::rng().random_range(0..STREAM / 8);
        let mut sold: Vec<_> = (0..wanted).map(|_| till.answer()).collect();
        let delay = Duration::from_micros(rand::rng().random_range(0..3_000));
        std::thread::sleep(delay);
        sold.extend(till.kill());
        assert!(sold.len() < STREAM, "kill {kill} came after the last sale");

        let books = Books::open(folder.path());
        books.hold(&sold);
        let saved = books.orders();
        let but = saved.checked_sub(sold.len()).expect("an answered sale is missing");
        assert!(but <= 1, "kill {kill}: {saved} saved, {} answered: one sale at a time is saved", sold.len());
        (answered, unanswered) = (answered + sold.len(), unanswered + but);
        sold.push(books.sell());
        books.hold(&sold);
    }
    println!("{KILLS} kills: {answered} sales answered, {unanswered} more saved when the kill came before the answer");
    assert!(answered > 0);
}
