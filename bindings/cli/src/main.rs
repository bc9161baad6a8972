//! `paylink`: the terminal as the first shell of Paylink, straight on the core.
//!
//! Each command is a module of its own; [`args`] has the flags, [`config`] and [`secret`] make the core's
//! configuration and ports of them, [`output`], [`words`] and [`hints`] say what came of it, [`screen`] and [`printable`]
//! write it, for people or as JSON.

mod act;
mod args;
mod check;
mod config;
mod customers;
mod demo;
mod draft;
mod figures;
mod follow;
mod goods;
mod hints;
mod interrupt;
mod list;
mod message;
mod output;
mod printable;
mod qr;
mod recovered;
mod remind;
mod sandbox;
mod screen;
mod secret;
mod sell;
mod setup;
mod show;
mod sync;
mod table;
mod words;

use act::Decision;
use args::{Cli, Command};
use clap::Parser;
use config::Setup;
use output::{Exit, Failure, Outcome};
use paylink_core::link::PaymentLink;
use paylink_core::{Paylink, PaylinkError};
use screen::Screen;
use std::io::ErrorKind;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return wrong_usage(&error),
    };
    let screen = Screen::new(cli.global.json);
    let exit = run(cli, screen).unwrap_or_else(|failure| screen.fail(&failure));
    screen.end(exit).into()
}

/// Help and version are no mistake; wrong usage is refused input (contract 9), for scripts as an object.
fn wrong_usage(error: &clap::Error) -> ExitCode {
    let printed = error.print();
    if !error.use_stderr() {
        return match printed {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => screen::unwritten(&error).into(),
            _ => Exit::Done.into(),
        };
    }
    let screen = Screen::new(std::env::args_os().any(|argument| argument == "--json"));
    screen.object(&Failure::Usage(error.kind().to_string()).object());
    screen.end(Exit::Refused).into()
}

fn run(cli: Cli, screen: Screen) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::Terminal(error.to_string()))?;
    let global = cli.global.given();
    let setup = || Setup::new(&global, screen);
    let decide = |reference: &str, decision| {
        let setup = setup()?;
        runtime.block_on(act::run(&setup, reference, decision, screen))
    };
    let outcome = match cli.command {
        None | Some(Command::Demo) => runtime.block_on(demo::run(screen)),
        Some(Command::Sell(flags)) => runtime.block_on(sell::run(&setup()?, &flags, screen)),
        Some(Command::List(flags)) => list::run(&setup()?, &flags, screen),
        Some(Command::Show(flags)) => show::run(&setup()?, &flags, screen),
        Some(Command::Message(flags)) => message::run(&setup()?, &flags, screen),
        Some(Command::Remind(flags)) => remind::run(&setup()?, &flags, screen),
        Some(Command::Again(flags)) => decide(&flags.reference, Decision::Again),
        Some(Command::Sync(flags)) => runtime.block_on(sync::run(&setup()?, &flags, screen)),
        Some(Command::Cancel(flags)) => decide(&flags.reference, Decision::Cancel),
        Some(Command::Retry(flags)) => decide(&flags.reference, Decision::Retry),
        Some(Command::Discard(flags)) => decide(&flags.reference, Decision::Discard),
        Some(Command::Replace(flags)) => decide(&flags.reference, Decision::Replace),
        Some(Command::Resolve(flags)) => decide(&flags.reference, Decision::Resolve(flags.answer)),
        Some(Command::Recovered(flags)) => recovered::run(&setup()?.silent(), &flags, screen),
        Some(Command::Items { command }) => goods::all(&setup()?, command.as_ref(), screen),
        Some(Command::Item { command }) => goods::one(&setup()?, &command, screen),
        Some(Command::Customers(flags)) => customers::list(&setup()?, &flags, screen),
        Some(Command::Forget(flags)) => customers::forget(&setup()?, &flags, screen),
        Some(Command::Check(flags)) => runtime.block_on(check::run(&setup()?, &flags, screen)),
        Some(Command::Setup(flags)) => {
            let current = global.account.is_some().then(setup).transpose()?;
            setup::read(current.as_ref(), &flags, screen)
        }
        Some(Command::SetupLink(flags)) => setup::link(&setup()?, &flags, screen),
        Some(Command::Invite(flags)) => setup::invite(&setup()?, &flags, screen),
        Some(Command::Sandbox(flags)) => runtime.block_on(sandbox::run(&global, &flags, screen)),
    };
    // A prompt or a closed pipe must not hold the process.
    runtime.shutdown_background();
    outcome
}

/// The link that a reference or an id names.
fn find(core: Option<&Paylink>, text: &str) -> Result<PaymentLink, Failure> {
    let missing = || PaylinkError::NotFound { what: "link".to_owned() };
    let core = core.ok_or_else(missing)?;
    match (core.link_by_reference(text), text.parse()) {
        (Err(PaylinkError::NotFound { .. }), Ok(id)) => Ok(core.link(id)?),
        (found, _) => Ok(found?),
    }
}
