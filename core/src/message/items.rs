//! What was sold, in as many words as there is room for.

use crate::text::line;

use super::{
    Language, MessageItem, amount,
    repair::plain_line,
    text::{fill, texts},
};

/// How much of the items an SMS tells, from most to least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// `2 x Honning 500 g, Voks og Lys`.
    All,
    /// `2 x Honning 500 g og 2 varer til`.
    First,
    /// `4 varer`.
    Count,
    /// Nothing.
    None,
}

/// `2 x Honning 500 g`; a quantity of one goes without saying. `None` where the description shows
/// nothing.
pub(super) fn item(language: Language, item: &MessageItem) -> Option<String> {
    if plain_line(&item.description).is_empty() {
        return None;
    }
    let description = line(&item.description);
    let quantity = amount::quantity(language, &line(&item.quantity_text));
    Some(match quantity.as_str() {
        "" | "1" => description,
        quantity => format!("{quantity} x {description}"),
    })
}

/// The items for an SMS, repaired; `None` when there is nothing to say at this detail.
pub(super) fn told(language: Language, items: &[MessageItem], detail: Detail) -> Option<String> {
    let t = texts(language);
    let named = |some: &MessageItem| item(language, some).map(|text| plain_line(&text));
    let told = match detail {
        Detail::None => return None,
        Detail::Count => counted(pieces(items), t.one_item, t.many_items)?,
        Detail::First => {
            let at = items.iter().position(|some| named(some).is_some());
            let Some((first, at)) = at.and_then(|at| Some((named(items.get(at)?)?, at))) else {
                return told(language, items, Detail::Count);
            };
            let others: Vec<_> =
                items.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, other)| other.clone()).collect();
            match counted(pieces(&others), t.one_more, t.many_more) {
                Some(more) => format!("{first} {} {more}", t.and),
                None => first,
            }
        }
        Detail::All => {
            let names: Vec<_> = items.iter().filter_map(named).collect();
            match names.split_last() {
                Some((only, [])) => only.clone(),
                Some((last, before)) => format!("{} {} {last}", before.join(", "), t.and),
                None => return told(language, items, Detail::Count),
            }
        }
    };
    Some(told)
}

fn counted(count: u64, one: &str, many: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(one.to_owned()),
        _ => Some(fill(many, &[("count", &count.to_string())])),
    }
}

/// How many things these are: the sum of the quantities where all are whole, else (half a kilo of
/// something) the number of lines.
fn pieces(items: &[MessageItem]) -> u64 {
    let whole = |item: &MessageItem| {
        let plain = amount::quantity(Language::En, &item.quantity_text);
        plain.parse::<u32>().ok().filter(|count| *count > 0).map(u64::from)
    };
    items.iter().map(whole).sum::<Option<u64>>().unwrap_or(items.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(lines: &[(&str, &str)]) -> Vec<MessageItem> {
        let line = |(quantity, description): &(&str, &str)| MessageItem {
            quantity_text: (*quantity).to_owned(),
            description: (*description).to_owned(),
            total_minor: None,
        };
        lines.iter().map(line).collect()
    }

    fn nb(lines: &[(&str, &str)], detail: Detail) -> String {
        told(Language::Nb, &items(lines), detail).unwrap_or_default()
    }

    #[test]
    fn items_are_listed_with_their_quantities_except_one() {
        let lines = [("2", "Honning 500 g"), ("1", "Voks"), ("0.5", "Laks")];
        assert_eq!(nb(&lines, Detail::All), "2 x Honning 500 g, Voks og 0,5 x Laks");
        assert_eq!(nb(&lines[..1], Detail::All), "2 x Honning 500 g");
        assert_eq!(nb(&[("1.00", "Voks")], Detail::All), "Voks");
    }

    #[test]
    fn the_first_item_stands_for_the_rest() {
        let lines = [("2", "Honning"), ("1", "Voks"), ("3", "Lys")];
        assert_eq!(nb(&lines, Detail::First), "2 x Honning og 4 varer til");
        assert_eq!(nb(&lines[..2], Detail::First), "2 x Honning og 1 vare til");
        assert_eq!(nb(&lines[..1], Detail::First), "2 x Honning");
    }

    #[test]
    fn a_count_adds_whole_quantities_and_counts_lines_where_one_is_not_whole() {
        assert_eq!(nb(&[("2", "Honning"), ("1", "Voks")], Detail::Count), "3 varer");
        assert_eq!(nb(&[("0.5", "Laks"), ("3", "Lys")], Detail::Count), "2 varer");
        assert_eq!(nb(&[("1", "Voks")], Detail::Count), "1 vare");
        assert_eq!(nb(&[], Detail::Count), "");
    }

    #[test]
    fn one_and_many_are_right_in_every_language() {
        let one = items(&[("1", "a"), ("1", "b")]);
        let many = items(&[("1", "a"), ("2", "b")]);
        let rows: Vec<_> = Language::ALL
            .iter()
            .map(|language| {
                let say = |items: &[_], detail| told(*language, items, detail).unwrap();
                [
                    say(&one[..1], Detail::Count),
                    say(&many, Detail::Count),
                    say(&one, Detail::First),
                    say(&many, Detail::First),
                ]
                .join(" | ")
            })
            .collect();
        assert_eq!(
            rows,
            [
                "1 vare | 3 varer | a og 1 vare til | a og 2 varer til",
                "1 vare | 3 varer | a og 1 vare til | a og 2 varer til",
                "1 item | 3 items | a and 1 more item | a and 2 more items",
                "1 vara | 3 varor | a och 1 vara till | a och 2 varor till",
                "1 vare | 3 varer | a og 1 vare mere | a og 2 varer mere",
            ]
        );
    }

    #[test]
    fn an_item_without_a_name_is_counted_but_not_listed() {
        assert_eq!(nb(&[("1", " \u{200B}\n"), ("2", "Voks")], Detail::All), "2 x Voks");
        assert_eq!(nb(&[("1", " \n"), ("2", "Voks")], Detail::First), "2 x Voks og 1 vare til");
        assert_eq!(nb(&[("2", "")], Detail::All), "2 varer");
        assert_eq!(nb(&[("2", "")], Detail::First), "2 varer");
    }

    #[test]
    fn a_description_with_line_breaks_becomes_one_line() {
        assert_eq!(nb(&[("1", "Honning\r\n\t500\u{0} g ")], Detail::All), "Honning 500 g");
    }
}
