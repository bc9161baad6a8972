//! The disk as a power cut leaves it.

use super::Op;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

/// The smallest part of a disk that is written whole.
const SECTOR: usize = 512;

/// What is left of that which was not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Nothing of it.
    Nothing,
    /// All of it: as after a kill.
    All,
    /// Some sectors of it, in any order, by this seed.
    Some(u64),
}

#[derive(Default)]
struct File {
    /// What is on the disk for sure.
    durable: Option<Vec<u8>>,
    /// What was done since.
    pending: Vec<Op>,
}

impl File {
    /// What was removed stays removed.
    fn sync_folder(&mut self) {
        if let Some(last) = self.pending.iter().rposition(|op| matches!(op, Op::Delete(_))) {
            self.pending.drain(..=last);
            self.durable = None;
        }
    }
}

/// Writes into `folder` what the disk holds when the power is cut behind these operations. SQLite's index (`-shm`) is
/// memory, so it is gone.
pub fn image(ops: &[Op], left: Left, folder: &Path) {
    let mut files: BTreeMap<&str, File> = BTreeMap::new();
    let mut opened = HashSet::new();
    for op in ops {
        match op {
            Op::Open(name) => drop(opened.insert(name)),
            Op::Write(name, ..) | Op::Truncate(name, _) | Op::Delete(name) => {
                files.entry(name).or_default().pending.push(op.clone());
            }
            Op::Sync(name) => {
                let file = files.entry(name).or_default();
                let mut bytes = file.durable.take();
                file.pending.drain(..).for_each(|op| apply(&mut bytes, &op, &mut |_| true));
                file.durable = Some(bytes.unwrap_or_default());
                if opened.remove(name) {
                    files.values_mut().for_each(File::sync_folder);
                }
            }
            Op::Note(_) => {}
        }
    }
    let mut dice = match left {
        Left::Some(seed) => seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
        _ => 1,
    };
    let mut kept = |_: usize| match left {
        Left::Nothing => false,
        Left::All => true,
        Left::Some(_) => {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            dice.is_multiple_of(2)
        }
    };
    for (name, file) in files {
        let mut bytes = file.durable;
        file.pending.iter().for_each(|op| apply(&mut bytes, op, &mut kept));
        if let Some(bytes) = bytes {
            std::fs::write(folder.join(name), bytes).unwrap();
        }
    }
}

/// Does what was kept of an operation, sector by sector.
fn apply(file: &mut Option<Vec<u8>>, op: &Op, kept: &mut impl FnMut(usize) -> bool) {
    match op {
        Op::Write(_, at, bytes) => {
            let at = usize::try_from(*at).unwrap();
            let mut from = 0;
            while from < bytes.len() {
                let to = bytes.len().min(from + SECTOR - (at + from) % SECTOR);
                if kept(from) {
                    let file = file.get_or_insert_default();
                    file.resize(file.len().max(at + to), 0);
                    file[at + from..at + to].copy_from_slice(&bytes[from..to]);
                }
                from = to;
            }
        }
        Op::Truncate(_, size) if kept(0) => {
            if let Some(file) = file {
                file.resize(usize::try_from(*size).unwrap(), 0);
            }
        }
        Op::Delete(_) if kept(0) => *file = None,
        _ => {}
    }
}
