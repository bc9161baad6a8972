//! The token: lost, refused, busy, ended. It belongs to the account: no sale loses an attempt over it, and however
//! many wait, it is asked for once.

use super::proof::Proof;
use super::troubles::all;
use super::world::{A_MINUTE_MS, World, aside};
use paylink_core::gateway::dintero::Timeouts;
use paylink_core::link::{EventKind, LinkStatus, ReasonCode};
use paylink_core::{OrderId, PaylinkError};
use paylink_e2e::{honey, honey_by_sms};
use paylink_sandbox::proxy::{Rule, Trouble};
use paylink_sandbox::{Fault, Listing, Options};
use std::time::Duration;

const TOKEN: &str = "/v1/accounts/";

#[tokio::test(flavor = "multi_thread")]
async fn trouble_with_the_token_sends_no_sale_and_signs_nobody_out() {
    let _proof = Proof::begin();
    let mut running = Vec::new();
    for case in all() {
        // Even where nothing could be looked up, no seller is asked: nothing can have been sent.
        let world = World::start(Options { listing: Listing::Forbidden, ..Options::default() }).await;
        running.push(tokio::spawn(aside(move || {
            world.sandbox.revoke_tokens();
            world.proxy.inject(Rule::on("POST", TOKEN, case.trouble.clone()));
            let id = world.core.create(&honey_by_sms()).unwrap().id;
            let link = world.settled(id);
            assert_eq!(world.proxy.count(case.trouble.name()), 1);
            assert_eq!(world.reason_told(id).as_deref(), case.reason, "{case:?}");
            assert!(!world.kinds(id).contains(&EventKind::SendUnclear), "{case:?}");
            assert_eq!(world.core.account().unwrap().paused, None, "{case:?}");
            assert_eq!(world.at_the_provider(&link), (1, 1), "{case:?}");
            world.assert_whole(id);
        })));
    }
    for one in running {
        one.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_in_front_of_the_token_does_not_sign_out() {
    let _proof = Proof::begin();
    let world = World::start(Options::default()).await;
    aside(move || {
        world.sandbox.revoke_tokens();
        world.proxy.inject(Rule::on("POST", TOKEN, Trouble::PortalPage).for_ever());
        let ids = [honey(), honey_by_sms()].map(|draft| world.core.create(&draft).unwrap().id);
        for id in ids {
            assert_eq!(world.trouble(id), "not_json");
            assert_eq!(world.core.link(id).unwrap().status, LinkStatus::Queued);
        }
        assert_eq!(world.core.account().unwrap().paused, None);
        world.proxy.heal();
        for id in ids {
            world.settled(id);
            world.assert_whole(id);
        }
        assert_eq!(world.sandbox.inbox().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_behind_a_portal_says_so_and_keeps_what_was_signed_in() {
    let _proof = Proof::begin();
    let world = World::start(Options::default()).await;
    let options = Options::default();
    world.proxy.inject(Rule::on("*", "/", Trouble::PortalPage).for_ever());
    let tried = world.core.sign_in(&options.client_id, &options.client_secret).await;
    assert_eq!(tried, Err(PaylinkError::Network { reason: ReasonCode::NotJson }));
    world.proxy.heal();
    aside(move || world.sell(&honey())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn going_to_sleep_ends_a_sign_in_that_nobody_answers() {
    let _proof = Proof::begin();
    let an_hour = Duration::from_secs(3600);
    let timeouts = Timeouts { connect: an_hour, write: an_hour, read: an_hour };
    let world = World::with(Options::default(), 0, |config| config.timeouts = timeouts).await;
    let options = Options::default();
    world.proxy.inject(Rule::on("POST", TOKEN, Trouble::BlackHole).for_ever());
    let asleep = async {
        while world.proxy.count("black_hole") == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::task::block_in_place(|| world.core.suspend())
    };
    let (tried, ()) = tokio::join!(world.core.sign_in(&options.client_id, &options.client_secret), asleep);
    assert_eq!(tried, Err(PaylinkError::Suspended));
    world.proxy.heal();
    world.core.resume().unwrap();
    aside(move || world.sell(&honey())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_token_endpoint_is_left_alone_for_as_long_as_it_asks() {
    let _proof = Proof::begin();
    let world = World::start(Options::default()).await;
    aside(move || {
        let ids = typed_offline(&world, 30);
        world.sandbox.revoke_tokens();
        world.sandbox.inject(Fault::on("POST", TOKEN).answer(429).header("retry-after", "50").times(99));
        let before = world.tokens();
        world.core.network_changed(true).unwrap();
        let busy = world.until_link(ids[0], "busy", |link| link.reason.is_some());
        assert_eq!(busy.reason.unwrap().code.code(), "busy");
        assert!(busy.next_attempt_at.unwrap() >= world.sandbox.now_ms() + 45_000, "the wait is kept");
        // Neither the other sales nor an impatient seller make it ask again.
        std::thread::sleep(Duration::from_millis(500));
        let impatient = world.core.create(&honey()).unwrap().id;
        world.core.network_changed(true).unwrap();
        std::thread::sleep(Duration::from_millis(500));
        assert_eq!(world.tokens() - before, 1, "asked once");
        world.sandbox.clear_faults();
        world.pass(A_MINUTE_MS, ids[0]);
        for id in ids.into_iter().chain([impatient]) {
            world.settled(id);
            world.assert_whole(id);
        }
        assert_eq!(world.tokens() - before, 2, "and once more after the wait");
    })
    .await;
}

/// This many sales, typed offline.
fn typed_offline(world: &World, count: usize) -> Vec<OrderId> {
    world.core.network_changed(false).unwrap();
    (0..count).map(|_| world.core.create(&honey()).unwrap().id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_revoked_while_500_sales_wait_costs_one_refresh_and_no_attempt() {
    let _proof = Proof::begin();
    let world = World::start(Options::default()).await;
    let (world, ids) = aside(move || {
        let ids = typed_offline(&world, 500);
        world.sandbox.revoke_tokens();
        world.sandbox.revoke_secret();
        let before = world.tokens();
        world.core.network_changed(true).unwrap();
        world.until_link(ids[0], "the pause", |_| world.core.account().unwrap().paused.is_some());
        assert_eq!(world.core.account().unwrap().paused, Some(ReasonCode::WrongCredentials));
        // What was on its way comes back, and nothing else leaves.
        for id in &ids {
            let link = world.until(*id, LinkStatus::Queued);
            assert_eq!(link.attempts, 0, "{:?}", world.kinds(*id));
        }
        std::thread::sleep(Duration::from_millis(500));
        assert_eq!(world.tokens() - before, 1, "one refresh for all");
        assert!(world.sandbox.sessions().is_empty());
        (world, ids)
    })
    .await;
    world.sandbox.configure(|options| options.client_secret = "fresh".to_owned());
    let before = world.tokens();
    world.core.sign_in(&Options::default().client_id, "fresh").await.unwrap();
    aside(move || {
        for id in &ids {
            world.until(*id, LinkStatus::Open);
        }
        assert!(world.tokens() - before <= 2, "one to try the secret, one to work with: {}", world.tokens() - before);
        assert_eq!(world.sandbox.sessions().len(), 500);
        world.assert_nothing_waits();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_end_in_mid_queue_cost_one_refresh_and_no_attempt() {
    let _proof = Proof::begin();
    let world = World::start(Options::default()).await;
    aside(move || {
        let ids = typed_offline(&world, 40);
        let before = world.tokens();
        world.core.network_changed(true).unwrap();
        world.until(ids[9], LinkStatus::Open);
        world.sandbox.revoke_tokens();
        for id in &ids {
            let link = world.until(*id, LinkStatus::Open);
            assert_eq!(world.at_the_provider(&link), (1, 0));
            assert_eq!(world.reason_told(*id), None);
            world.assert_whole(*id);
        }
        assert_eq!(world.tokens() - before, 1, "one refresh for all");
        assert_eq!(world.core.account().unwrap().paused, None);
        world.assert_nothing_waits();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_ended_while_the_phone_was_offline_costs_one_refresh() {
    let _proof = Proof::begin();
    let world = World::start(Options::default()).await;
    aside(move || {
        let ids = typed_offline(&world, 5);
        let before = world.tokens();
        world.sandbox.advance(5 * 3_600_000);
        world.core.network_changed(true).unwrap();
        for id in &ids {
            world.until(*id, LinkStatus::Open);
            assert_eq!(world.reason_told(*id), None);
        }
        assert_eq!(world.tokens() - before, 1);
        assert_eq!(world.sandbox.sessions().len(), 5);
    })
    .await;
}
