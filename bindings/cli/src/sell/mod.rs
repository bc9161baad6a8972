//! `paylink sell`: a sale becomes a link. Saved first, then sent, then followed until it is paid.

mod questions;
mod summary;

use crate::args::Sell;
use crate::config::Setup;
use crate::draft::{self, Typed};
use crate::follow::{Follower, News, say_left};
use crate::interrupt::Interrupt;
use crate::output::{Exit, Failure, Outcome};
use crate::screen::Screen;
use crate::secret::Credentials;
use crate::words;
use paylink_core::link::ReasonCode;
use paylink_core::order::{Draft, DraftCheck, Problem};
use paylink_core::{Paylink, PaylinkError};
use std::io::{IsTerminal, stdin, stdout};
use std::sync::Arc;
use std::time::Duration;

/// How long the first attempt may take before the command returns (`--no-follow`).
const ATTEMPT: Duration = Duration::from_secs(20);
/// How long to wait for the list of ways to pay when it was never read.
const LEARN: Duration = Duration::from_secs(3);

/// Sells.
///
/// # Errors
/// A refused draft with every problem, and as [`Setup::open`]: nothing was saved then.
pub async fn run(setup: &Setup, flags: &Sell, screen: Screen) -> Outcome {
    let credentials = setup.credentials()?;
    let core = Arc::new(setup.open_as(credentials.clone())?);
    let asks = flags.sale.items.is_empty() && flags.sale.amount.is_none() && flags.again.is_none();
    let mut typed = draft::from_flags(&flags.sale, base(&core, flags.again.as_deref())?);
    if asks && !screen.json() && stdin().is_terminal() && stdout().is_terminal() {
        learn_methods(&core, credentials.as_ref()).await.ok();
        typed.draft = questions::ask(&core, typed.draft, screen)?;
    }
    let problems = check(&core, typed.clone(), credentials.as_ref()).await?.problems;
    if problems.iter().any(Problem::is_error) {
        return Err(PaylinkError::Refused { problems }.into());
    }
    let mut news = News::of(&core);
    let mut interrupt = if flags.no_follow { None } else { Some(Interrupt::listen()?) };
    let link = core.create(&typed.draft)?;
    if !screen.json() {
        for warning in &problems {
            screen.note(words::problem(warning));
        }
        screen.say(format_args!(
            "Saved: {}  {}",
            screen.bold(&link.reference),
            screen.bold(&words::money(link.amount))
        ));
    }
    let mut follower = Follower::new(&core, screen, &problems, !flags.no_follow);
    if let Some(interrupt) = &mut interrupt {
        return follower.run(link.id, &mut news, interrupt).await;
    }
    core.sync(ATTEMPT).await?;
    let link = follower.show(link.id)?;
    let exit = Exit::of(&link, &core);
    if exit != Exit::Done {
        say_left(&core, &link, exit, screen);
    }
    core.close();
    Ok(exit)
}

/// What the flags begin with: nothing, or another sale.
fn base(core: &Paylink, again: Option<&str>) -> Result<Draft, Failure> {
    let none = || PaylinkError::NotFound { what: "sale".to_owned() };
    Ok(match again {
        None => Draft::default(),
        Some("") => core.last_sale()?.ok_or_else(none)?,
        Some(name) => core.draft_of(crate::find(Some(core), name)?.id)?,
    })
}

/// Everything that is wrong with a draft. Ways to pay can be checked only when the account's are known: the first
/// time they are asked for.
///
/// # Errors
/// [`PaylinkError::SignInNeeded`] when they had to be asked for and the credentials are wrong.
pub async fn check(core: &Paylink, typed: Typed, credentials: Option<&Credentials>) -> Result<DraftCheck, Failure> {
    let mut check = core.check(&typed.draft)?;
    if lacks_methods(&check) {
        match learn_methods(core, credentials).await {
            Err(Failure::Core(PaylinkError::Network { .. })) => {}
            learnt => learnt?,
        }
        check = core.check(&typed.draft)?;
    }
    let mut problems = typed.problems;
    problems.append(&mut check.problems);
    Ok(DraftCheck { problems, ..check })
}

/// Reads which ways to pay the account has, if that was never done.
async fn learn_methods(core: &Paylink, credentials: Option<&Credentials>) -> Result<(), Failure> {
    let account = core.account()?;
    if !account.methods.is_empty() {
        return Ok(());
    }
    if account.practice {
        core.sync(LEARN).await?;
    }
    let Some(credentials) = credentials else { return Ok(()) };
    match tokio::time::timeout(LEARN, core.sign_in(&credentials.id, &credentials.secret)).await {
        Ok(signed_in) => signed_in.map(|_| ()).map_err(Failure::from),
        Err(_) => Err(PaylinkError::Network { reason: ReasonCode::Timeout }.into()),
    }
}

/// Whether ways to pay were chosen before the account's were ever read.
#[must_use]
pub fn lacks_methods(check: &DraftCheck) -> bool {
    check.problems.iter().any(|problem| problem.code == paylink_core::ProblemCode::NoProfileYet)
}
