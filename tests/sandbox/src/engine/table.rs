//! Records in the order they were made, found by id in one step.

use std::collections::HashMap;

#[derive(Clone, Debug)]
pub(super) struct Table<T> {
    rows: Vec<T>,
    places: HashMap<String, usize>,
}

impl<T> Table<T> {
    pub(super) fn new() -> Self {
        Self { rows: Vec::new(), places: HashMap::new() }
    }

    pub(super) fn insert(&mut self, id: String, row: T) {
        self.places.insert(id, self.rows.len());
        self.rows.push(row);
    }

    pub(super) fn get(&self, id: &str) -> Option<&T> {
        self.places.get(id).and_then(|place| self.rows.get(*place))
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.places.get(id).and_then(|place| self.rows.get_mut(*place))
    }

    /// Oldest first.
    pub(super) fn rows(&self) -> &[T] {
        &self.rows
    }
}
