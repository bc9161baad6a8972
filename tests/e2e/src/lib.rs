//! What the tests share.
//!
//! | file | what it is |
//! |---|---|
//! | `rig` | a core on a real database that talks real HTTP to the sandbox, by the machine's clock |
//! | `desk` | the same in virtual time, doing only what the test lets it do |
//! | `clock`, `chance` | the phone's clock, moved by hand; seeded chance |
//! | `secure_store`, `keys` | the phone's secure store, in memory; the same as a file, for processes that are killed |
//! | `fixtures` | a configuration, a folder, a sale |
//! | `disk` | a disk that fails, and one whose power goes |
//! | `model`, `interleave`, `runs` | random histories, and what runs them |
#![allow(clippy::unwrap_used, clippy::expect_used)] // a rig that cannot be built fails its test

pub mod chance;
pub mod clock;
pub mod desk;
pub mod disk;
mod fixtures;
pub mod interleave;
pub mod keys;
pub mod model;
mod rig;
pub mod runs;
mod secure_store;

pub use fixtures::{config, honey, honey_by_sms, memory_folder};
pub use rig::{Heard, Rig, open};
pub use secure_store::MemoryStore;
use std::io::Write;

/// Says a line to whoever has started this process, in one write.
pub fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}
