use super::*;
use paylink_core::account;
use paylink_core::order::{Draft as CoreDraft, DraftItem};
use std::collections::BTreeSet;

#[test]
fn a_code_of_a_newer_core_crosses_as_it_is_and_no_call_takes_it() {
    let newer: LinkStatus = LinkStatus::of("disputed".to_owned());
    assert_eq!((newer.code(), newer.known()), ("disputed", None));
    let filter = LinkFilter { status: Some(newer) };
    assert_eq!(filter.read().err(), Some(crate::PaylinkError::NotFound { what: "status".to_owned() }));
}

#[test]
fn every_list_has_a_name_and_codes_of_its_own() {
    let names: BTreeSet<_> = LISTS.iter().map(|(name, ..)| name).collect();
    assert_eq!(names.len(), LISTS.len());
    let settings = include_str!("../../uniffi.toml");
    for (name, about, codes) in LISTS {
        let unique: BTreeSet<_> = codes.iter().map(|one| one.code).collect();
        assert!(unique.len() == codes.len() && !about.is_empty(), "{name}");
        assert_eq!(settings.matches(&format!("\n{name} = ")).count(), 2, "uniffi.toml, of Kotlin and of Swift: {name}");
    }
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
        address: empty(),
        delivery: empty(),
        terms_url: empty(),
        ask_again_after_hours: None,
        erase_contacts_after_days: None,
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
