//! What makes the silence of a listing evidence: it shows something that was made after the attempt, so it has come at
//! least that far. Two clocks of the provider meet here, its `Date` (by which we know when we asked) and its `created_at`
//! (by which it lists); they can be minutes apart, so how far is learnt from our own links and never assumed.

use crate::account::Context;
use crate::clock::ProviderTime;
use crate::outbox::policy;
use crate::store::StoreResult;
use crate::store::rows::sessions;
use crate::sync::skew;

/// How far `created_at` was seen to be ahead of `Date`, ms: the least and the most. `None` where nothing was seen yet.
pub(in crate::outbox) struct Skew(Option<(i64, i64)>);

impl Skew {
    /// As it was learnt.
    pub(in crate::outbox) fn kept(ctx: &Context) -> StoreResult<Self> {
        Ok(Self(ctx.store.read(skew::kept)?.map(|kept| (kept.least, kept.most))))
    }

    /// From which `created_at` on a listing has what was made at `since` or later.
    pub(super) fn listing_from(&self, since: ProviderTime) -> ProviderTime {
        let back = self.0.map_or(policy::UNKNOWN_SKEW_MS, |(least, _)| -least);
        since.plus(-(back + policy::LISTING_MARGIN_MS))
    }

    /// Whether something created then was made after this.
    fn is_after(&self, created_at: i64, after: ProviderTime) -> bool {
        self.0.is_some_and(|(_, most)| created_at > after.plus(most + policy::LISTING_MARGIN_MS).ms())
    }
}

/// Whether a witness is among these sessions: one of our own that was asked for after the attempt, or one whose time of
/// creation says so.
pub(super) fn is_among<'a>(
    ctx: &Context,
    skew: &Skew,
    mut sessions: impl Iterator<Item = (&'a str, Option<i64>)>,
    after: ProviderTime,
) -> StoreResult<bool> {
    let ours = ctx.store.read(move |db| sessions::asked_for_after(db, after))?;
    Ok(sessions.any(|(id, at)| ours.contains(id) || at.is_some_and(|at| skew.is_after(at, after))))
}
