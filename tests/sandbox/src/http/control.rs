//! `POST /sandbox/do`: what happens at the provider, at the customer and in Backoffice, one command a request, so that
//! tests in any language drive a sandbox that is another process. `core/CONTRACT.md` section 10 lists the commands.
//!
//! Only this machine is answered, and only requests that say `application/json`, which a page in a browser cannot send
//! here. Scripted faults do not meet these requests, and they are not in the log. The answer is
//! `{"result": …}` or `{"error": {"code", "message"}}`.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::net::IpAddr;

use super::provider::{World, count};
use super::script::Script;
use super::{Fault, Reply, Request, route};
use crate::clock::{Clock, parse_rfc3339};
use crate::engine::{ApiError, Engine, Operation, OperationRequest, PayOutcome, Session};
use crate::options::Options;

/// The time at which a sandbox begins after `reset`: dates in texts to customers are the same in every run. It is ahead
/// of every phone, so that no link is over by the phone's clock; half a minute, so that a slow run tells the same minute.
const NOW: &str = "2035-05-21T08:00:30Z";
/// What customers pay with when a command names nothing else.
const METHOD: &str = "dintero_psp.creditcard";

/// A command: `do` says which.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
enum Command {
    Reset {
        #[serde(default)]
        options: Map<String, Value>,
    },
    Configure {
        options: Map<String, Value>,
    },
    Advance {
        ms: i64,
    },
    Visit(Of),
    Pay {
        session: Option<String>,
        reference: Option<String>,
        method: Option<String>,
        outcome: Option<PayOutcome>,
    },
    Finish {
        session: Option<String>,
        reference: Option<String>,
        outcome: PayOutcome,
    },
    Address {
        session: Option<String>,
        reference: Option<String>,
        address: Value,
    },
    Cancel(Of),
    Capture(Part),
    Refund(Part),
    Void(Part),
    FailNext {
        operation: Operation,
        message: String,
    },
    Fault(Box<Script>),
    ClearFaults {},
    RevokeTokens {},
    RevokeSecret {},
    Sessions {
        reference: Option<String>,
    },
    Inbox {},
    Count {
        method: String,
        path: String,
    },
}

/// Which session: by its id, or the newest with this merchant reference.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Of {
    session: Option<String>,
    reference: Option<String>,
}

/// An operation of the merchant on the payment of a session; without an amount: on all that is left.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    session: Option<String>,
    reference: Option<String>,
    amount: Option<i64>,
}

pub(super) fn is_for(request: &Request) -> bool {
    route::canonical(&request.path) == "/sandbox/do"
}

pub(super) fn answer(world: &mut World, request: &Request) -> Reply {
    match perform(world, request) {
        Ok(result) => Reply::json(200, &json!({ "result": result })),
        Err(error) => error.into(),
    }
}

fn perform(world: &mut World, request: &Request) -> Result<Value, ApiError> {
    let peer = request.peer.as_ref().and_then(|peer| peer.parse::<IpAddr>().ok());
    if !peer.is_some_and(|peer| peer.is_loopback()) {
        return Err(ApiError::new(403, "FORBIDDEN", "only this machine may say what happens"));
    }
    if request.method != "POST" {
        return Err(ApiError::new(405, "METHOD_NOT_ALLOWED", "POST"));
    }
    if !request.get("content-type").is_some_and(|kind| kind.starts_with("application/json")) {
        return Err(ApiError::new(415, "UNSUPPORTED_MEDIA_TYPE", "application/json"));
    }
    let command = serde_json::from_value(request.read_json()?).map_err(wrong)?;
    obey(world, command)
}

fn wrong(error: serde_json::Error) -> ApiError {
    ApiError::new(400, "BAD_REQUEST", error.to_string())
}

fn obey(world: &mut World, command: Command) -> Result<Value, ApiError> {
    let engine = &mut world.engine;
    engine.tick();
    match command {
        Command::Reset { options } => {
            let fresh = reset(engine.options(), options)?;
            world.faults.clear();
            world.requests.clear();
            let begun = json!({
                "origin": fresh.origin, "account": fresh.account,
                "client_id": fresh.client_id, "client_secret": fresh.client_secret,
            });
            world.engine = Engine::new(fresh);
            return Ok(begun);
        }
        Command::Configure { options } => *engine.options_mut() = changed(engine.options(), options)?,
        Command::Advance { ms } => {
            engine.options().clock.advance(ms);
            engine.tick();
        }
        Command::Visit(of) => engine.visit(&of.id(engine)?, None, None)?,
        Command::Pay { session, reference, method, outcome } => {
            let id = Of { session, reference }.id(engine)?;
            let outcome = outcome.unwrap_or(PayOutcome::Authorize);
            let transaction = engine.pay(&id, method.as_deref().unwrap_or(METHOD), outcome)?;
            return Ok(json!({ "transaction": transaction }));
        }
        Command::Finish { session, reference, outcome } => {
            let transaction = Of { session, reference }.transaction(engine)?;
            engine.finish_payment(&transaction, outcome)?;
        }
        Command::Address { session, reference, address } => {
            let id = Of { session, reference }.id(engine)?;
            engine.set_address(&id, &address, None)?;
        }
        Command::Cancel(of) => {
            engine.cancel_session(&of.id(engine)?)?;
        }
        Command::Capture(part) => return operate(engine, Operation::Capture, part),
        Command::Refund(part) => return operate(engine, Operation::Refund, part),
        Command::Void(part) => return operate(engine, Operation::Void, part),
        Command::FailNext { operation, message } => engine.fail_next(operation, &message),
        Command::Fault(script) => world.faults.push(Fault::from(*script)),
        Command::ClearFaults {} => world.faults.clear(),
        Command::RevokeTokens {} => engine.revoke_tokens(),
        Command::RevokeSecret {} => engine.revoke_secret(),
        Command::Sessions { reference } => {
            let wanted = |one: &&Session| reference.as_ref().is_none_or(|wanted| one.merchant_reference == *wanted);
            return Ok(engine.sessions().iter().filter(wanted).map(shown).collect());
        }
        Command::Inbox {} => {
            let told = |message: &crate::Message| {
                json!({ "to": message.to, "channel": message.channel.as_str(), "text": message.text,
                        "session": message.session_id })
            };
            return Ok(engine.inbox().iter().map(told).collect());
        }
        Command::Count { method, path } => return Ok(json!(count(&world.requests, &method, &path))),
    }
    Ok(Value::Null)
}

/// What a scenario asks of a session. No times: they differ from run to run.
fn shown(session: &Session) -> Value {
    json!({
        "session": session.id, "reference": session.merchant_reference, "amount": session.amount,
        "currency": session.currency, "visited": session.visited(), "cancelled": session.cancelled_at_ms.is_some(),
        "transaction": session.transaction_id, "phone_number": session.field("customer")["phone_number"],
        "express": session.is_express(), "items": session.order()["items"],
    })
}

/// Options from their defaults; the clock starts at `now`, RFC 3339, or is the machine's where that is null.
fn reset(before: &Options, mut wish: Map<String, Value>) -> Result<Options, ApiError> {
    let now = wish.remove("now").unwrap_or_else(|| json!(NOW));
    let mut options: Options = serde_json::from_value(Value::Object(wish)).map_err(wrong)?;
    options.origin.clone_from(&before.origin);
    options.clock = match now.as_str() {
        None => Clock::system(),
        Some(text) => parse_rfc3339(text)
            .map(Clock::starting_at)
            .ok_or_else(|| ApiError::new(400, "BAD_REQUEST", "now must be a time or null"))?,
    };
    Ok(options)
}

/// The options with some of them set again.
fn changed(before: &Options, wish: Map<String, Value>) -> Result<Options, ApiError> {
    let mut all = serde_json::to_value(before).map_err(wrong)?;
    for (name, value) in wish {
        all[name] = value;
    }
    let mut options: Options = serde_json::from_value(all).map_err(wrong)?;
    options.origin.clone_from(&before.origin);
    options.clock = before.clock.clone();
    Ok(options)
}

impl Of {
    fn id(&self, engine: &Engine) -> Result<String, ApiError> {
        let meant = |one: &&Session| match (&self.session, &self.reference) {
            (Some(id), _) => one.id == *id,
            (None, Some(reference)) => one.merchant_reference == *reference,
            (None, None) => true,
        };
        let newest = engine.sessions().iter().rev().find(meant);
        newest.map(|session| session.id.clone()).ok_or_else(|| ApiError::not_found("session"))
    }

    fn transaction(&self, engine: &Engine) -> Result<String, ApiError> {
        let session = self.id(engine)?;
        let paid = engine.session(&session).and_then(|session| session.transaction_id.clone());
        paid.ok_or_else(|| ApiError::not_found("transaction"))
    }
}

fn operate(engine: &mut Engine, operation: Operation, part: Part) -> Result<Value, ApiError> {
    let id = Of { session: part.session, reference: part.reference }.transaction(engine)?;
    let left = engine.transaction(&id).map(|paid| match operation {
        Operation::Capture => paid.amount - paid.captured,
        _ => paid.captured - paid.refunded,
    });
    let amount = (operation != Operation::Void).then(|| part.amount.or(left)).flatten();
    engine.operate(operation, &id, OperationRequest { amount, ..OperationRequest::default() })?;
    let after = engine.transaction(&id).ok_or_else(|| ApiError::not_found("transaction"))?;
    Ok(json!({ "status": after.status.as_str(), "captured": after.captured, "refunded": after.refunded }))
}
