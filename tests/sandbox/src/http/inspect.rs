//! The paths under `/sandbox`: nothing the provider has, everything a person or a test needs.
//!
//! | path | |
//! |---|---|
//! | `GET /sandbox` | a page for people |
//! | `GET /sandbox/inbox` | what the customers' phones received, JSON or a page |
//! | `GET /sandbox/records` | everything, JSON |
//! | `POST /sandbox/clock` | `{"advance_ms": 60000}` |
//! | `POST /sandbox/do` | one command of a scenario, see `control` |
//! | `/sandbox/checkout/{id}` … | the checkout page |

use serde_json::{Value, json};

use super::{Reply, Request, RequestRecord};
use crate::clock::rfc3339;
use crate::engine::{ApiError, Engine};
use crate::page::{self, Language};

pub(super) fn answer(engine: &mut Engine, log: &[RequestRecord], request: &Request) -> Reply {
    let path = super::route::canonical(&request.path);
    let parts: Vec<&str> = path.split('/').skip(2).collect();
    let language = Language::of(request.param("language"), request.get("accept-language"));
    let reply = match (request.method.as_str(), parts.as_slice()) {
        ("GET", []) => {
            engine.tick();
            Ok(Reply::html(200, page::index(engine)))
        }
        ("GET", ["inbox"]) if request.wants_html() => Ok(Reply::html(200, page::inbox(engine))),
        ("GET", ["inbox"]) => Ok(Reply::json(200, &engine.inbox().iter().map(crate::Message::read).collect())),
        ("GET", ["records"]) => {
            engine.tick();
            Ok(Reply::json(200, &records(engine, log)))
        }
        ("POST", ["clock"]) => clock(engine, request),
        (_, ["checkout", id, step @ ..]) => super::checkout::step(engine, request, id, step, language),
        _ => Err(super::route::unknown(request)),
    };
    reply.unwrap_or_else(Reply::from)
}

fn clock(engine: &mut Engine, request: &Request) -> Result<Reply, ApiError> {
    let body = request.read_json()?;
    let ms = body["advance_ms"].as_i64();
    let ms = ms.ok_or_else(|| ApiError::new(400, "BAD_REQUEST", "advance_ms must be a number"))?;
    engine.options().clock.advance(ms);
    engine.tick();
    Ok(Reply::json(200, &json!({ "now": rfc3339(engine.now_ms()), "now_ms": engine.now_ms() })))
}

fn records(engine: &Engine, log: &[RequestRecord]) -> Value {
    let sessions = engine.sessions().iter().map(|session| {
        let mut read = session.read();
        read["link"] = json!(engine.link(&session.id));
        read["visited"] = json!(session.visited());
        read["closed"] = json!(engine.closed(session));
        read
    });
    let transactions = engine.transactions().iter().map(crate::Transaction::read);
    let requests = log.iter().map(|record| {
        json!({ "method": record.method, "path": record.path, "status": record.status, "at": rfc3339(record.at_ms) })
    });
    json!({
        "account": engine.options().account,
        "now": rfc3339(engine.now_ms()),
        "sessions": sessions.collect::<Value>(),
        "transactions": transactions.collect::<Value>(),
        "inbox": engine.inbox().iter().map(crate::Message::read).collect::<Value>(),
        "requests": requests.collect::<Value>(),
    })
}
