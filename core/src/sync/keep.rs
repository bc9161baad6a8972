//! What the provider said is merged with what is known, in the transaction that writes it: a late answer takes nothing
//! back. New events are reported, the status follows, and a payment of a session that is not the link makes it the link.

use super::policy::{self, Crowd};
use super::{skew, watch_now};
use crate::clock::ProviderTime;
use crate::link::delivery::{Asked, judge};
use crate::link::{
    Delivered, EventKind, LinkStatus, NewEvent, SessionFacts, Stage, TransactionFacts, derive, merge, observed,
};
use crate::order::Delivery;
use crate::sabotage::Sabotage;
use crate::store::rows::sessions::{self, SessionRow};
use crate::store::rows::{Entry, EntryState, Operation};
use crate::store::{Announced, LinkChange, Moment, StoreResult};
use rusqlite::Transaction;

/// What was learnt of one session.
pub(super) struct Told {
    /// The provider's id of it.
    pub(super) id: String,
    pub(super) session: Option<SessionFacts>,
    pub(super) transaction: Option<TransactionFacts>,
    /// There was no answer about it; whether the provider knows it, or lets us see it, at all.
    pub(super) missed: Option<Missed>,
}

/// Why there was no answer about one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missed {
    /// The provider failed, or asked to wait.
    Failed,
    /// 403, 404.
    Refused,
}

/// What all that is kept together needs.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub(super) at: Moment,
    /// The provider's time where it is known: only then a link can be said to have expired.
    pub(super) known: Option<ProviderTime>,
    pub(super) crowd: Crowd,
    pub(super) production: bool,
}

/// Writes what was learnt of one session. Gives what is known of it then; `None` when there is no such row.
pub(super) fn keep(
    db: &Transaction<'_>,
    announced: &mut Vec<Announced>,
    frame: Frame,
    told: Told,
) -> StoreResult<Option<SessionRow>> {
    let Some(before) = sessions::get(db, &told.id)? else { return Ok(None) };
    let now = frame.at.phone;
    let mut row = before.clone();
    if let Some(session) = told.session {
        row.facts = merge::session(&before.facts, session.clone());
        if Sabotage::FactsTakenBack.is_on() {
            row.facts = SessionFacts { expires_at: row.facts.expires_at, ..session };
        }
    }
    if let Some(transaction) = told.transaction {
        let late = Sabotage::FactsTakenBack.is_on();
        row.transaction = Some(merge::transaction(before.transaction.as_ref().filter(|_| !late), transaction));
    }
    row.misses = match told.missed {
        Some(_) => before.misses.saturating_add(1),
        None => 0,
    };
    if told.missed.is_none() {
        row.read_at = Some(now);
    }
    let has_news = row.facts != before.facts || row.transaction != before.transaction;
    if has_news {
        row.changed_at = now;
    }
    let status = derive(Stage::Created, Some(&row.facts), row.transaction.as_ref(), frame.at.provider);
    row.next_poll_at = match told.missed {
        Some(missed) => Some(now.plus(policy::after_misses(row.misses, missed == Missed::Refused))),
        None => {
            let end = row.facts.expires_at.map(ProviderTime::from_ms);
            policy::next_poll(status, row.changed_at, end, frame.at, frame.crowd)
        }
    };
    let end = row.facts.expires_at.map(ProviderTime::from_ms);
    let is_over = status == LinkStatus::Expired && end.zip(frame.known).is_some_and(|(end, known)| known >= end);
    if !has_news && !is_over {
        sessions::save(db, &row)?;
        return Ok(Some(row));
    }
    let kept = LinkChange::run(db, announced, row.order, frame.at, |change| {
        if let Some(entry) = change.entry(row.entry) {
            learn_skew(change, entry, &before, &row)?;
        }
        change.save_session(&row)?;
        let is_paid = row.transaction.as_ref().is_some_and(TransactionFacts::is_payment);
        if change.record().state.session_id.as_deref() != Some(row.id.as_str()) {
            if !is_paid {
                // It is watched, and closed when it can be.
                row.next_poll_at = None;
                change.save_session(&row)?;
                return Ok(row);
            }
            won(change, &row)?;
        }
        let mut news = observed(&row.facts, row.transaction.as_ref(), frame.at.provider);
        if is_over {
            news.push(NewEvent::once(EventKind::Expired, &row.id, end.unwrap_or(frame.at.provider)));
        }
        if is_paid && let Some(payment) = first_new_payment(change, &news)? {
            loud(change, &row, payment)?;
        }
        deliver(change, &row, frame);
        news.into_iter().for_each(|event| change.tell(event));
        Ok(row)
    })?;
    Ok(Some(kept))
}

/// A link that came to be by a clear answer tells how far the provider's two clocks are apart.
fn learn_skew(change: &LinkChange<'_>, entry: &Entry, before: &SessionRow, row: &SessionRow) -> StoreResult<()> {
    match (before.facts.created_at, row.facts.created_at) {
        (None, Some(created)) if entry.sent_time_known && !entry.unclear => {
            skew::learn(change.db(), created - row.created_at.ms())
        }
        _ => Ok(()),
    }
}

/// Somebody has paid a session that is not the link: it wins, unless the link is paid as well; either is said loudly.
fn won(change: &mut LinkChange<'_>, row: &SessionRow) -> StoreResult<()> {
    let at = change.at().provider;
    let link_is_paid = change
        .record()
        .session
        .as_ref()
        .and_then(|link| link.transaction.as_ref())
        .is_some_and(TransactionFacts::is_payment);
    if !link_is_paid {
        let creating = change.record().entries.iter().find(|entry| entry.operation == Operation::Create);
        if let Some(entry) = creating.filter(|entry| entry.state.is_open()).cloned() {
            change.save_entry(Entry { state: EntryState::Done, reason: None, ..entry })?;
        }
        change.set_link(&row.id)?;
        // Whether its own message was sent is judged again.
        change.state().delivered = Delivered::Waiting;
        change.tell(NewEvent::once(EventKind::LinkAdopted, &row.id, at));
    }
    change.tell(NewEvent::once(EventKind::PaidAfterEnd, &row.id, at).with("session", row.id.as_str()));
    // What can still be paid beside it is closed.
    watch_now(change);
    Ok(())
}

/// The payment that these events tell, if it is news.
fn first_new_payment(change: &LinkChange<'_>, news: &[NewEvent]) -> StoreResult<Option<i64>> {
    for event in news.iter().filter(|event| event.kind.is_payment()) {
        if !change.is_told(event)? {
            return Ok(Some(event.at));
        }
    }
    Ok(None)
}

/// A payment of what was over is said loudly. Money that was only reserved, and released by the cancel itself, is none.
fn loud(change: &mut LinkChange<'_>, row: &SessionRow, paid_at: i64) -> StoreResult<()> {
    let late = row.facts.expires_at.is_some_and(|end| paid_at >= end);
    let mut over = late && change.has_told(EventKind::Expired)?;
    for kind in [EventKind::Cancelled, EventKind::Discarded, EventKind::Superseded] {
        over = over || change.has_told(kind)?;
    }
    if over {
        change.tell(NewEvent::once(EventKind::PaidAfterEnd, &row.id, ProviderTime::from_ms(paid_at)));
    }
    Ok(())
}

/// Proof that a message was sent counts whenever it comes.
fn deliver(change: &mut LinkChange<'_>, row: &SessionRow, frame: Frame) {
    let sale = &change.record().order.sale;
    let to_send = sale.delivery == Delivery::Sms;
    let asked = Asked { to_send, production: frame.production, by_push: sale.methods.is_push() };
    if change.record().state.delivered == Delivered::Sent {
        return;
    }
    let (delivered, told) = judge(asked, &row.facts.published, &row.facts.events);
    // One that became the link only now has no state of delivery yet.
    if delivered == Delivered::Sent || change.record().state.delivered == Delivered::Waiting {
        change.state().delivered = delivered;
        if let Some(kind) = told {
            change.tell(NewEvent::once(kind, &row.id, frame.at.provider));
        }
    }
}
