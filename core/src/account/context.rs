//! What every working room needs: store, gateway, clocks, account and listeners, and the questions that belong to
//! the account as a whole.

use super::ports::{Ports, Tried, Vault};
use super::{AccountState, Announcer, Settings};
use crate::clock::{Clock, ServerClock, ServerTime};
use crate::error::PaylinkError;
use crate::gateway::dintero::Dintero;
use crate::gateway::{CredentialSource, Fault, Gateway, Outcome, Profile, SignInReason};
use crate::id::OrderId;
use crate::order::Rules;
use crate::store::{Store, StoreResult, meta};
use rusqlite::{Connection, Transaction};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

const PROFILE: &str = "profile";

/// The working parts of an open core.
pub struct Context {
    /// The configuration.
    pub settings: Settings,
    /// The database.
    pub store: Arc<Store>,
    /// The provider.
    pub gateway: Arc<dyn Gateway>,
    /// The phone's clock.
    pub clock: Arc<dyn Clock>,
    /// The provider's clock.
    pub server: Arc<ServerClock>,
    /// The listeners.
    pub announcer: Arc<Announcer>,
    /// Whether the phone says that it has a network; known across `suspend` and `resume`.
    pub online: Arc<AtomicBool>,
    vault: Arc<Vault>,
    profile: Mutex<Option<Profile>>,
    paused: Mutex<Option<SignInReason>>,
    reading_profile: tokio::sync::Mutex<()>,
    /// Whether the profile could not be read since the core was opened: it is not asked for before each sale then.
    profile_refused: AtomicBool,
    /// Signed out on purpose: only a sign-in ends that pause, since the gateway may still have a token.
    signed_out: AtomicBool,
}

/// Whether an operation may go out now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// Yes, and this is the provider's time.
    Ready(ServerTime),
    /// Not now: the read that comes first failed.
    Wait {
        /// Why.
        fault: Fault,
        /// What the provider asked for, milliseconds.
        retry_after_ms: Option<i64>,
    },
    /// The account must sign in.
    Paused(SignInReason),
}

impl Context {
    /// Puts the parts together and loads the cached profile.
    ///
    /// # Errors
    /// Configuration and storage errors.
    pub fn new(
        settings: Settings,
        store: Arc<Store>,
        ports: Ports,
        clock: Arc<dyn Clock>,
        announcer: Arc<Announcer>,
        online: Arc<AtomicBool>,
    ) -> Result<Self, PaylinkError> {
        let server = Arc::new(ServerClock::new(Arc::clone(&clock)));
        let vault = Arc::new(Vault { account: settings.provider.account.clone(), ports });
        let gateway = Arc::new(gateway(&settings, Arc::clone(&vault) as Arc<dyn CredentialSource>, &server)?);
        let account = settings.provider.account.clone();
        let profile = store.write(move |db| {
            meta::bind_account(db, &account)?;
            cached_profile(db)
        })?;
        Ok(Self {
            settings,
            store,
            gateway,
            clock,
            server,
            announcer,
            online,
            vault,
            profile: Mutex::new(profile),
            paused: Mutex::new(None),
            reading_profile: tokio::sync::Mutex::new(()),
            profile_refused: AtomicBool::new(false),
            signed_out: AtomicBool::new(false),
        })
    }

    /// UTC milliseconds by the phone.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.clock.wall_ms()
    }

    /// The time that an event gets, UTC ms: the provider's as far as it is known, so that a phone whose clock is wrong
    /// still tells a story in order.
    #[must_use]
    pub fn event_time(&self) -> i64 {
        self.server.best_ms()
    }

    /// Whether anything may be tried now: there is a network, and the account is signed in.
    #[must_use]
    pub fn may_send(&self) -> bool {
        self.online.load(Ordering::SeqCst) && self.paused().is_none()
    }

    /// One durable transaction on one link, announced after it was committed. The work gives the cursors of its new
    /// events and whatever else it found.
    ///
    /// # Errors
    /// What the work gives.
    pub fn change<T: Send + 'static>(
        &self,
        link: OrderId,
        work: impl FnOnce(&Transaction<'_>) -> StoreResult<(Vec<i64>, T)> + Send + 'static,
    ) -> StoreResult<T> {
        let (cursors, found) = self.store.write(work)?;
        self.announcer.changed(link, &cursors);
        Ok(found)
    }

    /// What drafts are checked against now.
    #[must_use]
    pub fn rules(&self) -> Rules {
        self.settings.rules(self.now(), self.profile().map(|profile| profile.methods))
    }

    /// The profile as last read.
    #[must_use]
    pub fn profile(&self) -> Option<Profile> {
        self.profile.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Why the queue pauses.
    #[must_use]
    pub fn paused(&self) -> Option<SignInReason> {
        *self.paused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Pauses the queue.
    pub fn pause(&self, reason: SignInReason) {
        *self.paused.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason);
    }

    /// Lets the queue try again: somebody signed in, the app came to the front, or a sync was asked for. What was
    /// missing may be there now (a right, a phone that was locked); if not, one request says so.
    pub fn unpause(&self) {
        if self.signed_out.load(Ordering::SeqCst) {
            return;
        }
        self.gateway.try_again();
        *self.paused.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What a shell shows of the account.
    #[must_use]
    pub fn account(&self) -> AccountState {
        let profile = self.profile();
        AccountState {
            account: self.settings.provider.account.clone(),
            profile_id: profile.as_ref().map(|profile| profile.id.clone()),
            methods: profile.map(|profile| profile.methods).unwrap_or_default(),
            paused: self.paused().map(|reason| reason.code().to_owned()),
        }
    }

    /// Whether an operation may go out: signed in, and the provider's time known. When it is not, a read comes
    /// first (design rule 10): the profile, which is wanted anyway. One read serves all that wait for it.
    pub async fn ready(&self) -> Readiness {
        let _one = self.reading_profile.lock().await;
        if let Some(reason) = self.paused() {
            return Readiness::Paused(reason);
        }
        let unread = self.profile().is_none() && !self.profile_refused.load(Ordering::SeqCst);
        if self.server.now().is_none() || unread {
            match self.read_profile().await {
                Outcome::Accepted(()) => {}
                // A profile that cannot be read holds nothing up, as long as the provider's time is known from the
                // token or from the refusal itself.
                Outcome::Rejected(_) | Outcome::Unclear(_) if self.server.now().is_some() => {
                    self.profile_refused.store(true, Ordering::SeqCst);
                }
                Outcome::Rejected(_) => return Readiness::Wait { fault: Fault::NotJson, retry_after_ms: None },
                Outcome::SignInNeeded(reason) => {
                    self.pause(reason);
                    return Readiness::Paused(reason);
                }
                Outcome::Busy { retry_after_ms } => {
                    return Readiness::Wait { fault: Fault::ServerError, retry_after_ms };
                }
                Outcome::NotSent(fault) | Outcome::Unclear(fault) => {
                    return Readiness::Wait { fault, retry_after_ms: None };
                }
            }
        }
        let phone = ServerTime { ms: self.now(), known: false };
        Readiness::Ready(self.server.now().unwrap_or(phone))
    }

    /// Reads the profile and keeps it. A profile that may not be read leaves the cached one.
    pub async fn read_profile(&self) -> Outcome<()> {
        match self.gateway.profile().await.accepted() {
            Ok(profile) => {
                self.keep_profile(profile);
                Outcome::Accepted(())
            }
            Err(other) => other,
        }
    }

    fn keep_profile(&self, profile: Profile) {
        let kept = profile.clone();
        if let Err(error) = self.store.write(move |db| meta::put_json(db, PROFILE, &kept)) {
            tracing::warn!(%error, "the profile could not be kept");
        }
        *self.profile.lock().unwrap_or_else(PoisonError::into_inner) = Some(profile);
    }

    /// Checks credentials with the provider and keeps them in the phone's secure store only.
    ///
    /// # Errors
    /// [`PaylinkError::SignInNeeded`] when they are refused, [`PaylinkError::Network`] when nobody could be asked; the
    /// credentials at hand stay as they are then.
    pub async fn sign_in(&self, client_id: &str, client_secret: &str) -> Result<(), PaylinkError> {
        let tried = Tried { id: client_id.trim().to_owned(), secret: client_secret.trim().into() };
        let trial = gateway(&self.settings, Arc::new(tried), &self.server)?;
        done(trial.sign_in(true).await)?;
        self.vault.keep(client_id.trim(), client_secret.trim()).map_err(|_| locked())?;
        self.signed_out.store(false, Ordering::SeqCst);
        self.unpause();
        done(self.gateway.sign_in(true).await)?;
        if let Outcome::Accepted(profile) = self.gateway.profile().await {
            self.keep_profile(profile);
        }
        // Again: what had asked for credentials just before they were kept has paused the queue meanwhile.
        let _asked_before = self.reading_profile.lock().await;
        self.unpause();
        Ok(())
    }

    /// Forgets the credentials.
    ///
    /// # Errors
    /// When the secure store is locked.
    pub fn sign_out(&self) -> Result<(), PaylinkError> {
        self.vault.forget().map_err(|_| locked())?;
        self.signed_out.store(true, Ordering::SeqCst);
        self.pause(SignInReason::SignedOut);
        Ok(())
    }
}

/// The profile as last read.
///
/// # Errors
/// Storage errors; one that cannot be read back counts as never read.
pub fn cached_profile(db: &Connection) -> StoreResult<Option<Profile>> {
    meta::get_json(db, PROFILE)
}

fn gateway(
    settings: &Settings,
    credentials: Arc<dyn CredentialSource>,
    server: &Arc<ServerClock>,
) -> Result<Dintero, PaylinkError> {
    Dintero::new(settings.provider.clone(), credentials, Arc::clone(server))
        .map_err(|error| PaylinkError::config(error.field, error.reason))
}

fn locked() -> PaylinkError {
    PaylinkError::SignInNeeded { reason: SignInReason::SecureStoreLocked.code().to_owned() }
}

/// An outcome as a call that waits for the network reports it.
fn done<T>(outcome: Outcome<T>) -> Result<T, PaylinkError> {
    match outcome {
        Outcome::Accepted(value) => Ok(value),
        Outcome::SignInNeeded(reason) => Err(PaylinkError::SignInNeeded { reason: reason.code().to_owned() }),
        Outcome::NotSent(fault) | Outcome::Unclear(fault) => {
            Err(PaylinkError::Network { reason: fault.code().to_owned() })
        }
        Outcome::Busy { .. } => Err(PaylinkError::Network { reason: "busy".to_owned() }),
        Outcome::Rejected(rejection) => Err(PaylinkError::Provider { reason: rejection.message }),
    }
}
