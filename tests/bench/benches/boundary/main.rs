//! What a call costs from Kotlin and from Swift, beside the same call in Rust: `tests/bench/boundary` builds all three of
//! one library and runs this.
//!
//! Rust calls the core right here. Kotlin and Swift are programs that wait for a line `NAME TIMES` on their standard
//! input, do that, and answer `NANOSECONDS ANSWER`: so each is warm, and in each round every measurement is taken from
//! one language right after the other, which spreads the noise of a shared machine over all of them alike. Their answers
//! must be the same. Names as arguments leave out all others.
//!
//! Run without these programs, as `cargo test` does, it is done once, by Rust alone and on little.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod books;
mod calls;
mod program;

use calls::{Calls, Measured};
use paylink_bench::{median, time};
use paylink_e2e::memory_folder;
use program::Program;
use std::fmt::Write;

/// Something to measure, under the name by which the programs know it.
struct Measurement {
    name: &'static str,
    says: &'static str,
    /// How often in a row, or with how many events.
    times: u32,
    /// What is shown is all of it, and not one of the times.
    whole: bool,
}

const fn each(name: &'static str, says: &'static str, times: u32) -> Measurement {
    Measurement { name, says, times, whole: false }
}

const fn all(name: &'static str, says: &'static str, times: u32) -> Measurement {
    Measurement { name, says, times, whole: true }
}

const SALES: u32 = 1_000;
/// Of each sale: it was saved, and handed on nine times.
const EVENTS_EACH: u32 = 10;

const MEASUREMENTS: [Measurement; 7] = [
    each("decimals", "`currencyDecimals`: nothing but the boundary", 20_000),
    each("check", "`check` a draft of three lines", 2_000),
    each("link", "`link`: one row of the store", 2_000),
    each("links", "`links`: a list of 1,000", 3),
    all("events", "10,000 events read, as flow and sequence", SALES * EVENTS_EACH),
    all("heard", "10,000 changes that wait, told to a listener", 10_000),
    all("changes", "10,000 changes made by `markShared` and heard", 10_000),
];

/// Rounds that do not count: the JVM compiles what it has seen some ten thousand times.
const WARMING: usize = 8;
const ROUNDS: usize = 15;

fn main() {
    if Program::are_built() { measure() } else { once() }
}

/// Rust alone: every measurement is still the work that it says.
fn once() {
    let folder = memory_folder();
    books::make(folder.path(), SALES, 1);
    let rust = Calls::open(folder.path());
    for (name, times, answer) in [
        ("decimals", 3, 2),
        ("check", 3, 56_300),
        ("link", 3, 56_300),
        ("links", 1, i64::from(SALES)),
        ("events", SALES, i64::from(SALES)),
        ("heard", 200, 200),
        ("changes", 200, 200),
    ] {
        assert_eq!(rust.measure(name, times).answer, answer, "{name}");
    }
    println!("boundary: not measured, Rust alone; tests/bench/boundary measures it beside Kotlin and Swift");
}

fn measure() {
    // In memory where the system has that: nothing here is about the disk.
    let folders = [memory_folder(), memory_folder(), memory_folder()];
    books::make(folders[0].path(), SALES, EVENTS_EACH);
    books::copy(folders[0].path(), folders[1].path());
    books::copy(folders[0].path(), folders[2].path());
    let rust = Calls::open(folders[0].path());
    let (mut kotlin, mut swift) = (Program::kotlin(folders[1].path()), Program::swift(folders[2].path()));
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let unknown = wanted.iter().find(|name| MEASUREMENTS.iter().all(|one| one.name != **name));
    assert_eq!(unknown, None, "there is no such measurement");
    let is_wanted = |one: &Measurement| wanted.is_empty() || wanted.iter().any(|name| name == one.name);
    let mut taken: Vec<_> =
        MEASUREMENTS.into_iter().filter(is_wanted).map(|one| (one, [const { Vec::new() }; 3])).collect();

    for round in 0..WARMING + ROUNDS {
        eprintln!("round {} of {}", round + 1, WARMING + ROUNDS);
        for (Measurement { name, times, whole, .. }, taken) in &mut taken {
            let measured = [rust.measure(name, *times), kotlin.measure(name, *times), swift.measure(name, *times)];
            let answers = measured.each_ref().map(|Measured { answer, .. }| *answer);
            assert!(answers.iter().all(|one| *one == answers[0]), "{name}: not the same work: {answers:?}");
            if round >= WARMING {
                let share = if *whole { 1.0 } else { f64::from(*times) };
                for (taken, Measured { nanoseconds, .. }) in taken.iter_mut().zip(measured) {
                    taken.push(nanoseconds / share);
                }
            }
        }
    }
    kotlin.end();
    swift.end();
    println!("{}", table(&taken));
}

/// Medians, and how many times as long as Rust.
fn table(taken: &[(Measurement, [Vec<f64>; 3])]) -> String {
    let mut table = String::from("| | Rust | Kotlin | ratio | Swift | ratio |\n|---|---|---|---|---|---|\n");
    for (Measurement { says, .. }, taken) in taken {
        let [rust, kotlin, swift] = taken.each_ref().map(|times| median(times));
        let beside = |other: f64| format!("{} | {}", time(other), ratio(other / rust));
        // Writing to a String cannot fail.
        let _ = writeln!(table, "| {says} | {} | {} | {} |", time(rust), beside(kotlin), beside(swift));
    }
    table
}

fn ratio(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.1}") } else { format!("{ratio:.0}") }
}
