//! A seller's phone without a network, reduced to its core, for tests that watch or kill the process.
//!
//! `till FOLDER` opens the core there and says `ready`. For each line of its input it saves a sale and answers with the
//! order's id and reference, in one write, as soon as `create` has returned. At the end of the input it closes the core.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a till that cannot do its work dies, and its test with it

use paylink_core::account::Config;
use paylink_e2e::{MemoryStore, config, honey, open, say};
use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;

fn main() {
    let folder = std::env::args().nth(1).expect("till FOLDER");
    // Nobody listens there, and nobody asks: the till never goes online.
    let config = Config { offline: true, ..config(Path::new(&folder), "http://127.0.0.1:9") };
    let core = open(&config, &Arc::new(MemoryStore::default())).unwrap();
    say("ready");
    for line in std::io::stdin().lock().lines() {
        line.unwrap();
        let link = core.create(&honey()).unwrap();
        say(&format!("{} {}", link.id, link.reference));
    }
    core.close();
}
