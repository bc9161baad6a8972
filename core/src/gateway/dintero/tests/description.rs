//! The provider's published description (`core/tests/data`), made mechanically from its own types: a judge of bodies
//! and a source of answers.

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const TEXT: &str = include_str!("../../../../tests/data/dintero-openapi.reconstructed.json");

/// The description.
pub(super) struct Description(Value);

impl Description {
    pub(super) fn load() -> Self {
        Self(serde_json::from_str(TEXT).unwrap())
    }

    /// What stands at a JSON pointer.
    pub(super) fn at(&self, pointer: &str) -> &Value {
        self.0.pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer}"))
    }

    /// The schema of the body of `POST /sessions-profile`.
    pub(super) fn with_profile(&self) -> Value {
        self.whole(&self.at("/paths/~1sessions-profile/post/requestBody/content/application~1json/schema").clone())
    }

    /// The same for `POST /sessions`, which the description lacks: no profile, but a configuration (facts 2.1).
    pub(super) fn without_profile(&self) -> Value {
        let mut whole = self.with_profile();
        let part = whole.pointer_mut("/components/schemas/SessionProfile/allOf/2").unwrap();
        assert_eq!(part["required"], json!(["profile_id"]));
        part["required"] = json!(["configuration"]);
        whole
    }

    /// A schema that stands alone, with everything that it may refer to.
    fn whole(&self, schema: &Value) -> Value {
        let mut whole = schema.clone();
        whole["components"] = self.0["components"].clone();
        whole
    }

    /// Follows a reference.
    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(target) => self.resolve(self.at(target.trim_start_matches('#'))),
            None => schema,
        }
    }

    /// Every name of a field that the description does not know, as a path.
    pub(super) fn unknown_fields(&self, schema: &Value, value: &Value) -> BTreeSet<String> {
        let mut unknown = BTreeSet::new();
        self.find_unknown(&[schema], value, "", &mut unknown);
        unknown
    }

    fn find_unknown(&self, schemas: &[&Value], value: &Value, path: &str, unknown: &mut BTreeSet<String>) {
        let mut parts = Vec::new();
        schemas.iter().for_each(|schema| self.flatten(schema, &mut parts));
        match value {
            Value::Object(fields) => {
                for (name, field) in fields {
                    let of_field: Vec<_> =
                        parts.iter().filter_map(|part| part.get("properties")?.get(name.as_str())).collect();
                    let path = format!("{path}/{name}");
                    if !of_field.is_empty() {
                        self.find_unknown(&of_field, field, &path, unknown);
                    } else if !parts.iter().any(|part| part.get("additionalProperties").is_some()) {
                        unknown.insert(path);
                    }
                }
            }
            Value::Array(all) => {
                let of_items: Vec<_> = parts.iter().filter_map(|part| part.get("items")).collect();
                all.iter().for_each(|one| self.find_unknown(&of_items, one, path, unknown));
            }
            _ => {}
        }
    }

    fn flatten<'a>(&'a self, schema: &'a Value, parts: &mut Vec<&'a Value>) {
        let schema = self.resolve(schema);
        parts.push(schema);
        schema["allOf"].as_array().into_iter().flatten().for_each(|part| self.flatten(part, parts));
    }

    /// A value as the schema describes it: its example, its default, the n-th name of an enum, or something of its type.
    pub(super) fn sample(&self, schema: &Value, n: usize) -> Value {
        self.sample_to(schema, n, 12)
    }

    fn sample_to(&self, schema: &Value, n: usize, depth: usize) -> Value {
        let schema = self.resolve(schema);
        let mut fields = Map::new();
        for part in schema["allOf"].as_array().into_iter().flatten().chain([schema]) {
            let part = self.resolve(part);
            let inner =
                if part["allOf"].is_array() && part != schema { self.sample_to(part, n, depth) } else { json!({}) };
            merge(&mut fields, inner);
            for (name, field) in part["properties"].as_object().into_iter().flatten() {
                if depth > 0 {
                    let value = self.sample_to(field, n, depth - 1);
                    merge(&mut fields, json!({ name.as_str(): value }));
                }
            }
        }
        if !fields.is_empty() {
            return Value::Object(fields);
        }
        if let Some(names) = schema["enum"].as_array() {
            return names[n % names.len()].clone();
        }
        if let Some(any) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
            return self.sample_to(&any[n % any.len()], n, depth);
        }
        for given in ["example", "default"] {
            if let Some(value) = schema.get(given).filter(|value| !value.is_null()) {
                return value.clone();
            }
        }
        match (schema["type"].as_str(), schema["format"].as_str()) {
            (Some("string"), Some("date-time")) => json!("2026-11-24T10:00:00.123Z"),
            (Some("string"), Some("uri")) => json!("https://example.com/x"),
            (Some("string"), _) => json!("text"),
            (Some("integer"), _) => json!(7),
            (Some("number"), _) => json!(7.5),
            (Some("boolean"), _) => json!(true),
            (Some("array"), _) if depth > 0 => json!([self.sample_to(&schema["items"], n, depth - 1)]),
            (Some("array"), _) => json!([]),
            _ => json!({}),
        }
    }
}

/// Puts fields into fields, objects into objects.
fn merge(into: &mut Map<String, Value>, from: Value) {
    let Value::Object(from) = from else { return };
    for (name, value) in from {
        match (into.get_mut(&name), value) {
            (Some(Value::Object(old)), new @ Value::Object(_)) => merge(old, new),
            // Later parts only add fields to the elements of a list.
            (Some(Value::Array(_)), Value::Array(_)) => {}
            (_, value) => {
                into.insert(name, value);
            }
        }
    }
}
