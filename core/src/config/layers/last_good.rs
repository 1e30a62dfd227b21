//! Remark each layer last said that could be read.
use std::collections::BTreeMap;
use std::fmt;

use super::Layer;
use crate::config::input::{InputError, tree_from_json, tree_to_json};
use crate::config::raw::{RawTree, RawValue};
use crate::config::schema::Key;
use crate::config::value::{Reading, Value, read};
use crate::secret::Secret;

/// The last readable value of each setting on each layer.
///
/// A setting that a layer stops naming is forgotten, so that a removed restriction does not stay.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct LastGood(BTreeMap<(Layer, Key), RawValue>);

impl LastGood {
    pub(super) fn keep(&mut self, layer: Layer, key: Key, value: &Value) {
        self.0.insert((layer, key), value.to_raw());
    }

    /// Read anew each time: after an update of the app the rules may be others.
    pub(super) fn get(&self, layer: Layer, key: Key) -> Option<Value> {
        let raw = self.0.get(&(layer, key))?;
        match read(key.setting(), raw, &mut Vec::new()) {
            Reading::Valid(value) => Some(value),
            _ => None,
        }
    }

    /// For the store, to be sealed: holds secrets.
    pub fn to_bytes(&self) -> Secret<Vec<u8>> {
        let mut layers = RawTree::new();
        for ((layer, key), value) in &self.0 {
            let slot = layers
                .entry(layer.as_str().to_owned())
                .or_insert_with(|| RawValue::Map(RawTree::new()));
            if let RawValue::Map(tree) = slot {
                tree.insert(key.name().to_owned(), value.clone());
            }
        }
        Secret::new(tree_to_json(&layers).to_string().into_bytes())
    }

    /// From the store. Settings that this version does not know are left out.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InputError> {
        let mut last_good = Self::default();
        for (name, tree) in tree_from_json(bytes)? {
            let layer = Layer::FED.into_iter().find(|layer| layer.as_str() == name);
            let (Some(layer), RawValue::Map(tree)) = (layer, tree) else { continue };
            for (name, value) in tree {
                if let Some(key) = Key::from_name(&name) {
                    last_good.0.insert((layer, key), value);
                }
            }
        }
        Ok(last_good)
    }
}

impl fmt::Debug for LastGood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
