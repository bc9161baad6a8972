//! Goods and customers from the command line.

use crate::support::Seller;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn goods_are_added_moved_removed_and_go_through_a_file() {
    let (seller, _sandbox) = Seller::with_sandbox().await;
    assert_eq!(seller.run(&["items", "--json"]).object(), json!({"items": []}));
    let added =
        seller.run(&["item", "add", "=Honning", "--price", "149,00", "--vat", "15", "--number", "H-1", "--json"]);
    assert_eq!(added.object()["item"]["unit_price"], json!({"minor": 14_900, "currency": "NOK"}), "{added:?}");
    assert_eq!(seller.run(&["item", "add", "Lys", "--price", "89.50", "--favourite"]).code, 0);
    let refused = seller.run(&["item", "add", "Voks", "--price", "0", "--json"]);
    assert_eq!((refused.code, &refused.object()["problems"][0]["code"]), (1, &json!("zero")), "{refused:?}");
    let moved = seller.run(&["item", "move", "lys", "--before", "H-1", "--json"]).object();
    assert_eq!(moved["items"][0]["description"], "Lys");
    let listed = seller.run(&["items"]);
    assert!(listed.out.contains("=Honning") && listed.out.contains("89,50"), "{listed:?}");
    assert_eq!(seller.run(&["item", "remove", "none"]).code, 6);

    let file = seller.data().with_extension("csv");
    let file = file.to_str().unwrap();
    assert_eq!(seller.run(&["items", "export", file]).code, 0);
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.starts_with('\u{feff}') && text.contains("'=Honning;149,00;15;H-1"), "{text}");
    assert_eq!(seller.run(&["items", "export"]).out, text);
    std::fs::write(file, text.replace("149,00", "159,00") + "Uten pris;;;;\r\n").unwrap();
    let looked = seller.run(&["items", "import", file]);
    assert!(looked.code == 1 && looked.out.contains("line 4, column 2") && looked.out.contains("--yes"), "{looked:?}");
    let taken = seller.run(&["items", "import", file, "--yes", "--json"]).object();
    assert_eq!(taken["imported"], json!({"added": 0, "changed": 1, "unchanged": 1}));
    let items = seller.run(&["items", "--json"]).object();
    assert_eq!(items["items"][1]["unit_price"]["minor"], 15_900);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_found_and_forgotten() {
    let (seller, _sandbox) = Seller::with_sandbox().await;
    let sell = ["sell", "--no-follow", "--json", "--amount", "250", "--name", "Kari Nordmann", "--phone", "47465724"];
    let sold = seller.run(&sell).object();
    let reference = sold["reference"].as_str().unwrap();
    for search in
        [&["customers", "nordm", "--json"][..], &["customers", "474", "65", "--json"], &["customers", "--json"]]
    {
        let found = seller.run(search).object();
        assert_eq!(found["customers"][0]["phone"], "+4747465724", "{search:?}");
    }
    assert!(seller.run(&["customers"]).out.contains("Kari Nordmann"));
    assert_eq!(seller.run(&["forget", "kari"]).code, 1, "nobody was asked");
    let needed = seller.run(&["forget", "kari", "--yes", "--json"]);
    assert_eq!((needed.code, &needed.object()["error"]["references"]), (8, &json!([reference])), "{needed:?}");
    assert_eq!(seller.run(&["cancel", reference]).code, 0);
    let forgotten = seller.run(&["forget", "kari", "--yes", "--json"]).object();
    assert_eq!(forgotten["forgotten"], json!({"references": [reference], "set_aside_files": []}));
    assert_eq!(seller.run(&["customers", "--json"]).object(), json!({"customers": []}));
    assert_eq!(seller.run(&["forget", "kari", "--yes"]).code, 6);
    assert_eq!(seller.run(&["show", reference, "--json"]).object()["link"]["customer"]["phone"], json!(null));
}
