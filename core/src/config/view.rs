//! The configuration as people and programs see it: `muster-device config`, and the screen of
//! settings. Secrets are dots.
use serde::Serialize;

use super::layer::Layer;
use super::layers::{Entry, From, Resolution};
use super::value::{State, Value};
use crate::ids::Language;

/// All settings.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ConfigView {
    /// One for each setting of the schema, in its order.
    pub settings: Vec<SettingView>,
    /// Keys that no setting has.
    pub unknown: Vec<UnknownView>,
}

/// One setting.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SettingView {
    /// Its key.
    pub key: &'static str,
    /// What is in force; null if nothing is.
    pub value: serde_json::Value,
    /// What was received.
    pub state: State,
    /// How the value in force came about.
    pub from: From,
    /// Whose value it is.
    pub layer: Layer,
    /// What there is to say about it.
    pub notes: Vec<String>,
}

/// A key that no setting has.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct UnknownView {
    /// As received.
    pub key: String,
    /// The key that was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meant: Option<&'static str>,
}

/// `resolution` for people who speak `language`.
pub fn view(resolution: &Resolution, language: Language) -> ConfigView {
    let setting = |entry: &Entry| SettingView {
        key: entry.key.name(),
        value: entry.value.as_ref().map_or(serde_json::Value::Null, Value::shown),
        state: entry.state,
        from: entry.from,
        layer: entry.layer,
        notes: entry.notes.iter().map(|note| note.text(language)).collect(),
    };
    let unknown = resolution
        .unknown
        .iter()
        .map(|unknown| UnknownView { key: unknown.key.clone(), meant: unknown.meant });
    ConfigView {
        settings: resolution.entries.iter().map(setting).collect(),
        unknown: unknown.collect(),
    }
}
