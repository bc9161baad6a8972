//! What must be true at the end, read from the provider's own records.

use super::world::{Told, World};
use paylink_core::link::{EventKind, LinkStatus, PaymentLink};
use paylink_core::{OrderId, Paylink};
use paylink_sandbox::books::{Books, End, Sale, is_payment};
use paylink_sandbox::{Provider, Session, Status, Transaction};
use std::collections::BTreeMap;

/// What a history did.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Sales that were saved.
    pub orders: u64,
    /// Sales that became a link.
    pub links: u64,
    /// Payments that the provider took or reserved.
    pub paid: u64,
    /// Deaths of the process.
    pub deaths: u64,
    /// Those of them at a write, sync or deletion of the store.
    pub store_deaths: u64,
    /// What the seller knowingly sent again.
    pub resent: u64,
    /// Held for the seller, or refused with a reason.
    pub held: u64,
}

impl Summary {
    /// Adds another history's.
    pub fn add(&mut self, other: &Self) {
        self.orders += other.orders;
        self.links += other.links;
        self.paid += other.paid;
        self.deaths += other.deaths;
        self.store_deaths += other.store_deaths;
        self.resent += other.resent;
        self.held += other.held;
    }
}

/// Checks everything; the first thing that is wrong is said in a sentence.
///
/// # Errors
/// What is wrong.
pub fn check(world: &World) -> Result<Summary, String> {
    let core = world.core.as_ref().ok_or("the process is dead")?;
    let mut summary = Summary { deaths: world.deaths, store_deaths: world.store_deaths, ..Summary::default() };
    for (id, told) in &world.told {
        let link = core.link(*id).map_err(|error| format!("{}: lost: {error}", told.reference))?;
        order(&world.provider, core, *id, told, &link)
            .map_err(|wrong| format!("{}: {wrong} ({link:?})", told.reference))?;
        summary.orders += 1;
        summary.links += u64::from(link.session_id.is_some());
        summary.paid += u64::from(link.paid_at.is_some());
        summary.resent += told.resent as u64;
        summary.held += u64::from(link.status == LinkStatus::NeedsAttention);
    }
    once_in_a_family(&world.provider, core, world.told.keys().zip(world.told.values()))?;
    let events = core.events_since(Some(0)).map_err(|error| error.to_string())?;
    if !events.is_sorted_by_key(|event| event.cursor) {
        return Err("events out of order".to_owned());
    }
    Ok(summary)
}

/// Of orders that were requested again of one another, at most one can be paid or has money that was not given back.
///
/// # Errors
/// Which order is asked for twice.
pub fn once_in_a_family<'a>(
    provider: &Provider,
    core: &Paylink,
    orders: impl Iterator<Item = (&'a OrderId, &'a Told)>,
) -> Result<(), String> {
    let orders: BTreeMap<OrderId, &Told> = orders.map(|(id, told)| (*id, told)).collect();
    let mut alive: BTreeMap<OrderId, Vec<&str>> = BTreeMap::new();
    for (id, told) in &orders {
        let mut first = *id;
        while let Some(before) = again_of(core, first)? {
            first = before;
        }
        let sessions = provider.sessions_of(&told.reference);
        // What the seller knowingly sent twice is one order's own.
        if sessions.iter().any(|session| is_alive(provider, session)) {
            alive.entry(first).or_default().push(&told.reference);
        }
    }
    match alive.values().find(|alive| alive.len() > 1) {
        Some(twice) => Err(format!("asked for twice: {twice:?}")),
        None => Ok(()),
    }
}

fn again_of(core: &Paylink, id: OrderId) -> Result<Option<OrderId>, String> {
    let timeline = core.timeline(id).map_err(|error| error.to_string())?;
    let of = timeline.iter().find_map(|event| event.data.get("again_of"));
    of.map(|of| of.parse().map_err(|_| format!("requested again of {of}"))).transpose()
}

/// Whether a session can be paid, or its money is with the merchant.
fn is_alive(provider: &Provider, session: &Session) -> bool {
    let paid = session.transaction_id.as_deref().and_then(|id| provider.transaction(id));
    match paid {
        Some(paid) => is_payment(&paid) && paid.status != Status::Refunded,
        None => {
            session.cancelled_at_ms.is_none()
                && session.expires_at_ms > provider.now_ms()
                && !session.has("DECLINED")
                && !session.has("FAILED")
        }
    }
}

/// What must be true of one order that has come to rest, by the provider's records.
///
/// # Errors
/// What is wrong.
pub fn order(provider: &Provider, core: &Paylink, id: OrderId, told: &Told, link: &PaymentLink) -> Result<(), String> {
    let sessions = provider.sessions_of(&told.reference);
    let transactions: Vec<Transaction> =
        sessions.iter().filter_map(|one| provider.transaction(one.transaction_id.as_deref()?)).collect();
    if matches!(link.status, LinkStatus::Queued | LinkStatus::Creating | LinkStatus::Unknown) {
        return Err("never came to rest although the network healed".to_owned());
    }
    let (books, sale) = (Books::of(provider), sale(told, link));
    if let Some(why) = books.lost(&sale) {
        return Err(format!("lost: {why}"));
    }
    if let Some(what) = books.doubled(&sale) {
        return Err(format!("doubled: {what}"));
    }
    payments_are_seen(core, id, link, &transactions)
}

/// A sale in the terms of the provider's books.
#[must_use]
pub fn sale<'a>(told: &'a Told, link: &'a PaymentLink) -> Sale<'a> {
    let end = match (link.status, &link.session_id) {
        (LinkStatus::NeedsAttention, _) if link.reason.is_some() => End::Asked,
        (LinkStatus::Superseded, _) if link.superseded_by.is_some() => End::GivenUp,
        (LinkStatus::Cancelled, None) if told.given_up => End::GivenUp,
        (LinkStatus::Cancelled | LinkStatus::NeedsAttention | LinkStatus::Superseded, None) => End::Nothing,
        (_, Some(session)) => End::Link(session),
        _ => End::Nothing,
    };
    Sale { reference: &told.reference, end, addresses: told.handed_out.len(), chosen: told.resent }
}

/// No payment unseen, not one after cancel, expiry or discard; and the money is equal on both sides.
fn payments_are_seen(
    core: &Paylink,
    id: OrderId,
    link: &PaymentLink,
    transactions: &[Transaction],
) -> Result<(), String> {
    let paid: Vec<&Transaction> = transactions.iter().filter(|one| is_payment(one)).collect();
    if paid.is_empty() {
        if matches!(link.status, LinkStatus::Captured | LinkStatus::Authorized) {
            return Err("shown as paid, and the provider has no payment".to_owned());
        }
        return Ok(());
    }
    let timeline = core.timeline(id).map_err(|error| error.to_string())?;
    let told = |session: &str| {
        timeline.iter().any(|event| {
            event.kind == EventKind::PaidAfterEnd && event.data.get("session").is_some_and(|told| told == session)
        })
    };
    if paid.iter().all(|one| told(&one.session_id) && Some(&one.session_id) != link.session_id.as_ref()) {
        // Reported, never adopted: the provider does not say whose it is.
        return Ok(());
    }
    if link.status == LinkStatus::NeedsAttention {
        // Held: the seller has been asked, and a look at the provider's own pages shows it.
        return Ok(());
    }
    if link.paid_at.is_none() || !timeline.iter().filter_map(|event| event.kind.known()).any(EventKind::is_payment) {
        return Err("a payment was never seen".to_owned());
    }
    let Some(current) = paid.iter().find(|one| Some(&one.session_id) == link.session_id.as_ref()) else {
        return Err("paid by a session that is not shown".to_owned());
    };
    if link.captured.minor() != current.captured {
        return Err(format!("shows {} captured, the provider has {}", link.captured.minor(), current.captured));
    }
    let captured = timeline.iter().position(|event| event.kind == EventKind::Captured);
    let authorized = timeline.iter().position(|event| event.kind == EventKind::Authorized);
    if let (Some(authorized), Some(captured)) = (authorized, captured)
        && authorized > captured
    {
        return Err("captured before it was authorised".to_owned());
    }
    Ok(())
}
