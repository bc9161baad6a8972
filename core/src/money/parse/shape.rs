//! Digits and separators, nothing else: which separator groups, which one is the decimal mark, and
//! when nobody can tell.

use super::NumberProblem;

/// Signs a person or a keyboard puts before a negative number; U+2212 is the typographic minus.
const MINUS: [char; 2] = ['-', '\u{2212}'];

/// What stands between digits. All blanks came in as spaces: on a screen nobody can tell them apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    Dot,
    Comma,
    Apostrophe,
    Blank,
}

impl Separator {
    fn of(c: char) -> Option<Self> {
        match c {
            '.' => Some(Self::Dot),
            ',' => Some(Self::Comma),
            '\'' | '\u{2019}' => Some(Self::Apostrophe),
            ' ' => Some(Self::Blank),
            _ => None,
        }
    }

    /// Dot and comma group in one country and mark the decimals in the next.
    fn may_be_decimal(self) -> bool {
        matches!(self, Self::Dot | Self::Comma)
    }
}

/// A number as typed, its digits kept as they were: nothing is rounded or cut yet.
#[derive(Debug)]
pub(super) struct Number {
    negative: bool,
    integer: String,
    fraction: String,
}

impl Number {
    /// Reads a number with an optional sign.
    pub(super) fn read(text: &str) -> Result<Self, NumberProblem> {
        let (sign, body) = Sign::take(text);
        Self::read_unsigned(body, sign == Some(Sign::Minus))
    }

    /// Reads a number whose sign was already taken off.
    pub(super) fn read_unsigned(body: &str, negative: bool) -> Result<Self, NumberProblem> {
        let (runs, separators) = split(body)?;
        let (integer, fraction) = halves(&runs, &separators)?;
        Ok(Self { negative, integer, fraction: fraction.to_owned() })
    }

    /// The number as a count of 10^-`decimals`. One with more digits than an `i128` holds becomes
    /// the largest or smallest, which is beyond every limit here.
    pub(super) fn scaled(&self, decimals: u32) -> Result<i128, NumberProblem> {
        let too_many = NumberProblem::TooManyDecimals { max: decimals };
        let Ok(width) = usize::try_from(decimals) else {
            return Err(too_many);
        };
        if self.fraction.len() > width {
            return Err(too_many);
        }
        let sign = if self.negative { "-" } else { "" };
        let digits = format!("{sign}0{}{:0<width$}", self.integer, self.fraction);
        let beyond = if self.negative { i128::MIN } else { i128::MAX };
        Ok(digits.parse().unwrap_or(beyond))
    }

    /// Whether any digit stands behind the decimal mark.
    pub(super) fn has_fraction(&self) -> bool {
        !self.fraction.is_empty()
    }
}

/// A sign in front of a number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
}

impl Sign {
    /// Takes one sign off the front, and blanks behind it.
    pub(super) fn take(text: &str) -> (Option<Self>, &str) {
        if let Some(rest) = text.strip_prefix(MINUS) {
            (Some(Self::Minus), rest.trim_start())
        } else if let Some(rest) = text.strip_prefix('+') {
            (Some(Self::Plus), rest.trim_start())
        } else {
            (None, text)
        }
    }
}

/// Runs of digits and the separators between them: always one run more than separators, and at
/// least one digit.
fn split(body: &str) -> Result<(Vec<&str>, Vec<Separator>), NumberProblem> {
    let is_separator = |c| Separator::of(c).is_some();
    let runs: Vec<&str> = body.split(is_separator).collect();
    let only_digits = runs.iter().all(|run| run.bytes().all(|b| b.is_ascii_digit()));
    if !only_digits || runs.iter().all(|run| run.is_empty()) {
        return Err(NumberProblem::NotANumber);
    }
    Ok((runs, body.chars().filter_map(Separator::of).collect()))
}

/// Integer digits and fraction digits.
fn halves<'t>(runs: &[&'t str], separators: &[Separator]) -> Result<(String, &'t str), NumberProblem> {
    let (Some((tail, head)), Some((last, earlier))) = (runs.split_last(), separators.split_last()) else {
        return Ok((runs.concat(), ""));
    };
    let marks_decimals = last.may_be_decimal() && !earlier.contains(last);
    if marks_decimals && earlier.is_empty() {
        let whole = head.concat();
        if is_first_group(&whole) && tail.len() == 3 {
            return Err(NumberProblem::Ambiguous);
        }
        return Ok((whole, tail));
    }
    if marks_decimals {
        return Ok((grouped(head, earlier)?, tail));
    }
    Ok((grouped(runs, separators)?, ""))
}

/// The digits of a properly grouped number: one kind of separator, then threes.
fn grouped(runs: &[&str], separators: &[Separator]) -> Result<String, NumberProblem> {
    let one_kind = separators.windows(2).all(|pair| pair[0] == pair[1]);
    match runs.split_first() {
        Some((first, rest)) if one_kind && is_first_group(first) && rest.iter().all(|run| run.len() == 3) => {
            Ok(runs.concat())
        }
        _ => Err(NumberProblem::NotANumber),
    }
}

/// Whether digits can stand before the first group mark: one to three, and no zero in front.
fn is_first_group(digits: &str) -> bool {
    (1..=3).contains(&digits.len()) && !digits.starts_with('0')
}
