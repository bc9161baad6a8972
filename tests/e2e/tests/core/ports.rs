//! The shell's own abilities when they do not answer: who waits for them says so, and goes on once they do.

use paylink_core::Paylink;
use paylink_core::account::{Config, Ports, TokenSource};
use paylink_core::gateway::SignInReason;
use paylink_core::gateway::dintero::Timeouts;
use paylink_core::link::LinkStatus;
use paylink_e2e::{MemoryStore, config, honey, memory_folder};
use paylink_sandbox::{Options, Sandbox};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long the core waits for an answer of the shell here.
const TIMEOUT: Duration = Duration::from_millis(400);

/// A merchant's server that hangs until it is let go, and then has a token.
struct Hanging {
    held: Mutex<Receiver<()>>,
    let_go: AtomicBool,
    token: String,
}

impl TokenSource for Hanging {
    fn token(&self, _force_refresh: bool) -> Result<String, SignInReason> {
        if !self.let_go.load(Ordering::SeqCst) {
            let _ = self.held.lock().unwrap().recv();
        }
        Ok(self.token.clone())
    }
}

async fn token(sandbox: &Sandbox, options: &Options, account: &str) -> String {
    let _installed = rustls::crypto::ring::default_provider().install_default();
    let url = format!("{}/v1/accounts/{account}/auth/token", sandbox.origin());
    let body = serde_json::json!({ "grant_type": "client_credentials", "audience": format!("https://api.dintero.com/v1/accounts/{account}") });
    let request = reqwest::Client::new().post(url).basic_auth(&options.client_id, Some(&options.client_secret));
    let answer = request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap();
    let answer: serde_json::Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_source_that_hangs_is_named_holds_nobody_and_is_asked_again() {
    let options = Options::default();
    let sandbox = Sandbox::start(options.clone()).await.unwrap();
    let folder = memory_folder();
    let timeouts = Timeouts { connect: TIMEOUT, write: TIMEOUT, read: TIMEOUT };
    let config = Config { timeouts, ..config(folder.path(), &sandbox.origin()) };
    let (lets_go, held) = channel();
    let token = token(&sandbox, &options, &config.account).await;
    let source = Arc::new(Hanging { held: Mutex::new(held), let_go: AtomicBool::new(false), token });
    let ports = Ports {
        secure_store: Arc::new(MemoryStore::default()),
        token_source: Some(Arc::clone(&source) as Arc<dyn TokenSource>),
    };
    let core = Paylink::open(&config, ports).unwrap();
    let id = core.create(&honey()).unwrap().id;
    let deadline = Instant::now() + Duration::from_secs(20);
    let until = |what: &str, is: &dyn Fn() -> bool| {
        while !is() {
            assert!(Instant::now() < deadline, "waited for {what}: {:?}", core.link(id));
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    let says = || core.link(id).unwrap().reason.is_some_and(|reason| reason.code.code() == "no_token");
    until("the reason", &says);
    assert_eq!(core.link(id).unwrap().status, LinkStatus::Queued, "nothing has left");
    assert_eq!(core.account().unwrap().paused, None, "nobody is signed out");
    assert!(sandbox.sessions().is_empty());
    let other = core.create(&honey()).unwrap().id;
    source.let_go.store(true, Ordering::SeqCst);
    drop(lets_go);
    core.network_changed(true).unwrap();
    until("the link", &|| core.link(id).unwrap().status == LinkStatus::Open);
    until("the other one", &|| core.link(other).unwrap().status == LinkStatus::Open);
    assert_eq!(sandbox.sessions().len(), 2);
    core.close();
}
