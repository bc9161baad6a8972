//! A process that is killed at every boundary of every operation, over real HTTP and real files, and opened again:
//! nothing that was answered is lost, and no customer gets two links or two messages.
//!
//! The boundaries of an operation are counted in a run that is killed after its last answer. Then there is one run for
//! each of them, with a provider, a folder and a process of its own: before and in the middle of each write, before and
//! after each sync, truncation, deletion and opening of a file, before and after each change of the secure store, and
//! of each request before it leaves, in its middle, when it has left, when the provider has done it, in the middle of
//! the reply and after it. A commit is a few writes and a sync, so each has its boundary before and after it.

mod after;
mod phone;
mod run;
mod scenarios;
mod seller;

use run::{Boundaries, Boundary, play};
use scenarios::{SCENARIOS, Scenario, Step};
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use tokio::runtime::Handle;

/// Every call of the core that changes something or speaks to the provider.
const OPERATIONS: [&str; 18] = [
    "acknowledge",
    "answer",
    "cancel",
    "close",
    "create",
    "discard",
    "front",
    "online",
    "open",
    "recovered",
    "refresh",
    "resume",
    "retry",
    "share",
    "sign_in",
    "sign_out",
    "suspend",
    "sync",
];
/// Processes at the same time, at least.
const SIDE_BY_SIDE: usize = 2;
/// Of what went wrong, this much is reported.
const TOLD: usize = 20;

#[derive(Debug, Default)]
struct Sum {
    store: u64,
    requests: u64,
    killed: u64,
    lost: u64,
    doubled: u64,
    wrong: Vec<String>,
}

impl Sum {
    fn told(&self) -> String {
        let first: Vec<&str> = self.wrong.iter().take(TOLD).map(String::as_str).collect();
        format!("{} wrong, the first of them:\n{}", self.wrong.len(), first.join("\n"))
    }
}

/// Does each, a few side by side.
fn each<'a, T: Sync>(all: &'a [T], work: impl Fn(&'a T) + Sync) {
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(SIDE_BY_SIDE, |cores| cores.get().max(SIDE_BY_SIDE));
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::SeqCst)) {
                    work(one);
                }
            });
        }
    });
}

/// One run, added to the sum.
fn add(sum: &Mutex<Sum>, scenario: &Scenario, boundary: Boundary, runtime: &Handle) -> Boundaries {
    let played = play(scenario, boundary, runtime);
    let mut sum = sum.lock().unwrap();
    let (found, wrong) = match played {
        Ok((found, verdict)) => {
            sum.killed += 1;
            (sum.lost, sum.doubled) = (sum.lost + verdict.lost, sum.doubled + verdict.doubled);
            (found, verdict.wrong)
        }
        Err(wrong) => (Boundaries::default(), vec![wrong]),
    };
    sum.wrong.extend(wrong.iter().map(|wrong| format!("{}, killed at {boundary:?}: {wrong}", scenario.name)));
    found
}

#[test]
fn a_process_killed_at_any_boundary_loses_and_doubles_nothing() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (sum, kills) = (Mutex::new(Sum::default()), Mutex::new(Vec::new()));
    each(SCENARIOS, |scenario| {
        let found = add(&sum, scenario, Boundary::End, runtime.handle());
        println!("{}: store boundaries {}, request boundaries {}", scenario.name, found.store, found.requests);
        assert!(found.store > 0, "{}: {}", scenario.name, sum.lock().unwrap().told());
        assert_eq!(found.requests > 0, scenario.asks, "{}: {}", scenario.name, sum.lock().unwrap().told());
        let mut sum = sum.lock().unwrap();
        (sum.store, sum.requests) = (sum.store + found.store, sum.requests + found.requests);
        let mut kills = kills.lock().unwrap();
        kills.extend((1..=found.store).map(|at| (scenario, Boundary::Store(at))));
        kills.extend((1..=found.requests).map(|at| (scenario, Boundary::Request(at))));
    });
    each(&kills.into_inner().unwrap(), |(scenario, boundary)| {
        add(&sum, scenario, *boundary, runtime.handle());
    });

    let sum = sum.into_inner().unwrap();
    println!(
        "kills: operations {}, situations {}, store boundaries {}, request boundaries {}, killed {}, lost {}, doubled {}",
        OPERATIONS.len(),
        SCENARIOS.len(),
        sum.store,
        sum.requests,
        sum.killed,
        sum.lost,
        sum.doubled
    );
    assert!(sum.wrong.is_empty(), "{}", sum.told());
    // One for each boundary, and one behind the last answer of each situation.
    assert_eq!(sum.killed, sum.store + sum.requests + SCENARIOS.len() as u64);
}

#[test]
fn every_operation_is_killed_in() {
    let acts = SCENARIOS.iter().flat_map(|scenario| scenario.act);
    let calls = acts.filter_map(|step| if let Step::Do(line) = step { line.split(' ').next() } else { None });
    let killed_in: BTreeSet<&str> = calls.filter(|call| *call != "work").collect();
    assert_eq!(killed_in, OPERATIONS.into());
}
