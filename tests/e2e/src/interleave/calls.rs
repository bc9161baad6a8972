//! Each call, made.

use super::point::Call;
use super::world::World;
use crate::model::Died;
use crate::{honey, honey_by_sms};
use paylink_core::link::{Action, LinkStatus, PaymentLink};
use paylink_core::message::Channel;
use paylink_core::order::Draft;
use paylink_core::{LinkFilter, OrderId, Page, Paylink, PaylinkError, UnknownAnswer};
use paylink_sandbox::engine::OperationRequest;
use paylink_sandbox::{Operation, Options, PayOutcome};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

/// A sync that needs that long, in the machine's time, waits for what nobody does.
const SYNC_WITHIN: Duration = Duration::from_secs(8);
/// So long, in the machine's time, nothing happens when a sync waits for what nobody does.
const IDLE: Duration = Duration::from_millis(120);
/// What a customer pays with.
const METHOD: &str = "dintero_psp.creditcard";
/// How many sales a bad minute finds in the queue.
pub(super) const QUEUE: usize = 8;

impl World {
    /// Makes a call. Gives whether it did what was asked.
    pub(super) fn perform(self: &Arc<Self>, call: Call) -> bool {
        match call {
            Call::Sell => self.sell(),
            Call::Cancel => self.act(Action::Cancel, None),
            Call::Discard => self.act(Action::Discard, None),
            Call::Retry => self.act(Action::Retry, None),
            Call::Wait => self.act(Action::ResolveUnknown, Some(UnknownAnswer::Wait)),
            Call::FromPhone => self.act(Action::ResolveUnknown, Some(UnknownAnswer::SendFromPhone)),
            Call::Again => self.act(Action::ResolveUnknown, Some(UnknownAnswer::SendAgain)),
            Call::Share => self.act(Action::Share, None),
            Call::Refresh => self.pick().is_some_and(|link| self.ask(|core| core.refresh(link.id)).is_some()),
            Call::Read => self.read(),
            Call::Work => self.work(),
            Call::Sync => self.sync(),
            Call::Online | Call::Offline => self.network(call == Call::Online),
            Call::Front | Call::Back => self.ask(|core| core.set_foreground(call == Call::Front)).is_some(),
            Call::Sleep => self.sleep(),
            Call::Reopen => {
                self.reopen();
                true
            }
            Call::SignIn => self.sign_in(),
            Call::SignOut => self.ask(Paylink::sign_out).is_some(),
            Call::Lock | Call::Unlock => {
                self.secure.lock(call == Call::Lock);
                true
            }
            Call::Void => self.merchant(Some(Operation::Void)),
            Call::Capture => self.merchant(Some(Operation::Capture)),
            Call::Refund => self.merchant(Some(Operation::Refund)),
            Call::Withdraw => self.merchant(None),
            Call::Visit => self.customer(None),
            Call::Pay => self.customer(Some(PayOutcome::Authorize)),
            Call::Decline => self.customer(Some(PayOutcome::Decline)),
            Call::Jump => self.jump(),
            Call::Time => self.time(),
            Call::Provider => {
                self.provider_changes();
                true
            }
            Call::DiskFull => {
                self.fill_disk();
                true
            }
            Call::Die => {
                // Counted here, since nobody comes back from it.
                self.state().table.took(Call::Die);
                self.die();
                std::panic::panic_any(Died)
            }
        }
    }

    fn sell(&self) -> bool {
        let mut draft = match self.state().chance.below(5) {
            0 | 1 => honey(),
            2 | 3 => honey_by_sms(),
            _ => Draft { expiry: "1d".to_owned(), capture: "manual".to_owned(), ..honey() },
        };
        if self.percent(5) {
            draft.reference = self.a_reference_to_come().unwrap_or_default();
        }
        let Some(link) = self.ask(|core| core.create(&draft)) else { return false };
        self.note(format!("sale {} {}", link.reference, draft.delivery));
        self.state().cases.entry(link.id).or_default().told.reference = link.reference;
        true
    }

    /// One that the counter will reach: what a seller types who has the next number on paper.
    fn a_reference_to_come(&self) -> Option<String> {
        let known: Vec<String> = self.state().cases.values().map(|case| case.told.reference.clone()).collect();
        let last = known.iter().filter_map(|reference| reference.rsplit_once('-'));
        let (stem, number) =
            last.filter_map(|(stem, n)| Some((stem, n.parse::<u32>().ok()?))).max_by_key(|(_, n)| *n)?;
        Some(format!("{stem}-{}", number + 1 + u32::try_from(self.state().chance.below(2)).ok()?))
    }

    /// The link that is in somebody's hands just now, or another.
    pub(super) fn pick(&self) -> Option<PaymentLink> {
        let mut state = self.state();
        let about = state.about.clone().filter(|_| state.chance.percent(60));
        let ids: Vec<OrderId> = state.cases.keys().copied().collect();
        let of = about
            .and_then(|about| state.cases.iter().find(|(_, case)| case.told.reference == about).map(|(id, _)| *id));
        let id = of.or_else(|| state.chance.one(&ids).copied())?;
        drop(state);
        self.ask(|core| core.link(id))
    }

    /// The link in hand when it allows this, else any that does.
    fn that_allows(&self, action: Action) -> Option<PaymentLink> {
        let in_hand = self.pick().filter(|link| link.actions.contains(&action));
        in_hand.or_else(|| {
            let all = Page { offset: 0, limit: 1_000 };
            let mut links = self.ask(|core| core.links(LinkFilter::default(), all))?;
            links.retain(|link| link.actions.contains(&action));
            self.one(&links)
        })
    }

    fn act(&self, action: Action, answer: Option<UnknownAnswer>) -> bool {
        let Some(link) = self.that_allows(action) else { return false };
        self.act_on(&link, action, answer.unwrap_or(UnknownAnswer::Wait))
    }

    /// The seller does something with a link, and is told that it is saved.
    #[allow(unreachable_patterns)] // actions that join later
    pub(super) fn act_on(&self, link: &PaymentLink, action: Action, answer: UnknownAnswer) -> bool {
        let id = link.id;
        self.note(format!("seller: {action:?} {answer:?} {} ({:?})", link.reference, link.status));
        let gives_up = matches!(action, Action::Cancel | Action::Discard);
        let resends = action == Action::ResolveUnknown && answer != UnknownAnswer::Wait;
        let mut before = false;
        // A process that dies of it may have done it.
        self.case(link, |case| {
            before = case.told.given_up;
            case.told.given_up |= gives_up;
            case.told.resent += usize::from(resends);
        });
        let done = self.ask(|core| match action {
            Action::Cancel => core.cancel(id),
            Action::Retry => core.retry(id),
            Action::Discard => core.discard(id),
            Action::ResolveUnknown => core.resolve_unknown(id, answer),
            Action::Share => core.mark_shared(id, "sms", "handed_over"),
            _ => Err(PaylinkError::Closed),
        });
        match &done {
            Some(link) if gives_up => self.stopped(link),
            Some(_) => {}
            None => self.case(link, |case| {
                case.told.given_up = before;
                case.told.resent -= usize::from(resends);
            }),
        }
        done.is_some()
    }

    fn read(&self) -> bool {
        let Some(link) = self.pick() else { return false };
        let read = self.ask(|core| {
            core.search(&link.reference)?;
            core.detail(link.id)?;
            core.pending()?;
            if link.url.is_some() {
                core.message(link.id, Channel::Share, None)?;
            }
            core.next_due()
        });
        self.look();
        read.is_some()
    }

    pub(super) fn work(self: &Arc<Self>) -> bool {
        let done = self.aside(Paylink::work_due);
        self.alive();
        matches!(done, Some(Ok(_)))
    }

    /// A sync sends what is due when it begins. What becomes due while it asks about links is the scheduler's, or here
    /// the shell's, and it waits for that.
    fn sync(self: &Arc<Self>) -> bool {
        let begun = Instant::now();
        let Some(told) = self.begin(|core| wait(core.sync(SYNC_WITHIN))?) else { return false };
        let mut before = (0, 0);
        let done = loop {
            match told.recv_timeout(IDLE) {
                Ok(Ok(done)) => break done,
                Ok(Err(defect)) => resume_unwind(defect),
                Err(RecvTimeoutError::Disconnected) => return false,
                Err(RecvTimeoutError::Timeout) => {}
            }
            let now = self.progress();
            if now == std::mem::replace(&mut before, now) {
                self.note("the shell sends what has become due");
                self.work();
            }
        };
        self.alive();
        if begun.elapsed() >= SYNC_WITHIN {
            self.wrong("sync waited until its time was over");
        }
        done.is_ok()
    }

    fn sign_in(self: &Arc<Self>) -> bool {
        let options = Options::default();
        let done = self.aside(move |core| wait(core.sign_in(&options.client_id, &options.client_secret))?);
        self.alive();
        matches!(done, Some(Ok(_)))
    }

    fn network(&self, online: bool) -> bool {
        let percent = self.one(&[0, 0, 0, 10, 40, 80]).unwrap_or(0);
        let mut state = self.state();
        state.online = online;
        if !state.quiet {
            state.faults_percent = percent;
        }
        drop(state);
        self.ask(|core| core.network_changed(online)).is_some()
    }

    fn sleep(self: &Arc<Self>) -> bool {
        let slept = self.aside(|core| {
            core.suspend();
            Ok(())
        });
        self.alive();
        let outer = std::mem::take(&mut self.state().under_way);
        // Whose commit is it? Nobody's call: an opening.
        let woke = self.aside(Paylink::resume);
        self.state().under_way = outer;
        self.alive();
        if let Some(Err(error)) = &woke {
            self.note(format!("does not resume: {error}"));
        }
        slept.is_some() && matches!(woke, Some(Ok(())))
    }

    fn sessions(&self) -> Vec<String> {
        self.provider.engine(|engine| engine.sessions().iter().map(|session| session.id.clone()).collect())
    }

    /// The merchant in Backoffice: an operation on a payment, or the end of a session.
    fn merchant(&self, operation: Option<Operation>) -> bool {
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
    fn customer(&self, outcome: Option<PayOutcome>) -> bool {
        let of = |case: &super::watch::Case| case.told.handed_out.iter().cloned().collect::<Vec<_>>();
        let reached: Vec<String> = self.state().cases.values().flat_map(of).collect();
        let Some(session) = self.one(&reached) else { return false };
        let done = match outcome {
            None => self.provider.visit(&session).is_ok(),
            Some(outcome) => self.provider.pay(&session, METHOD, outcome).is_ok(),
        };
        if done {
            self.note(format!("customer: {outcome:?} {session}"));
        }
        done
    }

    fn jump(&self) -> bool {
        let jump = self.one(&[-3_600_000, 3_600_000, -30 * 86_400_000, 2 * 86_400_000, 5 * 60_000]).unwrap_or(0);
        self.note(format!("the phone's clock jumps by {jump} ms"));
        self.clock.jump(jump);
        true
    }

    fn time(&self) -> bool {
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

    /// The next commit finds no room.
    fn fill_disk(&self) {
        self.state().disk_full = true;
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

    /// Whether a link waits for the seller.
    pub(super) fn waits_for_the_seller(link: &PaymentLink) -> bool {
        link.status == LinkStatus::NeedsAttention
    }
}

/// Waits for a call that waits for the network, on a thread that may.
fn wait<T>(call: impl Future<Output = Result<T, PaylinkError>>) -> Result<Result<T, PaylinkError>, PaylinkError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    Ok(runtime.map_err(|error| PaylinkError::Provider { reason: error.to_string() })?.block_on(call))
}
