//! Property lists, XML and binary. A boolean stays a boolean and a number a number: the property
//! list keeps them apart where `NSNumber` does not.
use plist::Value;

use super::InputError;
use super::binary_plist;
use crate::config::raw::{RawTree, RawValue};
use crate::limits;

/// Reads a whole configuration from an XML or binary property list.
pub fn tree_from_plist(bytes: &[u8]) -> Result<RawTree, InputError> {
    if bytes.len() > 6 * limits::CONFIG_TREE_BYTES {
        return Err(InputError::TooLarge);
    }
    let value = if bytes.starts_with(b"bplist") { binary_plist::read(bytes)? } else { xml(bytes)? };
    match value {
        RawValue::Map(tree) => Ok(tree),
        _ => Err(InputError::NotATree),
    }
}

fn xml(bytes: &[u8]) -> Result<RawValue, InputError> {
    let text = std::str::from_utf8(bytes).map_err(|_| InputError::NotAPropertyList)?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if !text.starts_with('<') {
        // The reader would also take the old ASCII form, which no phone writes.
        return Err(InputError::NotAPropertyList);
    }
    check_nesting(text)?;
    let text = cdata_as_text(text);
    let value =
        Value::from_reader_xml(text.as_bytes()).map_err(|_| InputError::NotAPropertyList)?;
    Ok(raw(value))
}

/// Before anything is built: one that is nested a million levels deep would exhaust the stack when
/// it is dropped.
fn check_nesting(text: &str) -> Result<(), InputError> {
    let mut depth = 0_usize;
    for (at, _) in text.match_indices('<') {
        let rest = &text[at + 1..];
        let name = rest.trim_start_matches('/');
        if !(name.starts_with("dict") || name.starts_with("array")) {
            continue;
        }
        if rest.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if !rest.split('>').next().is_some_and(|tag| tag.ends_with('/')) {
            depth += 1;
        }
        if depth > 2 * limits::CONFIG_DEPTH {
            return Err(InputError::TooDeep);
        }
    }
    Ok(())
}

/// The reader skips CDATA sections; a value in one must not become an empty value.
fn cdata_as_text(text: &str) -> std::borrow::Cow<'_, str> {
    const OPEN: &str = "<![CDATA[";
    if !text.contains(OPEN) {
        return text.into();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        plain.push_str(before);
        let (inner, tail) = after.split_once("]]>").unwrap_or((after, ""));
        plain.push_str(&inner.replace('&', "&amp;").replace('<', "&lt;"));
        rest = tail;
    }
    plain.push_str(rest);
    plain.into()
}

/// Dates and data mean nothing in a configuration; they become a bundle without keys, which every
/// setting calls invalid.
fn raw(value: Value) -> RawValue {
    match value {
        Value::Boolean(yes) => RawValue::Bool(yes),
        Value::Integer(number) => match number.as_signed() {
            Some(number) => RawValue::Int(number),
            None => RawValue::Float(number.as_unsigned().map_or(f64::NAN, |number| number as f64)),
        },
        Value::Real(number) => RawValue::Float(number),
        Value::String(text) => RawValue::String(text),
        Value::Array(items) => RawValue::List(items.into_iter().map(raw).collect()),
        Value::Dictionary(map) => {
            RawValue::Map(map.into_iter().map(|(key, value)| (key, raw(value))).collect())
        }
        _ => RawValue::Map(RawTree::new()),
    }
}
