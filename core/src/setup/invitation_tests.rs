use super::super::code::InvitationCode;
use super::*;
use proptest::prelude::*;

/// Made by another implementation (Python: `hashlib`, `cryptography`) from what the table of `sealed` says.
const CODE: &str = "7M4Q-XW9T-Z2KD";
/// Of P12345678, until 2106.
const GOOD: &str = "paylink://invitation/060BRRAEZZ7DV079E11NCVW42RS7G2DFYZF0CZD08B8VKJNCWHCY1KK31SRTK245G9J3QHQKWZ7TA62WFBPXGGYCMVJ7KDA43MZ4FMZEBM78FPEJVFY04EYVHHY4CGWBZ80HRKFH33TYFZ112QEB5EB1WW3QKSHFZSHJHAND1C7TPF2HXFT2S7H4M2TC6A2W91490XWKWT7R84M51A705SCFS668G3TF4CZTB6CZZ5JE2XBDXZ5DPYBSX7P090GQCV92NZBABNNA9BQ0K77PWPMDMPNPEP3SY91GQS24D5AWXPGFN183V28EN4PYG1C5HARMAZ29A58RXSXRNE60";
/// The same, until 2024.
const EXPIRED: &str = "paylink://invitation/060BRRAECP90106VAKZPWXDQ945N1FZY642DQ9BFVS1745F03J6MW30WAWSCBZ4JGTPFK5PS7H34P3EVY5VRTHWCA8J0ZX8QXXC8P0ZZED6Q3YR9RE8ZTNPM7YCK5V2TQ4QYA9F8XF207E6H6A2CQR8SSQ19S79T7YEP2576574VXRJS5H5H92NA3SSEZ10JG31E7ZGYCWA1D7GNPX4CGBKY0SH3ZJPNYZXW54HFZK4BEGVFS5H80E29Z42HFDFCRXGQD2P1NWCYGG7VS0RA64XNPQRWCF85GQZD8SWHWAKRWEHK3E2BBEBCK7XSDQ5MKTKYE7C7R4EGJY6B43A0";
/// Of version 2.
const NEWER: &str = "paylink://invitation/0A0BRRAEZZ7DV012JMBK77H1JV48J2S9JA90EWTYZH2891XYCVEATC5DKBTW9NQSVBG35Y3Z8C4PKHSDKXCGBXDH2T2YFM562TS18FC1ANVGVSW85BYMTY7K160AXHVFAVSKVJ5308WE1GEK1618QTZZ7Y4JVMKNWXYGGG0Q7DJ068MNTMCG6STC0W58PJ1CPFYZYMHQ7HA9N8KZ93PNQDC7HP6N964D14SKWQEDGK2CPCP4J0NM08TSHDT185XTW25XDS3Y8VYYYHGA9CS9SKCPFXX0ZGY6SDKWC25SE789VFS2QBMVW0YBNQM013T8ETVMD22J495NHSVXY1S0";
/// Inside it stands an origin that is not the provider's.
const EVIL: &str = "paylink://invitation/060BRRAEZZ7DV071ZFRXTDYMEMBCW07JXPVY7ZXDDBJAJCK1TYDHFHMGG10M86W11JPA1KKNNVC46S3JA9NJ78BR8KQQGA59EAYRDPGFMMTRHW0X26S178EREVG7DJF5BSGGGJNYBXPYJB8RWNY1265BE34H4QQG1XQ5167J0C4DH2R096FRFHJRN0DP6VZ71CGCRMEQEGJ8VN676YXX9JGZ4T2E6ZCFQBSQENCM9J1DBFHH5S1WF31SCPQP6K02YEKMJFAFKHDSXVN6DB4PADRNE9Z8AJTZHWDRPM8ZJERBHZK3KMS4M8B5KJE2H859W9C84F6D8Y2BAEKANS1N41XWECWP4FWBJP14PNR6KY0V8AHT2EAXMH5HP4M4Z1JVYBNBBYYK";
/// Inside it stand a language that there is not, and no return page.
const BAD_INSIDE: &str = "paylink://invitation/060BRRAEZZ7DV01GFSKNRRY2S6XY01DG6YRPKGSR8YF4Y9YX5W5QA6J95X074VV0XANXQRTEWWV8ZV3BDVMN4WXHEHTENV9EZ9N1KKFQDX35AYC34NC8Z0A5XGGE7MHQ3GR71EEVC2FT4HZSRSFZCMVZ4C";

const NOW: PhoneTime = PhoneTime::from_ms(1_900_000_000_000);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn told(problems: &[Problem]) -> Vec<(&str, &str)> {
    problems.iter().map(|problem| (problem.field.as_str(), problem.code.code())).collect()
}

fn opened(text: &str, code: &str) -> Vec<(String, String)> {
    let opened = open(text, code, None, NOW);
    assert_eq!(opened.credentials.is_some(), opened.setup.is_some());
    told(&opened.problems).into_iter().map(|(field, code)| (field.to_owned(), code.to_owned())).collect()
}

fn is(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), code.to_owned())]
}

fn setup() -> Setup {
    Setup::of(&Config {
        account: "T00000042".into(),
        seller_name: "Torget".into(),
        return_url: "https://example.com/thanks".into(),
        origin: "http://127.0.0.1:8799".into(),
        ..Config::default()
    })
    .unwrap()
}

fn credentials() -> Credentials {
    Credentials::new("the-client", "hunter2 æ")
}

/// The sealed bytes of an invitation.
fn bytes(link: &str) -> Vec<u8> {
    super::super::base32::decode(link.rsplit_once('/').unwrap().1).unwrap().to_vec()
}

fn link_of(bytes: &[u8]) -> String {
    format!("paylink://invitation/{}", super::super::base32::encode(bytes))
}

#[test]
fn an_invitation_made_elsewhere_opens_by_its_code() {
    for (text, code) in [
        (GOOD.to_owned(), CODE),
        (format!("  {}\n", GOOD.to_lowercase()), "7m4q xw9t z2kd"),
        (GOOD.replace("paylink://", "https://example.com/start#"), "7M4QXW9TZ2KD"),
        (format!("{}\n  {}", &GOOD[..70], &GOOD[70..]), CODE),
    ] {
        let opened = open(&text, code, None, NOW);
        assert_eq!(opened.problems, [], "{text}");
        let setup = opened.setup.unwrap();
        assert_eq!((setup.get(SetupField::Account), setup.get(SetupField::ReferencePrefix)), ("P12345678", "HON"));
        let credentials = opened.credentials.unwrap();
        assert_eq!(credentials.client_id(), "test-client");
        assert_eq!(credentials.client_secret(), "test-secret");
    }
}

#[test]
fn an_invitation_says_whose_it_is_before_it_is_opened() {
    let check = Setup::parse(GOOD, NOW);
    let sealed = SealedInvitation { account: "P12345678".into(), live: true, ends_at: 4_291_747_200_000 };
    assert_eq!((check.sealed, check.setup, check.problems.len()), (Some(sealed), None, 0));
}

#[test]
fn each_thing_that_is_wrong_has_a_code_of_its_own() {
    assert_eq!(opened(GOOD, "7M4Q-XW9T-Z2KE"), is("code", "wrong_code"));
    assert_eq!(opened(GOOD, "7M4Q-XW9T"), is("code", "too_short"));
    assert_eq!(opened(&GOOD[..200], CODE), is("link", "altered"));
    assert_eq!(opened(EXPIRED, CODE), is("link", "expired"));
    assert_eq!(opened(NEWER, CODE), is("link", "newer_version"));
    assert_eq!(opened("paylink://setup?account=P12345678", CODE), is("link", "not_a_setup"));
    assert_eq!(opened(EVIL, CODE), is("origin", "not_supported"));
    let inside = open(BAD_INSIDE, CODE, None, NOW);
    assert_eq!(told(&inside.problems), [("return_url", "required"), ("language", "not_supported")]);
    let another = Config { account: "P87654321".into(), ..Config::default() };
    assert_eq!(told(&open(GOOD, CODE, Some(&another), NOW).problems), [("account", "another_account")]);
    assert_eq!(told(&super::super::check(GOOD, Some(&another), NOW).problems), [("account", "another_account")]);
    // What is wrong outside and with the code comes at once.
    let both = open(EXPIRED, "7M4Q", Some(&another), NOW).problems;
    assert_eq!(told(&both), [("account", "another_account"), ("link", "expired"), ("code", "too_short")]);
}

#[test]
fn it_ends_by_the_clock_of_the_phone() {
    let at = |seconds: i64| open(EXPIRED, "7M4Q", None, PhoneTime::from_ms(seconds * 1_000)).problems.len();
    assert_eq!((at(1_704_067_199), at(1_704_067_200)), (1, 2), "the code is too short in both");
}

#[test]
fn what_was_sealed_opens_and_nothing_else_does() {
    let made = Invitation::seal(&setup(), &credentials(), NOW, 7 * DAY).unwrap();
    let code = made.code.spoken();
    assert_eq!(made.ends_at.ms(), NOW.ms() + 7 * 86_400_000);
    let opened = open(&made.link(), &code, None, NOW);
    assert_eq!(opened.setup, Some(setup()));
    assert_eq!(opened.credentials.unwrap().client_secret(), "hunter2 æ");
    let at = made.link_at("https://example.com/start").unwrap();
    assert!(at.starts_with("https://example.com/start#invitation/0"), "{at}");
    let again = Invitation::seal(&setup(), &credentials(), NOW, 7 * DAY).unwrap();
    assert!(again.link() != made.link() && *again.code.spoken() != *code);
    assert_eq!(told(&open(&again.link(), &code, None, NOW).problems), [("code", "wrong_code")]);
}

#[test]
fn nothing_is_sealed_without_credentials_or_for_ever() {
    let seal = |id: &str, secret: &str, valid| {
        let credentials = Credentials::new(id, secret);
        match Invitation::seal(&setup(), &credentials, NOW, valid) {
            Err(PaylinkError::Refused { problems }) => {
                problems.iter().map(|problem| format!("{} {}", problem.field, problem.code.code())).collect()
            }
            other => vec![format!("{other:?}")],
        }
    };
    assert_eq!(seal(" ", "\u{200b}", DAY), ["client_id required", "client_secret required"]);
    assert_eq!(seal("a", &"b".repeat(257), MAX_VALID + DAY), ["client_secret too_long", "days too_large"]);
    assert_eq!(seal("a", "b", Duration::ZERO), ["days too_large"]);
}

#[test]
fn every_byte_that_is_altered_is_noticed_without_the_code() {
    let whole = bytes(GOOD);
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut altered = whole.clone();
            altered[at] ^= 1 << bit;
            let problems = Setup::parse(&link_of(&altered), NOW).problems;
            assert_eq!(told(&problems), [("link", "altered")], "byte {at}, bit {bit}");
        }
    }
    for length in 0..whole.len() {
        assert_eq!(told(&Setup::parse(&link_of(&whole[..length]), NOW).problems), [("link", "altered")], "{length}");
    }
}

/// Who knows how it is made can make the digest fit again.
#[test]
fn what_is_altered_with_skill_does_not_open_either() {
    let whole = bytes(GOOD);
    let (inside, _digest) = whole.split_at(whole.len() - 4);
    // Account, end, salt, sealed text, tag.
    for at in [1, 4, 8, 9, 24, 25, 26, 60, inside.len() - 17, inside.len() - 16, inside.len() - 1] {
        let mut altered = inside.to_vec();
        altered[at] ^= 1;
        let digest = ring::digest::digest(&ring::digest::SHA256, &altered);
        altered.extend(&digest.as_ref()[..4]);
        assert_eq!(opened(&link_of(&altered), CODE), is("code", "wrong_code"), "byte {at}");
    }
}

proptest! {
    // Each costs the slow step.
    #![proptest_config(ProptestConfig::with_cases(8))]
    #[test]
    fn no_other_code_opens_it(bits: u64, at in 0_usize..12, other in 0_usize..31) {
        let random: String = (0..12).map(|n| super::super::base32::character((bits >> (5 * n)) as u32)).collect();
        let mut near: Vec<char> = CODE.replace('-', "").chars().collect();
        let others: Vec<char> = crate::id::CROCKFORD.into_iter().filter(|c| *c != near[at]).collect();
        near[at] = others[other];
        for code in [random, near.into_iter().collect()] {
            prop_assert_eq!(opened(GOOD, &code), is("code", "wrong_code"));
        }
    }
}

proptest! {
    #[test]
    fn nothing_that_is_pasted_for_an_invitation_breaks_the_reading(text in "\\PC{0,80}", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for link in [format!("paylink://invitation/{text}"), link_of(&bytes), format!("https://a#invitation/{text}")] {
            prop_assert!(open(&link, &text, None, NOW).setup.is_none());
            prop_assert!(!Setup::parse(&link, NOW).problems.is_empty());
        }
    }
}

#[test]
fn no_debug_and_no_problem_shows_a_code_or_a_secret() {
    let made = Invitation::seal(&setup(), &credentials(), NOW, DAY).unwrap();
    let code = made.code.spoken();
    let good = open(&made.link(), &code, None, NOW);
    let mut shown = vec![format!("{made:?} {good:?} {:?} {:?}", credentials(), good.summary)];
    shown.push(serde_json::to_string(&good).unwrap());
    for (text, code) in [
        (made.link(), "7M4Q-XW9T-Z2KD".to_owned()),
        (made.link(), format!("{}x", *code)),
        (EVIL.to_owned(), CODE.to_owned()),
    ] {
        shown.push(format!("{:?}", open(&text, &code, None, NOW)));
    }
    shown.push(format!("{:?}", Invitation::seal(&setup(), &Credentials::new("", "hunter2"), NOW, DAY)));
    shown.push(format!("{:?}", InvitationCode::parse(&code)));
    let shown = shown.join("\n");
    for secret in
        ["hunter2", "the-client", "test-secret", "test-client", &*code, &code.replace('-', ""), "7M4Q", "XW9T"]
    {
        assert!(!shown.contains(secret), "{shown}");
    }
}
