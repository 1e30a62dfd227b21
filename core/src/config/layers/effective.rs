//! The settings in force, and what they mean for contacts and trust.
use std::fmt;

use super::{From, Layer};
use crate::config::schema::Key;
use crate::config::value::{ContactSource, Value};
use crate::secret::Secret;

/// All settings that are in force. Before the first resolution: none.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Effective {
    pub(super) slots: Vec<Slot>,
    pub(super) only_warn: Vec<Key>,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) value: Option<Value>,
    pub(super) layer: Layer,
    pub(super) from: From,
}

/// Where a value came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Provenance {
    /// Whose value it is.
    pub layer: Layer,
    /// How it came about.
    pub from: From,
}

impl Effective {
    /// The value of a setting, of whatever type.
    pub fn value(&self, key: Key) -> Option<&Value> {
        self.slots.get(key as usize)?.value.as_ref()
    }

    /// Whether there is any value, a default included.
    pub fn is_set(&self, key: Key) -> bool {
        self.value(key).is_some()
    }

    /// A boolean; an unset one is `false`.
    pub fn bool(&self, key: Key) -> bool {
        matches!(self.value(key), Some(Value::Bool(true)))
    }

    /// A whole number.
    pub fn int(&self, key: Key) -> Option<i64> {
        match self.value(key) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        }
    }

    /// A text, word, version or address that is not secret.
    pub fn text(&self, key: Key) -> Option<&str> {
        match self.value(key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A list; an unset one is empty. Where empty and unset differ, see
    /// [`Effective::allowed_servers`] and [`Effective::policy_key_thumbprints`].
    pub fn list(&self, key: Key) -> &[String] {
        match self.value(key) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    /// A secret.
    pub fn secret(&self, key: Key) -> Option<&Secret<String>> {
        match self.value(key) {
            Some(Value::Secret(secret)) => Some(secret),
            _ => None,
        }
    }

    /// A text or a secret, for those who must keep either to themselves.
    pub fn words(&self, key: Key) -> Option<Secret<String>> {
        match self.value(key) {
            Some(Value::Text(text)) => Some(Secret::from(text.as_str())),
            Some(Value::Secret(secret)) => Some(secret.clone()),
            _ => None,
        }
    }

    /// Where the value of a setting came from.
    pub fn provenance(&self, key: Key) -> Provenance {
        self.slots
            .get(key as usize)
            .map(|slot| Provenance { layer: slot.layer, from: slot.from })
            .unwrap_or_default()
    }

    /// Rules whose value can't be read: each shows a finding that says so, and may only warn.
    /// If `noncompliance_action` or `noncompliance_grace_hours` is among them, no rule of the
    /// managed configuration may do more than warn.
    pub fn only_warn(&self) -> &[Key] {
        &self.only_warn
    }

    /// Every contact source: `contact_sources`, and before it the one of `carddav_url`.
    pub fn contact_sources(&self) -> Vec<ContactSource> {
        let single = self.text(Key::CarddavUrl).map(|url| ContactSource {
            name: None,
            url: url.to_owned(),
            username: self.text(Key::CarddavUsername).map(str::to_owned),
            password: self.secret(Key::CarddavPassword).cloned(),
        });
        let several = match self.value(Key::ContactSources) {
            Some(Value::Sources(sources)) => sources.as_slice(),
            _ => &[],
        };
        let mut all: Vec<ContactSource> = single.into_iter().collect();
        for source in several {
            let known = all
                .iter()
                .any(|other| other.url == source.url && other.username == source.username);
            if !known {
                all.push(source.clone());
            }
        }
        all
    }

    /// The servers that the setting `allowed_servers` names; `None` if it is not set. What that allows
    /// is `management::ServerAllowList`'s to say.
    pub fn allowed_servers(&self) -> Option<&[String]> {
        self.is_set(Key::AllowedServers).then(|| self.list(Key::AllowedServers))
    }

    /// The pinned policy keys; `None` means that none is pinned here. An empty list means that the
    /// admin pinned keys that can't be read: then no key is trusted until that is corrected.
    pub fn policy_key_thumbprints(&self) -> Option<&[String]> {
        self.is_set(Key::PolicyKeyThumbprints).then(|| self.list(Key::PolicyKeyThumbprints))
    }
}

impl fmt::Debug for Effective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = Key::ALL.into_iter().filter(|key| self.is_set(*key));
        f.debug_map().entries(set.map(|key| (key.name(), self.value(key)))).finish()
    }
}
