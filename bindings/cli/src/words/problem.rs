//! The words for what is wrong with a draft.

use super::{decimal, number};
use paylink_core::ProblemCode;
use paylink_core::money::{Amount, Currency};
use paylink_core::order::{Problem, Severity};

/// A problem of a draft, with its place.
#[must_use]
pub fn problem(problem: &Problem) -> String {
    let place = match problem.line {
        Some(line) => format!("line {line}, {}", field(&problem.field)),
        None => field(&problem.field).to_owned(),
    };
    let warning = if problem.severity == Severity::Warning { " (a warning)" } else { "" };
    format!("{place}: {}{warning}", explain(problem))
}

/// What is wrong, without the place.
#[must_use]
pub fn explain(problem: &Problem) -> String {
    let parameter = |name: &str| problem.parameters.get(name).map_or("?", String::as_str);
    match problem.code {
        ProblemCode::Required => "must be filled in".into(),
        ProblemCode::NotANumber => "is not a number".into(),
        ProblemCode::Ambiguous => {
            "can be read in two ways, a thousandfold apart: leave out the dot, or write two decimals".into()
        }
        ProblemCode::Negative => "must not be negative".into(),
        ProblemCode::Zero => "must not be zero".into(),
        ProblemCode::TooManyDecimals => format!("has more than {} decimals", parameter("max")),
        ProblemCode::TooLarge => format!("is more than {}", figure(parameter("max"))),
        ProblemCode::WrongCurrency => format!("is not in {}", parameter("expected")),
        ProblemCode::NotSupported => format!("must be one of {}", parameter("allowed")),
        ProblemCode::TooLong => match problem.parameters.get("max") {
            Some(max) => format!("is longer than {max} characters"),
            None => "is too long".into(),
        },
        ProblemCode::TooMany => format!("has more than {} parts", parameter("max")),
        ProblemCode::ControlCharacter => "must be on one line".into(),
        ProblemCode::Excludes => format!("cannot be given together with {}", field(parameter("with"))),
        ProblemCode::AboveLine => format!("is more than the line itself, {}", figure(parameter("max"))),
        ProblemCode::NothingToPay => "there is nothing to pay".into(),
        ProblemCode::Unusual => format!("is none of the rates of today: {}", parameter("allowed")),
        ProblemCode::NotOffered => format!("is not offered by the account, which has {}", parameter("offered")),
        ProblemCode::NoProfileYet => "can be chosen only after the account was reached once".into(),
        ProblemCode::Invalid => match problem.parameters.get("reason") {
            Some(reason) => format!("cannot be read: {reason}"),
            None => "is not valid".into(),
        },
        ProblemCode::TooShort => "is too short".into(),
        ProblemCode::Landline => "is a landline, an SMS will not arrive".into(),
        ProblemCode::UnknownRange => "is in no known range of numbers".into(),
        ProblemCode::CannotCombine => format!("cannot be combined with {}", field(parameter("with"))),
        ProblemCode::AlreadyUsed => "was used before".into(),
    }
}

/// `21 474 836,47`, of `21474836.47`.
pub(super) fn figure(plain: &str) -> String {
    let (whole, rest) = plain.split_once('.').unwrap_or((plain, ""));
    match rest.len() {
        2 => format!("{whole}{rest}")
            .parse()
            .map_or_else(|_| plain.to_owned(), |minor| number(Amount::new(minor, Currency::NOK))),
        _ => decimal(plain),
    }
}

/// A field of the draft.
#[must_use]
pub fn field(name: &str) -> &str {
    match name {
        "items" => "lines",
        "unit_price" => "unit price",
        "vat" => "VAT",
        "expiry" => "time to pay",
        "methods" => "ways to pay",
        "email" => "e-mail",
        "address_line" => "address line",
        "address_line_2" => "second address line",
        "postal_code" => "postal code",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_its_line_and_field() {
        let zero = Problem {
            field: "unit_price".into(),
            line: Some(2),
            code: ProblemCode::Zero,
            severity: Severity::Error,
            parameters: Default::default(),
        };
        assert_eq!(problem(&zero), "line 2, unit price: must not be zero");
    }
}
