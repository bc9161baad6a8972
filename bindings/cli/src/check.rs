//! `paylink check`: what is wrong with a sale and what it sums up to. Nothing is saved. Without a choice of ways to
//! pay it needs neither the database nor the network; with one, the account's are looked up.

use crate::args::{Check, Sale};
use crate::config::Setup;
use crate::draft::{self, Typed};
use crate::output::{Exit, Outcome, Screen};
use crate::{sell, show, words};
use paylink_core::order::{self, DraftCheck, Problem, Rules};
use paylink_core::{Paylink, PaylinkError};
use serde_json::json;
use std::io::{BufRead, IsTerminal, stdin};

/// Checks the sale of the flags, or each line of standard input.
///
/// # Errors
/// As [`Setup::open`], where the account's ways to pay are needed.
pub async fn run(setup: &Setup, flags: &Check, screen: Screen) -> Outcome {
    let rules = draft::rules(&setup.config.check()?);
    let checker = Checker { setup, rules };
    if flags.sale != Sale::default() {
        let check = checker.check(draft::from_flags(&flags.sale)).await?;
        screen.object(&check);
        say(&check, screen);
        return Ok(exit(&check));
    }
    if stdin().is_terminal() {
        screen.note("Reading drafts as JSON, one a line; Ctrl-D ends. Flags as of `paylink sell` check one sale.");
    }
    let mut worst = Exit::Done;
    for (number, line) in (1_u64..).zip(stdin().lock().lines()) {
        let line = line.map_err(|error| PaylinkError::Internal { reason: error.to_string() })?;
        if line.trim().is_empty() {
            continue;
        }
        let check = checker.check(draft::from_json(&line)).await?;
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
    rules: Rules,
}

impl Checker<'_> {
    async fn check(&self, typed: Typed) -> Result<DraftCheck, crate::output::Failure> {
        if !typed.problems.is_empty() || !sell::chooses_methods(&typed.draft) {
            return Ok(self.alone(typed));
        }
        let credentials = self.setup.credentials()?;
        let core: Paylink = match self.setup.open_as(credentials.clone()) {
            // Another paylink has it: without the account's ways to pay, which only the owner can read.
            Err(crate::output::Failure::Core(PaylinkError::InUse)) => return Ok(self.alone(typed)),
            core => core?,
        };
        let check = sell::check(&core, typed, credentials.as_ref()).await;
        core.close();
        check
    }

    fn alone(&self, typed: Typed) -> DraftCheck {
        // A line that could not be read has just that problem.
        if typed.problems.iter().any(|problem| problem.field == "draft") {
            return DraftCheck { problems: typed.problems, totals: None };
        }
        let mut check = order::check(&typed.draft, &self.rules);
        let mut problems = typed.problems;
        problems.append(&mut check.problems);
        DraftCheck { problems, ..check }
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
