//! What the seller was told before the process died: the test's only knowledge of it from the outside.

use paylink_core::OrderId;
use paylink_e2e::model::Told;
use serde_json::Value;
use std::collections::BTreeMap;

/// The last that was seen of a sale.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// As the invariants want it.
    pub told: Told,
    /// The last event of its timeline.
    pub cursor: i64,
    /// The kinds of its events.
    pub story: Vec<String>,
    /// The session that was shown.
    pub session: Option<String>,
}

/// The seller.
#[derive(Debug, Default)]
pub struct Seller {
    /// What was called, in order, and whether it was answered.
    calls: Vec<(String, bool)>,
    /// What was shown.
    pub sales: BTreeMap<OrderId, Seen>,
}

impl Seller {
    /// The seller calls something.
    pub fn calls(&mut self, line: &str) {
        self.calls.push((line.to_owned(), false));
    }

    /// The call was answered, with what there is to see now.
    pub fn hears(&mut self, line: &str, answer: &Value) {
        if let Some(call) = self.calls.last_mut().filter(|call| call.0 == line) {
            call.1 = true;
        }
        for link in answer["links"].as_array().into_iter().flatten() {
            let id: OrderId = link["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
            let seen = self.sales.entry(id).or_default();
            seen.told.reference = link["reference"].as_str().expect("a reference").to_owned();
            seen.cursor = link["cursor"].as_i64().expect("a cursor");
            let story = link["story"].as_array().expect("a timeline");
            seen.story = story.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            seen.session = link["session"].as_str().map(str::to_owned);
            seen.told.handed_out.extend(seen.session.clone());
        }
    }

    /// How often this was called.
    pub fn times_called(&self, word: &str) -> usize {
        self.calls.iter().filter(|(line, _)| line.starts_with(word)).count()
    }

    /// Whether this was called at all.
    pub fn called(&self, word: &str) -> bool {
        self.times_called(word) > 0
    }

    /// Whether this was called and answered.
    pub fn answered(&self, word: &str) -> bool {
        self.calls.iter().any(|(line, answered)| *answered && line.starts_with(word))
    }
}
