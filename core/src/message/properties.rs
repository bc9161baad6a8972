//! What holds for any input whatever.

use proptest::prelude::*;
use url::Url;

use super::uri::MAX_MAILTO;
use super::{
    repair::{is_repaired, plain_line},
    *,
};

/// Text as sellers and attackers type it: ASCII, typography, marks, emoji, control characters.
fn wild() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,24}",
        "[a-zæøåÆØÅ€^{} ]{0,40}",
        "\\PC{0,16}",
        "[\u{A0}\u{200B}“”’–×…•½ aouAOU\u{300}-\u{308}\u{30A}🐝čŧ\r\n\t]{0,24}",
        any::<String>(),
    ]
}

fn link() -> impl Strategy<Value = String> {
    "https://[a-z.]{3,12}/v1/[A-Za-z0-9._~-]{0,60}"
}

prop_compose! {
    fn item()(
        quantity_text in prop_oneof!["[0-9]{1,3}(\\.[0-9]{1,3})?", wild()],
        description in wild(),
        total_minor in any::<Option<i64>>(),
    ) -> MessageItem {
        MessageItem { quantity_text, description, total_minor }
    }
}

prop_compose! {
    fn input()(
        language in prop::sample::select(&Language::ALL[..]),
        (seller, customer_name, reference) in (wild(), prop::option::of(wild()), wild()),
        (amount_minor, currency_code, exponent) in (any::<i64>(), "NOK|SEK|DKK|EUR|\\PC{0,4}", prop_oneof![0..4u32, any::<u32>()]),
        items in prop::collection::vec(item(), 0..6),
        purpose in prop::sample::select(&[Purpose::Request, Purpose::Reminder][..]),
        (url, terms_url) in (link(), prop::option::of(link())),
        expires_at_ms in prop::option::of(prop_oneof![any::<i64>(), 0..4_000_000_000_000i64]),
        zone in prop::sample::select(&Zone::ALL[..]),
    ) -> MessageInput {
        MessageInput {
            purpose, language, seller, customer_name, amount_minor, currency_code, exponent, items,
            reference, url, expires_at_ms, zone, terms_url, practice: false,
        }
    }
}

fn somebody() -> Recipient {
    Recipient {
        phone: Some(PhoneNumber::parse("47465724", "NO").unwrap().number),
        email: Some(EmailAddress::parse("kari@example.no").unwrap()),
    }
}

fn nobody() -> Recipient {
    Recipient::default()
}

/// GSM-7 by the letter of TS 23.038, table by table, independent of the code under test.
fn septets(c: char) -> Option<usize> {
    const ROWS: [&str; 8] = [
        "@£$¥èéùìòÇ\nØø\rÅå",
        "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ",
        " !\"#¤%&'()*+,-./",
        "0123456789:;<=>?",
        "¡ABCDEFGHIJKLMNO",
        "PQRSTUVWXYZÄÖÑÜ§",
        "¿abcdefghijklmno",
        "pqrstuvwxyzäöñüà",
    ];
    if ROWS.iter().any(|row| row.contains(c)) { Some(1) } else { "\u{C}^{}\\[~]|€".contains(c).then_some(2) }
}

/// Cuts the text into the parts that would be sent, as lists of characters.
fn split(text: &str) -> Vec<Vec<char>> {
    let gsm = text.chars().all(|c| septets(c).is_some());
    let cost = |c: &char| {
        if gsm { septets(*c).unwrap() } else { c.len_utf16() }
    };
    let (alone, part) = if gsm { (160, 153) } else { (70, 67) };
    let all: Vec<char> = text.chars().collect();
    if all.iter().map(cost).sum::<usize>() <= alone {
        return vec![all];
    }
    let mut parts = Vec::new();
    let mut rest = &all[..];
    while !rest.is_empty() {
        let fits = (1..=rest.len())
            .take_while(|length| rest[..*length].iter().map(cost).sum::<usize>() <= part)
            .last()
            .unwrap();
        parts.push(rest[..fits].to_vec());
        rest = &rest[fits..];
    }
    parts
}

proptest! {
    #[test]
    fn who_what_which_and_where_stand_in_every_text(input in input()) {
        let amount =
            amount::amount(input.language, input.amount_minor, &input.currency_code, input.exponent);
        for channel in [Channel::Sms, Channel::Share] {
            let body = render(channel, &input, &nobody()).body;
            for part in [plain_line(&input.seller), plain_line(&input.reference), plain_line(&amount)] {
                prop_assert!(body.contains(&part), "{part:?} in {body:?}");
            }
            prop_assert!(body.ends_with(&format!(" {}", input.url)), "{body:?}");
            if let Some(terms) = &input.terms_url {
                let stands = format!(" {terms} ");
                prop_assert!(body.contains(&stands));
            }
            prop_assert!(!body.chars().any(|c| is_repaired(c) || c.is_control()), "{body:?}");
            prop_assert!(!body.contains("  "), "{body:?}");
        }
        let mail = render(Channel::Mail, &input, &nobody());
        for part in [&input.seller, &input.reference, &amount].map(|text| crate::text::line(text)) {
            prop_assert!(mail.body.contains(&part));
            prop_assert!(mail.subject.as_ref().unwrap().contains(&part));
        }
        prop_assert!(mail.body.lines().any(|line| line == input.url));
    }

    #[test]
    fn a_text_of_the_practice_account_says_so_first_and_is_for_nobody(input in input()) {
        let input = MessageInput { practice: true, ..input };
        let told = text::texts(input.language);
        for channel in Channel::ALL {
            let message = render(channel, &input, &somebody());
            prop_assert!(message.body.starts_with(told.practice), "{:?}", message.body);
            prop_assert!(message.subject.is_none_or(|subject| subject.starts_with(told.practice_account)));
            prop_assert_eq!((message.preview, message.recipient, message.uri), (true, None, None));
            let real = MessageInput { practice: false, ..input.clone() };
            prop_assert!(!render(channel, &real, &somebody()).preview);
        }
    }

    #[test]
    fn a_shortened_sms_never_needs_more_parts_than_the_full_text(input in input()) {
        let full = sms_length(&render(Channel::Share, &input, &nobody()).body);
        let message = render(Channel::Sms, &input, &nobody());
        let sms = message.sms.clone().unwrap();
        prop_assert!(sms.parts <= full.parts);
        if sms.parts == full.parts {
            prop_assert_eq!(message.body, render(Channel::Share, &input, &nobody()).body);
        }
    }

    #[test]
    fn parts_are_counted_as_an_independent_splitter_cuts_them(
        text in prop_oneof![
            wild(),
            "[a-z€^]{140,330}",
            "[a-zč🐝]{60,220}",
            "[a-z]{150,155}[€{}]{0,8}",
        ],
    ) {
        let length = sms_length(&text);
        let parts = split(&text);
        prop_assert_eq!(length.parts, parts.len());
        prop_assert_eq!(parts.concat().iter().collect::<String>(), text.clone());
        let gsm = text.chars().all(|c| septets(c).is_some());
        prop_assert_eq!(length.encoding == SmsEncoding::Gsm7, gsm);
        prop_assert_eq!(length.made_long_by.is_empty(), gsm);
        let cost = |c: &char| if gsm { septets(*c).unwrap() } else { c.len_utf16() };
        let last: usize = parts.last().unwrap().iter().map(cost).sum();
        let room = match (gsm, parts.len()) {
            (true, 1) => 160,
            (true, _) => 153,
            (false, 1) => 70,
            (false, _) => 67,
        };
        prop_assert_eq!(length.units_left_in_part, room - last);
        prop_assert_eq!(length.units, text.chars().map(|c| cost(&c)).sum::<usize>());
    }

    #[test]
    fn repaired_text_holds_nothing_to_repair(text in wild()) {
        let repaired = repair(&text);
        prop_assert!(!repaired.chars().any(is_repaired), "{repaired:?}");
        prop_assert_eq!(repair(&repaired), repaired.clone());
    }

    #[test]
    fn a_mailto_uri_reads_back_as_the_same_mail(input in input()) {
        let recipient = Recipient {
            phone: None,
            email: Some(EmailAddress::parse("kari+honning@example.no").unwrap()),
        };
        let mail = render(Channel::Mail, &input, &recipient);
        let uri = mail.uri.unwrap();
        prop_assert!(uri.is_ascii() && !uri.contains('+'));
        let read = Url::parse(&uri).unwrap();
        prop_assert_eq!(read.scheme(), "mailto");
        prop_assert_eq!(read.path(), "kari%2Bhonning@example.no");
        let pairs: Vec<_> = read.query_pairs().into_owned().collect();
        let expected = [
            ("subject".to_owned(), mail.subject.unwrap()),
            ("body".to_owned(), mail.body.replace('\n', "\r\n")),
        ];
        if expected[1] != pairs[1] {
            prop_assert!(uri.len() <= MAX_MAILTO || pairs[1].1 == input.url || pairs[1].1.lines().count() == 2, "no shorter than it must be");
            prop_assert!(pairs[1].1.lines().any(|line| line == input.url), "the link stands whole");
        }
        prop_assert_eq!(&pairs[0], &expected[0]);
    }

    #[test]
    fn any_link_whatever_is_answered(input in input(), url in wild(), terms in wild()) {
        let input = MessageInput { url: url.clone(), terms_url: Some(terms), ..input };
        for channel in [Channel::Sms, Channel::Mail, Channel::Share] {
            prop_assert!(render(channel, &input, &nobody()).body.contains(&url));
        }
    }

    #[test]
    fn any_text_is_a_qr_code_or_too_long(text in any::<String>()) {
        let code = qr(&text).unwrap();
        prop_assert_eq!(code.modules.len(), code.size * code.size);
    }
}
