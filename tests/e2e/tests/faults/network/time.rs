//! Clocks: wrong at the sale, set back or forward while something waits. The provider's time decides what the customer
//! gets; the phone's decides nothing that would keep a sale or a payment from anybody.

use super::proof::Proof;
use super::world::{A_MINUTE_MS, World, aside};
use paylink_core::OrderId;
use paylink_core::link::LinkStatus;
use paylink_e2e::{honey, honey_by_sms};
use paylink_sandbox::proxy::{Line, Rule, Trouble};
use paylink_sandbox::{Options, PayOutcome};
use std::time::{Duration, Instant};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// The default time to pay.
const WEEK_MS: i64 = 7 * DAY_MS;

/// The customer has a week from now, by the provider's clock.
fn assert_a_week(world: &World, id: OrderId) {
    let link = world.core.link(id).unwrap();
    let session = world.sandbox.session(link.session_id.as_ref().unwrap()).unwrap();
    let off = session.expires_at_ms - (session.created_at_ms + WEEK_MS);
    assert!(off.abs() < A_MINUTE_MS, "the time to pay is off by {off} ms");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_whose_clock_is_wrong_gives_the_customer_the_whole_week() {
    let _proof = Proof::begin();
    for wrong_by in [-40 * DAY_MS, -5 * HOUR_MS, 5 * HOUR_MS, 400 * DAY_MS] {
        let world = World::with(Options::default(), wrong_by, |_| {}).await;
        aside(move || {
            let link = world.sell(&honey());
            assert_a_week(&world, link.id);
            // Typed offline, and sent when there is a network.
            world.core.network_changed(false).unwrap();
            let id = world.core.create(&honey_by_sms()).unwrap().id;
            world.core.network_changed(true).unwrap();
            world.until(id, LinkStatus::Open);
            assert_a_week(&world, id);
            world.assert_nothing_waits();
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_found_again_by_a_phone_whose_clock_is_wrong() {
    let _proof = Proof::begin();
    for wrong_by in [-5 * HOUR_MS, 5 * HOUR_MS] {
        let world = World::with(Options::default(), wrong_by, |_| {}).await;
        aside(move || {
            for trouble in [Trouble::DropReply, Trouble::CutRequest { after: 0 }] {
                world.proxy.inject(Rule::on("POST", "/v1/sessions", trouble));
                let link = world.settled(world.core.create(&honey_by_sms()).unwrap().id);
                assert_eq!(world.at_the_provider(&link), (1, 1));
                world.assert_whole(link.id);
                assert_a_week(&world, link.id);
            }
        })
        .await;
    }
}

/// A sale that waits for the network when the clock is set.
fn waiting(world: &World) -> OrderId {
    world.proxy.set_line(Line::Refuses);
    std::thread::sleep(Duration::from_millis(100));
    let id = world.core.create(&honey_by_sms()).unwrap().id;
    assert_eq!(world.trouble(id), "no_network");
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_back_by_30_days_does_not_keep_what_waits() {
    let _proof = Proof::begin();
    let world = World::start(Options::default()).await;
    aside(move || {
        let id = waiting(&world);
        world.clock.set_by(-30 * DAY_MS);
        world.proxy.heal();
        world.core.refresh(id).unwrap();
        let link = world.until(id, LinkStatus::Open);
        assert_eq!(world.at_the_provider(&link), (1, 1));
        assert_a_week(&world, id);
        world.assert_whole(id);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_30_days_ahead_asks_the_seller_who_can_send_anyway() {
    let _proof = Proof::begin();
    let world = World::start(Options::default()).await;
    aside(move || {
        let id = waiting(&world);
        world.clock.set_by(30 * DAY_MS);
        world.proxy.heal();
        world.core.network_changed(true).unwrap();
        let held = world.until(id, LinkStatus::NeedsAttention);
        assert_eq!(held.reason.as_ref().unwrap().code.code(), "too_old");
        assert_eq!(world.at_the_provider(&held), (0, 0));
        // The phone is put right before the seller answers.
        world.clock.set_by(-30 * DAY_MS);
        world.core.retry(id).unwrap();
        let link = world.until(id, LinkStatus::Open);
        assert_eq!(world.at_the_provider(&link), (1, 1));
        assert_a_week(&world, id);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_while_a_message_is_looked_for_does_not_stop_the_looking() {
    let _proof = Proof::begin();
    for set_by in [-30 * DAY_MS, -HOUR_MS, HOUR_MS] {
        let world = World::start(Options::default()).await;
        aside(move || {
            world.proxy.inject(Rule::on("POST", "/v1/sessions", Trouble::CutRequest { after: 0 }));
            let id = world.core.create(&honey_by_sms()).unwrap().id;
            world.trouble(id);
            // The first listing that proves something, and then the clock is set.
            for _ in 0..3 {
                world.pass(A_MINUTE_MS, id);
                std::thread::sleep(Duration::from_millis(400));
            }
            world.clock.set_by(set_by);
            let link = world.settled(id);
            assert_eq!(link.status, LinkStatus::Open, "{set_by}");
            assert_eq!(world.at_the_provider(&link), (1, 1), "{set_by}");
            world.assert_whole(id);
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_while_a_link_is_out_does_not_hide_the_payment() {
    let _proof = Proof::begin();
    for set_by in [-30 * DAY_MS, -5 * HOUR_MS, 5 * HOUR_MS, 30 * DAY_MS] {
        let world = World::start(Options::default()).await;
        aside(move || {
            let link = world.sell(&honey());
            world.clock.set_by(set_by);
            let session = link.session_id.as_ref().unwrap();
            world.sandbox.pay(session, "dintero_psp.creditcard", PayOutcome::Authorize).unwrap();
            // Life goes on with other sales; nobody looks at this one.
            let other = world.core.create(&honey()).unwrap().id;
            world.until(other, LinkStatus::Open);
            let deadline = Instant::now() + Duration::from_secs(15);
            while world.core.link(link.id).unwrap().status != LinkStatus::Captured {
                assert!(Instant::now() < deadline, "{set_by}: hidden, {:?}", world.kinds(link.id));
                world.pass(A_MINUTE_MS, other);
                std::thread::sleep(Duration::from_millis(300));
            }
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unpaid_link_is_not_called_over_because_the_phone_believes_so() {
    let _proof = Proof::begin();
    let world = World::start(Options::default()).await;
    aside(move || {
        let link = world.sell(&honey());
        world.clock.set_by(30 * DAY_MS);
        // One question brings the provider's time.
        world.core.refresh(link.id).unwrap();
        world.sell(&honey());
        world.until_link(link.id, "still open", |link| link.status == LinkStatus::Open);
        world.sandbox.pay(link.session_id.as_ref().unwrap(), "dintero_psp.creditcard", PayOutcome::Authorize).unwrap();
        world.core.refresh(link.id).unwrap();
        world.until(link.id, LinkStatus::Captured);
        let kinds = format!("{:?}", world.kinds(link.id));
        assert!(!kinds.contains("Expired") && !kinds.contains("PaidAfterEnd"), "{kinds}");
    })
    .await;
}
