//! Lists: a comma-separated text, an array of texts, or JSON in a text.
use url::{Host, Url};

use super::{Reading, Value, placeholders, text};
use crate::config::notes::What;
use crate::config::raw::RawValue;
use crate::config::schema::{Item, Setting};
use crate::http::host_and_port;
use crate::limits;

pub(super) fn read(
    setting: &Setting,
    item: Item,
    raw: &RawValue,
    notes: &mut Vec<What>,
) -> Reading {
    let Some(parts) = parts(raw, notes) else {
        notes.push(What::WrongType);
        return Reading::INVALID;
    };
    if let Some(found) = parts.iter().find_map(|part| placeholders::find(part)) {
        notes.push(found.note());
        return Reading::Unexpanded;
    }
    let mut good: Vec<String> = Vec::new();
    let mut bad = 0;
    for part in parts.iter().filter(|part| !text::trim(part).is_empty()) {
        match text::clean(part, 1_024, &mut Vec::new()).ok().and_then(|part| check(item, &part)) {
            Some((value, note)) => {
                notes.extend(note.filter(|note| !notes.contains(note)));
                if !good.contains(&value) {
                    good.push(value);
                }
            }
            None => bad += 1,
        }
    }
    if good.len() > limits::CONFIG_LIST_ITEMS {
        notes.push(What::TooManyItems { max: limits::CONFIG_LIST_ITEMS });
        return Reading::INVALID;
    }
    if bad > 0 {
        notes.push(What::BadItems { count: bad, item });
        return Reading::Invalid { nearest: Some(Value::List(good)) };
    }
    if good.is_empty() {
        if setting.group == crate::config::schema::Group::Activation {
            notes.push(What::Empty);
        }
        return Reading::Absent;
    }
    Reading::Valid(Value::List(good))
}

/// The single items, not yet judged. `None` if it is no list at all.
fn parts(raw: &RawValue, notes: &mut Vec<What>) -> Option<Vec<String>> {
    match raw {
        RawValue::String(text) => {
            let trimmed = text::trim(text);
            if trimmed.starts_with('[') {
                let items = serde_json::from_str::<Vec<String>>(trimmed).ok()?;
                notes.push(What::JsonText);
                return Some(items);
            }
            Some(split(text))
        }
        RawValue::List(items) => {
            let mut parts = Vec::new();
            for item in items {
                match item {
                    RawValue::String(text) => parts.extend(split(text)),
                    RawValue::Int(number) | RawValue::Long(number) => {
                        parts.push(number.to_string())
                    }
                    RawValue::Null => {}
                    _ => return None,
                }
            }
            Some(parts)
        }
        _ => None,
    }
}

fn split(text: &str) -> Vec<String> {
    text.split([',', ';', '\n']).map(str::to_owned).collect()
}

/// The item in its one spelling, and a note if that is not how it was written.
fn check(item: Item, text: &str) -> Option<(String, Option<What>)> {
    match item {
        Item::Host => host(text),
        Item::Thumbprint => {
            let base64url = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
            // 32 bytes in base64url without padding (RFC 7638 §3, RFC 4648 §5).
            let fits = text.len() == 43 && text.bytes().all(base64url);
            fits.then(|| (text.to_owned(), None))
        }
        Item::Package => {
            let is_part = |part: &str| {
                part.starts_with(|c: char| c.is_ascii_alphabetic())
                    && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            };
            let fits = text.contains('.') && text.split('.').all(is_part);
            fits.then(|| (text.to_owned(), None))
        }
        Item::Filter => {
            let (not, rest) = match text.strip_prefix(['!', '-']) {
                Some(rest) => ("!", rest),
                None => ("", text),
            };
            let (field, name) = rest.split_once([':', '='])?;
            let field = text::trim(field).to_ascii_lowercase();
            let name = text::trim(name);
            let known = matches!(field.as_str(), "category" | "department");
            (known && !name.is_empty()).then(|| (format!("{not}{field}:{name}"), None))
        }
    }
}

/// `host` or `host:port`, in lower case and punycode. A whole https address is taken for its host.
fn host(text: &str) -> Option<(String, Option<What>)> {
    let (text, note) = match text.split_once("://") {
        Some(_) => {
            let url = Url::parse(text).ok()?;
            let bare = url.username().is_empty() && url.password().is_none();
            if url.scheme() != "https" || !bare {
                return None;
            }
            (host_and_port(&url), Some(What::HostOfUrl))
        }
        None => (text.to_owned(), None),
    };
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => {
            (name, Some(port.parse::<u16>().ok()?))
        }
        _ => (text.as_str(), None),
    };
    let name = Host::parse(name).ok()?.to_string();
    let port = port.filter(|port| *port != 443).map(|port| format!(":{port}")).unwrap_or_default();
    Some((format!("{name}{port}"), note))
}
