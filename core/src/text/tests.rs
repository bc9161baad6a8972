use super::*;
use proptest::prelude::*;

/// One of each kind that nobody sees.
const UNSEEN: &str = "\u{200b}\u{ad}\u{202e}\u{2066}\u{feff}\u{3164}\u{115f}\u{e0041}\u{2060}\u{180e}\u{61c}\u{fe0f}";

#[test]
fn what_nobody_sees_goes_from_every_kind_of_text() {
    for c in UNSEEN.chars() {
        let typed = format!("{c}12{c}3{c}");
        for (kind, read) in
            [("prose", prose as fn(&str) -> String), ("plain", plain), ("number", number), ("key", search_key)]
        {
            assert_eq!(read(&typed), "123", "{kind}: U+{:04X}", u32::from(c));
            assert_eq!(read(&c.to_string()), "", "{kind}: U+{:04X} alone", u32::from(c));
        }
    }
    assert_eq!(prose(UNSEEN), "");
    assert_eq!(prose("\u{2800} \u{3164}"), "", "room is nothing to read");
}

#[test]
fn joiners_stay_where_they_join() {
    for kept in [
        "👩\u{200d}👩\u{200d}👧",
        "❤\u{fe0f}\u{200d}🔥",
        "👩🏽\u{200d}🌾",
        "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
        "☕\u{fe0f}",
        "3\u{fe0f}\u{20e3}",
        "می\u{200c}خواهم",
        "क्\u{200d}ष",
        "ന്\u{200d}",
        "葛\u{e0100}",
    ] {
        assert_eq!(prose(kept), kept);
        assert_eq!(printable(kept), kept);
    }
    for (typed, seen) in [
        ("Hon\u{200d}ning", "Honning"),
        ("a\u{fe0f}", "a"),
        ("👩\u{200d} x", "👩 x"),
        ("👩\u{200d}\u{200d}👧", "👩\u{200d}👧"),
        ("\u{200d}👧", "👧"),
        ("👧\u{200c}", "👧"),
    ] {
        assert_eq!(prose(typed), seen);
    }
}

#[test]
fn what_looks_the_same_is_the_same() {
    for (typed, letter) in
        [("A\u{30a}se", "Åse"), ("\u{212b}se", "Åse"), ("\u{2126}", "Ω"), ("\u{212a}", "K"), ("e\u{301}", "é")]
    {
        assert_eq!(prose(typed), letter);
        assert_eq!(plain(typed), letter);
    }
    assert_eq!(plain("HON\u{a0}1"), "HON 1");
    assert_eq!(search_key("  ÅSE\u{2009}\tLunde "), "åse lunde");
    assert_eq!(search_key("A\u{30a}SE"), search_key("åse"));
}

#[test]
fn digits_of_any_script_are_digits() {
    for typed in ["١٢٣", "۱۲۳", "१२३", "１２３", "𝟏𝟐𝟑", "༡༢༣", "𑁧𑁨𑁩"] {
        assert_eq!(number(typed), "123", "{typed}");
    }
    assert_eq!(number("١٬٢٣٤٫٥٠"), "1'234,50");
    assert_eq!(number("２５％"), "25%");
    assert_eq!(number("½ Ⅳ 三"), "½ Ⅳ 三", "no decimal digits");
}

#[test]
fn foreign_text_is_one_line_of_what_can_be_seen() {
    assert_eq!(cleaned("a\u{1b}[31m\r\nb\u{202e}c\u{200b}\u{feff}\u{2028}d", 99), "a bc d");
    assert_eq!(cleaned("  øøø  ", 3), "øøø");
    assert_eq!(cleaned("\u{e0041}\u{3164}\u{7}", 9), "");
    assert_eq!(cleaned("ab cd", 3), "ab");
}

#[test]
fn what_steers_a_terminal_is_no_text() {
    for (given, seen) in [
        ("\u{1b}]0;title\u{7}Honning", "Honning"),
        ("\u{1b}]8;;https://evil.example\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link"),
        ("\u{9b}2Jx", "x"),
        ("\u{1b}(0x\u{1b}7y", "xy"),
        ("\u{1b}", ""),
        ("price: 5\u{1b}[1;31m kr\u{1b}[0m", "price: 5 kr"),
    ] {
        assert_eq!(printable(given), seen);
    }
}

proptest! {
    #[test]
    fn every_text_is_read_once_and_for_all(text in "\\PC*|(.|[\u{200b}-\u{200f}\u{202a}-\u{202e}\u{fe00}-\u{fe0f}\u{1f3f4}\u{e0020}-\u{e007f}\u{1b}]){0,24}") {
        for read in [prose as fn(&str) -> String, plain, number, search_key, printable] {
            let once = read(&text);
            prop_assert_eq!(read(&once), once.clone());
            prop_assert_eq!(once.trim(), once.as_str());
        }
        prop_assert!(!has_control(&printable(&text)));
        prop_assert!(!plain(&text).chars().any(is_invisible));
    }
}

#[test]
fn a_link_that_a_mail_has_wrapped_is_one_again() {
    for pasted_text in ["\u{feff} a://b?c=d e\n", "a://\r\n b?c=\u{200b}d e", "\u{2028}a://b?c \n=d e\t"] {
        assert_eq!(pasted(pasted_text), "a://b?c=d e", "{pasted_text:?}");
    }
    assert_eq!(pasted(" \u{200b}\n"), "");
}
