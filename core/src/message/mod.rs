//! STUB
#![allow(missing_docs)]
use serde::{Deserialize, Serialize};
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language { Nb }
impl Language { pub fn code(self) -> &'static str { "nb" } pub fn from_code(_: &str) -> Option<Self> { Some(Self::Nb) } pub fn quick_item(self) -> &'static str { "Betaling" } }
