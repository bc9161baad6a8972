//! Signing in and out. The credentials are kept in the phone's secure store only, and only once the provider took them.

use super::Context;
use super::asked::open;
use super::ports::Tried;
use super::practice::takes_no_credentials;
use crate::error::PaylinkError;
use crate::gateway::{NotDone, Provider, SignInReason};
use crate::link::ReasonCode;
use crate::text::credential;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use zeroize::Zeroizing;

impl Context {
    /// Checks credentials with the provider and keeps them in the phone's secure store only.
    ///
    /// # Errors
    /// [`PaylinkError::SignInNeeded`] when they are refused, [`PaylinkError::Network`] when nobody could be asked; the
    /// credentials at hand stay as they are then. [`PaylinkError::Config`] for the practice account.
    pub async fn sign_in(&self, client_id: &str, client_secret: &str) -> Result<(), PaylinkError> {
        let (Provider::Dintero(settings), Some(vault)) = (&self.settings.provider, &self.vault) else {
            return Err(takes_no_credentials());
        };
        let (client_id, client_secret) = (credential(client_id), Zeroizing::new(credential(client_secret)));
        let tried = Tried { id: client_id.clone(), secret: client_secret.as_str().into() };
        let trial = open(settings, Arc::new(tried), &self.server)?;
        trial.sign_in(true).await.map_err(told)?;
        vault.keep(&client_id, &client_secret).map_err(|_| locked())?;
        self.signed_out.store(false, Ordering::SeqCst);
        self.unpause();
        // Other credentials may have the right that was missing.
        self.unpark_forbidden()?;
        self.gateway.sign_in(true).await.map_err(told)?;
        if let Ok(profile) = self.gateway.profile().await {
            self.keep_profile(profile);
        }
        self.keep_time();
        // Again: what had asked for credentials just before they were kept has paused the queue meanwhile.
        let _asked_before = self.reading_profile.lock().await;
        self.unpause();
        Ok(())
    }

    /// Forgets the credentials.
    ///
    /// # Errors
    /// When the secure store is locked. [`PaylinkError::Config`] for the practice account, which nobody could sign in to
    /// again.
    pub fn sign_out(&self) -> Result<(), PaylinkError> {
        self.vault.as_ref().ok_or_else(takes_no_credentials)?.forget().map_err(|_| locked())?;
        self.signed_out.store(true, Ordering::SeqCst);
        self.pause(SignInReason::SignedOut);
        Ok(())
    }
}

fn locked() -> PaylinkError {
    PaylinkError::SignInNeeded { reason: ReasonCode::SecureStoreLocked }
}

/// As a call that waits for the network reports it.
fn told(why: NotDone) -> PaylinkError {
    match why {
        NotDone::SignInNeeded(_) | NotDone::Forbidden(_) => PaylinkError::SignInNeeded { reason: why.reason() },
        // No provider refuses a sign-in in another way; were there one, its words would be a refusal all the same.
        NotDone::Rejected(_) => PaylinkError::SignInNeeded { reason: ReasonCode::WrongCredentials },
        NotDone::NotSent(_) | NotDone::Unclear(_) | NotDone::Busy { .. } | NotDone::Pending { .. } => {
            PaylinkError::Network { reason: why.reason() }
        }
    }
}
