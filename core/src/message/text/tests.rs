use super::*;
use crate::message::sms_length;

#[test]
fn a_value_with_braces_is_not_filled_again() {
    let values = [("seller", "{amount}"), ("amount", "1 kr")];
    assert_eq!(fill("{amount} til {seller}.", &values), "1 kr til {amount}.");
}

#[test]
fn no_word_of_an_sms_makes_it_long_in_any_language() {
    for language in Language::ALL {
        let t = texts(language);
        let words = [
            t.hello,
            t.pay,
            t.to,
            t.for_items,
            t.and,
            t.one_item,
            t.many_items,
            t.one_more,
            t.many_more,
            t.order,
            t.valid_until,
            t.terms,
            t.pay_here,
            t.remind,
            t.date,
            t.practice,
        ];
        for word in words.iter().chain(&t.months) {
            assert!(sms_length(word).made_long_by.is_empty(), "{language:?}: {word}");
        }
    }
}

#[test]
fn every_place_to_fill_in_is_there_in_every_language() {
    for language in Language::ALL {
        let t = texts(language);
        for (template, places) in [
            (t.pay, &["{amount}"][..]),
            (t.to, &["{seller}"]),
            (t.for_items, &["{items}"]),
            (t.many_items, &["{count}"]),
            (t.many_more, &["{count}"]),
            (t.order, &["{reference}"]),
            (t.valid_until, &["{date}"]),
            (t.subject, &["{seller}", "{amount}"]),
            (t.subject_without_seller, &["{amount}"]),
            (t.subject_order, &["{reference}"]),
            (t.dear, &["{name}"]),
            (t.intro, &["{seller}"]),
            (t.total, &["{amount}"]),
            (t.remind, &["{amount}"]),
            (t.remind_subject, &["{subject}"]),
            (t.remind_intro, &["{seller}"]),
            (t.order_line, &["{reference}"]),
            (t.valid_until_time, &["{date}", "{time}"]),
            (t.date, &["{day}", "{month}"]),
        ] {
            assert_eq!(template.matches('{').count(), places.len(), "{language:?}: {template}");
            for place in places {
                assert!(template.contains(place), "{language:?}: {template}");
            }
        }
    }
}
