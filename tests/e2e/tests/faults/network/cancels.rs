//! A cancel whose request, or whose answer, is lost: it is carried out exactly, or the payment that came first is shown.
//!
//! | the cancel | the customer meanwhile | the end |
//! |---|---|---|
//! | never arrived | nothing | cancelled, asked for again |
//! | never arrived | pays | paid: the cancel is given up |
//! | arrived, answer lost | nothing, or tries to pay | cancelled; the provider takes no payment |

use super::proof::Proof;
use super::troubles::{Case, answer_lost, harmless, undelivered};
use super::world::{A_MINUTE_MS, World, aside};
use paylink_core::link::{EventKind, LinkStatus};
use paylink_e2e::honey;
use paylink_sandbox::proxy::{Line, Rule};
use paylink_sandbox::{Options, PayOutcome};
use std::time::{Duration, Instant};

/// A link whose cancel meets trouble, and the customer who pays meanwhile or does not.
fn cancel(world: &World, trouble: impl FnOnce(&World), met: impl Fn(&World) -> bool, pays: bool) {
    let link = world.sell(&honey());
    let other = world.sell(&honey());
    let session = link.session_id.clone().unwrap();
    trouble(world);
    world.core.cancel(link.id).unwrap();
    world.until_link(link.id, "its turn", |_| met(world));
    // Nothing that was lost counts as done: what the core shows, the provider has.
    let cancelled = || world.sandbox.session(&session).unwrap().cancelled_at_ms.is_some();
    let shown = world.core.link(link.id).unwrap().status;
    assert!(shown != LinkStatus::Cancelled || cancelled(), "shown before it was done");
    let paid = pays && world.sandbox.pay(&session, "dintero_psp.creditcard", PayOutcome::Authorize).is_ok();
    world.proxy.heal();
    let deadline = Instant::now() + Duration::from_secs(40);
    let wanted = if paid { LinkStatus::Captured } else { LinkStatus::Cancelled };
    while world.core.link(link.id).unwrap().status != wanted {
        assert!(Instant::now() < deadline, "{wanted:?}: {:?}, {:?}", world.core.link(link.id), world.kinds(link.id));
        std::thread::sleep(Duration::from_millis(300));
        world.pass(A_MINUTE_MS, link.id);
    }
    world.until_link(link.id, "its rest", |_| world.core.pending().unwrap() == paylink_core::Pending::default());
    assert_eq!(cancelled(), !paid, "the provider's word");
    let kinds = world.kinds(link.id);
    let told = |kind| kinds.iter().filter(|one| **one == kind).count();
    assert_eq!((told(EventKind::CancelRequested), told(EventKind::Cancelled)), (1, usize::from(!paid)), "{kinds:?}");
    assert_eq!(told(EventKind::Captured), usize::from(paid), "{kinds:?}");
    assert_eq!(world.at_the_provider(&link), (1, 0));
    assert_eq!(world.core.account().unwrap().paused, None);
    world.assert_nothing_waits();
    world.assert_whole(other.id);
}

/// The request that cancels, and no question about the link.
async fn each(cases: Vec<Case>, pays: bool) {
    let mut running = Vec::new();
    for case in cases {
        let world = World::start(Options::default()).await;
        running.push(tokio::spawn(aside(move || {
            let rule = Rule::on("POST", "/v1/sessions/", case.trouble.clone());
            let met = |world: &World| world.proxy.count(case.trouble.name()) == 1;
            cancel(&world, |world| world.proxy.inject(rule), met, pays);
        })));
    }
    for one in running {
        one.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_that_never_arrived_is_asked_for_again() {
    let _proof = Proof::begin();
    each(undelivered(), false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_comes_before_the_repeated_cancel_wins() {
    let _proof = Proof::begin();
    each(undelivered(), true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_whose_answer_was_lost_is_seen_to_be_done() {
    let _proof = Proof::begin();
    each(answer_lost(), false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_whose_answer_was_lost_leaves_nothing_to_pay() {
    let _proof = Proof::begin();
    each(answer_lost(), true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_odd_answer_to_a_cancel_that_comes_through_is_an_answer() {
    let _proof = Proof::begin();
    each(harmless(), false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_is_away_holds_a_cancel_up_and_a_payment_meanwhile_wins() {
    let _proof = Proof::begin();
    for line in [Line::Refuses, Line::Resets, Line::Silent] {
        for pays in [false, true] {
            let world = World::start(Options::default()).await;
            aside(move || {
                let told = |world: &World| world.core.pending().unwrap().waiting > 0;
                cancel(&world, |world| world.proxy.set_line(line), told, pays);
            })
            .await;
        }
    }
}
