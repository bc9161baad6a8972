//! Names in the data directory.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The field of the configuration that names the folder.
pub(super) const FIELD: &str = "data_dir";
/// What the names of all files of ours begin with.
const OURS: &str = "paylink.";
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

/// Whether a file of this name is ours: the database, what stands beside it, and what was set aside.
pub(super) fn is_ours(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(OURS.as_bytes())
}
