//! The token request and its answer (facts 1.2).

use super::lenient;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

/// What is posted for a token.
#[derive(Serialize)]
pub(in crate::gateway::dintero) struct TokenBody<'a> {
    grant_type: &'static str,
    audience: &'a str,
}

impl<'a> TokenBody<'a> {
    pub(in crate::gateway::dintero) fn new(audience: &'a str) -> Self {
        Self { grant_type: "client_credentials", audience }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct AccessToken {
    #[serde(deserialize_with = "lenient::text")]
    access_token: Option<String>,
    #[serde(deserialize_with = "lenient::whole")]
    expires_in: Option<i64>,
}

/// The token and its life, or `None` when there is no token in it. A life that is not told is none: such a token is
/// used once.
pub(in crate::gateway::dintero) fn read_token(value: Value) -> Option<(SecretString, Duration)> {
    let read: AccessToken = serde_json::from_value(value).ok()?;
    let life = Duration::from_secs(read.expires_in.and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or(0));
    let token = read.access_token.filter(|token| can_stand_in_a_header(token))?;
    Some((token.into(), life))
}

/// Whether a token can be sent at all.
pub(in crate::gateway::dintero) fn can_stand_in_a_header(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|one| one.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;
    use serde_json::json;

    #[test]
    fn the_request_is_the_documented_one() {
        let body = serde_json::to_value(TokenBody::new("https://api.dintero.com/v1/accounts/T12345678")).unwrap();
        assert_eq!(
            body,
            json!({"grant_type": "client_credentials", "audience": "https://api.dintero.com/v1/accounts/T12345678"})
        );
    }

    #[test]
    fn the_documented_answer_is_read() {
        let answer = json!({"access_token": "eyJhbGci...t7P4", "token_type": "Bearer", "expires_in": 14400});
        let (token, life) = read_token(answer).unwrap();
        assert_eq!(token.expose_secret(), "eyJhbGci...t7P4");
        assert_eq!(life, Duration::from_secs(14_400));
    }

    #[test]
    fn an_answer_without_a_usable_token_is_none() {
        for odd in [json!({}), json!([]), json!({"access_token": ""}), json!({"access_token": "a\nb"})] {
            assert!(read_token(odd.clone()).is_none(), "{odd}");
        }
        assert_eq!(read_token(json!({"access_token": "a", "expires_in": -4})).unwrap().1, Duration::ZERO);
    }
}
