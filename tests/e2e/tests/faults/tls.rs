//! TLS for real: the core with its own trust roots against the sandbox behind a certificate of a test authority. Who is
//! not trusted learns nothing, and what waits goes out once the right one answers.

use paylink_core::account::Config;
use paylink_core::gateway::dintero::Trust;
use paylink_core::link::{EventKind, LinkStatus, PaymentLink, ReasonCode};
use paylink_core::{LinkFilter, Page, PaylinkError};
use paylink_e2e::{MemoryStore, Rig, config, honey, honey_by_sms, open};
use paylink_sandbox::proxy::{Certificate, Death, FaultProxy, Rule, Trouble};
use paylink_sandbox::{Listing, Options, PayOutcome, Sandbox};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use std::sync::Arc;
use std::time::Duration;

const HOST: &str = "localhost";

/// An authority.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// As the core is given it.
    fn der(&self) -> Vec<u8> {
        self.0.der().to_vec()
    }

    /// A certificate for a host, changed as the test likes.
    fn sign(&self, host: &str, edit: impl FnOnce(&mut CertificateParams)) -> Certificate {
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        edit(&mut params);
        let key = KeyPair::generate().unwrap();
        let leaf = params.signed_by(&key, &self.0).unwrap();
        Certificate { chain: vec![leaf.der().to_vec()], key: key.serialize_der() }
    }
}

/// The certificates that must not be believed, and why.
fn wrong(authority: &Authority) -> Vec<(&'static str, Certificate)> {
    vec![
        ("an unknown authority", Authority::new().sign(HOST, |_| {})),
        ("expired", authority.sign(HOST, |it| it.not_after = date_time_ymd(2020, 1, 1))),
        ("not valid yet", authority.sign(HOST, |it| it.not_before = date_time_ymd(2090, 1, 1))),
        ("another host", authority.sign("checkout.example.com", |_| {})),
        ("the address in place of the name", authority.sign("127.0.0.1", |_| {})),
    ]
}

/// What the seller reads then: where it is a matter of dates, the phone's own may be wrong.
fn reason(why: &str) -> &'static str {
    if matches!(why, "expired" | "not valid yet") { "wrong_clock" } else { "no_network" }
}

/// A phone that trusts one authority, and a provider behind a certificate of it.
struct Phone {
    proxy: FaultProxy,
    rig: Rig,
    authority: Authority,
}

impl Phone {
    async fn start(options: Options, edit: impl FnOnce(&mut Config)) -> Self {
        let authority = Authority::new();
        let sandbox = Sandbox::start(options).await.unwrap();
        let right = authority.sign(HOST, |_| {});
        let proxy = FaultProxy::start_tls(([127, 0, 0, 1], sandbox.port()).into(), &right).unwrap();
        let origin = format!("https://{HOST}:{}", proxy.port());
        sandbox.configure(|options| options.origin.clone_from(&origin));
        let folder = tempfile::tempdir().unwrap();
        let mut config = config(folder.path(), &origin);
        config.trust = Trust::Certificates(vec![authority.der()]);
        edit(&mut config);
        let secure = Arc::new(MemoryStore::default());
        let core = open(&config, &secure).unwrap();
        Self { proxy, rig: Rig { sandbox, core, folder, secure, config }, authority }
    }

    async fn sign_in(&self) -> Result<(), PaylinkError> {
        let options = Options::default();
        self.rig.core.sign_in(&options.client_id, &options.client_secret).await.map(drop)
    }

    /// The line of a proof; fails it when a sale is neither a link of the provider's nor was paid, or is one twice.
    fn proven(&self, what: &str) {
        let links = self.rig.core.links(LinkFilter::default(), Page::default()).unwrap();
        let sessions = |link: &PaymentLink| self.rig.sessions_of(link);
        let lost = links.iter().filter(|link| sessions(link) == 0).count();
        let doubled = links.iter().filter(|link| sessions(link) > 1).count();
        let faults: Vec<String> = self.proxy.counts().iter().map(|(name, times)| format!("{name} {times}")).collect();
        println!(
            "tls: {what}: sales {}, connections {}, requests {}, faults {{{}}}, lost {lost}, doubled {doubled}",
            links.len(),
            self.proxy.connections(),
            self.proxy.requests(),
            faults.join(", ")
        );
        assert_eq!((lost, doubled), (0, 0));
    }

    /// The provider has its right certificate again.
    fn put_right(&self) {
        self.proxy.set_certificate(&self.authority.sign(HOST, |_| {})).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_becomes_a_link_and_is_paid_over_tls() {
    let phone = Phone::start(Options::default(), |_| {}).await;
    phone.sign_in().await.unwrap();
    let rig = &phone.rig;
    let link = rig.sell(&honey_by_sms());
    assert!(link.url.as_ref().unwrap().starts_with("https://localhost:"));
    assert!(!link.url_warning, "the host is the provider's own");
    let session = link.session_id.unwrap();
    rig.sandbox.visit(&session).unwrap();
    rig.core.refresh(link.id).unwrap();
    rig.until(link.id, LinkStatus::Opened);
    rig.sandbox.pay(&session, "dintero_psp.vipps", PayOutcome::Authorize).unwrap();
    rig.core.refresh(link.id).unwrap();
    rig.until(link.id, LinkStatus::Captured);
    assert_eq!((rig.sandbox.sessions().len(), rig.sandbox.inbox().len()), (1, 1));
    assert!(phone.proxy.connections() < 6, "connections are kept: {}", phone.proxy.connections());
    phone.proven("a sale that is paid");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_not_to_be_believed_is_told_no_secret() {
    let phone = Phone::start(Options::default(), |_| {}).await;
    for (why, certificate) in wrong(&phone.authority) {
        phone.proxy.set_certificate(&certificate).unwrap();
        let refused = phone.sign_in().await;
        assert_eq!(
            refused,
            Err(PaylinkError::Network { reason: ReasonCode::from_code(reason(why)).unwrap() }),
            "{why}"
        );
    }
    assert_eq!(phone.proxy.requests(), 0, "not a byte of a request was sent");
    phone.put_right();
    phone.sign_in().await.unwrap();
    phone.proven("certificates that are not to be believed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_trusts_the_webs_roots_does_not_trust_ours() {
    for trust in [Trust::WebPki, Trust::Certificates(Vec::new()), Trust::Certificates(vec![Authority::new().der()])] {
        let phone = Phone::start(Options::default(), |config| config.trust = trust).await;
        let refused = phone.sign_in().await;
        assert_eq!(refused, Err(PaylinkError::Network { reason: ReasonCode::NoNetwork }));
        assert_eq!(phone.proxy.requests(), 0);
    }
    println!("tls: trust in others: phones 3, refused 3, requests 0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_that_meets_a_wrong_certificate_goes_out_once_it_is_right() {
    // Even where nothing could be looked up, no seller is asked: nothing can have been sent.
    let phone = Phone::start(Options { listing: Listing::Forbidden, ..Options::default() }, |_| {}).await;
    phone.sign_in().await.unwrap();
    let rig = &phone.rig;
    for (why, certificate) in wrong(&phone.authority) {
        phone.proxy.set_certificate(&certificate).unwrap();
        // The client's pool sees that its connections were closed.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let before = (phone.proxy.requests(), phone.proxy.count("tls_refused"));
        let ids = [honey(), honey_by_sms()].map(|draft| rig.core.create(&draft).unwrap().id);
        for id in ids {
            let link = rig.until_link(id, "the reason", |link| link.reason.is_some());
            assert_eq!((link.reason.unwrap().code.code(), link.status), (reason(why), LinkStatus::Queued), "{why}");
        }
        assert_eq!(phone.proxy.requests(), before.0, "{why}: nothing was sent");
        assert!(phone.proxy.count("tls_refused") > before.1, "{why}: the handshake failed");
        phone.put_right();
        for (id, messages) in ids.into_iter().zip([0, 1]) {
            let link = rig.until(id, LinkStatus::Open);
            assert!(!rig.kinds(id).contains(&EventKind::SendUnclear), "{why}");
            let sent =
                rig.sandbox.inbox().iter().filter(|one| Some(&one.session_id) == link.session_id.as_ref()).count();
            assert_eq!((rig.sessions_of(&link), sent), (1, messages), "{why}");
        }
    }
    assert_eq!(rig.core.account().unwrap().paused, None);
    phone.proven("sales that meet wrong certificates");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_are_lost_under_tls_are_found_again_as_without() {
    let phone = Phone::start(Options::default(), |_| {}).await;
    phone.sign_in().await.unwrap();
    let rig = &phone.rig;
    for trouble in [Trouble::DropReply, Trouble::CutReply, Trouble::ChunkedNonsense] {
        phone.proxy.inject(Rule::on("POST", "/v1/sessions", trouble));
        let link = rig.sell(&honey_by_sms());
        assert!(rig.kinds(link.id).contains(&EventKind::LinkAdopted));
        assert_eq!(rig.sessions_of(&link), 1);
    }
    assert_eq!(rig.sandbox.inbox().len(), 3);
    // Closed in good order or dead: a new handshake, not a second link.
    for death in [Death::Closed, Death::Reset] {
        phone.proxy.kill_connections(death);
        tokio::time::sleep(Duration::from_millis(100)).await;
        let link = rig.sell(&honey());
        assert_eq!(rig.sessions_of(&link), 1);
    }
    phone.proven("answers that are lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_is_not_spoken_to_anybody_but_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let origins = ["http://checkout.dintero.com", "http://192.168.1.10:8080", "http://localhost.example.com"];
    for origin in origins {
        let refused = open(&config(folder.path(), origin), &Arc::new(MemoryStore::default())).err();
        assert!(matches!(refused, Some(PaylinkError::Config { ref field, .. }) if field == "origin"), "{refused:?}");
    }
    println!("tls: plain http: origins {}, refused {}", origins.len(), origins.len());
}
