//! The scheduler: decides when the outbox sends and when links are asked about.

use super::Live;
use crate::clock::{PhoneTime, SetBack};
use crate::store::StoreResult;
use crate::store::rows::{orders, sessions};
use rusqlite::Connection;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::task::JoinSet;

/// The scheduler looks at the queue at least this often, whatever it believes: clocks jump.
const MAX_BETWEEN_LOOKS: Duration = Duration::from_secs(30);
/// After the database could not be read or written: a disk that has healed is noticed this soon.
const LOOK_AFTER_FAILURE: Duration = Duration::from_secs(2);
/// While links are asked about, what falls due is looked for this often: the end of that wakes it anyway.
const LOOK_WHILE_ASKING: Duration = Duration::from_millis(500);
/// And at most this often, when something is due that cannot be taken yet.
pub(super) const MIN_BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// A defect that panics costs one look, never the queue: whatever was being sent then is looked up, as after a kill.
pub(super) async fn keep(live: Arc<Live>) {
    while let Err(defect) = live.handle.spawn(schedule(Arc::clone(&live))).await {
        if !defect.is_panic() || *live.stop.borrow() {
            return;
        }
        tracing::error!("the scheduler panicked; it goes on");
        tokio::time::sleep(LOOK_AFTER_FAILURE).await;
    }
}

/// Sends and asks until it is told to stop; then gives up what is under way.
async fn schedule(live: Arc<Live>) {
    let mut stop = live.stop.subscribe();
    let mut tasks = JoinSet::new();
    let mut set_back = SetBack::since_now(&*live.ctx.clock);
    while !*stop.borrow() {
        let planned = if set_back.noticed(&*live.ctx.clock) { live.ask_all() } else { Ok(()) };
        let wait = match planned.and_then(|()| look(&live, &mut tasks)) {
            Ok(wait) => wait,
            Err(error) => {
                tracing::error!(%error, "the outbox could not be read");
                LOOK_AFTER_FAILURE
            }
        };
        tokio::select! {
            _ = stop.changed() => {}
            () = live.nudge.notified() => {}
            Some(_) = tasks.join_next() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
    tasks.shutdown().await;
}

fn look(live: &Arc<Live>, tasks: &mut JoinSet<()>) -> StoreResult<Duration> {
    live.worker.start_due(tasks)?;
    if live.foreground.load(Ordering::SeqCst) && live.ctx.may_read() && live.asker.rests(&live.ctx)?.is_none() {
        let now = live.ctx.now();
        let (links, strays) = live.ctx.store.read(|db| Ok((sessions::next_due(db)?, orders::next_watched(db)?)))?;
        if links.is_some_and(|at| at <= now) && !live.polling.load(Ordering::SeqCst) {
            let live = Arc::clone(live);
            tasks.spawn(async move { live.poll().await });
        }
        // On a task of its own: what the merchant's web shop makes of it never stands before "paid".
        if strays.is_some_and(|at| at <= now) && !live.watching.load(Ordering::SeqCst) {
            let live = Arc::clone(live);
            tasks.spawn(async move { live.watch().await });
        }
    }
    live.tidy.step(&live.ctx);
    Ok(until_due(live)?.min(live.tidy.rests(live.ctx.now())).max(MIN_BETWEEN_LOOKS))
}

/// When there is something to ask about: a link, or an order whose strays are watched for.
pub(super) fn next_question(db: &Connection) -> StoreResult<Option<PhoneTime>> {
    Ok(sessions::next_due(db)?.into_iter().chain(orders::next_watched(db)?).min())
}

/// How long the scheduler may sleep. What is under way wakes it by its end: nobody looks at the clock meanwhile.
fn until_due(live: &Live) -> StoreResult<Duration> {
    if !live.ctx.may_read() {
        return Ok(MAX_BETWEEN_LOOKS);
    }
    let sends = live.ctx.may_send() && !live.worker.is_full();
    let work = if sends { live.worker.next_due()? } else { None };
    let asks = live.foreground.load(Ordering::SeqCst)
        && !(live.polling.load(Ordering::SeqCst) && live.watching.load(Ordering::SeqCst));
    let question = if asks { live.next_question()? } else { None };
    let at_it = live.polling.load(Ordering::SeqCst) || live.watching.load(Ordering::SeqCst);
    let wait =
        work.into_iter().chain(question).min().map_or(MAX_BETWEEN_LOOKS, |at| {
            Duration::from_millis(u64::try_from(at.since(live.ctx.now())).unwrap_or(0))
        });
    Ok(wait.clamp(if at_it { LOOK_WHILE_ASKING } else { MIN_BETWEEN_LOOKS }, MAX_BETWEEN_LOOKS))
}
