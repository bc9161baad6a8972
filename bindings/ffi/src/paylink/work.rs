//! The account and the work: sign-in, sync, and what the phone says of its network and its screen.

use super::Paylink;
use crate::error::{PaylinkError, contained, contained_async};
use crate::record::{AccountState, OrderId, SyncReport};
use paylink_core::RecoveryReport;
use std::time::Duration;

#[uniffi::export]
impl Paylink {
    /// Checks credentials with the provider, keeps them in the secure store only, and lets the queue go on. Waits for
    /// the network. A caller that is cancelled stops waiting; the sign-in goes on.
    ///
    /// # Errors
    /// `sign_in_needed` when they are refused, `network` when nobody could be asked.
    pub async fn sign_in(&self, client_id: String, client_secret: String) -> Result<AccountState, PaylinkError> {
        contained_async(self.core.sign_in(&client_id, &client_secret)).await.map(Into::into)
    }

    /// Forgets the credentials; the queue pauses.
    ///
    /// # Errors
    /// `unsent` while anything is unsent; `sign_in_needed` when the secure store is locked.
    pub fn sign_out(&self) -> Result<(), PaylinkError> {
        contained(|| self.core.sign_out())
    }

    /// The account: profile, methods, and why the queue pauses. Waits for nothing.
    ///
    /// # Errors
    /// `suspended`, `closed`, `in_use`.
    pub fn account(&self) -> Result<AccountState, PaylinkError> {
        contained(|| self.core.account()).map(Into::into)
    }

    /// Sends what waits and asks about what is open, until nothing is due or `budget_ms` milliseconds are over. For
    /// background jobs and for a pull to refresh. A caller that is cancelled stops waiting; nothing else stops.
    ///
    /// # Errors
    /// `storage`, `suspended`, `closed`.
    pub async fn sync(&self, budget_ms: i64) -> Result<SyncReport, PaylinkError> {
        let budget = Duration::from_millis(u64::try_from(budget_ms).unwrap_or(0));
        contained_async(self.core.sync(budget)).await.map(Into::into)
    }

    /// Asks about one link now, because its screen was opened. The answer comes to the listeners.
    ///
    /// # Errors
    /// `storage`.
    pub fn refresh(&self, id: OrderId) -> Result<(), PaylinkError> {
        let id = id.read()?;
        contained(|| self.core.refresh(id))
    }

    /// Says whether the phone has a network now. Offline, nothing is tried; back online, all that waits is due.
    ///
    /// # Errors
    /// `storage`.
    pub fn network_changed(&self, online: bool) -> Result<(), PaylinkError> {
        contained(|| self.core.network_changed(online))
    }

    /// The practice account alone: so many milliseconds pass for its provider and its customers at once, so that nobody has
    /// to wait for them.
    ///
    /// # Errors
    /// `config` where the account is another; `storage`.
    pub fn practice_skip(&self, ms: i64) -> Result<(), PaylinkError> {
        contained(|| self.core.practice_skip(Duration::from_millis(u64::try_from(ms).unwrap_or(0))))
    }

    /// Says whether the app is in front: then open links are asked about by themselves.
    ///
    /// # Errors
    /// `storage`.
    pub fn set_foreground(&self, foreground: bool) -> Result<(), PaylinkError> {
        contained(|| self.core.set_foreground(foreground))
    }

    /// Remembers that the app has shown every event up to this cursor.
    ///
    /// # Errors
    /// `storage`.
    pub fn acknowledge(&self, cursor: i64) -> Result<(), PaylinkError> {
        contained(|| self.core.acknowledge(cursor))
    }

    /// What became of a damaged database that was found at opening, until it is acknowledged; null: nothing was
    /// damaged.
    ///
    /// # Errors
    /// `storage`.
    pub fn recovered(&self) -> Result<Option<RecoveryReport>, PaylinkError> {
        contained(|| self.core.recovered())
    }

    /// Remembers that the seller has seen what `recovered` says. The damaged files stay for 30 days after the recovery.
    ///
    /// # Errors
    /// `storage`.
    pub fn acknowledge_recovered(&self) -> Result<(), PaylinkError> {
        contained(|| self.core.acknowledge_recovered())
    }

    /// Sends and asks what is due now, and returns the number of operations tried. Waits for the network, on the caller's
    /// thread: for apps that opened with `open_unscheduled` and have a thread for it.
    ///
    /// # Errors
    /// `storage`.
    pub fn work_due(&self) -> Result<u32, PaylinkError> {
        contained(|| self.core.work_due())
    }

    /// When there is something to send or to ask, UTC ms by the phone; null: never by itself.
    ///
    /// # Errors
    /// `storage`.
    pub fn next_due(&self) -> Result<Option<i64>, PaylinkError> {
        contained(|| self.core.next_due())
    }
}
