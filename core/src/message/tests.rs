use insta::assert_snapshot;

use super::*;

/// As long as a real link of the provider: 69 characters.
const LINK: &str = "https://checkout.dintero.com/v1/view/T12345678.4XGmsggrbFpzT7FTm1FxTQ";
const EXPIRY: i64 = 1_779_622_620_000; // 2026-05-24 11:37 UTC

fn item(quantity: &str, description: &str, total_minor: i64) -> MessageItem {
    MessageItem { quantity_text: quantity.into(), description: description.into(), total_minor: Some(total_minor) }
}

/// The example of phone facts 1.
fn honey() -> MessageInput {
    MessageInput {
        seller: "Skogens Honning AS".into(),
        amount_minor: 29_800,
        items: vec![item("2", "Honning 500 g", 29_800)],
        reference: "1042".into(),
        url: LINK.into(),
        ..MessageInput::default()
    }
}

/// Everything a text can have.
fn basket(language: Language) -> MessageInput {
    let (currency, honey, wax) = match language {
        Language::Nb | Language::Nn => ("NOK", "Honning 500 g", "Bivoks"),
        Language::En => ("NOK", "Honey 500 g", "Beeswax"),
        Language::Sv => ("SEK", "Honung 500 g", "Bivax"),
        Language::Da => ("DKK", "Honning 500 g", "Bivoks"),
    };
    MessageInput {
        purpose: Purpose::Request,
        language,
        seller: "Skogens Honning AS".into(),
        customer_name: Some("Kari Nordmann".into()),
        amount_minor: 129_800,
        currency_code: currency.into(),
        exponent: 2,
        items: vec![item("8", honey, 119_200), item("0.5", wax, 10_600)],
        reference: "SKOG-7K2M-42".into(),
        url: LINK.into(),
        expires_at_ms: Some(EXPIRY),
        zone: Zone::CentralEurope,
        terms_url: Some("https://skogenshonning.no/vilkar".into()),
        practice: false,
    }
}

fn kari() -> Recipient {
    Recipient {
        phone: Some(PhoneNumber::parse("47465724", "NO").unwrap().number),
        email: Some(EmailAddress::parse("kari@example.no").unwrap()),
    }
}

fn sms(input: &MessageInput) -> Message {
    render(Channel::Sms, input, &kari())
}

/// A message as a page to look at.
fn page(message: &Message) -> String {
    let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
    let sms = message.sms.as_ref().map_or_else(
        || "-".to_owned(),
        |sms| {
            format!(
                "{:?}, {} units, {} part(s), {} left, long by {:?}",
                sms.encoding, sms.units, sms.parts, sms.units_left_in_part, sms.made_long_by
            )
        },
    );
    format!(
        "recipient: {}\nsubject: {}\nuri: {}\nsms: {sms}\n\n{}",
        or_dash(&message.recipient),
        or_dash(&message.subject),
        or_dash(&message.uri),
        message.body
    )
}

#[test]
fn every_language_and_channel_reads_as_approved() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for language in Language::ALL {
            for (name, channel) in [("sms", Channel::Sms), ("mail", Channel::Mail), ("share", Channel::Share)] {
                let message = render(channel, &basket(language), &kari());
                assert_snapshot!(format!("{}_{name}", language.code()), page(&message));
            }
        }
    });
}

#[test]
fn every_language_and_channel_of_the_practice_account_reads_as_approved() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for language in Language::ALL {
            let input = MessageInput { practice: true, ..basket(language) };
            let pages: Vec<_> = Channel::ALL.iter().map(|channel| page(&render(*channel, &input, &kari()))).collect();
            assert_snapshot!(format!("{}_practice", language.code()), pages.join("\n\n---\n\n"));
        }
    });
}

#[test]
fn the_example_is_one_sms_in_every_language() {
    let texts: Vec<_> = Language::ALL
        .iter()
        .map(|language| {
            let currency_code = match language {
                Language::Sv => "SEK",
                Language::Da => "DKK",
                _ => "NOK",
            };
            let input = MessageInput {
                language: *language,
                currency_code: currency_code.into(),
                expires_at_ms: Some(EXPIRY),
                ..honey()
            };
            let message = sms(&input);
            assert_eq!(message.sms.as_ref().unwrap().parts, 1);
            message.body.replace(LINK, "<link>")
        })
        .collect();
    assert_snapshot!(texts.join("\n"), @r"
    Hei! Betal 298,00 kr til Skogens Honning AS for 2 x Honning 500 g. Ordre 1042. <link>
    Hei! Betal 298,00 kr til Skogens Honning AS for 2 x Honning 500 g. Ordre 1042. <link>
    Hi! Pay NOK 298.00 to Skogens Honning AS for 2 x Honning 500 g. Order 1042. <link>
    Hej! Betala 298,00 kr till Skogens Honning AS för 2 x Honning 500 g. Order 1042. <link>
    Hej! Betal 298,00 kr til Skogens Honning AS for 2 x Honning 500 g. Ordre 1042. <link>
    ");
}

#[test]
fn the_example_of_the_facts_is_148_units_long() {
    let message = sms(&honey());
    assert_eq!(
        message.body,
        format!("Hei! Betal 298,00 kr til Skogens Honning AS for 2 x Honning 500 g. Ordre 1042. {LINK}")
    );
    assert_eq!(message.recipient.as_deref(), Some("+4747465724"));
    assert_eq!(message.uri.as_deref(), Some("smsto:+4747465724"));
    let length = message.sms.unwrap();
    assert_eq!((length.units, length.parts, length.units_left_in_part), (148, 1, 12));
}

#[test]
fn an_sms_is_shortened_rung_by_rung_only_as_far_as_it_saves_a_part() {
    let mut rungs = Vec::new();
    for seller_length in [2, 21, 28, 40, 52, 57, 58] {
        let input = MessageInput {
            seller: "S".repeat(seller_length),
            items: vec![item("1", "Voks", 1), item("2", "Honning", 2), item("3", "Lys", 3)],
            expires_at_ms: Some(EXPIRY),
            ..honey()
        };
        let message = sms(&input);
        let text = message.body.replace(LINK, "<link>").replace(&input.seller, "S…");
        rungs.push(format!("{seller_length:2} {} {text}", message.sms.unwrap().parts));
    }
    assert_snapshot!(rungs.join("\n"), @r"
     2 1 Hei! Betal 298,00 kr til S… for Voks, 2 x Honning og 3 x Lys. Ordre 1042. <link>
    21 1 Hei! Betal 298,00 kr til S… for Voks og 5 varer til. Ordre 1042. <link>
    28 1 Hei! Betal 298,00 kr til S… for Voks og 5 varer til. Ordre 1042. <link>
    40 1 Hei! Betal 298,00 kr til S… for 6 varer. Ordre 1042. <link>
    52 1 Hei! Betal 298,00 kr til S…. Ordre 1042. <link>
    57 1 Betal 298,00 kr til S…. Ordre 1042. <link>
    58 2 Hei! Betal 298,00 kr til S… for Voks, 2 x Honning og 3 x Lys. Ordre 1042. Gyldig til 24. mai. <link>
    ");
}

#[test]
fn the_expiry_stands_where_there_is_room() {
    let input = MessageInput { seller: "Kari".into(), expires_at_ms: Some(EXPIRY), ..honey() };
    let message = sms(&input);
    assert!(message.body.ends_with(&format!(" Ordre 1042. Gyldig til 24. mai. {LINK}")));
    assert_eq!(message.sms.unwrap().parts, 1);
}

#[test]
fn an_sms_that_needs_two_parts_anyway_is_told_in_full() {
    let input = MessageInput {
        seller: "Skogens Honning og Bivoks fra Nordmarka og Omegn Andelslag SA".into(),
        expires_at_ms: Some(EXPIRY),
        ..honey()
    };
    let message = sms(&input);
    assert_eq!(message.sms.unwrap().parts, 2);
    assert_eq!(message.body, render(Channel::Share, &input, &kari()).body);
}

#[test]
fn terms_are_kept_even_where_they_cost_a_part() {
    let terms = "https://skogenshonning.no/vilkar-og-angrerett";
    let input = MessageInput { terms_url: Some(terms.into()), ..honey() };
    let message = sms(&input);
    assert!(message.body.ends_with(&format!(" Vilkår: {terms} Betal her: {LINK}")));
    assert_eq!(message.sms.unwrap().parts, 2);
}

#[test]
fn typography_is_repaired_and_letters_of_names_are_not() {
    let input = MessageInput {
        seller: "Skogens\u{A0}“Honning”".into(),
        items: vec![item("2", "Honning – 500\u{202F}g…", 1)],
        ..honey()
    };
    assert!(sms(&input).body.contains("til Skogens \"Honning\" for 2 x Honning - 500 g... Ordre"));

    let message = sms(&MessageInput { seller: "Čelnik".into(), ..honey() });
    assert!(message.body.contains("Čelnik"));
    let length = message.sms.unwrap();
    assert_eq!(length.encoding, SmsEncoding::Ucs2);
    assert_eq!(length.made_long_by, ["Č"]);
}

#[test]
fn a_missing_seller_reference_or_link_leaves_no_gap() {
    assert_eq!(sms(&MessageInput::default()).body, "Hei! Betal 0,00 kr.");
    let input = MessageInput { url: LINK.into(), ..MessageInput::default() };
    assert_eq!(sms(&input).body, format!("Hei! Betal 0,00 kr. {LINK}"));
    let mail = render(Channel::Mail, &MessageInput::default(), &Recipient::default());
    assert_eq!(mail.subject.as_deref(), Some("Betaling: 0,00 kr"));
    assert!(mail.uri.unwrap().starts_with("mailto:?subject="));
    assert!(!mail.body.contains("\n\n\n"));
}

#[test]
fn a_name_that_ends_with_a_dot_gets_no_second_one() {
    let input = MessageInput { seller: "Olsen & Co.".into(), items: vec![], ..honey() };
    assert!(sms(&input).body.contains("til Olsen & Co. Ordre 1042. "));
    assert!(render(Channel::Mail, &input, &kari()).body.contains("fra Olsen & Co.\n"));
}

#[test]
fn a_text_that_may_reach_the_wrong_phone_tells_no_name() {
    let input = basket(Language::Nb);
    for channel in [Channel::Sms, Channel::Share] {
        assert!(!render(channel, &input, &kari()).body.contains("Kari"));
    }
    assert!(render(Channel::Mail, &input, &kari()).body.starts_with("Hei Kari Nordmann,\n"));
}

#[test]
fn a_field_with_line_breaks_adds_no_line_to_a_mail() {
    let input = MessageInput {
        seller: "Skogens\r\nBcc: alle@example.no".into(),
        customer_name: Some("Kari\n\n".into()),
        ..honey()
    };
    let mail = render(Channel::Mail, &input, &kari());
    assert!(mail.body.contains("fra Skogens Bcc: alle@example.no."));
    assert!(!mail.subject.unwrap().contains(['\r', '\n']));
    assert!(!mail.uri.unwrap().contains(['\r', '\n']));
}

#[test]
fn nothing_personal_shows_in_debug() {
    let input = basket(Language::Nb);
    let message = sms(&input);
    let shown = format!("{input:?} {message:?} {:?}", kari());
    for secret in ["Kari", "kari", "4746", "Honning", "checkout", "SKOG"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn a_mail_too_long_for_mail_apps_has_the_link_first_and_fewer_lines() {
    let items = (1..=60).map(|n| item("2", &format!("Honning fra bigård nummer {n}"), 29_800)).collect();
    let input = MessageInput { items, customer_name: Some("Kari Nordmann".into()), ..honey() };
    let mail = render(Channel::Mail, &input, &kari());
    assert_eq!(mail.body.lines().filter(|line| line.starts_with("- ")).count(), 60, "the text itself keeps every line");
    let uri = mail.uri.unwrap();
    assert!(uri.len() <= uri::MAX_MAILTO, "{}", uri.len());
    let read = url::Url::parse(&uri).unwrap();
    let (_, body) = read.query_pairs().into_owned().last().unwrap();
    let paragraphs: Vec<_> = body.split("\r\n\r\n").collect();
    assert_eq!(paragraphs[0], "Hei Kari Nordmann,");
    assert_eq!(paragraphs[1], format!("Betal her:\r\n{LINK}"));
    let lines: Vec<_> = paragraphs[3].split("\r\n").collect();
    assert_eq!(lines[0], "- 2 x Honning fra bigård nummer 1: 298,00 kr");
    assert_eq!(*lines.last().unwrap(), format!("- {} varer til", 61 - lines.len()));
    assert!(body.contains("Ordre: 1042") && body.contains("298,00 kr"));
}

#[test]
fn a_link_longer_than_a_mail_app_takes_stands_whole() {
    let url = format!("https://checkout.dintero.com/v1/view/{}", "x".repeat(2_000));
    let mail = render(Channel::Mail, &MessageInput { url: url.clone(), ..honey() }, &kari());
    let read = url::Url::parse(&mail.uri.unwrap()).unwrap();
    let (_, body) = read.query_pairs().into_owned().last().unwrap();
    assert!(body.lines().any(|line| line == url), "{body}");
}

#[test]
fn an_sms_keeps_what_joins_and_loses_what_nobody_sees() {
    let input = MessageInput { seller: "Gården 👩\u{200d}🌾\u{202e}\u{200b}".into(), ..honey() };
    assert!(sms(&input).body.contains("til Gården 👩\u{200d}🌾 for"), "{}", sms(&input).body);
    let ohm = MessageInput { seller: "\u{2126}-\u{212b}se".into(), ..honey() };
    assert_eq!(sms(&ohm).sms.unwrap().encoding, SmsEncoding::Gsm7, "letters that cost no second SMS");
}
