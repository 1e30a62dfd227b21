//! Signals as JSON: one member per signal. A plain value is known, `{"unknown": "reason"}` is
//! unknown, `"not_applicable"` says that the phone has no such thing.
//!
//! ```json
//! { "screen_lock": { "value": true, "scope": "work_profile" },
//!   "os_version": "15", "security_patch": "2025-06-05", "adb": false,
//!   "password_complexity": { "unknown": "too_old" }, "work_profile": "not_applicable" }
//! ```
use serde_json::{Map, Value};

use super::{
    Complexity, LockScope, PatchDate, Shape, Signal, SignalKind, SignalValue, Signals,
    UnknownReason,
};
use crate::ids::Platform;
use crate::version::Version;

const NOT_APPLICABLE: &str = "not_applicable";

/// Android's `DevicePolicyManager.getStorageEncryptionStatus` by name. Encrypted by the default key
/// or per user is encrypted: nearly every phone of today says one of these.
#[rustfmt::skip]
const ENCRYPTION: [(&str, bool); 6] = [
    ("unsupported",        false),
    ("inactive",           false),
    ("activating",         false),
    ("active",             true),
    ("active_default_key", true),
    ("active_per_user",    true),
];

/// What is wrong with one member.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SignalError {
    /// There is no such signal.
    #[error("there is no such signal")]
    NoSuchSignal,
    /// The value has another form than this signal's.
    #[error("expected {expected}")]
    WrongForm {
        /// What would be right.
        expected: &'static str,
    },
}

/// Why signals could not be read. Nothing is taken from such a file.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SignalsError {
    /// Not JSON at all.
    #[error("not JSON: line {line}, column {column}")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// JSON, but not an object.
    #[error("not a JSON object")]
    NotAnObject,
    /// One member is wrong.
    #[error("`{name}`: {error}")]
    Member {
        /// The member.
        name: String,
        /// What is wrong with it.
        error: SignalError,
    },
}

impl Signals {
    /// Reads signals that a phone of `platform` collected.
    pub fn from_json(text: &str, platform: Platform) -> Result<Self, SignalsError> {
        let value: Value = serde_json::from_str(text)
            .map_err(|e| SignalsError::NotJson { line: e.line(), column: e.column() })?;
        let members = value.as_object().ok_or(SignalsError::NotAnObject)?;
        let mut signals = Signals::new();
        for (name, value) in members {
            let member = |error| SignalsError::Member {
                name: name.chars().take(64).collect::<String>(),
                error,
            };
            let kind =
                SignalKind::from_token(name).ok_or(SignalError::NoSuchSignal).map_err(member)?;
            signals.set(kind, read_signal(kind, value).map_err(member)?);
        }
        Ok(signals.on(platform))
    }

    /// Writes signals in the form that [`Signals::from_json`] reads.
    pub fn to_json(&self) -> Value {
        let members = self.iter().map(|(kind, signal)| (kind.as_str().to_owned(), write(signal)));
        Value::Object(members.collect::<Map<_, _>>())
    }
}

fn read_signal(kind: SignalKind, value: &Value) -> Result<Signal, SignalError> {
    if value.as_str() == Some(NOT_APPLICABLE) {
        return Ok(Signal::NotApplicable);
    }
    if let Some(reason) = value.get("unknown") {
        let reason = reason
            .as_str()
            .ok_or(SignalError::WrongForm { expected: "a reason as text in `unknown`" })?;
        return Ok(Signal::Unknown(UnknownReason::from_token(reason)));
    }
    read_value(kind, value).map(Signal::Known)
}

fn read_value(kind: SignalKind, value: &Value) -> Result<SignalValue, SignalError> {
    let wrong = |expected| SignalError::WrongForm { expected };
    let text = value.as_str();
    match kind.shape() {
        Shape::Flag { .. } if kind == SignalKind::ScreenLock => read_lock(value),
        Shape::Flag { .. } => {
            let status = ENCRYPTION.iter().find(|row| Some(row.0) == text).map(|row| row.1);
            let status = status.filter(|_| kind == SignalKind::StorageEncryption);
            let flag = value.as_bool().or(status).ok_or(wrong("true or false"))?;
            Ok(SignalValue::Flag(flag))
        }
        Shape::Complexity => text
            .and_then(Complexity::from_token)
            .map(SignalValue::Complexity)
            .ok_or(wrong("none, low, medium or high")),
        Shape::Version => text
            .and_then(|text| Version::parse(text).ok())
            .map(SignalValue::Version)
            .ok_or(wrong("a version as text, such as \"17.10\"")),
        Shape::Date => text
            .and_then(PatchDate::parse)
            .map(SignalValue::Date)
            .ok_or(wrong("a date such as \"2025-06-05\"")),
    }
}

fn read_lock(value: &Value) -> Result<SignalValue, SignalError> {
    let wrong = SignalError::WrongForm { expected: "true, false or {value, scope}" };
    if let Some(set) = value.as_bool() {
        return Ok(SignalValue::Lock { set, scope: LockScope::Device });
    }
    let set = value.get("value").and_then(Value::as_bool).ok_or(wrong.clone())?;
    let scope = match value.get("scope").map(Value::as_str) {
        None | Some(Some("device")) => LockScope::Device,
        Some(Some("work_profile")) => LockScope::WorkProfile,
        Some(_) => return Err(wrong),
    };
    Ok(SignalValue::Lock { set, scope })
}

fn write(signal: &Signal) -> Value {
    match signal {
        Signal::Known(SignalValue::Flag(flag)) => (*flag).into(),
        Signal::Known(SignalValue::Lock { set, scope }) => {
            serde_json::json!({ "value": set, "scope": scope.as_str() })
        }
        Signal::Known(SignalValue::Complexity(grade)) => grade.as_str().into(),
        Signal::Known(SignalValue::Version(version)) => version.as_str().into(),
        Signal::Known(SignalValue::Date(date)) => date.to_string().into(),
        Signal::Unknown(reason) => serde_json::json!({ "unknown": reason.as_str() }),
        Signal::NotApplicable => NOT_APPLICABLE.into(),
    }
}
