//! Addresses: which are made, which are refused.

use crate::gateway::ProviderSettings;
use crate::gateway::dintero::settings::Endpoints;

fn settings() -> ProviderSettings {
    super::settings("https://checkout.dintero.com")
}

fn refused(change: impl FnOnce(&mut ProviderSettings)) -> &'static str {
    let mut settings = settings();
    change(&mut settings);
    Endpoints::new(&settings).map(|_| "accepted").unwrap_or_else(|error| error.field)
}

#[test]
fn both_spellings_of_the_api_lead_to_the_right_addresses() {
    let mut settings = settings();
    let short = Endpoints::new(&settings).unwrap();
    assert_eq!(short.api(&["sessions"]).unwrap().as_str(), "https://checkout.dintero.com/v1/sessions");
    settings.at.origin = "https://api.dintero.com/".to_owned();
    settings.at.api_prefix = "/v1/accounts/{account}/payments/".to_owned();
    let long = Endpoints::new(&settings).unwrap();
    assert_eq!(
        long.api(&["sessions", "T12345678.a/b"]).unwrap().as_str(),
        "https://api.dintero.com/v1/accounts/T12345678/payments/sessions/T12345678.a%2Fb"
    );
    assert_eq!(
        long.token().unwrap().as_str(),
        "https://api.dintero.com/v1/accounts/T12345678/auth/token",
        "the token stays under /v1"
    );
    assert_eq!(long.audience, "https://api.dintero.com/v1/accounts/T12345678");
}

#[test]
fn an_error_names_the_field_that_is_wrong() {
    assert_eq!(refused(|s| s.at.origin = "http://checkout.dintero.com".to_owned()), "origin");
    assert_eq!(refused(|s| s.at.origin = "https://checkout.dintero.com/v1".to_owned()), "origin");
    assert_eq!(refused(|s| s.at.origin = "https://me:secret@checkout.dintero.com".to_owned()), "origin");
    assert_eq!(refused(|s| s.at.origin = "nonsense".to_owned()), "origin");
    assert_eq!(refused(|s| s.at.return_url = "http://example.com".to_owned()), "return_url");
    assert_eq!(refused(|s| s.at.profile_id = " default".to_owned()), "profile_id");
    assert_eq!(refused(|s| s.at.api_prefix = "v1".to_owned()), "api_prefix");
    assert_eq!(refused(|s| s.at.api_prefix = "/v1/{oid}".to_owned()), "api_prefix");
}

#[test]
fn plain_http_is_for_this_machine_only() {
    for origin in ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:9"] {
        assert_eq!(refused(|s| s.at.origin = origin.to_owned()), "accepted", "{origin}");
    }
    for origin in ["http://localhost.example.com", "http://10.0.2.2:8080", "http://192.168.1.4"] {
        assert_eq!(refused(|s| s.at.origin = origin.to_owned()), "origin", "{origin}");
    }
}

#[test]
fn an_id_never_leads_to_another_address() {
    let endpoints = Endpoints::new(&settings()).unwrap();
    for id in ["", ".", "..", " "] {
        assert!(endpoints.api(&["sessions", id]).is_none(), "{id:?}");
    }
    let odd = endpoints.api(&["sessions", "a?b#c d/../e"]).unwrap();
    assert_eq!(odd.path(), "/v1/sessions/a%3Fb%23c%20d%2F..%2Fe");
}

#[test]
fn the_payment_page_is_on_the_checkout_host() {
    let mut settings = settings();
    let link = "https://checkout.dintero.com/v1/view/T12345678.4XinCpySVmB1ABreRCBqNi";
    assert_eq!(Endpoints::new(&settings).unwrap().view("T12345678.4XinCpySVmB1ABreRCBqNi"), link);
    settings.at.origin = "https://api.dintero.com".to_owned();
    settings.at.api_prefix = "/v1/accounts/{account}/payments".to_owned();
    assert_eq!(Endpoints::new(&settings).unwrap().view("T12345678.4XinCpySVmB1ABreRCBqNi"), link);
    settings.at.origin = "http://127.0.0.1:99".to_owned();
    assert_eq!(Endpoints::new(&settings).unwrap().view("T1.a"), "http://127.0.0.1:99/v1/view/T1.a");
}

#[test]
fn only_the_providers_hosts_are_known() {
    let mut settings = settings();
    let endpoints = Endpoints::new(&settings).unwrap();
    assert!(endpoints.knows("https://checkout.dintero.com/v1/view/x"));
    assert!(endpoints.knows("https://checkout.api.dintero.com/v1/view/x/"));
    for link in [
        "http://checkout.dintero.com/v1/view/x",
        "https://dintero.com.example.net/x",
        "https://evildintero.com/x",
        "https://checkout.dintero.com@example.net/",
        "vipps://?token=1",
        "nonsense",
    ] {
        assert!(!endpoints.knows(link), "{link}");
    }
    settings.at.origin = "http://127.0.0.1:99".to_owned();
    let local = Endpoints::new(&settings).unwrap();
    assert!(local.knows("http://127.0.0.1:1234/v1/view/x"));
    assert!(local.knows("https://checkout.dintero.com/v1/view/x"));
}
