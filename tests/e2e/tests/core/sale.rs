//! The way of a sale: typed, saved, sent, opened, paid; over real HTTP and a real database.

use paylink_core::PaylinkError;
use paylink_core::link::{Delivered, EventKind, LinkStatus};
use paylink_core::order::{Draft, DraftItem};
use paylink_e2e::{Heard, Rig, honey, honey_by_sms};
use paylink_sandbox::{Channel, Options, PayOutcome};
use serde_json::json;
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_sale_becomes_a_link_and_is_seen_opened_and_paid() {
    let rig = Rig::start().await;
    let heard = Arc::new(Heard::default());
    let _subscription = rig.core.subscribe(heard.clone());

    let saved = rig.core.create(&honey()).unwrap();
    assert_eq!(saved.amount.minor(), 38_750);
    assert_eq!(saved.reference.split('-').count(), 3);
    let link = rig.until(saved.id, LinkStatus::Open);
    assert!(link.url.as_deref().unwrap().starts_with(&rig.sandbox.origin()));
    assert!(!link.url_warning);
    assert_eq!(link.delivery.state, Delivered::Ready);

    let session = link.session_id.clone().unwrap();
    rig.sandbox.visit(&session).unwrap();
    rig.until(link.id, LinkStatus::Opened);
    rig.sandbox.pay(&session, "dintero_psp.creditcard", PayOutcome::Authorize).unwrap();
    let paid = rig.until(link.id, LinkStatus::Captured);

    assert_eq!(paid.captured.minor(), 38_750);
    assert_eq!(paid.payment_method.as_deref(), Some("dintero_psp.creditcard"));
    assert!(paid.opened_at.unwrap() <= paid.paid_at.unwrap());
    let kinds = rig.kinds(link.id);
    let expected = [EventKind::Saved, EventKind::Sending, EventKind::LinkCreated, EventKind::Opened];
    assert_eq!(kinds[..4], expected);
    assert!(kinds.ends_with(&[EventKind::Authorized, EventKind::Captured]), "{kinds:?}");
    let count = || heard.0.lock().unwrap().len();
    rig.until_link(link.id, "every announcement", |_| count() >= kinds.len());
    let heard = heard.0.lock().unwrap().clone();
    assert!(heard.iter().all(|(id, _)| *id == link.id));
    assert!(heard.is_sorted_by_key(|(_, cursor)| *cursor), "announced in order: {heard:?}");
    assert_eq!(heard.len(), kinds.len(), "each event is announced once");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_gets_what_was_typed() {
    let rig = Rig::start().await;
    let draft = Draft {
        reference: "Ordre 1042".to_owned(),
        methods: vec!["card".to_owned()],
        capture: "manual".to_owned(),
        expiry: "1d".to_owned(),
        name: "Kari Nordmann".to_owned(),
        email: "kari@example.com".to_owned(),
        phone: "474 65 724".to_owned(),
        address_line: "Storgata 1".to_owned(),
        postal_code: "0155".to_owned(),
        city: "Oslo".to_owned(),
        delivery: "mail".to_owned(),
        ..honey()
    };
    let link = rig.sell(&draft);
    let sessions = rig.sandbox.sessions_of("Ordre 1042");
    let options = serde_json::Value::Object(sessions[0].options.clone());
    assert_eq!(options["order"]["amount"], json!(38_750));
    assert_eq!(options["order"]["items"][0]["vat"], json!(15));
    assert_eq!(options["order"]["items"][0]["amount"], json!(29_800));
    assert_eq!(options["order"]["items"][0]["quantity"], json!(2));
    assert_eq!(options["order"]["shipping_address"]["postal_code"], json!("0155"));
    assert_eq!(options["configuration"]["auto_capture"], json!(false));
    assert_eq!(options["customer"]["email"], json!("kari@example.com"));
    assert_eq!(options["customer"].get("phone_number"), None, "rule 12: the provider shall not send");
    assert_eq!(rig.sandbox.count("POST", "/v1/sessions"), 1, "a choice of methods goes without the profile");
    assert_eq!(sessions[0].metadata["ext_paylink_order"], json!(link.id.to_string()));
    let day = 24 * 3_600_000;
    assert!((sessions[0].expires_at_ms - sessions[0].created_at_ms - day).abs() < 5_000);
    // Left authorised, not captured.
    rig.sandbox.pay(link.session_id.as_deref().unwrap(), "dintero_psp.creditcard", PayOutcome::Authorize).unwrap();
    rig.until(link.id, LinkStatus::Authorized);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_method_goes_by_the_profile_with_the_customers_address() {
    let rig = Rig::start().await;
    rig.sell(&Draft { address: "express".to_owned(), ..honey() });
    assert_eq!(rig.sandbox.count("POST", "/v1/sessions-profile"), 1);
    let session = rig.sandbox.sessions().remove(0);
    assert_eq!(session.profile_id.as_deref(), Some("default"));
    assert!(session.options["express"].is_object());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_production_account_sends_the_sms_and_says_so() {
    let rig = Rig::start().await;
    let link = rig.sell(&honey_by_sms());
    assert_eq!(link.delivery.state, Delivered::Sent);
    let inbox = rig.sandbox.inbox();
    assert_eq!(inbox.len(), 1);
    assert_eq!((inbox[0].to.as_str(), inbox[0].channel), ("+4747465724", Channel::Sms));
    assert!(rig.kinds(link.id).contains(&EventKind::SmsSent));
}

#[tokio::test(flavor = "multi_thread")]
async fn vipps_alone_becomes_a_push() {
    let rig = Rig::start().await;
    let link = rig.sell(&Draft { methods: vec!["vipps".to_owned()], ..honey_by_sms() });
    assert_eq!(rig.sandbox.inbox()[0].channel, Channel::Push);
    rig.until_link(link.id, "the push", |link| link.delivery.state == Delivered::Sent);
    let told: Vec<_> = rig.kinds(link.id);
    assert!(told.contains(&EventKind::PushSent) && !told.contains(&EventKind::SmsSent), "{told:?}");
    rig.core.sync(std::time::Duration::from_secs(5)).await.unwrap();
    assert_eq!(rig.kinds(link.id).iter().filter(|kind| **kind == EventKind::PushSent).count(), 1, "told once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_account_never_claims_that_a_message_was_sent() {
    let rig = Rig::with(Options::test_account(), |_| {}).await;
    let link = rig.sell(&honey_by_sms());
    assert_eq!(link.delivery.state, Delivered::Ready, "send it from the phone");
    assert!(rig.kinds(link.id).contains(&EventKind::NotDelivered));
    assert!(rig.sandbox.inbox().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_draft_names_every_field_and_saves_nothing() {
    let rig = Rig::start().await;
    let draft = Draft {
        items: vec![
            DraftItem { description: String::new(), unit_price: "0".to_owned(), ..DraftItem::default() },
            DraftItem { description: "Lys".to_owned(), unit_price: "1.234".to_owned(), ..DraftItem::default() },
        ],
        delivery: "sms".to_owned(),
        ..Draft::default()
    };
    let Err(PaylinkError::Refused { problems }) = rig.core.create(&draft) else { panic!("must be refused") };
    let found: Vec<_> = problems.iter().map(|one| (one.field.as_str(), one.line, one.code.code())).collect();
    assert_eq!(
        found,
        [
            ("description", Some(1), "required"),
            ("unit_price", Some(1), "zero"),
            ("unit_price", Some(2), "ambiguous"),
            ("phone", None, "required"),
        ]
    );
    assert_eq!(rig.core.check(&draft).unwrap().problems, problems, "check and create agree");
    assert!(rig.core.links(Default::default(), Default::default()).unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn references_count_without_holes_and_a_used_one_is_refused() {
    let rig = Rig::start().await;
    rig.core.network_changed(false).unwrap();
    let mut numbers = Vec::new();
    for _ in 0..3 {
        let _refused = rig.core.create(&Draft::default()).unwrap_err();
        let link = rig.core.create(&honey()).unwrap();
        let mut parts = link.reference.split('-').map(str::to_owned);
        assert_eq!(parts.next().as_deref(), Some("HON"));
        assert_eq!(parts.next().map(|tag| tag.len()), Some(6));
        numbers.push(parts.next().unwrap());
    }
    assert_eq!(numbers, ["1", "2", "3"]);
    let given = Draft { reference: "A-1".to_owned(), ..honey() };
    rig.core.create(&given).unwrap();
    let Err(PaylinkError::Refused { problems }) = rig.core.create(&given) else { panic!("must be refused") };
    assert_eq!((problems[0].field.as_str(), problems[0].code.code()), ("reference", "already_used"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sales_without_coverage_wait_survive_a_restart_and_go_out_by_themselves() {
    let rig = Rig::start().await;
    rig.core.network_changed(false).unwrap();
    let ids: Vec<_> = (0..5).map(|_| rig.core.create(&honey()).unwrap().id).collect();
    let rig = rig.reopened_offline();
    for id in &ids {
        assert_eq!(rig.kinds(*id), [EventKind::Saved], "nothing is tried without a network");
        assert_eq!(rig.core.link(*id).unwrap().reference.split('-').next(), Some("HON"));
    }
    rig.core.network_changed(true).unwrap();
    for id in &ids {
        let link = rig.until(*id, LinkStatus::Open);
        assert_eq!(rig.sessions_of(&link), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_days_totals_are_sums_of_paid_lines_by_rate() {
    let rig = Rig::start().await;
    for _ in 0..2 {
        let link = rig.sell(&honey());
        rig.sandbox.pay(link.session_id.as_deref().unwrap(), "dintero_psp.creditcard", PayOutcome::Authorize).unwrap();
        rig.until(link.id, LinkStatus::Captured);
    }
    rig.sell(&honey());
    let today = paylink_core::today(paylink_core::money::Region::Norway);
    let report = rig.core.day(today).unwrap();
    assert_eq!(report.paid.len(), 1);
    assert_eq!(report.paid[0].count, 2);
    let totals = &report.paid[0].totals;
    assert_eq!(totals.total.minor(), 77_500);
    let rates: Vec<_> =
        totals.by_vat.iter().map(|one| (one.rate.plain_text(), one.total.minor(), one.vat.minor())).collect();
    assert_eq!(rates, [("25".to_owned(), 17_900, 3_580), ("15".to_owned(), 59_600, 7_774)]);
    assert_eq!(report.by_status.get("captured"), Some(&2));
    assert_eq!(report.by_status.get("open"), Some(&1));
}
