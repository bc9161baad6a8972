//! The merchant's session endpoints.

use serde_json::Value;

use super::{Reply, Request};
use crate::engine::{ApiError, CreateForm, Engine, SessionQuery};

pub(super) fn create_from_profile(engine: &mut Engine, request: &Request) -> Result<Reply, ApiError> {
    make(engine, request, CreateForm::Profile)
}

pub(super) fn create(engine: &mut Engine, request: &Request) -> Result<Reply, ApiError> {
    make(engine, request, CreateForm::Full)
}

fn make(engine: &mut Engine, request: &Request, form: CreateForm) -> Result<Reply, ApiError> {
    need_write(engine)?;
    let body = request.read_json()?;
    let toggles = request.get("dintero-feature-toggles").unwrap_or_default();
    let strict = toggles.split(',').any(|toggle| toggle.trim() == "strict-session-amounts");
    let created = engine.create_session(form, &body, strict)?;
    let mut reply = created.body;
    if request.param("include_session") == Some("true") {
        reply["session"] = engine.changed_session(&created.id)?;
    }
    Ok(Reply::json(200, &reply))
}

pub(super) fn read(engine: &mut Engine, id: &str) -> Result<Reply, ApiError> {
    need_read(engine)?;
    engine.read_session(id).map(ok)
}

pub(super) fn list(engine: &mut Engine, request: &Request) -> Result<Reply, ApiError> {
    need_read(engine)?;
    engine.list_sessions(&SessionQuery::parse(&request.query)?).map(ok)
}

pub(super) fn update(engine: &mut Engine, request: &Request, id: &str) -> Result<Reply, ApiError> {
    need_read(engine)?; // the specification lists the read right for this one
    let without_lock = request.param("update_without_lock") == Some("true");
    engine.update_session(id, &request.read_json()?, without_lock).map(ok)
}

pub(super) fn cancel(engine: &mut Engine, id: &str) -> Result<Reply, ApiError> {
    need_write(engine)?;
    engine.cancel_session(id).map(ok)
}

pub(super) fn ok(body: Value) -> Reply {
    Reply::json(200, &body)
}

pub(super) fn need_read(engine: &Engine) -> Result<(), ApiError> {
    need(engine.options().rights.read)
}

pub(super) fn need_write(engine: &Engine) -> Result<(), ApiError> {
    need(engine.options().rights.write)
}

fn need(right: bool) -> Result<(), ApiError> {
    if right { Ok(()) } else { Err(ApiError::new(403, "FORBIDDEN", "Forbidden")) }
}
