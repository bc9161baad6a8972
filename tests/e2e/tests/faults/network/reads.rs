//! The questions about links that are out: when they or their answers are lost nothing changes, and the payment is
//! seen once the network is back.

use super::proof::Proof;
use super::troubles::{Case, answer_lost, harmless, undelivered};
use super::world::{TIMEOUT, World, aside};
use paylink_core::link::{EventKind, LinkStatus};
use paylink_e2e::honey;
use paylink_sandbox::proxy::{Line, Rule, Trouble};
use paylink_sandbox::{Options, PayOutcome};
use std::time::{Duration, Instant};

/// A little more than the 10 s after which a question without an answer is asked again.
const ASKED_AGAIN_MS: i64 = 11_000;

/// More links than are asked about one by one.
const A_CROWD: usize = 11;

/// A link whose customer pays while every question about it meets trouble; `hides`: so that nobody hears of it.
fn paid_unheard(world: &World, others: usize, trouble: impl FnOnce(&World), met: impl Fn(&World) -> bool, hides: bool) {
    for _ in 0..others {
        world.sell(&honey());
    }
    let link = world.sell(&honey());
    trouble(world);
    world.sandbox.pay(link.session_id.as_ref().unwrap(), "dintero_psp.creditcard", PayOutcome::Authorize).unwrap();
    world.core.refresh(link.id).unwrap();
    if hides {
        // Long enough for two questions to run into their time-outs.
        let until = Instant::now() + 2 * TIMEOUT + Duration::from_millis(500);
        while Instant::now() < until {
            let shown = world.core.link(link.id).unwrap().status;
            assert_eq!(shown, LinkStatus::Open, "nothing is shown that nobody said");
            std::thread::sleep(Duration::from_millis(50));
        }
        world.proxy.heal();
    }
    let deadline = Instant::now() + Duration::from_secs(30);
    while world.core.link(link.id).unwrap().status != LinkStatus::Captured {
        assert!(Instant::now() < deadline, "the payment was never seen: {:?}", world.kinds(link.id));
        world.pass(ASKED_AGAIN_MS, link.id);
        std::thread::sleep(Duration::from_millis(300));
    }
    assert!(met(world), "the trouble was met");
    let kinds = world.kinds(link.id);
    assert_eq!(kinds.iter().filter(|kind| **kind == EventKind::Captured).count(), 1, "{kinds:?}");
    assert_eq!(world.core.account().unwrap().paused, None);
    assert_eq!(world.at_the_provider(&link), (1, 0));
    world.assert_nothing_waits();
}

/// Every question.
fn every(trouble: Trouble) -> Rule {
    Rule::on("GET", "/v1/", trouble).for_ever()
}

/// The list of payments, and nothing else.
fn payments(trouble: Trouble) -> Rule {
    Rule::on("GET", "/v1/transactions", trouble).exact().for_ever()
}

async fn each(others: usize, cases: Vec<Case>, rule: fn(Trouble) -> Rule, hides: bool) {
    let mut running = Vec::new();
    for case in cases {
        let world = World::start(Options::default()).await;
        running.push(tokio::spawn(aside(move || {
            let inject = |world: &World| world.proxy.inject(rule(case.trouble.clone()));
            paid_unheard(&world, others, inject, |world| world.proxy.count(case.trouble.name()) > 0, hides);
        })));
    }
    for one in running {
        one.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_is_lost_changes_nothing_and_is_asked_again() {
    let _proof = Proof::begin();
    each(0, undelivered(), every, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_changes_nothing_and_is_asked_for_again() {
    let _proof = Proof::begin();
    each(0, answer_lost(), every, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_odd_answer_that_comes_through_is_believed() {
    let _proof = Proof::begin();
    each(0, harmless(), every, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_only_the_list_of_payments_is_lost_the_sessions_tell() {
    let _proof = Proof::begin();
    each(A_CROWD, [undelivered(), answer_lost()].concat(), payments, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_is_away_hides_a_payment_only_until_it_is_back() {
    let _proof = Proof::begin();
    for line in [Line::Refuses, Line::Resets, Line::Silent] {
        let world = World::start(Options::default()).await;
        aside(move || paid_unheard(&world, 0, |world| world.proxy.set_line(line), |_| true, true)).await;
    }
}
