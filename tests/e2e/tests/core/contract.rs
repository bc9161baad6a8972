//! `CONTRACT.md` names every code that the core can say.

use paylink_core::account::Config;
use paylink_core::gateway::SignInReason;
use paylink_core::link::{Action, Delivered, EventKind, LinkStatus, ReasonCode, ShareChannel, ShareOutcome};
use paylink_core::message::{Channel, Language, SmsEncoding};
use paylink_core::money::Region;
use paylink_core::order::{AddressMode, Capture, Delivery, Draft, DraftItem, Expiry, Severity};
use paylink_core::setup::SetupField;
use paylink_core::{ErrorCode, PaylinkError, ProblemCode, StorageKind, UnknownAnswer};
use serde::Serialize;
use std::collections::BTreeSet;

const CONTRACT: &str = include_str!("../../../../core/CONTRACT.md");

/// A section, from its heading to the next.
fn section(number: u32) -> &'static str {
    let from = CONTRACT.find(&format!("\n## {number}. ")).expect("the section exists");
    let rest = &CONTRACT[from + 1..];
    rest.find("\n## ").map_or(rest, |to| &rest[..to])
}

fn code(value: impl Serialize) -> String {
    match serde_json::to_value(value).unwrap() {
        serde_json::Value::String(code) => code,
        serde_json::Value::Object(fields) => fields["code"].as_str().unwrap().to_owned(),
        other => panic!("{other}"),
    }
}

#[track_caller]
fn named(number: u32, code: &str) {
    assert!(section(number).contains(&format!("`{code}`")), "section {number} does not name `{code}`");
}

#[test]
fn every_field_of_a_draft_is_named() {
    let draft = serde_json::to_value(Draft::default()).unwrap();
    for field in draft.as_object().unwrap().keys().filter(|field| *field != "items") {
        let listed = section(1).contains(&format!("`{field}`")) || section(1).contains(&format!("`{field}[]`"));
        assert!(listed, "section 1 does not name `{field}`");
    }
    let item = serde_json::to_value(DraftItem::default()).unwrap();
    for field in item.as_object().unwrap().keys() {
        named(1, &format!("items[].{field}"));
    }
}

/// What stands between backquotes, remarks in brackets left out.
fn quoted(text: &str) -> BTreeSet<&str> {
    let mut depth = 0;
    let mut outside = vec![];
    for part in text.split_inclusive(['(', ')']) {
        let plain = part.strip_suffix(['(', ')']).unwrap_or(part);
        if depth == 0 {
            outside.push(plain);
        }
        depth += i32::from(part.ends_with('(')) - i32::from(part.ends_with(')'));
    }
    outside.into_iter().flat_map(|text| text.split('`').skip(1).step_by(2)).collect()
}

/// A column of a section's table, of the rows whose first column names one of these; of all rows without a name.
fn column(number: u32, of: &str, at: usize) -> String {
    let rows = section(number).lines().filter(|line| line.starts_with("| `"));
    let rows = rows.filter(|row| of.is_empty() || row.starts_with(&format!("| `{of}`")));
    rows.map(|row| row.split('|').nth(at).unwrap()).collect()
}

/// The contract lists just these codes, none more and none less.
#[track_caller]
fn lists_just<T: Copy>(text: &str, all: &[T], code: fn(T) -> &'static str) {
    assert_eq!(quoted(text), all.iter().map(|one| code(*one)).collect(), "the contract and the enum");
}

#[test]
fn the_choices_of_a_draft_are_those_of_the_contract() {
    lists_just(&column(1, "expiry", 2), &Expiry::ALL, Expiry::code);
    lists_just(&column(1, "address", 2), &AddressMode::ALL, AddressMode::code);
    lists_just(&column(1, "capture", 2), &Capture::ALL, Capture::code);
    lists_just(&column(1, "delivery", 2), &Delivery::ALL, Delivery::code);
    lists_just(&column(1, "language", 2), &Language::ALL, Language::code);
    lists_just(&column(12, "region", 2), &Region::ALL, Region::code);
}

#[test]
fn a_set_up_says_what_the_contract_lists() {
    let (account, others) = (column(14, "account", 1), column(14, "origin", 1));
    lists_just(&format!("{account} {others}"), &SetupField::ALL, SetupField::code);
    for field in SetupField::ALL {
        named(12, field.code());
    }
}

#[test]
fn the_problems_are_those_of_the_contract() {
    lists_just(&column(2, "", 1), &ProblemCode::ALL, ProblemCode::code);
}

#[test]
fn statuses_actions_and_states_of_delivery_are_those_of_the_contract() {
    lists_just(section(4), &LinkStatus::ALL, LinkStatus::code);
    let actions = column(3, "actions", 2);
    lists_just(actions.split_once(". ").unwrap().0, &Action::ALL, Action::code);
    let states = section(3).split_once("\n`delivery.state`: ").unwrap().1;
    lists_just(states.split_once("\n\n").unwrap().0, &Delivered::ALL, Delivered::code);
}

#[test]
fn the_kinds_of_events_are_those_of_the_contract() {
    let kinds = section(5).split_once("Kinds: ").unwrap().1;
    lists_just(kinds.split_once("The order is").unwrap().0, &EventKind::ALL, EventKind::code);
}

#[test]
fn the_reasons_are_those_of_the_contract() {
    lists_just(&column(6, "", 1), &ReasonCode::ALL, ReasonCode::code);
    for reason in SignInReason::ALL {
        assert_eq!(reason.code(), reason.reason().code());
    }
}

#[test]
fn what_is_wrong_with_a_disk_is_listed() {
    lists_just(column(7, "storage", 2).split_once("`kind`: ").unwrap().1, &StorageKind::ALL, StorageKind::code);
}

#[test]
fn the_channels_and_answers_of_calls_are_those_of_the_contract() {
    let message = column(10, "message", 2);
    let channels = message.split_once("`channel`: ").unwrap().1;
    lists_just(channels.split_once(", `language`").unwrap().0, &Channel::ALL, Channel::code);
    let answers = column(10, "resolve_unknown", 2);
    lists_just(answers.split_once("`answer`: ").unwrap().1, &UnknownAnswer::ALL, UnknownAnswer::code);
}

#[test]
fn the_errors_are_those_of_the_contract_and_say_their_codes() {
    let rows: String = section(7)
        .lines()
        .filter(|row| row.starts_with("| `") && !row.contains("the terminal's own"))
        .map(|row| row.split('|').nth(1).unwrap())
        .collect();
    lists_just(&rows, &ErrorCode::ALL, ErrorCode::code);
    let text = String::new;
    let errors = [
        PaylinkError::Refused { problems: Vec::new() },
        PaylinkError::NotFound { what: text() },
        PaylinkError::NotAllowed { action: Action::Cancel, status: LinkStatus::Captured },
        PaylinkError::StillNeeded { references: Vec::new() },
        PaylinkError::Unsent { count: 1 },
        PaylinkError::SignInNeeded { reason: ReasonCode::SignedOut },
        PaylinkError::InUse,
        PaylinkError::Suspended,
        PaylinkError::Closed,
        PaylinkError::Config { field: text(), reason: text() },
        PaylinkError::Storage { kind: StorageKind::Full, reason: text() },
        PaylinkError::Network { reason: ReasonCode::Timeout },
        PaylinkError::Internal { reason: text() },
    ];
    assert_eq!(errors.each_ref().map(PaylinkError::code), ErrorCode::ALL);
    for error in errors {
        assert_eq!(code(&error), error.code().code());
    }
}

#[test]
fn ways_of_sharing_and_of_writing_are_those_of_the_contract() {
    let shared = column(10, "mark_shared", 2);
    let (channels, outcomes) = shared.split_once("`channel`: ").unwrap().1.split_once(", `outcome`: ").unwrap();
    lists_just(channels, &ShareChannel::ALL, ShareChannel::code);
    lists_just(outcomes, &ShareOutcome::ALL, ShareOutcome::code);
    let encodings = section(9).split_once("`encoding`: ").unwrap().1;
    lists_just(encodings.split_once(". ").unwrap().0, &SmsEncoding::ALL, SmsEncoding::code);
    let severities = section(2).split_once("`severity`: ").unwrap().1;
    lists_just(severities.split_once(". ").unwrap().0, &Severity::ALL, Severity::code);
}

#[test]
fn a_wrong_configuration_names_its_field() {
    let error = Config::default().check().unwrap_err();
    assert_eq!(serde_json::to_value(error).unwrap()["code"], "config");
}
