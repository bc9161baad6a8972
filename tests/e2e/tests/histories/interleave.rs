//! Nothing lost, nothing doubled, nothing taken back, whatever happens in the middle of what: random interleavings.
//! `PAYLINK_HISTORIES` says how many (100 by default, more in the suite `histories`), `PAYLINK_SEED` where to start;
//! `PAYLINK_GO_ON` goes on after a failure and counts them by kind.

use paylink_e2e::interleave::{self, Figures, Table};
use paylink_e2e::runs::{hush_deaths, number};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// From so many histories on, every cell of the table that can be hit must be.
const ENOUGH_FOR_EVERY_CELL: u64 = 8_000;
/// A history waits for its own threads most of the time.
const THREADS_PER_CORE: usize = 2;
/// A run of hours says where it is.
const SAID_EVERY: u64 = 10_000;

#[derive(Default)]
struct Total {
    figures: Figures,
    table: Table,
    histories: u64,
    /// What was wrong, its numbers left out, with the seeds.
    wrong: BTreeMap<String, Vec<u64>>,
}

/// The kind of a sentence: without references, numbers and the link behind it.
fn kind(wrong: &str) -> String {
    let line = wrong.lines().next().unwrap_or_default();
    let sentence = line.split_once(": ").map_or(line, |(_, rest)| rest).split(" (").next().unwrap_or_default();
    let sentence = match sentence.split_once(": ") {
        Some((reference, rest)) if reference.starts_with("HON-") => rest,
        _ => sentence,
    };
    sentence.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
}

#[test]
fn whatever_happens_in_the_middle_nothing_is_lost_doubled_or_taken_back() {
    hush_deaths();
    let (first, count) = (number("PAYLINK_SEED", 1), number("PAYLINK_HISTORIES", 100));
    let goes_on = number("PAYLINK_GO_ON", 0) != 0;
    let next = AtomicU64::new(first);
    let failed = AtomicBool::new(false);
    let total: Mutex<Total> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..THREADS_PER_CORE * std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= first + count || (failed.load(Ordering::SeqCst) && !goes_on) {
                        return;
                    }
                    let done = interleave::run(seed);
                    let mut total = total.lock().unwrap();
                    total.histories += 1;
                    match done {
                        Ok((figures, table)) => {
                            total.figures.add(&figures);
                            total.table.add(&table);
                        }
                        Err(wrong) => {
                            if !failed.swap(true, Ordering::SeqCst) || !goes_on {
                                println!("{wrong}");
                            }
                            total.wrong.entry(kind(&wrong)).or_default().push(seed);
                        }
                    }
                    if total.histories.is_multiple_of(SAID_EVERY) {
                        println!("interleave: {} so far: {:?}", total.histories, total.figures);
                    }
                }
            });
        }
    });
    let Total { figures, table, histories, wrong } = total.into_inner().unwrap();
    say(first, histories, &figures, &table);
    for (kind, seeds) in &wrong {
        println!("interleave: {} times {kind}; seeds {:?}", seeds.len(), seeds.iter().take(8).collect::<Vec<_>>());
    }
    let missing = table.missing();
    println!("interleave: {} cells that never happened: {missing:?}", missing.len());
    assert!(wrong.is_empty(), "a history failed: see its seed and log above");
    assert!(histories < ENOUGH_FOR_EVERY_CELL || missing.is_empty(), "never happened: {missing:?}");
    assert!(figures.links > 0 && figures.paid > 0 && table.total() > histories, "the histories did something");
}

fn say(first: u64, histories: u64, figures: &Figures, table: &Table) {
    let each = |sum: u64, of: u64| sum as f64 / of.max(1) as f64;
    println!("{}", table.text());
    println!(
        "interleave: histories {histories} (seeds {first}..{}), calls in the middle of another {}, orders {}, links {}, \
         paid {}, held {}, answers {}, deaths {}, resent by seller {}, lost 0, doubled 0",
        first + histories,
        table.total(),
        figures.orders,
        figures.links,
        figures.paid,
        figures.held,
        figures.answers,
        figures.deaths,
        figures.resent
    );
    println!(
        "interleave: an order costs {:.1} requests (the most of one {}), {:.1} commits (the most {}), {:.1} wake-ups in half an hour; \
         a minute without a clear answer {:.1} questions ({} of them)",
        each(figures.requests, figures.orders),
        figures.most_requests,
        each(figures.commits, figures.orders),
        figures.most_commits,
        each(figures.wakes, figures.followed_orders),
        each(figures.asked_in_bad_minutes, figures.bad_minutes),
        figures.bad_minutes
    );
    println!("interleave: faults {:?}", figures.faults);
}

#[test]
fn a_seed_gives_the_same_interleaving() {
    hush_deaths();
    let run = || (7..27).map(|seed| format!("{:?}", interleave::run(seed))).collect::<Vec<_>>();
    assert_eq!(run(), run());
}
