//! The worker: takes what is due and sends independent orders side by side. An order is taken first and its entry read
//! after, so nobody works on what another has just changed.

use super::flow::Flow;
use super::lookup::shared_listing::SharedListing;
use super::{cancel, create, policy, recover, transitions};
use crate::account::{Context, touch};
use crate::clock::PhoneTime;
use crate::id::{EntryId, OrderId};
use crate::store::StoreResult;
use crate::store::rows::entries::{self, Allowed, Due};
use crate::store::rows::{Entry, EntryState, Operation};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::task::JoinSet;

/// Due entries read at once: more than fit, since some of their orders may be at work already.
const DUE_AT_ONCE: u32 = 16;

/// Sends what is due. The scheduler in the façade decides when.
pub struct Worker {
    ctx: Arc<Context>,
    tools: Arc<Tools>,
}

/// What the operations share.
struct Tools {
    /// Orders with a request under way: whoever asks for work next must not take them again.
    in_flight: Mutex<HashSet<OrderId>>,
    listing: SharedListing,
    flow: Flow,
}

/// Gives the order back however the work on it ends, an abort included.
struct Taken {
    order: OrderId,
    tools: Arc<Tools>,
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.tools.in_flight.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.order);
    }
}

impl Worker {
    /// A worker with nothing under way.
    #[must_use]
    pub fn new(ctx: Arc<Context>) -> Self {
        let flow = Flow::new(Arc::clone(&ctx.clock));
        let tools = Tools { in_flight: Mutex::default(), listing: SharedListing::default(), flow };
        Self { ctx, tools: Arc::new(tools) }
    }

    /// Starts as much of what is due as may run side by side. Gives how many were started.
    ///
    /// # Errors
    /// Storage errors of the reading.
    pub fn start_due(&self, tasks: &mut JoinSet<()>) -> StoreResult<usize> {
        if self.is_full() || !self.ctx.may_send() {
            return Ok(0);
        }
        self.take_up()?;
        let mut started = 0;
        for due in self.due(self.ctx.now())? {
            // Asked again: the network may have gone while the queue was read.
            if self.is_full() || !self.ctx.may_send() {
                break;
            }
            if is_create(&due) && !self.tools.flow.allows().creates {
                continue;
            }
            let Some(taken) = self.take(due.order) else { continue };
            // Counted from now on, not from when the task begins.
            let begun = is_create(&due).then(|| self.tools.flow.begin());
            started += 1;
            let (ctx, tools) = (Arc::clone(&self.ctx), Arc::clone(&self.tools));
            tasks.spawn(async move {
                let _taken = taken;
                let id = due.entry;
                if let Err(error) = work(&ctx, &tools, id).await {
                    tracing::error!(entry = %id, %error, "the outbox could not write");
                    tokio::time::sleep(policy::AFTER_STORE_FAILURE).await;
                }
                drop(begun);
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
        self.take_up()?;
        let due = self.due(self.ctx.now())?;
        let Some((due, _taken)) = due.into_iter().find_map(|due| self.take(due.order).map(|taken| (due, taken))) else {
            return Ok(false);
        };
        let _begun = is_create(&due).then(|| self.tools.flow.begin());
        work(&self.ctx, &self.tools, due.entry).await?;
        Ok(true)
    }

    /// What stands as being sent although nobody is at it, because the disk failed when its answer was to be written, may
    /// have arrived.
    fn take_up(&self) -> StoreResult<()> {
        if self.under_way() > 0 || !self.ctx.store.read(entries::has_interrupted)? {
            return Ok(());
        }
        let at = self.ctx.moment();
        self.ctx.store.write_announced(move |db, announced| {
            entries::interrupted(db, at.phone)?.into_iter().try_for_each(|order| touch(db, announced, order, at))
        })
    }

    fn due(&self, now: PhoneTime) -> StoreResult<Vec<Due>> {
        let allowed = self.tools.flow.allows();
        self.ctx.store.read(move |db| entries::due(db, now, allowed, DUE_AT_ONCE))
    }

    /// Whether something is due that may be done now.
    ///
    /// # Errors
    /// Storage errors.
    pub fn has_due(&self) -> StoreResult<bool> {
        let taken = self.tools.in_flight.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(self.due(self.ctx.now())?.iter().any(|due| !taken.contains(&due.order)))
    }

    /// When there is something to do that may be done then; `None` when there is nothing, or only an answer can let it go.
    ///
    /// # Errors
    /// Storage errors.
    pub fn next_due(&self) -> StoreResult<Option<PhoneTime>> {
        let (allowed, now) = (self.tools.flow.allows(), self.ctx.now());
        let (next, waits) = self.ctx.store.read(move |db| {
            let next = entries::next_due(db, allowed)?;
            Ok((next, if allowed == Allowed::ALL { None } else { entries::next_due(db, Allowed::ALL)? }))
        })?;
        // What waits for its turn is due when there is one.
        let turn = self.tools.flow.opens_in().map(|ms| now.plus(ms));
        Ok(next.into_iter().chain(waits.zip(turn).map(|(waits, turn)| waits.max(turn))).min())
    }

    /// Whether as many orders are at work as may be.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.under_way() >= policy::IN_FLIGHT
    }

    /// How many orders have a request under way.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.tools.in_flight.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Another network, or the seller wants it: what waited because of a bad minute may be tried.
    pub fn try_again(&self) {
        self.tools.flow.try_again();
    }

    /// Somebody sells, or looks: what waits is tried sooner.
    pub fn somebody_acts(&self) {
        self.tools.flow.somebody_acts();
    }

    fn take(&self, order: OrderId) -> Option<Taken> {
        let mut in_flight = self.tools.in_flight.lock().unwrap_or_else(PoisonError::into_inner);
        in_flight.insert(order).then(|| Taken { order, tools: Arc::clone(&self.tools) })
    }
}

fn is_create(due: &Due) -> bool {
    due.operation == Operation::Create && due.state != EntryState::Unknown
}

/// One step of one entry, as it is now. A storage error leaves the entry as it is on the disk: a `sending` one that
/// nobody works on becomes `unknown` as soon as the disk can be written again, all others are simply due again.
async fn work(ctx: &Context, tools: &Tools, id: EntryId) -> StoreResult<()> {
    let now = ctx.now();
    let entry = ctx.store.read(move |db| entries::get(db, id))?;
    let Some(entry) = entry.filter(|entry| entries::is_due(entry, now)) else { return Ok(()) };
    let seen = entry.clone();
    step(ctx, tools, entry).await?;
    transitions::brake(ctx, &seen)
}

async fn step(ctx: &Context, tools: &Tools, entry: Entry) -> StoreResult<()> {
    match (entry.operation, entry.state) {
        (Operation::Create, EntryState::Unknown) => recover::attempt(ctx, &tools.flow, &tools.listing, entry).await,
        (Operation::Create, _) => create::attempt(ctx, &tools.flow, entry).await,
        (Operation::Cancel, _) => cancel::attempt(ctx, entry).await,
    }
}
