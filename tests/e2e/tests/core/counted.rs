//! Asking with measure: what links cost in requests and commits, counted at the provider and in the store.

use paylink_core::link::LinkStatus;
use paylink_core::{Moments, OrderId};
use paylink_e2e::desk::{Desk, MINUTE};
use paylink_e2e::honey;
use paylink_sandbox::Fault;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_link_costs_few_requests_in_its_first_minute() {
    for (opened, at_most) in [(false, 14), (true, 26)] {
        let desk = Desk::open(|_| {}).await;
        let id = desk.sell(&honey());
        let before = desk.asked();
        if opened {
            desk.sandbox.visit(&desk.session(id)).unwrap();
        }
        desk.live(MINUTE);
        let asked = desk.asked_since(before).len();
        assert!((8..=at_most).contains(&asked), "opened {opened}: {asked}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_seen_within_three_seconds_of_an_opened_link() {
    // A quarter of a second is how often the desk looks.
    for (opened, within) in [(false, 5_250), (true, 3_250)] {
        let desk = Desk::open(|_| {}).await;
        let links: Vec<OrderId> = (0..10).map(|_| desk.sell(&honey())).collect();
        desk.live(20_000);
        for id in &links {
            let session = desk.session(*id);
            if opened {
                desk.sandbox.visit(&session).unwrap();
                desk.live(6_000);
            }
            desk.pay(&session);
            let mut waited = 0;
            while desk.status(*id) != LinkStatus::Captured {
                desk.live(250);
                waited += 250;
                assert!(waited <= within, "opened {opened}: not seen in {waited} ms");
            }
        }
    }
}

fn many(desk: &Desk, count: usize) {
    for _ in 0..count {
        desk.core.create(&honey()).unwrap();
        desk.clock.pass(1);
    }
    desk.core.set_foreground(false).unwrap();
    desk.work();
    assert_eq!(desk.core.pending().unwrap().queued, 0);
    // Long ago.
    desk.pass(3 * 60 * MINUTE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pass_over_five_hundred_links_is_a_few_lists() {
    let desk = Desk::open(|_| {}).await;
    many(&desk, 500);
    let before = desk.asked();
    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(desk.core.sync(Duration::from_secs(60))))
        .unwrap();
    let asked = desk.asked_since(before);
    assert!(asked.len() <= 25, "{}", asked.len());
    assert!(asked.iter().all(|one| !one.path.contains("/sessions/")), "nothing is read one by one");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_listing_only_what_opened_needs_is_read_one_by_one() {
    let desk = Desk::open(|options| options.listing = paylink_sandbox::Listing::Forbidden).await;
    many(&desk, 120);
    let before = desk.asked();
    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(desk.core.sync(Duration::from_secs(60))))
        .unwrap();
    let (single, lists): (Vec<_>, Vec<_>) =
        desk.asked_since(before).into_iter().partition(|one| one.path.contains("/sessions/"));
    assert_eq!(single.len(), 120);
    assert!(lists.len() <= 8, "{}", lists.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_links_are_asked_about_in_bounded_passes() {
    let desk = Desk::open(|_| {}).await;
    many(&desk, 1_000);
    let newest = desk.core.links(paylink_core::LinkFilter::default(), paylink_core::Page::default()).unwrap()[0].id;
    let session = desk.session(newest);
    desk.pay(&session);
    let before = desk.asked();
    desk.core.set_foreground(true).unwrap();
    desk.work();
    assert_eq!(desk.status(newest), LinkStatus::Captured, "the newest come first");
    desk.live(MINUTE);
    let asked = desk.asked_since(before).len();
    assert!(asked <= 60, "{asked} in the first minute");
    let before = desk.asked();
    desk.live(4 * MINUTE);
    let asked = desk.asked_since(before).len();
    assert!(asked <= 40, "{asked} in the next four: the more there are, the longer each waits");
}

/// Counts commits.
#[derive(Default)]
struct Commits(AtomicUsize);

impl Moments for Commits {
    fn before_commit(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
    fn after_commit(&self) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pass_without_news_costs_one_commit() {
    let commits = Arc::new(Commits::default());
    let heard = Arc::clone(&commits);
    let desk = Desk::with(0, |_| {}, |config| config.moments = Some(heard)).await;
    many(&desk, 100);
    desk.core.set_foreground(true).unwrap();
    desk.work();
    desk.pass(2 * 60 * MINUTE);
    let before = commits.0.load(Ordering::SeqCst);
    desk.core
        .refresh(desk.core.links(paylink_core::LinkFilter::default(), paylink_core::Page::default()).unwrap()[0].id)
        .unwrap();
    desk.pass(2 * 60 * MINUTE);
    let spent = commits.0.load(Ordering::SeqCst) - before;
    assert!(spent <= 3, "{spent}: one is the refreshing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_that_the_provider_asks_for_is_kept_by_the_next_process_as_well() {
    let desk = Desk::open(|_| {}).await;
    let id = desk.sell(&honey());
    desk.sandbox.inject(Fault::on("GET", "/v1/sessions").answer(429).header("Retry-After", "120"));
    desk.live(10_000);
    let desk = desk.died();
    let before = desk.asked();
    desk.live(100_000);
    desk.core.set_foreground(true).unwrap();
    desk.live(5_000);
    assert_eq!(desk.asked_since(before).len(), 0);
    desk.pay(&desk.session(id));
    desk.live(20_000);
    assert_eq!(desk.status(id), LinkStatus::Captured);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_unknown_to_the_provider_is_asked_about_less_and_less() {
    let desk = Desk::open(|_| {}).await;
    let id = desk.sell(&honey());
    let path = format!("/v1/sessions/{}", desk.session(id));
    desk.sandbox
        .inject(Fault::on("GET", &path).answer(404).body("application/json", r#"{"error":{"message":"no"}}"#).always());
    let before = desk.asked();
    desk.live(60 * MINUTE);
    let asked = desk.asked_since(before).len();
    assert!((3..=14).contains(&asked), "{asked} in an hour");
    assert_eq!(desk.status(id), LinkStatus::Open, "nothing is taken back");
}
