//! Layers over one another, key by key: the built-in default, the person's own choice, the MDM,
//! the management server for all, the management server for this person.
//!
//! Rules that hold for every key, all of them columns of the schema:
//! - a layer that does not name a key leaves it alone;
//! - a value that can't be read never loosens a restriction;
//! - from the server, `null` takes the value of the layer below away, except where it would loosen;
//! - the server can't set what decides whom the phone trusts.
mod effective;
mod last_good;
mod managed;
mod resolve;

#[cfg(test)]
mod tests;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::input::ManagedInput;
use super::layer::Layer;
use super::notes::Note;
use super::raw::RawTree;
use super::schema::Key;
use super::value::{State, Value};
use crate::ids::Platform;

pub use effective::{Effective, Provenance};
pub use last_good::LastGood;
pub use resolve::resolve;

/// How the value in force came about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum From {
    /// As received from the strongest layer that names the setting.
    Received,
    /// What that layer said last time that could be read.
    LastGood,
    /// The strict value, because what that layer says can't be read.
    Strict,
    /// From a weaker layer.
    #[default]
    Below,
}

/// Everything that settings are resolved from.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The phone's operating system.
    pub platform: Platform,
    /// What the MDM set, if anything.
    pub mdm: Option<&'a ManagedInput>,
    /// The person's own choices in the app.
    pub person: Option<&'a RawTree>,
    /// `settings` of the policy. An absent member means that this layer says nothing.
    pub server: Option<&'a Map<String, Json>>,
    /// `individual` of the policy.
    pub individual: Option<&'a Map<String, Json>>,
    /// From the resolution before this one.
    pub last_good: &'a LastGood,
}

/// One setting, for people to look at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The setting.
    pub key: Key,
    /// What is in force.
    pub value: Option<Value>,
    /// What was received from the strongest layer that names it.
    pub state: State,
    /// How the value in force came about.
    pub from: From,
    /// Whose value it is.
    pub layer: Layer,
    /// Coercions, problems, and why other layers lost.
    pub notes: Vec<Note>,
}

impl Entry {
    /// Whether somebody has to do something about it.
    pub fn has_problem(&self) -> bool {
        self.notes.iter().any(Note::is_problem)
    }
}

/// A key that no setting has.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Unknown {
    /// As received, cut to a bearable length.
    pub key: String,
    /// The name that was probably meant: consoles are case-sensitive, and a wrong case is the
    /// commonest mistake.
    pub meant: Option<&'static str>,
}

/// The outcome of laying the layers over one another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolution {
    /// The settings in force.
    pub effective: Effective,
    /// One entry for each setting, in the order of the schema.
    pub entries: Vec<Entry>,
    /// Keys that no setting has, each once.
    pub unknown: Vec<Unknown>,
    /// To be kept, sealed, for the next resolution.
    pub last_good: LastGood,
}

impl Resolution {
    /// The entry of one setting.
    pub fn entry(&self, key: Key) -> &Entry {
        &self.entries[key as usize]
    }
}
