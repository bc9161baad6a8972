//! Placeholder.
use crate::output::{Failure, Screen};
use paylink_core::Paylink;
use paylink_core::order::Draft;
use std::sync::Arc;
pub fn ask(_core: &Arc<Paylink>, draft: Draft, _screen: Screen) -> Result<Draft, Failure> { Ok(draft) }
