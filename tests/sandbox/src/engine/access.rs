//! Tokens: opaque, ended by the sandbox's clock, revocable.

use serde_json::{Value, json};

use super::{ApiError, Engine};

impl Engine {
    /// The client-credentials grant. `credentials` are client id and secret, `body` is the request.
    ///
    /// # Errors
    /// 401 for wrong credentials or a foreign account, 400 for a wrong grant type or audience.
    pub fn issue_token(
        &mut self,
        account: &str,
        credentials: Option<(&str, &str)>,
        body: &Value,
    ) -> Result<Value, ApiError> {
        let known = (self.options.client_id.as_str(), self.options.client_secret.as_str());
        if credentials != Some(known) || account != self.options.account {
            return Err(ApiError::new(401, "UNAUTHORIZED", "Invalid client credentials"));
        }
        if body["grant_type"] != "client_credentials" {
            return Err(ApiError::new(400, "BAD_REQUEST", "grant_type must be client_credentials"));
        }
        if !self.is_audience(body["audience"].as_str().unwrap_or_default()) {
            return Err(ApiError::new(400, "BAD_REQUEST", "audience does not name this account"));
        }
        let token = self.ids.token();
        let life_s = self.options.token_life_s;
        self.tokens.insert(token.clone(), self.now_ms().saturating_add(life_s.saturating_mul(1000)));
        Ok(json!({ "access_token": token, "token_type": "Bearer", "expires_in": life_s }))
    }

    /// `https://HOST/v1/accounts/AID`, also with the account as user part.
    /// assumption: any host is taken, as a sandbox has no host of its own.
    fn is_audience(&self, audience: &str) -> bool {
        url::Url::parse(audience)
            .is_ok_and(|url| url.path().trim_end_matches('/') == format!("/v1/accounts/{}", self.options.account))
    }

    /// # Errors
    /// 401 when the token was never given, was revoked, or has ended.
    pub fn check_token(&self, token: Option<&str>) -> Result<(), ApiError> {
        let ends_at = token.and_then(|token| self.tokens.get(token));
        match ends_at {
            Some(ends_at) if self.now_ms() < *ends_at => Ok(()),
            _ => Err(ApiError::new(401, "UNAUTHORIZED", "Unauthorized")),
        }
    }

    /// Makes every token given so far worthless.
    pub fn revoke_tokens(&mut self) {
        self.tokens.clear();
    }

    /// Replaces the secret with one that nobody knows, and revokes the tokens.
    pub fn revoke_secret(&mut self) {
        self.options.client_secret = self.ids.uuid();
        self.revoke_tokens();
    }
}
