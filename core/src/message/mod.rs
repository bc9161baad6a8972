//! STUB
#![allow(missing_docs)]
use serde::{Deserialize, Serialize};
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language { Nb, Nn, En, Sv, Da }
impl Language { pub fn code(self) -> &'static str { "nb" } pub fn from_code(t: &str) -> Option<Self> { match t { "nb" => Some(Self::Nb), "en" => Some(Self::En), _ => None } } pub fn quick_item(self) -> &'static str { "Betaling" } }
