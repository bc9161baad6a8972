//! Placeholder.
use crate::output::{Exit, Outcome, Screen};
pub async fn run(_screen: Screen) -> Outcome { Ok(Exit::Done) }
