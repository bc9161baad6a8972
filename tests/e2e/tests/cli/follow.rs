//! A running `sell`: it reports what happens, leaves nothing behind when it is stopped, and has the folder to itself.

use crate::support::{Seller, until};
use paylink_sandbox::PayOutcome;
use serde_json::json;
use std::time::{Duration, Instant};

const SELL: [&str; 4] = ["sell", "--json", "--amount", "250"];

#[tokio::test(flavor = "multi_thread")]
async fn a_followed_sale_prints_each_change_and_ends_when_it_is_paid() {
    let (seller, sandbox) = Seller::with_sandbox().await;
    let mut running = seller.start(&SELL);
    let saved = running.object();
    assert_eq!(saved["link"]["amount"]["minor"], 25_000);
    let open = running.until("open");
    let session = sandbox.sessions().remove(0);
    assert_eq!(open["link"]["session_id"], session.id);
    sandbox.visit(&session.id).unwrap();
    assert_eq!(running.until("opened")["id"], saved["id"]);
    sandbox.pay(&session.id, "dintero_psp.vipps", PayOutcome::Authorize).unwrap();
    let paid_at = Instant::now();
    let paid = running.until("captured");
    assert!(paid_at.elapsed() < Duration::from_secs(5), "seen after {:?}", paid_at.elapsed());
    assert_eq!(paid["link"]["payment_method"], "dintero_psp.vipps");
    let end = running.end();
    assert_eq!((end.code, end.out.as_str()), (0, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_payment_ends_it_too() {
    let (seller, sandbox) = Seller::with_sandbox().await;
    let mut running = seller.start(&SELL);
    running.until("open");
    sandbox.pay(&sandbox.sessions().remove(0).id, "dintero_psp.vipps", PayOutcome::Decline).unwrap();
    running.until("declined");
    assert_eq!(running.end().code, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_leaves_a_link_that_can_still_be_paid() {
    let (seller, sandbox) = Seller::with_sandbox().await;
    let mut running = seller.start(&SELL);
    let open = running.until("open");
    running.interrupt();
    let end = running.end();
    assert_eq!(end.code, 0, "{end:?}");
    assert!(end.err.contains("can still be paid"), "{}", end.err);
    sandbox.pay(&sandbox.sessions().remove(0).id, "dintero_psp.vipps", PayOutcome::Authorize).unwrap();
    assert_eq!(seller.run(&["sync"]).code, 0);
    let link = seller.links().remove(0);
    assert_eq!((&link["id"], &link["status"]), (&open["id"], &json!("captured")));
}

#[test]
fn ctrl_c_leaves_a_sale_without_a_network_in_the_queue() {
    let (seller, _port) = Seller::without_network();
    let mut running = seller.start(&SELL);
    let saved = running.until("queued");
    running.interrupt();
    let end = running.end();
    assert_eq!(end.code, 2, "{end:?}");
    assert!(end.err.contains("saved and waits"), "{}", end.err);
    assert_eq!(seller.links().remove(0)["id"], saved["id"]);
}

#[test]
fn a_sale_whose_command_is_killed_after_its_answer_is_still_there() {
    for _ in 0..3 {
        let (seller, _port) = Seller::without_network();
        let mut running = seller.start(&SELL);
        let answer = running.object();
        running.kill();
        let links = seller.links();
        assert_eq!(links.len(), 1);
        assert_eq!((&links[0]["id"], &links[0]["reference"]), (&answer["id"], &answer["reference"]));
        assert_eq!(seller.run(&["sync", "--budget", "5"]).code, 2, "the lock went with the process");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_seller_on_a_folder_is_refused_and_readers_are_not() {
    let (seller, _sandbox) = Seller::with_sandbox().await;
    let mut running = seller.start(&SELL);
    let open = running.until("open");
    let reference = open["reference"].as_str().unwrap();

    for command in [&["sell", "--json", "--no-follow", "--amount", "5"][..], &["sync", "--json"]] {
        let second = seller.run(command);
        assert_eq!((second.code, &second.object()["error"]["code"]), (4, &json!("in_use")), "{second:?}");
    }
    let links = seller.links();
    assert_eq!((links.len(), &links[0]["reference"]), (1, &open["reference"]));
    let shown = seller.run(&["show", reference, "--json"]);
    assert_eq!((shown.code, &shown.object()["link"]["url"]), (0, &open["url"]), "{shown:?}");
    let message = seller.run(&["message", reference, "--channel", "sms", "--json"]);
    assert!(message.object()["body"].as_str().unwrap().ends_with(open["url"].as_str().unwrap()), "{message:?}");
    assert_eq!(seller.run(&["check", "--amount", "5", "--json"]).code, 0);

    running.interrupt();
    assert_eq!(running.end().code, 0);
    until("the folder to be free", || seller.run(&["sync"]).code == 0);
}
