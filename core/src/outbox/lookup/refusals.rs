//! Questions that the provider does not answer to us: they are not asked again that day (rule 4). A list and a
//! search may be refused apart. A firewall's page in place of a list is no refusal.

use crate::account::Context;
use crate::gateway::{Answer, NotDone};
use crate::outbox::policy;
use crate::store::StoreResult;
use crate::store::rows::meta;

/// What can be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// Sessions by time.
    Listing,
    /// Sessions by reference.
    Search,
}

impl Question {
    const fn key(self) -> &'static str {
        match self {
            Self::Listing => "listing_refused_at",
            Self::Search => "search_refused_at",
        }
    }
}

/// Whether it was refused less than a day ago.
pub(super) fn is_refused(ctx: &Context, question: Question) -> StoreResult<bool> {
    let now = ctx.now().ms();
    let at = ctx.store.read(move |db| meta::get(db, question.key()))?.and_then(|text| text.parse::<i64>().ok());
    Ok(at.is_some_and(|at| (0..policy::LISTING_REFUSED_MS).contains(&(now - at))))
}

/// Remembers a refusal. Gives whether it was one.
pub(super) fn note<T>(ctx: &Context, question: Question, answer: &Answer<T>) -> StoreResult<bool> {
    let refused = match answer {
        Err(NotDone::Forbidden(_)) => true,
        Err(NotDone::Rejected(rejection)) => rejection.status == 404,
        _ => false,
    };
    if refused {
        let now = ctx.now().ms().to_string();
        ctx.store.write(move |db| meta::put(db, question.key(), &now))?;
    }
    Ok(refused)
}
