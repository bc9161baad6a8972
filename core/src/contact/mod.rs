//! STUB
#![allow(missing_docs)]
use serde::{Deserialize, Serialize};
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneNumber(String);
pub enum PhoneWarning { Landline, UnknownRange }
pub struct ParsedPhone { pub number: PhoneNumber, pub warning: Option<PhoneWarning> }
pub enum PhoneProblem { Invalid }
impl PhoneProblem { pub fn code(&self) -> &'static str { "invalid" } }
impl PhoneNumber {
    pub fn parse(t: &str, _r: &str) -> Result<ParsedPhone, PhoneProblem> {
        let d: String = t.chars().filter(char::is_ascii_digit).collect();
        if d.len() < 5 { return Err(PhoneProblem::Invalid); }
        Ok(ParsedPhone { number: Self(format!("+47{d}")), warning: None })
    }
    pub fn e164(&self) -> &str { &self.0 }
}
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailAddress(String);
impl EmailAddress {
    pub fn parse(t: &str) -> Result<Self, PhoneProblem> { if t.contains('@') { Ok(Self(t.to_owned())) } else { Err(PhoneProblem::Invalid) } }
    pub fn as_str(&self) -> &str { &self.0 }
}
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address { pub first_name: String, pub last_name: String, pub line: String, pub line2: Option<String>, pub postal_code: String, pub city: String, pub country: String }
pub struct AddressProblem { pub field: &'static str, pub code: &'static str }
pub struct TypedAddress<'a> { pub first_name: &'a str, pub last_name: &'a str, pub line: &'a str, pub line_2: &'a str, pub postal_code: &'a str, pub city: &'a str, pub country: &'a str }
impl Address { pub fn check(_: TypedAddress<'_>) -> Result<Self, Vec<AddressProblem>> { Err(vec![]) } }
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer { pub name: Option<String>, pub phone: Option<PhoneNumber>, pub email: Option<EmailAddress>, pub address: Option<Address> }
