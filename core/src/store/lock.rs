//! The exclusive lock on a data directory. The system gives it back when the process ends, however it ends.

use crate::error::PaylinkError;
use crate::store::StoreError;
use std::fs::{File, TryLockError};
use std::path::Path;

/// The file that is locked. What stands in it belongs to `quarantine`.
pub(super) const FILE: &str = "paylink.lock";

/// Held while a core owns a data directory.
#[derive(Debug)]
pub struct DirectoryLock(#[allow(dead_code)] File);

impl DirectoryLock {
    /// Takes the lock at once or not at all, making the folder when it is missing.
    ///
    /// # Errors
    /// [`PaylinkError::InUse`] when another core has it; storage errors of the folder.
    pub fn take(folder: &Path) -> Result<Self, PaylinkError> {
        let file = std::fs::create_dir_all(folder)
            .and_then(|()| File::options().create(true).truncate(false).write(true).open(folder.join(FILE)))
            .map_err(StoreError::Io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(PaylinkError::InUse),
            Err(TryLockError::Error(error)) => Err(StoreError::Io(error).into()),
        }
    }
}
