//! The practice account in the terminal: a first sale with neither account nor sandbox.

use crate::support::{Gave, paylink, run};
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// Somebody who tries it, on a machine that is set up for a real account.
struct Newcomer(TempDir);

impl Newcomer {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = paylink(arguments);
        command.arg("--practice").arg("--data").arg(self.data());
        // Whoever asks there is answered by nobody.
        command.env("PAYLINK_ACCOUNT", "P12345678").env("PAYLINK_URL", "https://127.0.0.1:9");
        command.env("PAYLINK_CLIENT_ID", "real").env("PAYLINK_CLIENT_SECRET", "secret");
        command
    }

    fn run(&self, arguments: &[&str]) -> Gave {
        run(&mut self.command(arguments))
    }
}

#[test]
fn a_newcomer_sells_watches_it_being_paid_and_finds_it_in_the_list() {
    let newcomer = Newcomer::new();
    let gave = newcomer.run(&["sell", "--item", "Honning 500 g;2;149,00;15"]);
    assert_eq!(gave.code, 0, "{gave:?}");
    assert!(gave.err.contains("Practice account: nothing leaves this machine"), "{}", gave.err);
    let steps = ["Saved: ", "https://practice.invalid/", "Preview of a text", "Demokonto", "opened", "298,00 kr: paid"];
    let mut rest = gave.out.as_str();
    for step in steps {
        rest = rest.split_once(step).unwrap_or_else(|| panic!("no {step} in {}", gave.out)).1;
    }
    let listed = newcomer.run(&["list", "--json"]).object();
    assert_eq!((&listed["practice"], &listed["links"][0]["status"]), (&true.into(), &"captured".into()), "{listed}");
}

#[test]
fn ways_to_pay_can_be_chosen_for_the_very_first_practice_sale() {
    let newcomer = Newcomer::new();
    let gave = newcomer.run(&["sell", "--amount", "298", "--methods", "vipps", "--no-follow", "--json"]);
    assert_eq!(gave.code, 0, "{gave:?}");
    let sold = gave.object();
    assert_eq!((&sold["practice"], &sold["status"]), (&true.into(), &"open".into()), "{sold}");
    let reference = sold["reference"].as_str().unwrap();
    let text = newcomer.run(&["message", reference, "--channel", "mail", "--json"]).object();
    assert_eq!((&text["preview"], &text["uri"]), (&true.into(), &serde_json::Value::Null), "{text}");
    let cancelled = newcomer.run(&["cancel", reference, "--json"]);
    assert!(cancelled.code == 0 || cancelled.code == 8, "{cancelled:?}");
}

#[test]
fn a_practice_folder_is_no_real_accounts() {
    let newcomer = Newcomer::new();
    newcomer.run(&["sell", "--amount", "298", "--no-follow"]);
    let mut real = paylink(&["list", "--json", "--account", "P12345678", "--data"]);
    let gave = run(real.arg(newcomer.data()));
    assert_eq!((gave.code, &gave.object()["error"]["field"]), (7, &"account".into()), "{gave:?}");
}
