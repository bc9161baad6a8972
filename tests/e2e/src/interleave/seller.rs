//! What the seller does with sales.

use super::world::World;
use crate::{honey, honey_by_sms};
use paylink_core::link::{Action, LinkStatus, PaymentLink, ShareChannel, ShareOutcome};
use paylink_core::message::Channel;
use paylink_core::order::Draft;
use paylink_core::{LinkFilter, OrderId, Page, PaylinkError, UnknownAnswer};

impl World {
    pub(super) fn sell(&self) -> bool {
        let mut draft = match self.state().chance.below(5) {
            0 | 1 => honey(),
            2 | 3 => honey_by_sms(),
            _ => Draft { expiry: "1d".to_owned(), capture: "manual".to_owned(), ..honey() },
        };
        if self.percent(5) {
            draft.reference = self.a_reference_to_come().unwrap_or_default();
        }
        let (was_full, full) = {
            let state = self.state();
            (state.disk_full, state.full_disks)
        };
        let mut refused = None;
        let saved = self.ask(|core| core.create(&draft).inspect_err(|error| refused = Some(error.clone())));
        // One that was full when the sale began has room again only after it.
        if let Some(error @ PaylinkError::Storage { .. }) = refused
            && !(was_full || self.state().full_disks != full)
        {
            self.wrong(format!("a sale cannot be saved ({error})"));
        }
        let Some(link) = saved else { return false };
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
        let percent = if state.insists { 100 } else { 60 };
        let about = state.about.clone().filter(|_| state.chance.percent(percent));
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

    pub(super) fn act(&self, action: Action, answer: Option<UnknownAnswer>) -> bool {
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
        let (mut before, mut was_stopped) = (false, false);
        // A process that dies of it may have done it.
        self.case(link, |case| {
            (before, was_stopped) = (case.told.given_up, case.stopped.is_some());
            case.told.given_up |= gives_up;
            case.told.resent += usize::from(resends);
        });
        let done = self.ask(|core| match action {
            Action::Cancel => core.cancel(id),
            Action::Retry => core.retry(id),
            Action::Discard => core.discard(id),
            Action::ResolveUnknown => core.resolve_unknown(id, answer),
            Action::Share => core.mark_shared(id, ShareChannel::Sms, ShareOutcome::HandedOver),
            Action::Remind => core
                .remind(id, Channel::Sms, None)
                .and_then(|_| core.mark_reminded(id, ShareChannel::Sms, ShareOutcome::HandedOver)),
            Action::RequestAgain => core.request_again(id).and_then(|draft| core.create(&draft)),
            _ => Err(PaylinkError::Closed),
        });
        match &done {
            Some(link) if gives_up => self.stopped(link),
            // It had come back to the seller, who wants it sent.
            Some(_) if was_stopped && (resends || action == Action::Retry) => {
                self.case(link, |case| case.stopped = None)
            }
            Some(again) if action == Action::RequestAgain => self.case(again, |_| {}),
            Some(_) => {}
            None => self.case(link, |case| {
                case.told.given_up = before || case.stopped.is_some();
                case.told.resent -= usize::from(resends);
            }),
        }
        done.is_some()
    }

    /// Whether a link waits for the seller.
    pub(super) fn waits_for_the_seller(link: &PaymentLink) -> bool {
        link.status == LinkStatus::NeedsAttention
    }
}
