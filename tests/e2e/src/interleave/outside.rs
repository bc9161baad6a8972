//! What happens outside the core: the merchant, the customer, clocks, the disk, a bad minute.

use super::point::Call;
use super::world::World;
use crate::{honey, honey_by_sms};
use paylink_core::OrderId;
use paylink_core::link::{LinkStatus, PaymentLink};
use paylink_sandbox::engine::OperationRequest;
use paylink_sandbox::{Fault, Operation, PayOutcome, Rights};
use std::sync::Arc;

/// What a customer pays with.
const METHOD: &str = "dintero_psp.creditcard";
/// How many sales a bad minute finds in the queue.
const QUEUE: usize = 8;

impl World {
    fn sessions(&self) -> Vec<String> {
        self.provider.engine(|engine| engine.sessions().iter().map(|session| session.id.clone()).collect())
    }

    /// The merchant in Backoffice: an operation on a payment, or the end of a session.
    pub(super) fn merchant(&self, operation: Option<Operation>) -> bool {
        let Some(session) = self.one(&self.sessions()) else { return false };
        let done = self.provider.engine(|engine| {
            let Some(operation) = operation else { return engine.cancel_session(&session).is_ok() };
            let id = engine.session(&session).and_then(|session| session.transaction_id.clone());
            let paid = id.and_then(|id| engine.transaction(&id).cloned());
            let Some(paid) = paid else { return false };
            let left = match operation {
                Operation::Refund => paid.captured - paid.refunded,
                _ => paid.amount - paid.captured,
            };
            // Half of it, as often as all.
            let amount = if paid.events.len() % 2 == 0 { left } else { (left / 2).max(1) };
            engine
                .operate(operation, &paid.id, OperationRequest { amount: Some(amount), ..OperationRequest::default() })
                .is_ok()
        });
        if done {
            self.note(format!("merchant: {operation:?} {session}"));
        }
        done
    }

    /// A customer does something with a link that reached somebody.
    pub(super) fn customer(&self, outcome: Option<PayOutcome>) -> bool {
        let of = |case: &super::watch::Case| case.told.handed_out.iter().cloned().collect::<Vec<_>>();
        let reached: Vec<String> = self.state().cases.values().flat_map(of).collect();
        let about = {
            let state = self.state();
            let in_hand = state.cases.values().find(|case| Some(&case.told.reference) == state.about.as_ref());
            in_hand.and_then(|case| case.told.handed_out.last().cloned()).filter(|_| state.insists)
        };
        let Some(session) = about.or_else(|| self.one(&reached)) else { return false };
        let done = match outcome {
            None => self.provider.visit(&session).is_ok(),
            Some(outcome) => self.provider.pay(&session, METHOD, outcome).is_ok(),
        };
        if done {
            self.note(format!("customer: {outcome:?} {session}"));
        }
        done
    }

    pub(super) fn jump(&self) -> bool {
        let jump = self.one(&[-3_600_000, 3_600_000, -30 * 86_400_000, 2 * 86_400_000, 5 * 60_000]).unwrap_or(0);
        self.note(format!("the phone's clock jumps by {jump} ms"));
        self.clock.jump(jump);
        true
    }

    pub(super) fn time(&self) -> bool {
        let spans: &[i64] = match self.state().under_way.len() {
            1 => &[500, 3_000, 20_000, 70_000, 600_000, 3_600_000, 7 * 3_600_000],
            _ => &[100, 1_100, 5_000, 5_000, 70_000],
        };
        let span = self.one(spans).unwrap_or(500);
        self.note(format!("{span} ms pass"));
        self.pass(span);
        true
    }

    /// Many sales by SMS wait; the network comes back, and for a minute no create has a clear answer. It may cost a few
    /// questions to the seller, never one for each.
    pub(super) fn bad_minute(self: &Arc<Self>) {
        self.note("a bad minute");
        let quiet = std::mem::replace(&mut self.state().quiet, true);
        self.provider.clear_faults();
        self.network(false);
        let queued: Vec<OrderId> = (0..QUEUE)
            .filter_map(|_| self.ask(|core| core.create(&honey_by_sms())))
            .map(|link| {
                self.state().cases.entry(link.id).or_default().told.reference = link.reference;
                link.id
            })
            .collect();
        self.state().bad_minute = true;
        self.network(true);
        for _ in 0..12 {
            self.work();
            self.pass(5_000);
        }
        let posted = queued.iter().filter(|id| self.state().cases.get(*id).is_some_and(|case| case.posts > 0)).count();
        let mut state = self.state();
        (state.bad_minute, state.quiet) = (false, quiet);
        state.figures.bad_minutes += 1;
        state.figures.asked_in_bad_minutes += posted as u64;
        drop(state);
        if posted > super::QUESTIONS_OF_A_BAD_MINUTE {
            self.wrong(format!("a bad minute made {posted} of {} sales unclear", queued.len()));
        }
    }

    /// A firewall dislikes one sale: the others go out all the same, and the account does not pause.
    pub(super) fn disliked_sale(self: &Arc<Self>) {
        let quiet = std::mem::replace(&mut self.state().quiet, true);
        let faults = std::mem::take(&mut self.state().faults_percent);
        self.secure.lock(false);
        self.provider.clear_faults();
        self.provider.configure(|options| options.rights = Rights::default());
        for call in [Call::Online, Call::SignIn, Call::Work] {
            self.step(call);
        }
        self.note("a firewall dislikes the first of three sales");
        self.network(false);
        let sales: Vec<PaymentLink> = (0..3).filter_map(|_| self.ask(|core| core.create(&honey()))).collect();
        for link in &sales {
            self.case(link, |_| {});
        }
        if let Some(disliked) = sales.first() {
            self.provider.inject(Fault::on("POST", "/v1/sessions").answer(403).about(&disliked.reference).always());
        }
        self.state().faults_percent = 0;
        self.network(true);
        for _ in 0..6 {
            self.step(Call::Work);
            self.pass(10_000);
        }
        let waiting = sales.iter().skip(1).filter_map(|link| self.ask(|core| core.link(link.id)));
        let held_up = waiting.filter(|link| matches!(link.status, LinkStatus::Queued | LinkStatus::Creating)).count();
        let paused = self.ask(|core| core.account()).and_then(|account| account.paused);
        self.provider.clear_faults();
        let mut state = self.state();
        (state.quiet, state.faults_percent) = (quiet, faults);
        drop(state);
        if held_up > 0 || paused.is_some() {
            self.wrong(format!("a 403 about one sale held up {held_up} others (the account pauses: {paused:?})"));
        }
    }

    /// The next commit finds no room.
    pub(super) fn fill_disk(&self) {
        {
            let mut state = self.state();
            (state.disk_full, state.full_disks) = (true, state.full_disks + 1);
        }
        self.disk.fail(crate::disk::Failure::Full, 1, true);
    }

    /// Gives whether it was full.
    pub(super) fn end_of_full_disk(&self) -> bool {
        let was = std::mem::replace(&mut self.state().disk_full, false);
        if was {
            self.disk.heal();
        }
        was
    }
}
