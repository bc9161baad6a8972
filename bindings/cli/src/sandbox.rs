//! `paylink sandbox`: a stand-in for the payment provider, on this machine, until Ctrl-C.

use crate::args::{Global, SANDBOX_PORT, Sandbox as Flags};
use crate::interrupt::Interrupt;
use crate::output::{Exit, Failure, Outcome};
use crate::screen::Screen;
use paylink_sandbox::{Duplicates, Listing, Options, Sandbox, serve};
use serde_json::json;

/// Serves until Ctrl-C.
///
/// # Errors
/// When the port is taken.
pub async fn run(global: &Global, flags: &Flags, screen: Screen) -> Outcome {
    let mut options = Options::default();
    if let Some(account) = &global.account {
        options.account.clone_from(account);
    }
    if flags.refuse_listing {
        options.listing = Listing::Forbidden;
    }
    if flags.refuse_duplicates {
        options.duplicates = Duplicates::Refused(409);
    }
    let shown = options.clone();
    let ready = |sandbox: &Sandbox| tell(sandbox, &shown, screen);
    let mut interrupt = Interrupt::listen()?;
    serve(options, flags.port, ready, interrupt.heard())
        .await
        .map_err(|error| Failure::config("port", error.to_string()))?;
    Ok(Exit::Done)
}

fn tell(sandbox: &Sandbox, options: &Options, screen: Screen) {
    let origin = sandbox.origin();
    screen.object(&json!({
        "origin": origin, "account": options.account, "client_id": options.client_id,
        "client_secret": options.client_secret, "inbox": format!("{origin}/sandbox/inbox"),
    }));
    if screen.json() {
        return;
    }
    let messages =
        if options.is_test_account() { "a test account: sends no SMS" } else { "sends SMS, to the inbox below" };
    screen.say(screen.bold("Sandbox: a stand-in for the payment provider. No money moves."));
    screen.say("");
    screen.say(format_args!("  Overview          {origin}/sandbox"));
    screen.say(format_args!("  Customers' inbox  {origin}/sandbox/inbox"));
    screen.say(format_args!("  Account           {} ({messages})", options.account));
    screen.say(format_args!("  Client id         {}", options.client_id));
    screen.say(format_args!("  Client secret     {}", options.client_secret));
    screen.say("");
    let mut flags = String::new();
    if options.account != Options::default().account {
        flags = format!(" --account {} --seller NAME --return-url {origin}/sandbox", options.account);
    }
    if sandbox.port() != SANDBOX_PORT || !flags.is_empty() {
        flags.push_str(&format!(" --url {origin}"));
    }
    screen.say(format_args!("Sell something in another terminal:  paylink sell{flags}"));
    if flags.contains("--account") {
        screen.say("with the client id and secret in PAYLINK_CLIENT_ID and PAYLINK_CLIENT_SECRET.");
    }
    screen.say("Ctrl-C stops it and forgets everything.");
}
