//! Creating the session that is the link: the happy way. What happens after a lost answer is in `recover.rs`.
//!
//! | answer | entry | what the seller sees |
//! |---|---|---|
//! | accepted | `done` | the link |
//! | not sent, busy | `waiting` | the reason, and when it is tried again |
//! | sign-in needed | back to `queued` | the pause |
//! | forbidden | `parked`, or back to `queued` when it is the account's | which sale it is, or the pause |
//! | refused, never unclear before | `parked` | the provider's words |
//! | refused after an unclear attempt | `unknown` | looked up first: it may be refusing a duplicate |
//! | unclear, or done later | `unknown` | being looked up |

use super::flow::Flow;
use super::transitions::{self, Applied, Brings, apply, give_up};
use super::{policy, strays};
use crate::account::Context;
use crate::clock::{ProviderTime, ServerTime};
use crate::gateway::{Answer, CreateSession, CreatedSession, Fault, LinkUrl, NotDone, Rejection};
use crate::link::delivery::{Asked, judge};
use crate::link::{EventKind, NewEvent, ReasonCode, SessionFacts};
use crate::order::Delivery;
use crate::sabotage::Sabotage;
use crate::store::rows::sessions::SessionRow;
use crate::store::rows::{Entry, EntryState, entries};
use crate::store::{StoreError, StoreResult};
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
    /// The seller has chosen so just now: it goes out as soon as one more look has found nothing.
    #[serde(default)]
    pub chosen: bool,
    /// The refusal that followed an unclear attempt, until the look-up has decided.
    #[serde(default)]
    pub refused: Option<Rejection>,
    /// Looks that have found nothing since that refusal.
    #[serde(default)]
    pub looks: u32,
    /// When the seller last said that it shall go out although it is old, UTC ms by the phone.
    #[serde(default)]
    pub confirmed_at: Option<i64>,
}

impl Payload {
    /// Of a new order.
    #[must_use]
    pub fn new(delivery: Delivery) -> Self {
        Self {
            provider_sends: delivery == Delivery::Sms,
            resent_by_seller: 0,
            chosen: false,
            refused: None,
            looks: 0,
            confirmed_at: None,
        }
    }

    pub(crate) fn of(entry: &Entry) -> StoreResult<Self> {
        let Stored::V1(payload) =
            serde_json::from_str(&entry.payload).map_err(|error| StoreError::json("payload", &error))?;
        Ok(payload)
    }

    /// As it is stored.
    ///
    /// # Errors
    /// Never in practice.
    pub fn text(&self) -> StoreResult<String> {
        serde_json::to_string(&Stored::V1(self.clone())).map_err(|error| StoreError::json("payload", &error))
    }

    /// The entry with this payload.
    pub(super) fn put(&self, entry: &mut Entry) -> StoreResult<()> {
        entry.payload = self.text()?;
        Ok(())
    }
}

/// One attempt.
pub(super) async fn attempt(ctx: &Context, flow: &Flow, entry: Entry) -> StoreResult<()> {
    let age_from = Payload::of(&entry)?.confirmed_at.unwrap_or(entry.created_at.ms());
    if ctx.now().ms() - age_from >= ctx.settings.ask_again_after_ms {
        return transitions::hold(ctx, &entry, ReasonCode::TooOld);
    }
    let time = match ctx.ready().await {
        Ok(time) => time,
        Err(why) => {
            return transitions::put_off(ctx, &entry.once_more(), &why);
        }
    };
    let Some((entry, request)) = begin(ctx, &entry, time)? else { return Ok(()) };
    if !ctx.store.is_open() {
        // Put to sleep since: what is in the queue is another one's by now.
        return Ok(());
    }
    let answer = ctx.gateway.create(&request).await;
    settle(ctx, flow, entry, &request, answer).await
}

/// Commits `sending` before the first byte leaves. What it will not send it closes: the seller has asked to cancel, or
/// given the order up.
fn begin(ctx: &Context, seen: &Entry, time: ServerTime) -> StoreResult<Option<(Entry, CreateSession)>> {
    let (id, profile, zone) = (seen.id, ctx.profile(), ctx.settings.region.zone());
    ctx.change(seen.order, move |change| {
        let Some(mut entry) = change.entry(id).cloned() else { return Ok(None) };
        if !matches!(entry.state, EntryState::Queued | EntryState::Waiting) {
            return Ok(None);
        }
        let given_up = change.record().state.given_up_at.is_some();
        let cancel = change.record().is_cancel_asked() && !Sabotage::CancelNotAsked.is_on();
        if given_up || cancel {
            give_up(change, EventKind::Cancelled)?;
            return Ok(None);
        }
        let payload = Payload::of(&entry)?;
        entry.state = EntryState::Sending;
        entry.reason = None;
        entry.attempts = entry.attempts.saturating_add(1);
        entry.first_sent_at.get_or_insert(time.at);
        entry.last_sent_at = Some(time.at);
        entry.sent_time_known &= time.known;
        entry.absent_at = None;
        if !Sabotage::SendingNotSaved.is_on() {
            change.save_entry(entry)?;
            entry = change.entry(id).cloned().ok_or(StoreError::Moved)?;
        }
        change.tell(NewEvent::once(EventKind::Sending, &format!("{}:{}", entry.id, entry.attempts), time.at));
        let mut order = change.record().order.clone();
        if Sabotage::ReferenceRemade.is_on() && entry.attempts > 1 {
            order.reference = format!("{}-{}", order.reference, entry.attempts);
        }
        let request = CreateSession {
            expires_at: order.sale.expiry.ends_at(time.at, zone),
            entry: entry.id,
            provider_sends: payload.provider_sends,
            order,
            profile,
        };
        Ok(Some((entry, request)))
    })
}

/// What the answer means, by the table above.
async fn settle(
    ctx: &Context,
    flow: &Flow,
    entry: Entry,
    request: &CreateSession,
    answer: Answer<CreatedSession>,
) -> StoreResult<()> {
    match answer {
        Ok(created) => {
            flow.succeeded();
            ctx.got_through();
            accepted(ctx, entry, request, created).await
        }
        Err(NotDone::Unclear(fault)) => {
            flow.was_unclear();
            transitions::unclear(ctx, &entry, fault)
        }
        Err(NotDone::Pending { .. }) => {
            flow.was_unclear();
            transitions::unclear(ctx, &entry, Fault::NoId)
        }
        Err(NotDone::Rejected(rejection)) if entry.unclear => {
            flow.succeeded();
            look_first(ctx, &entry, rejection)
        }
        Err(NotDone::Rejected(rejection)) => {
            flow.succeeded();
            transitions::park(ctx, &entry, transitions::refused(&rejection, false), &rejection)
        }
        Err(NotDone::Forbidden(rejection)) => {
            transitions::forbidden(ctx, &entry, || transitions::park(ctx, &entry, ReasonCode::RightMissing, &rejection))
        }
        Err(why) => transitions::put_off(ctx, &entry, &why),
    }
}

/// Refused, but an earlier attempt may have arrived: the provider may be refusing a duplicate.
fn look_first(ctx: &Context, seen: &Entry, rejection: Rejection) -> StoreResult<()> {
    let _looked_up_next = apply(ctx, seen, Brings::Nothing, move |change, mut entry| {
        let payload = Payload { refused: Some(rejection), looks: 0, ..Payload::of(&entry)? };
        payload.put(&mut entry)?;
        entry.state = EntryState::Unknown;
        entry.wait(change.at().phone, policy::FIRST_LOOK_MS);
        change.save_entry(entry)
    })?;
    Ok(())
}

/// The provider made the link.
async fn accepted(ctx: &Context, entry: Entry, request: &CreateSession, created: CreatedSession) -> StoreResult<()> {
    let at = ctx.server.best();
    let facts = SessionFacts {
        id: created.id,
        reference: Some(request.order.reference.clone()),
        amount: Some(request.order.sale.total.minor()),
        currency: Some(request.order.sale.currency.code().to_owned()),
        expires_at: Some(request.expires_at.ms()),
        published: created.published,
        ..SessionFacts::default()
    };
    become_link(ctx, &entry, facts, created.url, (EventKind::LinkCreated, at)).await
}

/// The session is the order's link from now on; or, when the order was closed meanwhile, a stray. `how` says by which
/// event it came to be, and when.
pub(super) async fn become_link(
    ctx: &Context,
    seen: &Entry,
    facts: SessionFacts,
    url: LinkUrl,
    how: (EventKind, ProviderTime),
) -> StoreResult<()> {
    let (published, events) = (facts.published.clone(), facts.events.clone());
    let row = row(ctx, seen, facts, url, how.1);
    let kept = row.clone();
    let production = ctx.settings.provider.sends();
    let applied = apply(ctx, seen, Brings::Session, move |change, mut entry| {
        // One that was found again may be of any attempt, whatever the seller has chosen since.
        let was_to_send = change.record().order.sale.delivery == Delivery::Sms && how.0 == EventKind::LinkAdopted;
        let to_send = was_to_send || Payload::of(&entry)?.provider_sends;
        let by_push = change.record().order.sale.methods.is_push();
        entry.state = EntryState::Done;
        entry.reason = None;
        change.save_entry(entry)?;
        change.save_session(&kept)?;
        change.set_link(&kept.id)?;
        change.state().given_up_at = None;
        let (delivered, told) = judge(Asked { to_send, production, by_push }, &published, &events);
        change.state().delivered = delivered;
        change.tell(NewEvent::once(how.0, &kept.id, how.1));
        if let Some(kind) = told {
            change.tell(NewEvent::once(kind, &kept.id, how.1));
        }
        // Something got through: what waits for the network alone is due.
        let woken = entries::wake_unconnected(change.db(), change.at().phone)?;
        change.touch_others(woken);
        Ok(())
    })?;
    if applied == Applied::Stray { strays::close(ctx, row).await } else { Ok(()) }
}

/// A session of ours as it is stored. What happened to it is left to the first question, which puts it on the timeline;
/// of one that was found again that comes at once.
pub(super) fn row(ctx: &Context, entry: &Entry, facts: SessionFacts, url: LinkUrl, at: ProviderTime) -> SessionRow {
    let now = ctx.now();
    let is_old = facts.transaction_id.is_some() || !facts.events.is_empty();
    let url_unusable = url == LinkUrl::Unusable;
    SessionRow {
        id: facts.id.clone(),
        order: entry.order,
        entry: entry.id,
        url: match url {
            LinkUrl::Given(url) => url,
            LinkUrl::Missing | LinkUrl::Unusable => ctx.gateway.view_url(&facts.id),
        },
        url_unusable,
        created_at: at,
        facts: SessionFacts { transaction_id: None, events: Vec::new(), ..facts },
        transaction: None,
        read_at: None,
        changed_at: now,
        next_poll_at: Some(if is_old { now } else { now.plus(sync::policy::FIRST_POLL_MS) }),
        misses: 0,
    }
}
