//! Express sessions: the customer types the address, and chooses the delivery where there is one.
//!
//! assumption: also with `shipping_not_required` the address is kept as both the shipping and the
//! billing address.

use serde_json::{Value, json};

use super::{ApiError, Engine, Session, check};

impl Session {
    /// Whether the customer has to fill in an address.
    #[must_use]
    pub fn is_express(&self) -> bool {
        self.options.contains_key("express")
    }

    /// Whether an address is known.
    #[must_use]
    pub fn has_address(&self) -> bool {
        self.order()["shipping_address"].is_object()
    }

    /// What the customer can choose between for the delivery.
    #[must_use]
    pub fn shipping_options(&self) -> &[Value] {
        self.field("express")["shipping_options"].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether the delivery still has to be chosen.
    #[must_use]
    pub fn lacks_shipping_option(&self) -> bool {
        !self.shipping_options().is_empty() && !self.order()["shipping_option"].is_object()
    }
}

impl Engine {
    /// The customer fills in the address, and names the delivery by its `id` where there are any.
    ///
    /// # Errors
    /// 404 when the session cannot be paid, 400 for empty fields or an unknown delivery.
    pub fn set_address(&mut self, id: &str, address: &Value, shipping_option: Option<&str>) -> Result<(), ApiError> {
        let session = self.payable(id)?;
        let wrong = check::customer_address(address);
        if !wrong.is_empty() {
            return Err(ApiError::invalid(wrong));
        }
        let option = match shipping_option {
            None => None,
            Some(wish) => Some(
                session
                    .shipping_options()
                    .iter()
                    .find(|option| option["id"] == wish)
                    .cloned()
                    .ok_or_else(|| ApiError::new(400, "BAD_REQUEST", "no such shipping option"))?,
            ),
        };
        let lines = session.amount - session.order()["shipping_option"]["amount"].as_i64().unwrap_or_default();
        if let Some(session) = self.sessions.get_mut(id) {
            let order = session.order_mut();
            order["shipping_address"] = address.clone();
            order["billing_address"] = address.clone();
            if let Some(option) = &option {
                let amount = lines + option["amount"].as_i64().unwrap_or_default();
                order["shipping_option"] = option.clone();
                order["amount"] = json!(amount);
                session.amount = amount;
            }
        }
        self.note(id, "SET_SHIPPING_ADDRESS", Some(json!({ "shipping_address": address })));
        self.note(id, "SET_BILLING_ADDRESS", None);
        if let Some(option) = option {
            self.note(id, "SET_SHIPPING_OPTION", Some(json!({ "shipping_option": option })));
        }
        Ok(())
    }
}
