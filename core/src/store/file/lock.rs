//! The exclusive lock on a data directory. The system releases it when the process ends, however it ends.
//!
//! It is `flock`, asked for without the standard library: on Android [`File::try_lock`] answers that it is not supported.

use super::{paths, private};
use crate::error::PaylinkError;
use crate::store::StoreError;
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Held while a core owns a data directory.
#[derive(Debug)]
pub struct DirectoryLock {
    held: File,
    folder: PathBuf,
}

impl DirectoryLock {
    /// Takes the lock at once or not at all, making the folder when it is missing.
    ///
    /// # Errors
    /// [`PaylinkError::InUse`] when another core has it; [`PaylinkError::Config`] for a folder that cannot be ours alone;
    /// storage errors of the folder.
    pub fn take(folder: &Path) -> Result<Self, PaylinkError> {
        let folder = private::make(folder)?;
        let path = folder.join(paths::LOCK);
        let held = private::open(&path).map_err(StoreError::Io)?;
        match flock(&held, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => return Err(PaylinkError::InUse),
            Err(error) => return Err(StoreError::Io(error.into()).into()),
        }
        private::tighten_files(&folder)?;
        // A lock on a file that somebody has put another one in place of is a lock on nothing.
        if !is_at(&held, &path).map_err(StoreError::Io)? {
            return Err(PaylinkError::InUse);
        }
        Ok(Self { held, folder })
    }

    /// The folder that is locked, by a path without links: the database is opened in this one and no other.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Takes the lock of a folder that has one and that nobody owns.
    pub(super) fn take_if_free(folder: &Path) -> Option<Self> {
        let file = File::options().write(true).open(folder.join(paths::LOCK)).ok()?;
        let taken = flock(&file, FlockOperation::NonBlockingLockExclusive);
        taken.ok().map(|()| Self { held: file, folder: folder.to_owned() })
    }
}

impl Drop for DirectoryLock {
    /// Given back in so many words: a child that this process is just starting has the same file until it runs.
    fn drop(&mut self) {
        let _given_back = flock(&self.held, FlockOperation::Unlock);
    }
}

fn is_at(file: &File, path: &Path) -> std::io::Result<bool> {
    let (held, found) = (file.metadata()?, path.symlink_metadata()?);
    Ok((held.dev(), held.ino()) == (found.dev(), found.ino()))
}
