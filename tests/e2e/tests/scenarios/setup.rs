//! The calls that need no core: set-up links and invitations.

use paylink_core::account::Config;
use paylink_core::clock::{Clock, PhoneTime, SystemClock};
use paylink_core::setup::{self, Credentials};
use serde_json::{Map, Value, json};

/// Makes the call, if it is one of these. `config` is the scenario's, over which the argument `current` is laid.
pub fn call(name: &str, given: &Map<String, Value>, config: &Map<String, Value>) -> Option<Value> {
    let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_else(|| panic!("it takes {name}"));
    let current = || {
        let over = given.get("current").filter(|given| !given.is_null())?.as_object().expect("fields");
        let mut laid = config.clone();
        laid.extend(over.clone());
        Some(serde_json::from_value::<Config>(Value::Object(laid)).expect("a configuration"))
    };
    let takes = |names: &[&str]| {
        let unknown: Vec<_> = given.keys().filter(|one| !names.contains(&one.as_str())).collect();
        assert!(unknown.is_empty(), "{name} takes no {unknown:?}");
    };
    let now = PhoneTime::from_ms(SystemClock::default().wall_ms());
    let check = match name {
        "check_setup" => {
            takes(&["text", "current"]);
            setup::check(text("text"), current().as_ref(), now)
        }
        "open_invitation" => {
            takes(&["text", "code", "current"]);
            setup::open(text("text"), text("code"), current().as_ref(), now)
        }
        _ => return None,
    };
    let mut came = json!(check);
    came["credentials"] = json!(check.credentials.as_ref().map(shown));
    Some(came)
}

fn shown(credentials: &Credentials) -> Value {
    json!({ "client_id": credentials.client_id(), "client_secret": credentials.client_secret() })
}
