use super::*;
use paylink_core::account;
use paylink_core::link::{EventKind, LinkStatus};
use paylink_core::order::{Capture, Delivery, Draft as CoreDraft, DraftItem, Expiry, Severity};

#[test]
fn codes_are_those_of_the_contract() {
    assert_eq!(status_code(LinkStatus::NeedsAttention), LinkStatus::NeedsAttention.code());
    assert!(EventKind::ALL.iter().all(|kind| event_code(*kind) == paylink_core::link::event_code(*kind)));
    assert!(Expiry::ALL.iter().all(|one| expiry_code(*one) == one.code()));
    assert!(Delivery::ALL.iter().all(|one| delivery_code(*one) == one.code()));
    assert!(Capture::ALL.iter().all(|one| capture_code(*one) == one.code()));
    assert_eq!(severity_code(Severity::Warning), "warning");
    assert_eq!(storage_code(paylink_core::StorageKind::NewerVersion), "newer_version");
}

#[test]
fn what_a_configuration_leaves_out_is_the_cores_default() {
    let given = |text: &str| text.to_owned();
    let empty = || given(" ");
    let config = Config {
        data_dir: given("data"),
        account: given("P12345678"),
        seller_name: given("Skogens Honning AS"),
        return_url: given("https://example.com/thanks"),
        origin: empty(),
        api_prefix: empty(),
        profile_id: empty(),
        reference_prefix: empty(),
        language: empty(),
        region: empty(),
        currency: empty(),
        vat: empty(),
        expiry: empty(),
        capture: empty(),
        terms_url: empty(),
        ask_again_after_hours: None,
        offline: false,
    };
    let usual = account::Config {
        data_dir: "data".into(),
        account: given("P12345678"),
        seller_name: given("Skogens Honning AS"),
        return_url: given("https://example.com/thanks"),
        ..account::Config::default()
    };
    let (settings, usual) = (account::Config::from(config).check().unwrap(), usual.check().unwrap());
    assert_eq!(format!("{settings:?}"), format!("{usual:?}"));
}

#[test]
fn a_draft_arrives_as_it_was_typed() {
    let draft = Draft {
        items: vec![DraftItem { description: "Honning".to_owned(), ..DraftItem::default() }],
        city: "Oslo".to_owned(),
        ..Draft::default()
    };
    let arrived = CoreDraft::from(draft.clone());
    assert_eq!((arrived.items, arrived.city), (draft.items, draft.city));
}

#[test]
fn amounts_are_shown_with_the_decimals_of_their_currency() {
    assert_eq!(currency_decimals("NOK"), Some(2));
    assert_eq!(currency_decimals("isk"), Some(0));
    assert_eq!(currency_decimals("KWD"), Some(3));
    assert_eq!(currency_decimals("XAU"), None);
}

#[test]
fn methods_have_the_names_people_know() {
    assert_eq!(method_family("dintero_psp.creditcard"), "card");
    assert_eq!(method_family("vipps"), "vipps");
}
