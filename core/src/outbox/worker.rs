//! The worker: takes what is due and sends independent orders side by side.

use super::create::rounds::Rounds;
use super::{cancel, create, policy};
use crate::account::Context;
use crate::id::OrderId;
use crate::store::{Entry, EntryState, Operation, StoreResult, entries};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::task::JoinSet;

/// Due entries read at once: more than fit, since some of their orders may be at work already.
const DUE_AT_ONCE: u32 = 16;

/// Sends what is due. The scheduler in the façade decides when.
pub struct Worker {
    ctx: Arc<Context>,
    /// Orders with a request under way: whoever asks for work next must not take them again.
    in_flight: Arc<Mutex<HashSet<OrderId>>>,
    rounds: Arc<Rounds>,
}

/// Gives the order back however the work on it ends, an abort included.
struct Taken {
    order: OrderId,
    in_flight: Arc<Mutex<HashSet<OrderId>>>,
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.in_flight.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.order);
    }
}

impl Worker {
    /// A worker with nothing under way.
    #[must_use]
    pub fn new(ctx: Arc<Context>) -> Self {
        Self { ctx, in_flight: Arc::default(), rounds: Arc::default() }
    }

    /// Starts as much of what is due as may run side by side. Gives how many were started.
    ///
    /// # Errors
    /// Storage errors of the reading.
    pub fn start_due(&self, tasks: &mut JoinSet<()>) -> StoreResult<usize> {
        let free = policy::IN_FLIGHT.saturating_sub(self.under_way());
        if free == 0 || !self.ctx.may_send() {
            return Ok(0);
        }
        let now = self.ctx.now();
        if self.under_way() == 0 {
            self.ctx.store.write(move |db| entries::interrupted(db, now))?;
        }
        let due = self.ctx.store.read(move |db| entries::due(db, now, DUE_AT_ONCE))?;
        let mut started = 0;
        for entry in due {
            // Asked again: the network may have gone while the queue was read.
            if started == free || !self.ctx.may_send() {
                break;
            }
            let Some(taken) = self.take(entry.order) else { continue };
            started += 1;
            let (ctx, rounds) = (Arc::clone(&self.ctx), Arc::clone(&self.rounds));
            tasks.spawn(async move {
                let _taken = taken;
                let id = entry.id;
                if let Err(error) = work(&ctx, &rounds, entry).await {
                    tracing::error!(entry = %id, %error, "the outbox could not write");
                    tokio::time::sleep(policy::AFTER_STORE_FAILURE).await;
                }
            });
        }
        Ok(started)
    }

    /// Does the step that is due first, if any, before it returns. Gives whether there was one.
    ///
    /// # Errors
    /// Storage errors.
    pub async fn step(&self) -> StoreResult<bool> {
        if !self.ctx.may_send() {
            return Ok(false);
        }
        let now = self.ctx.now();
        let due = self.ctx.store.read(move |db| entries::due(db, now, DUE_AT_ONCE))?;
        let next = due.into_iter().find_map(|entry| self.take(entry.order).map(|taken| (entry, taken)));
        let Some((entry, _taken)) = next else { return Ok(false) };
        work(&self.ctx, &self.rounds, entry).await?;
        Ok(true)
    }

    /// How many orders have a request under way.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.in_flight.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn take(&self, order: OrderId) -> Option<Taken> {
        let mut in_flight = self.in_flight.lock().unwrap_or_else(PoisonError::into_inner);
        in_flight.insert(order).then(|| Taken { order, in_flight: Arc::clone(&self.in_flight) })
    }
}

/// One step of one entry. A storage error leaves the entry as it is on the disk: a `sending` one that nobody works on
/// becomes `unknown` as soon as the disk can be written again, all others are simply due again.
async fn work(ctx: &Context, rounds: &Rounds, entry: Entry) -> StoreResult<()> {
    match (entry.operation, entry.state) {
        (Operation::Create, EntryState::Unknown) => create::recover::attempt(ctx, rounds, entry).await,
        (Operation::Create, _) => create::attempt(ctx, entry).await,
        (Operation::Cancel, _) => cancel::attempt(ctx, entry).await,
    }
}
