//! What a less tame provider says: rights that are missing, clocks that differ, addresses and words that are none.

use paylink_core::account::LinkListener;
use paylink_core::link::{Action, EventKind, LinkStatus, ReasonCode};
use paylink_core::order::Draft;
use paylink_core::{OrderId, Paylink};
use paylink_e2e::clock::START_MS;
use paylink_e2e::desk::{Desk, MINUTE, creates, never_arrives};
use paylink_e2e::honey;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn a_403_about_one_sale_is_about_that_sale() {
    let desk = Desk::open(|_| {}).await;
    desk.sandbox.inject(creates().about("Bitcoin").answer(403).always());
    let bad = desk
        .core
        .create(&Draft {
            amount: String::new(),
            items: vec![paylink_core::order::DraftItem {
                description: "Bitcoin".to_owned(),
                unit_price: "10".to_owned(),
                ..Default::default()
            }],
            ..Draft::default()
        })
        .unwrap()
        .id;
    let good: Vec<_> = (0..3).map(|_| desk.core.create(&honey()).unwrap().id).collect();
    desk.work();
    desk.core.set_foreground(true).unwrap();
    desk.work();
    assert_eq!(desk.core.account().unwrap().paused, None);
    assert!(good.iter().all(|id| desk.status(*id) == LinkStatus::Open));
    let link = desk.link(bad);
    assert_eq!((link.status, link.reason.unwrap().code.code()), (LinkStatus::NeedsAttention, "right_missing"));
    assert_eq!(link.actions, [Action::Retry, Action::Discard]);
}

/// Whether something was said of the account.
#[derive(Default)]
struct AccountHeard(AtomicBool);

impl LinkListener for AccountHeard {
    fn on_change(&self, _link: OrderId, _cursor: i64) {}
    fn on_account_change(&self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_right_pauses_writing_and_payments_are_still_seen() {
    let desk = Desk::open(|_| {}).await;
    let open = desk.sell(&honey());
    desk.sandbox.configure(|options| options.rights.write = false);
    // Long after the last that got through.
    desk.pass(11 * MINUTE);
    let two = [desk.sell(&honey()), desk.sell(&honey())];
    assert_eq!(desk.core.account().unwrap().paused, Some(ReasonCode::RightMissing));
    assert!(two.iter().all(|id| desk.status(*id) == LinkStatus::Queued));
    desk.pay(&desk.session(open));
    desk.live(6 * MINUTE);
    assert_eq!(desk.status(open), LinkStatus::Captured, "reading goes on");
    desk.sandbox.configure(|options| options.rights.write = true);
    let shown = Arc::new(AccountHeard::default());
    let _listening = desk.core.subscribe(Arc::clone(&shown) as Arc<dyn LinkListener>);
    desk.live(16 * MINUTE);
    assert!(two.iter().all(|id| desk.status(*id) == LinkStatus::Open), "it is tried again by itself");
    assert_eq!(desk.core.account().unwrap().paused, None);
    let deadline = Instant::now() + Duration::from_secs(10);
    while !shown.0.load(Ordering::SeqCst) {
        assert!(Instant::now() < deadline, "a screen that shows the pause hears of its end");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_read_is_said() {
    let desk = Desk::open(|_| {}).await;
    let id = desk.sell(&honey());
    desk.sandbox.configure(|options| options.rights.read = false);
    desk.live(20_000);
    assert_eq!(desk.core.account().unwrap().reading, Some(ReasonCode::RightMissing));
    desk.sandbox.configure(|options| options.rights.read = true);
    desk.pay(&desk.session(id));
    desk.core.set_foreground(true).unwrap();
    desk.live(30_000);
    assert_eq!((desk.core.account().unwrap().reading, desk.status(id)), (None, LinkStatus::Captured));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_two_days_ahead_is_no_end_of_a_link() {
    let desk = Desk::with(2 * 86_400_000, |_| {}, |_| {}).await;
    let id = desk.sell(&Draft { expiry: "1d".to_owned(), ..honey() });
    assert_eq!(desk.status(id), LinkStatus::Open);
    let desk = desk.died();
    assert_eq!(desk.status(id), LinkStatus::Open, "what was learnt is kept");
    // Now it jumps, and nobody has answered yet.
    let desk = desk.died();
    desk.clock.jump(2 * 86_400_000);
    assert!(!desk.kinds(id).contains(&EventKind::Expired));
    desk.pay(&desk.session(id));
    desk.core.set_foreground(true).unwrap();
    desk.live(10_000);
    assert_eq!(desk.status(id), LinkStatus::Captured);
    assert!(!desk.kinds(id).contains(&EventKind::PaidAfterEnd), "{:?}", desk.kinds(id));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_none_is_not_sent_to_anybody() {
    for odd in [
        "javascript:alert(1)",
        "https://me:you@evil.example/x",
        "https://x.example/\u{202e}gpj",
        "http://x.example/",
        "",
    ] {
        let desk = Desk::open(|_| {}).await;
        let id = "P12345678.4XinCpySVmB1ABreRCBqNi";
        desk.sandbox.inject(creates().answer(200).json(&json!({"id": id, "url": odd})));
        let link = desk.link(desk.sell(&honey()));
        assert_eq!(link.url.as_deref(), Some(format!("{}/v1/view/{id}", desk.sandbox.origin()).as_str()), "{odd:?}");
        assert_eq!(link.url_warning, !odd.is_empty(), "{odd:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_providers_words_are_cleaned_before_a_screen_shows_them() {
    let desk = Desk::open(|_| {}).await;
    let words = format!("no\u{1b}[2J\u{202e}\r\nway{}", "!".repeat(2_000));
    desk.sandbox.inject(creates().answer(400).json(&json!({"error": {"message": words}})));
    let reason = desk.link(desk.sell(&honey())).reason.unwrap().detail.unwrap();
    assert!(reason.starts_with("no way!") && reason.chars().count() <= 300, "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_under_our_reference_that_is_somebody_elses_is_said_once() {
    let desk = Desk::open(|_| {}).await;
    let other = Desk::open(|_| {}).await;
    let mut config = other.config.clone();
    config.origin = desk.sandbox.origin();
    let draft = Draft { reference: "A-1".to_owned(), ..honey() };
    let phone: &Paylink = &other.core;
    phone.close();
    let ports = paylink_core::account::Ports {
        secure_store: std::sync::Arc::new(paylink_e2e::MemoryStore::signed_in(&config.account)),
        token_source: None,
    };
    let phone = Paylink::open_unscheduled(&config, ports, desk.clock.clone()).unwrap();
    phone.create(&draft).unwrap();
    tokio::task::block_in_place(|| phone.work_due().unwrap());

    desk.sandbox.inject(never_arrives());
    let id = desk.sell(&draft);
    desk.live(30_000);
    assert_eq!(desk.status(id), LinkStatus::Open);
    let said = desk.kinds(id).into_iter().filter(|kind| *kind == EventKind::ForeignSession).count();
    assert_eq!(said, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_beside_a_database_that_is_being_made_is_an_empty_list() {
    let desk = Desk::open(|_| {}).await;
    let folder = tempfile::tempdir().unwrap();
    let mut config = desk.config.clone();
    config.data_dir = folder.path().to_owned();
    // The owner has taken the lock, and made nothing yet; then an empty file; then a database without tables.
    std::fs::write(folder.path().join("paylink.lock"), "").unwrap();
    let empty = |config| {
        let reader = Paylink::open_read_only(config).unwrap();
        reader.links(paylink_core::LinkFilter::default(), paylink_core::Page::default()).unwrap().is_empty()
    };
    assert!(empty(&config));
    std::fs::write(folder.path().join("paylink.db"), "").unwrap();
    assert!(empty(&config));
    let made = rusqlite::Connection::open(folder.path().join("paylink.db")).unwrap();
    made.execute_batch("PRAGMA journal_mode = WAL").unwrap();
    assert!(empty(&config));
}

#[tokio::test(flavor = "multi_thread")]
async fn times_on_the_timeline_never_run_backwards() {
    // The provider's `Date` has whole seconds: the phone is right, and almost a second later.
    let desk = Desk::with(0, |options| options.clock = paylink_sandbox::Clock::fixed(START_MS + 900), |_| {}).await;
    desk.clock.pass(900);
    let id = desk.sell(&honey());
    desk.sandbox.visit(&desk.session(id)).unwrap();
    desk.live(20_000);
    let times: Vec<i64> = desk.core.timeline(id).unwrap().iter().map(|event| event.at).collect();
    assert!(times.is_sorted(), "{times:?}");
    assert!(desk.kinds(id).contains(&EventKind::Opened));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reservation_that_our_own_cancel_released_is_no_loud_news() {
    let desk = Desk::open(|_| {}).await;
    let id = desk.sell(&Draft { capture: "manual".to_owned(), ..honey() });
    desk.pay(&desk.session(id));
    desk.core.cancel(id).unwrap();
    desk.work();
    desk.live(MINUTE);
    assert_eq!(desk.status(id), LinkStatus::Cancelled);
    assert!(!desk.kinds(id).contains(&EventKind::PaidAfterEnd), "{:?}", desk.kinds(id));
}
