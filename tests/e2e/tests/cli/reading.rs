//! `list`, `show` and `message`: what is there, for people and for scripts.

use crate::support::Seller;
use serde_json::json;

#[test]
fn before_the_first_sale_there_is_an_empty_list_and_nothing_is_made() {
    let seller = Seller::at("http://127.0.0.1:9");
    assert_eq!(seller.run(&["list", "--json"]).object(), json!({"links": []}));
    assert!(seller.run(&["list"]).out.contains("No links here yet"));
    for command in ["show", "message"] {
        let missing = seller.run(&[command, "A-1", "--json"]);
        assert_eq!((missing.code, &missing.object()["error"]["code"]), (6, &json!("not_found")));
    }
    assert!(!seller.data().exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_can_be_narrowed_to_a_status() {
    let (seller, sandbox) = Seller::with_sandbox().await;
    for reference in ["A-1", "A-2"] {
        assert_eq!(seller.run(&["sell", "--no-follow", "--amount", "5", "--reference", reference]).code, 0);
    }
    sandbox
        .pay(&sandbox.sessions_of("A-2").remove(0).id, "dintero_psp.vipps", paylink_sandbox::PayOutcome::Authorize)
        .unwrap();
    assert_eq!(seller.run(&["sync"]).code, 0);
    let references = |arguments: &[&str]| -> Vec<String> {
        let listed = seller.run(&[&["list", "--json"], arguments].concat()).object();
        listed["links"].as_array().unwrap().iter().map(|link| link["reference"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(references(&[]), ["A-2", "A-1"], "newest first");
    assert_eq!(references(&["--status", "captured"]), ["A-2"]);
    assert_eq!(references(&["--status", "open"]), ["A-1"]);
    assert_eq!(references(&["--limit", "1"]), ["A-2"]);
    let text = seller.run(&["list"]).out;
    assert!(text.contains("A-1") && text.contains("link ready") && text.contains("paid"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_shown_with_its_lines_sums_and_story() {
    let (seller, _sandbox) = Seller::with_sandbox().await;
    let sale = ["--item", "Honning 500 g;2;149,00;15", "--item", "Saueskinn;1;1 490,00;25;10 %", "--reference", "A-1"];
    assert_eq!(seller.run(&[&["sell", "--no-follow"], &sale[..]].concat()).code, 0);
    let shown = seller.run(&["show", "A-1", "--json"]).object();
    assert_eq!(shown["items"][1]["discount_amount"]["minor"], 14_900);
    assert_eq!(shown["totals"]["by_vat"][0]["vat"]["minor"], 26_820);
    let kinds: Vec<&str> =
        shown["timeline"].as_array().unwrap().iter().filter_map(|event| event["kind"].as_str()).collect();
    assert!(kinds.starts_with(&["saved"]) && kinds.contains(&"link_created"), "{kinds:?}");
    let by_id = seller.run(&["show", shown["link"]["id"].as_str().unwrap()]);
    assert_eq!(by_id.code, 0);
    for text in ["1 639,00 kr", "Saueskinn", "149,00", "268,20", "link made"] {
        assert!(by_id.out.contains(text), "{text}: {}", by_id.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_written_for_its_channel_and_language() {
    let (seller, sandbox) = Seller::with_sandbox().await;
    let sale = ["--amount", "250", "--email", "kari@example.com", "--deliver", "mail", "--reference", "A-1"];
    assert_eq!(seller.run(&[&["sell", "--no-follow"], &sale[..]].concat()).code, 0);
    let mail = seller.run(&["message", "A-1", "--json"]).object();
    assert_eq!((&mail["channel"], &mail["language"]), (&json!("mail"), &json!("nb")));
    assert_eq!((&mail["recipient"], &mail["sms"]), (&json!("kari@example.com"), &json!(null)));
    let sms = seller.run(&["message", "A-1", "--channel", "sms", "--language", "en", "--json"]).object();
    assert_eq!((&sms["channel"], &sms["language"]), (&json!("sms"), &json!("en")));
    assert_eq!((&sms["sms"]["encoding"], &sms["sms"]["parts"]), (&json!("gsm7"), &json!(1)));
    assert!(sms["body"].as_str().unwrap().contains(&sandbox.sessions().remove(0).id));
    for wrong in [["--channel", "fax"], ["--language", "fi"]] {
        assert_eq!(seller.run(&[&["message", "A-1"], &wrong[..]].concat()).code, 1);
    }
}

#[test]
fn a_link_that_is_not_made_yet_has_no_message() {
    let (seller, _port) = Seller::without_network();
    assert_eq!(seller.run(&["sell", "--no-follow", "--amount", "5", "--reference", "A-1"]).code, 2);
    let message = seller.run(&["message", "A-1", "--json"]);
    assert_eq!((message.code, &message.object()["error"]["code"]), (8, &json!("not_allowed")), "{message:?}");
}
