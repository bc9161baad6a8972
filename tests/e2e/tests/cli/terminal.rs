//! The terminal's edges: its width, its readers, its environment, and how numbers are written.

use crate::support::{Seller, fed, paylink, run, until};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};

const NOWHERE: &str = "http://127.0.0.1:9";

/// What a command prints to a terminal of so many columns.
fn on_terminal(command: &mut Command, columns: u16) -> String {
    let mut terminal = File::from(openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap());
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    tcsetwinsize(&terminal, Winsize { ws_row: 0, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let side = File::options().read(true).write(true).open(std::ffi::OsStr::from_bytes(name.as_bytes())).unwrap();
    command.env("TERM", "xterm").env_remove("NO_COLOR").stdout(side.try_clone().unwrap()).stderr(side);
    let mut child = command.spawn().unwrap();
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut seen = Vec::new();
    // The terminal of a process that has ended reads as an error.
    let _over = terminal.read_to_end(&mut seen);
    child.wait().unwrap();
    String::from_utf8(seen).unwrap()
}

#[test]
fn a_terminal_of_width_zero_is_one_of_unknown_width() {
    let (seller, _port) = Seller::without_network();
    let sale = ["sell", "--no-follow", "--item", "Honning 500 g;2;149,00;15", "--reference", "STALL-2026-0007"];
    assert_eq!(seller.run(&sale).code, 2);
    for arguments in [&["list"][..], &["show", "STALL-2026-0007"]] {
        let unknown = on_terminal(&mut seller.command(arguments), 0);
        assert!(unknown.contains("STALL-2026-0007") && unknown.contains("Honning 500 g"), "{unknown}");
        assert!(unknown.lines().all(|line| line.chars().filter(|c| !c.is_whitespace()).count() != 1), "{unknown}");
    }
    let narrow = on_terminal(&mut seller.command(&["list"]), 60);
    assert!(narrow.lines().all(|line| line.trim_end().chars().count() <= 62), "{narrow}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_goes_away_ends_a_follower_and_frees_the_folder() {
    let (seller, _sandbox) = Seller::with_sandbox().await;
    for json in [&["--json"][..], &[]] {
        let mut follower = seller.command(&[&["sell", "--amount", "250"], json].concat());
        let mut child = follower.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        reader.read_line(&mut first).unwrap();
        assert!(!first.is_empty());
        drop(reader);
        until("the follower to end", || child.try_wait().unwrap().is_some());
        assert!(matches!(child.wait().unwrap().code(), Some(0 | 2)));
        assert_eq!(seller.run(&["sync"]).code, 0, "the folder is free");
    }
    assert_eq!(seller.links().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_behind_standard_output_is_an_error() {
    let (seller, _sandbox) = Seller::with_sandbox().await;
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let sell = ["sell", "--no-follow", "--amount", "250"];
    for arguments in
        [&sell[..], &[&sell[..], &["--json"]].concat(), &["list"], &["list", "--json"], &["sell", "--amount", "5"]]
    {
        let ended = seller.command(arguments).stdout(full()).stderr(Stdio::piped()).output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(5), "{arguments:?}: {said}");
        assert!(said.contains("standard output"), "{arguments:?}: {said}");
    }
    assert_eq!(paylink(&["--help"]).stdout(full()).stderr(Stdio::null()).status().unwrap().code(), Some(5));
    assert_eq!(seller.links().len(), 3, "saved is saved");
}

#[test]
fn a_reader_who_had_enough_is_no_error() {
    let (seller, _port) = Seller::without_network();
    assert_eq!(seller.run(&["sell", "--no-follow", "--amount", "250"]).code, 2);
    let mut child = seller.command(&["list"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn standard_input_may_begin_with_a_mark_and_hold_a_line_that_is_no_text() {
    let seller = Seller::at(NOWHERE);
    let mut check = seller.command(&["check", "--json"]);
    let mut child = check.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let input = b"\xef\xbb\xbf{\"amount\": \"250\"}\r\n{\"name\": \"K\xe5re\"}\r\n\xef\xbb\xbf\n{\"amount\": \"1\"}";
    child.stdin.take().unwrap().write_all(input).unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let out = String::from_utf8(ended.stdout).unwrap();
    let objects: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let inputs: Vec<_> = objects.iter().map(|object| object["input"].clone()).collect();
    assert_eq!(inputs, [json!(1), json!(2), json!(4)]);
    assert_eq!((&objects[0]["problems"], &objects[2]["problems"]), (&json!([]), &json!([])));
    let wrong = &objects[1]["problems"][0];
    assert_eq!((&wrong["field"], &wrong["code"]), (&json!("draft"), &json!("invalid")));
    assert_eq!(wrong["parameters"]["reason"], "not UTF-8");
}

#[test]
fn a_line_that_quotes_controls_prints_none() {
    let seller = Seller::at(NOWHERE);
    let checked = fed(&mut seller.command(&["check"]), "{\"\\u001b[31mamuont\\u009b2J\\u202e\": \"250\"}\n");
    assert!(checked.out.contains("amuont"), "{checked:?}");
    assert!(!checked.out.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{checked:?}");
}

#[test]
fn an_empty_variable_of_the_environment_is_the_default() {
    let home = tempfile::tempdir().unwrap();
    let empty = |command: &mut Command| {
        for name in [
            "DATA",
            "ACCOUNT",
            "API_PREFIX",
            "PROFILE",
            "SELLER",
            "RETURN_URL",
            "TERMS_URL",
            "PREFIX",
            "REGION",
            "CLIENT_ID",
            "CLIENT_SECRET",
        ] {
            command.env(format!("PAYLINK_{name}"), if name == "DATA" { "" } else { " " });
        }
        command.env("PAYLINK_URL", "").env("HOME", home.path()).env_remove("XDG_DATA_HOME");
    };
    let mut list = paylink(&["list", "--json"]);
    empty(&mut list);
    let listed = run(&mut list);
    assert_eq!((listed.code, listed.object()), (0, json!({"links": []})), "{listed:?}");
    let mut check = paylink(&["check", "--json", "--amount", "5"]);
    empty(&mut check);
    let checked = run(&mut check);
    assert_eq!((checked.code, &checked.object()["totals"]["total"]["currency"]), (0, &json!("NOK")), "{checked:?}");
}

#[test]
fn amounts_are_written_as_the_region_does() {
    let seller = Seller::at(NOWHERE);
    for (region, sum) in [("NO", "1 234,50"), ("SE", "1 234,50"), ("DK", "1 234,50"), ("FI", "1 234,50")] {
        let checked = seller.run(&["check", "--amount", "1234.50", "--region", region]);
        assert!(checked.code == 0 && checked.out.contains(sum) && !checked.out.contains("1234.50"), "{checked:?}");
    }
    let too_much = seller.run(&["check", "--item", "Lys;1;10,00;25;20,00"]);
    assert!(too_much.out.contains("is more than the line itself, 10,00"), "{too_much:?}");
}
