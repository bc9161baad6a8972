//! Names in the data directory.

use std::path::{Path, PathBuf};

/// The database.
pub const FILE: &str = "paylink.db";
/// The file that is locked; [`super::mark`] stands in it.
pub(super) const LOCK: &str = "paylink.lock";
/// The database under construction.
pub const FRESH: &str = "paylink.fresh";
/// The copy that is read in a salvage.
pub const COPY: &str = "paylink.salvage";
/// What SQLite keeps beside a database.
pub(super) const SUFFIXES: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// The path of a file that SQLite keeps beside the database; of the database itself without a suffix.
pub(super) fn beside(folder: &Path, suffix: &str) -> PathBuf {
    folder.join(format!("{FILE}{suffix}"))
}
