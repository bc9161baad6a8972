//! A damaged database: every command tells what became of it until the seller has read it.

use crate::support::Seller;
use serde_json::{Value, json};
use std::path::Path;

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_is_told_by_every_command_until_it_is_acknowledged() {
    let (seller, _sandbox) = Seller::with_sandbox().await;
    let sell = ["sell", "--no-follow", "--json", "--amount", "250"];
    let none = seller.run(&["recovered", "--json"]);
    assert_eq!((none.code, none.object()), (0, json!({"recovered": null, "acknowledged": false})));
    let sold = seller.run(&sell).object();
    assert_eq!(sold.get("recovered"), None);
    let file = seller.data().join("paylink.db");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[..16].fill(0);
    std::fs::write(&file, bytes).unwrap();

    // Who only reads cannot recover, and says who does.
    let listed = seller.run(&["list"]);
    assert!(listed.code == 5 && listed.err.contains("`paylink sync`"), "{listed:?}");
    let synced = seller.run(&["sync", "--json"]);
    assert_eq!(synced.code, 0, "{synced:?}");
    let reference = sold["reference"].as_str().unwrap();
    for command in [
        &["list", "--json"][..],
        &["show", reference, "--json"],
        &["message", reference, "--json"],
        &["check", "--amount", "5", "--json"],
        &["cancel", "nothing", "--json"],
        &sell,
        &["sync", "--json"],
    ] {
        let told = seller.run(command);
        assert!(told.err.contains("`paylink recovered --acknowledge`"), "{told:?}");
        let report = &told.object()["recovered"];
        assert_eq!((&report["orders_salvaged"], &report["lost"]), (&json!(1), &json!(0)), "{told:?}");
        let folder = report["data_dir"].as_str().unwrap();
        for file in report["quarantined_files"].as_array().unwrap() {
            assert!(Path::new(folder).join(file.as_str().unwrap()).exists(), "{told:?}");
        }
    }
    let text = seller.run(&["list"]);
    for part in ["was damaged", "Saved: 1 sale", "Lost: no sale", "paylink.db.corrupt-"] {
        assert!(text.err.contains(part), "{part}: {text:?}");
    }
    let shown = seller.run(&["recovered"]);
    assert!(shown.code == 0 && shown.out.contains("was damaged") && shown.err.is_empty(), "{shown:?}");
    let read = seller.run(&["recovered", "--acknowledge", "--json"]);
    assert_eq!((read.code, &read.object()["acknowledged"]), (0, &json!(true)), "{read:?}");
    assert!(read.object()["recovered"]["recovered_at"].is_i64());
    let after = seller.run(&["list", "--json"]);
    assert_eq!((after.object().get("recovered"), after.err.as_str()), (None::<&Value>, ""));
    assert!(seller.run(&["recovered"]).out.contains("acknowledged"));
}
