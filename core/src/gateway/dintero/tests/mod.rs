//! The client over real loopback HTTP, and its bodies against the provider's description.

mod bodies;
mod creates;
mod description;
mod orders;
mod reads;
mod replies;
mod server;
mod settings;
mod tls;
mod tokens;
mod transport;

use super::{Dintero, Timeouts, Trust};
use crate::clock::{ServerClock, SystemClock};
use crate::gateway::{AccountId, Answer, CredentialSource, Credentials, Place, ProviderSettings, SignInReason};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const ACCOUNT: &str = "T12345678";
const SECRET: &str = "open-sesame";

/// Settings for a provider at this origin.
fn settings(origin: &str) -> ProviderSettings {
    ProviderSettings {
        account: AccountId::read(ACCOUNT).unwrap(),
        at: Place {
            origin: origin.to_owned(),
            api_prefix: "/v1".to_owned(),
            profile_id: "default".to_owned(),
            return_url: "https://example.com/thanks".to_owned(),
        },
        system_version: "0.1.0".to_owned(),
        trust: Trust::WebPki,
        timeouts: Timeouts {
            connect: Duration::from_secs(2),
            write: Duration::from_secs(2),
            read: Duration::from_secs(2),
        },
        transport: None,
    }
}

/// The client's id and secret, and how often they were asked for.
#[derive(Default)]
struct Keys {
    asked: AtomicUsize,
}

impl CredentialSource for Keys {
    fn credentials(&self, _refused: bool) -> Result<Credentials, SignInReason> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Ok(Credentials::Client { id: "client".to_owned(), secret: SECRET.into() })
    }
}

/// A source of ready tokens: the next one after each refusal.
struct Ready {
    tokens: Mutex<Vec<&'static str>>,
}

impl CredentialSource for Ready {
    fn credentials(&self, refused: bool) -> Result<Credentials, SignInReason> {
        let mut tokens = self.tokens.lock().unwrap();
        if refused && tokens.len() > 1 {
            tokens.remove(0);
        }
        Ok(Credentials::Token(tokens[0].into()))
    }
}

/// What became of a request, by its name.
fn name<T>(answer: &Answer<T>) -> &'static str {
    answer.as_ref().map_or_else(crate::gateway::NotDone::name, |_| "accepted")
}

fn clock() -> Arc<ServerClock> {
    Arc::new(ServerClock::new(Arc::new(SystemClock::default())))
}

fn client(origin: &str) -> Arc<Dintero> {
    client_with(settings(origin), Arc::new(Keys::default()), clock())
}

fn client_with(settings: ProviderSettings, source: Arc<dyn CredentialSource>, clock: Arc<ServerClock>) -> Arc<Dintero> {
    Arc::new(Dintero::new(settings, source, clock).unwrap())
}
