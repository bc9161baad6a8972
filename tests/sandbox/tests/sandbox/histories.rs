//! The engine alone, with virtual time: whatever happens in whatever order, the books balance.

use std::time::Instant;

use paylink_sandbox::engine::{Engine, OperationRequest};
use paylink_sandbox::{CreateForm, Operation, Options, PayOutcome, Status};
use serde_json::json;

const START_MS: i64 = 1_772_359_200_000;

/// A small repeatable source of choices.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

fn history(seed: u64) -> Engine {
    let mut engine = Engine::new(Options::deterministic(START_MS, seed));
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let body = json!({
        "url": { "return_url": "https://example.com/return" },
        "order": { "amount": 1000, "currency": "NOK", "merchant_reference": "A-1" },
        "profile_id": "default"
    });
    for _ in 0..2 {
        engine.create_session(CreateForm::Profile, &body, false).unwrap();
    }
    for _ in 0..30 {
        let ids: Vec<String> = engine.sessions().iter().map(|session| session.id.clone()).collect();
        let id = &ids[usize::try_from(dice.roll(2)).unwrap()];
        let transaction = engine.session(id).unwrap().transaction_id.clone();
        let outcome =
            [PayOutcome::Authorize, PayOutcome::Hold, PayOutcome::Decline, PayOutcome::Fail, PayOutcome::Reject]
                [usize::try_from(dice.roll(5)).unwrap()];
        let method = ["klarna.klarna", "dintero_psp.vipps"][usize::try_from(dice.roll(2)).unwrap()];
        // Many of these are refused, which is part of the history.
        match (dice.roll(9), transaction) {
            (0, _) => drop(engine.visit(id, None, None)),
            (1, _) => drop(engine.start_payment(id, method)),
            (2, _) => drop(engine.pay(id, method, outcome)),
            (3, Some(transaction)) => drop(engine.finish_payment(&transaction, outcome)),
            (4, _) => drop(engine.cancel_session(id)),
            (5, _) => engine.options().clock.advance(i64::try_from(dice.roll(7_200_000)).unwrap()),
            (6, _) => engine.options_mut().later_ms = (dice.roll(2) == 0).then_some(60_000),
            (_, Some(transaction)) => {
                let operation =
                    [Operation::Capture, Operation::Refund, Operation::Void][usize::try_from(dice.roll(3)).unwrap()];
                let amount = [200, 300, 500, 1000][usize::try_from(dice.roll(4)).unwrap()];
                let request = OperationRequest { amount: Some(amount), ..OperationRequest::default() };
                drop(engine.operate(operation, &transaction, request));
            }
            _ => {}
        }
    }
    engine
}

#[test]
fn the_books_balance_after_any_history() {
    let begun = Instant::now();
    let mut seen = std::collections::HashSet::new();
    for seed in 1..=3000 {
        let engine = history(seed);
        for transaction in engine.transactions() {
            seen.insert(transaction.status);
            assert!(transaction.refunded <= transaction.captured && transaction.captured <= transaction.amount);
            let sum = |name: &str| -> i64 {
                let of = |event: &&paylink_sandbox::TransactionEvent| event.event == name && event.success;
                transaction.events.iter().filter(of).map(|event| event.amount).sum()
            };
            assert_eq!((sum("CAPTURE"), sum("REFUND")), (transaction.captured, transaction.refunded), "seed {seed}");
            let last = transaction.events.last().unwrap();
            assert_eq!(last.status, transaction.status, "seed {seed}");
            let of_session = engine.transactions().iter().filter(|other| other.session_id == transaction.session_id);
            assert_eq!(of_session.count(), 1, "seed {seed}");
        }
        for session in engine.sessions().iter().filter(|session| session.cancelled_at_ms.is_some()) {
            let paid = session.transaction_id.as_ref().and_then(|id| engine.transaction(id));
            assert!(paid.is_none_or(|transaction| transaction.status == Status::AuthorizationVoided), "seed {seed}");
        }
    }
    assert_eq!(seen.len(), 11, "every status is reached: {seen:?}");
    println!("3000 histories in {:?}", begun.elapsed());
}

#[test]
fn the_same_seed_is_the_same_history() {
    let read = |seed| {
        let engine = history(seed);
        let sessions: Vec<_> = engine.sessions().iter().map(paylink_sandbox::Session::read).collect();
        let transactions: Vec<_> = engine.transactions().iter().map(paylink_sandbox::Transaction::read).collect();
        (sessions, transactions)
    };
    assert_eq!(read(7), read(7));
    assert_ne!(read(7), read(8));
}
