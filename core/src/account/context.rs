//! What every working room needs: store, gateway, clocks, account and listeners, and the questions that belong to
//! the account as a whole.

use super::asked::Asked;
use super::pause::{Kind, Ownership, Pauses};
use super::ports::{Ports, Vault};
use super::{AccountState, Announcer, Settings};
use crate::clock::{Clock, KeptTime, PhoneTime, ProviderTime, ServerClock, ServerTime};
use crate::error::PaylinkError;
use crate::gateway::{Answer, Fault, Gateway, NotDone, Practice, Profile, SignInReason};
use crate::id::{EntryId, OrderId};
use crate::order::Rules;
use crate::store::rows::{entries, meta};
use crate::store::{Announced, LinkChange, Moment, Store, StoreResult};
use rusqlite::Connection;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

const PROFILE: &str = "profile";
const SERVER_TIME: &str = "server_time";

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
    /// Where the credentials are; the practice account has none.
    pub(super) vault: Option<Arc<Vault>>,
    /// The provider, where it is the practice account's.
    pub(super) practice: Option<Arc<Practice>>,
    profile: Mutex<Option<Profile>>,
    pauses: Pauses,
    pub(super) reading_profile: tokio::sync::Mutex<()>,
    /// Whether the profile could not be read since the core was opened: it is not asked for before each sale then.
    profile_refused: AtomicBool,
    /// Signed out on purpose: only a sign-in ends that pause, since the gateway may still have a token.
    pub(super) signed_out: AtomicBool,
}

impl Context {
    /// Puts the parts together and loads what is kept of the provider: its profile, its time.
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
        let account = settings.provider.account().to_owned();
        let (profile, time) = store.write(move |db| {
            meta::bind_account(db, &account)?;
            Ok((cached_profile(db)?, kept_time(db)?))
        })?;
        let server = Arc::new(ServerClock::new(Arc::clone(&clock)).remembering(time));
        let Asked { gateway, vault, practice } = Asked::open(&settings.provider, &store, ports, &server)?;
        Ok(Self {
            settings,
            store,
            gateway,
            clock,
            server,
            announcer,
            online,
            vault,
            practice,
            profile: Mutex::new(profile),
            pauses: Pauses::default(),
            reading_profile: tokio::sync::Mutex::new(()),
            profile_refused: AtomicBool::new(false),
            signed_out: AtomicBool::new(false),
        })
    }

    /// Now, by the phone.
    #[must_use]
    pub fn now(&self) -> PhoneTime {
        PhoneTime::from_ms(self.clock.wall_ms())
    }

    /// Now, by both clocks.
    #[must_use]
    pub fn moment(&self) -> Moment {
        Moment { phone: self.now(), provider: self.server.best() }
    }

    /// Whether anything may be sent now: there is a network, and the account lets it out.
    #[must_use]
    pub fn may_send(&self) -> bool {
        self.online.load(Ordering::SeqCst) && self.paused().is_none()
    }

    /// Whether anything may be asked now: who may not send may still read.
    #[must_use]
    pub fn may_read(&self) -> bool {
        self.online.load(Ordering::SeqCst) && self.pauses.signed_out().is_none()
    }

    /// One durable change of one link, announced after it was committed.
    ///
    /// # Errors
    /// What the work returns.
    pub fn change<T: Send + 'static>(
        &self,
        link: OrderId,
        work: impl FnOnce(&mut LinkChange<'_>) -> StoreResult<T> + Send + 'static,
    ) -> StoreResult<T> {
        self.store.change(link, self.moment(), work)
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
        let now = self.clock.monotonic_ms();
        if self.pauses.end_what_is_over(now) {
            self.announcer.account_changed();
        }
        self.pauses.writing(now)
    }

    /// Why payments cannot be seen.
    #[must_use]
    pub fn reading(&self) -> Option<SignInReason> {
        self.pauses.reading()
    }

    /// Changes the pauses; who listens hears of it when a shell shows something else then.
    fn pausing<T>(&self, change: impl FnOnce(&Pauses) -> T) -> T {
        let shown = || (self.paused(), self.reading());
        let before = shown();
        let done = change(&self.pauses);
        if shown() != before {
            self.announcer.account_changed();
        }
        done
    }

    /// Pauses everything until somebody signs in, or what was locked is open.
    pub fn pause(&self, reason: SignInReason) {
        self.pausing(|pauses| pauses.pause(reason));
    }

    /// An operation of this entry met a 403. Where it is the account's, what was taken for an entry's own before is put
    /// back into the queue.
    ///
    /// # Errors
    /// Storage errors.
    pub fn forbidden(&self, entry: EntryId) -> StoreResult<Ownership> {
        let whose = self.pausing(|pauses| pauses.forbidden(entry, self.clock.monotonic_ms()));
        if whose == Ownership::Account {
            self.unpark_forbidden()?;
        }
        Ok(whose)
    }

    /// What was refused for the want of a right goes back into the queue.
    pub(super) fn unpark_forbidden(&self) -> StoreResult<()> {
        let at = self.moment();
        self.store.write_announced(move |db, announced| {
            entries::unpark_forbidden(db, at.phone)?.into_iter().try_for_each(|order| touch(db, announced, order, at))
        })
    }

    /// An operation got through: the right for it is there.
    pub fn got_through(&self) {
        self.pausing(|pauses| pauses.got_through(self.clock.monotonic_ms()));
    }

    /// Whether the account may read these at all.
    pub fn readable(&self, kind: Kind, readable: bool) {
        self.pausing(|pauses| pauses.readable(kind, readable));
    }

    /// Lets the queue try again: somebody signed in, the app came to the front, or a sync was asked for. What was
    /// missing may be there now (a right, a phone that was locked); if not, one request says so.
    pub fn unpause(&self) {
        if self.signed_out.load(Ordering::SeqCst) {
            return;
        }
        self.gateway.try_again();
        self.pausing(Pauses::end);
    }

    /// What a shell shows of the account.
    #[must_use]
    pub fn account(&self) -> AccountState {
        let profile = self.profile();
        AccountState {
            account: self.settings.provider.account().to_owned(),
            practice: self.settings.provider.is_practice(),
            profile_id: profile.as_ref().map(|profile| profile.id.clone()),
            methods: profile.map(|profile| profile.methods).unwrap_or_default(),
            paused: self.paused().map(SignInReason::reason),
            reading: self.reading().map(SignInReason::reason),
        }
    }

    /// The provider's time for an operation that is to go out: signed in, and the time known. When it is not, a read
    /// comes first (rule 10): the profile, which is wanted anyway. One read serves all that wait for it.
    pub async fn ready(&self) -> Answer<ServerTime> {
        let ready = self.ready_in_turn().await;
        self.keep_time();
        ready
    }

    async fn ready_in_turn(&self) -> Answer<ServerTime> {
        let _one = self.reading_profile.lock().await;
        if let Some(reason) = self.paused() {
            return Err(NotDone::SignInNeeded(reason));
        }
        let unread = self.profile().is_none() && !self.profile_refused.load(Ordering::SeqCst);
        if self.server.now().is_none() || unread {
            match self.read_profile().await {
                Ok(()) => {}
                // A profile that cannot be read holds nothing up, as long as the provider's time is known from the
                // token or from the refusal itself.
                Err(NotDone::Rejected(_) | NotDone::Forbidden(_) | NotDone::Unclear(_))
                    if self.server.now().is_some() =>
                {
                    self.profile_refused.store(true, Ordering::SeqCst);
                }
                Err(NotDone::Rejected(_) | NotDone::Forbidden(_) | NotDone::Pending { .. }) => {
                    return Err(NotDone::NotSent(Fault::NotJson));
                }
                // It was a read: the operation itself has not left.
                Err(NotDone::Unclear(fault)) => return Err(NotDone::NotSent(fault)),
                Err(why) => return Err(why),
            }
        }
        let phone = ServerTime { at: ProviderTime::from_ms(self.now().ms()), known: false };
        Ok(self.server.now().unwrap_or(phone))
    }

    /// Reads the profile and keeps it. A profile that may not be read leaves the cached one.
    pub async fn read_profile(&self) -> Answer<()> {
        let profile = self.gateway.profile().await?;
        self.keep_profile(profile);
        Ok(())
    }

    pub(super) fn keep_profile(&self, profile: Profile) {
        if self.profile().as_ref() != Some(&profile) {
            let kept = profile.clone();
            if let Err(error) = self.store.write(move |db| meta::put_json(db, PROFILE, &kept)) {
                tracing::warn!(%error, "the profile could not be kept");
            }
            *self.profile.lock().unwrap_or_else(PoisonError::into_inner) = Some(profile);
            self.announcer.account_changed();
        }
    }

    /// Keeps what was learnt of the provider's time for the next process, when it is news.
    pub fn keep_time(&self) {
        let Some(time) = self.server.to_keep() else { return };
        match self.store.write(move |db| meta::put_json(db, SERVER_TIME, &time)) {
            Ok(()) => self.server.keep(time),
            Err(error) => tracing::warn!(%error, "the provider's time could not be kept"),
        }
    }
}

/// A link changed by a query over many: it is announced, and its status derived again.
///
/// # Errors
/// Storage errors.
pub fn touch(
    db: &rusqlite::Transaction<'_>,
    announced: &mut Vec<Announced>,
    order: OrderId,
    at: Moment,
) -> StoreResult<()> {
    LinkChange::run(db, announced, order, at, |change| {
        change.touch();
        Ok(())
    })
}

/// The profile as last read.
///
/// # Errors
/// Storage errors; one that cannot be read back counts as never read.
pub fn cached_profile(db: &Connection) -> StoreResult<Option<Profile>> {
    meta::get_json(db, PROFILE)
}

/// What was last learnt of the provider's time.
///
/// # Errors
/// Storage errors; what cannot be read back was never learnt.
pub fn kept_time(db: &Connection) -> StoreResult<Option<KeptTime>> {
    meta::get_json(db, SERVER_TIME)
}
