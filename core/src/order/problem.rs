//! What is wrong with a draft, as codes and data: the shells have the words.

use crate::code::codes;
use crate::problem::ProblemCode;
use serde::Serialize;
use std::collections::BTreeMap;

codes! {
    /// Whether a problem stops the sale.
    pub enum Severity {
        /// The draft is refused.
        Error = "error",
        /// Worth showing; the sale goes on.
        Warning = "warning",
    }
}

/// One problem of one field. Codes and parameters are listed in `core/CONTRACT.md` section 2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The draft's field.
    pub field: String,
    /// The line, counted from 1, when the field is in a line.
    pub line: Option<u32>,
    /// What is wrong.
    pub code: ProblemCode,
    /// Whether it stops the sale.
    pub severity: Severity,
    /// What the words need: limits, allowed values.
    pub parameters: BTreeMap<String, String>,
}

/// Collects problems so that all of them come at once.
#[derive(Default)]
pub(crate) struct Problems(Vec<Problem>);

impl Problems {
    pub(super) fn error(&mut self, at: At<'_>, code: ProblemCode) {
        self.push(at, code, Severity::Error, &[]);
    }

    pub(super) fn error_with(&mut self, at: At<'_>, code: ProblemCode, name: &str, value: &str) {
        self.push(at, code, Severity::Error, &[(name, value)]);
    }

    pub(super) fn warn_with(&mut self, at: At<'_>, code: ProblemCode, parameters: &[(&str, &str)]) {
        self.push(at, code, Severity::Warning, parameters);
    }

    fn push(&mut self, at: At<'_>, code: ProblemCode, severity: Severity, parameters: &[(&str, &str)]) {
        self.0.push(Problem {
            field: at.field.to_owned(),
            line: at.line,
            code,
            severity,
            parameters: parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        });
    }

    pub(super) fn into_vec(self) -> Vec<Problem> {
        self.0
    }
}

/// Where a problem sits.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) field: &'a str,
    pub(crate) line: Option<u32>,
}

/// A field of the draft that is not in a line.
pub(crate) fn at(field: &str) -> At<'_> {
    At { field, line: None }
}

impl Problem {
    /// An error on a field outside the lines, for what only the store or the account can tell.
    #[must_use]
    pub fn on(field: &str, code: ProblemCode) -> Self {
        let mut problems = Problems::default();
        problems.error(at(field), code);
        problems.0.remove(0)
    }

    /// As [`Problem::on`], of what does not stop anything.
    #[must_use]
    pub fn warning(field: &str, code: ProblemCode) -> Self {
        Self { severity: Severity::Warning, ..Self::on(field, code) }
    }

    /// The same with one more thing that its words need.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.parameters.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Whether it stops the sale.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
