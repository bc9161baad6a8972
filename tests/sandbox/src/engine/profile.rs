//! Payment profiles as the admin endpoints answer them and as sessions take them over.

use serde_json::{Value, json};

use super::{ApiError, Engine, Method};
use crate::clock::rfc3339;
use crate::options::Profile;

/// The merchants' logo; nobody fetches it.
pub(super) const LOGO_URL: &str = "https://example.com/logo.png";
/// When the sandbox's profiles were made; nothing depends on it.
const PROFILE_CREATED_MS: i64 = 1_735_689_600_000;

impl Profile {
    /// `configuration` of the profile.
    pub(super) fn configuration(&self) -> Value {
        let mut configuration = json!({ "auto_capture": self.auto_capture, "channel": "ecommerce" });
        for method in self.methods.iter().filter_map(|name| Method::parse(name)) {
            method.switch_on(&mut configuration);
        }
        if self.publishes {
            configuration["publish"] = json!([{ "type": "checkout-link", "channel": "sms" }]);
        }
        configuration
    }

    fn read(&self, account: &str) -> Value {
        let mut url = json!({});
        if let Some(terms) = &self.terms_url {
            url["merchant_terms_url"] = json!(terms);
        }
        json!({
            "profile_id": self.id,
            "description": self.description,
            "created_at": rfc3339(PROFILE_CREATED_MS),
            "updated_at": rfc3339(PROFILE_CREATED_MS),
            "created_by": account,
            "merchant": { "id": account, "name": self.merchant_name, "logo_url": LOGO_URL, "country": self.country },
            "url": url,
            "configuration": self.configuration(),
        })
    }
}

impl Engine {
    /// The profile that `profile_id` names; `default` is always the first one.
    pub(super) fn profile(&self, id: &str) -> Option<&Profile> {
        let profiles = &self.options.profiles;
        profiles.iter().find(|profile| profile.id == id).or_else(|| profiles.first().filter(|_| id == "default"))
    }

    /// `GET admin/session/profiles/{profile_id}`.
    ///
    /// # Errors
    /// 403 without the right, 404 when there is none.
    pub fn read_profile(&self, id: &str) -> Result<Value, ApiError> {
        if !self.options.rights.profile {
            return Err(forbidden());
        }
        let profile = self.profile(id).ok_or_else(|| ApiError::not_found("profile"))?;
        Ok(profile.read(&self.options.account))
    }

    /// `GET admin/session/profiles`.
    ///
    /// # Errors
    /// 403 without the right.
    pub fn list_profiles(&self, limit: usize, starting_after: Option<&str>) -> Result<Value, ApiError> {
        if !self.options.rights.profile_list {
            return Err(forbidden());
        }
        let profiles = &self.options.profiles;
        let start = match starting_after {
            Some(id) => profiles.iter().position(|profile| profile.id == id).map_or(profiles.len(), |at| at + 1),
            None => 0,
        };
        Ok(profiles.iter().skip(start).take(limit).map(|profile| profile.read(&self.options.account)).collect())
    }

    /// Every method that any profile of the account offers.
    pub(super) fn account_methods(&self) -> Vec<Method> {
        self.options
            .profiles
            .iter()
            .flat_map(|profile| &profile.methods)
            .filter_map(|name| Method::parse(name))
            .collect()
    }
}

pub(super) fn forbidden() -> ApiError {
    ApiError::new(403, "FORBIDDEN", "Forbidden")
}

/// Lays `over` on top of `base`: objects field by field, everything else replaced.
/// assumption: that an override can switch a profile's method off follows from this.
pub(super) fn overlay(base: &mut Value, over: &Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                overlay(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, over) => *base = over.clone(),
    }
}
