//! The command line itself: help, wrong usage, wrong settings, and the exit codes of both.

use crate::support::{Seller, paylink, run};
use serde_json::json;

#[test]
fn help_and_version_are_no_mistake() {
    for arguments in [&["--help"][..], &["help"], &["sell", "--help"], &["--version"]] {
        let gave = run(&mut paylink(arguments));
        assert!(gave.code == 0 && !gave.out.is_empty() && gave.err.is_empty(), "{arguments:?}: {gave:?}");
    }
}

#[test]
fn wrong_usage_is_refused_input() {
    for arguments in
        [&["sel"][..], &["sell", "--bogus"], &["show"], &["sync", "--budget", "soon"], &["list", "--status", "payed"]]
    {
        let gave = run(&mut paylink(arguments));
        assert!(gave.code == 1 && gave.out.is_empty() && !gave.err.is_empty(), "{arguments:?}: {gave:?}");
    }
    let gave = run(&mut paylink(&["sell", "--bogus", "--json"]));
    assert_eq!((gave.code, &gave.object()["error"]["code"]), (1, &json!("usage")));
}

#[test]
fn a_sale_of_nothing_is_refused_where_nobody_can_be_asked() {
    let seller = Seller::at("http://127.0.0.1:9");
    let gave = seller.run(&["sell", "--json"]);
    assert_eq!((gave.code, &gave.object()["problems"][0]["field"]), (1, &json!("items")), "{gave:?}");
}

#[test]
fn a_wrong_setting_is_named_by_its_flag() {
    let seller = Seller::at("https://checkout.dintero.com");
    let account = ["--account", "P12345678"];
    for (flags, field, flag) in [
        (&account[..], "return_url", "--return-url"),
        (&["--account", "X1", "--seller", "S", "--return-url", "https://example.com"], "account", "--account"),
        (&["--region", "XX"], "region", "--region"),
        (&["--account", "P12345678", "--return-url", "https://example.com"], "seller_name", "--seller"),
    ] {
        let gave = seller.run(&[&["sell", "--amount", "5", "--json"], flags].concat());
        assert_eq!(gave.code, 7, "{gave:?}");
        assert_eq!(gave.object()["error"]["field"], field);
        assert!(gave.err.contains(flag), "{}", gave.err);
    }
    assert!(!seller.data().exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_belongs_to_one_account() {
    let (seller, _sandbox) = Seller::with_sandbox().await;
    assert_eq!(seller.run(&["sell", "--amount", "5", "--no-follow"]).code, 0);
    let other = ["--account", "T11112222", "--seller", "S", "--return-url", "https://example.com"];
    let gave = seller.run(&[&["sell", "--amount", "5", "--json"], &other[..]].concat());
    assert_eq!((gave.code, &gave.object()["error"]["code"]), (7, &json!("config")), "{gave:?}");
}

#[test]
fn a_folder_that_cannot_be_made_is_a_storage_error() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let folder = file.path().join("data");
    let gave = run(paylink(&["sell", "--amount", "5", "--json"]).arg("--data").arg(folder));
    assert_eq!((gave.code, &gave.object()["error"]["code"]), (5, &json!("storage")), "{gave:?}");
}

#[test]
fn a_sandbox_says_how_it_is_reached_and_a_taken_port_is_a_wrong_setting() {
    let seller = Seller::at("http://127.0.0.1:9");
    let mut running = seller.start(&["sandbox", "--port", "0", "--json"]);
    let told = running.object();
    let origin = told["origin"].as_str().unwrap().to_owned();
    let seller = Seller::at(&origin);
    assert_eq!(seller.run(&["sell", "--amount", "5", "--no-follow"]).code, 0);
    let port = origin.rsplit(':').next().unwrap();
    let second = run(&mut paylink(&["sandbox", "--json", "--port", port]));
    assert_eq!((second.code, &second.object()["error"]["field"]), (7, &json!("port")), "{second:?}");
    running.interrupt();
    assert_eq!(running.end().code, 0);
}
