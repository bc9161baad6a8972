//! The phone's secure store, in memory.

use paylink_core::account::{SecureStore, SecureStoreError};
use paylink_sandbox::Options;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

/// A secure store that forgets when the test ends, and can be locked.
#[derive(Default)]
pub struct MemoryStore {
    values: Mutex<HashMap<String, String>>,
    locked: Mutex<bool>,
}

impl MemoryStore {
    /// Locks it, as a phone does before its first unlocking.
    pub fn lock(&self, locked: bool) {
        *self.locked.lock().unwrap() = locked;
    }

    /// The sandbox's own credentials, as a core keeps them after it was signed in.
    #[must_use]
    pub fn signed_in(account: &str) -> Self {
        let options = Options::default();
        let store = Self::default();
        let kept = [("client_id", options.client_id), ("client_secret", options.client_secret)];
        store.values.lock().unwrap().extend(kept.map(|(name, value)| (format!("{account}/{name}"), value)));
        store
    }

    fn usable(&self) -> Result<MutexGuard<'_, HashMap<String, String>>, SecureStoreError> {
        if *self.locked.lock().unwrap() { Err(SecureStoreError) } else { Ok(self.values.lock().unwrap()) }
    }
}

impl SecureStore for MemoryStore {
    fn get(&self, key: &str) -> Result<Option<String>, SecureStoreError> {
        Ok(self.usable()?.get(key).cloned())
    }
    fn put(&self, key: &str, value: &str) -> Result<(), SecureStoreError> {
        self.usable()?.insert(key.to_owned(), value.to_owned());
        Ok(())
    }
    fn remove(&self, key: &str) -> Result<(), SecureStoreError> {
        self.usable()?.remove(key);
        Ok(())
    }
}
