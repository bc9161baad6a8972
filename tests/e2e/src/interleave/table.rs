//! How often each call happened at each point.

use super::point::{Call, Point, possible};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Letters of a column's head that are shown.
const HEAD: usize = 5;

/// The counts of one history, or of many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    cells: BTreeMap<(Point, Call), u64>,
    /// Calls, nested or not, that did what was asked.
    took: BTreeMap<Call, u64>,
}

impl Table {
    /// It happened there.
    pub fn hit(&mut self, point: Point, call: Call) {
        *self.cells.entry((point, call)).or_default() += 1;
    }

    /// It did what was asked.
    pub fn took(&mut self, call: Call) {
        *self.took.entry(call).or_default() += 1;
    }

    /// Adds another history's.
    pub fn add(&mut self, other: &Self) {
        for (cell, count) in &other.cells {
            *self.cells.entry(*cell).or_default() += count;
        }
        for (call, count) in &other.took {
            *self.took.entry(*call).or_default() += count;
        }
    }

    /// Calls that happened in the middle of another.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.cells.values().sum()
    }

    /// What can happen and never did.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let cells = Point::all().flat_map(|point| Call::ALL.map(|call| (point, call)));
        let never = cells.filter(|(point, call)| possible(*point, *call) && !self.cells.contains_key(&(*point, *call)));
        let idle = Call::ALL.into_iter().filter(|call| !self.took.contains_key(call));
        never
            .map(|(point, call)| format!("{call:?} {point}"))
            .chain(idle.map(|call| format!("{call:?} never did anything")))
            .collect()
    }

    /// The table in writing; a dot where it is not possible.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{:<24}", "point × call");
        for call in Call::ALL {
            let head: String = format!("{call:?}").chars().take(HEAD).collect();
            let _ = write!(text, "{head:>6}");
        }
        for point in Point::all() {
            let _ = write!(text, "\n{:<24}", point.to_string());
            for call in Call::ALL {
                let count = self.cells.get(&(point, call)).copied().unwrap_or(0);
                let shown = if possible(point, call) { count.to_string() } else { "·".to_owned() };
                let _ = write!(text, "{shown:>6}");
            }
        }
        let _ = write!(text, "\n{:<24}", "did what was asked");
        for call in Call::ALL {
            let _ = write!(text, "{:>6}", self.took.get(&call).copied().unwrap_or(0));
        }
        text
    }
}
