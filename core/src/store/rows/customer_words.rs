//! What customers are found by: the beginnings of the words of name and mail, and the ways in which a telephone number
//! begins. By an index, so that a search is as quick among a hundred thousand as among a hundred; within a word nothing
//! is found but the last four digits of a number, by which people know one.

use super::customers::CustomerRow;
use super::key::Query;
use crate::contact::PhoneNumber;
use crate::store::StoreResult;
use crate::text::search_key;
use rusqlite::{Connection, Transaction, params};
use std::collections::BTreeSet;

/// Characters from which on a word is looked up: shorter ones begin a tenth of all names.
const MIN_LOOKED_UP: usize = 3;
/// How many of a number's last digits people know it by.
const LAST_DIGITS: usize = 4;
/// Behind every word with the same beginning.
const LAST: char = char::MAX;

pub(in crate::store) const BEGINNING_WITH: &str = "SELECT customer FROM customer_words WHERE word >= ?1 AND word < ?2";

/// All words of a customer, each once.
pub(super) fn words_of(customer: &CustomerRow) -> Vec<String> {
    let mut words = BTreeSet::new();
    for text in [&customer.name, &customer.email].into_iter().flatten() {
        for word in search_key(text).split(' ').filter(|word| !word.is_empty()) {
            words.insert(word.to_owned());
            // `anne-lise`, `kari.nordmann@example.no`: each part is typed first by somebody.
            let begins = |(at, _): &(usize, char)| {
                let before = word.get(..*at).and_then(|text| text.chars().next_back());
                before.is_some_and(|c| !c.is_alphanumeric())
            };
            let parts = word.char_indices().filter(|(_, c)| c.is_alphanumeric()).filter(begins);
            words.extend(parts.filter_map(|(at, _)| word.get(at..)).map(str::to_owned));
        }
    }
    if let Some(phone) = &customer.phone {
        words.extend(digits_of(phone));
    }
    words.into_iter().collect()
}

/// With the country, as it is dialled at home, that without its trunk zero, and the last four.
fn digits_of(phone: &str) -> Vec<String> {
    let abroad: String = phone.chars().filter(char::is_ascii_digit).collect();
    let mut ways = vec![abroad.get(abroad.len().saturating_sub(LAST_DIGITS)..).unwrap_or_default().to_owned()];
    if let Ok(parsed) = PhoneNumber::parse(phone, "NO") {
        let home: String = parsed.number.national().chars().filter(char::is_ascii_digit).collect();
        ways.extend(home.strip_prefix('0').map(str::to_owned));
        ways.push(home);
    }
    ways.push(abroad);
    ways
}

/// Writes what changed of a customer's words.
pub(super) fn replace(db: &Transaction<'_>, row: i64, old: &[String], new: &[String]) -> StoreResult<()> {
    for word in old.iter().filter(|word| !new.contains(word)) {
        db.prepare_cached("DELETE FROM customer_words WHERE word = ?1 AND customer = ?2")?
            .execute(params![word, row])?;
    }
    for word in new.iter().filter(|word| !old.contains(word)) {
        db.prepare_cached("INSERT OR IGNORE INTO customer_words (word, customer) VALUES (?1, ?2)")?
            .execute(params![word, row])?;
    }
    Ok(())
}

/// Rows of those that have every word that is long enough to be looked up; `None` where none is.
pub(super) fn having(db: &Connection, query: &Query) -> StoreResult<Option<BTreeSet<i64>>> {
    let mut all: Option<BTreeSet<i64>> = None;
    for forms in query.words() {
        let forms = looked_for(forms);
        if forms.iter().any(|form| form.chars().count() < MIN_LOOKED_UP) {
            continue;
        }
        let mut found = BTreeSet::new();
        for form in forms {
            let mut statement = db.prepare_cached(BEGINNING_WITH)?;
            let rows = statement.query_map([&form, &format!("{form}{LAST}")], |row| row.get::<_, i64>(0))?;
            for row in rows {
                found.insert(row?);
            }
        }
        all = Some(match all {
            Some(before) => before.intersection(&found).copied().collect(),
            None => found,
        });
    }
    Ok(all)
}

/// Whether each word that was typed begins one of these.
pub(super) fn fits(query: &Query, words: &[String]) -> bool {
    query.words().iter().all(|forms| {
        let forms = looked_for(forms);
        words.iter().any(|word| forms.iter().any(|form| word.starts_with(form.as_str())))
    })
}

/// The forms of a word as they stand in the index: numbers have their digits there, and nothing else.
fn looked_for(forms: &[String]) -> Vec<String> {
    let digits = |form: &String| form.trim_start_matches('+').bytes().all(|byte| byte.is_ascii_digit());
    let is_number = forms.iter().any(|form| !form.is_empty() && digits(form));
    let mut looked_for: Vec<String> = match is_number {
        true => forms.iter().map(|form| form.chars().filter(char::is_ascii_digit).collect()).collect(),
        false => forms.to_vec(),
    };
    looked_for.sort();
    looked_for.dedup();
    looked_for
}
