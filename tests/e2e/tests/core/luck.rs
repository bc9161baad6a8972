//! Bad luck: lost answers, refusals, portals, sign-in trouble, restarts. Nothing is lost and nothing doubled, and
//! the reason can be read.

use paylink_core::account::Ports;
use paylink_core::clock::{Clock, SystemClock};
use paylink_core::link::{Action, EventKind, LinkStatus, ReasonCode};
use paylink_core::order::Draft;
use paylink_core::{Paylink, PaylinkError, StorageKind, UnknownAnswer};
use paylink_e2e::{Rig, honey, honey_by_sms, open};
use paylink_sandbox::{Fault, Listing, Options};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

fn create_fault() -> Fault {
    Fault::on("POST", "/v1/sessions")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_never_makes_a_second_link() {
    let rig = Rig::start().await;
    rig.sandbox.inject(create_fault().answer(502).after());
    let link = rig.core.create(&honey()).unwrap();
    let link = rig.until(link.id, LinkStatus::Open);
    assert_eq!(rig.sessions_of(&link), 1, "found again, not made again");
    let kinds = rig.kinds(link.id);
    assert!(kinds.contains(&EventKind::SendUnclear) && kinds.contains(&EventKind::LinkAdopted), "{kinds:?}");
    assert_eq!(rig.sandbox.count("POST", "/v1/sessions-profile"), 1);
    // The link that was built from the view address is the one that works.
    let session = rig.sandbox.sessions().remove(0);
    assert_eq!(link.url.as_deref(), Some(format!("{}/v1/view/{}", rig.sandbox.origin(), session.id).as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_with_an_sms_is_found_again_and_no_second_sms_is_sent() {
    let rig = Rig::start().await;
    rig.sandbox.inject(create_fault().answer(504).after());
    let link = rig.core.create(&honey_by_sms()).unwrap();
    let link = rig.until(link.id, LinkStatus::Open);
    assert_eq!((rig.sessions_of(&link), rig.sandbox.inbox().len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_listing_is_refused_a_link_without_sms_is_made_again() {
    for listing in [Listing::Forbidden, Listing::NotFound] {
        let rig = Rig::with(Options { listing, ..Options::default() }, |_| {}).await;
        rig.sandbox.inject(create_fault().answer(500).after());
        let link = rig.core.create(&honey()).unwrap();
        let link = rig.until(link.id, LinkStatus::Open);
        assert_eq!(rig.sessions_of(&link), 2);
        let handed_out = link.session_id.unwrap();
        assert!(rig.sandbox.sessions().iter().any(|session| session.id == handed_out));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_can_be_known_an_sms_is_held_for_the_seller() {
    let rig = Rig::with(Options { listing: Listing::Forbidden, ..Options::default() }, |_| {}).await;
    rig.sandbox.inject(create_fault().answer(502).after());
    let link = rig.core.create(&honey_by_sms()).unwrap();
    let held = rig.until(link.id, LinkStatus::NeedsAttention);
    assert_eq!(held.reason.as_ref().map(|reason| reason.code.code()), Some("may_have_been_sent"));
    assert_eq!(held.actions, [Action::ResolveUnknown, Action::Discard]);
    assert_eq!(rig.sandbox.inbox().len(), 1, "not sent again by itself");

    rig.core.resolve_unknown(link.id, UnknownAnswer::SendFromPhone).unwrap();
    let link = rig.until(link.id, LinkStatus::Open);
    assert_eq!(rig.sandbox.inbox().len(), 1, "the provider is not asked to send a second time");
    assert!(rig.kinds(link.id).contains(&EventKind::ResentBySeller));
    let late = rig.core.resolve_unknown(link.id, UnknownAnswer::SendAgain);
    assert!(matches!(late, Err(PaylinkError::NotAllowed { action: Action::ResolveUnknown, .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_shown_in_the_providers_words_and_can_be_tried_again() {
    let rig = Rig::start().await;
    let refusal = json!({"error": {"code": "CHK_1", "message": "the profile is closed", "errors": []}});
    rig.sandbox.inject(create_fault().answer(400).json(&refusal));
    let link = rig.core.create(&honey()).unwrap();
    let link = rig.until(link.id, LinkStatus::NeedsAttention);
    let reason = link.reason.unwrap();
    assert_eq!((reason.code.code(), reason.detail.as_deref()), ("rejected", Some("CHK_1: the profile is closed")));
    assert_eq!(link.actions, [Action::Retry, Action::Discard]);
    rig.core.retry(link.id).unwrap();
    rig.until(link.id, LinkStatus::Open);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_a_busy_provider_and_a_dead_one_hold_up_nobody_else() {
    let rig = Rig::start().await;
    rig.sandbox.inject(create_fault().answer(200).body("text/html", "<html>Log in to the hotel</html>"));
    let first = rig.core.create(&honey()).unwrap();
    rig.until_link(first.id, "the portal", |_| rig.kinds(first.id).contains(&EventKind::SendUnclear));
    rig.sandbox.inject(create_fault().answer(429).header("retry-after", "3600"));
    let second = rig.core.create(&honey()).unwrap();
    let busy = rig.until_link(second.id, "busy", |link| link.reason.is_some());
    assert_eq!(busy.reason.unwrap().code.code(), "busy");
    assert!(busy.next_attempt_at.unwrap() > busy.created_at + 3_500_000, "the provider's wait is kept");
    let third = rig.sell(&honey());
    rig.until(first.id, LinkStatus::Open);
    assert_eq!(rig.core.link(second.id).unwrap().status, LinkStatus::Queued);
    let waiting = rig.reopened();
    assert!(waiting.core.link(second.id).unwrap().next_attempt_at.unwrap() > third.created_at + 3_000_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_provider_is_a_reason_and_the_sale_goes_out_later() {
    let rig = Rig::start().await;
    let mut config = rig.config.clone();
    config.data_dir = rig.folder.path().join("other");
    config.origin = "http://127.0.0.1:9".to_owned();
    let core = open(&config, &rig.secure).unwrap();
    let id = core.create(&honey()).unwrap().id;
    let report = core.sync(Duration::from_secs(5)).await.unwrap();
    assert_eq!((report.waiting, report.sent), (1, 0));
    assert_eq!(core.link(id).unwrap().reason.unwrap().code.code(), "no_network");
    core.close();
    config.origin = rig.sandbox.origin();
    let core = open(&config, &rig.secure).unwrap();
    core.sync(Duration::from_secs(10)).await.unwrap();
    assert_eq!(core.link(id).unwrap().status, LinkStatus::Open);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_credentials_pause_the_queue_and_cost_no_attempt() {
    let rig = Rig::signed_out(Options::default(), |_| {}).await;
    let id = rig.core.create(&honey()).unwrap().id;
    rig.until_link(id, "the pause", |_| rig.core.account().unwrap().paused.is_some());
    assert_eq!(rig.core.account().unwrap().paused, Some(ReasonCode::SignedOut));
    let wrong = rig.core.sign_in("nobody", "nothing").await;
    assert_eq!(wrong, Err(PaylinkError::SignInNeeded { reason: ReasonCode::WrongCredentials }));
    let link = rig.core.link(id).unwrap();
    assert_eq!((link.status, link.attempts), (LinkStatus::Queued, 0));
    assert_eq!(link.reason.unwrap().code.code(), "signed_out", "the reason can be seen on the link");
    let options = Options::default();
    rig.core.sign_in(&options.client_id, &options.client_secret).await.unwrap();
    rig.until(id, LinkStatus::Open);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_revoked_while_sales_wait_pauses_and_goes_on_after_sign_in() {
    let rig = Rig::start().await;
    rig.core.network_changed(false).unwrap();
    let ids: Vec<_> = (0..6).map(|_| rig.core.create(&honey()).unwrap().id).collect();
    rig.sandbox.revoke_tokens();
    rig.sandbox.revoke_secret();
    rig.core.network_changed(true).unwrap();
    rig.until_link(ids[0], "the pause", |_| rig.core.account().unwrap().paused.is_some());
    assert_eq!(rig.core.account().unwrap().paused, Some(ReasonCode::WrongCredentials));
    std::thread::sleep(Duration::from_millis(300));
    for id in &ids {
        let link = rig.until(*id, LinkStatus::Queued);
        assert_eq!((link.status, link.attempts), (LinkStatus::Queued, 0), "{:?}", rig.kinds(*id));
    }
    let tokens = rig.sandbox.requests().iter().filter(|one| one.path.ends_with("/auth/token")).count();
    assert!(tokens < 12, "no storm of tokens: {tokens}");
    rig.sandbox.configure(|options| options.client_secret = "fresh".to_owned());
    rig.core.sign_in(&Options::default().client_id, "fresh").await.unwrap();
    for id in ids {
        rig.until(id, LinkStatus::Open);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_secure_store_means_later_not_signed_out() {
    let rig = Rig::start().await;
    rig.sandbox.revoke_tokens();
    rig.secure.lock(true);
    let id = rig.core.create(&honey()).unwrap().id;
    rig.until_link(id, "the pause", |_| rig.core.account().unwrap().paused.is_some());
    assert_eq!(rig.core.account().unwrap().paused, Some(ReasonCode::SecureStoreLocked));
    rig.secure.lock(false);
    rig.core.set_foreground(true).unwrap();
    rig.until(id, LinkStatus::Open);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_core_is_refused_and_a_reader_reads_beside_the_owner() {
    let rig = Rig::start().await;
    let link = rig.sell(&honey());
    assert_eq!(open(&rig.config, &rig.secure).err(), Some(PaylinkError::InUse));
    let reader = paylink_core::Paylink::open_read_only(&rig.config).unwrap();
    assert_eq!(reader.link(link.id).unwrap().url, link.url);
    assert_eq!(reader.create(&honey()).err(), Some(PaylinkError::InUse));
    drop(rig.core);
    assert!(open(&rig.config, &rig.secure).is_ok(), "the lock is given back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_suspended_in_mid_request_is_looked_up_after_resume() {
    let rig = Rig::start().await;
    rig.sandbox.inject(create_fault().delay_after(Duration::from_secs(2)));
    let id = rig.core.create(&honey()).unwrap().id;
    rig.until(id, LinkStatus::Creating);
    let before = std::time::Instant::now();
    rig.core.suspend();
    assert!(before.elapsed() < Duration::from_millis(3_500), "suspend keeps its bound");
    assert_eq!(rig.core.link(id).err(), Some(PaylinkError::Suspended));
    assert!(open(&rig.config, &rig.secure).is_ok(), "nothing holds the folder while suspended");
    rig.core.resume().unwrap();
    let link = rig.until(id, LinkStatus::Open);
    assert_eq!(rig.sessions_of(&link), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_a_newer_version_is_refused_untouched() {
    let rig = Rig::start().await;
    rig.core.close();
    let file = rig.folder.path().join("paylink.db");
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = std::fs::read(&file).unwrap();
    let refused = open(&rig.config, &rig.secure).err();
    assert!(matches!(refused, Some(PaylinkError::Storage { kind: StorageKind::NewerVersion, .. })), "{refused:?}");
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_used_is_a_clear_error() {
    let rig = Rig::start().await;
    let mut config = rig.config.clone();
    config.data_dir = rig.folder.path().join("a file");
    std::fs::write(&config.data_dir, "not a folder").unwrap();
    let refused = open(&config, &rig.secure).err();
    assert!(matches!(refused, Some(PaylinkError::Storage { .. })), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_bound_to_its_data() {
    let rig = Rig::start().await;
    rig.core.close();
    let mut config = rig.config.clone();
    config.account = "P87654321".to_owned();
    let refused = open(&config, &rig.secure).err();
    assert!(matches!(refused, Some(PaylinkError::Config { ref field, .. }) if field == "account"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_sale_asks_the_seller_before_it_goes_out() {
    let rig = Rig::with(Options::default(), |config| config.ask_again_after_hours = 0).await;
    let id = rig.core.create(&honey()).unwrap().id;
    let held = rig.until(id, LinkStatus::NeedsAttention);
    assert_eq!(held.reason.unwrap().code.code(), "too_old");
    assert_eq!(held.actions, [Action::Retry, Action::Discard]);
    rig.core.discard(id).unwrap();
    assert_eq!(rig.core.link(id).unwrap().status, LinkStatus::Cancelled);
    assert!(rig.sandbox.sessions().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_of_methods_needs_a_profile_that_was_read() {
    let rig = Rig::signed_out(Options::default(), |_| {}).await;
    let draft = Draft { methods: vec!["vipps".to_owned()], ..honey() };
    let check = rig.core.check(&draft).unwrap();
    assert_eq!(check.problems[0].code.code(), "no_profile_yet");
    let options = Options::default();
    rig.core.sign_in(&options.client_id, &options.client_secret).await.unwrap();
    assert!(rig.core.check(&draft).unwrap().problems.is_empty());
    let wrong = Draft { methods: vec!["bitcoin".to_owned()], ..honey() };
    assert_eq!(rig.core.check(&wrong).unwrap().problems[0].code.code(), "not_offered");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_may_not_be_read_holds_nothing_up() {
    let options = Options {
        rights: paylink_sandbox::Rights { profile: false, ..Options::default().rights },
        ..Options::default()
    };
    let rig = Rig::with(options, |_| {}).await;
    rig.sell(&honey());
    rig.sell(&honey_by_sms());
    assert_eq!(rig.sandbox.inbox().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_that_throws_in_a_page_does_not_make_the_listing_unknown() {
    let rig = Rig::start().await;
    let page = Fault::on("GET", "/v1/sessions").answer(200).body("text/html", "<html>Log in to the hotel</html>");
    rig.sandbox.inject(page.times(3));
    rig.sandbox.inject(create_fault().answer(502).after());
    let link = rig.sell(&honey_by_sms());
    assert_eq!((rig.sessions_of(&link), rig.sandbox.inbox().len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_under_our_reference_that_is_somebody_elses_is_never_adopted() {
    let rig = Rig::start().await;
    rig.core.network_changed(false).unwrap();
    let draft = Draft { reference: "A-1".to_owned(), ..honey() };
    let ours = rig.core.create(&draft).unwrap();
    // Another phone has used the same reference for the same amount.
    let other = Rig::signed_out(Options::default(), |_| {}).await;
    let mut config = other.config.clone();
    config.origin = rig.sandbox.origin();
    config.data_dir = other.folder.path().join("other phone");
    let phone = open(&config, &rig.secure).unwrap();
    let theirs = phone.create(&draft).unwrap();
    phone.sync(Duration::from_secs(5)).await.unwrap();
    let theirs = phone.link(theirs.id).unwrap();

    rig.sandbox.inject(create_fault().answer(502));
    rig.core.network_changed(true).unwrap();
    let link = rig.until(ours.id, LinkStatus::Open);
    assert_ne!(link.session_id, theirs.session_id);
    assert_eq!(rig.sandbox.sessions_of("A-1").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_does_not_say_whose_it_is_holds_the_sale() {
    let rig = Rig::start().await;
    // The provider echoes the metadata nowhere: nothing can be proven.
    rig.sandbox.configure(|options| {
        options.list_without_metadata = true;
        options.read_without_metadata = true;
    });
    rig.sandbox.inject(create_fault().answer(502).after());
    let link = rig.core.create(&honey()).unwrap();
    let held = rig.until(link.id, LinkStatus::NeedsAttention);
    assert_eq!(held.reason.unwrap().code.code(), "foreign_session");
    assert_eq!(rig.sessions_of(&link), 1, "nothing is made beside it");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_is_refused_while_anything_is_unsent() {
    let rig = Rig::start().await;
    rig.core.network_changed(false).unwrap();
    let id = rig.core.create(&honey()).unwrap().id;
    assert_eq!(rig.core.sign_out(), Err(PaylinkError::Unsent { count: 1 }));
    rig.core.network_changed(true).unwrap();
    rig.until(id, LinkStatus::Open);
    rig.core.sign_out().unwrap();
    assert_eq!(rig.core.account().unwrap().paused, Some(ReasonCode::SignedOut));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_was_not_shown_survives_a_restart() {
    let rig = Rig::start().await;
    let link = rig.sell(&honey());
    let seen = rig.core.events_since(None).unwrap();
    assert_eq!(seen.iter().filter_map(|event| event.kind.known()).collect::<Vec<_>>(), rig.kinds(link.id));
    rig.core.acknowledge(seen[0].cursor).unwrap();
    let rig = rig.reopened();
    assert_eq!(rig.core.events_since(None).unwrap()[..], seen[1..]);
    rig.core.acknowledge(seen[2].cursor).unwrap();
    rig.core.acknowledge(seen[0].cursor).unwrap();
    assert!(rig.core.events_since(None).unwrap().is_empty(), "it never goes back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stray_that_turns_up_later_is_cancelled_and_a_paid_one_wins() {
    for paid in [false, true] {
        // Listing is refused at first: the sale is made again and the first session is a stray.
        let rig = Rig::with(Options { listing: Listing::Forbidden, ..Options::default() }, |_| {}).await;
        rig.sandbox.inject(create_fault().answer(502).after());
        let link = rig.core.create(&honey()).unwrap();
        let link = rig.until(link.id, LinkStatus::Open);
        let current = link.session_id.clone().unwrap();
        let stray = rig.sandbox.sessions().into_iter().find(|one| one.id != current).unwrap();
        if paid {
            rig.sandbox.pay(&stray.id, "dintero_psp.creditcard", paylink_sandbox::PayOutcome::Authorize).unwrap();
        }
        rig.sandbox.set_listing(Listing::On);
        // The next look for strays is due in a quarter of an hour, and listing is asked for again after a day.
        rig.core.close();
        let db = rusqlite::Connection::open(rig.folder.path().join("paylink.db")).unwrap();
        db.execute("UPDATE orders SET watch_at = 0", []).unwrap();
        db.execute("DELETE FROM meta WHERE key IN ('listing_refused_at', 'search_refused_at')", []).unwrap();
        drop(db);
        let rig = rig.reopened();
        if paid {
            let won = rig.until(link.id, LinkStatus::Captured);
            assert_eq!(won.session_id.as_ref(), Some(&stray.id));
            assert!(rig.kinds(link.id).contains(&EventKind::PaidAfterEnd), "loudly");
            rig.until_link(link.id, "the other one cancelled", |_| {
                rig.sandbox.session(&current).unwrap().cancelled_at_ms.is_some()
            });
        } else {
            rig.until_link(link.id, "the stray cancelled", |_| {
                rig.sandbox.session(&stray.id).unwrap().cancelled_at_ms.is_some()
            });
            assert_eq!(rig.core.link(link.id).unwrap().session_id.as_ref(), Some(&current));
            rig.until_link(link.id, "its event", |_| rig.kinds(link.id).contains(&EventKind::StrayCancelled));
        }
    }
}

/// A clock with a defect: told to, it panics once, on a thread of the core's own.
#[derive(Default)]
struct Defective {
    clock: SystemClock,
    armed: AtomicBool,
}

impl Clock for Defective {
    fn wall_ms(&self) -> i64 {
        let of_the_core = std::thread::current().name() == Some("paylink-worker");
        assert!(!(of_the_core && self.armed.swap(false, Ordering::SeqCst)), "a defect, on purpose");
        self.clock.wall_ms()
    }
    fn monotonic_ms(&self) -> i64 {
        self.clock.monotonic_ms()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_defect_of_the_scheduler_costs_a_moment_and_never_the_queue() {
    let rig = Rig::start().await;
    rig.core.close();
    let ports = Ports { secure_store: rig.secure.clone(), token_source: None };
    let clock = Arc::new(Defective::default());
    let core = Paylink::open_with_clock(&rig.config, ports, clock.clone()).unwrap();
    let rig = Rig { core, ..rig };
    clock.armed.store(true, Ordering::SeqCst);
    let link = rig.core.create(&honey()).unwrap();
    rig.until(link.id, LinkStatus::Open);
    assert!(!clock.armed.load(Ordering::SeqCst), "it did panic");
    assert_eq!(rig.sessions_of(&link), 1);
    rig.sell(&honey());
}
