//! Creating the session that is the link: the happy way. What happens after a lost answer is in `recover.rs`.
//!
//! | outcome | entry | what the seller sees |
//! |---|---|---|
//! | accepted | `done` | the link |
//! | not sent, busy | `waiting` | the reason, and when it is tried again |
//! | sign-in needed | back to `queued` | the pause |
//! | refused, never unclear before | `parked` | the provider's words |
//! | refused after an unclear attempt | `unknown` | looked up first: it may be refusing a duplicate |
//! | unclear | `unknown` | being looked up |

pub(super) mod lookup;
pub mod recover;
pub(super) mod rounds;

use crate::account::Context;
use crate::clock::ServerTime;
use crate::gateway::{CreateSession, CreatedSession, Outcome, Rejection};
use crate::link::{Delivered, EventKind, NewEvent, Reason, SessionFacts};
use crate::order::Delivery;
use crate::sabotage::Sabotage;
use crate::store::sessions::{self, SessionRow};
use crate::store::{Entry, EntryState, StoreError, StoreResult, entries, links, orders};
use crate::sync;
use serde::{Deserialize, Serialize};

/// What a create needs besides its order, as stored. Old versions are read for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "v")]
enum Stored {
    #[serde(rename = "1")]
    V1(Payload),
}

/// What a create needs besides its order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// Whether the provider shall send the SMS or push.
    pub provider_sends: bool,
    /// How often the seller chose to send again although a message may have been sent.
    #[serde(default)]
    pub resent_by_seller: u32,
    /// The refusal that followed an unclear attempt, until the look-up has decided.
    #[serde(default)]
    pub refused: Option<Rejection>,
    /// When the seller last said that it shall go out although it is old, UTC ms.
    #[serde(default)]
    pub confirmed_at: Option<i64>,
}

impl Payload {
    /// Of a new order.
    #[must_use]
    pub fn new(delivery: Delivery) -> Self {
        Self { provider_sends: delivery == Delivery::Sms, resent_by_seller: 0, refused: None, confirmed_at: None }
    }

    pub(crate) fn of(entry: &Entry) -> StoreResult<Self> {
        let Stored::V1(payload) =
            serde_json::from_str(&entry.payload).map_err(|error| StoreError::decode("payload", error))?;
        Ok(payload)
    }

    /// As it is stored.
    ///
    /// # Errors
    /// Never in practice.
    pub fn text(&self) -> StoreResult<String> {
        serde_json::to_string(&Stored::V1(self.clone())).map_err(|error| StoreError::decode("payload", error))
    }
}

/// Held because a session with our reference and amount does not say whose it is.
pub(crate) const FOREIGN_SESSION: &str = "foreign_session";

/// Held because it waited longer than the seller's limit: the customer may be long gone.
pub(crate) const TOO_OLD: &str = "too_old";

/// One attempt.
pub(crate) async fn attempt(ctx: &Context, entry: Entry) -> StoreResult<()> {
    let age_from = Payload::of(&entry)?.confirmed_at.unwrap_or(entry.created_at);
    if ctx.now() - age_from >= ctx.settings.ask_again_after_ms {
        return super::hold(ctx, entry, TOO_OLD);
    }
    let Some(time) = super::ready(ctx, &entry).await? else { return Ok(()) };
    let Some((entry, request)) = begin(ctx, &entry, time)? else { return Ok(()) };
    let outcome = ctx.gateway.create(&request).await;
    settle(ctx, entry, &request, outcome)
}

/// Commits `sending` before the first byte leaves, unless the seller gave the order up meanwhile.
fn begin(ctx: &Context, entry: &Entry, time: ServerTime) -> StoreResult<Option<(Entry, CreateSession)>> {
    let (id, order, now, profile) = (entry.id, entry.order, ctx.now(), ctx.profile());
    ctx.change(order, move |db| {
        let found = entries::get(db, id)?.zip(orders::get(db, order)?);
        let Some((mut entry, (mut order, state))) = found else { return Ok((Vec::new(), None)) };
        let sendable = matches!(entry.state, EntryState::Queued | EntryState::Waiting);
        if !sendable || state.given_up_at.is_some() {
            return Ok((Vec::new(), None));
        }
        let payload = Payload::of(&entry)?;
        entry.state = EntryState::Sending;
        entry.reason = None;
        entry.attempts = entry.attempts.saturating_add(1);
        entry.first_sent_at.get_or_insert(time.ms);
        entry.last_sent_at = Some(time.ms);
        entry.sent_time_known &= time.known;
        entry.absent_at = None;
        if !Sabotage::SendingNotSaved.is_on() {
            entries::save(db, &entry)?;
        }
        let sending = NewEvent::once(EventKind::Sending, &format!("{}:{}", entry.id, entry.attempts), time.ms);
        let cursors = links::change(db, entry.order, now, |_| {}, &[sending])?;
        if Sabotage::ReferenceRemade.is_on() && entry.attempts > 1 {
            order.reference = format!("{}-{}", order.reference, entry.attempts);
        }
        let request = CreateSession {
            expires_at: order.sale.expiry.ends_at(time.ms),
            entry: entry.id,
            provider_sends: payload.provider_sends,
            order,
            profile,
        };
        Ok((cursors, Some((entry, request))))
    })
}

fn settle(
    ctx: &Context,
    mut entry: Entry,
    request: &CreateSession,
    outcome: Outcome<CreatedSession>,
) -> StoreResult<()> {
    match outcome {
        Outcome::Accepted(created) => accepted(ctx, entry, request, created),
        Outcome::NotSent(fault) => {
            if entry.attempts == 1 {
                // Nothing has ever left: the first attempt that may arrive is still to come.
                entry.first_sent_at = None;
            }
            super::wait(ctx, entry, fault.code(), None)
        }
        Outcome::Busy { retry_after_ms } => super::wait(ctx, entry, "busy", retry_after_ms),
        Outcome::SignInNeeded(reason) => {
            // Nothing was done: it was no attempt (design rule 4).
            entry.attempts = entry.attempts.saturating_sub(1);
            super::pause(ctx, entry, reason)
        }
        Outcome::Unclear(fault) => super::unclear(ctx, entry, fault),
        Outcome::Rejected(rejection) if entry.unclear => {
            let mut payload = Payload::of(&entry)?;
            payload.refused = Some(rejection);
            entry.payload = payload.text()?;
            entry.state = EntryState::Unknown;
            entry.wait(ctx.now(), super::policy::FIRST_LOOK_MS);
            super::settle(ctx, entry, Vec::new())
        }
        Outcome::Rejected(rejection) => park(ctx, entry, &rejection),
    }
}

/// The provider refused: the seller decides.
pub(crate) fn park(ctx: &Context, mut entry: Entry, rejection: &Rejection) -> StoreResult<()> {
    let words = match &rejection.code {
        Some(code) => format!("{code}: {}", rejection.message),
        None => rejection.message.clone(),
    };
    let event = NewEvent::once(EventKind::Rejected, &format!("{}:{}", entry.id, entry.attempts), ctx.event_time())
        .with("status", rejection.status.to_string());
    entry.state = EntryState::Parked;
    entry.reason = Some(Reason { code: "rejected".to_owned(), detail: Some(words) });
    super::settle(ctx, entry, vec![event])
}

/// The provider made the link.
fn accepted(ctx: &Context, entry: Entry, request: &CreateSession, created: CreatedSession) -> StoreResult<()> {
    let at = ctx.server.best_ms();
    let (delivered, told) = delivery(ctx, request, &created);
    let mut events = vec![NewEvent::once(EventKind::LinkCreated, &created.id, at)];
    events.extend(told.map(|kind| NewEvent::once(kind, &created.id, at)));
    let facts = SessionFacts {
        id: created.id.clone(),
        reference: Some(request.order.reference.clone()),
        amount: Some(request.order.sale.total.minor()),
        currency: Some(request.order.sale.currency.code().to_owned()),
        created_at: Some(at),
        expires_at: Some(request.expires_at),
        ..SessionFacts::default()
    };
    let url = created.url.unwrap_or_else(|| ctx.gateway.view_url(&created.id));
    become_link(ctx, entry, facts, url, delivered, events)
}

/// Whether a message has reached the customer (design rule 11): only if the provider says so, and only on a
/// production account.
fn delivery(ctx: &Context, request: &CreateSession, created: &CreatedSession) -> (Delivered, Option<EventKind>) {
    if !request.provider_sends {
        return (Delivered::Ready, None);
    }
    let sent = created.published.iter().find(|one| one.status.as_deref() == Some("sent"));
    match sent {
        Some(one) if ctx.settings.is_production() => {
            // Whether the provider then calls it `push` is not published (facts 4): the choice of methods decides.
            let push = one.channel == "push" || request.order.sale.methods.is_push();
            let kind = if push { EventKind::PushSent } else { EventKind::SmsSent };
            (Delivered::Sent, Some(kind))
        }
        _ => (Delivered::Ready, Some(EventKind::NotDelivered)),
    }
}

/// The session is the order's link from now on.
pub(crate) fn become_link(
    ctx: &Context,
    mut entry: Entry,
    facts: SessionFacts,
    url: String,
    delivered: Delivered,
    events: Vec<NewEvent>,
) -> StoreResult<()> {
    let now = ctx.now();
    entry.state = EntryState::Done;
    entry.reason = None;
    let row = SessionRow {
        id: facts.id.clone(),
        order: entry.order,
        entry: entry.id,
        url,
        created_at: facts.created_at.unwrap_or(now),
        facts,
        transaction: None,
        read_at: None,
        changed_at: now,
        next_poll_at: Some(now + sync::policy::FIRST_POLL_MS),
    };
    ctx.change(entry.order, move |db| {
        entries::save(db, &entry)?;
        sessions::save(db, &row)?;
        entries::wake_unconnected(db, now)?;
        let edit = |state: &mut orders::OrderState| {
            state.session_id = Some(row.id.clone());
            state.delivered = delivered;
        };
        Ok((links::change(db, entry.order, now, edit, &events)?, ()))
    })
}
