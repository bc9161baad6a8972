//! The scheduler: decides when the outbox sends and when links are asked about.

use super::Live;
use crate::clock::SetBack;
use crate::store::{StoreResult, entries, orders, sessions};
use rusqlite::Connection;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::task::JoinSet;

/// The scheduler looks at the queue at least this often, whatever it believes: clocks jump.
const LOOK_AT_LEAST: Duration = Duration::from_secs(30);
/// After the database could not be read or written: a disk that has healed is noticed this soon.
const LOOK_AFTER_FAILURE: Duration = Duration::from_secs(2);
/// And at most this often, when something is due that cannot be taken yet.
pub(super) const LOOK_AT_MOST: Duration = Duration::from_millis(50);

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
    if live.ctx.may_send() {
        live.worker.start_due(tasks)?;
        let now = live.ctx.now();
        let asks = live.foreground.load(Ordering::SeqCst)
            && !live.polling.load(Ordering::SeqCst)
            && live.ctx.store.read(next_question)?.is_some_and(|at| at <= now);
        if asks {
            let live = Arc::clone(live);
            tasks.spawn(async move {
                live.poll().await;
            });
        }
    }
    until_due(live)
}

/// When there is something to ask about: a link, or an order whose strays are watched for.
fn next_question(db: &Connection) -> StoreResult<Option<i64>> {
    Ok(sessions::next_due(db)?.into_iter().chain(orders::next_watched(db)?).min())
}

/// When there is something to send or to ask.
pub(super) fn next_work(db: &Connection) -> StoreResult<Option<i64>> {
    Ok(entries::next_due(db)?.into_iter().chain(next_question(db)?).min())
}

/// How long the scheduler may sleep.
fn until_due(live: &Live) -> StoreResult<Duration> {
    if !live.ctx.may_send() {
        return Ok(LOOK_AT_LEAST);
    }
    let wait = live
        .next_due()?
        .map_or(LOOK_AT_LEAST, |at| Duration::from_millis(u64::try_from(at - live.ctx.now()).unwrap_or(0)));
    Ok(wait.clamp(LOOK_AT_MOST, LOOK_AT_LEAST))
}
