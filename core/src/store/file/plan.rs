//! Which files of a damaged database go where.

use super::aside::ASIDE;
use super::paths;
use serde::{Deserialize, Serialize};

/// What goes where.
#[derive(Debug, Serialize, Deserialize)]
pub struct Plan {
    /// UTC ms; the end of the new names.
    pub at: i64,
    /// Which of [`paths::SUFFIXES`] there were.
    pub(super) moved: Vec<String>,
    /// Whether the log held every commit.
    pub log_complete: bool,
}

impl Plan {
    pub(super) fn target(&self, suffix: &str) -> String {
        format!("{}{suffix}{ASIDE}{}", paths::FILE, self.at)
    }

    /// The names of the files that were moved aside.
    pub fn files(&self) -> Vec<String> {
        self.moved.iter().map(|suffix| self.target(suffix)).collect()
    }
}
