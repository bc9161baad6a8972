//! The provider's error body (facts 7.1): `{"error":{"code"?,"message","errors"?}}`, and OAuth's
//! `{"error":"invalid_client","error_description"?}`, which a token endpoint may speak.

use crate::gateway::Rejection;
use crate::gateway::dintero::policy;
use crate::text::cleaned;
use serde_json::Value;

/// The refusal in a body, or `None` when the body is not the provider's error.
pub(in crate::gateway::dintero) fn rejection(status: u16, body: &Value) -> Option<Rejection> {
    let (code, message) = match body.get("error")? {
        Value::Object(error) => (error.get("code"), error.get("message")),
        code @ Value::String(_) => (Some(code), body.get("error_description")),
        _ => return None,
    };
    let code = code.and_then(text).map(|code| cleaned(&code, policy::MAX_CODE));
    let message = message.and_then(text).map(|message| cleaned(&message, policy::MAX_MESSAGE));
    Some(Rejection { status, message: message.or_else(|| code.clone()).unwrap_or_default(), code })
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_refusal_is_told_apart_from_other_json() {
        let told = rejection(400, &json!({"error": {"code": "E1", "message": "no", "errors": [{}]}}));
        assert_eq!(told, Some(Rejection { status: 400, code: Some("E1".to_owned()), message: "no".to_owned() }));
        let oauth = rejection(401, &json!({"error": "invalid_client"}));
        assert_eq!(oauth.map(|one| one.message), Some("invalid_client".to_owned()));
        assert_eq!(rejection(403, &json!({"error": {"errors": []}})).map(|one| one.message), Some(String::new()));
        for other in [json!({"message": "Forbidden"}), json!([]), json!("error"), json!({"error": null})] {
            assert_eq!(rejection(400, &other), None, "{other}");
        }
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let long = "ø".repeat(policy::MAX_MESSAGE + 50);
        let told = rejection(400, &json!({"error": {"message": long, "code": 7}})).unwrap();
        assert_eq!(told.message.chars().count(), policy::MAX_MESSAGE);
        assert_eq!(told.code.as_deref(), Some("7"));
    }
}
