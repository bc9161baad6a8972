//! The body that creates a session (facts 2.2 to 2.5), and the answer to it (2.4).

use super::lenient;
use super::link_url::read_link;
use super::session::{Publish as Sent, published};
use crate::gateway::{CreatedSession, Fault};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

/// `POST /sessions-profile` when it names a profile, `POST /sessions` when its configuration names the methods.
#[derive(Serialize)]
pub(in crate::gateway::dintero) struct Body<'a> {
    pub(in crate::gateway::dintero) url: Urls<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::gateway::dintero) customer: Option<Customer<'a>>,
    pub(in crate::gateway::dintero) order: Order<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::gateway::dintero) profile_id: Option<&'a str>,
    pub(in crate::gateway::dintero) configuration: Configuration<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::gateway::dintero) express: Option<Express>,
    /// RFC 3339 in UTC.
    pub(in crate::gateway::dintero) expires_at: String,
    pub(in crate::gateway::dintero) metadata: Metadata,
}

#[derive(Serialize)]
pub(in crate::gateway::dintero) struct Urls<'a> {
    pub(in crate::gateway::dintero) return_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::gateway::dintero) merchant_terms_url: Option<&'a str>,
}

#[derive(Serialize)]
pub(in crate::gateway::dintero) struct Customer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::gateway::dintero) email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::gateway::dintero) phone_number: Option<&'a str>,
}

#[derive(Serialize)]
pub(in crate::gateway::dintero) struct Order<'a> {
    /// Minor units: the sum of the lines, which the provider checks.
    pub(in crate::gateway::dintero) amount: i32,
    pub(in crate::gateway::dintero) currency: &'a str,
    pub(in crate::gateway::dintero) vat_amount: i32,
    pub(in crate::gateway::dintero) merchant_reference: &'a str,
    /// What the payment report shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::gateway::dintero) event_reference: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::gateway::dintero) shipping_address: Option<Address<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::gateway::dintero) billing_address: Option<Address<'a>>,
    pub(in crate::gateway::dintero) items: Vec<Item<'a>>,
}

/// `OrderAddress`; no phone number, so that an address never makes the provider send (rule 12).
#[derive(Clone, Serialize)]
pub(in crate::gateway::dintero) struct Address<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::gateway::dintero) first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::gateway::dintero) last_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::gateway::dintero) business_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::gateway::dintero) address_line: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::gateway::dintero) address_line_2: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::gateway::dintero) postal_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::gateway::dintero) postal_place: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::gateway::dintero) country: Option<&'a str>,
}

#[derive(Serialize)]
pub(in crate::gateway::dintero) struct Item<'a> {
    pub(in crate::gateway::dintero) id: String,
    /// Unique in the order.
    pub(in crate::gateway::dintero) line_id: String,
    pub(in crate::gateway::dintero) description: &'a str,
    pub(in crate::gateway::dintero) quantity: Number,
    /// The line's total: VAT included, discount taken off.
    pub(in crate::gateway::dintero) amount: i32,
    pub(in crate::gateway::dintero) vat_amount: i32,
    /// Percent: 25, not 0.25.
    pub(in crate::gateway::dintero) vat: Number,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::gateway::dintero) discount_lines: Vec<DiscountLine>,
}

/// What was taken off a line; `amount` of the line is already less it.
#[derive(Serialize)]
pub(in crate::gateway::dintero) struct DiscountLine {
    pub(in crate::gateway::dintero) amount: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::gateway::dintero) percentage: Option<Number>,
    pub(in crate::gateway::dintero) discount_type: &'static str,
    pub(in crate::gateway::dintero) line_id: u32,
}

#[derive(Serialize)]
pub(in crate::gateway::dintero) struct Configuration<'a> {
    pub(in crate::gateway::dintero) auto_capture: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::gateway::dintero) publish: Vec<Publish>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::gateway::dintero) theme: Option<&'a Value>,
    /// `{"bambora":{"vipps":{"enabled":true}}}`.
    #[serde(flatten)]
    pub(in crate::gateway::dintero) methods: Map<String, Value>,
}

#[derive(Serialize)]
pub(in crate::gateway::dintero) struct Publish {
    pub(in crate::gateway::dintero) r#type: &'static str,
    pub(in crate::gateway::dintero) channel: &'static str,
}

#[derive(Serialize)]
pub(in crate::gateway::dintero) struct Express {
    pub(in crate::gateway::dintero) shipping_options: [(); 0],
    pub(in crate::gateway::dintero) shipping_mode: &'static str,
    pub(in crate::gateway::dintero) customer_types: &'static [&'static str],
}

/// Ours; keys with `ext_` are free for merchants (facts 2.3).
#[derive(Serialize)]
pub(in crate::gateway::dintero) struct Metadata {
    pub(in crate::gateway::dintero) ext_paylink_order: String,
    pub(in crate::gateway::dintero) ext_paylink_entry: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Created {
    #[serde(deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    url: Option<String>,
    #[serde(deserialize_with = "lenient::list")]
    publish: Vec<Sent>,
}

/// What the provider made of it. `plain` says whether a link in the clear may lead to this machine: a sandbox's does.
///
/// # Errors
/// `NoId` for JSON without a session id: a session may or may not be there.
pub(in crate::gateway::dintero) fn read_created(value: Value, plain: bool) -> Result<CreatedSession, Fault> {
    let read: Created = serde_json::from_value(value).map_err(|_| Fault::NoId)?;
    Ok(CreatedSession {
        id: read.id.ok_or(Fault::NoId)?,
        url: read_link(read.url.as_deref(), plain),
        published: published(read.publish),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::{PublishStatus, Published};
    use serde_json::json;

    #[test]
    fn the_documented_answer_is_read() {
        let created = read_created(
            json!({
                "id": "T12000001.4XinCpySVmB1ABreRCBqNi",
                "url": "https://checkout.dintero.com/v1/view/T12000001.4XinCpySVmB1ABreRCBqNi",
                "publish": [{"channel": "sms", "type": "checkout-link", "id": "x", "status": "sent"}, {"type": "app"}]
            }),
            false,
        )
        .unwrap();
        assert_eq!(created.id, "T12000001.4XinCpySVmB1ABreRCBqNi");
        assert_eq!(created.published, [Published { push: false, status: Some(PublishStatus::Sent) }]);
    }

    #[test]
    fn an_answer_without_an_id_never_passes_for_a_session() {
        for odd in [json!({}), json!([]), json!({"url": "https://x"}), json!({"id": ""}), json!({"id": null})] {
            assert_eq!(read_created(odd.clone(), false), Err(Fault::NoId), "{odd}");
        }
    }
}
