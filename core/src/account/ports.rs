//! What a shell brings: the abilities of a phone, as synchronous traits (facts: phones.md 5).

use crate::gateway::{AccountId, CredentialSource, Credentials, SignInReason};
use crate::id::OrderId;
use crate::text::credential;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use zeroize::{Zeroize, Zeroizing};

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
    /// A link changed; `cursor` is that of its event, or the newest of all where it changed without one.
    fn on_change(&self, link: OrderId, cursor: i64);
    /// The account changed: it pauses, or goes on, or cannot read.
    fn on_account_change(&self) {}
    /// Goods or customers changed by a call of their own; what a sale changes of them is told with its link.
    fn on_catalogue_change(&self) {}
}

/// What a shell hands to `open`.
#[derive(Clone)]
pub struct Ports {
    /// Where the secret is kept.
    pub secure_store: Arc<dyn SecureStore>,
    /// Replaces client credentials.
    pub token_source: Option<Arc<dyn TokenSource>>,
}

/// Id and secret are one value: of two, a phone that dies between them would keep one of each client.
const CLIENT: &str = "client";
/// What versions before wrote, one value each.
const OLD: [&str; 2] = ["client_id", "client_secret"];

/// The value of [`CLIENT`].
#[derive(Serialize, Deserialize)]
struct Client {
    id: String,
    secret: String,
}

impl Drop for Client {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

/// Credentials out of the ports.
pub(super) struct Vault {
    pub(super) account: AccountId,
    pub(super) ports: Ports,
}

impl Vault {
    fn key(&self, name: &str) -> String {
        format!("{}/{name}", self.account)
    }

    /// Keeps both as one value, or neither.
    pub(super) fn keep(&self, client_id: &str, client_secret: &str) -> Result<(), SecureStoreError> {
        let client = Client { id: client_id.to_owned(), secret: client_secret.to_owned() };
        let mut value = serde_json::to_string(&client).map_err(|_| SecureStoreError)?;
        let kept = self.ports.secure_store.put(&self.key(CLIENT), &value);
        value.zeroize();
        kept?;
        // They are not read any more. One that stays is overwritten by nobody, and forgotten at sign-out.
        for old in OLD {
            let _ = self.ports.secure_store.remove(&self.key(old));
        }
        Ok(())
    }

    pub(super) fn forget(&self) -> Result<(), SecureStoreError> {
        self.ports.secure_store.remove(&self.key(CLIENT))?;
        OLD.iter().try_for_each(|old| self.ports.secure_store.remove(&self.key(old)))
    }

    fn client(&self) -> Result<Option<(String, String)>, SecureStoreError> {
        let store = &self.ports.secure_store;
        if let Some(mut value) = store.get(&self.key(CLIENT))? {
            let client: Option<Client> = serde_json::from_str(&value).ok();
            value.zeroize();
            return Ok(client.map(|client| (client.id.clone(), client.secret.clone())));
        }
        let [id, secret] = OLD.map(|old| store.get(&self.key(old)));
        Ok(id?.zip(secret?))
    }
}

impl CredentialSource for Vault {
    fn credentials(&self, refused: bool) -> Result<Credentials, SignInReason> {
        if let Some(source) = &self.ports.token_source {
            let token = filled(&Zeroizing::new(source.token(refused)?)).ok_or(SignInReason::SignedOut)?;
            return Ok(Credentials::Token(token.into()));
        }
        let client = self.client().map_err(|_| SignInReason::SecureStoreLocked)?;
        let client = client.map(|(id, secret)| (filled(&id), filled(&Zeroizing::new(secret))));
        let Some((Some(id), Some(secret))) = client else { return Err(SignInReason::SignedOut) };
        Ok(Credentials::Client { id, secret: secret.into() })
    }
}

/// What a store or a token source returned, as it is sent; `None` where nothing is left of it.
fn filled(text: &str) -> Option<String> {
    Some(credential(text)).filter(|text| !text.is_empty())
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
