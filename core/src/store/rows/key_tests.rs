use super::*;
use proptest::prelude::*;

fn keys_of(e164: &str) -> String {
    let phone = PhoneNumber::try_from(e164.to_owned()).unwrap();
    [Some(phone.e164().to_owned()), at_home(&phone)].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn finds(typed: &str, region: Region, key: &str) -> bool {
    Query::read(typed, region).is_in(key)
}

#[test]
fn a_number_is_found_as_it_is_dialled_at_home() {
    for (region, stored, all_typed) in [
        (
            Region::Norway,
            "+4747465724",
            &["474 65 724", "47 46 57 24", "+47 474 65 724", "0047 474-65-724", "65724"][..],
        ),
        (
            Region::Norway,
            "+4747465724",
            &["tel:+4747465724", "tel:+47-474-65-724", "＋47 474 65 724", "+47 (474) 65 724", "٤٧٤ ٦٥ ٧٢٤"],
        ),
        (Region::Sweden, "+46701234567", &["070-123 45 67", "0701234567", "070–123", "+46 (0)70-123 45 67", "+46 70"]),
        (
            Region::Sweden,
            "+46701234567",
            &["0046 (0)70 123", "0046701234567", "+460701234567", "46 70 123", "(070) 123"],
        ),
        (Region::Denmark, "+4520123456", &["20 12 34 56", "+45 20123456", "0045 2012", "20.12.34.56"]),
        (
            Region::Finland,
            "+358401234567",
            &["040 123 4567", "040-1234567", "+358 (0)40 1234567", "00358 40 123", "40 123"],
        ),
        // A neighbour's, as it is dialled there.
        (Region::Norway, "+46701234567", &["070-123 45 67", "0046 70"]),
    ] {
        for typed in all_typed {
            assert!(finds(typed, region, &keys_of(stored)), "{region:?} {typed} {:?}", Query::read(typed, region));
        }
    }
}

#[test]
fn another_number_is_not_found() {
    let key = keys_of("+46701234567");
    for typed in ["070-123 45 68", "+47 70 123 45 67", "0045 70", "0702"] {
        assert!(!finds(typed, Region::Sweden, &key), "{typed}");
    }
    assert!(!finds("47 4", Region::Norway, &search_key("HON-7-47 X 9")), "too few digits for a number");
}

#[test]
fn the_case_the_form_and_the_spaces_of_a_text_do_not_matter() {
    let key = search_key("Åse Ødegård\nSyltetøy  500\u{A0}g");
    for typed in [
        "åse",
        "ÅSE",
        "A\u{30A}SE",
        "a\u{30a}se",
        "\u{212B}se",
        "ØDEGÅRD",
        "øde gård",
        " syltetøy 500 g",
        "500\u{2009}g",
    ] {
        assert!(finds(typed, Region::Norway, &key), "{typed} {:?} {key:?}", Query::read(typed, Region::Norway));
    }
    assert!(finds("Ås\u{200B}e", Region::Norway, &key));
    assert!(!finds("ase", Region::Norway, &key), "å is a letter of its own");
}

#[test]
fn every_word_must_be_there_in_any_order() {
    let key = search_key("HON-7K3MAA-12\nLynghonning 250 g\nKari Nordmann\n+4747465724");
    for typed in ["nordmann kari", "kari honning", "kari 47465724", "kari +47 474", "a", "g", "", " "] {
        assert!(finds(typed, Region::Norway, &key), "{typed}");
    }
    assert!(!finds("kari hansen", Region::Norway, &key));
}

proptest! {
    #[test]
    fn what_is_in_a_text_is_found_in_whatever_case(text in "\\PC{0,30}", from in 0..30usize, length in 1..30usize) {
        let words: Vec<char> = text.chars().collect();
        let part: String = words.iter().skip(from).take(length).collect();
        // A mark alone joins what stands before it.
        let part = search_key(&part);
        prop_assume!(search_key(&text).contains(&part));
        prop_assert!(Query::read(&part, Region::Norway).is_in(&search_key(&text)));
        prop_assert!(Query::read(&text, Region::Norway).is_in(&search_key(&text)));
    }

    #[test]
    fn folding_twice_changes_nothing(text in "\\PC{0,30}") {
        prop_assert_eq!(search_key(&search_key(&text)), search_key(&text));
    }
}
