//! Nothing lost, nothing doubled: random histories. `PAYLINK_HISTORIES` says how many (300 by default, more in the
//! suite `histories`), `PAYLINK_SEED` where to start.

use paylink_e2e::model::{self, Fault, Summary};
use paylink_e2e::runs::{hush_deaths, number};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A run of hours says where it is.
const SAID_EVERY: u64 = 10_000;

#[test]
fn no_history_loses_a_sale_or_doubles_a_link() {
    hush_deaths();
    let (first, count) = (number("PAYLINK_SEED", 1), number("PAYLINK_HISTORIES", 300));
    let next = AtomicU64::new(first);
    let failed = AtomicBool::new(false);
    let total: Mutex<(Summary, BTreeMap<Fault, u64>, u64)> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= first + count || failed.load(Ordering::SeqCst) {
                        return;
                    }
                    match model::run(seed) {
                        Ok((summary, met)) => {
                            let mut total = total.lock().unwrap();
                            total.0.add(&summary);
                            for (fault, times) in met {
                                *total.1.entry(fault).or_default() += times;
                            }
                            total.2 += 1;
                            if total.2.is_multiple_of(SAID_EVERY) {
                                println!("model: {} so far: {:?}", total.2, total.0);
                            }
                        }
                        Err(wrong) => {
                            failed.store(true, Ordering::SeqCst);
                            println!("{wrong}");
                        }
                    }
                }
            });
        }
    });
    assert!(!failed.load(Ordering::SeqCst), "a history failed: see its seed and log above");
    let (summary, met, _) = total.into_inner().unwrap();
    let met: Vec<String> = met.iter().map(|(fault, times)| format!("{fault:?} {times}")).collect();
    println!(
        "model: histories {count} (seeds {first}..{}), orders {}, links {}, paid {}, held {}, deaths {} ({} at a write of the store), resent by seller {}, lost 0, doubled 0",
        first + count,
        summary.orders,
        summary.links,
        summary.paid,
        summary.held,
        summary.deaths,
        summary.store_deaths,
        summary.resent
    );
    println!("model: faults {}", met.join(", "));
    assert!(
        summary.links > count && summary.paid > 0 && summary.store_deaths > 0,
        "the histories did something: {summary:?}"
    );
}

#[test]
fn a_seed_gives_the_same_history() {
    hush_deaths();
    let run = || (7..27).map(|seed| format!("{:?}", model::run(seed))).collect::<Vec<_>>();
    assert_eq!(run(), run());
}
