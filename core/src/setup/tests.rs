use super::*;
use crate::order::Severity;
use crate::text;
use proptest::prelude::*;

const NOW: PhoneTime = PhoneTime::from_ms(1_900_000_000_000);
const LINK: &str =
    "paylink://setup?account=P12345678&seller_name=Skogens+Honning+AS&return_url=https%3A%2F%2Fexample.com%2Fthanks";

fn parse(text: &str) -> SetupCheck {
    Setup::parse(text, NOW)
}

fn current() -> Config {
    Config { data_dir: "data".into(), ..parse(LINK).setup.unwrap().config(Config::default()) }
}

/// Field and code of each problem.
fn told(check: &SetupCheck) -> Vec<(&str, &str)> {
    check.problems.iter().map(|problem| (problem.field.as_str(), problem.code.code())).collect()
}

#[test]
fn a_link_is_read_however_it_was_pasted() {
    let whole = parse(LINK);
    assert_eq!((whole.problems.len(), whole.setup.is_some()), (0, true));
    let (first, second) = LINK.split_at(40);
    let fields = LINK.split_once('?').unwrap().1;
    for pasted in [
        format!("\u{feff}  {LINK}\u{200b}\r\n"),
        format!("{first}\r\n  {second}"),
        format!("{first}\u{200b}{second}"),
        format!("PAYLINK://SETUP?{fields}"),
        format!("paylink://setup/?{fields}"),
        format!("paylink:setup?{fields}&v=1"),
        format!("https://example.com/start?campaign=1#setup?{fields}"),
        format!("HTTPS://EXAMPLE.COM/#setup?&&{fields}&"),
    ] {
        assert_eq!(parse(&pasted), whole, "{pasted:?}");
    }
}

#[test]
fn what_is_no_set_up_is_said_to_be_none() {
    for text in [
        "hello",
        "paylink://",
        "paylink://setup",
        "paylink://setupx?account=P12345678",
        "paylink://sell?amount=1",
        "http://example.com#setup?account=P12345678",
        "https://example.com/setup?account=P12345678",
        "https://example.com/#other",
        "otherlink://setup?account=P12345678",
        "://setup?",
        "\u{0}a\u{1}:\u{7f}",
    ] {
        assert_eq!(told(&parse(text)), [("link", "not_a_setup")], "{text:?}");
    }
    assert_eq!(told(&parse(" \u{200b}\n")), [("link", "required")]);
    assert_eq!(told(&parse(&"paylink://setup?a=".repeat(2_000))), [("link", "too_long")]);
}

#[test]
fn every_problem_of_a_link_comes_at_once() {
    let check = parse(
        "paylink://setup?account=X1&origin=ftp%3A%2F%2Fexample.com&region=XX&currency=AAA&vat=many&expiry=2y&capture=later&address=x&delivery=pigeon\
         &language=xx&reference_prefix=123456789012345678901&api_prefix=v1&terms_url=nonsense&return_url=%FF&x=1",
    );
    assert_eq!(
        told(&check),
        [
            ("return_url", "invalid"),
            ("x", "unknown_field"),
            ("region", "not_supported"),
            ("currency", "not_supported"),
            ("vat", "not_a_number"),
            ("reference_prefix", "too_long"),
            ("account", "invalid"),
            ("origin", "invalid"),
            ("api_prefix", "invalid"),
            ("language", "not_supported"),
            ("seller_name", "required"),
            ("expiry", "not_supported"),
            ("capture", "not_supported"),
            ("address", "not_supported"),
            ("delivery", "not_supported"),
            ("terms_url", "invalid"),
        ]
    );
    assert_eq!((check.setup, check.summary), (None, None));
}

#[test]
fn a_field_that_is_not_known_is_left_out_and_said() {
    let check = parse(&format!("{LINK}&colour=green&retun_url=x&&=y&{}=1&A%20b=2", "n".repeat(33)));
    assert_eq!(told(&check), [("colour", "unknown_field"), ("retun_url", "unknown_field"), ("link", "unknown_field")]);
    assert!(check.problems.iter().all(|problem| problem.severity == Severity::Warning) && check.setup.is_some());
}

#[test]
fn a_newer_link_is_not_guessed_at() {
    assert_eq!(told(&parse("paylink://setup?v=2&account=1")), [("link", "newer_version")]);
    assert_eq!(told(&parse(&format!("{LINK}&v=%20"))), [("link", "invalid")]);
}

#[test]
fn what_is_given_twice_is_refused_even_if_it_is_the_same() {
    assert_eq!(told(&parse(&format!("{LINK}&account=P12345678&ACCOUNT=P12345678"))), [("account", "repeated")]);
}

#[test]
fn credentials_in_a_link_are_refused_and_never_quoted() {
    for name in ["client_secret", "clientSecret", "CLIENT-SECRET", "secret", "password", "api_key", "access_token"] {
        let check = parse(&format!("{LINK}&{name}=hunter2"));
        assert_eq!(told(&check), [("client_secret", "secret_in_clear")], "{name}");
        assert!(check.setup.is_none() && !format!("{check:?}").contains("hunter2"));
    }
    assert_eq!(told(&parse(&format!("{LINK}&client_id=hunter2"))), [("client_id", "secret_in_clear")]);
    for hidden in [format!("{LINK}&hunter2"), LINK.replace("https%3A%2F%2F", "https%3A%2F%2Fme%3Ahunter2%40")] {
        assert!(!format!("{:?}", parse(&hidden)).contains("hunter2"), "{hidden}");
    }
}

#[test]
fn only_the_providers_origins_and_this_machine_are_taken() {
    let at = |origin: &str| parse(&format!("{LINK}&origin={origin}"));
    for origin in
        ["https://checkout.dintero.com", "https://API.dintero.com:443/", "http://127.0.0.1:8799", "https://localhost"]
    {
        assert_eq!(at(origin).problems, [], "{origin}");
    }
    for origin in [
        "https://example.com",
        "https://checkout.dintero.com.example.com",
        "https://dintero.com",
        "https://evil.dintero.com",
        "https://checkout.dintero.com:8443",
        "https://checkout-dintero.com",
        "https://127.0.0.1.example.com",
    ] {
        assert_eq!(told(&at(origin)), [("origin", "not_supported")], "{origin}");
    }
    assert_eq!(told(&at("http://checkout.dintero.com")), [("origin", "invalid")]);
}

#[test]
fn the_summary_names_every_host() {
    let check = parse(&format!("{LINK}&terms_url=https%3A%2F%2Fbj%C3%B8rn.no%3A444%2Fvilk%C3%A5r"));
    let summary = check.summary.unwrap();
    assert_eq!(
        (summary.account.as_str(), summary.live, summary.seller_name.as_str()),
        ("P12345678", true, "Skogens Honning AS")
    );
    let hosts: Vec<_> = summary.hosts.iter().map(|one| (one.field.code(), one.host.as_str())).collect();
    assert_eq!(
        hosts,
        [("origin", "checkout.dintero.com"), ("return_url", "example.com"), ("terms_url", "xn--bjrn-hra.no:444")]
    );
    assert!(!parse(&LINK.replace("P1", "T1")).summary.unwrap().live);
}

#[test]
fn an_account_that_exists_is_told_what_would_change() {
    let current = Config { reference_prefix: "HON".into(), ask_again_after_hours: 7, ..current() };
    let check = super::check(
        "paylink://setup?account=P12345678&seller_name=Torget&vat=25&language=en&origin=https%3A%2F%2Fcheckout.dintero.com",
        Some(&current),
        NOW,
    );
    let changes = check.summary.unwrap().changes;
    let told: Vec<_> = changes.iter().map(|one| (one.field.code(), one.from.as_str(), one.to.as_str())).collect();
    // What is meant by default already is no change.
    assert_eq!(told, [("seller_name", "Skogens Honning AS", "Torget"), ("language", "nb", "en")]);
    let config = check.setup.unwrap().config(current);
    assert_eq!((config.seller_name.as_str(), config.return_url.as_str()), ("Torget", "https://example.com/thanks"));
    assert_eq!((config.reference_prefix.as_str(), config.ask_again_after_hours), ("HON", 7));
    assert!(config.check().is_ok());
}

#[test]
fn account_and_origin_of_an_account_that_exists_stay() {
    let check = |text: &str| super::check(text, Some(&current()), NOW);
    assert_eq!(told(&check(&LINK.replace("P12345678", "P87654321"))), [("account", "another_account")]);
    for origin in ["https://api.dintero.com", "http://127.0.0.1:1"] {
        assert_eq!(told(&check(&format!("{LINK}&origin={origin}"))), [("origin", "cannot_change")], "{origin}");
    }
    assert_eq!(told(&check("paylink://setup?seller_name=Evil")), [("account", "required")]);
    assert_eq!(told(&parse(&LINK.replace("P12345678", "practice"))), [("account", "invalid")]);
}

#[test]
fn the_link_of_a_configuration_makes_it_again() {
    let setup = Setup::of(&current()).unwrap();
    assert_eq!(parse(&setup.link()).setup.as_ref(), Some(&setup));
    let at = setup.link_at("https://example.com/start?a=b").unwrap();
    assert!(at.starts_with("https://example.com/start?a=b#setup?v=1&account=P12345678"), "{at}");
    assert_eq!(parse(&at).setup, Some(setup.clone()));
    for page in ["http://example.com", "https://example.com/#a", "start", "https://me:hunter2@example.com"] {
        assert!(!format!("{:?}", setup.link_at(page).unwrap_err()).contains("hunter2"), "{page}");
    }
    let wrong = Config { vat: "many".into(), origin: "https://example.com".into(), ..current() };
    let problems = Setup::of(&wrong).unwrap_err();
    assert_eq!(problems.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["vat", "origin"]);
}

/// Text that a person may type into a field, and what a keyboard or a clipboard adds.
fn name() -> impl Strategy<Value = String> {
    "[a-zA-ZæøåÆØÅ0-9&=+%#?/:;,. \"'<>\u{200b}\u{a0}日本🍯-]{1,60}"
}

prop_compose! {
    fn configured()(
        digits in "[0-9]{8}", live: bool, seller in name().prop_filter("seen", |text| text::is_filled(text)), prefix in "[A-Zæ&=+ ]{0,20}",
        path in "[a-z0-9&=+%æ]{0,30}", terms in prop::option::of("[a-zæ=&#?]{0,20}"), chosen in 0_usize..24,
    ) -> Config {
        let pick = |from: &[&str]| from[chosen % from.len()].to_owned();
        Config {
            data_dir: "data".into(),
            account: format!("{}{digits}", if live { 'P' } else { 'T' }),
            origin: pick(&["", "https://checkout.dintero.com", "https://api.dintero.com/", "http://127.0.0.1:8799"]),
            api_prefix: pick(&["", "/v1", "/v1/accounts/{account}/payments"]),
            profile_id: pick(&["", "default", "T1.a b&c"]),
            return_url: format!("https://example.com/{path}"),
            seller_name: seller,
            reference_prefix: prefix,
            language: pick(&["", "nb", "nn", "en", "sv", "da"]),
            region: pick(&["", "NO", "SE", "DK", "FI"]),
            currency: pick(&["", "EUR", "SEK"]),
            vat: pick(&["", "11,11", "25", "0"]),
            expiry: pick(&["", "1d", "1w", "1m"]),
            capture: pick(&["", "auto", "manual"]),
            address: pick(&["", "known", "express"]),
            delivery: pick(&["", "sms", "phone", "mail", "share", "copy", "qr"]),
            terms_url: terms.map(|end| format!("https://example.com/{end}")).unwrap_or_default(),
            ..Config::default()
        }
    }
}

proptest! {
    #[test]
    fn any_configuration_comes_through_a_link_unchanged(config in configured()) {
        let setup = Setup::of(&config).unwrap();
        let check = parse(&setup.link());
        prop_assert_eq!(check.setup.as_ref(), Some(&setup));
        prop_assert!(check.problems.is_empty());
        let made = setup.config(Config { data_dir: "data".into(), ..Config::default() });
        prop_assert_eq!(format!("{:?}", made.check().unwrap()), format!("{:?}", config.check().unwrap()));
    }

    #[test]
    fn nothing_that_is_pasted_breaks_the_reading(text in any::<String>(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _answered = parse(&text);
        for head in ["paylink://setup?", "paylink://setup?account=", "https://a#setup?", "paylink://invitation/"] {
            let _answered = parse(&format!("{head}{text}"));
            let _answered = parse(&format!("{head}{}", String::from_utf8_lossy(&bytes)));
            let garbage: String = bytes.iter().map(|byte| format!("%{byte:x}&={}", *byte as char)).collect();
            let check = parse(&format!("{head}{garbage}"));
            prop_assert!(check.setup.is_none() && !check.problems.is_empty());
            prop_assert!(check.problems.len() < 100);
        }
    }
}
