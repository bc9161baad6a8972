//! Asking the provider what became of links. What it says is merged with what is known, written as timeline events in
//! one transaction a pass, and announced after.
//!
//! | links in a pass | asked |
//! |---|---|
//! | up to ten | each session; of one that somebody pays, the transaction |
//! | more | transactions of up to 100 sessions in one list, the sessions in another where the provider lists them; what a list does not tell is read one by one |
//!
//! A question that gets no answer changes nothing and is asked again, later each time; what the provider asks to wait is
//! kept, for the account and for the link, also by the next process.

mod ask;
mod keep;
pub mod policy;
pub mod skew;
mod watch;

pub use ask::Asker;
pub use watch::{watch, watch_now};

use crate::account::Context;
use crate::gateway::{Answer, Fault, NotDone};
use crate::store::StoreResult;
use crate::store::rows::sessions::{self, SessionRow};
use keep::{Frame, Told};
use policy::Crowd;

/// The links that are due to be asked about now, the newest first, at most one pass of them.
///
/// # Errors
/// Storage errors.
pub fn due(ctx: &Context) -> StoreResult<Vec<String>> {
    let now = ctx.now();
    ctx.store.read(move |db| sessions::due(db, now, policy::BATCH))
}

/// All links that are still asked about, the newest first.
///
/// # Errors
/// Storage errors.
pub fn asked_about(ctx: &Context) -> StoreResult<Vec<String>> {
    ctx.store.read(sessions::asked_about)
}

/// Reads one session and its transaction now, and keeps what they say.
///
/// # Errors
/// Why there was no answer; `NotSent` as well when it could not be written.
pub async fn read(ctx: &Context, row: &SessionRow) -> Answer<SessionRow> {
    let session = ctx.gateway.session(&row.id).await?;
    let transaction = match session.transaction_id.as_ref().or(row.facts.transaction_id.as_ref()) {
        Some(id) => Some(ctx.gateway.transaction(id).await?),
        None => None,
    };
    let told = Told { id: row.id.clone(), session: Some(session), transaction, missed: None };
    match write(ctx, vec![told]) {
        Ok(mut rows) => rows.pop().ok_or(NotDone::NotSent(Fault::Cut)),
        Err(error) => {
            tracing::error!(%error, "a link's news could not be stored");
            Err(NotDone::NotSent(Fault::Cut))
        }
    }
}

/// Writes what a pass has brought, in one transaction.
fn write(ctx: &Context, told: Vec<Told>) -> StoreResult<Vec<SessionRow>> {
    if told.is_empty() {
        return Ok(Vec::new());
    }
    let (at, known) = (ctx.moment(), ctx.server.known());
    let production = ctx.settings.provider.sends();
    ctx.store.write_announced(move |db, announced| {
        let (lively, all) = sessions::count_asked_about(db, policy::lively_since(at.phone))?;
        let frame = Frame { at, known, crowd: Crowd { lively, all }, production };
        let mut rows = Vec::new();
        for one in told {
            rows.extend(keep::keep(db, announced, frame, one)?);
        }
        Ok(rows)
    })
}
