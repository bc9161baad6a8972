//! Who bought: known again, found as people type, and by an index whatever the size.

use super::*;
use crate::id::{CustomerId, ItemId};
use crate::money::Region;
use crate::store::rows::customer_words::BEGINNING_WITH;
use crate::store::rows::customers::CustomerRow;
use crate::store::rows::items::ItemRow;

type Said<'a> = (&'a str, &'a str, &'a str);

fn sold_to(n: i64, (name, phone, email): Said<'_>) -> Order {
    let rules = Rules {
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
    };
    let draft = Draft {
        amount: "149".to_owned(),
        name: name.to_owned(),
        phone: phone.to_owned(),
        email: email.to_owned(),
        ..Draft::default()
    };
    Order {
        id: OrderId::generate(&SystemClock::default()),
        reference: format!("A-{n}"),
        created_at: phone_time(n),
        sale: parse(&draft, &rules).unwrap(),
    }
}

fn phone_time(ms: i64) -> PhoneTime {
    PhoneTime::from_ms(ms)
}

/// Sells to each of these, one millisecond after the other.
fn sell(store: &Store, buyers: &[Said<'_>]) {
    let orders: Vec<Order> = (1..).zip(buyers).map(|(n, said)| sold_to(n, *said)).collect();
    store
        .write(move |db| {
            orders.iter().try_for_each(|order| {
                orders::insert(db, order)?;
                customers::note(db, order, CustomerId::generate(&SystemClock::default()))
            })
        })
        .unwrap();
}

fn recent(store: &Store) -> Vec<CustomerRow> {
    store.read(|db| customers::recent(db, 100)).unwrap()
}

fn typed(store: &Store, text: &str) -> Vec<String> {
    let query = Query::read(text, Region::Norway);
    let found = store.read(move |db| customers::find(db, &query, 50)).unwrap();
    found.into_iter().map(|one| one.name.unwrap_or_default()).collect()
}

fn shown(one: &CustomerRow) -> (Option<&str>, Option<&str>, Option<&str>, u32) {
    (one.name.as_deref(), one.phone.as_deref(), one.email.as_deref(), one.orders)
}

fn item(id: ItemId, n: usize) -> ItemRow {
    ItemRow {
        id,
        description: format!("Vare {n}"),
        number: format!("{n}"),
        price: Amount::new(100, Currency::NOK),
        vat: VatRate::from_hundredths(1500).unwrap(),
        favourite: n == 1,
        sold: 0,
        last_sold_at: None,
    }
}

/// One of each, for the fixture of a version.
pub(super) fn plant_catalogue(store: &Store) {
    store
        .write(|db| {
            let id = ItemId::generate(&SystemClock::default());
            items::save(db, &item(id, 1))?;
            items::sold(db, id, phone_time(7))?;
            let order = sold_to(1, ("Kari Nordmann", "474 65 724", "kari@example.com"));
            customers::note(db, &order, CustomerId::generate(&SystemClock::default()))
        })
        .unwrap();
}

#[test]
fn a_customer_is_known_again_by_number_and_by_mail() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    sell(
        &store,
        &[
            ("Kari", "474 65 724", ""),
            ("", "", "kari@example.com"),
            ("Ola", "400 00 000", ""),
            ("Kari Nordmann", "+47 47465724", "KARI@example.com"),
            ("", "", "kari@Example.com"),
            ("", "", ""),
        ],
    );
    let all = recent(&store);
    let wanted = [(Some("Kari Nordmann"), Some("+4747465724"), 4), (Some("Ola"), Some("+4740000000"), 1)];
    let came: Vec<_> = all.iter().map(|one| (one.name.as_deref(), one.phone.as_deref(), one.orders)).collect();
    assert_eq!(came, wanted);
    assert_eq!(all[0].last_at, phone_time(5));
    let id = all[0].id;
    assert_eq!(store.read(move |db| orders::of_customer(db, id)).unwrap().len(), 4);
    for text in ["nordmann", "kari@ex", "4746"] {
        assert_eq!(typed(&store, text), ["Kari Nordmann"], "{text}");
    }
}

#[test]
fn who_shares_a_mailbox_or_a_name_is_not_one() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    sell(
        &store,
        &[
            ("Kari", "474 65 724", "familien@example.com"),
            ("Per", "400 00 000", "familien@example.com"),
            ("Kari", "", ""),
            ("kari ", "", ""),
            ("Kari", "911 11 111", ""),
        ],
    );
    let all = recent(&store);
    let came: Vec<_> = all.iter().map(shown).collect();
    assert_eq!(
        came,
        [
            (Some("Kari"), Some("+4791111111"), None, 1),
            (Some("kari"), None, None, 2),
            (Some("Per"), Some("+4740000000"), Some("familien@example.com"), 1),
            (Some("Kari"), Some("+4747465724"), Some("familien@example.com"), 1),
        ]
    );
    assert!(!format!("{all:?}").contains("Kari"), "rule 8");
}

#[test]
fn customers_are_found_as_people_type_them() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    sell(
        &store,
        &[
            ("Anne-Lise Ærfugl", "474 65 724", "al.aerfugl@skogen.example.no"),
            ("Åse Svensson", "+46 70 123 45 67", ""),
            ("Bo Å", "400 00 000", ""),
        ],
    );
    for (text, wanted) in [
        ("anne", "Anne-Lise Ærfugl"),
        ("LISE", "Anne-Lise Ærfugl"),
        ("ærf ann", "Anne-Lise Ærfugl"),
        ("skogen", "Anne-Lise Ærfugl"),
        ("474 65", "Anne-Lise Ærfugl"),
        ("+47 474", "Anne-Lise Ærfugl"),
        ("004747465724", "Anne-Lise Ærfugl"),
        ("5724", "Anne-Lise Ærfugl"),
        ("A\u{30a}se", "Åse Svensson"),
        ("070-123", "Åse Svensson"),
        ("70123", "Åse Svensson"),
        ("+46 (0)70 123 45 67", "Åse Svensson"),
        ("bo", "Bo Å"),
        ("å bo", "Bo Å"),
        ("40", "Bo Å"),
    ] {
        assert_eq!(typed(&store, text), [wanted], "{text}");
    }
    for text in ["nne", "4657", "anne svensson", "kari", "1%"] {
        assert_eq!(typed(&store, text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(typed(&store, "  "), ["Bo Å", "Åse Svensson", "Anne-Lise Ærfugl"], "all of them, the latest first");
}

#[test]
fn no_question_about_goods_or_customers_reads_a_whole_table() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let asked = [customers::ASKED.as_slice(), &items::ASKED, &[BEGINNING_WITH, orders::OF_CUSTOMER]].concat();
    for sql in asked {
        let plan: Vec<String> = store
            .read(move |db| {
                let mut explained = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
                let rows = explained.raw_query().mapped(|row| row.get(3)).collect::<Result<_, _>>()?;
                Ok(rows)
            })
            .unwrap();
        let whole = |step: &String| step.starts_with("SCAN") && !step.contains("INDEX");
        assert!(!plan.is_empty() && !plan.iter().any(whole), "{sql}: {plan:?}");
    }
}

#[test]
fn a_search_among_many_costs_what_it_costs_among_few() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    let names: Vec<(String, String)> =
        (0..5_000).map(|n| (format!("Ola{n} Hansen"), format!("{}", 40_000_000 + n))).collect();
    let buyers: Vec<Said<'_>> = names.iter().map(|(name, phone)| (name.as_str(), phone.as_str(), "")).collect();
    sell(&store, &buyers);
    assert_eq!(typed(&store, "ola4711"), ["Ola4711 Hansen"]);
    assert_eq!(typed(&store, "400 04 711"), ["Ola4711 Hansen"]);
    assert_eq!(typed(&store, "hansen ola17").len(), 50);
    assert_eq!(typed(&store, "ha").len(), 50, "those of late");
}

/// Goods and customers of a database that is salvaged; and of one of a version that had neither.
#[test]
fn goods_and_customers_are_salvaged_with_their_identity() {
    for rewritten in [false, true] {
        are_salvaged(rewritten);
    }
}

fn are_salvaged(rewritten: bool) {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    sell(
        &store,
        &[("Kari", "474 65 724", ""), ("Ola", "400 00 000", ""), ("Per", "911 11 111", ""), ("Kari", "474 65 724", "")],
    );
    let ids: Vec<ItemId> = (0..3).map(|_| ItemId::generate(&SystemClock::default())).collect();
    let of = ids.clone();
    store
        .write(move |db| {
            for (n, id) in of.iter().enumerate() {
                items::save(db, &item(*id, n))?;
            }
            items::sold(db, of[1], phone_time(7))?;
            items::remove(db, of[0])?;
            let ola = customers::find(db, &Query::read("ola", Region::Norway), 1)?.remove(0);
            let order = orders::of_customer(db, ola.id)?.remove(0);
            orders::erase_customer(db, &orders::get(db, order)?.unwrap().0)?;
            customers::remove(db, &ola)
        })
        .unwrap();
    let (goods, people) = (store.read(items::all).unwrap(), recent(&store));
    assert_eq!((goods.len(), people.len(), goods[0].sold), (2, 2, 1));
    if rewritten {
        store.read(|db| Ok(db.execute_batch("VACUUM")?)).unwrap();
    }
    store.close();
    let path = folder.path().join(FILE);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[..16].fill(0);
    std::fs::write(&path, bytes).unwrap();
    let store = open_store(folder.path()).unwrap();
    assert!(store.read(recovery::report).unwrap().is_some());
    assert_eq!(store.read(items::all).unwrap(), goods);
    assert_eq!(recent(&store), people);
    assert_eq!(typed(&store, "kari"), ["Kari"]);
    assert!(store.read(check_full).is_ok());
}

#[test]
fn an_older_database_knows_its_customers_once_it_is_opened() {
    let folder = folder();
    let store = open_store(folder.path()).unwrap();
    sell(&store, &[("Kari", "474 65 724", ""), ("Ola", "400 00 000", ""), ("Kari", "474 65 724", "")]);
    store
        .write(|db| {
            // As version 3 was.
            for table in ["items", "customers", "customer_words"] {
                db.execute_batch(&format!("DROP TABLE {table}"))?;
            }
            db.execute_batch("DROP INDEX orders_by_customer; ALTER TABLE orders DROP COLUMN customer_id")?;
            db.pragma_update(None, "user_version", 3)?;
            Ok(())
        })
        .unwrap();
    store.close();
    let store = open_store(folder.path()).unwrap();
    let came: Vec<_> = recent(&store).iter().map(|one| (one.name.clone().unwrap(), one.orders)).collect();
    assert_eq!(came, [("Kari".to_owned(), 2), ("Ola".to_owned(), 1)]);
    assert_eq!(typed(&store, "47465724"), ["Kari"]);
}
