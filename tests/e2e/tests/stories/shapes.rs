//! The JSON that `muster-device` prints, member by member. Members may be added to the programs, and
//! are then added here; one that is renamed or changes its type is a failure.
use serde_json::{Value, json};

/// Fails unless `value` has exactly the members of `shape`, each of its type.
///
/// In a shape, a text names a type: `text`, `count`, `flag`, `time` (RFC 3339), `any`, or the tokens
/// that are possible, separated by `|`. A list has the shape of all its items. A member that may be
/// absent ends in `?`.
#[track_caller]
pub(crate) fn assert_shape(value: &Value, shape: &Value) {
    if let Err(reason) = fits(value, shape, "") {
        panic!("{reason}\nin {value:#}");
    }
}

fn fits(value: &Value, shape: &Value, at: &str) -> Result<(), String> {
    let wrong = |wanted: &str| Err(format!("{at}: {value} is not {wanted}"));
    match (shape, value) {
        (Value::Object(shape), Value::Object(members)) => {
            for (name, shape) in shape {
                let plain = name.trim_end_matches('?');
                match members.get(plain) {
                    Some(member) => fits(member, shape, &format!("{at}/{plain}"))?,
                    None if plain == name => return Err(format!("{at}/{plain} is missing")),
                    None => {}
                }
            }
            let known =
                |name: &String| shape.contains_key(name) || shape.contains_key(&format!("{name}?"));
            match members.keys().find(|name| !known(name)) {
                Some(name) => Err(format!("{at}/{name} is in no shape")),
                None => Ok(()),
            }
        }
        (Value::Array(shape), Value::Array(items)) => {
            items.iter().try_for_each(|item| fits(item, &shape[0], &format!("{at}[]")))
        }
        (Value::String(kind), value) => {
            let text = value.as_str();
            let fits = match kind.as_str() {
                "any" => true,
                "text" => text.is_some(),
                "count" => value.as_u64().is_some(),
                "flag" => value.is_boolean(),
                "time" => text.is_some_and(|t| t.len() == 20 && t.ends_with('Z')),
                tokens => tokens.split('|').any(|token| text == Some(token)),
            };
            if fits { Ok(()) } else { wrong(kind) }
        }
        _ => wrong("of that kind"),
    }
}

/// `status`.
pub(crate) fn status() -> Value {
    json!({
        "licence": {
            "phase": "not_required|unlicensed|activating|active|reauthenticate|erasing|erased",
            "holds": ["offline|lost|rule|expired|no_policy"],
            "prompt?": "one_time_code|browser",
            "since": "time",
            "next_check?": "time",
            "cause?": "signed_out|retired|lost|revoked|withdrawn|transferred",
            "message?": "text",
        },
        "organization?": { "name": "text", "host": "text" },
        "person?": { "first_name?": "text", "last_name?": "text", "email?": "text" },
        "contacts": {
            "count": "count", "books": "count", "last_sync?": "time", "skipped": "count",
        },
        "compliance": { "state": "compliant|attention|non_compliant|unknown" },
        "outbox": {
            "pending": "count", "held": "count", "quarantined": "count", "dropped": "count",
        },
        "config": { "version": "text" },
    })
}

/// `config`.
pub(crate) fn config() -> Value {
    json!({
        "settings": [{
            "key": "text",
            "value": "any",
            "state": "absent|valid|invalid|unexpanded",
            "from": "received|last_good|strict|below",
            "layer": "default|person|mdm|server|individual",
            "notes": ["text"],
        }],
        "unknown": [{ "key": "text", "meant?": "text" }],
    })
}

/// `findings`.
pub(crate) fn findings() -> Value {
    json!([{
        "id": "text",
        "severity": "inform|warn|require",
        "title": "text",
        "explanation": "text",
        "action?": "text",
        "action_label?": "text",
        "action_url?": "text",
        "since": "time",
        "due?": "time",
        "due_words?": "text",
        "rules": ["text"],
    }])
}

/// `contact`.
pub(crate) fn contact() -> Value {
    json!({
        "id": "text",
        "name": "text",
        "organization?": "text",
        "department?": "text",
        "title?": "text",
        "phones": [{
            "kind": "mobile|work|home|fax|pager|other", "number": "text", "e164?": "text",
        }],
        "emails": [{ "kind": "work|home|other", "address": "text" }],
        "addresses?": [{
            "kind": "work|home|other", "street?": "text", "city?": "text", "region?": "text",
            "postal_code?": "text", "country?": "text",
        }],
        "categories?": ["text"],
        "note?": "text",
        "photo": "flag",
    })
}

/// `contacts`.
pub(crate) fn contacts() -> Value {
    json!([contact()])
}

/// `search`.
pub(crate) fn search() -> Value {
    json!([{
        "id": "text",
        "name": "text",
        "organization?": "text",
        "title?": "text",
        "matched": [{
            "field": "name|organization|department|title|emails|phones",
            "index?": "count", "start": "count", "length": "count",
        }],
    }])
}

/// `caller`.
pub(crate) fn caller() -> Value {
    json!({ "match": "one|ambiguous|none", "contacts": [{ "id": "text", "name": "text" }] })
}

#[test]
fn a_shape_notices_what_is_renamed_missing_or_of_another_type() {
    let shape = json!({ "match": "one|none", "seen?": "time", "contacts": [{ "id": "text" }] });
    let good =
        json!({ "match": "one", "contacts": [{ "id": "1" }], "seen": "2026-03-01T08:00:00Z" });
    assert_eq!(fits(&good, &shape, ""), Ok(()));
    for (member, value) in [
        ("match", json!("two")),
        ("match", Value::Null),
        ("contacts", json!([{ "id": 1 }])),
        ("contacts", json!([{}])),
        ("seen", json!("yesterday")),
        ("more", json!(1)),
    ] {
        let mut other = good.clone();
        other[member] = value;
        assert!(fits(&other, &shape, "").is_err(), "{other}");
    }
}
