//! `paylink`: the terminal as the first shell of Paylink, straight on the core.
//!
//! Each command is a module of its own; [`args`] has the flags, [`config`] and [`secret`] make the core's
//! configuration and ports of them, [`output`] and [`words`] say what came of it, to people or as JSON.

mod args;
mod check;
mod config;
mod demo;
mod draft;
mod follow;
mod interrupt;
mod list;
mod message;
mod output;
mod qr;
mod resume;
mod sandbox;
mod secret;
mod sell;
mod show;
mod table;
mod words;

use args::{Cli, Command};
use clap::Parser;
use config::Setup;
use output::{Exit, Failure, Outcome, Screen};
use paylink_core::link::PaymentLink;
use paylink_core::{Paylink, PaylinkError};
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return wrong_usage(&error),
    };
    let screen = Screen::new(cli.global.json);
    run(cli, screen).unwrap_or_else(|failure| screen.fail(&failure)).into()
}

/// Help and version are no mistake; wrong usage is refused input (contract 9), for scripts as an object.
fn wrong_usage(error: &clap::Error) -> ExitCode {
    let _gone = error.print();
    if !error.use_stderr() {
        return Exit::Done.into();
    }
    let json = std::env::args().any(|argument| argument == "--json");
    Screen::new(json).object(&Failure::Usage(error.kind().to_string()).object());
    Exit::Refused.into()
}

fn run(cli: Cli, screen: Screen) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::Terminal(error.to_string()))?;
    let setup = || Setup::new(&cli.global);
    let outcome = match cli.command {
        None | Some(Command::Demo) => runtime.block_on(demo::run(screen)),
        Some(Command::Sell(flags)) => runtime.block_on(sell::run(&setup()?, &flags, screen)),
        Some(Command::List(flags)) => list::run(&setup()?, &flags, screen),
        Some(Command::Show(flags)) => show::run(&setup()?, &flags, screen),
        Some(Command::Message(flags)) => message::run(&setup()?, &flags, screen),
        Some(Command::Resume(flags)) => runtime.block_on(resume::run(&setup()?, &flags, screen)),
        Some(Command::Check(flags)) => runtime.block_on(check::run(&setup()?, &flags, screen)),
        Some(Command::Sandbox(flags)) => runtime.block_on(sandbox::run(&cli.global, &flags, screen)),
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
