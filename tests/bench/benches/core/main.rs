//! What a seller waits for, measured beside the least that it can cost: `cargo bench -p paylink-bench`.
//!
//! `check` at each keystroke, `create` at "save", `open` and the first page at the start of the app with 10,000 orders
//! on the phone, a search among 100,000, the SMS text before it is sent. Run by `cargo test`, each bench runs once, unmeasured, on few orders.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod books;
mod check;
mod search;
mod sms;

use criterion::Criterion;
use paylink_bench::{Pair, ratios};
use std::path::Path;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

const PAIRS: [Pair; 6] = [
    Pair { group: "check", ours: "paylink", raw: "decimal" },
    Pair { group: "create", ours: "paylink", raw: "sqlite" },
    Pair { group: "open", ours: "paylink", raw: "sqlite" },
    Pair { group: "list", ours: "paylink", raw: "sqlite" },
    Pair { group: "search", ours: "paylink", raw: "rows" },
    Pair { group: "search", ours: "paylink", raw: "fts5" },
];

fn main() {
    let begun = SystemTime::now();
    let folder = target().join("criterion");
    let mut criterion = Criterion::default()
        .output_directory(&folder)
        .sample_size(30)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    check::bench(&mut criterion);
    sms::bench(&mut criterion);
    books::bench(&mut criterion);
    search::bench(&mut criterion);
    criterion.final_summary();
    println!("{}", ratios(&folder, begun, &PAIRS));
}

/// Whether anything is measured: cargo says so.
fn measured() -> bool {
    let mut arguments = std::env::args().skip(1);
    arguments.any(|argument| argument == "--bench") && !std::env::args().any(|argument| argument == "--test")
}

fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap()
}

/// A folder on the disk that the build is on: what the system keeps temporary files on may be memory, which syncs
/// for nothing.
fn folder() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}
