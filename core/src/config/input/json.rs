//! JSON that stands for an Android Bundle, and back.
//!
//! A bundle is an object, an array of bundles an array of objects. Types that JSON lacks are
//! written as an object with one tag: `{"$long": 24}`, `{"$double": 1.0}`, `{"$float": 1.0}`,
//! `{"$parcelables": [ … ]}`, `{"$string_array": [ … ]}`. A bundle that has such a key itself is
//! written as `{"$map": { … }}`.
use serde_json::{Map, Number, Value, json};

use super::InputError;
use crate::config::raw::{RawTree, RawValue};
use crate::limits;

/// Reads a whole configuration.
pub fn tree_from_json(bytes: &[u8]) -> Result<RawTree, InputError> {
    // JSON spells small trees with many bytes (`\u0041`), so the text may be larger than the tree.
    if bytes.len() > 6 * limits::CONFIG_TREE_BYTES {
        return Err(InputError::TooLarge);
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|_| InputError::NotJson)?;
    match value {
        Value::Object(map) => tree(map, 1),
        Value::Null => Ok(RawTree::new()),
        _ => Err(InputError::NotATree),
    }
}

/// One value of a policy or of a configuration that is already parsed.
pub fn value_from_json(value: Value) -> Result<RawValue, InputError> {
    self::value(value, 1)
}

fn tree(map: Map<String, Value>, depth: usize) -> Result<RawTree, InputError> {
    if depth > limits::CONFIG_DEPTH {
        return Err(InputError::TooDeep);
    }
    map.into_iter().map(|(key, inner)| Ok((key, value(inner, depth)?))).collect()
}

fn value(json: Value, depth: usize) -> Result<RawValue, InputError> {
    Ok(match json {
        Value::Null => RawValue::Null,
        Value::Bool(yes) => RawValue::Bool(yes),
        Value::Number(number) => number_value(&number),
        Value::String(text) => RawValue::String(text),
        Value::Array(items) => list(items, depth)?,
        Value::Object(map) if map.len() == 1 && map.keys().any(|key| key.starts_with('$')) => {
            let (tag, inner) = map.into_iter().next().expect("one entry");
            tagged(&tag, inner, depth)?
        }
        Value::Object(map) => RawValue::Map(tree(map, depth + 1)?),
    })
}

fn number_value(number: &Number) -> RawValue {
    match number.as_i64() {
        Some(whole) => RawValue::Int(whole),
        None => RawValue::Float(number.as_f64().unwrap_or(f64::NAN)),
    }
}

fn list(items: Vec<Value>, depth: usize) -> Result<RawValue, InputError> {
    if depth >= limits::CONFIG_DEPTH {
        return Err(InputError::TooDeep);
    }
    items
        .into_iter()
        .map(|item| value(item, depth + 1))
        .collect::<Result<_, _>>()
        .map(RawValue::List)
}

fn tagged(tag: &str, inner: Value, depth: usize) -> Result<RawValue, InputError> {
    match (tag, inner) {
        ("$long", Value::Number(number)) => {
            number.as_i64().map(RawValue::Long).ok_or(InputError::BadTag("$long"))
        }
        ("$double" | "$float", Value::Number(number)) => {
            Ok(RawValue::Float(number.as_f64().unwrap_or(f64::NAN)))
        }
        // As text where a JSON number can't say it exactly.
        ("$double" | "$float", Value::String(text)) => {
            text.parse().map(RawValue::Float).map_err(|_| InputError::BadTag("$double"))
        }
        ("$parcelables" | "$string_array", Value::Array(items)) => list(items, depth),
        ("$map", Value::Object(map)) => Ok(RawValue::Map(tree(map, depth + 1)?)),
        ("$long", _) => Err(InputError::BadTag("$long")),
        ("$double", _) => Err(InputError::BadTag("$double")),
        ("$float", _) => Err(InputError::BadTag("$float")),
        ("$parcelables", _) => Err(InputError::BadTag("$parcelables")),
        ("$string_array", _) => Err(InputError::BadTag("$string_array")),
        ("$map", _) => Err(InputError::BadTag("$map")),
        (_, inner) => {
            let map = Map::from_iter([(tag.to_owned(), inner)]);
            Ok(RawValue::Map(tree(map, depth + 1)?))
        }
    }
}

/// Writes a tree so that [`tree_from_json`] reads the same one. Holds secrets in the clear.
pub(crate) fn tree_to_json(tree: &RawTree) -> Value {
    Value::Object(tree.iter().map(|(key, value)| (key.clone(), to_json(value))).collect())
}

fn to_json(value: &RawValue) -> Value {
    match value {
        RawValue::Null => Value::Null,
        RawValue::Bool(yes) => json!(yes),
        RawValue::Int(number) => json!(number),
        RawValue::Long(number) => json!({ "$long": number }),
        // Reading a JSON number is not exact to the last bit, and an input that differs from its own
        // stored copy would count as changed for ever.
        RawValue::Float(number) => json!({ "$double": format!("{number:?}") }),
        RawValue::String(text) => json!(text),
        RawValue::List(items) => Value::Array(items.iter().map(to_json).collect()),
        RawValue::Map(tree) if tree.len() == 1 && tree.keys().any(|key| key.starts_with('$')) => {
            json!({ "$map": tree_to_json(tree) })
        }
        RawValue::Map(tree) => tree_to_json(tree),
    }
}
