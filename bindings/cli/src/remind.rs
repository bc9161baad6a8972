//! `paylink remind REF`: a polite reminder, as every phone would send it. Who has sent it says so: then it is counted.

use crate::args::Remind;
use crate::config::Setup;
use crate::output::{Exit, Outcome};
use crate::screen::Screen;
use crate::{find, hints, message, words};
use paylink_core::link::{PaymentLink, ShareChannel, ShareOutcome};
use paylink_core::message::Channel;
use paylink_core::{Paylink, PaylinkError, Reminder};
use serde_json::json;

/// Prints the reminder, and counts it when it was sent.
///
/// # Errors
/// As [`Setup::open_read_only`], or [`Setup::open`] when it was sent; no such link, or one of which nobody can be reminded.
pub fn run(setup: &Setup, flags: &Remind, screen: Screen) -> Outcome {
    let wanted = message::wanted(setup, &flags.text)?;
    let core = if flags.sent { Some(setup.open()?) } else { setup.open_read_only()? };
    let link = find(core.as_ref(), &flags.text.reference)?;
    let Some(core) = core else { return Ok(Exit::NotFound) };
    let channel = wanted.0.unwrap_or_else(|| message::channel_of(link.delivery.channel));
    let reminder =
        core.remind(link.id, channel, wanted.1).inspect_err(|error| say_what_can_be_done(error, &link, screen))?;
    let link = if flags.sent { sent(&core, &link, channel)? } else { link };
    let mut object = json!(reminder);
    object["message"] = message::object(&reminder.message, channel, wanted.1.unwrap_or(link.language));
    object["link"] = json!(link);
    screen.object(&object);
    if !screen.json() {
        screen.say(message::text(&reminder.message, channel, screen));
        if let Some(before) = before(&reminder) {
            screen.note(before);
        }
    }
    core.close();
    Ok(Exit::Done)
}

fn sent(core: &Paylink, link: &PaymentLink, channel: Channel) -> Result<PaymentLink, PaylinkError> {
    let by = match channel {
        Channel::Sms => ShareChannel::Sms,
        Channel::Mail => ShareChannel::Mail,
        Channel::Share => ShareChannel::Share,
    };
    core.mark_reminded(link.id, by, ShareOutcome::Sent)
}

fn say_what_can_be_done(error: &PaylinkError, link: &PaymentLink, screen: Screen) {
    if matches!(error, PaylinkError::NotAllowed { .. }) {
        hints::lines(link, screen).iter().for_each(|line| screen.note(line));
    }
}

/// How often and when the customer was reminded before.
fn before(reminder: &Reminder) -> Option<String> {
    let last = words::moment(reminder.reminded_at?);
    let times = if reminder.reminded == 1 { "once".to_owned() } else { format!("{} times", reminder.reminded) };
    let careful = if reminder.too_soon { " Less than a day ago: better wait." } else { "" };
    Some(format!("Reminded {times} before, last {last}.{careful}"))
}
