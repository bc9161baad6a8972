//! What an app brings: the abilities of its phone, as traits that Kotlin and Swift implement.
//!
//! All are synchronous, may be called on any thread, and may throw whatever they like: each error here can be made
//! from an exception that nobody declared, and none of them breaks the core.

use crate::record::{OrderId, SignInReason};
use paylink_core::account;
use paylink_core::gateway::SignInReason as Reason;
use std::sync::Arc;
use uniffi::UnexpectedUniFFICallbackError;

/// The phone's secure store could not be used now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum SecureStoreError {
    /// Locked, or failed: try later. Never thrown for what is just not there.
    #[error("the secure store is locked or failed")]
    Unavailable {
        /// For the app's own log; the core neither keeps nor shows it.
        reason: String,
    },
}

/// Why there is no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum TokenError {
    /// The account cannot send, for this reason: the queue pauses with it.
    #[error("no token: {}", .reason.code())]
    Unavailable {
        /// `secure_store_locked` means: cannot be had now, ask again. So does a code that the core does not know.
        reason: SignInReason,
    },
}

/// What an app's listener or log threw. The core goes on as if it had not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum ListenerError {
    /// It failed.
    #[error("a listener failed")]
    Failed {
        /// For the app's own log; the core neither keeps nor shows it.
        reason: String,
    },
}

impl From<UnexpectedUniFFICallbackError> for SecureStoreError {
    fn from(error: UnexpectedUniFFICallbackError) -> Self {
        Self::Unavailable { reason: error.reason }
    }
}

impl From<UnexpectedUniFFICallbackError> for TokenError {
    fn from(_: UnexpectedUniFFICallbackError) -> Self {
        Self::Unavailable { reason: Reason::SecureStoreLocked.into() }
    }
}

impl From<UnexpectedUniFFICallbackError> for ListenerError {
    fn from(error: UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: error.reason }
    }
}

/// The phone's keystore or keychain: the only place where a secret is kept. Called from several threads.
#[uniffi::export(foreign)]
pub trait SecureStore: Send + Sync {
    /// The value of a key; null when there is none, also when it can never be read again (a restored backup).
    ///
    /// # Errors
    /// When the store is locked now.
    fn get(&self, key: String) -> Result<Option<String>, SecureStoreError>;

    /// Sets the value of a key.
    ///
    /// # Errors
    /// As `get`.
    fn put(&self, key: String, value: String) -> Result<(), SecureStoreError>;

    /// Removes a key; one that is not there is no error.
    ///
    /// # Errors
    /// As `get`.
    fn remove(&self, key: String) -> Result<(), SecureStoreError>;
}

/// Brings bearer tokens from the merchant's own server, in place of a client secret on the phone. It may wait for the
/// network; requests of the core wait for it.
#[uniffi::export(foreign)]
pub trait TokenSource: Send + Sync {
    /// A token; a new one when `force_refresh` says that the provider refused the last.
    ///
    /// # Errors
    /// Why there is none.
    fn token(&self, force_refresh: bool) -> Result<String, TokenError>;
}

/// Hears of changes, one after the other, on a thread of the core's own and never under a lock: it may call back into
/// the core, and holds up nothing but the listeners after it. Screens hop to their own thread.
#[uniffi::export(foreign)]
pub trait LinkListener: Send + Sync {
    /// A link changed; `cursor` is that of its event, or the newest of all where it changed without one.
    ///
    /// # Errors
    /// Anything; it is noted in the log, and the next change comes all the same.
    fn on_change(&self, link: OrderId, cursor: i64) -> Result<(), ListenerError>;

    /// The account changed: it pauses, or goes on, or can no longer see payments. `account` tells.
    ///
    /// # Errors
    /// As [`LinkListener::on_change`].
    fn on_account_change(&self) -> Result<(), ListenerError>;

    /// Goods or customers changed by a call of their own; what a sale changes of them is told with its link.
    ///
    /// # Errors
    /// As [`LinkListener::on_change`].
    fn on_catalogue_change(&self) -> Result<(), ListenerError>;
}

/// The core's side of a port.
pub(crate) struct Port<T: ?Sized>(pub(crate) Arc<T>);

impl account::SecureStore for Port<dyn SecureStore> {
    fn get(&self, key: &str) -> Result<Option<String>, account::SecureStoreError> {
        self.0.get(key.to_owned()).map_err(unavailable)
    }

    fn put(&self, key: &str, value: &str) -> Result<(), account::SecureStoreError> {
        self.0.put(key.to_owned(), value.to_owned()).map_err(unavailable)
    }

    fn remove(&self, key: &str) -> Result<(), account::SecureStoreError> {
        self.0.remove(key.to_owned()).map_err(unavailable)
    }
}

/// What it said may quote a secret, so it stops here.
fn unavailable(_: SecureStoreError) -> account::SecureStoreError {
    tracing::warn!("the app's secure store is locked or failed");
    account::SecureStoreError
}

impl account::TokenSource for Port<dyn TokenSource> {
    fn token(&self, force_refresh: bool) -> Result<String, Reason> {
        let why = |TokenError::Unavailable { reason }| reason.known().unwrap_or(Reason::SecureStoreLocked);
        self.0.token(force_refresh).map_err(why)
    }
}

impl account::LinkListener for Port<dyn LinkListener> {
    fn on_change(&self, link: paylink_core::OrderId, cursor: i64) {
        if self.0.on_change(link.into(), cursor).is_err() {
            tracing::warn!("a listener of the app failed");
        }
    }

    fn on_account_change(&self) {
        if self.0.on_account_change().is_err() {
            tracing::warn!("a listener of the app failed");
        }
    }

    fn on_catalogue_change(&self) {
        if self.0.on_catalogue_change().is_err() {
            tracing::warn!("a listener of the app failed");
        }
    }
}

/// What the core takes.
pub(crate) fn ports(secure_store: Arc<dyn SecureStore>, token_source: Option<Arc<dyn TokenSource>>) -> account::Ports {
    account::Ports {
        secure_store: Arc::new(Port(secure_store)),
        token_source: token_source.map(|source| Arc::new(Port(source)) as Arc<dyn account::TokenSource>),
    }
}
