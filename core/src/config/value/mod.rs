//! From a raw value to a typed one: what is accepted as it is, what is accepted and noted, and what
//! is refused.
//!
//! The rule: a coercion that can't lose anything is made and noted; anything else is invalid.
//! Whether an invalid value matters is decided by the layers, not here.
mod lists;
mod placeholders;
mod sources;
mod text;

#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::fmt;

use serde::Serialize;

use super::notes::What;
use super::raw::RawValue;
use super::schema::{Group, Setting, Strict, Type};
use crate::http::{InsecureUrl, check_url};
use crate::limits;
use crate::secret::Secret;
use crate::version::Version;

pub use placeholders::{PLACEHOLDERS, Placeholders, Shape};
pub use sources::ContactSource;

/// What a setting holds once it has been read.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text, a word, a version, an address.
    Text(String),
    /// Text that nobody may see.
    Secret(Secret<String>),
    /// Several items.
    List(Vec<String>),
    /// Several contact sources.
    Sources(Vec<ContactSource>),
}

/// What was received for a setting.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nothing.
    #[default]
    Absent,
    /// Something that can be used.
    Valid,
    /// The wrong type, or out of bounds.
    Invalid,
    /// A placeholder that the MDM did not fill in.
    Unexpanded,
}

impl State {
    /// The token in answers and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Absent => "absent",
            State::Valid => "valid",
            State::Invalid => "invalid",
            State::Unexpanded => "unexpanded",
        }
    }
}

/// The outcome of reading one raw value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Reading {
    /// It says nothing: `null`, or an empty text.
    Absent,
    /// It can be used.
    Valid(Value),
    /// It can't be used.
    Invalid {
        /// The allowed value nearest to what was meant, where that can be said.
        nearest: Option<Value>,
    },
    /// It is, or holds, a placeholder.
    Unexpanded,
}

impl Reading {
    const INVALID: Reading = Reading::Invalid { nearest: None };

    pub(super) fn state(&self) -> State {
        match self {
            Reading::Absent => State::Absent,
            Reading::Valid(_) => State::Valid,
            Reading::Invalid { .. } => State::Invalid,
            Reading::Unexpanded => State::Unexpanded,
        }
    }
}

/// Reads `raw` as a value of `setting`; what was done to it, or why not, goes to `notes`.
pub(super) fn read(setting: &Setting, raw: &RawValue, notes: &mut Vec<What>) -> Reading {
    if matches!(raw, RawValue::Null) {
        return Reading::Absent;
    }
    if let RawValue::String(text) = raw {
        if text.len() > limits::CONFIG_STRING_BYTES {
            notes.push(What::TooLong { max: limits::CONFIG_STRING_BYTES });
            return Reading::INVALID;
        }
        // The password inside a contact source is looked at on its own.
        if let Some(found) = placeholders::find(text).filter(|_| setting.kind != Type::Sources) {
            if !setting.secret {
                notes.push(found.note());
                return Reading::Unexpanded;
            }
            notes.push(What::SecretLooksUnexpanded { vendor: found.vendor });
        }
    }
    match setting.kind {
        Type::Bool => read_bool(raw, notes),
        Type::Int { min, max } => read_int(raw, min, max, notes),
        Type::List(item) => lists::read(setting, item, raw, notes),
        Type::Sources => sources::read(raw, notes),
        _ => read_text(setting, raw, notes),
    }
}

/// A boolean that may have been mangled on its way.
fn read_bool(raw: &RawValue, notes: &mut Vec<What>) -> Reading {
    let Some(yes) = raw.as_bool() else {
        notes.push(What::NotABool);
        return Reading::INVALID;
    };
    match raw {
        RawValue::Bool(_) => {}
        RawValue::String(_) => notes.push(What::TextAsBool),
        _ => notes.push(What::NumberAsBool),
    }
    Reading::Valid(Value::Bool(yes))
}

fn read_int(raw: &RawValue, min: i64, max: i64, notes: &mut Vec<What>) -> Reading {
    let number = match raw {
        RawValue::Int(number) => Ok(*number),
        RawValue::Long(number) => {
            notes.push(What::LongAsNumber);
            Ok(*number)
        }
        RawValue::Float(number) => whole(*number).inspect(|_| notes.push(What::FloatAsNumber)),
        RawValue::String(text) => {
            let text = text::trim(text);
            let number = match text.parse::<i64>() {
                Ok(number) => Ok(number),
                Err(_) if is_decimal(text) => whole(text.parse::<f64>().unwrap_or(f64::NAN)),
                Err(_) => Err(What::NotANumber),
            };
            number.inspect(|_| notes.push(What::TextAsNumber))
        }
        _ => Err(What::NotANumber),
    };
    match number {
        Ok(number) if (min..=max).contains(&number) => Reading::Valid(Value::Int(number)),
        Ok(number) => {
            notes.push(What::OutOfRange { min, max });
            Reading::Invalid { nearest: Some(Value::Int(number.clamp(min, max))) }
        }
        Err(why) => {
            notes.push(why);
            Reading::INVALID
        }
    }
}

/// `-12.0`, and nothing cleverer: no exponent, no `inf`, no `nan`.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.len() <= 20
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// A float that is a whole number, as far as floats are exact (2^53).
fn whole(number: f64) -> Result<i64, What> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.is_finite() && number.fract() == 0.0 && number.abs() <= EXACT {
        Ok(number as i64)
    } else if number.is_finite() && number.fract() != 0.0 {
        Err(What::NotWhole)
    } else {
        Err(What::NotANumber)
    }
}

fn read_text(setting: &Setting, raw: &RawValue, notes: &mut Vec<What>) -> Reading {
    let text = match raw {
        RawValue::String(text) => text.clone(),
        RawValue::Int(number) if takes_number(setting) => {
            notes.push(What::NumberAsText);
            number.to_string()
        }
        RawValue::Long(number) if takes_number(setting) => {
            notes.push(What::NumberAsText);
            number.to_string()
        }
        // 17.1 may have been 17.10: only whole numbers are safe.
        RawValue::Float(number) if takes_number(setting) => match whole(*number) {
            Ok(number) => {
                notes.push(What::NumberAsText);
                number.to_string()
            }
            Err(_) => {
                notes.push(What::NotWhole);
                return Reading::INVALID;
            }
        },
        RawValue::List(items) => match items.as_slice() {
            [] => return Reading::Absent,
            [one @ RawValue::String(_)] => {
                notes.push(What::OneOfAList);
                return read(setting, one, notes);
            }
            _ => {
                notes.push(What::WrongType);
                return Reading::INVALID;
            }
        },
        _ => {
            notes.push(What::WrongType);
            return Reading::INVALID;
        }
    };
    match text::clean(&text, longest(setting), notes) {
        Ok(text) if text.is_empty() => {
            if setting.group == Group::Activation {
                notes.push(What::Empty);
            }
            Reading::Absent
        }
        Ok(text) => match check_form(setting, &text, notes) {
            Ok(text) if setting.secret => Reading::Valid(Value::Secret(Secret::new(text))),
            Ok(text) => Reading::Valid(Value::Text(text)),
            Err(why) => {
                notes.push(why);
                Reading::INVALID
            }
        },
        Err(why) => {
            notes.push(why);
            Reading::INVALID
        }
    }
}

fn takes_number(setting: &Setting) -> bool {
    matches!(setting.kind, Type::Text { .. } | Type::Version)
}

fn longest(setting: &Setting) -> usize {
    match setting.kind {
        Type::Text { max } => max,
        Type::Email => 254,
        Type::Url => 2_048,
        _ => 100,
    }
}

/// Checks the form of a text, and brings the spelling of words into line.
fn check_form(setting: &Setting, text: &str, notes: &mut Vec<What>) -> Result<String, What> {
    match setting.kind {
        Type::Email if text::is_email(text) => Ok(text.to_owned()),
        Type::Email => Err(What::NotAnEmail),
        Type::Url => check_address(text).map(|()| text.to_owned()),
        Type::Version if text::is_version(text) => Ok(text.to_owned()),
        Type::Version => Err(What::NotAVersion),
        Type::Region => {
            if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
                Ok(text.to_ascii_uppercase())
            } else {
                Err(What::NotARegion)
            }
        }
        Type::Choice(words) => {
            if words.contains(&text) {
                return Ok(text.to_owned());
            }
            let spelled = text.to_ascii_lowercase().replace(['-', ' '], "_");
            match words.iter().find(|word| **word == spelled) {
                Some(word) => {
                    notes.push(What::Spelling { word });
                    Ok((*word).to_owned())
                }
                None => Err(What::NotAChoice { words }),
            }
        }
        _ => Ok(text.to_owned()),
    }
}

/// Whether `text` is an address that the agent would ever call.
fn check_address(text: &str) -> Result<(), What> {
    match check_url(text) {
        Ok(_) => Ok(()),
        Err(InsecureUrl::NotHttps) => Err(What::NotHttps),
        Err(InsecureUrl::Malformed) if text.contains("://") && text.contains('@') => {
            Err(What::CredentialsInUrl)
        }
        Err(InsecureUrl::Malformed) => Err(What::NotAUrl),
    }
}

impl Value {
    /// In the form in which it could have been received, to be read again later. Holds secrets.
    pub(super) fn to_raw(&self) -> RawValue {
        match self {
            Value::Bool(yes) => RawValue::Bool(*yes),
            Value::Int(number) => RawValue::Int(*number),
            Value::Text(text) => RawValue::String(text.clone()),
            Value::Secret(secret) => RawValue::String(secret.expose().clone()),
            Value::List(items) => {
                RawValue::List(items.iter().cloned().map(RawValue::String).collect())
            }
            Value::Sources(list) => {
                RawValue::List(list.iter().map(ContactSource::to_raw).collect())
            }
        }
    }

    /// For people and machines to read, secrets as dots.
    pub fn shown(&self) -> serde_json::Value {
        match self {
            Value::Bool(yes) => (*yes).into(),
            Value::Int(number) => (*number).into(),
            Value::Text(text) => text.as_str().into(),
            Value::Secret(_) => HIDDEN.into(),
            Value::List(items) => items.as_slice().into(),
            Value::Sources(list) => list.iter().map(ContactSource::shown).collect(),
        }
    }
}

/// What stands for a secret wherever values are shown.
pub(super) const HIDDEN: &str = "•••";

impl fmt::Debug for Value {
    // Texts are personal data and server names; a debug line needs none of them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Bool(yes) => write!(f, "{yes}"),
            Value::Int(number) => write!(f, "{number}"),
            Value::Text(_) => f.write_str("text"),
            Value::Secret(_) => f.write_str(HIDDEN),
            Value::List(items) => write!(f, "list of {}", items.len()),
            Value::Sources(list) => write!(f, "{} sources", list.len()),
        }
    }
}

/// How strict `a` is beside `b`, by the rule of `setting`: `Greater` is stricter. `None` where that
/// can't be said (a list that neither contains the other).
pub(super) fn strictness(setting: &Setting, a: &Value, b: &Value) -> Option<Ordering> {
    Some(match (setting.strict, a, b) {
        (Strict::True, Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Strict::False, Value::Bool(a), Value::Bool(b)) => b.cmp(a),
        (Strict::Higher, Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Strict::Lower, Value::Int(a), Value::Int(b)) => b.cmp(a),
        (Strict::Higher, Value::Text(a), Value::Text(b)) => {
            Version::parse(a).ok()?.cmp(&Version::parse(b).ok()?)
        }
        (Strict::Order(words), Value::Text(a), Value::Text(b)) => {
            let place = |word: &str| words.iter().position(|known| *known == word);
            place(b).cmp(&place(a))
        }
        (Strict::Fewer, Value::List(a), Value::List(b)) => {
            let within = |a: &[String], b: &[String]| a.iter().all(|item| b.contains(item));
            match (within(a, b), within(b, a)) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => return None,
            }
        }
        _ => return None,
    })
}

/// The strict value where nothing better is known: of a boolean the strict one, of a number the
/// nearest bound or else the strict one, of a list its readable items.
pub(super) fn strict_value(setting: &Setting, nearest: Option<Value>) -> Option<Value> {
    match (setting.kind, setting.strict) {
        (Type::Bool, Strict::True) => Some(Value::Bool(true)),
        (Type::Bool, Strict::False) => Some(Value::Bool(false)),
        (Type::Int { min, .. }, Strict::Lower) => Some(nearest.unwrap_or(Value::Int(min))),
        (Type::Int { max, .. }, Strict::Higher) => Some(nearest.unwrap_or(Value::Int(max))),
        (Type::List(_), Strict::Fewer) => Some(nearest.unwrap_or(Value::List(Vec::new()))),
        _ => None,
    }
}
