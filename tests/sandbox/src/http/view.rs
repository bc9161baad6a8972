//! What the customer's browser asks for, without a token.

use serde_json::{Value, json};

use super::{Reply, Request};
use crate::engine::{ApiError, Engine, PayOutcome};
use crate::page::{self, Language};

/// `GET view/{id}`: notes the visit and goes on to the checkout page.
pub(super) fn open(engine: &mut Engine, request: &Request, id: &str) -> Result<Reply, ApiError> {
    let visited = engine.visit(id, request.peer.as_deref(), request.get("user-agent"));
    match visited {
        Ok(()) => {
            let language = match request.param("language") {
                Some(language) => format!("?language={}", Language::parse(language).code()),
                None => String::new(),
            };
            let page = format!("{}/sandbox/checkout/{id}{language}", engine.options().origin);
            Ok(Reply::redirect(302, &page))
        }
        Err(error) if request.wants_html() => {
            let language = Language::of(request.param("language"), request.get("accept-language"));
            Ok(Reply::html(error.status, page::closed(engine.session(id), &error, language)))
        }
        Err(error) => Err(error),
    }
}

/// `GET view/{id}/session`.
pub(super) fn session(engine: &mut Engine, id: &str) -> Result<Reply, ApiError> {
    let session = engine.payable(id)?;
    let read = session.read();
    let fields = ["id", "order", "configuration", "express", "merchant", "url", "expires_at"];
    let mut shown: serde_json::Map<String, Value> =
        fields.iter().filter_map(|key| Some(((*key).to_owned(), read.get(*key)?.clone()))).collect();
    shown.insert(String::from("account_id"), json!(engine.options().account));
    shown.insert(String::from("operations"), json!([]));
    Ok(Reply::json(200, &Value::Object(shown)))
}

/// `POST view/{id}/session/abandon`: back to the merchant.
/// assumption: the link stays payable, the customer may come back to it.
pub(super) fn abandon(engine: &mut Engine, id: &str) -> Result<Reply, ApiError> {
    let target = engine.payable(id)?.return_url(Some("cancelled"));
    Ok(Reply::redirect(302, &target))
}

/// `POST sessions/{id}/pay`. How it ends is the sandbox's own field, `{"sandbox":{"outcome":…}}`:
/// `authorize` (default), `hold`, `decline`, `fail`, `reject`.
pub(super) fn pay(engine: &mut Engine, request: &Request, id: &str) -> Result<Reply, ApiError> {
    let body = request.read_json()?;
    let outcome = match body["sandbox"]["outcome"].as_str() {
        None | Some("authorize") => PayOutcome::Authorize,
        Some("hold") => PayOutcome::Hold,
        Some("decline") => PayOutcome::Decline,
        Some("fail") => PayOutcome::Fail,
        Some("reject") => PayOutcome::Reject,
        Some(_) => return Err(ApiError::new(400, "BAD_REQUEST", "no such outcome")),
    };
    let method = body["payment_product_type"].as_str().unwrap_or_default();
    engine.pay(id, method, outcome)?;
    let success = matches!(outcome, PayOutcome::Authorize | PayOutcome::Hold);
    let back = engine.session(id).map(|session| session.return_url((!success).then_some("failed")));
    let mut reply = json!({
        "success": success,
        "actions": [{ "source": "DINTERO", "code": if success { "200" } else { "400" }, "type": if success { "success" } else { "error" } }],
        "redirect_url": back,
    });
    if !success {
        reply["error"] = json!("Rejected");
    }
    Ok(Reply::json(200, &reply))
}
