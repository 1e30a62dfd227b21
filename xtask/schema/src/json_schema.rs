//! A JSON Schema (draft 2020-12) of a well-typed configuration, for editors and for servers that
//! want to check before they send. The agent itself accepts more: see the reference.
use muster_core::config::schema::{Builtin, Item, Key, Setting, Type};
use muster_core::ids::Language;
use serde_json::{Map, Value, json};

use crate::outputs::ORIGIN;
use crate::planned;

pub(crate) fn json_schema() -> String {
    let properties: Map<String, Value> =
        Key::ALL.into_iter().map(|key| (key.name().to_owned(), property(key.setting()))).collect();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": ORIGIN,
        "title": "Muster managed configuration",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    });
    format!("{schema:#}\n")
}

fn property(row: &Setting) -> Value {
    let mut property = match row.kind {
        Type::Bool => json!({ "type": "boolean" }),
        Type::Int { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Type::Text { max } => json!({ "type": "string", "maxLength": max }),
        Type::Email => json!({ "type": "string", "format": "email", "maxLength": 254 }),
        Type::Url => json!({
            "type": "string", "format": "uri", "pattern": "^https://", "maxLength": 2048,
        }),
        Type::Version => json!({
            "type": "string", "pattern": "^[0-9]{1,9}(\\.[0-9]{1,9}){0,3}$",
        }),
        Type::Region => json!({ "type": "string", "pattern": "^[A-Za-z]{2}$" }),
        Type::Choice(words) => json!({ "enum": words }),
        Type::List(item) => json!({
            "oneOf": [
                { "type": "string" },
                { "type": "array", "items": { "type": "string", "pattern": pattern(item) } },
            ],
        }),
        Type::Sources => sources(),
    };
    property["title"] = row.text.title[0].into();
    property["description"] = planned::about(row, None, Language::En).into();
    match row.default {
        Builtin::None => {}
        Builtin::Bool(yes) => property["default"] = yes.into(),
        Builtin::Int(number) => property["default"] = number.into(),
        Builtin::Word(word) => property["default"] = word.into(),
    }
    if row.secret {
        property["writeOnly"] = true.into();
    }
    property
}

fn pattern(item: Item) -> &'static str {
    match item {
        Item::Host => "^[^/@\\s]+$",
        Item::Thumbprint => "^[A-Za-z0-9_-]{43}$",
        Item::Package => "^[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z][A-Za-z0-9_]*)+$",
        Item::Filter => "^!?(category|department):.+$",
    }
}

fn sources() -> Value {
    let text = |max: usize| json!({ "type": "string", "maxLength": max });
    json!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["carddav_url"],
            "properties": {
                "name": text(1024),
                "carddav_url": { "type": "string", "format": "uri", "pattern": "^https://" },
                "carddav_username": text(1024),
                "carddav_password": { "type": "string", "maxLength": 1024, "writeOnly": true },
            },
        },
    })
}
