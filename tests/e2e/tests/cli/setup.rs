//! `setup`, `setup-link` and `invite`: from the office to the first sale, and what is refused on the way.

use crate::support::{Gave, Seller, binary, paylink, run};
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

const NOWHERE: &str = "http://127.0.0.1:9";
const LINK: &str = "paylink://setup?account=P12345678&seller_name=Ola%27s+torg&return_url=https%3A%2F%2Fexample.com%2Fthanks&language=nn";

fn office() -> Command {
    Seller::at(NOWHERE).on_account(&["invite", "--json"])
}

fn opened(link: &str, code: &str, arguments: &[&str]) -> Gave {
    run(paylink(&[&["setup", link], arguments].concat()).env("PAYLINK_INVITATION_CODE", code))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_leads_to_the_first_sale() {
    let (seller, _sandbox) = Seller::with_sandbox().await;
    let invited = seller.run(&["invite", "--json"]);
    assert_eq!(invited.code, 0, "{invited:?}");
    let invited = invited.object();
    let (link, code) = (invited["link"].as_str().unwrap(), invited["code"].as_str().unwrap());
    let file = seller.folder.path().join("torget.env");
    let set = opened(link, &code.to_lowercase(), &["--json", "--yes", "--save", file.to_str().unwrap()]);
    assert_eq!((set.code, &set.object()["saved"]), (0, &json!(file.to_str().unwrap())), "{set:?}");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let written = fs::read_to_string(&file).unwrap();
    let secret = paylink_sandbox::Options::default().client_secret;
    assert!(written.contains(&format!("export PAYLINK_CLIENT_SECRET='{secret}'")), "{written}");

    let sell = format!(". '{}' && exec '{}' sell --no-follow --json --amount 250", file.display(), binary().display());
    let mut shell = Command::new("sh");
    shell.args(["-c", &sell]).env("PAYLINK_DATA", seller.data());
    let sold = run(&mut shell);
    assert_eq!((sold.code, sold.object()["url"].is_string()), (0, true), "{sold:?}");
}

#[test]
fn neither_code_nor_secret_is_shown_by_who_reads() {
    let credentials = [("PAYLINK_CLIENT_ID", "the-client"), ("PAYLINK_CLIENT_SECRET", "hunter2")];
    let invited = run(office().envs(credentials)).object();
    let (link, code) = (invited["link"].as_str().unwrap(), invited["code"].as_str().unwrap());
    assert_eq!((&invited["account"], link.starts_with("paylink://invitation/")), (&json!("P12345678"), true));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.env");
    for arguments in [&[][..], &["--json"], &["--yes", "--save", file.to_str().unwrap()]] {
        let read = opened(link, code, arguments);
        assert_eq!(read.code, 0, "{read:?}");
        assert!(read.out.contains("example.com") && read.out.contains("P12345678"), "{read:?}");
        for secret in ["hunter2", "the-client", code, &code.replace('-', "")] {
            assert!(!read.out.contains(secret) && !read.err.contains(secret), "{read:?}");
        }
    }
    let wrong = opened(link, "0000-0000-0000", &["--json"]);
    let problem = &wrong.object()["problems"][0];
    assert_eq!((wrong.code, &problem["field"], &problem["code"]), (1, &json!("code"), &json!("wrong_code")));
    let nobody = run(&mut paylink(&["setup", link, "--json"]));
    let object = nobody.object();
    assert_eq!((nobody.code, &object["problems"][0]["code"]), (1, &json!("required")), "nobody is there to ask");
    assert_eq!(object["sealed"]["account"], "P12345678");
}

#[test]
fn nothing_is_written_before_a_person_agrees_and_nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.env");
    let name = file.to_str().unwrap();
    let unasked = run(&mut paylink(&["setup", LINK, "--save", name]));
    assert_eq!((unasked.code, file.exists()), (1, false), "{unasked:?}");
    assert!(unasked.err.contains("--yes"), "{unasked:?}");
    fs::write(&file, "mine").unwrap();
    let taken = run(&mut paylink(&["setup", LINK, "--save", name, "--yes"]));
    assert_ne!(taken.code, 0, "{taken:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn a_link_is_shown_with_its_hosts_and_what_it_would_change() {
    let read = run(&mut paylink(&["setup", LINK]));
    assert_eq!(read.code, 0, "{read:?}");
    for said in ["P12345678, real money", "Ola's torg", "checkout.dintero.com", "example.com", "language nn"] {
        assert!(read.out.contains(said), "{said}: {read:?}");
    }
    assert!(read.out.contains(r"export PAYLINK_SELLER='Ola'\''s torg'"), "{read:?}");
    let mut known = paylink(&["setup", LINK, "--json"]);
    let known =
        run(known.env("PAYLINK_ACCOUNT", "P12345678").env("PAYLINK_SELLER", "Torget").env("PAYLINK_LANGUAGE", "x"));
    let changes = known.object()["summary"]["changes"].clone();
    assert_eq!(changes[1], json!({"field": "seller_name", "from": "Torget", "to": "Ola's torg"}), "{known:?}");
    let other = run(paylink(&["setup", LINK, "--json"]).env("PAYLINK_ACCOUNT", "P87654321"));
    assert_eq!((other.code, &other.object()["problems"][0]["code"]), (1, &json!("another_account")));
    let secret = run(&mut paylink(&["setup", &format!("{LINK}&client_secret=hunter2")]));
    assert_eq!(secret.code, 1, "{secret:?}");
    assert!(secret.err.contains("client secret") && !format!("{secret:?}").contains("hunter2"), "{secret:?}");
}

#[test]
fn the_office_makes_links_that_phones_read() {
    let office = Seller::at("https://checkout.dintero.com");
    let flags = [
        "setup-link",
        "--json",
        "--page",
        "https://example.com/start",
        "--language",
        "sv",
        "--vat",
        "6",
        "--expires",
        "1m",
    ];
    let made = run(&mut office.on_account(&flags));
    assert_eq!(made.code, 0, "{made:?}");
    let link = made.object()["link"].as_str().unwrap().to_owned();
    assert!(link.starts_with("https://example.com/start#setup?v=1&account=P12345678"), "{link}");
    let read = run(&mut paylink(&["setup", &link, "--json"])).object();
    assert_eq!(read["setup"], made.object()["setup"]);
    let drawn = run(&mut office.on_account(&["setup-link"]));
    assert!(drawn.out.contains('█') && drawn.out.contains("paylink://setup?"), "{drawn:?}");

    let wrong = run(&mut office.on_account(&["setup-link", "--json", "--vat", "many", "--capture", "later"]));
    let codes: Vec<_> = wrong.object()["problems"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    assert_eq!((wrong.code, codes), (1, vec![json!("not_a_number"), json!("not_supported")]));
    let elsewhere = run(&mut Seller::at("https://example.com").on_account(&["setup-link", "--json"]));
    assert_eq!((elsewhere.code, &elsewhere.object()["problems"][0]["field"]), (1, &json!("origin")));
}

#[test]
fn nothing_is_sealed_without_credentials_or_for_too_long() {
    let nobody = run(&mut office());
    assert_eq!((nobody.code, &nobody.object()["error"]["code"]), (3, &json!("sign_in_needed")), "{nobody:?}");
    let credentials = [("PAYLINK_CLIENT_ID", "the-client"), ("PAYLINK_CLIENT_SECRET", "hunter2")];
    for days in ["0", "32"] {
        let sealed = run(office().args(["--days", days]).envs(credentials));
        assert_eq!((sealed.code, &sealed.object()["problems"][0]["field"]), (1, &json!("days")), "{sealed:?}");
        assert!(!sealed.err.contains("hunter2"), "{sealed:?}");
    }
}
