//! Intune's JSON for Android apps, unfolded into the tree that the phone would get.
//!
//! Only for the simulated phone: on a real one Google Play does this.
use muster_core::config::input::{InputError, value_from_json};
use muster_core::config::raw::{RawTree, RawValue, check_limits};
use muster_core::limits;
use serde_json::{Map, Value};

/// Recognises a `managedProperty` list and unfolds it; `None` if `bytes` are something else.
pub fn unfold(bytes: &[u8]) -> Option<Result<RawTree, InputError>> {
    let payload: Value = serde_json::from_slice(bytes).ok()?;
    let properties = payload.get("managedProperty")?.as_array()?;
    Some(tree(properties, 1).and_then(|tree| check_limits(&tree).map(|()| tree)))
}

fn tree(properties: &[Value], depth: usize) -> Result<RawTree, InputError> {
    if depth > limits::CONFIG_DEPTH {
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

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::config::input::tree_from_json;
    use proptest::prelude::*;

    #[test]
    fn intunes_bundles_unfold_into_the_tree_of_the_phone() {
        let payload = br#"{"managedProperty": [
            {"key": "contact_sources", "valueBundleArray": [
                {"managedProperty": [{"key": "carddav_url", "valueString": "https://d.example/"}]}]},
            {"key": "allowed_servers", "valueStringArray": ["a.example"]},
            {"key": "x", "valueBundle": {"managedProperty": [{"key": "y", "valueInteger": 3}]}},
            {"key": "caller_id", "valueBool": false}, {"key": "empty"}]}"#;
        let tree = unfold(payload).unwrap().unwrap();
        let phone = br#"{"contact_sources": [{"carddav_url": "https://d.example/"}],
            "allowed_servers": ["a.example"], "x": {"y": 3}, "caller_id": false, "empty": null}"#;
        assert_eq!(tree, tree_from_json(phone).unwrap());
        assert!(unfold(b"{\"caller_id\": true}").is_none());
        assert!(unfold(b"{\"managedProperty\": [{\"nokey\": 1}]}").unwrap().is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_bytes_panic_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = unfold(&bytes);
        }
    }
}
