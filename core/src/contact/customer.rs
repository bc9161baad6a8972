//! The customer of an order: every part optional, because a sale needs none of them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Address, EmailAddress, PhoneNumber};

/// Who bought. `Debug` tells which parts are there, not what they say.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Customer {
    /// The name as the seller typed it, one line.
    pub name: Option<String>,
    /// Where the SMS or push goes.
    pub phone: Option<PhoneNumber>,
    /// Where the mail goes.
    pub email: Option<EmailAddress>,
    /// Where the goods go.
    pub address: Option<Address>,
}

impl Customer {
    /// Whether nothing is known about the customer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Debug for Customer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Customer")
            .field("name", &self.name.as_ref().map(|_| "…"))
            .field("phone", &self.phone)
            .field("email", &self.email)
            .field("address", &self.address)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kari() -> Customer {
        Customer {
            name: Some("Kari Nordmann".into()),
            phone: Some(PhoneNumber::parse("47465724", "NO").unwrap().number),
            email: Some(EmailAddress::parse("kari@example.no").unwrap()),
            address: None,
        }
    }

    #[test]
    fn a_customer_survives_json_and_old_json_with_fewer_fields_is_read() {
        let json = serde_json::to_string(&kari()).unwrap();
        assert_eq!(serde_json::from_str::<Customer>(&json).unwrap(), kari());
        assert!(serde_json::from_str::<Customer>("{}").unwrap().is_empty());
    }

    #[test]
    fn a_customer_never_shows_itself_in_debug() {
        let shown = format!("{:?}", kari());
        assert!(shown.contains("PhoneNumber(…)"));
        for secret in ["Kari", "4746", "example"] {
            assert!(!shown.contains(secret), "{secret}");
        }
    }
}
