//! What happens in the middle of a request, and what a less tame provider says: one test for each kind of fault that was
//! seen, as a seller would notice it.

use paylink_core::UnknownAnswer;
use paylink_core::link::{Action, Delivered, EventKind, LinkStatus};
use paylink_core::order::Draft;
use paylink_e2e::desk::{Desk, MINUTE, creates, never_arrives};
use paylink_e2e::{honey, honey_by_sms};
use paylink_sandbox::{Duplicates, Fault, Listing, RequestRecord};

/// Done, and the answer is lost.
fn lost() -> Fault {
    creates().answer(502).after()
}

fn is_create(request: &RequestRecord) -> bool {
    request.method == "POST" && !request.path.contains("/cancel")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_that_the_counter_will_reach_is_passed_over() {
    let desk = Desk::open(|_| {}).await;
    let first = desk.link(desk.sell(&honey())).reference;
    let stem = first.rsplit_once('-').unwrap().0;
    let own = desk.sell(&Draft { reference: format!("{stem}-2"), ..honey() });
    let next = desk.sell(&honey());
    assert_eq!((desk.link(own).reference, desk.link(next).reference), (format!("{stem}-2"), format!("{stem}-3")));
    let again = desk.core.create(&Draft { reference: first, ..honey() }).unwrap_err();
    assert!(format!("{again:?}").contains("AlreadyUsed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_without_a_witness_never_makes_a_second_message() {
    // A cap of pages, no order in them, a lag: whatever the provider does, it shows nothing that was made since.
    let untamed: [fn(&mut paylink_sandbox::Options); 4] = [
        |options| options.page_cap = Some(1),
        |options| options.list_lag_ms = 3_600_000,
        |options| options.search_lag_ms = 3_600_000,
        |options| options.limit_ignored = true,
    ];
    for untamed in untamed {
        let desk = Desk::open(untamed).await;
        desk.sandbox.inject(lost());
        desk.sandbox.configure(|options| options.read_lag_ms = 3_600_000);
        let id = desk.sell(&honey_by_sms());
        for _ in 0..20 {
            desk.pass(MINUTE);
        }
        assert_eq!((desk.status(id), desk.sandbox.inbox().len()), (LinkStatus::NeedsAttention, 1));
        // It is looked for all the same.
        desk.sandbox.configure(|options| (options.read_lag_ms, options.list_lag_ms, options.search_lag_ms) = (0, 0, 0));
        for _ in 0..20 {
            desk.pass(MINUTE);
        }
        assert_eq!((desk.status(id), desk.sandbox.inbox().len()), (LinkStatus::Open, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_witness_a_message_that_never_left_goes_out_by_itself() {
    let desk = Desk::open(|options| options.page_cap = Some(3)).await;
    desk.sell(&honey());
    desk.pass(10_000);
    desk.sandbox.inject(never_arrives());
    let id = desk.sell(&honey_by_sms());
    desk.pass(61_000);
    desk.sell(&honey());
    for _ in 0..9 {
        desk.pass(MINUTE);
    }
    assert_eq!((desk.status(id), desk.sandbox.inbox().len()), (LinkStatus::Open, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_fails_alone_holds_nothing_up() {
    let desk = Desk::open(|_| {}).await;
    let search = Fault::on("GET", "/v1/sessions").about("search").answer(500).always();
    desk.sandbox.inject(search);
    desk.sandbox.inject(lost());
    let id = desk.sell(&honey());
    desk.pass(2_000);
    desk.pass(5_000);
    assert_eq!((desk.status(id), desk.sandbox.sessions().len()), (LinkStatus::Open, 1), "the listing has it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_minute_makes_one_question_and_not_as_many_as_there_are_sales() {
    let desk = Desk::open(|options| options.listing = Listing::Forbidden).await;
    desk.core.network_changed(false).unwrap();
    let ids: Vec<_> = (0..30).map(|_| desk.core.create(&honey_by_sms()).unwrap().id).collect();
    desk.sandbox.inject(lost().always());
    desk.core.network_changed(true).unwrap();
    desk.live(55_000);
    desk.sandbox.clear_faults();
    let asked = ids.iter().filter(|id| desk.status(**id) == LinkStatus::NeedsAttention).count();
    assert_eq!(asked, 1);
    desk.live(5 * MINUTE);
    let open = ids.iter().filter(|id| desk.status(**id) == LinkStatus::Open).count();
    assert_eq!(open, 29);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_sale_that_the_seller_sends_from_the_phone_goes_out() {
    let desk = Desk::open(|options| options.listing = Listing::Forbidden).await;
    desk.sandbox.inject(never_arrives());
    let id = desk.sell(&honey_by_sms());
    desk.pass(5_000);
    assert_eq!(desk.status(id), LinkStatus::NeedsAttention);
    desk.pass(25 * 60 * MINUTE);
    desk.core.resolve_unknown(id, UnknownAnswer::SendFromPhone).unwrap();
    desk.work();
    assert_eq!(desk.status(id), LinkStatus::Open);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_seller_answers_a_look_is_made_first() {
    for answer in [UnknownAnswer::SendAgain, UnknownAnswer::SendFromPhone] {
        let desk = Desk::open(|options| options.listing = Listing::Forbidden).await;
        desk.sandbox.inject(lost());
        let id = desk.sell(&honey_by_sms());
        desk.pass(5_000);
        assert_eq!(desk.status(id), LinkStatus::NeedsAttention);
        // The customer has the SMS, and pays just before the seller answers.
        let session = desk.sandbox.sessions()[0].id.clone();
        desk.pay(&session);
        desk.core.resolve_unknown(id, answer).unwrap();
        desk.work();
        desk.pass(6_000);
        assert_eq!((desk.status(id), desk.sandbox.sessions().len()), (LinkStatus::Captured, 1), "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_sale_that_is_paid_is_seen() {
    let desk = Desk::open(|options| options.listing = Listing::Forbidden).await;
    desk.sandbox.inject(lost());
    let id = desk.sell(&honey_by_sms());
    desk.pass(5_000);
    assert_eq!(desk.status(id), LinkStatus::NeedsAttention);
    desk.pay(&desk.sandbox.sessions()[0].id.clone());
    desk.live(3 * MINUTE);
    assert_eq!(desk.status(id), LinkStatus::Captured);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_refused_read_decides_nothing_for_good() {
    for status in [403, 404] {
        let desk = Desk::open(|options| options.list_without_metadata = true).await;
        desk.sandbox.inject(lost());
        let id = desk.core.create(&honey_by_sms()).unwrap().id;
        desk.work();
        let session = desk.sandbox.sessions()[0].id.clone();
        let refusal = Fault::on("GET", &format!("/v1/sessions/{session}")).answer(status);
        desk.sandbox.inject(refusal.body("application/json", r#"{"error":{"message":"no"}}"#));
        desk.pass(2_000);
        assert_eq!(desk.status(id), LinkStatus::Unknown, "{status}");
        desk.live(MINUTE);
        assert_eq!(desk.status(id), LinkStatus::Open, "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_that_is_minutes_from_the_times_of_creation_hides_nothing() {
    for (date, created) in [(300_000, 0), (-300_000, 0), (0, 300_000), (0, -300_000)] {
        let desk = Desk::open(|options| {
            options.date_skew_ms = date;
            options.created_skew_ms = created;
        })
        .await;
        desk.sandbox.inject(lost());
        let id = desk.sell(&honey_by_sms());
        desk.pass(2_000);
        for _ in 0..9 {
            desk.pass(MINUTE);
        }
        let told = (date, created);
        assert_eq!((desk.status(id), desk.sandbox.inbox().len()), (LinkStatus::Open, 1), "{told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_lost_answer_no_second_message_is_invited() {
    for (told, expected) in [(true, Delivered::Sent), (false, Delivered::ProbablySent)] {
        let desk = Desk::open(|options| options.read_without_publish = !told).await;
        desk.sandbox.inject(lost());
        let id = desk.sell(&honey_by_sms());
        desk.pass(2_000);
        let link = desk.link(id);
        assert_eq!((link.status, link.delivery.state), (LinkStatus::Open, expected));
        desk.live(2 * MINUTE);
        assert_eq!(desk.link(id).delivery.state, expected, "nothing makes it ready");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_duplicate_becomes_a_new_order_with_one_tap() {
    let desk = Desk::open(|options| {
        options.duplicates = Duplicates::Refused(409);
        options.listing = Listing::Forbidden;
    })
    .await;
    desk.sandbox.inject(lost());
    let old = desk.sell(&honey());
    // Made again, refused, and looked for more than once.
    let before = desk.asked();
    desk.live(MINUTE);
    assert_eq!(desk.status(old), LinkStatus::Unknown);
    desk.live(5 * MINUTE);
    let looks = desk.asked_since(before).iter().filter(|one| one.path.ends_with("/transactions")).count();
    assert!(looks >= 3, "{looks}");
    let link = desk.link(old);
    assert_eq!((link.status, link.reason.unwrap().code.code()), (LinkStatus::NeedsAttention, "duplicate"));
    assert_eq!(link.actions, [Action::Replace, Action::Retry, Action::Discard]);

    let new = desk.core.replace(old).unwrap();
    desk.work();
    let closed = desk.link(old);
    assert_eq!((closed.status, closed.superseded_by), (LinkStatus::Superseded, Some(new.id)));
    assert_eq!((closed.reference, desk.status(new.id)), (link.reference.clone(), LinkStatus::Open));
    assert_ne!(new.reference, link.reference);
    // The lost one is paid after all.
    let lost = desk.sandbox.sessions_of(&link.reference)[0].id.clone();
    desk.pay(&lost);
    desk.live(30 * MINUTE);
    assert_eq!(desk.status(old), LinkStatus::Captured);
    assert!(desk.kinds(old).contains(&EventKind::PaidAfterEnd), "loudly");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_that_was_saved_stops_every_attempt_after_it() {
    let desk = Desk::open(|options| options.listing = Listing::Forbidden).await;
    desk.sandbox.inject(never_arrives());
    let id = desk.sell(&honey());
    desk.core.cancel(id).unwrap();
    let before = desk.asked();
    desk.live(10 * MINUTE);
    assert_eq!(desk.status(id), LinkStatus::Cancelled);
    assert!(!desk.asked_since(before).iter().any(is_create));
    assert_eq!(desk.core.pending().unwrap(), paylink_core::Pending::default());
    desk.core.sign_out().unwrap();
}
