//! `paylink cancel`, `retry`, `discard`, `replace`, `again` and `resolve`: what a seller decides about a link. The decision is
//! saved first; then the outbox has a while to carry it out.

use crate::config::Setup;
use crate::follow::{present, say_left};
use crate::output::{Exit, Failure, Outcome};
use crate::screen::Screen;
use crate::{find, hints, words};
use clap::ValueEnum;
use paylink_core::link::PaymentLink;
use paylink_core::{Paylink, PaylinkError, UnknownAnswer};
use serde_json::json;
use std::time::Duration;

/// How long the outbox may take before the command returns.
const ATTEMPT: Duration = Duration::from_secs(20);

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Cancel,
    Retry,
    Discard,
    Replace,
    Again,
    Resolve(Answer),
}

/// The answer about a message that may have been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Answer {
    /// Look again later
    Wait,
    /// Make a link without a message; you send it. The customer may get two
    #[value(alias = "send_from_phone")]
    SendFromPhone,
    /// Let the provider send once more. The customer may get two messages
    #[value(alias = "send_again")]
    SendAgain,
}

impl Decision {
    fn save(self, core: &Paylink, link: &PaymentLink) -> Result<PaymentLink, PaylinkError> {
        match self {
            Self::Cancel => core.cancel(link.id),
            Self::Retry => core.retry(link.id),
            Self::Discard => core.discard(link.id),
            Self::Replace => core.replace(link.id),
            Self::Again => core.request_again(link.id).and_then(|draft| core.create(&draft)),
            Self::Resolve(answer) => core.resolve_unknown(
                link.id,
                match answer {
                    Answer::Wait => UnknownAnswer::Wait,
                    Answer::SendFromPhone => UnknownAnswer::SendFromPhone,
                    Answer::SendAgain => UnknownAnswer::SendAgain,
                },
            ),
        }
    }

    /// Whether a link may come of it, to be shown.
    const fn may_make_a_link(self) -> bool {
        matches!(self, Self::Retry | Self::Replace | Self::Again | Self::Resolve(_))
    }
}

/// Saves the decision and carries it out.
///
/// # Errors
/// As [`Setup::open`]; no such link; a link that does not allow it.
pub async fn run(setup: &Setup, reference: &str, decision: Decision, screen: Screen) -> Outcome {
    let core = setup.open()?;
    let before = find(Some(&core), reference)?;
    let saved = decision.save(&core, &before).inspect_err(|error| {
        if matches!(error, PaylinkError::NotAllowed { .. }) {
            hints::lines(&before, screen).iter().for_each(|line| screen.note(line));
        }
    })?;
    if decision != Decision::Discard {
        core.sync(ATTEMPT).await?;
    }
    let link = core.link(saved.id)?;
    let exit = exit(&link, decision, &core);
    screen.object(&json!({ "link": link }));
    if !screen.json() {
        say(&core, &before, &link, decision, screen)?;
    }
    if exit != Exit::Done {
        say_left(&core, &link, exit, screen);
    }
    core.close();
    Ok(exit)
}

/// A cancel that is still to be done is saved, and waits.
fn exit(link: &PaymentLink, decision: Decision, core: &Paylink) -> Exit {
    match Exit::of(link, core) {
        Exit::Done if decision == Decision::Cancel && (link.status.is_payable() || link.reason.is_some()) => {
            Exit::of_waiting(core)
        }
        exit => exit,
    }
}

fn say(
    core: &Paylink,
    before: &PaymentLink,
    link: &PaymentLink,
    decision: Decision,
    screen: Screen,
) -> Result<(), Failure> {
    if decision == Decision::Replace {
        screen.say(format_args!("{}  replaced by {}", before.reference, link.reference));
    }
    if decision == Decision::Again {
        screen.say(format_args!("{}  requested again as {}", before.reference, link.reference));
    }
    let (reference, amount) = (screen.bold(&link.reference), words::money(link.amount));
    screen.say(format_args!("{reference}  {amount}  {}", words::status_of(link)));
    if decision.may_make_a_link() && link.status.is_payable() && (before.url.is_none() || before.id != link.id) {
        screen.say(present(core, link, screen, false)?);
    }
    Ok(())
}
