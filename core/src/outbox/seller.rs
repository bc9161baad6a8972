//! What the seller does to the queue: save a sale, and act on one. Each is one durable transaction, decided on the link as
//! it is in it; the worker sends later. What each call promises is written at the façade.

use super::create::Payload;
use super::policy;
use super::transitions::give_up;
use crate::account::Context;
use crate::clock::{Clock, ProviderTime};
use crate::code::codes;
use crate::error::PaylinkError;
use crate::id::{CustomerId, EntryId, OrderId, new_tag};
use crate::link::{Action, Delivered, EventKind, NewEvent, ShareChannel, ShareOutcome, Shared};
use crate::order::{Draft, Order, Problem, Sale, parse};
use crate::problem::ProblemCode;
use crate::store::rows::links::{self, Record};
use crate::store::rows::{Entry, EntryState, Operation, customers, entries, items, meta, orders, sessions};
use crate::store::{Announced, LinkChange, Moment, StoreError, StoreResult};
use crate::sync;
use rusqlite::Transaction;
use std::collections::BTreeSet;
use std::sync::Arc;

codes! {
    /// What the seller says of a message that may have been sent.
    pub enum UnknownAnswer {
        /// Look again later.
        Wait = "wait",
        /// Make a link without a message from the provider; the seller sends it from the phone. The seller's risk.
        SendFromPhone = "send_from_phone",
        /// Let the provider send again. The seller's risk: the customer may get two messages.
        SendAgain = "send_again",
    }
}

/// What the seller does with a link.
pub enum SellerAct {
    /// Tries again now what waits or was refused.
    Retry,
    /// Gives up a sale that has no link.
    Discard,
    /// Cancels: at once what was never sent, else at the provider.
    Cancel,
    /// Answers about a message that may have been sent.
    Resolve(UnknownAnswer),
}

impl SellerAct {
    const fn action(&self) -> Action {
        match self {
            Self::Retry => Action::Retry,
            Self::Discard => Action::Discard,
            Self::Cancel => Action::Cancel,
            Self::Resolve(_) => Action::ResolveUnknown,
        }
    }
}

/// Saves a sale: order, outbox entry and first event in one transaction (rule 1). What was saved is read in
/// that same transaction, so that nothing can fail once it is on the disk.
///
/// # Errors
/// [`PaylinkError::Refused`] with every problem; storage errors. Nothing was saved then.
pub fn create(ctx: &Context, draft: &Draft) -> Result<Record, PaylinkError> {
    let sale = parse(draft, &ctx.rules()).map_err(|problems| PaylinkError::Refused { problems })?;
    let new = NewOrder::of(ctx, sale);
    Ok(ctx.store.write_announced(move |db, announced| {
        let problems = new.problems(db)?;
        if !problems.is_empty() {
            return Err(PaylinkError::Refused { problems }.into());
        }
        for item in new.sale.goods.iter().map(|(_, item)| *item).collect::<BTreeSet<_>>() {
            items::sold(db, item, new.at.phone)?;
        }
        new.save(db, announced)
    })?)
}

/// An order to be saved.
struct NewOrder {
    id: OrderId,
    entry: EntryId,
    /// Of a customer who was never here before.
    customer: CustomerId,
    sale: Sale,
    prefix: String,
    clock: Arc<dyn Clock>,
    at: Moment,
}

impl NewOrder {
    fn of(ctx: &Context, sale: Sale) -> Self {
        Self {
            id: OrderId::generate(&*ctx.clock),
            entry: EntryId::generate(&*ctx.clock),
            customer: CustomerId::generate(&*ctx.clock),
            sale,
            prefix: ctx.settings.reference_prefix.clone(),
            clock: Arc::clone(&ctx.clock),
            at: ctx.moment(),
        }
    }

    /// What only the database can tell.
    fn problems(&self, db: &Transaction<'_>) -> StoreResult<Vec<Problem>> {
        let mut problems = Vec::new();
        if let Some(reference) = &self.sale.reference
            && orders::has_reference(db, reference)?
        {
            problems.push(Problem::on("reference", ProblemCode::AlreadyUsed));
        }
        if let Some(old) = self.sale.again_of {
            problems.extend(not_again(db, old, self.at)?);
        }
        Ok(problems)
    }

    fn save(self, db: &Transaction<'_>, announced: &mut Vec<Announced>) -> StoreResult<Record> {
        let Self { id, sale, at, .. } = self;
        let reference = match &sale.reference {
            Some(reference) => reference.clone(),
            None => meta::next_reference(db, &self.prefix, || new_tag(&*self.clock))?,
        };
        let payload = Payload::new(sale.delivery).text()?;
        let mut entry = Entry::new(self.entry, id, Operation::Create, payload, at.phone);
        let again_of = sale.again_of;
        let order = Order { id, reference, created_at: at.phone, sale };
        orders::insert(db, &order)?;
        customers::note(db, &order, self.customer)?;
        entries::save(db, &mut entry)?;
        LinkChange::run(db, announced, id, at, |change| {
            let saved = NewEvent::once(EventKind::Saved, &id.to_string(), at.provider);
            change.tell(match again_of {
                Some(old) => saved.with("again_of", old.to_string()),
                None => saved,
            });
            Ok(())
        })?;
        if let Some(old) = again_of {
            LinkChange::run(db, announced, old, at, |change| {
                let told = NewEvent::once(EventKind::RequestedAgain, &id.to_string(), at.provider);
                change.tell(told.with("order", id.to_string()));
                Ok(())
            })?;
        }
        links::record(db, id)
    }
}

/// Why an order cannot be requested again: there is none, or it or one of its family is not over.
fn not_again(db: &Transaction<'_>, old: OrderId, at: Moment) -> StoreResult<Option<Problem>> {
    let record = match links::record(db, old) {
        Err(StoreError::Refused(refused)) if matches!(*refused, PaylinkError::NotFound { .. }) => {
            return Ok(Some(Problem::on("again_of", ProblemCode::Invalid)));
        }
        record => record?,
    };
    Ok(record.kept_from_again_by(at.provider).map(|alive| {
        let mut problem = Problem::on("again_of", ProblemCode::NotOver);
        problem.parameters.insert("reference".to_owned(), alive.order.reference.clone());
        problem
    }))
}

/// Acts on a link: refused when the status, read in that same transaction, does not allow it.
///
/// # Errors
/// [`PaylinkError::NotAllowed`], [`PaylinkError::NotFound`], storage errors.
pub fn act(ctx: &Context, id: OrderId, act: SellerAct) -> Result<Record, PaylinkError> {
    let cancelling = EntryId::generate(&*ctx.clock);
    let done = ctx.change(id, move |change| {
        if matches!(act, SellerAct::Cancel) && change.record().is_cancel_asked() {
            // Asked twice is asked once.
            return Ok(change.record().clone());
        }
        allow(change, act.action())?;
        match act {
            SellerAct::Retry => retry(change),
            SellerAct::Discard => give_up(change, EventKind::Discarded),
            SellerAct::Cancel => cancel(change, cancelling),
            SellerAct::Resolve(answer) => resolve(change, answer),
        }?;
        Ok(change.record().clone())
    });
    Ok(done?)
}

/// The order that is refused as a duplicate of another is closed, and a new one of the same sale takes its place, with a
/// reference of its own. No order ever changes its reference (rule 2); the old one is still watched under its own.
///
/// # Errors
/// As [`act`].
pub fn replace(ctx: &Context, id: OrderId) -> Result<Record, PaylinkError> {
    let old = ctx.store.read(move |db| links::record(db, id))?;
    // A reference that the seller typed is the very one that is taken.
    let new = NewOrder::of(ctx, Sale { reference: None, ..old.order.sale });
    let at = new.at;
    let done = ctx.store.write_announced(move |db, announced| {
        let replacement = new.id;
        LinkChange::run(db, announced, id, at, |change| allow(change, Action::Replace))?;
        let record = new.save(db, announced)?;
        LinkChange::run(db, announced, id, at, |change| {
            for entry in change.record().entries.clone().into_iter().filter(|entry| entry.state.is_open()) {
                change.save_entry(Entry { state: EntryState::Superseded, ..entry })?;
            }
            sync::watch(change);
            change.state().superseded_by = Some(replacement);
            let told = NewEvent::once(EventKind::Superseded, &replacement.to_string(), at.provider);
            change.tell(told.with("order", replacement.to_string()));
            Ok(())
        })?;
        Ok(record)
    });
    Ok(done?)
}

/// Whether a link allows an action at `now`.
///
/// # Errors
/// [`PaylinkError::NotAllowed`].
pub fn allowed(record: &Record, action: Action, now: ProviderTime) -> Result<(), PaylinkError> {
    if record.actions(now).contains(&action) {
        Ok(())
    } else {
        Err(PaylinkError::NotAllowed { action, status: record.status(now) })
    }
}

fn allow(change: &LinkChange<'_>, action: Action) -> StoreResult<()> {
    Ok(allowed(change.record(), action, change.at().provider)?)
}

/// The entry that the seller decides about.
fn decided(change: &LinkChange<'_>, action: Action) -> StoreResult<Entry> {
    let status = change.record().status(change.at().provider);
    let entry = change.record().open_entry().cloned();
    entry.ok_or_else(|| PaylinkError::NotAllowed { action, status }.into())
}

fn retry(change: &mut LinkChange<'_>) -> StoreResult<()> {
    let mut entry = decided(change, Action::Retry)?;
    if matches!(entry.state, EntryState::Parked | EntryState::Held) {
        let now = Some(change.at().phone.ms());
        Payload { confirmed_at: now, refused: None, looks: 0, ..Payload::of(&entry)? }.put(&mut entry)?;
        entry.state = if entry.unclear { EntryState::Unknown } else { EntryState::Queued };
        entry.reason = None;
    }
    entry.wait(change.at().phone, 0);
    change.save_entry(entry)
}

fn cancel(change: &mut LinkChange<'_>, cancelling: EntryId) -> StoreResult<()> {
    let record = change.record();
    let never_sent = |entry: &Entry| matches!(entry.state, EntryState::Queued | EntryState::Waiting) && !entry.unclear;
    if record.session.is_none() && record.entries.iter().all(never_sent) {
        return give_up(change, EventKind::Cancelled);
    }
    let at = change.at();
    let entry = Entry::new(cancelling, record.order.id, Operation::Cancel, CANCEL_PAYLOAD.to_owned(), at.phone);
    change.tell(NewEvent::once(EventKind::CancelRequested, &entry.id.to_string(), at.provider));
    change.save_entry(entry)
}

/// A cancel needs nothing besides its order.
const CANCEL_PAYLOAD: &str = r#"{"v":"1"}"#;

/// Whatever the seller answers, a look is made just then, before anything is created.
fn resolve(change: &mut LinkChange<'_>, answer: UnknownAnswer) -> StoreResult<()> {
    let mut entry = decided(change, Action::ResolveUnknown)?;
    let at = change.at();
    entry.state = EntryState::Unknown;
    entry.wait(at.phone, if answer == UnknownAnswer::Wait { policy::SELLER_WAITS_MS } else { 0 });
    if answer != UnknownAnswer::Wait {
        let mut payload = Payload::of(&entry)?;
        payload.resent_by_seller = payload.resent_by_seller.saturating_add(1);
        payload.provider_sends = answer == UnknownAnswer::SendAgain;
        payload.chosen = true;
        payload.refused = None;
        // Who answers knows how old it is.
        payload.confirmed_at = Some(at.phone.ms());
        payload.put(&mut entry)?;
        entry.reason = None;
        change.tell(NewEvent::each(EventKind::ResentBySeller, at.provider));
        sync::watch(change);
    }
    change.save_entry(entry)
}

/// Records that the link was handed to an app of the phone.
///
/// # Errors
/// [`PaylinkError::NotFound`], storage errors.
pub fn mark_shared(
    ctx: &Context,
    id: OrderId,
    channel: ShareChannel,
    outcome: ShareOutcome,
) -> Result<Record, PaylinkError> {
    Ok(ctx.change(id, move |change| handed(change, EventKind::Shared, channel, outcome))?)
}

/// Records that a reminder was handed to an app of the phone. What was paid, cancelled or over while the app was in front
/// does not make it unsent; only where no first message ever went out was it none.
///
/// # Errors
/// [`PaylinkError::NotAllowed`] before a first message has gone out; [`PaylinkError::NotFound`], storage errors.
pub fn mark_reminded(
    ctx: &Context,
    id: OrderId,
    channel: ShareChannel,
    outcome: ShareOutcome,
) -> Result<Record, PaylinkError> {
    let done = ctx.change(id, move |change| {
        let record = change.record();
        if record.session.is_none() || !record.state.delivered.has_gone_out() {
            let status = record.status(change.at().provider);
            return Err(PaylinkError::NotAllowed { action: Action::Remind, status }.into());
        }
        handed(change, EventKind::Reminded, channel, outcome)
    });
    Ok(done?)
}

fn handed(
    change: &mut LinkChange<'_>,
    kind: EventKind,
    channel: ShareChannel,
    outcome: ShareOutcome,
) -> StoreResult<Record> {
    let at = change.at();
    // Two apps may be named within one millisecond; the same app and outcome twice is one event.
    let what = format!("{}:{}:{}", at.provider.ms(), channel.code(), outcome.code());
    let event = NewEvent::once(kind, &what, at.provider);
    change.tell(event.with("channel", channel.code()).with("outcome", outcome.code()));
    if let Some(session) = &change.record().state.session_id {
        sessions::poll_by(change.db(), session, at.phone)?;
    }
    let state = change.state();
    if outcome.may_have_arrived() && state.delivered != Delivered::Sent {
        state.delivered = Delivered::Shared;
    }
    state.shared = Some(Shared { channel: channel.into(), outcome: outcome.into() });
    Ok(change.record().clone())
}
