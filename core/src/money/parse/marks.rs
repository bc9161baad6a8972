//! What people write around a price: `kr 149`, `149,-`, `NOK 149`, `€5`. The marks are taken off
//! and remembered, so that kroner typed into a sale in euro are noticed.

use super::NumberProblem;
use super::shape::{Number, Sign};
use crate::money::Currency;

/// Signs of money and the currencies that are written with them.
const SYMBOLS: [(char, &[&str]); 3] =
    [('€', &["EUR"]), ('$', &["USD", "AUD", "CAD", "HKD", "NZD", "SGD"]), ('£', &["GBP"])];

/// The currencies whose people write `kr`.
const KRONE: &[&str] = &["NOK", "SEK", "DKK", "ISK"];

/// What a price ends with when it has no smaller coins, as in `149,-`; phones turn the hyphen into
/// a dash.
const TAIL_DASHES: [char; 4] = ['-', '\u{2013}', '\u{2014}', '\u{2212}'];

/// Money as typed: the number, and what was said about its currency.
pub(super) struct Money {
    pub(super) number: Number,
    before: Option<Mark>,
    after: Option<Mark>,
}

/// A currency mark: the currencies it can mean.
enum Mark {
    AnyOf(&'static [&'static str]),
    Code(Currency),
}

impl Money {
    /// Reads a text without blanks around it.
    pub(super) fn read(text: &str) -> Result<Self, NumberProblem> {
        let (outer_sign, rest) = Sign::take(text);
        let (before, rest, dot_taken) = mark_before(rest)?;
        let (inner_sign, rest) = Sign::take(rest.trim_start());
        let (after, rest) = mark_after(rest)?;
        let rest = rest.trim_end();
        let negative = match (outer_sign, inner_sign) {
            (Some(_), Some(_)) => return Err(NumberProblem::NotANumber),
            (sign, None) | (None, sign) => sign == Some(Sign::Minus),
        };
        let number = read_with_tail(rest, negative)?;
        // `kr.50` is 50 kroner in Denmark and could be 50 øre: not for us to say.
        if dot_taken && inner_sign.is_none() && is_one_or_two_digits(rest) {
            return Err(NumberProblem::Ambiguous);
        }
        Ok(Self { number, before, after })
    }

    /// Refuses money that was marked with another currency.
    pub(super) fn check_currency(&self, expected: Currency) -> Result<(), NumberProblem> {
        let fits = |mark: &Mark| match mark {
            Mark::AnyOf(codes) => codes.contains(&expected.code()),
            Mark::Code(currency) => *currency == expected,
        };
        if self.before.iter().chain(&self.after).all(fits) {
            Ok(())
        } else {
            Err(NumberProblem::WrongCurrency { expected: expected.code().to_owned() })
        }
    }
}

/// Takes a mark off the front. The flag says that a dot was taken with it and a digit follows at
/// once.
fn mark_before(text: &str) -> Result<(Option<Mark>, &str, bool), NumberProblem> {
    for (symbol, codes) in SYMBOLS {
        if let Some(rest) = text.strip_prefix(symbol) {
            return Ok((Some(Mark::AnyOf(codes)), rest, false));
        }
    }
    let rest = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let word = text.strip_suffix(rest).unwrap_or_default();
    let mark = word_mark(word)?;
    match (&mark, rest.strip_prefix('.')) {
        (Some(Mark::AnyOf(_)), Some(after_dot)) => {
            let glued = after_dot.starts_with(|c: char| c.is_ascii_digit());
            Ok((mark, after_dot, glued))
        }
        _ => Ok((mark, rest, false)),
    }
}

/// Takes a mark off the end.
fn mark_after(text: &str) -> Result<(Option<Mark>, &str), NumberProblem> {
    for (symbol, codes) in SYMBOLS {
        if let Some(rest) = text.strip_suffix(symbol) {
            return Ok((Some(Mark::AnyOf(codes)), rest));
        }
    }
    let ends_in_a_letter = |text: &str| text.ends_with(|c: char| c.is_ascii_alphabetic());
    let undotted = text.strip_suffix('.').filter(|text| ends_in_a_letter(text));
    let marked = undotted.unwrap_or(text);
    let rest = marked.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let mark = word_mark(marked.strip_prefix(rest).unwrap_or_default())?;
    match mark {
        // Only `kr.` is an abbreviation; `NOK.` is not how anybody writes it.
        Some(Mark::Code(_)) if undotted.is_some() => Err(NumberProblem::NotANumber),
        mark => Ok((mark, rest)),
    }
}

/// What a word means as a currency; no word is no mark.
fn word_mark(word: &str) -> Result<Option<Mark>, NumberProblem> {
    if word.is_empty() {
        Ok(None)
    } else if word.eq_ignore_ascii_case("kr") {
        Ok(Some(Mark::AnyOf(KRONE)))
    } else {
        Currency::from_code(word).map(Mark::Code).map(Some).ok_or(NumberProblem::NotANumber)
    }
}

/// Reads a number that may end in `,-`, `.-` or `:-`.
fn read_with_tail(text: &str, negative: bool) -> Result<Number, NumberProblem> {
    let Some(undashed) = text.strip_suffix(TAIL_DASHES) else {
        return Number::read_unsigned(text, negative);
    };
    // A comma or dot stays, as a decimal mark with nothing behind it: `1.234,-` is clear.
    let body = undashed.strip_suffix(':').unwrap_or(undashed);
    let has_colon = body.len() < undashed.len();
    if has_colon != body.ends_with(|c: char| c.is_ascii_digit()) {
        return Err(NumberProblem::NotANumber);
    }
    let number = Number::read_unsigned(body, negative)?;
    if number.has_fraction() { Err(NumberProblem::NotANumber) } else { Ok(number) }
}

fn is_one_or_two_digits(text: &str) -> bool {
    (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}
