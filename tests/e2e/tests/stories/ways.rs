//! The ways in which a company's settings reach a phone, each as that MDM delivers it.
use plist::{Dictionary, Value as Plist};
use serde_json::{Value, json};

/// The tree as a JSON payload that an Intune admin exports.
pub(crate) fn intune(tree: &Value) -> String {
    let property = |(key, value): (&String, &Value)| match value {
        Value::Bool(value) => json!({ "key": key, "valueBool": value }),
        Value::Number(value) => json!({ "key": key, "valueInteger": value }),
        value => json!({ "key": key, "valueString": value }),
    };
    let properties: Vec<Value> = tree.as_object().expect("settings").iter().map(property).collect();
    let payload = json!({
        "kind": "androidenterprise#managedConfiguration",
        "productId": "app:dev.muster.agent",
        "managedProperty": properties,
    });
    serde_json::to_string_pretty(&payload).expect("JSON")
}

fn plist(tree: &Value) -> Plist {
    let mut dictionary = Dictionary::new();
    for (key, value) in tree.as_object().expect("settings") {
        let value = match value {
            Value::Bool(value) => Plist::Boolean(*value),
            Value::Number(value) => Plist::Integer(value.as_i64().expect("an integer").into()),
            value => Plist::String(value.as_str().expect("a text").to_owned()),
        };
        dictionary.insert(key.clone(), value);
    }
    Plist::Dictionary(dictionary)
}

/// The tree as an XML property list.
pub(crate) fn plist_xml(tree: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    plist(tree).to_writer_xml(&mut bytes).expect("a property list");
    bytes
}

/// The tree as a binary property list, as iOS keeps it.
pub(crate) fn plist_binary(tree: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    plist(tree).to_writer_binary(&mut bytes).expect("a property list");
    bytes
}
