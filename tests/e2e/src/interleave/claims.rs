//! What must be true at the end of an interleaved history, beside what is true of every history (`model`).

use super::watch::Case;
use super::world::World;
use crate::model::{once_in_a_family, order};
use paylink_core::link::{Delivered, EventKind, LinkStatus, PaymentLink};
use paylink_core::money::Region;
use paylink_core::{OrderId, Paylink};
use paylink_sandbox::{Listing, RequestRecord, Search, Session, Status, Transaction};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Requests about one order, in a history of some days with all that happens in it.
pub(super) const MAX_REQUESTS: u64 = 500;
/// Commits of a history, for each of its orders and for itself.
pub(super) const MAX_COMMITS: u64 = 200;
/// How often a shell is woken in half an hour, for each order.
pub(super) const MAX_WAKES: u64 = 150;
/// A link that can still be paid is asked about within this time.
const ASKED_WITHIN_MS: i64 = 16 * 60_000;
/// A list of sessions that was refused is asked for again within this time.
const A_DAY_AND_MORE_MS: i64 = 25 * 3_600_000;

impl World {
    /// Checks everything.
    ///
    /// # Errors
    /// What is wrong.
    pub(super) fn claims(self: &Arc<Self>) -> Result<(), String> {
        let core = self.core().ok_or("the process is dead")?;
        // The seller looks at each once more: what was refunded after all was paid is asked about only then.
        for link in self.links() {
            self.ask(|core| core.refresh(link.id));
        }
        self.work();
        self.look();
        self.right()?;
        let cases: BTreeMap<OrderId, Case> = std::mem::take(&mut self.state().cases);
        let checked = cases.iter().try_for_each(|(id, case)| {
            let reference = &case.told.reference;
            let link = core.link(*id).map_err(|error| format!("{reference}: lost: {error}"))?;
            order(&self.provider, &core, *id, &case.told, &link)
                .and_then(|()| self.order(&core, case, &link))
                .map_err(|wrong| format!("{reference}: {wrong} ({link:?})"))
        });
        let twice = once_in_a_family(&self.provider, &core, cases.iter().map(|(id, case)| (id, &case.told)));
        let orders = cases.len() as u64;
        self.state().cases = cases;
        checked.and(twice)?;
        self.sums_of_the_days(&core)?;
        self.within_budget(orders)?;
        self.open_links_are_asked_about()
    }

    fn order(&self, core: &Paylink, case: &Case, link: &PaymentLink) -> Result<(), String> {
        let mut state = self.state();
        let figures = &mut state.figures;
        figures.orders += 1;
        figures.links += u64::from(link.session_id.is_some());
        figures.paid += u64::from(link.paid_at.is_some());
        figures.held += u64::from(link.status == LinkStatus::NeedsAttention);
        figures.resent += case.told.resent as u64;
        figures.most_requests = figures.most_requests.max(case.requests);
        drop(state);
        let sessions = self.provider.sessions_of(&case.told.reference);
        let transactions: Vec<Transaction> =
            sessions.iter().filter_map(|one| self.provider.transaction(one.transaction_id.as_deref()?)).collect();
        self.no_second_message_is_invited(link)?;
        self.strays_are_cancelled(case, link, &sessions)?;
        self.payments_of_held_sales_are_seen(link, &transactions, core)?;
        loud_news_is_news(core, link, &sessions, &transactions)
    }

    /// A link whose message is on the customer's phone is not shown as one that waits to be sent.
    fn no_second_message_is_invited(&self, link: &PaymentLink) -> Result<(), String> {
        let reached = self.provider.inbox().iter().any(|message| Some(&message.session_id) == link.session_id.as_ref());
        if reached && matches!(link.delivery.state, Delivered::Waiting | Delivered::Ready) {
            return Err("its message was sent, and the seller is told to send it".to_owned());
        }
        Ok(())
    }

    /// Sessions that can be paid and are not the link: none, where the provider lets them be seen and known as ours.
    fn strays_are_cancelled(&self, case: &Case, link: &PaymentLink, sessions: &[Session]) -> Result<(), String> {
        let live = |session: &&Session| {
            session.cancelled_at_ms.is_none()
                && session.transaction_id.is_none()
                && !session.has("DECLINED")
                && !session.has("FAILED")
                && session.expires_at_ms > self.provider.now_ms()
                && Some(&session.id) != link.session_id.as_ref()
        };
        let strays = sessions.iter().filter(live).count();
        let asked = usize::from(link.status == LinkStatus::NeedsAttention);
        if strays > case.told.resent + asked && self.strays_can_be_seen() {
            return Err(format!("{strays} sessions of it can be paid and are not the link"));
        }
        Ok(())
    }

    /// Whether the provider lets a stray be seen and known as ours; a list that was refused is asked for again after a
    /// day.
    fn strays_can_be_seen(&self) -> bool {
        let now = self.provider.now_ms();
        let refused = |one: &RequestRecord| {
            one.path.ends_with("/sessions") && matches!(one.status, 403 | 404) && now - one.at_ms < A_DAY_AND_MORE_MS
        };
        let open = self.provider.engine(|engine| {
            let options = engine.options();
            options.listing == Listing::On && options.search == Search::On && !options.read_without_metadata
        });
        open && !self.provider.requests().iter().any(refused)
    }

    /// A sale that is held is asked about: whoever got its message may pay.
    fn payments_of_held_sales_are_seen(
        &self,
        link: &PaymentLink,
        transactions: &[Transaction],
        core: &Paylink,
    ) -> Result<(), String> {
        let paid = transactions.iter().any(|one| matches!(one.status, Status::Authorized | Status::Captured));
        if link.status != LinkStatus::NeedsAttention || !paid {
            return Ok(());
        }
        let timeline = core.timeline(link.id).map_err(|error| error.to_string())?;
        let told = timeline
            .iter()
            .filter_map(|event| event.kind.known())
            .any(|kind| kind.is_payment() || kind == EventKind::PaidAfterEnd);
        if told { Ok(()) } else { Err("held, paid, and nobody is told".to_owned()) }
    }

    /// The days together have taken what the provider has.
    fn sums_of_the_days(&self, core: &Paylink) -> Result<(), String> {
        // The days on which something was paid, and those around them.
        let links = self.links();
        let mut days = BTreeSet::new();
        for paid_at in links.iter().filter_map(|link| link.paid_at) {
            let date = Region::Norway.zone().date(paid_at);
            days.extend([date.yesterday(), Ok(date), date.tomorrow()].into_iter().flatten());
        }
        let (mut count, mut total, mut refunded) = (0, 0, 0);
        for date in days {
            for row in core.day(date).map_err(|error| error.to_string())?.paid {
                count += row.count;
                total += row.totals.total.minor();
                refunded += row.refunded.minor();
            }
        }
        let mut due = (0, 0, 0);
        for link in links {
            let session = link.session_id.as_ref().and_then(|id| self.provider.session(id));
            let paid = session.and_then(|session| self.provider.transaction(session.transaction_id.as_deref()?));
            let Some(paid) = paid.filter(has_money) else { continue };
            due = (due.0 + 1, due.1 + paid.amount, due.2 + paid.refunded);
        }
        if (count, total, refunded) == due {
            return Ok(());
        }
        Err(format!("the days have {:?}, the provider {due:?}", (count, total, refunded)))
    }

    fn within_budget(&self, orders: u64) -> Result<(), String> {
        let mut state = self.state();
        if let Some(case) = state.cases.values().find(|case| case.requests > MAX_REQUESTS) {
            return Err(format!("{}: {} requests", case.told.reference, case.requests));
        }
        let commits = state.figures.commits;
        state.figures.most_commits = commits / (orders + 1);
        if commits > MAX_COMMITS * (orders + 1) {
            return Err(format!("{commits} commits for {orders} orders"));
        }
        Ok(())
    }

    /// Whatever can still be paid is asked about before long.
    fn open_links_are_asked_about(self: &Arc<Self>) -> Result<(), String> {
        let before = self.provider.requests().len();
        let open: Vec<PaymentLink> = self.links().into_iter().filter(|link| link.status.is_payable()).collect();
        let end = self.provider.now_ms() + ASKED_WITHIN_MS;
        while self.provider.now_ms() < end && !open.is_empty() {
            self.pass(ASKED_WITHIN_MS / 3);
            self.work();
        }
        let asked = self.provider.requests().split_off(before);
        for link in open {
            let id = link.session_id.unwrap_or_default();
            let about = |text: &str| text.contains(&id);
            if !asked.iter().any(|one| about(&one.path) || one.query.iter().any(|(_, value)| about(value))) {
                return Err(format!("{}: can be paid, and nobody asks about it", link.reference));
            }
        }
        Ok(())
    }
}

fn has_money(transaction: &Transaction) -> bool {
    matches!(
        transaction.status,
        Status::Authorized
            | Status::Captured
            | Status::PartiallyCaptured
            | Status::PartiallyCapturedRefunded
            | Status::Refunded
            | Status::PartiallyRefunded
    )
}

/// "Paid after its end" is said of money that came after the end, not of what our own cancel released.
fn loud_news_is_news(
    core: &Paylink,
    link: &PaymentLink,
    sessions: &[Session],
    transactions: &[Transaction],
) -> Result<(), String> {
    let timeline = core.timeline(link.id).map_err(|error| error.to_string())?;
    let loud = timeline.iter().any(|event| event.kind == EventKind::PaidAfterEnd);
    let late = |one: &Transaction| {
        let session = sessions.iter().find(|session| session.id == one.session_id);
        let released = one.status == Status::AuthorizationVoided;
        session.is_some_and(|session| !released || session.cancelled_at_ms.is_none_or(|at| one.created_at_ms > at))
    };
    if loud && !transactions.iter().any(late) {
        return Err("said to be paid after its end, and it was not".to_owned());
    }
    Ok(())
}
