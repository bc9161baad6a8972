//! The account and the work: sign-in, sync, and what the phone says of its network and its screen.

use super::{Paylink, SyncReport};
use crate::account::AccountState;
use crate::clock::PhoneTime;
use crate::error::PaylinkError;
use crate::id::OrderId;
use crate::store::RecoveryReport;
use crate::store::rows::{entries, events, orders, recovery, sessions};
use std::time::Duration;

impl Paylink {
    /// Checks credentials with the provider, keeps them in the phone's secure store only, and lets the queue go on.
    ///
    /// # Errors
    /// [`PaylinkError::SignInNeeded`] when they are refused, [`PaylinkError::Network`] when nobody could be asked.
    pub async fn sign_in(&self, client_id: &str, client_secret: &str) -> Result<AccountState, PaylinkError> {
        let live = self.live()?;
        let (id, secret) = (client_id.to_owned(), client_secret.to_owned());
        self.spawn(async move {
            tokio::select! {
                signed_in = live.ctx.sign_in(&id, &secret) => signed_in?,
                () = live.stopped() => return Err(PaylinkError::Suspended),
            }
            live.wake()?;
            Ok(live.ctx.account())
        })
        .await?
    }

    /// Forgets the credentials; the queue pauses.
    ///
    /// # Errors
    /// [`PaylinkError::Unsent`] while anything is unsent (rule 5); [`PaylinkError::SignInNeeded`] when the
    /// secure store is locked.
    pub fn sign_out(&self) -> Result<(), PaylinkError> {
        let ctx = self.context()?;
        let count = ctx.store.read(entries::count_open)?.iter().map(|(_, count)| count).sum();
        if count > 0 { Err(PaylinkError::Unsent { count }) } else { ctx.sign_out() }
    }

    /// Remembers that the app has shown every event up to this cursor.
    ///
    /// # Errors
    /// Storage errors.
    pub fn acknowledge(&self, cursor: i64) -> Result<(), PaylinkError> {
        Ok(self.context()?.store.write(move |db| events::acknowledge(db, cursor))?)
    }

    /// What became of a damaged database that was found at opening, until it is acknowledged.
    ///
    /// # Errors
    /// Storage errors.
    pub fn recovered(&self) -> Result<Option<RecoveryReport>, PaylinkError> {
        Ok(self.view()?.store.read(recovery::report)?)
    }

    /// Remembers that the seller has seen what [`Paylink::recovered`] says. The damaged files stay for 30 days after the recovery.
    ///
    /// # Errors
    /// Storage errors.
    pub fn acknowledge_recovered(&self) -> Result<(), PaylinkError> {
        Ok(self.context()?.store.write(recovery::acknowledge)?)
    }

    /// The account: profile, methods, and why the queue pauses.
    ///
    /// # Errors
    /// [`PaylinkError::Suspended`], [`PaylinkError::Closed`].
    pub fn account(&self) -> Result<AccountState, PaylinkError> {
        Ok(self.context()?.account())
    }

    /// Sends what waits and asks about what is open, until nothing is due or the time is over. For background jobs
    /// and for a pull to refresh; running out of time stops nothing but this call.
    ///
    /// # Errors
    /// Storage errors.
    pub async fn sync(&self, budget: Duration) -> Result<SyncReport, PaylinkError> {
        let live = self.live()?;
        self.spawn(async move { live.sync(budget).await }).await?
    }

    /// The practice account alone: so much time passes for its provider and its customers at once, so that nobody has to
    /// wait for them. What became of the links is asked for.
    ///
    /// # Errors
    /// [`PaylinkError::Config`] where the account is another; storage errors.
    pub fn practice_skip(&self, time: Duration) -> Result<(), PaylinkError> {
        let live = self.live()?;
        live.ctx.skip(i64::try_from(time.as_millis()).unwrap_or(i64::MAX))?;
        live.skipped()
    }

    /// Says whether the phone has a network now. Offline, nothing is tried; back online, all that waits is due.
    ///
    /// # Errors
    /// Storage errors.
    pub fn network_changed(&self, online: bool) -> Result<(), PaylinkError> {
        self.live()?.network_changed(online)
    }

    /// Says whether the app is in front: then open links are asked about by themselves.
    ///
    /// # Errors
    /// Storage errors.
    pub fn set_foreground(&self, foreground: bool) -> Result<(), PaylinkError> {
        self.live()?.set_foreground(foreground)
    }

    /// Asks about one link now, because its screen was opened.
    ///
    /// # Errors
    /// Storage errors.
    pub fn refresh(&self, id: OrderId) -> Result<(), PaylinkError> {
        let live = self.live()?;
        let now = live.ctx.now();
        live.try_again()?;
        live.ctx.store.write(move |db| match orders::get(db, id)?.and_then(|(_, state)| state.session_id) {
            Some(session) => sessions::poll_by(db, &session, now),
            None => Ok(()),
        })?;
        live.nudge();
        Ok(())
    }

    /// Sends and asks what is due now, one thing after the other. Gives the number of steps of the outbox. Waits for
    /// the network; must not be called on a thread of an async runtime.
    ///
    /// # Errors
    /// Storage errors.
    pub fn work_due(&self) -> Result<u32, PaylinkError> {
        let live = self.live()?;
        let runtime = self.runtime.as_ref().ok_or(PaylinkError::Closed)?;
        Ok(runtime.block_on(live.work_due())?)
    }

    /// When there is something to send or to ask, UTC ms by the phone.
    ///
    /// # Errors
    /// Storage errors.
    pub fn next_due(&self) -> Result<Option<i64>, PaylinkError> {
        Ok(self.live()?.next_due()?.map(PhoneTime::ms))
    }
}
