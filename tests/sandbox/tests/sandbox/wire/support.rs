//! A client of the sandbox that a test can read like a sentence.

use paylink_sandbox::{Options, PayOutcome, Sandbox};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

/// 2026-03-01T10:00:00Z
pub const START_MS: i64 = 1_772_359_200_000;
pub const HOUR_MS: i64 = 3_600_000;

pub struct Shop {
    pub sandbox: Sandbox,
    pub http: Client,
    pub token: String,
}

pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn read(response: Response) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The field that a 400 names first.
    pub fn wrong_field(&self) -> String {
        assert_eq!(self.status, 400, "{}", self.text);
        self.json()["error"]["errors"][0]["field"].as_str().unwrap_or_default().to_owned()
    }
}

impl Shop {
    /// A signed-in client of a sandbox whose clock stands still.
    pub async fn open() -> Self {
        Self::with(Options::deterministic(START_MS, 1)).await
    }

    pub async fn with(options: Options) -> Self {
        // The client library wants one even for plain HTTP; a second test finds it installed.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let sandbox = Sandbox::start(options).await.unwrap();
        let http = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let mut shop = Self { sandbox, http, token: String::new() };
        let reply = shop.sign_in("sandbox-client", "sandbox-secret").await;
        shop.token = reply.json()["access_token"].as_str().unwrap().to_owned();
        shop
    }

    pub async fn sign_in(&self, id: &str, secret: &str) -> Answer {
        let account = self.sandbox.engine(|engine| engine.options().account.clone());
        let audience = format!("https://api.dintero.com/v1/accounts/{account}");
        let body = json!({ "grant_type": "client_credentials", "audience": audience });
        self.grant(&account, id, secret, &body).await
    }

    pub async fn grant(&self, account: &str, id: &str, secret: &str, body: &Value) -> Answer {
        let path = format!("/v1/accounts/{account}/auth/token");
        self.send(self.request(Method::POST, &path).basic_auth(id, Some(secret)).json(body)).await
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.sandbox.origin()))
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        Answer::read(request.send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).bearer_auth(&self.token)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).bearer_auth(&self.token).json(body)).await
    }

    pub async fn form(&self, path: &str, fields: &str) -> Answer {
        let request = self.request(Method::POST, path).header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(fields.to_owned())).await
    }

    /// Makes a session and answers its id.
    pub async fn session(&self, body: &Value) -> String {
        let made = self.post("/v1/sessions-profile", body).await;
        assert_eq!(made.status, 200, "{}", made.text);
        made.json()["id"].as_str().unwrap().to_owned()
    }

    /// A paid session: session id and transaction id.
    pub async fn paid(&self, body: &Value, method: &str) -> (String, String) {
        let session = self.session(body).await;
        let transaction = self.sandbox.pay(&session, method, PayOutcome::Authorize).unwrap().unwrap();
        (session, transaction)
    }

    pub async fn session_events(&self, id: &str) -> Vec<String> {
        let read = self.get(&format!("/v1/sessions/{id}")).await.json();
        read["events"].as_array().unwrap().iter().map(|event| event["name"].as_str().unwrap().to_owned()).collect()
    }
}

/// The smallest order that a profile can sell.
pub fn order(reference: &str) -> Value {
    json!({
        "url": { "return_url": "https://example.com/return" },
        "order": {
            "amount": 29990, "currency": "NOK", "merchant_reference": reference,
            "items": [{
                "id": "chair-1", "line_id": "1", "description": "Stablestol", "quantity": 1,
                "amount": 29990, "vat_amount": 5998, "vat": 25
            }]
        },
        "profile_id": "default"
    })
}

/// The same with one field set to something else; `path` is a JSON pointer whose parents exist.
pub fn with(mut body: Value, path: &str, value: Value) -> Value {
    let (parent, name) = path.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap()[name] = value;
    body
}

pub fn without(mut body: Value, path: &str) -> Value {
    let (parent, name) = path.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
    body
}

pub const VIPPS: &str = "dintero_psp.vipps";

/// Captures, refunds or voids over the wire.
pub async fn operate(shop: &Shop, id: &str, what: &str, body: &Value) -> Answer {
    shop.post(&format!("/v1/transactions/{id}/{what}"), body).await
}
