//! What becomes of a link: declined, failed once, expired, cancelled, paid after its end.

use paylink_core::link::{Delivered, EventKind, LinkStatus, ShareChannel, ShareOutcome};
use paylink_core::order::Draft;
use paylink_core::{LinkFilter, Page, PaylinkError};
use paylink_e2e::{Rig, honey};
use paylink_sandbox::PayOutcome;
use std::time::Duration;

const CARD: &str = "dintero_psp.creditcard";

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_fails_once_can_be_made_by_another_method() {
    let rig = Rig::start().await;
    let link = rig.sell(&honey());
    let session = link.session_id.clone().unwrap();
    rig.sandbox.visit(&session).unwrap();
    rig.sandbox.pay(&session, CARD, PayOutcome::Reject).unwrap();
    rig.until_link(link.id, "the failure", |_| rig.kinds(link.id).contains(&EventKind::PaymentFailed));
    assert_eq!(rig.core.link(link.id).unwrap().status, LinkStatus::Opened, "not final");
    rig.sandbox.pay(&session, "dintero_psp.vipps", PayOutcome::Authorize).unwrap();
    rig.until(link.id, LinkStatus::Captured);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_who_says_no_is_shown() {
    let rig = Rig::start().await;
    let link = rig.sell(&honey());
    rig.sandbox.pay(link.session_id.as_deref().unwrap(), CARD, PayOutcome::Decline).unwrap();
    rig.until(link.id, LinkStatus::Declined);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_link_cannot_be_paid() {
    let rig = Rig::start().await;
    let link = rig.sell(&honey());
    rig.core.cancel(link.id).unwrap();
    rig.core.cancel(link.id).unwrap();
    rig.until(link.id, LinkStatus::Cancelled);
    assert_eq!(rig.sandbox.count("POST", &format!("/v1/sessions/{}/cancel", link.session_id.clone().unwrap())), 1);
    assert!(rig.sandbox.pay(link.session_id.as_deref().unwrap(), CARD, PayOutcome::Authorize).is_err());
    assert!(matches!(rig.core.cancel(link.id), Err(PaylinkError::NotAllowed { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_that_was_never_sent_is_cancelled_without_the_network() {
    let rig = Rig::start().await;
    rig.core.network_changed(false).unwrap();
    let id = rig.core.create(&honey()).unwrap().id;
    assert_eq!(rig.core.cancel(id).unwrap().status, LinkStatus::Cancelled);
    rig.core.network_changed(true).unwrap();
    rig.core.sync(Duration::from_secs(5)).await.unwrap();
    assert!(rig.sandbox.sessions().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_came_first_wins_over_a_cancel() {
    let rig = Rig::start().await;
    let link = rig.sell(&honey());
    rig.core.network_changed(false).unwrap();
    rig.sandbox.pay(link.session_id.as_deref().unwrap(), CARD, PayOutcome::Authorize).unwrap();
    rig.core.cancel(link.id).unwrap();
    rig.core.network_changed(true).unwrap();
    let paid = rig.until(link.id, LinkStatus::Captured);
    assert_eq!(paid.captured, paid.amount);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reservation_that_our_cancel_released_is_shown_as_that() {
    let rig = Rig::start().await;
    let link = rig.sell(&Draft { capture: "manual".to_owned(), ..honey() });
    rig.sandbox.pay(link.session_id.as_deref().unwrap(), CARD, PayOutcome::Authorize).unwrap();
    rig.until(link.id, LinkStatus::Authorized);
    rig.core.cancel(link.id).unwrap();
    rig.until(link.id, LinkStatus::Cancelled);
    let kinds = rig.kinds(link.id);
    assert!(kinds.contains(&EventKind::Authorized) && kinds.contains(&EventKind::Voided), "{kinds:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_whose_time_is_over_shows_so() {
    let rig = Rig::start().await;
    let link = rig.sell(&Draft { expiry: "1d".to_owned(), ..honey() });
    rig.sandbox.advance(25 * 3_600_000);
    rig.core.refresh(link.id).unwrap();
    rig.until(link.id, LinkStatus::Expired);
    assert!(rig.kinds(link.id).contains(&EventKind::Expired));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_link_is_remembered_as_shared() {
    let rig = Rig::start().await;
    let link = rig.sell(&honey());
    let shared = rig.core.mark_shared(link.id, ShareChannel::Sms, ShareOutcome::HandedOver).unwrap();
    assert_eq!(shared.delivery.state, Delivered::Shared);
    assert_eq!(shared.delivery.shared_by.unwrap().channel, ShareChannel::Sms);
    let again = rig.core.mark_shared(link.id, ShareChannel::Mail, ShareOutcome::Cancelled).unwrap();
    assert_eq!(again.delivery.state, Delivered::Shared);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_links_are_asked_about_in_one_request_for_payments() {
    let rig = Rig::start().await;
    rig.core.set_foreground(false).unwrap();
    for _ in 0..12 {
        rig.sell(&honey());
    }
    let before = rig.sandbox.count("GET", "/v1/transactions");
    rig.core.sync(Duration::from_secs(10)).await.unwrap();
    assert_eq!(rig.sandbox.count("GET", "/v1/transactions") - before, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_asks_about_every_open_link_also_when_they_are_many() {
    let rig = Rig::start().await;
    let ids: Vec<_> = (0..230).map(|_| rig.core.create(&honey()).unwrap().id).collect();
    for id in ids {
        rig.until(id, LinkStatus::Open);
    }
    rig.core.set_foreground(false).unwrap();
    // Whatever the screen had begun to ask is over.
    rig.core.sync(Duration::from_secs(20)).await.unwrap();
    for session in rig.sandbox.sessions() {
        rig.sandbox.visit(&session.id).unwrap();
    }
    rig.core.sync(Duration::from_secs(60)).await.unwrap();
    let all = Page { offset: 0, limit: 1_000 };
    let opened = rig.core.links(LinkFilter { status: Some(LinkStatus::Opened) }, all).unwrap();
    assert_eq!(opened.len(), 230);
}
