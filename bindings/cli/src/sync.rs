//! `paylink sync`: sends what waits, asks about what is open, and says what is left.

use crate::args::Sync;
use crate::config::Setup;
use crate::follow::News;
use crate::output::{Exit, Outcome};
use crate::screen::Screen;
use crate::{hints, words};
use paylink_core::link::{EventKind, LinkStatus};
use paylink_core::{LinkFilter, Page, SyncReport};
use std::time::Duration;

/// Works until nothing is due or the time is over.
///
/// # Errors
/// As [`Setup::open`].
pub async fn run(setup: &Setup, flags: &Sync, screen: Screen) -> Outcome {
    let core = setup.open()?;
    let mut news = News::of(&core);
    let report = core.sync(Duration::from_secs(flags.budget)).await?;
    screen.object(&report);
    if !screen.json() {
        for (link, event) in news.events(&core).await? {
            if event.kind != EventKind::Sending {
                screen.say(format_args!("{}  {}  {}", words::time(event.at), link.reference, words::event(&event)));
            }
        }
        screen.say(summary(&report));
        let waiting = LinkFilter { status: Some(LinkStatus::NeedsAttention) };
        if let Some(hints) = hints::of_waiting(&core.links(waiting, Page::default())?, screen) {
            screen.say(format_args!("\n{hints}"));
        }
    }
    core.close();
    Ok(exit(&report))
}

fn summary(report: &SyncReport) -> String {
    let mut parts = vec![format!("{} sent", report.sent)];
    let mut count = |number: u32, what: &str| {
        if number > 0 {
            parts.push(format!("{number} {what}"));
        }
    };
    count(report.waiting, "waiting");
    count(report.unknown, "being looked up");
    count(report.needs_attention, "for you to decide");
    let mut text = parts.join(", ");
    if report.reading.is_some() {
        text.push_str("; PAYMENTS CANNOT BE SEEN: this client may not read them");
    }
    if let Some(reason) = &report.paused {
        text.push_str(&format!("; paused: {}", words::because(*reason)));
    } else if let Some(at) = report.next_due_at {
        text.push_str(&format!("; next try {}", words::time(at)));
    }
    text
}

fn exit(report: &SyncReport) -> Exit {
    match report {
        SyncReport { paused: Some(_), .. } => Exit::SignIn,
        report if report.needs_attention > 0 => Exit::Attention,
        report if report.waiting + report.unknown > 0 => Exit::Waiting,
        _ => Exit::Done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use paylink_core::link::ReasonCode;

    fn report(waiting: u32, needs_attention: u32, paused: Option<ReasonCode>) -> SyncReport {
        SyncReport { sent: 1, waiting, unknown: 0, needs_attention, next_due_at: None, paused, reading: None }
    }

    #[test]
    fn the_exit_code_says_the_most_pressing_thing() {
        assert_eq!(exit(&report(0, 0, None)), Exit::Done);
        assert_eq!(exit(&report(2, 0, None)), Exit::Waiting);
        assert_eq!(exit(&report(2, 1, None)), Exit::Attention);
        assert_eq!(exit(&report(2, 1, Some(ReasonCode::SignedOut))), Exit::SignIn);
    }

    #[test]
    fn what_is_zero_is_not_said() {
        assert_eq!(summary(&report(0, 0, None)), "1 sent");
        assert_eq!(summary(&report(2, 1, None)), "1 sent, 2 waiting, 1 for you to decide");
    }
}
