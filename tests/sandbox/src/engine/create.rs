//! Making a session, and changing the order of one that nobody has opened.

use serde_json::{Map, Value, json};

use super::profile::overlay;
use super::session::Session;
use super::{ApiError, Engine, check, enabled_methods};
use crate::clock::parse_rfc3339;
use crate::options::Duplicates;

/// Which of the two endpoints makes the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreateForm {
    /// `POST sessions-profile`: the configuration comes from a profile and may be overridden.
    Profile,
    /// `POST sessions`: the whole configuration is in the request.
    Full,
}

/// A new session.
#[derive(Clone, Debug)]
pub struct Created {
    /// Its id.
    pub id: String,
    /// The link.
    pub url: String,
    /// The reply's body, without `session`.
    pub body: Value,
}

/// The fields of a request that a read returns.
const KEPT: [&str; 7] = ["url", "order", "customer", "configuration", "express", "merchant", "checkboxes"];

impl Engine {
    /// Makes a session. `strict` is the toggle `strict-session-amounts`.
    ///
    /// # Errors
    /// 403 without the right, 400 for a request that breaks a rule, 400 or 409 for a duplicate
    /// reference where the options refuse it.
    pub fn create_session(&mut self, form: CreateForm, body: &Value, strict: bool) -> Result<Created, ApiError> {
        self.tick();
        let now = self.now_ms();
        let mut wrong = check::create(form, body, now);
        if let Some(max) = self.options.max_description {
            wrong.extend(check::too_long(&body["order"], max));
        }
        if wrong.is_empty() && strict {
            wrong.extend(check::sum(&body["order"]));
        }
        if !wrong.is_empty() {
            return Err(ApiError::invalid(wrong));
        }
        self.refuse_duplicate(&body["order"]["merchant_reference"])?;
        let (profile_id, configuration) = self.configuration(form, body)?;

        let mut options: Map<String, Value> =
            KEPT.iter().filter_map(|key| Some(((*key).to_owned(), body.get(*key)?.clone()))).collect();
        options.insert("configuration".to_owned(), configuration);
        if let Some(terms) = profile_id.as_ref().and_then(|id| self.profile(id)?.terms_url.as_ref())
            && let Some(url) = options.get_mut("url").and_then(Value::as_object_mut)
        {
            // assumption: a session takes its profile's terms when the request names none.
            url.entry("merchant_terms_url").or_insert_with(|| json!(terms));
        }
        let order = &body["order"];
        let id = self.ids.object(&self.options.account);
        let session = Session {
            id: id.clone(),
            merchant_reference: order["merchant_reference"].as_str().unwrap_or_default().to_owned(),
            amount: order["amount"].as_i64().unwrap_or_default(),
            currency: order["currency"].as_str().unwrap_or_default().to_owned(),
            profile_id,
            metadata: body["metadata"].as_object().cloned().unwrap_or_default(),
            created_at_ms: now,
            updated_at_ms: now,
            expires_at_ms: body["expires_at"]
                .as_str()
                .and_then(parse_rfc3339)
                .unwrap_or_else(|| now.saturating_add(self.options.default_life_ms)),
            cancelled_at_ms: None,
            cancelled_by: None,
            transaction_id: None,
            customer_ip: None,
            user_agent: None,
            events: Vec::new(),
            publish: Vec::new(),
            options,
        };
        self.sessions.insert(id.clone(), session);
        self.note(&id, "INITIATED", None);
        self.publish(&id);

        let url = self.link(&id);
        let mut reply = json!({ "id": id, "url": url });
        let publish = self.session(&id).map(|session| session.publish.as_slice()).unwrap_or_default();
        if !publish.is_empty() {
            reply["publish"] = publish.iter().map(super::Published::read).collect();
        }
        Ok(Created { id, url, body: reply })
    }

    fn refuse_duplicate(&self, reference: &Value) -> Result<(), ApiError> {
        match self.options.duplicates {
            Duplicates::Refused(status)
                if self.sessions().iter().any(|known| reference == known.merchant_reference.as_str()) =>
            {
                let code = if status == 409 { "CONFLICT" } else { "BAD_REQUEST" };
                Err(ApiError::new(status, code, "merchant_reference is already used"))
            }
            _ => Ok(()),
        }
    }

    /// The session's configuration: the profile's with the request's on top, the merchant, and for
    /// each method whether it can be used.
    fn configuration(&self, form: CreateForm, body: &Value) -> Result<(Option<String>, Value), ApiError> {
        let unknown = |id: &str| {
            ApiError::invalid(vec![
                json!({ "field": "profile_id", "message": format!("profile_id {id} does not exist") }),
            ])
        };
        let (profile, mut configuration) = match form {
            CreateForm::Full => (None, json!({})),
            CreateForm::Profile => {
                let id = body["profile_id"].as_str().unwrap_or_default();
                let profile = self.profile(id).ok_or_else(|| unknown(id))?;
                (Some(profile), profile.configuration())
            }
        };
        if let Some(over) = body.get("configuration") {
            overlay(&mut configuration, over);
        }
        let methods = enabled_methods(&configuration, &self.account_methods());
        if methods.is_empty() {
            // assumption: a session that nobody could pay is refused.
            return Err(ApiError::new(400, "BAD_REQUEST", "no payment type is enabled"));
        }
        let currency = body["order"]["currency"].as_str().unwrap_or_default();
        for method in methods {
            method.switch_on(&mut configuration);
            let payability = if method.accepts(currency) { "payable" } else { "disabled_by_gateway" };
            if let Some(place) = configuration.pointer_mut(&method.pointer()) {
                place["payability"] = json!(payability);
            }
        }
        let shown = profile.or_else(|| self.options.profiles.first());
        configuration["merchant"] = json!({
            "id": self.options.account,
            "logo_url": super::profile::LOGO_URL,
            "name": shown.map(|profile| profile.merchant_name.as_str()).unwrap_or_default(),
            "country": shown.map(|profile| profile.country.as_str()).unwrap_or_default(),
        });
        Ok((profile.map(|profile| profile.id.clone()), configuration))
    }

    /// `PUT sessions/{id}`: a new order for a session that nobody has opened.
    /// assumption: without `update_without_lock`, or after a visit, the answer is 400, since the
    /// sandbox has no pay locks.
    ///
    /// # Errors
    /// 404, 400.
    pub fn update_session(&mut self, id: &str, body: &Value, without_lock: bool) -> Result<Value, ApiError> {
        self.payable(id)?;
        let session = self.find_session(id)?;
        if !without_lock || session.visited() {
            return Err(ApiError::new(400, "BAD_REQUEST", "the session has to be locked first"));
        }
        let mut order = session.order().clone();
        for key in ["amount", "vat_amount", "items", "shipping_option", "discount_lines"] {
            if let Some(value) = body["order"].get(key) {
                order[key] = value.clone();
            }
        }
        let mut checked = session.options.clone();
        checked.insert("order".to_owned(), order.clone());
        let mut wrong = check::create(CreateForm::Full, &Value::Object(checked), self.now_ms());
        wrong.extend(check::sum(&order));
        if !wrong.is_empty() {
            return Err(ApiError::invalid(wrong));
        }
        let amount = order["amount"].as_i64().unwrap_or_default();
        if let Some(session) = self.sessions.get_mut(id) {
            session.amount = amount;
            *session.order_mut() = order;
        }
        self.note(id, "UPDATE_SESSION", None);
        self.changed_session(id)
    }
}
