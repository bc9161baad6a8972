//! Reading what the provider writes, whatever it writes: a field that is missing, null or of another type is as good
//! as not there, and a number may come as text. Only what a caller cannot do without is checked, in its own place.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Text that is not empty, or a number as text.
pub(super) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) if !text.is_empty() => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// A whole number.
pub(super) fn whole<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    Ok(whole_of(&Value::deserialize(from)?))
}

/// A moment, UTC ms, from RFC 3339 text.
pub(super) fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let value = Value::deserialize(from)?;
    Ok(value.as_str().and_then(|text| text.trim().parse::<Timestamp>().ok()).map(Timestamp::as_millisecond))
}

/// Yes or no.
pub(super) fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Bool(flag) => Some(flag),
        Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
        _ => None,
    })
}

/// A list; what is not one is empty, and what does not fit in it is left out.
pub(super) fn list<'de, T: DeserializeOwned, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Array(all) => all.into_iter().filter_map(|one| serde_json::from_value(one).ok()).collect(),
        _ => Vec::new(),
    })
}

/// A part that may be missing; what does not fit is as good as empty.
pub(super) fn part<'de, T: DeserializeOwned + Default, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(from)?).unwrap_or_default())
}

fn whole_of(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(whole_of_float)),
        Value::String(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| text.parse().ok().and_then(whole_of_float))
        }
        _ => None,
    }
}

/// Above this a float no longer holds every whole number.
const EXACT: f64 = 9_007_199_254_740_992.0;

fn whole_of_float(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Deserialize, Debug, Default, PartialEq)]
    #[serde(default)]
    struct Probe {
        #[serde(deserialize_with = "text")]
        text: Option<String>,
        #[serde(deserialize_with = "whole")]
        whole: Option<i64>,
        #[serde(deserialize_with = "time")]
        time: Option<i64>,
        #[serde(deserialize_with = "flag")]
        flag: Option<bool>,
        #[serde(deserialize_with = "list")]
        list: Vec<u8>,
        #[serde(deserialize_with = "part")]
        part: Box<Option<Probe>>,
    }

    fn probe(value: Value) -> Probe {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn what_is_missing_null_or_of_another_type_is_not_there() {
        assert_eq!(probe(json!({})), Probe::default());
        for odd in [json!(null), json!({"a": 1}), json!([[]])] {
            let all = json!({"text": odd, "whole": odd, "time": odd, "flag": odd, "list": odd});
            assert_eq!(probe(all), Probe::default(), "{odd}");
        }
        assert_eq!(probe(json!({"part": 7, "unknown": {}})), Probe::default());
    }

    #[test]
    fn numbers_come_as_numbers_or_as_text() {
        for (value, expected) in [
            (json!(29990), Some(29990)),
            (json!("29990"), Some(29990)),
            (json!(29990.0), Some(29990)),
            (json!("-1.0"), Some(-1)),
            (json!(0.5), None),
            (json!(1e300), None),
            (json!("many"), None),
        ] {
            assert_eq!(probe(json!({"whole": value})).whole, expected, "{value}");
        }
        assert_eq!(probe(json!({"text": 7, "flag": "true"})).text.as_deref(), Some("7"));
        assert_eq!(probe(json!({"flag": "True"})).flag, Some(true));
    }

    #[test]
    fn a_moment_is_read_with_and_without_fractions_and_zones() {
        for text in ["1970-01-01T00:00:01Z", "1970-01-01T00:00:01.000Z", "1970-01-01T01:00:01+01:00"] {
            assert_eq!(probe(json!({"time": text})).time, Some(1_000), "{text}");
        }
        assert_eq!(probe(json!({"time": "yesterday"})).time, None);
    }

    #[test]
    fn one_odd_element_does_not_spoil_a_list() {
        assert_eq!(probe(json!({"list": [1, "x", 300, 2]})).list, [1, 2]);
    }
}
