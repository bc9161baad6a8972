//! `CONTRACT.md` names every code that the core can say.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use paylink_core::account::Config;
use paylink_core::gateway::{Fault, SignInReason};
use paylink_core::link::{Action, Delivered, EventKind, LinkStatus};
use paylink_core::order::{Delivery, Draft, DraftItem};
use paylink_core::{PaylinkError, StorageKind};
use serde::Serialize;

const CONTRACT: &str = include_str!("../CONTRACT.md");

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
    for delivery in Delivery::ALL {
        named(1, delivery.code());
    }
}

#[test]
fn every_status_action_and_state_of_delivery_is_named() {
    for text in ["queued", "creating", "unknown", "needs_attention", "open", "opened", "authorized", "on_hold"]
        .into_iter()
        .chain(["partially_captured", "captured", "partially_refunded", "refunded", "voided", "declined", "failed"])
        .chain(["expired", "cancelled", "superseded"])
    {
        assert!(LinkStatus::from_code(text).is_some(), "`{text}` is a status");
        named(4, text);
    }
    for action in
        [Action::Cancel, Action::Retry, Action::Discard, Action::ResolveUnknown, Action::Share, Action::Replace]
    {
        named(3, &code(action));
    }
    for state in [Delivered::Waiting, Delivered::Sent, Delivered::ProbablySent, Delivered::Ready, Delivered::Shared] {
        named(3, &code(state));
    }
}

#[test]
fn every_kind_of_event_is_named() {
    for kind in EventKind::ALL {
        named(5, &code(kind));
    }
}

#[test]
fn every_reason_is_named() {
    let faults = [
        Fault::NoNetwork,
        Fault::WrongClock,
        Fault::NoToken,
        Fault::Timeout,
        Fault::Cut,
        Fault::ServerError,
        Fault::NotJson,
        Fault::TooLarge,
        Fault::NoId,
    ];
    faults.iter().for_each(|fault| named(6, fault.code()));
    for reason in [
        SignInReason::WrongCredentials,
        SignInReason::RightMissing,
        SignInReason::SignedOut,
        SignInReason::SecureStoreLocked,
    ] {
        named(6, reason.code());
    }
}

#[test]
fn every_error_is_named_and_says_its_code() {
    let text = String::new;
    let errors = [
        PaylinkError::Refused { problems: Vec::new() },
        PaylinkError::NotFound { what: text() },
        PaylinkError::NotAllowed { action: Action::Cancel, status: LinkStatus::Captured },
        PaylinkError::Unsent { count: 1 },
        PaylinkError::SignInNeeded { reason: text() },
        PaylinkError::InUse,
        PaylinkError::Suspended,
        PaylinkError::Closed,
        PaylinkError::Config { field: text(), reason: text() },
        PaylinkError::Storage { kind: StorageKind::Full, reason: text() },
        PaylinkError::Network { reason: text() },
        PaylinkError::Provider { reason: text() },
        PaylinkError::Internal { reason: text() },
    ];
    for error in errors {
        named(7, &code(&error));
    }
    for kind in
        [StorageKind::Full, StorageKind::ReadOnly, StorageKind::Corrupt, StorageKind::NewerVersion, StorageKind::Io]
    {
        named(7, &code(kind));
    }
}

#[test]
fn a_wrong_configuration_names_its_field() {
    let error = Config::default().check().unwrap_err();
    assert_eq!(serde_json::to_value(error).unwrap()["code"], "config");
}
