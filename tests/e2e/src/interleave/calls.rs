//! Each call, made.

use super::point::Call;
use super::world::World;
use crate::model::Died;
use paylink_core::link::Action;
use paylink_core::message::Channel;
use paylink_core::{Paylink, PaylinkError, UnknownAnswer};
use paylink_sandbox::{Operation, Options, PayOutcome};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

/// A sync that needs that long, in the machine's time, waits for what nobody does.
const SYNC_WITHIN: Duration = Duration::from_secs(8);
/// So long, in the machine's time, nothing happens when a sync waits for what nobody does.
const IDLE: Duration = Duration::from_millis(60);

impl World {
    /// Makes a call. Gives whether it did what was asked.
    pub(super) fn perform(self: &Arc<Self>, call: Call) -> bool {
        match call {
            Call::Sell => self.sell(),
            Call::Cancel => self.act(Action::Cancel, None),
            Call::Discard => self.act(Action::Discard, None),
            Call::Retry => self.act(Action::Retry, None),
            Call::Wait => self.act(Action::ResolveUnknown, Some(UnknownAnswer::Wait)),
            Call::FromPhone => self.act(Action::ResolveUnknown, Some(UnknownAnswer::SendFromPhone)),
            Call::Again => self.act(Action::ResolveUnknown, Some(UnknownAnswer::SendAgain)),
            Call::Share => self.act(Action::Share, None),
            Call::Remind => self.act(Action::Remind, None),
            Call::RequestAgain => self.act(Action::RequestAgain, None),
            Call::Refresh => self.pick().is_some_and(|link| self.ask(|core| core.refresh(link.id)).is_some()),
            Call::Read => self.read(),
            Call::Work => self.work(),
            Call::Sync => self.sync(),
            Call::Online | Call::Offline => self.network(call == Call::Online),
            Call::Front | Call::Back => self.ask(|core| core.set_foreground(call == Call::Front)).is_some(),
            Call::Sleep => self.sleep(),
            Call::Reopen => {
                self.reopen();
                true
            }
            Call::SignIn => self.sign_in(),
            Call::SignOut => self.ask(Paylink::sign_out).is_some(),
            Call::Lock | Call::Unlock => {
                self.secure.lock(call == Call::Lock);
                true
            }
            Call::Void => self.merchant(Some(Operation::Void)),
            Call::Capture => self.merchant(Some(Operation::Capture)),
            Call::Refund => self.merchant(Some(Operation::Refund)),
            Call::Withdraw => self.merchant(None),
            Call::Visit => self.customer(None),
            Call::Pay => self.customer(Some(PayOutcome::Authorize)),
            Call::Decline => self.customer(Some(PayOutcome::Decline)),
            Call::Jump => self.jump(),
            Call::Time => self.time(),
            Call::Provider => {
                self.provider_changes();
                true
            }
            Call::DiskFull => {
                self.fill_disk();
                true
            }
            Call::Die => {
                // Counted here, since nobody comes back from it.
                self.state().table.took(Call::Die);
                self.die();
                std::panic::panic_any(Died)
            }
        }
    }

    fn read(&self) -> bool {
        let Some(link) = self.pick() else { return false };
        let read = self.ask(|core| {
            core.search(&link.reference)?;
            core.detail(link.id)?;
            core.pending()?;
            if link.url.is_some() {
                core.message(link.id, Channel::Share, None)?;
            }
            core.next_due()
        });
        self.look();
        read.is_some()
    }

    pub(super) fn work(self: &Arc<Self>) -> bool {
        let done = self.aside(Paylink::work_due);
        self.alive();
        matches!(done, Some(Ok(_)))
    }

    /// A sync sends what is due when it begins. What becomes due while it asks about links is the scheduler's, or here
    /// the shell's, and it waits for that.
    fn sync(self: &Arc<Self>) -> bool {
        let begun = Instant::now();
        let Some(told) = self.begin(|core| wait(core.sync(SYNC_WITHIN))?) else { return false };
        let mut before = (0, 0);
        let done = loop {
            match told.recv_timeout(IDLE) {
                Ok(Ok(done)) => break done,
                Ok(Err(defect)) => resume_unwind(defect),
                Err(RecvTimeoutError::Disconnected) => return false,
                Err(RecvTimeoutError::Timeout) => {}
            }
            let now = self.progress();
            if now == std::mem::replace(&mut before, now) {
                self.note("the shell sends what has become due");
                self.work();
                before = self.progress();
            }
        };
        self.alive();
        if begun.elapsed() >= SYNC_WITHIN {
            self.wrong("sync waited until its time was over");
        }
        done.is_ok()
    }

    fn sign_in(self: &Arc<Self>) -> bool {
        let options = Options::default();
        let done = self.aside(move |core| wait(core.sign_in(&options.client_id, &options.client_secret))?);
        self.alive();
        matches!(done, Some(Ok(_)))
    }

    pub(super) fn network(&self, online: bool) -> bool {
        let percent = self.one(&[0, 0, 0, 10, 40, 80]).unwrap_or(0);
        let mut state = self.state();
        state.online = online;
        if !state.quiet {
            state.faults_percent = percent;
        }
        drop(state);
        self.ask(|core| core.network_changed(online)).is_some()
    }

    fn sleep(self: &Arc<Self>) -> bool {
        let slept = self.aside(|core| {
            core.suspend();
            Ok(())
        });
        self.alive();
        let outer = std::mem::take(&mut self.state().under_way);
        // Whose commit is it? Nobody's call: an opening.
        let woke = self.aside(Paylink::resume);
        self.state().under_way = outer;
        self.alive();
        if let Some(Err(error)) = &woke {
            self.note(format!("does not resume: {error}"));
        }
        slept.is_some() && matches!(woke, Some(Ok(())))
    }
}

/// Waits for a call that waits for the network, on a thread that may.
fn wait<T>(call: impl Future<Output = Result<T, PaylinkError>>) -> Result<Result<T, PaylinkError>, PaylinkError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    Ok(runtime.map_err(|error| PaylinkError::Internal { reason: error.to_string() })?.block_on(call))
}
