//! What the lock file says of the folder: whether a database of ours ever lived in it, and what became of it. Without it
//! a file that lost its first page could not be told from one that is not ours.

use super::{paths, private};
use std::fs;
use std::io::Write;
use std::path::Path;

/// What the lock file says of the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// No database was ever made here, as far as anybody knows.
    None,
    /// A database of ours was.
    Lived,
    /// And a query said that it is corrupt.
    Suspect,
    /// And its log was found incomplete, which cannot be seen again once SQLite has opened it.
    LogLost,
}

/// Reads the mark.
pub fn mark(folder: &Path) -> Mark {
    match fs::read_to_string(folder.join(paths::LOCK)).as_deref() {
        Ok("paylink\n") => Mark::Lived,
        Ok("paylink suspect\n") => Mark::Suspect,
        Ok("paylink log lost\n") => Mark::LogLost,
        _ => Mark::None,
    }
}

/// Sets the mark, as far as the disk lets it: without it only the worst damage goes unrecognised.
pub fn remember(folder: &Path, wanted: Mark) {
    let text = match wanted {
        Mark::None => return,
        Mark::Lived => "paylink\n",
        Mark::Suspect => "paylink suspect\n",
        Mark::LogLost => "paylink log lost\n",
    };
    if mark(folder) != wanted {
        let _ = private::create(&folder.join(paths::LOCK)).and_then(|mut file| file.write_all(text.as_bytes()));
    }
}
