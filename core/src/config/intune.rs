//! Intune's JSON for Android apps, unfolded into the tree that the phone would get.
//!
//! Only for the simulated phone: on a real one Google Play does this.
use serde_json::{Map, Value};

use super::input::{InputError, value_from_json};
use super::raw::{RawTree, RawValue, check_limits};

/// Recognises a `managedProperty` list and unfolds it; `None` if `bytes` are something else.
pub fn unfold(bytes: &[u8]) -> Option<Result<RawTree, InputError>> {
    let payload: Value = serde_json::from_slice(bytes).ok()?;
    let properties = payload.get("managedProperty")?.as_array()?;
    Some(tree(properties, 1).and_then(|tree| check_limits(&tree).map(|()| tree)))
}

fn tree(properties: &[Value], depth: usize) -> Result<RawTree, InputError> {
    if depth > crate::limits::CONFIG_DEPTH {
        return Err(InputError::TooDeep);
    }
    properties
        .iter()
        .map(|property| {
            let property = property.as_object().ok_or(InputError::NotATree)?;
            let key = property.get("key").and_then(Value::as_str).ok_or(InputError::NotATree)?;
            Ok((key.to_owned(), value(property, depth)?))
        })
        .collect()
}

/// Google Play's ManagedProperty: exactly one of the value members is there.
fn value(property: &Map<String, Value>, depth: usize) -> Result<RawValue, InputError> {
    for plain in ["valueString", "valueBool", "valueInteger", "valueStringArray"] {
        if let Some(value) = property.get(plain) {
            return value_from_json(value.clone());
        }
    }
    if let Some(bundle) = property.get("valueBundle") {
        return self::bundle(bundle, depth);
    }
    match property.get("valueBundleArray").map(Value::as_array) {
        Some(Some(bundles)) => bundles
            .iter()
            .map(|bundle| self::bundle(bundle, depth + 1))
            .collect::<Result<_, _>>()
            .map(RawValue::List),
        Some(None) => Err(InputError::NotATree),
        None => Ok(RawValue::Null),
    }
}

fn bundle(bundle: &Value, depth: usize) -> Result<RawValue, InputError> {
    let properties = bundle.get("managedProperty").and_then(Value::as_array);
    tree(properties.ok_or(InputError::NotATree)?, depth + 1).map(RawValue::Map)
}
