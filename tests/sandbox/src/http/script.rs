//! A [`Fault`] in writing: the command `fault` of `control`.

use serde::Deserialize;
use serde_json::{Map, Value};
use std::time::Duration;

use super::Fault;

/// One fault; what is left out is as [`Default`] says.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Script {
    method: String,
    path: String,
    skip: u32,
    times: u32,
    always: bool,
    about: Option<String>,
    retry_at_ms: Option<i64>,
    status: Option<u16>,
    json: Option<Value>,
    body: Option<String>,
    content_type: String,
    headers: Map<String, Value>,
    after: bool,
    delay_before_ms: u64,
    delay_after_ms: u64,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            method: String::from("*"),
            path: String::from("/"),
            skip: 0,
            times: 1,
            always: false,
            about: None,
            retry_at_ms: None,
            status: None,
            json: None,
            body: None,
            content_type: String::from("text/html"),
            headers: Map::new(),
            after: false,
            delay_before_ms: 0,
            delay_after_ms: 0,
        }
    }
}

impl From<Script> for Fault {
    fn from(script: Script) -> Self {
        let mut fault = Self::on(&script.method, &script.path)
            .skip(script.skip)
            .times(script.times)
            .delay_before(Duration::from_millis(script.delay_before_ms))
            .delay_after(Duration::from_millis(script.delay_after_ms));
        if script.always {
            fault = fault.always();
        }
        if let Some(text) = &script.about {
            fault = fault.about(text);
        }
        if let Some(ms) = script.retry_at_ms {
            fault = fault.retry_at(ms);
        }
        if let Some(status) = script.status {
            fault = fault.answer(status);
        }
        if let Some(json) = &script.json {
            fault = fault.json(json);
        }
        if let Some(body) = &script.body {
            fault = fault.body(&script.content_type, body);
        }
        for (name, value) in &script.headers {
            fault = fault.header(name, value.as_str().unwrap_or_default());
        }
        if script.after { fault.after() } else { fault }
    }
}
