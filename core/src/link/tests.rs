//! The table of statuses and the timeline, from facts alone.

use super::*;
use crate::clock::ProviderTime;
use proptest::prelude::*;

fn at(ms: i64) -> ProviderTime {
    ProviderTime::from_ms(ms)
}

fn event(name: &str, at: i64) -> SessionEvent {
    SessionEvent { id: None, name: name.to_owned().into(), at: Some(at), detail: None }
}

fn session(events: &[(&str, i64)]) -> SessionFacts {
    SessionFacts {
        id: "P12345678.abc".to_owned(),
        expires_at: Some(1_000),
        events: events.iter().map(|(name, at)| event(name, *at)).collect(),
        ..SessionFacts::default()
    }
}

fn transaction(status: &str, events: &[(&str, i64, i64)]) -> TransactionFacts {
    TransactionFacts {
        id: "P12345678.tx".to_owned(),
        session_id: Some("P12345678.abc".to_owned()),
        reference: None,
        status: status.to_owned().into(),
        amount: 100,
        currency: "NOK".to_owned(),
        method: Some("dintero_psp.vipps".to_owned()),
        created_at: Some(20),
        updated_at: Some(99),
        events: events
            .iter()
            .enumerate()
            .map(|(n, (kind, amount, at))| TransactionEvent {
                id: Some(format!("e{n}")),
                kind: (*kind).to_owned().into(),
                success: Some(true),
                amount: Some(*amount),
                at: Some(*at),
                reference: None,
                entry_id: None,
                error: None,
            })
            .collect(),
    }
}

fn status(session: &SessionFacts, transaction: Option<&TransactionFacts>, now: i64) -> LinkStatus {
    derive(Stage::Created, Some(session), transaction, at(now))
}

#[test]
fn without_a_session_the_outbox_speaks() {
    for (stage, expected) in [
        (Stage::Queued, LinkStatus::Queued),
        (Stage::Creating, LinkStatus::Creating),
        (Stage::Unknown, LinkStatus::Unknown),
        (Stage::NeedsAttention, LinkStatus::NeedsAttention),
        (Stage::GivenUp, LinkStatus::Cancelled),
    ] {
        assert_eq!(derive(stage, None, None, at(0)), expected);
    }
}

#[test]
fn a_session_is_open_then_opened_then_over() {
    assert_eq!(status(&session(&[("INITIATED", 1)]), None, 10), LinkStatus::Open);
    assert_eq!(status(&session(&[("VISITED", 5)]), None, 10), LinkStatus::Opened);
    assert_eq!(status(&session(&[("VISITED", 5)]), None, 1_000), LinkStatus::Expired);
    assert_eq!(status(&session(&[("DECLINED", 5)]), None, 1_000), LinkStatus::Declined);
    assert_eq!(status(&session(&[("FAILED", 5)]), None, 10), LinkStatus::Failed);
    assert_eq!(status(&session(&[("CANCELLED", 5)]), None, 10), LinkStatus::Cancelled);
}

#[test]
fn a_failed_attempt_or_an_unknown_event_is_not_the_end() {
    assert_eq!(status(&session(&[("PAY_FAILED", 5)]), None, 10), LinkStatus::Opened);
    assert_eq!(status(&session(&[("SET_SOMETHING_NEW", 5)]), None, 10), LinkStatus::Open);
    let unknown = transaction("SOMETHING_NEW", &[]);
    assert_eq!(status(&session(&[("VISITED", 5)]), Some(&unknown), 10), LinkStatus::Opened);
}

#[test]
fn every_transaction_status_has_its_place() {
    for (wire, expected) in [
        ("INITIATED", LinkStatus::Open),
        ("UNKNOWN", LinkStatus::Open),
        ("AUTHORIZED", LinkStatus::Authorized),
        ("ON_HOLD", LinkStatus::OnHold),
        ("CAPTURED", LinkStatus::Captured),
        ("PARTIALLY_CAPTURED", LinkStatus::PartiallyCaptured),
        ("PARTIALLY_CAPTURED_REFUNDED", LinkStatus::PartiallyRefunded),
        ("PARTIALLY_REFUNDED", LinkStatus::PartiallyRefunded),
        ("REFUNDED", LinkStatus::Refunded),
        ("AUTHORIZATION_VOIDED", LinkStatus::Voided),
        ("DECLINED", LinkStatus::Declined),
        ("FAILED", LinkStatus::Failed),
    ] {
        assert_eq!(status(&session(&[]), Some(&transaction(wire, &[])), 10), expected, "{wire}");
    }
}

#[test]
fn a_reservation_that_a_cancel_released_counts_as_cancelled() {
    let voided = transaction("AUTHORIZATION_VOIDED", &[("AUTHORIZE", 100, 30), ("VOID", 100, 40)]);
    assert_eq!(status(&session(&[("CANCELLED", 40)]), Some(&voided), 50), LinkStatus::Cancelled);
}

#[test]
fn the_timeline_tells_each_step_with_the_providers_times() {
    let facts = session(&[("INITIATED", 1), ("VISITED", 5), ("PAY_FAILED", 7), ("VISITED", 9)]);
    let paid = transaction("CAPTURED", &[("INITIALIZE", 100, 20), ("AUTHORIZE", 100, 30), ("CAPTURE", 100, 31)]);
    let steps: Vec<_> = observed(&facts, Some(&paid), at(77)).iter().map(|one| (one.kind, one.at)).collect();
    assert_eq!(
        steps,
        [
            (EventKind::Opened, 5),
            (EventKind::PaymentFailed, 7),
            (EventKind::PaymentStarted, 20),
            (EventKind::Authorized, 30),
            (EventKind::Captured, 31),
        ]
    );
}

#[test]
fn a_link_was_opened_when_a_visitor_did_something_first() {
    let opened = |facts: &SessionFacts, read_at| {
        let told = observed(facts, None, at(read_at));
        told.iter().find(|one| one.kind == EventKind::Opened).map(|one| one.at)
    };
    assert_eq!(opened(&session(&[("PAY_FAILED", 7), ("VISITED", 9)]), 1), Some(7));
    assert_eq!(opened(&session(&[("INITIATED", 1)]), 5), None);
    let paying = SessionFacts { transaction_id: Some("tx".to_owned()), ..session(&[("INITIATED", 1)]) };
    assert_eq!(opened(&paying, 5), Some(5), "nothing tells when, so when it was read");
}

#[test]
fn a_transaction_without_events_still_tells_what_it_is() {
    let steps: Vec<_> = observed(&session(&[]), Some(&transaction("CAPTURED", &[])), at(77))
        .iter()
        .map(|one| (one.kind, one.at))
        .collect();
    assert_eq!(steps, [(EventKind::PaymentStarted, 20), (EventKind::Captured, 99)]);
}

#[test]
fn parts_are_told_from_the_whole() {
    let paid = transaction(
        "PARTIALLY_REFUNDED",
        &[("AUTHORIZE", 100, 1), ("CAPTURE", 40, 2), ("CAPTURE", 60, 3), ("REFUND", 30, 4)],
    );
    let kinds: Vec<_> = observed(&session(&[]), Some(&paid), at(77)).iter().map(|one| one.kind).collect();
    assert!(kinds.contains(&EventKind::PartiallyCaptured) && kinds.contains(&EventKind::Captured));
    assert!(kinds.contains(&EventKind::PartiallyRefunded) && !kinds.contains(&EventKind::Refunded));
    assert_eq!((paid.sum(&TransactionEventKind::Capture), paid.sum(&TransactionEventKind::Refund)), (100, 30));
}

fn told(session: &SessionFacts, transaction: Option<&TransactionFacts>) -> Vec<(EventKind, i64)> {
    observed(session, transaction, at(500)).iter().map(|event| (event.kind, event.at)).collect()
}

#[test]
fn a_link_that_is_paid_was_opened_before_though_nobody_told_of_the_visit() {
    let mut facts = session(&[]);
    facts.transaction_id = Some("P12345678.tx".to_owned());
    let paid = transaction("AUTHORIZED", &[("AUTHORIZE", 100, 30)]);
    let expected = [(EventKind::Opened, 20), (EventKind::PaymentStarted, 20), (EventKind::Authorized, 30)];
    assert_eq!(told(&facts, Some(&paid)), expected);
}

#[test]
fn how_a_payment_ended_is_told_once() {
    for (wire, kind) in [("DECLINED", EventKind::Declined), ("FAILED", EventKind::Failed)] {
        let mut facts = session(&[("VISITED", 3), (wire, 40)]);
        facts.transaction_id = Some("P12345678.tx".to_owned());
        let ended = transaction(wire, &[]);
        let expected = [(EventKind::Opened, 3), (EventKind::PaymentStarted, 20), (kind, 99)];
        assert_eq!(told(&facts, Some(&ended)), expected);
        // Told by the session alone first: the transaction adds nothing under another key.
        let key = |events: Vec<NewEvent>| events.into_iter().find(|event| event.kind == kind).unwrap().key;
        assert_eq!(key(observed(&facts, None, at(500))), key(observed(&facts, Some(&ended), at(500))));
    }
}

#[test]
fn a_payment_on_hold_is_not_authorised_yet() {
    let mut facts = session(&[("VISITED", 3)]);
    facts.transaction_id = Some("P12345678.tx".to_owned());
    let held = transaction("ON_HOLD", &[("ON_HOLD", 100, 30)]);
    let mut expected = vec![(EventKind::Opened, 3), (EventKind::PaymentStarted, 20), (EventKind::OnHold, 30)];
    assert_eq!(told(&facts, Some(&held)), expected);
    let paid = transaction("AUTHORIZED", &[("ON_HOLD", 100, 30), ("AUTHORIZE", 100, 50)]);
    expected.push((EventKind::Authorized, 50));
    assert_eq!(told(&facts, Some(&paid)), expected);
}

const NAMES: [&str; 9] = [
    "INITIATED",
    "VISITED",
    "PAY_FAILED",
    "DECLINED",
    "FAILED",
    "CANCELLED",
    "PUSH_NOTIFICATION_SENT",
    "COMPLETED",
    "NEW_ONE",
];
const STATUSES: [&str; 8] =
    ["INITIATED", "AUTHORIZED", "CAPTURED", "REFUNDED", "DECLINED", "FAILED", "ON_HOLD", "AUTHORIZATION_VOIDED"];

proptest! {
    /// Rule 6: whatever else the provider says, money that was taken shows.
    #[test]
    fn paid_beats_everything(
        names in prop::collection::vec(prop::sample::select(&NAMES[..]), 0..6),
        cancelled in any::<bool>(),
        now in 0_i64..5_000,
    ) {
        let mut facts = session(&names.iter().map(|name| (*name, 3)).collect::<Vec<_>>());
        facts.cancelled_at = cancelled.then_some(4);
        for (wire, expected) in [("CAPTURED", LinkStatus::Captured), ("AUTHORIZED", LinkStatus::Authorized)] {
            prop_assert_eq!(status(&facts, Some(&transaction(wire, &[])), now), expected);
        }
    }

    /// Reading twice adds nothing: every key is the same, and none occurs twice.
    #[test]
    fn the_same_facts_give_the_same_events(
        names in prop::collection::vec(prop::sample::select(&NAMES[..]), 0..6),
        wire in prop::sample::select(&STATUSES[..]),
        read_at in 0_i64..5_000,
    ) {
        let facts = session(&names.iter().zip(3..).map(|(name, at)| (*name, at)).collect::<Vec<_>>());
        let paid = transaction(wire, &[("AUTHORIZE", 100, 30)]);
        let keys = |when| observed(&facts, Some(&paid), at(when)).into_iter().map(|one| one.key).collect::<Vec<_>>();
        let first = keys(read_at);
        prop_assert_eq!(&first, &keys(read_at + 1));
        let unique: std::collections::HashSet<_> = first.iter().collect();
        prop_assert_eq!(unique.len(), first.len());
    }

    /// What a link is never goes back from over to open as time passes.
    #[test]
    fn time_only_ends_a_link(
        names in prop::collection::vec(prop::sample::select(&NAMES[..]), 0..6),
        now in 0_i64..3_000,
        later in 0_i64..3_000,
    ) {
        let facts = session(&names.iter().map(|name| (*name, 3)).collect::<Vec<_>>());
        let (before, after) = (status(&facts, None, now), status(&facts, None, now + later));
        prop_assert!(before == after || (before.is_payable() && after == LinkStatus::Expired));
    }
}

#[test]
fn what_is_most_likely_next_comes_first_and_never_what_ends_a_sale() {
    let known = |waits, delivered, channel| Known { waits, delivered, channel };
    for status in LinkStatus::ALL {
        for waits in [Waits::Nothing, Waits::Answer, Waits::OtherReference, Waits::Cancel, Waits::Payment] {
            for delivered in Delivered::ALL {
                for channel in Delivery::ALL {
                    let actions = actions(status, known(waits, delivered, channel));
                    let ends = |action: &Action| matches!(action, Action::Cancel | Action::Discard);
                    let first = actions.iter().position(ends).unwrap_or(actions.len());
                    assert!(actions[first..].iter().all(ends), "{status:?} {waits:?}: {actions:?}");
                    let has = |action| actions.contains(&action);
                    assert_eq!(
                        has(Action::ShowQr),
                        status.is_payable() && waits != Waits::Cancel,
                        "{status:?} {waits:?}"
                    );
                    assert_eq!(has(Action::Remind), has(Action::ShowQr) && delivered.has_gone_out(), "{status:?}");
                    let again = status.may_be_requested_again() && waits == Waits::Nothing;
                    assert_eq!(has(Action::RequestAgain), again, "{status:?} {waits:?}");
                }
            }
        }
    }
    let first = |delivered, channel| actions(LinkStatus::Open, known(Waits::Nothing, delivered, channel))[0];
    assert_eq!(first(Delivered::Ready, Delivery::Phone), Action::Share);
    assert_eq!(first(Delivered::Ready, Delivery::Qr), Action::ShowQr);
    assert_eq!(first(Delivered::Sent, Delivery::Sms), Action::Remind);
    assert_eq!(first(Delivered::ProbablySent, Delivery::Sms), Action::ShowQr, "a message may be the second");
}
