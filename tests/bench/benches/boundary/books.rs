//! The sales that every language reads: made once by the core, and copied.

use crate::calls::{draft, open};
use paylink_core::link::{ShareChannel, ShareOutcome};
use std::path::Path;

/// So many sales without a network, each with so many events.
pub fn make(folder: &Path, sales: u32, events_each: u32) {
    let core = open(&folder.join("books"));
    for _ in 0..sales {
        let id = core.create(&draft()).unwrap().id;
        for number in 1..events_each {
            let (channel, outcome) = shared(number as usize);
            core.mark_shared(id, channel, outcome).unwrap();
        }
    }
    core.close();
}

/// How a sale is shared for the Nth time: two events of a millisecond differ in how.
pub fn shared(number: usize) -> (ShareChannel, ShareOutcome) {
    let (channels, outcomes) = (ShareChannel::ALL, ShareOutcome::ALL);
    (channels[number % channels.len()], outcomes[number / channels.len() % outcomes.len()])
}

/// Another folder with the same: two cores cannot own one.
pub fn copy(from: &Path, to: &Path) {
    let (from, to) = (from.join("books"), to.join("books"));
    std::fs::create_dir(&to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}
