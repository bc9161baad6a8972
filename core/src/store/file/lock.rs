//! The exclusive lock on a data directory. The system gives it back when the process ends, however it ends.
//!
//! It is `flock`, asked for without the standard library: on Android [`File::try_lock`] answers that it is not supported.

use super::paths;
use crate::error::PaylinkError;
use crate::store::StoreError;
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use std::fs::File;
use std::path::Path;

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
            .and_then(|()| File::options().create(true).truncate(false).write(true).open(folder.join(paths::LOCK)))
            .map_err(StoreError::Io)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self(file)),
            Err(Errno::WOULDBLOCK) => Err(PaylinkError::InUse),
            Err(error) => Err(StoreError::Io(error.into()).into()),
        }
    }

    /// Takes the lock of a folder that has one and that nobody owns.
    pub(super) fn take_if_free(folder: &Path) -> Option<Self> {
        let file = File::options().write(true).open(folder.join(paths::LOCK)).ok()?;
        flock(&file, FlockOperation::NonBlockingLockExclusive).ok().map(|()| Self(file))
    }
}
