//! Contact sources: a bundle array on Android, an array of dictionaries on iOS, or either as JSON
//! in a text.
use std::fmt;

use super::{Reading, Value, check_address, placeholders, text};
use crate::config::input;
use crate::config::notes::Remark;
use crate::config::raw::{RawTree, RawValue};
use crate::limits;
use crate::secret::Secret;

/// One CardDAV server or address book to take contacts from.
#[derive(Clone, PartialEq, Eq)]
pub struct ContactSource {
    /// Remark people call it.
    pub name: Option<String>,
    /// An https address.
    pub url: String,
    /// For HTTP Basic.
    pub username: Option<String>,
    /// For HTTP Basic.
    pub password: Option<Secret<String>>,
}

impl ContactSource {
    pub(super) fn to_raw(&self) -> RawValue {
        let password = self.password.as_ref().map(|secret| secret.expose().as_str());
        let fields = [
            ("name", self.name.as_deref()),
            ("carddav_url", Some(self.url.as_str())),
            ("carddav_username", self.username.as_deref()),
            ("carddav_password", password),
        ];
        let present = fields.into_iter().filter_map(|(key, value)| Some((key, value?)));
        RawValue::Map(present.map(|(key, value)| (key.to_owned(), value.into())).collect())
    }

    pub(super) fn shown(&self) -> serde_json::Value {
        serde_json::json!({
            "name": self.name,
            "carddav_url": self.url,
            "carddav_username": self.username,
            "carddav_password": self.password.as_ref().map(|_| super::HIDDEN),
        })
    }
}

impl fmt::Debug for ContactSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("contact source")
    }
}

pub(super) fn read(raw: &RawValue, notes: &mut Vec<Remark>) -> Reading {
    let parsed;
    let raw = match raw {
        RawValue::String(text) if text::trim(text).is_empty() => return Reading::Absent,
        RawValue::String(text) => match json(text) {
            Some(value) => {
                notes.push(Remark::JsonText);
                parsed = value;
                &parsed
            }
            None => match placeholders::find(text) {
                Some(found) => {
                    notes.push(found.note());
                    return Reading::Unexpanded;
                }
                None => {
                    notes.push(Remark::WrongType);
                    return Reading::INVALID;
                }
            },
        },
        other => other,
    };
    let one;
    let items = match raw {
        RawValue::List(items) => items.as_slice(),
        RawValue::Map(_) => {
            notes.push(Remark::OneBundle);
            one = [raw.clone()];
            &one
        }
        _ => {
            notes.push(Remark::WrongType);
            return Reading::INVALID;
        }
    };
    if items.len() > limits::CONFIG_LIST_ITEMS {
        notes.push(Remark::TooManyItems { max: limits::CONFIG_LIST_ITEMS });
        return Reading::INVALID;
    }
    let mut sources = Vec::new();
    // One unreadable source makes the whole list unreadable: dropping it alone would erase its
    // contacts from every phone.
    for (index, item) in items.iter().enumerate() {
        match source(item, notes) {
            Ok(Some(source)) => sources.push(source),
            Ok(None) => {}
            Err(Bad::Unexpanded(note)) => {
                notes.push(note);
                return Reading::Unexpanded;
            }
            Err(Bad::Field(field)) => {
                notes.push(Remark::BadSource { number: index + 1, field });
                return Reading::INVALID;
            }
        }
    }
    if sources.is_empty() { Reading::Absent } else { Reading::Valid(Value::Sources(sources)) }
}

fn json(text: &str) -> Option<RawValue> {
    let value = serde_json::from_str(text::trim(text)).ok()?;
    match input::value_from_json(value).ok()? {
        value @ (RawValue::List(_) | RawValue::Map(_)) => Some(value),
        _ => None,
    }
}

enum Bad {
    Field(&'static str),
    Unexpanded(Remark),
}

/// One bundle; an empty one (Google Play sends those for rows left blank) says nothing.
fn source(raw: &RawValue, notes: &mut Vec<Remark>) -> Result<Option<ContactSource>, Bad> {
    let RawValue::Map(fields) = raw else { return Err(Bad::Field("carddav_url")) };
    let fields = unwrap(fields, notes);
    let name = field(fields, &["name"], "name")?;
    let url = field(fields, &["carddav_url", "url"], "carddav_url")?;
    let username = field(fields, &["carddav_username", "username"], "carddav_username")?;
    let password = secret(fields, notes)?;
    let Some(url) = url else {
        let blank = name.is_none() && username.is_none() && password.is_none();
        return if blank { Ok(None) } else { Err(Bad::Field("carddav_url")) };
    };
    check_address(&url).map_err(|_| Bad::Field("carddav_url"))?;
    Ok(Some(ContactSource { name, url, username, password }))
}

/// Some consoles wrap each bundle of an array once more, as `{childKey: bundle}`.
fn unwrap<'a>(fields: &'a RawTree, notes: &mut Vec<Remark>) -> &'a RawTree {
    match fields.values().next() {
        Some(RawValue::Map(inner)) if fields.len() == 1 => {
            if !notes.contains(&Remark::Unwrapped) {
                notes.push(Remark::Unwrapped);
            }
            inner
        }
        _ => fields,
    }
}

fn raw_field(fields: &RawTree, names: &[&str], label: &'static str) -> Result<Option<String>, Bad> {
    let value = names.iter().find_map(|name| fields.get(*name));
    let max = if label == "carddav_url" { 2_048 } else { 1_024 };
    let text = match value {
        None | Some(RawValue::Null) => return Ok(None),
        Some(RawValue::String(text)) => text.clone(),
        Some(RawValue::Int(number) | RawValue::Long(number)) => number.to_string(),
        Some(_) => return Err(Bad::Field(label)),
    };
    let text = text::clean(&text, max, &mut Vec::new()).map_err(|_| Bad::Field(label))?;
    Ok((!text.is_empty()).then(|| text.into_owned()))
}

fn field(fields: &RawTree, names: &[&str], label: &'static str) -> Result<Option<String>, Bad> {
    let value = raw_field(fields, names, label)?;
    match value.as_deref().and_then(placeholders::find) {
        Some(found) => Err(Bad::Unexpanded(found.note())),
        None => Ok(value),
    }
}

fn secret(fields: &RawTree, notes: &mut Vec<Remark>) -> Result<Option<Secret<String>>, Bad> {
    let value = raw_field(fields, &["carddav_password", "password"], "carddav_password")?;
    if let Some(found) = value.as_deref().and_then(placeholders::find) {
        notes.push(Remark::SecretLooksUnexpanded { vendor: found.vendor });
    }
    Ok(value.map(Secret::new))
}
