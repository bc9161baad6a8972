//! `sell` and `sync`: saved first, sent when that can be, and an exit code for every end.

use crate::support::{Seller, run};
use paylink_sandbox::{Fault, Options, Sandbox};
use serde_json::{Value, json};

const HONEY: [&str; 4] = ["--item", "Honning 500 g;2;149,00;15", "--item", "Bivokslys;;89,50"];

fn sell<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["sell", "--no-follow", "--json"], &HONEY[..], more].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_becomes_a_link_and_the_answer_is_one_object() {
    let (seller, sandbox) = Seller::with_sandbox().await;
    let sold = seller.run(&sell(&["--phone", "474 65 724", "--deliver", "sms", "--reference", "STALL-7"]));
    assert_eq!(sold.code, 0, "{sold:?}");
    let answer = sold.object();
    assert_eq!((&answer["reference"], &answer["status"]), (&json!("STALL-7"), &json!("open")));
    assert_eq!(answer["problems"], json!([]));
    assert_eq!(answer["link"]["amount"], json!({"minor": 38_750, "currency": "NOK"}));
    let session = sandbox.sessions().remove(0);
    assert_eq!(answer["url"], format!("{}/v1/view/{}", sandbox.origin(), session.id));
    assert_eq!((session.merchant_reference.as_str(), session.amount), ("STALL-7", 38_750));
    assert_eq!(sandbox.inbox().len(), 1);
    assert_eq!(answer["link"]["delivery"]["state"], "sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_sale_is_made_again_and_flags_change_it() {
    let (seller, sandbox) = Seller::with_sandbox().await;
    let nothing = seller.run(&["sell", "--no-follow", "--json", "--again"]);
    assert_eq!((nothing.code, &nothing.object()["error"]["code"]), (6, &json!("not_found")), "{nothing:?}");
    assert!(nothing.err.contains("no sale yet"), "{nothing:?}");
    let first = seller.run(&sell(&["--name", "Kari", "--reference", "STALL-7"]));
    assert_eq!(first.code, 0, "{first:?}");
    let again = seller.run(&["sell", "--no-follow", "--json", "--again", "--name", "Ola"]);
    assert_eq!(again.code, 0, "{again:?}");
    let link = &again.object()["link"];
    assert_eq!((&link["amount"]["minor"], &link["customer"]["name"]), (&json!(38_750), &json!("Ola")));
    assert_ne!(link["reference"], "STALL-7");
    let named = seller.run(&["sell", "--no-follow", "--json", "--again", "STALL-7", "--amount", "10"]);
    assert_eq!((&named.object()["link"]["amount"]["minor"], named.code), (&json!(1_000), 0), "{named:?}");
    assert_eq!(sandbox.sessions().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_get_the_link_the_text_and_a_qr_code() {
    let (seller, sandbox) = Seller::with_sandbox().await;
    let sold = seller.run(&["sell", "--no-follow", "--amount", "250", "--phone", "47465724", "--deliver", "phone"]);
    assert_eq!(sold.code, 0, "{sold:?}");
    let link = format!("{}/v1/view/{}", sandbox.origin(), sandbox.sessions().remove(0).id);
    assert!(sold.out.contains(&link) && sold.out.contains("SMS to +4747465724: one message"), "{}", sold.out);
    assert!(sold.out.lines().filter(|line| line.contains("██")).count() > 15, "a QR code: {}", sold.out);
    assert!(!sold.out.contains('\u{1b}'), "no colours where there is no terminal");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nobody_listening_the_sale_is_saved_and_sync_sends_it_once() {
    let (seller, port) = Seller::without_network();
    let sold = seller.run(&sell(&[]));
    assert_eq!(sold.code, 2, "{sold:?}");
    let answer = sold.object();
    assert_eq!((&answer["status"], &answer["url"]), (&json!("queued"), &Value::Null));
    assert_eq!(answer["link"]["reason"]["code"], "no_network");
    let resumed = seller.run(&["sync", "--json", "--budget", "5"]);
    assert_eq!((resumed.code, &resumed.object()["waiting"]), (2, &json!(1)), "{resumed:?}");

    let sandbox = Sandbox::start_on(Options::default(), port).await.unwrap();
    let resumed = seller.run(&["sync", "--json"]);
    assert_eq!(resumed.code, 0, "{resumed:?}");
    assert_eq!((&resumed.object()["sent"], &resumed.object()["waiting"]), (&json!(1), &json!(0)));
    let link = seller.links().remove(0);
    assert_eq!((&link["id"], &link["status"]), (&answer["id"], &json!("open")));
    assert_eq!(seller.run(&["sync"]).code, 0);
    assert_eq!(sandbox.sessions().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_sale_names_every_problem_and_saves_nothing() {
    let (seller, sandbox) = Seller::with_sandbox().await;
    let bad = ["sell", "--no-follow", "--json", "--item", "Honning;2;1.490", "--item", ";-1;0;15", "--deliver", "mail"];
    let refused = seller.run(&bad);
    assert_eq!(refused.code, 1, "{refused:?}");
    let answer = refused.object();
    for field in ["id", "reference", "status", "url", "link"] {
        assert_eq!(answer[field], Value::Null, "{field}");
    }
    let problems: Vec<String> = answer["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| format!("{} {} {}", problem["line"], problem["field"], problem["code"]).replace('"', ""))
        .collect();
    for expected in [
        "1 unit_price ambiguous",
        "2 description required",
        "2 quantity negative",
        "2 unit_price zero",
        "null email required",
    ] {
        assert!(problems.contains(&expected.to_owned()), "{expected}: {problems:?}");
    }
    assert_eq!((seller.links().len(), sandbox.sessions().len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_is_used_once() {
    let (seller, sandbox) = Seller::with_sandbox().await;
    assert_eq!(seller.run(&sell(&["--reference", "A-1"])).code, 0);
    let again = seller.run(&sell(&["--reference", "A-1"]));
    assert_eq!((again.code, &again.object()["problems"][0]["code"]), (1, &json!("already_used")));
    assert_eq!(sandbox.sessions().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_is_said_and_the_sale_waits_for_the_right_one() {
    let (seller, sandbox) = Seller::with_sandbox().await;
    let with = |arguments: &[&str], secret: &str| {
        let mut command = seller.on_account(arguments);
        run(command.env("PAYLINK_CLIENT_ID", "sandbox-client").env("PAYLINK_CLIENT_SECRET", secret))
    };
    let sold = with(&sell(&[]), "guessed");
    assert_eq!((sold.code, &sold.object()["status"]), (3, &json!("queued")), "{sold:?}");
    assert!(sold.err.contains("the client id or secret is wrong"), "{}", sold.err);
    let resumed = with(&["sync", "--json"], "guessed");
    assert_eq!((resumed.code, &resumed.object()["paused"]), (3, &json!("wrong_credentials")));
    assert_eq!(sandbox.sessions().len(), 0);

    let resumed = with(&["sync", "--json"], "sandbox-secret");
    assert_eq!((resumed.code, &resumed.object()["sent"]), (0, &json!(1)), "{resumed:?}");
    assert_eq!(sandbox.sessions().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_credentials_the_sale_is_saved_and_sign_in_is_asked_for() {
    let (seller, _sandbox) = Seller::with_sandbox().await;
    let sold = run(&mut seller.on_account(&sell(&[])));
    assert_eq!(sold.code, 3, "{sold:?}");
    assert!(sold.err.contains("PAYLINK_CLIENT_ID"), "{}", sold.err);
    assert_eq!(seller.links().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn ways_to_pay_can_be_chosen_at_the_very_first_sale() {
    let (seller, sandbox) = Seller::with_sandbox().await;
    let sold = seller.run(&sell(&["--methods", "vipps,card"]));
    assert_eq!(sold.code, 0, "{sold:?}");
    assert_eq!(sold.object()["link"]["methods"], json!(["dintero_psp.vipps", "dintero_psp.creditcard"]));
    assert_eq!(sandbox.count("POST", "/v1/sessions-profile"), 0, "a choice does not go through the profile");
    let unknown = seller.run(&sell(&["--methods", "cash"]));
    assert_eq!((unknown.code, &unknown.object()["problems"][0]["code"]), (1, &json!("not_offered")));
}

#[tokio::test(flavor = "multi_thread")]
async fn ways_to_pay_that_were_never_learnt_cannot_be_chosen_without_a_network() {
    let (seller, _port) = Seller::without_network();
    let sold = seller.run(&sell(&["--methods", "vipps"]));
    assert_eq!((sold.code, &sold.object()["problems"][0]["code"]), (1, &json!("no_profile_yet")), "{sold:?}");
    assert_eq!(seller.links().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_provider_refuses_is_the_sellers_to_decide() {
    let (seller, sandbox) = Seller::with_sandbox().await;
    let refusal = json!({"error": {"code": "CHK_1", "message": "the profile is closed", "errors": []}});
    sandbox.inject(Fault::on("POST", "/v1/sessions").answer(400).json(&refusal));
    let sold = seller.run(&sell(&[]));
    assert_eq!((sold.code, &sold.object()["status"]), (8, &json!("needs_attention")), "{sold:?}");
    assert_eq!(seller.run(&["sync"]).code, 8);
}
