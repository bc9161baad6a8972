//! The scenarios together meet every code and every call that the contract lists.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What scenarios do not meet, and where it is met.
const ELSEWHERE: [(&str, &str); 15] = [
    ("status creating", "only while a request is under way: core/luck"),
    ("event stray_cancelled", "a quarter of an hour later: core/luck"),
    ("event paid_after_end", "a quarter of an hour later: core/luck"),
    ("reason wrong_clock", "a certificate of another year: scenarios speak no TLS"),
    ("reason no_token", "a token source that hangs for real seconds"),
    ("reason timeout", "after real seconds: network"),
    ("reason cut", "a network that breaks: network, durable"),
    ("reason too_large", "an answer of megabytes: the gateway's own tests"),
    ("reason not_allowed", "a cancel that the provider refuses: the outbox's own tests"),
    ("reason recovered", "a damaged database: faults/store/recovery"),
    ("error storage", "a disk that fails: faults/store/faults"),
    ("error internal", "a defect"),
    ("error usage", "the terminal's own: cli"),
    ("error stopped", "the terminal's own: cli"),
    ("call subscribe", "listeners are each language's own"),
];

fn section(number: u32) -> String {
    let contract =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../core/CONTRACT.md")).unwrap();
    let begun = contract.split_once(&format!("\n## {number}. ")).unwrap().1;
    begun.split_once("\n## ").map_or(begun, |(section, _)| section).to_owned()
}

/// What stands between backquotes.
fn quoted(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split('`').skip(1).step_by(2).map(str::to_owned)
}

/// A list without what it says of one of them.
fn without_remarks(text: &str) -> String {
    text.split('(').map(|part| part.split_once(')').map_or(part, |(_, rest)| rest)).collect()
}

/// The codes in the first column of a section's table.
fn listed(number: u32) -> Vec<String> {
    let section = section(number);
    let rows = section.lines().filter(|line| line.starts_with("| `") && !line.contains("(terminal only)"));
    rows.flat_map(|row| quoted(row.split('|').nth(1).unwrap_or_default()).collect::<Vec<_>>()).collect()
}

/// Every text in a field of one of these names, at any depth; of an object in such a field its code.
fn values(value: &Value, names: &[&str], found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| values(item, names, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                if names.contains(&name.as_str()) {
                    found.extend(value.as_str().or_else(|| value["code"].as_str()).map(str::to_owned));
                }
                values(value, names, found);
            }
        }
        _ => {}
    }
}

/// What steps are called and what they come to, of every file.
fn results() -> Value {
    let of = |step: &Value| json!([{ "call": step["call"] }, step["expect"], { "error": step["error"] }]);
    let steps = |path: PathBuf| {
        let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        file["steps"].as_array().unwrap().iter().map(of).collect::<Value>()
    };
    super::files("").into_iter().map(steps).collect()
}

#[test]
fn every_code_and_call_of_the_contract_is_met() {
    if super::blessing() {
        return; // the files are being written
    }
    let all = results();
    let met = |names: &[&str]| {
        let mut found = BTreeSet::new();
        values(&all, names, &mut found);
        found
    };
    let kinds = section(5);
    let kinds = kinds.split_once("Kinds:").unwrap().1.split_once(".\nThe order").unwrap().0;
    let mut missing = BTreeSet::new();
    for (what, listed, met) in [
        ("problem", listed(2), met(&["code"])),
        ("status", quoted(&section(4)).collect(), met(&["status"])),
        ("event", quoted(&without_remarks(kinds)).collect(), met(&["kind"])),
        ("reason", listed(6), met(&["paused", "reason"])),
        ("error", listed(7), met(&["error"])),
        ("call", listed(8), met(&["call"])),
    ] {
        assert!(!listed.is_empty(), "the contract lists no {what}");
        missing.extend(listed.iter().filter(|one| !met.contains(*one)).map(|one| format!("{what} {one}")));
    }
    let elsewhere: BTreeSet<String> = ELSEWHERE.iter().map(|(code, _)| (*code).to_owned()).collect();
    let unmet: Vec<_> = missing.difference(&elsewhere).collect();
    assert!(unmet.is_empty(), "no scenario meets {unmet:?}");
    let stale: Vec<_> = elsewhere.difference(&missing).collect();
    assert!(stale.is_empty(), "scenarios do meet, or the contract no longer lists, {stale:?}");
}
