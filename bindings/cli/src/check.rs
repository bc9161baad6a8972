//! `paylink check`: what is wrong with a sale and what it sums up to. Nothing is saved. Without a choice of ways to
//! pay it needs neither the database nor the network; with one, the account's are looked up.

use crate::args::{Check, Sale};
use crate::config::Setup;
use crate::draft::{self, Typed};
use crate::output::{Exit, Failure, Outcome};
use crate::screen::Screen;
use crate::{sell, show, words};
use jiff::Timestamp;
use paylink_core::clock::PhoneTime;
use paylink_core::order::{self, Draft, DraftCheck, Problem, Rules};
use paylink_core::{Paylink, PaylinkError};
use serde_json::json;
use std::io::{BufRead, IsTerminal, stdin};

/// Checks the sale of the flags, or each line of standard input.
///
/// # Errors
/// As [`Setup::open`], where the account's ways to pay are needed.
pub async fn run(setup: &Setup, flags: &Check, screen: Screen) -> Outcome {
    let rules = setup.config.check()?.rules(PhoneTime::from_ms(Timestamp::now().as_millisecond()), None);
    let mut checker = Checker { setup, rules, reader: setup.open_read_only()?, asked: false };
    if flags.sale != Sale::default() {
        let check = checker.check(draft::from_flags(&flags.sale, Draft::default())).await?;
        screen.object(&check);
        say(&check, screen);
        return Ok(exit(&check));
    }
    if stdin().is_terminal() {
        screen.note("Reading drafts as JSON, one a line; Ctrl-D ends. Flags as of `paylink sell` check one sale.");
    }
    let mut worst = Exit::Done;
    for (number, line) in (1_u64..).zip(stdin().lock().split(b'\n')) {
        if !screen.is_heard() {
            break;
        }
        let line = line.map_err(|error| Failure::Terminal(format!("standard input: {error}")))?;
        let Some(typed) = draft::from_line(&line) else { continue };
        let check = checker.check(typed).await?;
        screen.object(&json!({ "input": number, "problems": check.problems, "totals": check.totals }));
        if !screen.json() {
            screen.say(screen.bold(&format!("Line {number}")));
        }
        say(&check, screen);
        if exit(&check) != Exit::Done {
            worst = Exit::Refused;
        }
    }
    Ok(worst)
}

struct Checker<'a> {
    setup: &'a Setup,
    /// For drafts that leave the ways to pay open.
    rules: Rules,
    /// Knows the account's ways to pay, if they were ever read.
    reader: Option<Paylink>,
    asked: bool,
}

impl Checker<'_> {
    async fn check(&mut self, typed: Typed) -> Result<DraftCheck, Failure> {
        // A line that could not be read has just that problem.
        if typed.problems.iter().any(|problem| problem.field == "draft") {
            return Ok(DraftCheck { problems: typed.problems, totals: None });
        }
        let mut check = match &self.reader {
            Some(core) => core.check(&typed.draft)?,
            None => order::check(&typed.draft, &self.rules),
        };
        if sell::lacks_methods(&check) && !self.asked {
            self.asked = true;
            if let Some(learnt) = self.ask(&typed).await? {
                return Ok(learnt);
            }
        }
        let mut problems = typed.problems;
        problems.append(&mut check.problems);
        Ok(DraftCheck { problems, ..check })
    }

    /// The same by a core that asks the account for its ways to pay; nothing while another paylink has the folder.
    async fn ask(&mut self, typed: &Typed) -> Result<Option<DraftCheck>, Failure> {
        let credentials = self.setup.credentials()?;
        let core = match self.setup.open_as(credentials.clone()) {
            Err(Failure::Core(PaylinkError::InUse)) => return Ok(None),
            core => core?,
        };
        let check = sell::check(&core, typed.clone(), credentials.as_ref()).await?;
        core.close();
        self.reader = self.setup.open_read_only()?;
        Ok(Some(check))
    }
}

fn exit(check: &DraftCheck) -> Exit {
    if check.problems.iter().any(Problem::is_error) { Exit::Refused } else { Exit::Done }
}

fn say(check: &DraftCheck, screen: Screen) {
    if screen.json() {
        return;
    }
    for problem in &check.problems {
        let text = words::problem(problem);
        screen.say(format_args!("  {}", if problem.is_error() { screen.bad(&text) } else { text }));
    }
    if let Some(totals) = &check.totals {
        screen.say(show::totals(totals));
    }
}
