//! How a scenario's file is laid out, and how a difference is shown.

use crate::{Scenario, Step};
use serde_json::{Map, Value, json};

/// What fits into this many columns stays on one line.
const COLUMNS: usize = 116;

/// A file with these steps.
pub fn file(scenario: &Scenario, steps: &[Step]) -> String {
    let mut parts = vec![format!("  \"name\": {}", Value::from(scenario.name.as_str()))];
    for (name, fields) in [("config", &scenario.config), ("sandbox", &scenario.sandbox)] {
        if !fields.is_empty() {
            parts.push(format!("  \"{name}\": {}", laid_out(&Value::Object(fields.clone()), 2, name.len() + 4)));
        }
    }
    if !scenario.signed_in {
        parts.push("  \"signed_in\": false".to_owned());
    }
    let steps: Vec<_> = steps.iter().map(|one| format!("    {}", step(one))).collect();
    parts.push(format!("  \"steps\": [\n{}\n  ]", steps.join(",\n")));
    format!("{{\n{}\n}}\n", parts.join(",\n"))
}

fn step(step: &Step) -> String {
    let mut fields = Vec::new();
    for (name, value) in [("call", &step.call), ("provider", &step.provider), ("shell", &step.shell)] {
        fields.extend(value.as_ref().map(|value| (name, json!(value))));
    }
    if !step.arguments.is_empty() {
        fields.push(("arguments", Value::Object(step.arguments.clone())));
    }
    fields.extend(step.only.as_ref().map(|only| ("only", json!(only))));
    fields.extend(step.expect.as_ref().map(|expect| ("expect", expect.clone())));
    fields.extend(step.error.as_ref().map(|error| ("error", error.clone())));
    pairs(&fields, 4, 0)
}

/// A value that begins in column `indent + used`.
fn laid_out(value: &Value, indent: usize, used: usize) -> String {
    let inner = " ".repeat(indent + 2);
    let line = one_line(value);
    if indent + used + line.chars().count() <= COLUMNS {
        return line;
    }
    match value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| format!("{inner}{}", laid_out(item, indent + 2, 0))).collect();
            format!("[\n{}\n{}]", items.join(",\n"), " ".repeat(indent))
        }
        Value::Object(fields) => {
            let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
            pairs(&fields, indent, used)
        }
        _ => line,
    }
}

fn pairs(fields: &[(&str, Value)], indent: usize, used: usize) -> String {
    let whole: Vec<_> = fields.iter().map(|(name, value)| format!("\"{name}\": {}", one_line(value))).collect();
    let line = format!("{{{}}}", whole.join(", "));
    if indent + used + line.chars().count() <= COLUMNS {
        return line;
    }
    let inner = " ".repeat(indent + 2);
    let broken: Vec<_> = fields
        .iter()
        .map(|(name, value)| format!("{inner}\"{name}\": {}", laid_out(value, indent + 2, name.len() + 4)))
        .collect();
    format!("{{\n{}\n{}}}", broken.join(",\n"), " ".repeat(indent))
}

fn one_line(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(one_line).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| format!("{}: {}", json!(name), one_line(value));
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// The lines of both that differ, with the step they belong to.
pub fn difference(number: usize, step: &Step, expected: &Result<Value, Value>, came: &Result<Value, Value>) -> String {
    let (expected, came) = (lines(expected), lines(came));
    let mut text = format!("  step {number}, {} {}", step.title(), one_line(&Value::Object(step.arguments.clone())));
    for line in changes(&expected, &came) {
        text.push_str(&format!("\n    {line}"));
    }
    text
}

fn lines(result: &Result<Value, Value>) -> Vec<String> {
    let value = match result {
        Ok(value) => value.clone(),
        Err(error) => Value::Object(Map::from_iter([("error".to_owned(), error.clone())])),
    };
    serde_json::to_string_pretty(&value).unwrap().lines().map(str::to_owned).collect()
}

/// `- expected` and `+ came`, by the longest common subsequence, with a line of context before each.
fn changes(old: &[String], new: &[String]) -> Vec<String> {
    let mut table = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let longer = table[i + 1][j].max(table[i][j + 1]);
            table[i][j] = if old[i] == new[j] { table[i + 1][j + 1] + 1 } else { longer };
        }
    }
    let (mut i, mut j, mut shown, mut context) = (0, 0, Vec::new(), None);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            context = Some(format!("  {}", old[i]));
            (i, j) = (i + 1, j + 1);
            continue;
        }
        shown.extend(context.take());
        if j == new.len() || (i < old.len() && table[i + 1][j] >= table[i][j + 1]) {
            shown.push(format!("- {}", old[i]));
            i += 1;
        } else {
            shown.push(format!("+ {}", new[j]));
            j += 1;
        }
    }
    shown
}
