//! The order that a session under our eyes belongs to.

use super::{Found, Wanted};
use crate::account::Context;
use crate::link::{SessionFacts, is_cancelled};
use crate::outbox::policy;

/// What was sorted out so far.
#[derive(Default)]
pub(super) struct Hits {
    ours: Vec<SessionFacts>,
    /// Ours, and over: nobody can pay it, but it was made, and its message was sent.
    over: Vec<SessionFacts>,
    doubtful: Vec<SessionFacts>,
    /// Under our reference, and somebody else's.
    pub(super) foreign: Vec<String>,
    /// One that may be ours could not be read just now.
    unread: Option<crate::gateway::NotDone>,
}

impl Hits {
    /// What there is of it; nothing when nothing was found.
    pub(super) fn found(&mut self) -> Option<Found> {
        if !self.ours.is_empty() {
            return Some(Found::Ours(std::mem::take(&mut self.ours)));
        }
        if let Some(why) = self.unread.take() {
            return Some(Found::Later(why));
        }
        if !self.doubtful.is_empty() {
            return Some(Found::Doubtful(std::mem::take(&mut self.doubtful)));
        }
        (!self.over.is_empty()).then_some(Found::Over)
    }

    fn knows(&self, id: &str) -> bool {
        self.ours.iter().chain(&self.over).chain(&self.doubtful).any(|known| known.id == id)
            || self.foreign.iter().any(|one| one == id)
    }
}

/// Looks through a list.
pub(super) async fn sort_out(ctx: &Context, wanted: &Wanted<'_>, sessions: Vec<SessionFacts>, hits: &mut Hits) {
    for listed in sessions {
        if !hits.knows(&listed.id) && !wanted.known.contains(&listed.id) {
            one(ctx, wanted, listed, hits).await;
        }
    }
}

/// A hit with our entry's id, or our order's, is ours; a hit by reference without either is read by its id.
async fn one(ctx: &Context, wanted: &Wanted<'_>, listed: SessionFacts, hits: &mut Hits) {
    if !wanted.is_marked(&listed) && listed.reference.as_deref() != Some(wanted.order.reference.as_str()) {
        return;
    }
    let session = match ctx.gateway.session(&listed.id).await {
        Ok(session) => crate::link::merge::session(&listed, session),
        // It said itself that it is ours: a read that is refused takes nothing of that back.
        Err(_) if wanted.is_marked(&listed) => listed,
        // One refused read decides nothing, as long as there is time for another.
        Err(why) if wanted.is_fresh(ctx) => {
            hits.unread = Some(why);
            return;
        }
        Err(_) => listed,
    };
    let same = session.reference.as_ref().is_none_or(|reference| *reference == wanted.order.reference)
        && session.amount.is_none_or(|amount| amount == wanted.order.sale.total.minor());
    let usable = session.transaction_id.is_some() || !(is_cancelled(&session) || is_over(ctx, &session));
    if !same {
        return;
    }
    if !usable {
        if wanted.is_marked(&session) {
            hits.over.push(session);
        }
        return;
    }
    if wanted.is_marked(&session) {
        hits.ours.push(session);
    } else if session.entry_id.is_some() || session.order_id.is_some() {
        hits.foreign.push(session.id);
    } else {
        hits.doubtful.push(session);
    }
}

impl Wanted<'_> {
    /// Whether a session carries our mark. The order's id is enough: where a damaged database has lost the entry, another
    /// one was made in its place.
    fn is_marked(&self, session: &SessionFacts) -> bool {
        session.entry_id.as_ref().is_some_and(|id| self.entries.contains(id))
            || session.order_id.as_ref().is_some_and(|id| *id == self.order.id.to_string())
    }

    fn is_fresh(&self, ctx: &Context) -> bool {
        self.last_sent_at.is_some_and(|at| ctx.server.best().since(at) < policy::QUESTION_AFTER_MS)
    }
}

fn is_over(ctx: &Context, session: &SessionFacts) -> bool {
    // Only the provider's own time ends it.
    session.expires_at.is_some_and(|end| ctx.server.known().is_some_and(|now| now.ms() >= end))
}
