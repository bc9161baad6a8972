//! The demo: what a newcomer runs first.

use crate::support::{self, paylink, run};
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};

/// The bar is about 15 s on a free machine; these share theirs.
const WITHIN: Duration = Duration::from_secs(30);

#[test]
fn the_demo_ends_by_itself_with_nothing_lost_and_nothing_doubled() {
    support::binary();
    let start = Instant::now();
    let gave = run(&mut paylink(&[]));
    assert!(start.elapsed() < WITHIN, "took {:?}", start.elapsed());
    assert_eq!(gave.code, 0, "{}\n{}", gave.out, gave.err);
    assert_eq!(gave.out.lines().next_back(), Some("links 3, paid 3, lost 0, doubled 0"));
    assert_eq!(gave.err, "");
    assert!(!gave.out.contains('\u{1b}'), "plain text where there is no terminal");
}

#[test]
fn the_demo_shows_every_scene() {
    let gave = run(&mut paylink(&["demo"]));
    for text in [
        "refused: line 2, unit price",
        "waiting on the phone: 3   links at the provider: 0",
        "On the phone +4747465724, an SMS from",
        "On the phone +4795098471, a request from vipps",
        "E-mail to anna.berg@example.com",
        "one message, ",
        "a try to pay failed",
        "paid with card",
        "With VAT",
    ] {
        assert!(gave.out.contains(text), "{text}: {}", gave.out);
    }
    let lines: Vec<&str> = gave.out.lines().filter(|line| line.contains("██")).collect();
    assert!(lines.len() > 15, "a QR code: {}", gave.out);
    let folder = gave.out.lines().find_map(|line| line.split_once("its database in ")).unwrap().1;
    assert!(!Path::new(folder).exists(), "nothing is left behind");
}

#[test]
fn for_scripts_the_demo_prints_just_what_it_counted() {
    let gave = run(&mut paylink(&["demo", "--json"]));
    assert_eq!(gave.code, 0, "{gave:?}");
    assert_eq!(gave.object(), json!({"links": 3, "paid": 3, "lost": 0, "doubled": 0}));
}
