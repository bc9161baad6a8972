//! The checkout page as a customer sees it: a link that the core made, opened and paid in a real browser.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod driver;

use driver::Phone;
use paylink_core::link::{LinkStatus, PaymentLink};
use paylink_e2e::{Rig, honey};
use paylink_sandbox::{Session, Status};

fn session(rig: &Rig, link: &PaymentLink) -> Session {
    rig.sandbox.session(link.session_id.as_deref().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_norwegian_customer_pays_by_card_and_gets_a_receipt() {
    let rig = Rig::start().await;
    let link = rig.sell(&honey());
    assert!(!session(&rig, &link).visited());
    let (url, reference) = (link.url.clone().unwrap(), link.reference.clone());

    Phone::with("nb-NO,nb", |phone| async move {
        phone.open(&url).await;
        assert!(phone.title().await.ends_with("387,50 kr"), "{}", phone.title().await);
        assert_eq!(phone.read("#reference").await, reference);
        assert_eq!(
            phone.read_all("#items .item").await,
            ["Honning 500 g 2 stk. 298,00 kr", "Bivokslys 1 stk. 89,50 kr"]
        );
        assert_eq!(phone.read_all("#vat tr").await, ["Herav mva. 25 % 17,90 kr", "Herav mva. 15 % 38,87 kr"]);
        assert_eq!(phone.read("#total").await, "387,50 kr");
        assert_eq!(phone.read_all(".method").await, ["Vipps", "Kort", "Klarna"]);
        assert!(phone.fits().await, "the page is wider than the phone");
        phone.picture("checkout-nb").await;

        phone.tap(".method", "Kort").await;
        phone.tap("#pay", "Betal 387,50 kr").await;

        assert_eq!(phone.read("#receipt h1").await, "Takk, betalingen er mottatt");
        assert_eq!(phone.read("#total").await, "387,50 kr");
        assert_eq!(phone.read("#reference").await, reference);
        let back = phone.attribute("#return", "href").await;
        assert!(back.starts_with("https://example.com/thanks?"), "{back}");
        phone.picture("receipt-nb").await;

        phone.open(&url).await;
        assert_eq!(phone.read("#closed h1").await, "Denne er betalt");
    })
    .await;

    let paid = rig.until(link.id, LinkStatus::Captured);
    assert_eq!(paid.payment_method.as_deref(), Some("dintero_psp.creditcard"));
    assert!(paid.opened_at.is_some());
    assert!(session(&rig, &link).visited());
    let records = rig.sandbox.transactions();
    assert_eq!(records.len(), 1);
    assert_eq!((records[0].status, records[0].amount), (Status::Captured, 38_750));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_english_customer_whose_card_fails_pays_by_vipps() {
    let rig = Rig::start().await;
    let link = rig.sell(&honey());
    let url = link.url.clone().unwrap();

    Phone::with("en-GB,en", |phone| async move {
        phone.open(&url).await;
        assert_eq!(phone.read_all("#items .qty").await, ["2 pcs", "1 pcs"]);
        assert_eq!(phone.read("#total").await, "NOK 387.50");
        assert_eq!(phone.read_all("#vat tr").await, ["VAT included, 25 % NOK 17.90", "VAT included, 15 % NOK 38.87"]);
        phone.tap(".method", "Card").await;
        phone.tap(".test label", "Test: let this payment fail").await;
        phone.tap("#pay", "Pay NOK 387.50").await;
        assert_eq!(phone.read("#notice").await, "The payment did not go through. Try again, or choose another way.");
        phone.picture("failed-en").await;

        phone.tap(".method", "Vipps").await;
        phone.tap("#pay", "Pay NOK 387.50").await;
        assert_eq!(phone.read("#receipt h1").await, "Thank you, the payment was received");
        phone.picture("receipt-en").await;
    })
    .await;

    let paid = rig.until(link.id, LinkStatus::Captured);
    assert_eq!(paid.payment_method.as_deref(), Some("dintero_psp.vipps"));
    assert!(session(&rig, &link).has("PAY_FAILED"));
    assert_eq!(rig.sandbox.transactions().iter().map(|record| record.status).collect::<Vec<_>>(), [Status::Captured]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_who_declines_is_seen_to_decline() {
    let rig = Rig::start().await;
    let link = rig.sell(&honey());
    let url = link.url.clone().unwrap();
    Phone::with("nb-NO,nb", |phone| async move {
        phone.open(&url).await;
        phone.tap("#decline", "Avvis").await;
        assert_eq!(phone.read("#receipt h1, #closed h1").await, "Betalingen ble avvist");
    })
    .await;
    rig.until(link.id, LinkStatus::Declined);
    assert!(rig.sandbox.transactions().iter().all(|record| record.status == Status::Declined));
}
