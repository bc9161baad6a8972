//! What a shell brings: the abilities of a phone, as synchronous traits (facts: phones.md 5).

use crate::gateway::{CredentialSource, Credentials, SignInReason};
use crate::id::OrderId;
use std::sync::Arc;

/// The phone's secure store could not be used now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secure store is locked or failed")]
pub struct SecureStoreError;

/// The phone's keystore or keychain: the only place where a secret is kept.
pub trait SecureStore: Send + Sync + 'static {
    /// A value, or `None`.
    ///
    /// # Errors
    /// When the store is locked now: "try later", never "signed out".
    fn get(&self, key: &str) -> Result<Option<String>, SecureStoreError>;
    /// Sets a value.
    ///
    /// # Errors
    /// As [`SecureStore::get`].
    fn put(&self, key: &str, value: &str) -> Result<(), SecureStoreError>;
    /// Removes a value; removing what is not there is no error.
    ///
    /// # Errors
    /// As [`SecureStore::get`].
    fn remove(&self, key: &str) -> Result<(), SecureStoreError>;
}

/// Brings bearer tokens from the merchant's own server, in place of client credentials on the phone.
pub trait TokenSource: Send + Sync + 'static {
    /// A token; a fresh one when the provider refused the last.
    ///
    /// # Errors
    /// Why there is none.
    fn token(&self, force_refresh: bool) -> Result<String, SignInReason>;
}

/// Hears of changes. Called on one thread of its own, never under a lock.
pub trait LinkListener: Send + Sync + 'static {
    /// A link changed; `cursor` is that of its newest event.
    fn on_change(&self, link: OrderId, cursor: i64);
}

/// What a shell hands to `open`.
#[derive(Clone)]
pub struct Ports {
    /// Where the secret is kept.
    pub secure_store: Arc<dyn SecureStore>,
    /// Replaces client credentials.
    pub token_source: Option<Arc<dyn TokenSource>>,
}

const CLIENT_ID: &str = "client_id";
const CLIENT_SECRET: &str = "client_secret";

/// Credentials out of the ports.
pub(super) struct Vault {
    pub(super) account: String,
    pub(super) ports: Ports,
}

impl Vault {
    fn key(&self, name: &str) -> String {
        format!("{}/{name}", self.account)
    }

    pub(super) fn keep(&self, client_id: &str, client_secret: &str) -> Result<(), SecureStoreError> {
        self.ports.secure_store.put(&self.key(CLIENT_ID), client_id)?;
        self.ports.secure_store.put(&self.key(CLIENT_SECRET), client_secret)
    }

    pub(super) fn forget(&self) -> Result<(), SecureStoreError> {
        self.ports.secure_store.remove(&self.key(CLIENT_SECRET))?;
        self.ports.secure_store.remove(&self.key(CLIENT_ID))
    }
}

impl CredentialSource for Vault {
    fn credentials(&self, refused: bool) -> Result<Credentials, SignInReason> {
        if let Some(source) = &self.ports.token_source {
            return source.token(refused).map(|token| Credentials::Token(token.into()));
        }
        let read = |name| self.ports.secure_store.get(&self.key(name)).map_err(|_| SignInReason::SecureStoreLocked);
        match (read(CLIENT_ID)?, read(CLIENT_SECRET)?) {
            (Some(id), Some(secret)) => Ok(Credentials::Client { id, secret: secret.into() }),
            _ => Err(SignInReason::SignedOut),
        }
    }
}

/// Credentials that are only being tried.
pub(super) struct Tried {
    pub(super) id: String,
    pub(super) secret: secrecy::SecretString,
}

impl CredentialSource for Tried {
    fn credentials(&self, refused: bool) -> Result<Credentials, SignInReason> {
        if refused {
            return Err(SignInReason::WrongCredentials);
        }
        Ok(Credentials::Client { id: self.id.clone(), secret: self.secret.clone() })
    }
}
