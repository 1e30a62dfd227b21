//! What is new about a configuration, and what follows from it.
use ring::hmac;
use serde_json::json;

use super::input::{InputError, ManagedInput, Source, SourcedTree, tree_from_json, tree_to_json};
use super::layers::Effective;
use super::schema::{Affects, Key};
use crate::secret::Secret;

/// What the agent does with what the operating system handed over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Intake {
    /// The same as before: no work, no write.
    Unchanged,
    /// More is about to come. Do not start activation with half a configuration; the agent gives up
    /// waiting after a minute.
    Pending,
    /// There was a configuration and now there is none at all. Not a wipe: the old one stays in
    /// force, a finding appears, and the grace of the licence machine runs.
    Vanished,
    /// Store it and resolve.
    Changed,
}

/// Compares what came with what is stored. Cheap, and without resolving anything.
pub fn intake(stored: Option<&ManagedInput>, received: &ManagedInput) -> Intake {
    let had_keys = stored.is_some_and(|stored| !stored.is_empty());
    if received.pending {
        return Intake::Pending;
    }
    if received.is_empty() && had_keys {
        return Intake::Vanished;
    }
    match stored {
        Some(stored) if stored.trees == received.trees => Intake::Unchanged,
        None if received.is_empty() => Intake::Unchanged,
        _ => Intake::Changed,
    }
}

/// The keys that differ between two resolutions, and what follows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ChangeSet {
    /// Unset before.
    pub added: Vec<Key>,
    /// Another value.
    pub changed: Vec<Key>,
    /// Unset now.
    pub removed: Vec<Key>,
    /// What the agent has to do.
    pub consequences: Consequences,
}

/// What follows from a change. Nothing ever needs a restart.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Consequences {
    /// Evidence for activation changed: try it beside the old one.
    pub reactivate: bool,
    /// The contacts on the phone may be others now.
    pub resync: bool,
    /// Rules changed.
    pub reevaluate: bool,
    /// Intervals changed.
    pub reschedule: bool,
}

impl ChangeSet {
    /// Nothing differs.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }

    /// Every key that differs.
    pub fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        self.added.iter().chain(&self.changed).chain(&self.removed).copied()
    }
}

/// What differs from `old` to `new`. Values count, not where they came from.
pub fn diff(old: &Effective, new: &Effective) -> ChangeSet {
    let mut set = ChangeSet::default();
    for key in Key::ALL {
        match (old.value(key), new.value(key)) {
            (None, Some(_)) => set.added.push(key),
            (Some(_), None) => set.removed.push(key),
            (Some(old), Some(new)) if old != new => set.changed.push(key),
            _ => {}
        }
    }
    let mut consequences = Consequences::default();
    for key in set.keys() {
        match key.setting().affects {
            Affects::Screens => {}
            Affects::Activation => consequences.reactivate = true,
            Affects::Contacts => consequences.resync = true,
            Affects::Compliance => consequences.reevaluate = true,
            Affects::Schedule => consequences.reschedule = true,
        }
    }
    // A rule that became readable again, or unreadable, acts otherwise although its value is the
    // same.
    consequences.reevaluate |= old.only_warn() != new.only_warn();
    set.consequences = consequences;
    set
}

/// A short name for this state of the managed configuration, so that an admin sees which one is in
/// force: 16 hexadecimal digits.
///
/// Keyed, because a bare hash of a tree with a four-digit passcode in it could be searched through.
/// The key has to be the same on one phone, not from phone to phone.
pub fn config_version(input: &ManagedInput, key: &[u8; 32]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let tag = hmac::sign(&key, input.to_bytes().expose());
    tag.as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

impl ManagedInput {
    /// For the store, to be sealed: holds secrets. The same input always gives the same bytes.
    pub fn to_bytes(&self) -> Secret<Vec<u8>> {
        let trees: Vec<_> = self
            .trees
            .iter()
            .map(|sourced| {
                let source = match &sourced.source {
                    Source::Os => "os".to_owned(),
                    Source::Admin(package) => format!("admin:{package}"),
                    Source::ManagedApp => "managed_app".to_owned(),
                };
                json!({ "source": source, "tree": sourced.tree.as_ref().map(tree_to_json) })
            })
            .collect();
        let bytes = json!({ "trees": trees, "pending": self.pending }).to_string();
        Secret::new(bytes.into_bytes())
    }

    /// From the store.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InputError> {
        let value: serde_json::Value =
            serde_json::from_slice(bytes).map_err(|_| InputError::NotJson)?;
        let trees = value["trees"].as_array().ok_or(InputError::NotATree)?;
        let trees = trees
            .iter()
            .map(|sourced| {
                let source = match sourced["source"].as_str() {
                    Some("os") => Source::Os,
                    Some("managed_app") => Source::ManagedApp,
                    Some(other) => match other.strip_prefix("admin:") {
                        Some(package) => Source::Admin(package.to_owned()),
                        None => return Err(InputError::NotATree),
                    },
                    None => return Err(InputError::NotATree),
                };
                let tree = match &sourced["tree"] {
                    serde_json::Value::Null => None,
                    tree => Some(tree_from_json(tree.to_string().as_bytes())?),
                };
                Ok(SourcedTree { source, tree })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { trees, pending: value["pending"].as_bool().unwrap_or(false) })
    }
}
