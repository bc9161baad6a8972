//! What the seller decides: `cancel`, `retry`, `discard`, `replace`, `resolve`; and that whatever waits for a decision
//! names the commands that make it.

use crate::support::Seller;
use paylink_sandbox::{Duplicates, Fault, Options, Sandbox};
use serde_json::{Value, json};

/// A refusal whose words steer a terminal, turn the text around and ring a bell.
fn refusal() -> Value {
    let message = "the \u{1b}[31mprofile\u{1b}]0;title\u{7} is \u{202e}closed\u{9b}2J";
    json!({"error": {"code": "CHK_1", "message": message, "errors": []}})
}

fn sell<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["sell", "--no-follow", "--amount", "250", "--reference", "A-1"][..], more].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_shows_the_providers_words_and_the_commands_that_act() {
    let (seller, sandbox) = Seller::with_sandbox().await;
    sandbox.inject(Fault::on("POST", "/v1/sessions").answer(400).json(&refusal()).times(2));
    let sold = seller.run(&sell(&[]));
    assert_eq!(sold.code, 8, "{sold:?}");
    let (listed, shown, synced) = (seller.run(&["list"]), seller.run(&["show", "A-1"]), seller.run(&["sync"]));
    for said in [&sold.err, &listed.out, &shown.out] {
        assert!(said.contains("refused by the provider (\"CHK_1: the profile is closed"), "{said}");
        assert!(
            !said.contains(['\u{1b}', '\u{9b}', '\u{7}', '\u{202e}']) && !said.contains("needs you: needs"),
            "{said}"
        );
    }
    for said in [&sold.err, &listed.out, &shown.out, &synced.out] {
        assert!(said.contains("paylink retry A-1") && said.contains("paylink discard A-1"), "{said}");
    }
    let json = seller.run(&["list", "--json"]);
    assert!(!json.out.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{json:?}");

    let again = seller.run(&["retry", "A-1", "--json"]);
    assert_eq!((again.code, &again.object()["link"]["status"]), (8, &json!("needs_attention")), "{again:?}");
    let again = seller.run(&["retry", "A-1", "--json"]);
    assert_eq!((again.code, &again.object()["link"]["status"]), (0, &json!("open")), "{again:?}");
    assert_eq!(sandbox.sessions().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_cancelled_at_the_provider_and_a_sale_that_waits_at_once() {
    let (seller, sandbox) = Seller::with_sandbox().await;
    assert_eq!(seller.run(&sell(&[])).code, 0);
    let cancelled = seller.run(&["cancel", "A-1"]);
    assert_eq!(cancelled.code, 0, "{cancelled:?}");
    assert!(cancelled.out.contains("A-1  250,00 kr  cancelled"), "{}", cancelled.out);
    assert!(sandbox.sessions().remove(0).cancelled_by.is_some());

    let (seller, _port) = Seller::without_network();
    assert_eq!(seller.run(&sell(&[])).code, 2);
    let cancelled = seller.run(&["cancel", "A-1", "--json"]);
    assert_eq!((cancelled.code, &cancelled.object()["link"]["status"]), (0, &json!("cancelled")), "{cancelled:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_that_the_network_holds_up_is_saved_and_waits() {
    let (seller, sandbox) = Seller::with_sandbox().await;
    assert_eq!(seller.run(&sell(&[])).code, 0);
    sandbox.inject(Fault::on("POST", "/v1/sessions/").answer(503).json(&json!({})).times(100));
    let waits = seller.run(&["cancel", "A-1"]);
    assert_eq!(waits.code, 2, "{waits:?}");
    assert!(waits.out.contains("being cancelled: the provider has trouble"), "{}", waits.out);
    assert!(waits.err.contains("paylink sync"), "{}", waits.err);
    assert!(seller.run(&["list"]).out.contains("being cancelled"));
    sandbox.clear_faults();
    assert_eq!(seller.run(&["sync"]).code, 0);
    assert_eq!(seller.links()[0]["status"], "cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_sale_can_be_given_up() {
    let (seller, sandbox) = Seller::with_sandbox().await;
    sandbox.inject(Fault::on("POST", "/v1/sessions").answer(400).json(&refusal()));
    assert_eq!(seller.run(&sell(&[])).code, 8);
    let given_up = seller.run(&["discard", "A-1", "--json"]);
    assert_eq!((given_up.code, &given_up.object()["link"]["status"]), (0, &json!("cancelled")), "{given_up:?}");
    assert_eq!((seller.run(&["sync"]).code, sandbox.sessions().len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_link_does_not_allow_is_a_sentence_and_names_what_it_does() {
    let (seller, _sandbox) = Seller::with_sandbox().await;
    assert_eq!(seller.run(&sell(&[])).code, 0);
    for (command, why) in [
        (&["discard", "A-1"][..], "this cannot be given up: the link is ready"),
        (&["retry", "A-1"], "there is nothing to try again: the link is ready"),
        (&["replace", "A-1"], "only a sale whose reference the provider has taken can be replaced: the link is ready"),
        (&["resolve", "A-1", "send-again"], "nothing waits for an answer: the link is ready"),
    ] {
        let refused = seller.run(command);
        assert_eq!(refused.code, 8, "{refused:?}");
        assert!(refused.err.contains(why) && refused.err.contains("paylink cancel A-1"), "{}", refused.err);
    }
    let json = seller.run(&["discard", "A-1", "--json"]).object();
    assert_eq!((&json["error"]["code"], &json["error"]["status"]), (&json!("not_allowed"), &json!("open")));
    assert_eq!(json["error"]["reason"], "this cannot be given up: the link is ready");
    let unknown = seller.run(&["cancel", "B-9", "--json"]);
    assert_eq!((unknown.code, &unknown.object()["error"]["code"]), (6, &json!("not_found")));
    assert_eq!(seller.run(&["resolve", "A-1", "perhaps"]).code, 1);

    let (seller, _port) = Seller::without_network();
    assert_eq!(seller.run(&sell(&[])).code, 2);
    let message = seller.run(&["message", "A-1"]);
    assert_eq!(message.code, 8);
    assert!(message.err.contains("there is no link to send: it waits to be sent"), "{}", message.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_is_replaced_by_a_new_order() {
    let sandbox = Sandbox::start(Options { duplicates: Duplicates::Refused(409), ..Options::default() }).await.unwrap();
    let (other, seller) = (Seller::at(&sandbox.origin()), Seller::at(&sandbox.origin()));
    assert_eq!(other.run(&sell(&[])).code, 0);
    let refused = seller.run(&sell(&[]));
    assert_eq!(refused.code, 8, "{refused:?}");
    assert!(refused.err.contains("paylink replace A-1"), "{}", refused.err);
    let replaced = seller.run(&["replace", "A-1", "--json"]);
    let link = replaced.object()["link"].clone();
    assert_eq!((replaced.code, &link["status"]), (0, &json!("open")), "{replaced:?}");
    let old = seller.run(&["show", "A-1", "--json"]).object()["link"].clone();
    assert_eq!((&old["superseded_by"], &old["status"]), (&link["id"], &json!("superseded")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_may_have_been_sent_waits_for_an_answer_and_gets_one() {
    let (seller, port) = Seller::without_network();
    let sms = sell(&["--phone", "474 65 724", "--deliver", "sms"]);
    assert_eq!(seller.run(&sms).code, 2);
    // As six minutes after an attempt of which nothing was ever found.
    let db = rusqlite::Connection::open(seller.data().join("paylink.db")).unwrap();
    let held = r#"UPDATE entries SET state = 'held', unclear = 1, attempts = 1, first_sent_at = created_at - 600000,
                  last_sent_at = created_at - 600000, reason = '{"code":"may_have_been_sent","detail":null}'"#;
    assert_eq!(db.execute(held, []).unwrap(), 1);
    db.execute("UPDATE orders SET status = 'needs_attention'", []).unwrap();
    drop(db);
    let listed = seller.run(&["list"]).out;
    assert!(listed.contains("needs you: a message may have reached the customer"), "{listed}");
    assert!(listed.contains("paylink resolve A-1 wait|send-from-phone|send-again"), "{listed}");

    let sandbox = Sandbox::start_on(Options::default(), port).await.unwrap();
    let answered = seller.run(&["resolve", "A-1", "send-from-phone"]);
    assert_eq!(answered.code, 0, "{answered:?}");
    let session = sandbox.sessions().remove(0).id;
    assert!(answered.out.contains(&session) && answered.out.contains("SMS to +4747465724"), "{answered:?}");
    assert_eq!(sandbox.inbox().len(), 0, "the seller sends");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_that_a_shell_would_take_apart_is_named_by_its_id() {
    let (seller, sandbox) = Seller::with_sandbox().await;
    sandbox.inject(Fault::on("POST", "/v1/sessions").answer(400).json(&refusal()));
    let odd = ["sell", "--no-follow", "--amount", "250", "--reference", "a'b; rm $x"];
    let sold = seller.run(&odd);
    let id = seller.links()[0]["id"].as_str().unwrap().to_owned();
    assert!(sold.err.contains(&format!("paylink retry {id}")), "{}", sold.err);
    assert_eq!(seller.run(&["retry", &id]).code, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_reminded_and_told_how_often_before() {
    let (seller, _sandbox) = Seller::with_sandbox().await;
    assert_eq!(seller.run(&sell(&["--deliver", "sms", "--phone", "400 00 000"])).code, 0);
    let first = seller.run(&["remind", "A-1", "--language", "en", "--sent"]);
    assert_eq!(first.code, 0, "{first:?}");
    assert!(first.out.contains("A friendly reminder to pay NOK 250.00") && !first.err.contains("before"), "{first:?}");
    let second = seller.run(&["remind", "A-1"]);
    assert!(second.err.contains("Reminded once before") && second.err.contains("better wait"), "{second:?}");
    let json = seller.run(&["remind", "A-1", "--json"]).object();
    assert_eq!(
        (&json["reminded"], &json["too_soon"], &json["message"]["channel"]),
        (&json!(1), &json!(true), &json!("sms"))
    );
    let shown = seller.run(&["show", "A-1", "--qr"]);
    assert!(shown.out.contains("reminded by SMS") && shown.out.contains("paylink remind A-1"), "{}", shown.out);
    assert!(shown.out.contains('\u{2588}') || shown.out.contains('\u{2580}'), "{}", shown.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_cancelled_is_requested_again_and_what_is_open_is_not() {
    let (seller, sandbox) = Seller::with_sandbox().await;
    assert_eq!(seller.run(&sell(&[])).code, 0);
    let open = seller.run(&["again", "A-1"]);
    assert_eq!(open.code, 8, "{open:?}");
    assert!(open.err.contains("this cannot be requested again: the link is ready"), "{}", open.err);
    assert!(seller.run(&["remind", "A-1"]).err.contains("there is nobody to remind"));
    assert_eq!(seller.run(&["cancel", "A-1"]).code, 0);
    assert!(seller.run(&["show", "A-1"]).out.contains("paylink again A-1"));
    let again = seller.run(&["again", "A-1", "--json"]).object()["link"].clone();
    assert_eq!((&again["status"], &again["amount"]["minor"]), (&json!("open"), &json!(25_000)));
    assert_ne!(again["reference"], "A-1");
    assert_eq!((seller.run(&["again", "A-1"]).code, sandbox.sessions().len()), (8, 2));
    let shown = seller.run(&["show", "A-1"]).out;
    assert!(shown.contains("requested again, as a new order"), "{shown}");
}
