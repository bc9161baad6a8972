//! A secure store that outlives its process, as a phone's does.

use crate::disk::Disk;
use paylink_core::account::{SecureStore, SecureStoreError};
use paylink_sandbox::Options;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One file per key, replaced as a whole. Each change has a boundary before and after it, at which the process may be
/// meant to die (see [`Disk::die_at`]).
pub struct KeyFolder {
    folder: PathBuf,
    disk: Option<Arc<Disk>>,
}

impl KeyFolder {
    /// In this folder, which is made when it is missing. The disk, if any, has the boundaries.
    #[must_use]
    pub fn open(folder: &Path, disk: Option<Arc<Disk>>) -> Self {
        fs::create_dir_all(folder).unwrap();
        Self { folder: folder.to_owned(), disk }
    }

    /// Keeps the sandbox's own credentials, as a core does that was signed in.
    pub fn sign_in(&self, account: &str) {
        let options = Options::default();
        for (name, value) in [("client_id", options.client_id), ("client_secret", options.client_secret)] {
            self.put(&format!("{account}/{name}"), &value).unwrap();
        }
    }

    /// How many keys there are.
    #[must_use]
    pub fn count(&self) -> usize {
        fs::read_dir(&self.folder).unwrap().filter(|file| file.as_ref().unwrap().path().extension().is_none()).count()
    }

    fn file(&self, key: &str) -> PathBuf {
        self.folder.join(key.replace('/', "-"))
    }

    fn change(&self, work: impl FnOnce() -> std::io::Result<()>) -> Result<(), SecureStoreError> {
        self.disk.iter().for_each(|disk| disk.boundary());
        let changed = work();
        self.disk.iter().for_each(|disk| disk.boundary());
        changed.map_err(|_| SecureStoreError)
    }
}

impl SecureStore for KeyFolder {
    fn get(&self, key: &str) -> Result<Option<String>, SecureStoreError> {
        match fs::read_to_string(self.file(key)) {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(_) => Err(SecureStoreError),
        }
    }

    fn put(&self, key: &str, value: &str) -> Result<(), SecureStoreError> {
        let file = self.file(key);
        let new = file.with_extension("new");
        self.change(|| fs::write(&new, value).and_then(|()| fs::rename(&new, file)))
    }

    fn remove(&self, key: &str) -> Result<(), SecureStoreError> {
        self.change(|| match fs::remove_file(self.file(key)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        })
    }
}
