//! The checkout page's forms. They are ordinary POSTs that work without scripts, from a browser or
//! from curl; each is answered with 303 to the page that shows what came of it.

use serde_json::{Map, Value, json};

use super::{Reply, Request};
use crate::engine::{ApiError, Engine, PayOutcome};
use crate::page::{self, Language, Notice};

/// The fields of the address form that are kept.
const ADDRESS: [&str; 8] =
    ["first_name", "last_name", "address_line", "postal_code", "postal_place", "country", "email", "phone_number"];

pub(super) fn step(
    engine: &mut Engine,
    request: &Request,
    id: &str,
    step: &[&str],
    language: Language,
) -> Result<Reply, ApiError> {
    match (request.method.as_str(), step) {
        ("GET" | "HEAD", []) => {
            let notice = (request.param("failed").is_some()).then_some(Notice::Failed);
            Ok(show(engine, id, 200, notice, language))
        }
        ("GET" | "HEAD", ["receipt"]) => receipt(engine, id, language),
        ("POST", ["pay"]) => Ok(pay(engine, request, id)),
        ("POST", ["address"]) => Ok(address(engine, request, id)),
        _ => Err(super::route::unknown(request)),
    }
}

/// The page as it has to look now: the address, the payment, or why there is nothing to pay.
fn show(engine: &mut Engine, id: &str, status: u16, notice: Option<Notice>, language: Language) -> Reply {
    match engine.payable(id).map(|session| session.id.clone()) {
        Err(error) => Reply::html(error.status, page::closed(engine.session(id), &error, language)),
        Ok(id) => match engine.session(&id) {
            Some(session) => Reply::html(status, page::checkout(session, &engine.choices(session), notice, language)),
            None => Reply::from(ApiError::not_found("session")),
        },
    }
}

fn receipt(engine: &mut Engine, id: &str, language: Language) -> Result<Reply, ApiError> {
    engine.tick();
    let session = engine.find_session(id)?;
    let transaction = session.transaction_id.as_ref().and_then(|id| engine.transaction(id));
    Ok(match transaction {
        Some(transaction) => Reply::html(200, page::receipt(session, transaction, language)),
        None => Reply::redirect(303, &path(id, "", language)),
    })
}

fn path(id: &str, step: &str, language: Language) -> String {
    format!("/sandbox/checkout/{id}{step}?language={}", language.code())
}

/// The form's fields and the language it was shown in.
fn form(request: &Request) -> (Vec<(String, String)>, Language) {
    let fields = request.read_form();
    let language = value(&fields, "language").or_else(|| request.param("language"));
    let language = Language::of(language, request.get("accept-language"));
    (fields, language)
}

fn value<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn pay(engine: &mut Engine, request: &Request, id: &str) -> Reply {
    let (fields, language) = form(request);
    let outcome = match (value(&fields, "action"), value(&fields, "fail")) {
        (Some("decline"), _) => PayOutcome::Decline,
        (_, Some(_)) => PayOutcome::Reject,
        _ => PayOutcome::Authorize,
    };
    let method = value(&fields, "method").unwrap_or_default();
    match engine.pay(id, method, outcome) {
        Ok(Some(_)) => Reply::redirect(303, &path(id, "/receipt", language)),
        Ok(None) => Reply::redirect(303, &format!("{}&failed=1", path(id, "", language))),
        Err(error) => show(engine, id, error.status, Some(Notice::Refused), language),
    }
}

fn address(engine: &mut Engine, request: &Request, id: &str) -> Reply {
    let (fields, language) = form(request);
    let address: Map<String, Value> = ADDRESS
        .iter()
        .filter_map(|name| {
            let text = value(&fields, name)?.trim();
            // A phone is typed with spaces and read without.
            let text = if *name == "phone_number" { text.replace(' ', "") } else { text.to_owned() };
            (!text.is_empty()).then(|| ((*name).to_owned(), json!(text)))
        })
        .collect();
    let complete = ADDRESS.iter().take(5).all(|name| address.contains_key(*name));
    let option = value(&fields, "shipping_option");
    if !complete || engine.set_address(id, &Value::Object(address), option).is_err() {
        return show(engine, id, 400, Some(Notice::Incomplete), language);
    }
    Reply::redirect(303, &path(id, "", language))
}
