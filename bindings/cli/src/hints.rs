//! What a seller can do with a link, as the commands that do it: nothing that waits for the seller is said without them.

use crate::screen::Screen;
use paylink_core::link::{Action, LinkStatus, PaymentLink};

/// The link in a command: by its reference, or by its id where a shell would take the reference apart.
#[must_use]
pub fn name(link: &PaymentLink) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':');
    let reference = &link.reference;
    if reference.chars().all(plain) && !reference.starts_with('-') { reference.clone() } else { link.id.to_string() }
}

/// The command for an action, and what it does.
fn command(action: Action, link: &PaymentLink) -> (String, &'static str) {
    let name = name(link);
    match action {
        Action::Retry => (format!("paylink retry {name}"), "tries again now"),
        Action::Discard => (format!("paylink discard {name}"), "gives the sale up"),
        Action::Cancel => (format!("paylink cancel {name}"), "cancels it: nobody can pay any more"),
        Action::Replace => (format!("paylink replace {name}"), "makes a new order of the sale, with a new reference"),
        Action::ResolveUnknown => {
            (format!("paylink resolve {name} wait|send-from-phone|send-again"), "says what becomes of the message")
        }
        Action::Share => (format!("paylink message {name}"), "writes the text for the customer"),
        Action::ShowQr => (format!("paylink show {name} --qr"), "shows the QR code"),
        Action::Remind => (format!("paylink remind {name}"), "writes a polite reminder"),
        Action::RequestAgain => (format!("paylink again {name}"), "requests the same sale again, as a new order"),
    }
}

/// One line an action: the command, and what it does.
#[must_use]
pub fn lines(link: &PaymentLink, screen: Screen) -> Vec<String> {
    let commands: Vec<_> = link.actions.iter().map(|action| command(*action, link)).collect();
    let width = commands.iter().map(|(command, _)| command.chars().count()).max().unwrap_or(0);
    let line = |(command, does): &(String, &str)| {
        let gap = " ".repeat(width - command.chars().count());
        format!("  {}{gap}  {does}", screen.bold(command))
    };
    commands.iter().map(line).collect()
}

/// What the links that wait for the seller wait for, each with its commands.
#[must_use]
pub fn of_waiting(links: &[PaymentLink], screen: Screen) -> Option<String> {
    let waiting = links.iter().filter(|link| link.status == LinkStatus::NeedsAttention);
    let lines: Vec<String> = waiting
        .flat_map(|link| {
            let heading = format!("{} waits for your decision:", link.reference);
            std::iter::once(heading).chain(lines(link, screen))
        })
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}
