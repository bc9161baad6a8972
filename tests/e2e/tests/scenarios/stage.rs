//! Where a scenario is played: one sandbox for all of them, a core of its own for each.

use crate::canonical::{PREFIX, Seen, only};
use crate::{Scenario, Step, call, setup};
use paylink_core::account::{Config, Ports, SecureStore};
use paylink_core::clock::SystemClock;
use paylink_core::{Paylink, PaylinkError};
use paylink_e2e::MemoryStore;
use paylink_sandbox::{Options, Sandbox};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// What was made by two steps is never of the same millisecond: lists are sorted by it.
const BETWEEN: Duration = Duration::from_millis(2);

/// The sandbox, and the core of the scenario that is being played.
pub struct Stage {
    runtime: Runtime,
    sandbox: Sandbox,
    http: reqwest::Client,
    played: Option<Played>,
}

struct Played {
    folder: TempDir,
    secure: Arc<MemoryStore>,
    config: Map<String, Value>,
    core: Paylink,
    seen: Seen,
}

/// What a step came to, before placeholders.
type Came = Result<Value, Value>;

impl Stage {
    pub fn build() -> Self {
        // The client wants one even for plain HTTP.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let runtime = Runtime::new().unwrap();
        let sandbox = runtime.block_on(Sandbox::start(Options::default())).unwrap();
        Self { runtime, sandbox, http: reqwest::Client::new(), played: None }
    }

    /// A fresh provider and a fresh core.
    pub fn begin(&mut self, scenario: &Scenario) {
        let account = self.provider("reset", json!({ "options": scenario.sandbox })).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let text = |name: &str| account[name].as_str().unwrap().to_owned();
        let seen = Seen::at(text("origin"), folder.path().join("data").to_string_lossy().into_owned());
        let mut config = Map::new();
        for (name, value) in [
            ("data_dir", seen.data_dir.as_str()),
            ("account", &text("account")),
            ("origin", &seen.origin),
            ("return_url", "https://example.com/thanks"),
            ("seller_name", "Skogens Honning AS"),
            ("reference_prefix", PREFIX),
        ] {
            config.insert(name.to_owned(), Value::from(value));
        }
        config.extend(seen.resolve_all(&scenario.config));
        let secure = Arc::new(MemoryStore::default());
        let core = open(&config, &secure).unwrap();
        if scenario.signed_in {
            let (id, secret) = (text("client_id"), text("client_secret"));
            self.runtime.block_on(core.sign_in(&id, &secret)).unwrap();
        }
        self.played = Some(Played { folder, secure, config, core, seen });
    }

    /// Lets go of the scenario's core and its folder.
    pub fn end(&mut self) {
        if let Some(played) = self.played.take() {
            played.core.close();
            played.folder.close().unwrap();
        }
    }

    /// What a step came to, with placeholders.
    pub fn play(&mut self, step: &Step) -> Came {
        std::thread::sleep(BETWEEN);
        let played = self.played.as_ref().unwrap();
        let arguments = played.seen.resolve_all(&step.arguments);
        let came = match (&step.call, &step.provider, &step.shell) {
            (Some(name), None, None) => {
                let without_core = setup::call(name, &arguments, &played.config);
                without_core
                    .map_or_else(|| call::call(&played.core, self.runtime.handle(), name, arguments), Ok)
                    .map_err(|error| written(&error))
            }
            (None, Some(what), None) => self.provider(what, Value::Object(arguments)),
            (None, None, Some(what)) => self.shell(what, arguments).map_err(|error| written(&error)),
            _ => panic!("a step is one of call, provider and shell: {}", step.title()),
        };
        let seen = &mut self.played.as_mut().unwrap().seen;
        match (came, &step.only) {
            (Err(error), _) => Err(seen.canonical(error)),
            (Ok(value), None) => Ok(seen.canonical(value)),
            (Ok(value), Some(fields)) => Ok(only(seen.canonical(value), fields)),
        }
    }

    fn provider(&self, what: &str, mut command: Value) -> Came {
        command["do"] = json!(what);
        let asked = self.http.post(format!("{}/sandbox/do", self.sandbox.origin())).json(&command).send();
        let answer: Value = self.runtime.block_on(async { asked.await.unwrap().json().await.unwrap() });
        match answer.get("error") {
            Some(error) => Err(json!({ "code": error["code"], "message": error["message"] })),
            None => Ok(answer["result"].clone()),
        }
    }

    fn shell(&mut self, what: &str, arguments: Map<String, Value>) -> Result<Value, PaylinkError> {
        let played = self.played.as_mut().unwrap();
        match what {
            "reopen" => {
                played.core.close();
                played.config.extend(arguments);
                played.core = open(&played.config, &played.secure)?;
            }
            "open_another" => {
                let mut config = played.config.clone();
                config.insert("data_dir".to_owned(), Value::from(format!("{}-another", played.seen.data_dir)));
                config.extend(arguments);
                open(&config, &played.secure)?.close();
            }
            "lock_secure_store" => played.secure.lock(true),
            "unlock_secure_store" => played.secure.lock(false),
            other => panic!("no shell does {other}"),
        }
        Ok(Value::Null)
    }
}

fn open(config: &Map<String, Value>, secure: &Arc<MemoryStore>) -> Result<Paylink, PaylinkError> {
    let config: Config = serde_json::from_value(Value::Object(config.clone())).unwrap();
    let secure_store: Arc<dyn SecureStore> = Arc::clone(secure) as Arc<dyn SecureStore>;
    let ports = Ports { secure_store, token_source: None };
    Paylink::open_unscheduled(&config, ports, Arc::new(SystemClock::default()))
}

fn written(error: &PaylinkError) -> Value {
    serde_json::to_value(error).unwrap()
}
