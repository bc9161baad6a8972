//! Plays every file of `tests/scenarios` (`core/CONTRACT.md` section 10) on the core's façade.
//!
//! `PAYLINK_SCENARIO=text` plays only the files in whose name the text occurs. `PAYLINK_BLESS=1` writes what came into
//! the files in place of what was expected: for a reviewer to read as a change of the contract.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a scenario that cannot be played fails its test

mod call;
mod canonical;
mod coverage;
mod layout;
mod setup;
mod stage;

use serde::Deserialize;
use serde_json::{Map, Value};
use stage::Stage;
use std::path::{Path, PathBuf};

/// One file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    /// A sentence.
    name: String,
    /// What differs from the configuration of all scenarios.
    #[serde(default)]
    config: Map<String, Value>,
    /// What differs from the provider of all scenarios.
    #[serde(default)]
    sandbox: Map<String, Value>,
    /// Whether the core is signed in before the first step.
    #[serde(default = "yes")]
    signed_in: bool,
    /// What happens, in order.
    steps: Vec<Step>,
}

/// One step: a call of the façade, something at the provider, or something at the shell.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    call: Option<String>,
    provider: Option<String>,
    shell: Option<String>,
    #[serde(default)]
    arguments: Map<String, Value>,
    #[serde(default)]
    only: Option<Vec<String>>,
    #[serde(default, deserialize_with = "some")]
    expect: Option<Value>,
    error: Option<Value>,
}

const fn yes() -> bool {
    true
}

/// `"expect": null` expects null; no `expect` expects null as well, and is left out when blessed.
fn some<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

impl Step {
    fn expected(&self) -> Result<Value, Value> {
        match &self.error {
            Some(error) => Err(error.clone()),
            None => Ok(self.expect.clone().unwrap_or(Value::Null)),
        }
    }

    fn expecting(&self, came: Result<Value, Value>) -> Self {
        let (expect, error) = match came {
            Ok(value) => (Some(value).filter(|value| !value.is_null()), None),
            Err(error) => (None, Some(error)),
        };
        Self { expect, error, ..self.clone() }
    }

    fn title(&self) -> String {
        let of = |kind: &str, name: &Option<String>| name.as_ref().map(|name| format!("{kind} {name}"));
        of("call", &self.call)
            .or_else(|| of("provider", &self.provider))
            .or_else(|| of("shell", &self.shell))
            .unwrap_or_default()
    }
}

/// Names the file that was being played when its playing broke off.
struct Named<'a>(&'a str);

impl Drop for Named<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{} cannot be played", self.0);
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios")
}

fn blessing() -> bool {
    std::env::var_os("PAYLINK_BLESS").is_some()
}

/// The files in whose name a text occurs, sorted.
fn files(chosen: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains(chosen)))
        .collect();
    files.sort();
    files
}

#[test]
fn every_scenario_is_played_as_written() {
    let mut stage = Stage::build();
    let (mut scenarios, mut steps, mut failed) = (0, 0, Vec::new());
    for path in files(&std::env::var("PAYLINK_SCENARIO").unwrap_or_default()) {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let scenario: Scenario = serde_json::from_str(&std::fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{file}: {error}"));
        let _named = Named(&file);
        scenarios += 1;
        let mut played = Vec::new();
        let mut differs = Vec::new();
        stage.begin(&scenario);
        for (number, step) in scenario.steps.iter().enumerate() {
            steps += 1;
            let came = stage.play(step);
            if came != step.expected() {
                differs.push(layout::difference(number + 1, step, &step.expected(), &came));
            }
            played.push(step.expecting(came));
        }
        stage.end();
        if blessing() {
            std::fs::write(&path, layout::file(&scenario, &played)).unwrap();
        } else if !differs.is_empty() {
            failed.push(format!("{file}: {}\n{}", scenario.name, differs.join("\n")));
        }
    }
    println!("scenarios: {scenarios}, steps {steps}, passed {}", scenarios - failed.len());
    assert!(failed.is_empty(), "{} scenarios went another way:\n\n{}", failed.len(), failed.join("\n\n"));
    assert!(scenarios > 0, "there is no scenario");
}
