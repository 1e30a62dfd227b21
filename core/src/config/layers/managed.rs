//! The MDM's layer out of everything that the operating system hands over: aliases, several admins,
//! two channels.
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::{Layer, Unknown};
use crate::config::input::{ManagedInput, RESTRICTIONS_PENDING, Source};
use crate::config::notes::What;
use crate::config::raw::{RawTree, RawValue};
use crate::config::schema::{Alias, Key, Setting, Translate};
use crate::config::value::{Reading, read, strict_value, strictness};

/// What one layer says about one setting.
pub(super) struct Found {
    pub(super) raw: RawValue,
    pub(super) notes: Vec<What>,
}

/// What one layer says.
pub(super) type Said = BTreeMap<Key, Found>;

/// Reads the keys of one tree, aliases included if the tree comes from an MDM.
pub(super) fn said(tree: &RawTree, layer: Layer, unknown: &mut BTreeSet<Unknown>) -> Said {
    let mut said = Said::new();
    let mut aliased: Vec<(Key, Alias, &RawValue)> = Vec::new();
    for (name, raw) in tree {
        if let Some(key) = Key::from_name(name) {
            said.insert(key, Found { raw: raw.clone(), notes: Vec::new() });
        } else if let Some((key, alias)) = Key::from_alias(name).filter(|_| layer == Layer::Mdm) {
            aliased.push((key, alias, raw));
        } else if name != RESTRICTIONS_PENDING {
            unknown.insert(Unknown { key: printable(name), meant: meant(name, layer) });
        }
    }
    for (key, alias, raw) in aliased {
        if says_nothing(raw) {
            continue;
        }
        match said.get_mut(&key).filter(|found| !says_nothing(&found.raw)) {
            Some(found) => found.notes.push(What::AliasIgnored { alias: alias.name }),
            None => {
                let notes = vec![What::FromAlias { alias: alias.name }];
                said.insert(key, Found { raw: translate(alias.translate, raw), notes });
            }
        }
    }
    said
}

/// Forms send `""` for fields that were left blank.
fn says_nothing(raw: &RawValue) -> bool {
    match raw {
        RawValue::Null => true,
        RawValue::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

fn translate(translate: Translate, raw: &RawValue) -> RawValue {
    match translate {
        Translate::Same => raw.clone(),
        Translate::Words { yes, no } => match raw.as_bool() {
            Some(true) => yes.into(),
            Some(false) => no.into(),
            None => raw.clone(),
        },
    }
}

/// Everything the MDM says, from all channels.
pub(super) fn merged(input: &ManagedInput, unknown: &mut BTreeSet<Unknown>) -> Said {
    let mut merged = Said::new();
    for sourced in &input.trees {
        let Some(tree) = &sourced.tree else { continue };
        for (key, mut found) in said(tree, Layer::Mdm, unknown) {
            let Some(before) = merged.get_mut(&key) else {
                merged.insert(key, found);
                continue;
            };
            if found.raw == before.raw {
                continue;
            }
            let wins = match sourced.source {
                Source::ManagedApp => {
                    found.notes.push(What::ManagedAppWins);
                    !matches!(found.raw, RawValue::Null)
                }
                _ => {
                    let note = What::SeveralAdmins;
                    if !before.notes.contains(&note) {
                        before.notes.push(note.clone());
                    }
                    found.notes.push(note);
                    is_stricter(key.setting(), &found.raw, &before.raw)
                }
            };
            if wins {
                *before = found;
            }
        }
    }
    merged
}

/// Whether `new` has to win over `old`, both set by admins of equal rank.
fn is_stricter(setting: &Setting, new: &RawValue, old: &RawValue) -> bool {
    // An unreadable value counts as what it would put in force on its own.
    let weigh = |raw| match read(setting, raw, &mut Vec::new()) {
        Reading::Valid(value) => Some(value),
        Reading::Invalid { nearest } => strict_value(setting, nearest),
        Reading::Unexpanded => strict_value(setting, None),
        Reading::Absent => None,
    };
    match (weigh(new), weigh(old)) {
        (Some(_), None) => true,
        (_, None) | (None, _) => false,
        (Some(new), Some(old)) => strictness(setting, &new, &old) == Some(Ordering::Greater),
    }
}

/// The setting or alias that `name` differs from only in case, or else only in case and dividers.
fn meant(name: &str, layer: Layer) -> Option<&'static str> {
    let names = || {
        Key::ALL.into_iter().flat_map(move |key| {
            let aliases = key.setting().aliases.iter().map(|alias| alias.name);
            let aliases = aliases.filter(move |_| layer == Layer::Mdm);
            std::iter::once(key.name()).chain(aliases)
        })
    };
    let name = name.trim();
    if name.len() > 100 {
        return None;
    }
    let bare = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
    };
    let wanted = bare(name);
    names()
        .find(|known| known.eq_ignore_ascii_case(name))
        .or_else(|| names().find(|known| bare(known) == wanted))
}

/// A received key as it may be shown: no control characters, not endless.
fn printable(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(100).collect()
}
