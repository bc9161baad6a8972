//! The shelf and its files.

use super::*;
use crate::clock::{PhoneTime, SystemClock};
use crate::error::PaylinkError;
use crate::message::Language;
use crate::money::{Currency, Region, VatRate};
use crate::order::{Capture, Expiry, Rules};
use crate::problem::ProblemCode;
use crate::store::rows::items;
use crate::store::{Abort, DirectoryLock, Store};
use jiff::civil::date;
use tempfile::TempDir;

fn rules() -> Rules {
    Rules {
        region: Region::Norway,
        today: date(2026, 11, 24),
        currency: Currency::NOK,
        vat: VatRate::from_hundredths(2500).unwrap(),
        expiry: Expiry::Week,
        capture: Capture::Auto,
        address: crate::order::AddressMode::Known,
        delivery: crate::order::Delivery::Copy,
        language: Language::Nb,
        offered: None,
    }
}

fn store() -> (TempDir, DirectoryLock, Store) {
    let folder = tempfile::tempdir().unwrap();
    let lock = DirectoryLock::take(folder.path()).unwrap();
    let store = Store::open(&lock, None, &Abort::default()).unwrap();
    (folder, lock, store)
}

fn draft(description: &str, number: &str, price: &str) -> ItemDraft {
    ItemDraft {
        description: description.to_owned(),
        number: number.to_owned(),
        unit_price: price.to_owned(),
        ..ItemDraft::default()
    }
}

fn put(store: &Store, draft: &ItemDraft) -> CatalogueItem {
    save(store, &SystemClock::default(), draft, &rules()).unwrap()
}

fn names(store: &Store) -> Vec<String> {
    all(store).unwrap().into_iter().map(|item| item.description).collect()
}

fn refusals<T: std::fmt::Debug>(done: Result<T, PaylinkError>) -> Vec<(Option<u32>, String, ProblemCode)> {
    let PaylinkError::Refused { problems } = done.unwrap_err() else { panic!("another error") };
    problems.into_iter().map(|problem| (problem.line, problem.field, problem.code)).collect()
}

fn problems(read: &GoodsRead) -> Vec<(Option<u32>, Option<u32>, &str, ProblemCode)> {
    read.problems.iter().map(|one| (one.line, one.column, one.field.as_str(), one.code)).collect()
}

#[test]
fn all_that_is_wrong_with_an_item_comes_at_once() {
    let (_folder, _lock, store) = store();
    let wrong = ItemDraft {
        description: " \u{200b}".to_owned(),
        number: "1".repeat(51),
        unit_price: "21474836,48".to_owned(),
        vat: "many".to_owned(),
        ..ItemDraft::default()
    };
    assert_eq!(
        refusals(save(&store, &SystemClock::default(), &wrong, &rules())),
        [
            (None, "description".to_owned(), ProblemCode::Required),
            (None, "number".to_owned(), ProblemCode::TooLong),
            (None, "unit_price".to_owned(), ProblemCode::TooLarge),
            (None, "vat".to_owned(), ProblemCode::NotANumber),
        ]
    );
    put(&store, &draft("Honning", "H-1", "149"));
    let again = save(&store, &SystemClock::default(), &draft("Voks", "H\u{200b}-1", "9"), &rules());
    assert_eq!(refusals(again), [(None, "number".to_owned(), ProblemCode::AlreadyUsed)]);
}

#[test]
fn items_are_moved_as_often_as_one_likes() {
    let (_folder, _lock, store) = store();
    let ids: Vec<String> = ["A", "B", "C"].map(|name| put(&store, &draft(name, "", "1")).id.to_string()).into();
    // Each halves the room that is left between two: after twenty there is none.
    for n in 0..60 {
        let (moved, before) = if n % 2 == 0 { (2, 1) } else { (1, 2) };
        move_to(&store, &ids[moved], Some(&ids[before])).unwrap();
        let wanted = if n % 2 == 0 { ["A", "C", "B"] } else { ["A", "B", "C"] };
        assert_eq!(names(&store), wanted, "{n}");
    }
    move_to(&store, &ids[0], None).unwrap();
    assert_eq!(names(&store), ["B", "C", "A"]);
    move_to(&store, &ids[0], Some(&ids[0])).unwrap();
    assert_eq!(names(&store), ["B", "C", "A"]);
}

#[test]
fn there_is_room_for_two_thousand_items() {
    let (_folder, _lock, store) = store();
    let many: Vec<ItemDraft> = (0..policy::MAX_GOODS).map(|n| draft(&format!("Vare {n}"), "", "1")).collect();
    let done = import(&store, &SystemClock::default(), &many, &rules()).unwrap();
    assert_eq!(done.added, 2_000);
    let one_more = save(&store, &SystemClock::default(), &draft("En til", "", "1"), &rules());
    assert_eq!(refusals(one_more), [(None, "items".to_owned(), ProblemCode::TooMany)]);
    let again = import(&store, &SystemClock::default(), &many, &rules()).unwrap();
    assert_eq!((again.added, again.unchanged), (0, 2_000));
}

#[test]
fn a_file_is_read_whatever_separates_and_encodes_it() {
    let expected = vec![
        ItemDraft { vat: "15".to_owned(), ..draft("Blåbær, 1 kg", "B-1", "149,50") },
        ItemDraft { favourite: true, ..draft("Lys \"stort\"", "", "1250") },
    ];
    let semicolons = "Varenavn;Varenr.;Pris (inkl. mva);MVA %;Favoritt\r\nBlåbær, 1 kg;B-1;149,50;15 %;\r\n\"Lys \"\"stort\"\"\";;1250;;x\r\n";
    let commas =
        "name,sku,unit price,vat rate,star\n\"Blåbær, 1 kg\",B-1,\"149,50\",15,no\n\"Lys \"\"stort\"\"\",,1250,,yes\n";
    let tabs = "sep=\t\nBenämning\tArtikelnummer\tPris\tMoms\tFavorit\n\nBlåbær, 1 kg\tB-1\t149,50\t15\t0\nLys \"stort\"\t\t1250\t\tja\n";
    let latin: Vec<u8> = semicolons.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let utf16: Vec<u8> = format!("\u{FEFF}{tabs}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = format!("\u{FEFF}{semicolons}");
    for bytes in [semicolons.as_bytes(), marked.as_bytes(), commas.as_bytes(), tabs.as_bytes(), &latin, &utf16] {
        let found = read(bytes, &rules());
        assert_eq!(problems(&found), [], "{}", String::from_utf8_lossy(bytes));
        let vat = |item: &ItemDraft| item.vat.trim().to_owned();
        let trimmed: Vec<_> = found.items.iter().map(|item| ItemDraft { vat: vat(item), ..item.clone() }).collect();
        assert_eq!(trimmed, expected, "{}", String::from_utf8_lossy(bytes));
    }
    let by_place = read("Honning;149,00;15;H-1\nLys;89,50".as_bytes(), &rules());
    assert_eq!(by_place.items.len(), 2);
    assert_eq!((by_place.items[0].number.as_str(), by_place.items[1].unit_price.as_str()), ("H-1", "89,50"));
}

#[test]
fn bad_rows_are_told_by_line_and_column_and_good_ones_kept() {
    let file =
        "Pris;Navn;Nr;Mva\n149;Honning;1;15\n;Lys;2;\n1.234;Voks;3;17\n\"9\";\"To\nlinjer\";4;\n5;Igjen;1;\n6;Sist;6;";
    let found = read(file.as_bytes(), &rules());
    assert_eq!(
        problems(&found),
        [
            (Some(3), Some(1), "unit_price", ProblemCode::Required),
            (Some(4), Some(1), "unit_price", ProblemCode::Ambiguous),
            (Some(4), Some(4), "vat", ProblemCode::Unusual),
            (Some(5), Some(2), "description", ProblemCode::ControlCharacter),
            (Some(7), Some(3), "number", ProblemCode::AlreadyUsed),
        ]
    );
    let kept: Vec<&str> = found.items.iter().map(|item| item.description.as_str()).collect();
    assert_eq!(kept, ["Honning", "Sist"]);
    let windows = "\u{FEFF}Pris;Navn\r\n\r\n149;Honning\r\n\r\n\r\n;Lys\r\n ; \r\n9;\r\n";
    assert_eq!(
        problems(&read(windows.as_bytes(), &rules())),
        [
            (Some(6), Some(1), "unit_price", ProblemCode::Required),
            (Some(8), Some(2), "description", ProblemCode::Required),
        ],
        "as an editor counts them"
    );
    let no_price = read("Navn;Mva\nHonning;15".as_bytes(), &rules());
    assert_eq!(problems(&no_price), [(Some(1), None, "unit_price", ProblemCode::Required)]);
    assert_eq!(read(b"", &rules()), GoodsRead::default());
    let large = vec![b'x'; policy::MAX_FILE + 1];
    assert_eq!(problems(&read(&large, &rules())), [(None, None, "items", ProblemCode::TooLarge)]);
    let long = "Honning;1\n".repeat(policy::MAX_GOODS + 1);
    assert_eq!(problems(&read(long.as_bytes(), &rules())), [(None, None, "items", ProblemCode::TooMany)]);
}

#[test]
fn what_is_written_is_read_again_and_computes_nothing() {
    let (_folder, _lock, store) = store();
    let dangerous =
        ["=1+1", "+47 400", "-10 %", "@SUM(A1)", "'=1", "''=1", "'s Gravenhage", "＝1", "\"quoted\";x", "Lys"];
    for (n, description) in dangerous.iter().enumerate() {
        put(
            &store,
            &ItemDraft {
                favourite: n % 2 == 0,
                vat: "15".to_owned(),
                ..draft(description, &format!("={n}"), "1234,50")
            },
        );
    }
    put(&store, &draft("=uten nummer", "", "0,50"));
    let before = all(&store).unwrap();
    for language in Language::ALL {
        let file = write(&before, language);
        for cell in file.lines().skip(1).flat_map(|line| line.split(';')) {
            assert!(!cell.trim_start_matches('"').starts_with(super::csv::FORMULA), "{cell}");
        }
        let found = read(file.as_bytes(), &rules());
        assert_eq!(problems(&found), []);
        let done = import(&store, &SystemClock::default(), &found.items, &rules()).unwrap();
        assert_eq!((done.added, done.changed, done.unchanged), (0, 0, 11), "{language:?}");
        assert_eq!(all(&store).unwrap(), before);
        let (_folder, _lock, other) = self::store();
        import(&other, &SystemClock::default(), &found.items, &rules()).unwrap();
        let without_id =
            |items: Vec<CatalogueItem>| items.into_iter().map(|item| write(&[item], language)).collect::<Vec<_>>();
        assert_eq!(without_id(all(&other).unwrap()), without_id(before.clone()));
    }
}

#[test]
fn an_import_is_whole_or_nothing_and_keeps_what_it_does_not_name() {
    let (_folder, _lock, store) = store();
    let honey = put(&store, &ItemDraft { vat: "15".to_owned(), favourite: true, ..draft("Honning", "H-1", "149") });
    store.write(move |db| items::sold(db, honey.id, PhoneTime::from_ms(7))).unwrap();
    let clock = SystemClock::default();
    let bad = import(&store, &clock, &[draft("Lys", "", "89"), draft("Voks", "", "0")], &rules());
    assert_eq!(refusals(bad), [(Some(2), "unit_price".to_owned(), ProblemCode::Zero)]);
    assert_eq!(names(&store), ["Honning"]);
    import(&store, &clock, &[draft("Lys", "", "89"), draft("Honning, ny høst", "H-1", "159")], &rules()).unwrap();
    let now = all(&store).unwrap();
    assert_eq!(names(&store), ["Honning, ny høst", "Lys"]);
    assert_eq!((now[0].unit_price.minor(), now[0].vat.hundredths(), now[0].favourite), (15_900, 1_500, true));
    assert_eq!((now[0].sold, now[0].last_sold_at), (1, Some(7)));
}
