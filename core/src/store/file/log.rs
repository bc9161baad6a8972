//! The write-ahead log (`-wal`) looked at from outside, before SQLite opens it. SQLite passes over a log that is
//! missing, cut short or garbled without a word, and with it over sales that were saved and requests that were sent.
//!
//! A log is incomplete when it is certain, or cannot be ruled out, that a commit which returned is no longer in it:
//! its header is not sound; the index (`-shm`), which is written only after the log was synced, knows of more frames
//! than can be read; or, where the index says nothing, more than one commit of this log stands at or behind the first
//! frame that is not sound (each commit was synced before the next began, so only one can be unfinished). What a kill
//! or a power cut leaves behind on an honest disk (an unfinished transaction at the end, frames of an older log behind
//! it) is complete.

use super::paths::beside;
use crate::store::StoreResult;
use std::io::ErrorKind;
use std::path::Path;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Log {
    /// There is one, and it is not empty: the last owner did not close the database.
    pub(super) used: bool,
    /// See the module.
    pub(super) complete: bool,
}

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// The index's header; a second copy follows it.
const INDEX_HEADER: usize = 48;

/// Looks at the log of the database in this folder.
pub(super) fn inspect(folder: &Path) -> StoreResult<Log> {
    let wal = bytes(&beside(folder, "-wal"))?;
    let index = bytes(&beside(folder, "-shm"))?.and_then(|bytes| Index::read(&bytes));
    let Some(wal) = wal else { return Ok(Log { used: false, complete: true }) };
    Ok(Log { used: !wal.is_empty(), complete: is_complete(&wal, index.as_ref()) })
}

fn bytes(path: &Path) -> StoreResult<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn is_complete(wal: &[u8], index: Option<&Index>) -> bool {
    let Some(header) = Header::read(wal) else {
        return wal.is_empty() && index.is_none_or(|index| index.frames == 0);
    };
    let mut sums = header.sums;
    let (mut sound, mut committed, mut broken, mut behind) = (0_u32, 0_u32, false, 0_u32);
    let mut last: &[u8] = &[];
    for frame in wal[HEADER..].chunks_exact(FRAME_HEADER + header.page) {
        let ours = frame[8..16] == header.salt;
        let commits = word(frame, 4) != 0;
        if !broken {
            let next = header.sum(header.sum(sums, &frame[..8]), &frame[FRAME_HEADER..]);
            broken = !ours || next != (word(frame, 16), word(frame, 20));
            (sums, sound) = (next, sound + 1);
        }
        // On some disks SQLite fills a sector by writing the last frame of a commit again.
        let filler = commits && last == &frame[..8];
        last = &frame[..8];
        if broken {
            behind += u32::from(ours && commits && !filler);
        } else if commits {
            committed = sound;
        }
    }
    match index.filter(|index| index.salt == header.salt && index.frames >= committed) {
        Some(index) => index.frames == committed,
        None => behind < 2,
    }
}

/// The log's header, when it is sound.
struct Header {
    page: usize,
    salt: [u8; 8],
    sums: (u32, u32),
    big_endian: bool,
}

impl Header {
    fn read(wal: &[u8]) -> Option<Self> {
        let head = wal.get(..HEADER)?;
        let big_endian = match word(head, 0) {
            0x377F_0682 => false,
            0x377F_0683 => true,
            _ => return None,
        };
        let page = usize::try_from(word(head, 8)).ok().filter(|page| (512..=65_536).contains(page))?;
        let mut header = Self { page, salt: head[16..24].try_into().ok()?, sums: (0, 0), big_endian };
        header.sums = header.sum((0, 0), &head[..24]);
        (header.sums == (word(head, 24), word(head, 28))).then_some(header)
    }

    /// SQLite's running sum over whole pairs of words, in the byte order that the log names.
    fn sum(&self, from: (u32, u32), bytes: &[u8]) -> (u32, u32) {
        let read = if self.big_endian { u32::from_be_bytes } else { u32::from_le_bytes };
        sum(from, bytes, read)
    }
}

/// What the index knows of the log.
struct Index {
    frames: u32,
    salt: [u8; 8],
}

impl Index {
    /// `None` when it is not sound: it is never synced, so that says nothing.
    fn read(bytes: &[u8]) -> Option<Self> {
        let (first, second) = (bytes.get(..INDEX_HEADER)?, bytes.get(INDEX_HEADER..2 * INDEX_HEADER)?);
        let native = |at: usize| first[at..at + 4].try_into().map(u32::from_ne_bytes).ok();
        let sums = sum((0, 0), &first[..40], u32::from_ne_bytes);
        let sound = first == second && first[12] == 1 && Some(sums.0) == native(40) && Some(sums.1) == native(44);
        let index = Self { frames: native(16)?, salt: first[32..40].try_into().ok()? };
        sound.then_some(index)
    }
}

fn sum(from: (u32, u32), bytes: &[u8], read: fn([u8; 4]) -> u32) -> (u32, u32) {
    bytes.chunks_exact(8).fold(from, |(one, two), pair| {
        let at = |n: usize| read([pair[n], pair[n + 1], pair[n + 2], pair[n + 3]]);
        let one = one.wrapping_add(at(0)).wrapping_add(two);
        (one, two.wrapping_add(at(4)).wrapping_add(one))
    })
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_be_bytes)
}
