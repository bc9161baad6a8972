//! What is to be done some time, in small steps between sales: contact data whose time has come, files that were set
//! aside long ago.

use crate::account::Context;
use crate::catalogue::{self, policy};
use crate::clock::PhoneTime;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// When the next step is due; `None`: now.
#[derive(Default)]
pub(super) struct Tidy(Mutex<Option<PhoneTime>>);

impl Tidy {
    /// Takes a step, if one is due. A step that fails is taken again at its next time.
    pub(super) fn step(&self, ctx: &Context) {
        let at = ctx.moment();
        let mut next = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A time further away than the longest wait is of a clock that was set back.
        if next.is_some_and(|next| (1..=policy::LOOK_EVERY_MS).contains(&next.since(at.phone))) {
            return;
        }
        let purged = ctx.settings.erase_contacts_after_ms.map(|after| catalogue::purge(&ctx.store, at, after));
        let tidied = catalogue::tidy(&ctx.store, &ctx.settings.data_dir, at.phone);
        let more = match purged.unwrap_or(Ok(false)).and_then(|more| tidied.map(|()| more)) {
            Ok(more) => more,
            Err(error) => {
                tracing::warn!(%error, "what is due to be erased could not be");
                false
            }
        };
        *next = Some(at.phone.plus(if more { policy::NEXT_STEP_MS } else { policy::LOOK_EVERY_MS }));
    }

    /// How long until the next step.
    pub(super) fn rests(&self, now: PhoneTime) -> Duration {
        let next = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        next.map_or(Duration::ZERO, |at| Duration::from_millis(u64::try_from(at.since(now)).unwrap_or(0)))
    }
}
