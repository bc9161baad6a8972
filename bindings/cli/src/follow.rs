//! Hearing of changes, and following one link until it is paid or over.

use crate::interrupt::Interrupt;
use crate::output::{Exit, Failure, Outcome, sold};
use crate::screen::Screen;
use crate::{hints, message, qr, words};
use paylink_core::account::{LinkListener, Subscription};
use paylink_core::link::{Delivered, EventKind, LinkStatus, PaymentLink, ReasonCode, TimelineEvent};
use paylink_core::order::{Delivery, Problem};
use paylink_core::{OrderId, Paylink};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// How often to look when nothing is heard: a link expires, and a queue pauses, without an event.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long the listeners' thread may need for what is already in the database.
const HEARD_WITHIN: Duration = Duration::from_millis(50);

/// Changes as they are announced.
pub struct News {
    changes: UnboundedReceiver<(OrderId, i64)>,
    heard: Vec<(OrderId, i64)>,
    _subscription: Subscription,
}

struct Forward(UnboundedSender<(OrderId, i64)>);

impl LinkListener for Forward {
    fn on_change(&self, link: OrderId, cursor: i64) {
        // Whoever stopped listening does not want it.
        let _gone = self.0.send((link, cursor));
    }
}

impl News {
    /// Everything that changes from now on.
    #[must_use]
    pub fn of(core: &Paylink) -> Self {
        let (sender, changes) = unbounded_channel();
        Self { changes, heard: Vec::new(), _subscription: core.subscribe(Arc::new(Forward(sender))) }
    }

    /// Waits for a change, or for a while.
    pub async fn wait(&mut self, longest: Duration) {
        if let Ok(Some(change)) = tokio::time::timeout(longest, self.changes.recv()).await {
            self.heard.push(change);
        }
        while let Ok(change) = self.changes.try_recv() {
            self.heard.push(change);
        }
    }

    /// The events that were heard of since this was last asked, each with its link, oldest first.
    ///
    /// # Errors
    /// Storage errors.
    pub async fn events(&mut self, core: &Paylink) -> Result<Vec<(PaymentLink, TimelineEvent)>, Failure> {
        while let Ok(Some(change)) = tokio::time::timeout(HEARD_WITHIN, self.changes.recv()).await {
            self.heard.push(change);
        }
        let heard = std::mem::take(&mut self.heard);
        let cursors: BTreeSet<i64> = heard.iter().map(|(_, cursor)| *cursor).collect();
        let links: BTreeSet<OrderId> = heard.iter().map(|(link, _)| *link).collect();
        let mut events = Vec::new();
        for id in links {
            let link = core.link(id)?;
            let of_link = core.timeline(id)?.into_iter().filter(|event| cursors.contains(&event.cursor));
            events.extend(of_link.map(|event| (link.clone(), event)));
        }
        events.sort_by_key(|(_, event)| event.cursor);
        Ok(events)
    }
}

/// Follows a link that was just saved.
pub struct Follower<'a> {
    core: &'a Paylink,
    screen: Screen,
    problems: &'a [Problem],
    stays: bool,
    cursor: i64,
    shown: Option<PaymentLink>,
}

impl<'a> Follower<'a> {
    /// `problems` are the warnings that go with the sale; `stays` says that the customer is waited for.
    #[must_use]
    pub fn new(core: &'a Paylink, screen: Screen, problems: &'a [Problem], stays: bool) -> Self {
        Self { core, screen, problems, stays, cursor: 0, shown: None }
    }

    /// Shows what is new, and returns the link as it is now.
    ///
    /// # Errors
    /// Storage errors.
    pub fn show(&mut self, id: OrderId) -> Result<PaymentLink, Failure> {
        let link = self.core.link(id)?;
        let news: Vec<TimelineEvent> =
            self.core.timeline(id)?.into_iter().filter(|event| event.cursor > self.cursor).collect();
        self.cursor = news.last().map_or(self.cursor, |event| event.cursor);
        if self.screen.json() {
            if self.shown.as_ref() != Some(&link) {
                self.screen.object(&sold(&link, self.problems));
            }
        } else {
            for event in news.iter().filter(|event| event.kind != EventKind::Saved && event.kind != EventKind::Sending)
            {
                self.screen.say(line(event, self.screen));
            }
            let had_url = self.shown.as_ref().is_some_and(|shown| shown.url.is_some());
            if link.url.is_some() && !had_url {
                self.screen.say(present(self.core, &link, self.screen, self.stays)?);
            }
        }
        self.shown = Some(link.clone());
        Ok(link)
    }

    /// Follows until the link is paid or over, the seller must act, nobody listens any more, or Ctrl-C.
    ///
    /// # Errors
    /// Storage errors.
    pub async fn run(&mut self, id: OrderId, news: &mut News, interrupt: &mut Interrupt) -> Outcome {
        loop {
            let link = self.show(id)?;
            let exit = Exit::of(&link, self.core);
            if !self.screen.is_heard() {
                // Who listened went away; the folder is free for others.
                say_left(self.core, &link, exit, self.screen);
                return Ok(exit);
            }
            if is_over(link.status) || matches!(exit, Exit::SignIn | Exit::Attention) {
                self.say_end(&link, exit);
                return Ok(exit);
            }
            tokio::select! {
                () = news.wait(LOOK_EVERY) => {}
                () = interrupt.heard() => {
                    let link = self.show(id)?;
                    let exit = Exit::of(&link, self.core);
                    say_left(self.core, &link, exit, self.screen);
                    return Ok(exit);
                }
            }
        }
    }

    fn say_end(&self, link: &PaymentLink, exit: Exit) {
        if exit == Exit::SignIn || exit == Exit::Attention {
            return say_left(self.core, link, exit, self.screen);
        }
        if !self.screen.json() {
            let text = format!("{} {}: {}", link.reference, words::money(link.amount), words::status(link.status));
            let text = if link.status.is_paid() { self.screen.good(&text) } else { self.screen.bad(&text) };
            self.screen.say(format_args!("\n{text}"));
        }
    }
}

/// Says what becomes of a sale that is not over, and the command for it.
pub fn say_left(core: &Paylink, link: &PaymentLink, exit: Exit, screen: Screen) {
    let (reference, name, status) = (&link.reference, hints::name(link), words::status_of(link));
    let why = link.reason.as_ref().map(|why| format!(": {}", words::reason(why.code.code()))).unwrap_or_default();
    screen.note(match exit {
        Exit::SignIn => {
            let paused = core.account().ok().and_then(|account| account.paused);
            let reason = words::because(paused.unwrap_or(ReasonCode::SignedOut));
            format!("\n{reference} is saved and waits: {reason}. Then `paylink sync` goes on.")
        }
        Exit::Attention => {
            let lines = hints::lines(link, screen).join("\n");
            format!("\n{reference} {status}.\n{lines}")
        }
        Exit::Waiting if link.status == LinkStatus::Unknown => {
            format!("\n{reference} may have been sent{why}. `paylink sync` looks it up.")
        }
        Exit::Waiting if link.status.is_payable() => {
            format!("\n{reference} is being cancelled{why}. `paylink sync` goes on.")
        }
        Exit::Waiting => format!("\n{reference} is saved and waits{why}. `paylink sync` sends it."),
        _ => format!("\nThe link of {reference} can still be paid. `paylink sync` asks, `paylink show {name}` tells."),
    });
}

/// Whether there is nothing more to wait for at the terminal: paid, or ended without.
fn is_over(status: LinkStatus) -> bool {
    (status.is_paid() && status != LinkStatus::OnHold)
        || status.is_ended_unpaid()
        || matches!(status, LinkStatus::Voided | LinkStatus::Refunded | LinkStatus::PartiallyRefunded)
}

/// `19:07:02  opened by the customer`.
fn line(event: &TimelineEvent, screen: Screen) -> String {
    let text = words::event(event);
    let text = match event.kind.known() {
        Some(kind) if kind.is_payment() => screen.good(&text),
        Some(EventKind::PaymentFailed | EventKind::Rejected | EventKind::Declined | EventKind::Failed) => {
            screen.bad(&text)
        }
        _ => text,
    };
    format!("{}  {text}", screen.dim(&words::time(event.at)))
}

/// The link, the text for its channel, and the QR code.
///
/// # Errors
/// Storage errors.
pub fn present(core: &Paylink, link: &PaymentLink, screen: Screen, stays: bool) -> Result<String, Failure> {
    let mut parts = vec![format!("\n{}", screen.bold(link.url.as_deref().unwrap_or_default()))];
    if link.url_warning {
        parts.push(screen.bad("Careful: this link leads to an unknown host."));
    }
    let provider_sent = link.delivery.channel == Delivery::Sms && link.delivery.state == Delivered::Sent;
    if !provider_sent {
        let channel = message::channel_of(link.delivery.channel);
        parts.push(message::text(&core.message(link.id, channel, None)?, channel, screen));
    }
    parts.push(qr::draw(&core.qr(link.id)?, screen));
    let until = link.expires_at.map_or(String::new(), |at| format!(" until {}", words::moment(at)));
    let waiting = if stays { " Waiting for the customer; Ctrl-C leaves, the link stays." } else { "" };
    parts.push(format!("Can be paid{until}.{waiting}"));
    Ok(parts.join("\n\n"))
}
