//! `check`: problems and sums, nothing saved.

use crate::support::{Seller, fed};
use serde_json::{Value, json};

#[test]
fn flags_are_checked_without_network_and_without_a_trace() {
    let seller = Seller::at("http://127.0.0.1:9");
    let good = seller.run(&["check", "--json", "--item", "Honning 500 g;2;149,00;15", "--item", "Lys;3;39,50"]);
    assert_eq!(good.code, 0, "{good:?}");
    let check = good.object();
    assert_eq!((&check["problems"], &check["totals"]["total"]["minor"]), (&json!([]), &json!(41_650)));
    assert_eq!(
        check["totals"]["by_vat"][1],
        json!({
            "rate": "15", "total": {"minor": 29_800, "currency": "NOK"}, "vat": {"minor": 3_887, "currency": "NOK"},
            "net": {"minor": 25_913, "currency": "NOK"},
        })
    );
    let bad = seller.run(&["check", "--json", "--amount", "-5"]);
    assert_eq!((bad.code, &bad.object()["problems"][0]["code"]), (1, &json!("negative")));
    let parts = seller.run(&["check", "--json", "--item", "a;1;2;25;0;6"]);
    assert_eq!((parts.code, &parts.object()["problems"][0]["code"]), (1, &json!("too_many")));
    assert!(!seller.data().exists());
}

#[test]
fn a_warning_is_said_and_stops_nothing() {
    let seller = Seller::at("http://127.0.0.1:9");
    let warned = seller.run(&["check", "--json", "--item", "Lys;1;39,50;17"]);
    assert_eq!(warned.code, 0, "{warned:?}");
    assert_eq!(warned.object()["problems"][0]["severity"], "warning");
}

#[test]
fn drafts_come_one_a_line_and_a_bad_line_does_not_stop_the_next() {
    let seller = Seller::at("http://127.0.0.1:9");
    let lines = "{\"amount\": \"250\"}\n\n{\"amuont\": \"250\"}\nnot json\n{\"items\": [{\"description\": \"Lys\", \"unit_price\": \"0\"}]}\n{\"amount\": \"1 234,50\"}";
    let checked = fed(&mut seller.command(&["check", "--json"]), lines);
    assert_eq!(checked.code, 1, "{checked:?}");
    let objects: Vec<Value> = checked.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let inputs: Vec<u64> = objects.iter().filter_map(|object| object["input"].as_u64()).collect();
    assert_eq!(inputs, [1, 3, 4, 5, 6], "the numbers of the lines, the empty one left out");
    let code = |at: usize| objects[at]["problems"][0]["code"].clone();
    assert_eq!(
        (objects[0]["problems"].clone(), code(1), code(2), code(3)),
        (json!([]), json!("invalid"), json!("invalid"), json!("zero"))
    );
    assert!(objects[1]["problems"][0]["parameters"]["reason"].as_str().unwrap().contains("amuont"));
    assert_eq!(objects[4]["totals"]["total"]["minor"], 123_450);
    assert_eq!(fed(&mut seller.command(&["check"]), "{\"amount\": \"250\"}\n").code, 0);
    assert!(!seller.data().exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn ways_to_pay_are_checked_against_the_account() {
    let (seller, _sandbox) = Seller::with_sandbox().await;
    assert_eq!(seller.run(&["check", "--amount", "5", "--methods", "vipps"]).code, 0);
    let cash = seller.run(&["check", "--amount", "5", "--methods", "cash", "--json"]);
    assert_eq!((cash.code, &cash.object()["problems"][0]["code"]), (1, &json!("not_offered")));
    assert_eq!(seller.links().len(), 0);
}
