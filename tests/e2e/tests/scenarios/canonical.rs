//! What differs from run to run, as placeholders (`core/CONTRACT.md` section 10).

use serde_json::{Map, Value};

/// The letters and digits of a reference's tag.
const CROCKFORD: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Those of the provider's ids.
const BASE58: &str = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// What all references made by the core begin with in scenarios.
pub const PREFIX: &str = "HON";

/// What was seen in this scenario.
#[derive(Default)]
pub struct Seen {
    pub origin: String,
    pub data_dir: String,
    pub today: String,
    tag: String,
    ids: Vec<String>,
    provider: Vec<String>,
}

impl Seen {
    /// Nothing yet, but where the provider and the core live.
    pub fn at(origin: String, data_dir: String) -> Self {
        Self {
            origin,
            data_dir,
            today: paylink_core::today(paylink_core::money::Region::Norway).to_string(),
            ..Self::default()
        }
    }

    /// A result with placeholders in place of what differs, its keys sorted.
    pub fn canonical(&mut self, value: Value) -> Value {
        match value {
            Value::String(text) if text == self.today => Value::from("<today>"),
            Value::String(text) => Value::String(self.text(&text)),
            Value::Array(items) => items.into_iter().map(|item| self.canonical(item)).collect(),
            Value::Object(fields) => {
                let mut sorted: Vec<_> = fields.into_iter().collect();
                sorted.sort_by(|one, other| one.0.cmp(&other.0));
                let mut shown = Map::new();
                for (name, value) in sorted {
                    let is_time = (name == "at" || name.ends_with("_at")) && value.is_number();
                    let value = if is_time { Value::from("<time>") } else { self.canonical(value) };
                    shown.insert(name, value);
                }
                Value::Object(shown)
            }
            other => other,
        }
    }

    fn text(&mut self, text: &str) -> String {
        let encoded = self.origin.replace(':', "%3A").replace('/', "%2F");
        let mut done = String::new();
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let (placeholder, length) = if rest.starts_with(&self.origin) {
                ("<origin>".to_owned(), self.origin.len())
            } else if rest.starts_with(&encoded) {
                ("<origin>".to_owned(), encoded.len())
            } else if let Some(id) = uuid(rest) {
                (format!("<id:{}>", place(&mut self.ids, id)), id.len())
            } else if let Some(id) = provider_id(rest) {
                (format!("<provider:{}>", place(&mut self.provider, id)), id.len())
            } else if let Some(tag) = tag(rest) {
                self.tag = tag.to_owned();
                (format!("{PREFIX}-<tag>-"), PREFIX.len() + tag.len() + 2)
            } else {
                (next.to_string(), next.len_utf8())
            };
            done.push_str(&placeholder);
            rest = &rest[length..];
        }
        done
    }

    /// Arguments with what was seen in place of placeholders.
    pub fn resolve(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.resolve_text(text)),
            Value::Array(items) => items.iter().map(|item| self.resolve(item)).collect(),
            Value::Object(fields) => Value::Object(self.resolve_all(fields)),
            other => other.clone(),
        }
    }

    /// As [`Seen::resolve`].
    pub fn resolve_all(&self, fields: &Map<String, Value>) -> Map<String, Value> {
        fields.iter().map(|(name, value)| (name.clone(), self.resolve(value))).collect()
    }

    fn resolve_text(&self, text: &str) -> String {
        let fixed = [
            ("<origin>", &self.origin),
            ("<data_dir>", &self.data_dir),
            ("<today>", &self.today),
            ("<tag>", &self.tag),
        ];
        let mut text = fixed.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
        for (kind, seen) in [("id", &self.ids), ("provider", &self.provider)] {
            for (place, id) in seen.iter().enumerate() {
                text = text.replace(&format!("<{kind}:{}>", place + 1), id);
            }
        }
        assert!(!text.contains("<id:") && !text.contains("<provider:"), "nothing like {text} was seen yet");
        text
    }
}

/// The number of a thing, counted from 1 by first appearance.
fn place(seen: &mut Vec<String>, id: &str) -> usize {
    match seen.iter().position(|known| known == id) {
        Some(place) => place + 1,
        None => {
            seen.push(id.to_owned());
            seen.len()
        }
    }
}

/// `[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}` at the beginning.
fn uuid(text: &str) -> Option<&str> {
    let id = text.get(..36)?;
    let fits = |(place, c): (usize, char)| match place {
        8 | 13 | 18 | 23 => c == '-',
        _ => c.is_ascii_digit() || ('a'..='f').contains(&c),
    };
    id.chars().enumerate().all(fits).then_some(id)
}

/// `[PT][0-9]{8}\.[base 58]{22}` at the beginning.
fn provider_id(text: &str) -> Option<&str> {
    let id = text.get(..32)?;
    let fits = |(place, c): (usize, char)| match place {
        0 => c == 'P' || c == 'T',
        1..=8 => c.is_ascii_digit(),
        9 => c == '.',
        _ => BASE58.contains(c),
    };
    id.chars().enumerate().all(fits).then_some(id)
}

/// The tag of `HON-TAG-` at the beginning.
fn tag(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(PREFIX)?.strip_prefix('-')?;
    let tag = rest.get(..6)?;
    let whole = tag.chars().all(|c| CROCKFORD.contains(c)) && rest[6..].starts_with('-');
    whole.then_some(tag)
}

/// Those fields of an object, or of each object of a list.
pub fn only(value: Value, fields: &[String]) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(|item| only(item, fields)).collect(),
        Value::Object(all) => Value::Object(all.into_iter().filter(|(name, _)| fields.contains(name)).collect()),
        other => other,
    }
}
