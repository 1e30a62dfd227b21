//! SettingResolver pass over the schema.
use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::effective::Slot;
use super::managed::{self, LayerValues, NamedValue};
use super::{Effective, Entry, Inputs, LastGood, Layer, Origin, Resolution, Unknown};
use crate::config::input;
use crate::config::notes::{Note, Remark};
use crate::config::raw::{RawTree, RawValue};
use crate::config::schema::{Builtin, Key, Planned, Setting, Strict, Unreadable};
use crate::config::value::{Reading, State, Value, read, strict_value, strictness};

/// Lays the layers over one another.
///
/// Its cost is bounded by the number of keys that were received and the number of settings; it never
/// fails: whatever is wrong with a single value is in the entries.
pub fn resolve(inputs: &Inputs<'_>) -> Resolution {
    let mut unknown = BTreeSet::new();
    let empty = LayerValues::new;
    let person = inputs
        .person
        .map_or_else(empty, |tree| managed::values_of(tree, Layer::Person, &mut unknown));
    let mdm = inputs.mdm.map_or_else(empty, |input| managed::merged(input, &mut unknown));
    let server = from_policy(inputs.server, Layer::Server, &mut unknown);
    let individual = from_policy(inputs.individual, Layer::Individual, &mut unknown);
    let mut said = [person, mdm, server, individual];

    let mut resolution = Resolution {
        effective: Effective::default(),
        entries: Vec::with_capacity(Key::ALL.len()),
        unknown: Vec::new(),
        last_good: LastGood::default(),
    };
    for key in Key::ALL {
        let mut one = SettingResolver::new(key.setting(), inputs, &mut resolution.last_good);
        for (layer, said) in Layer::FED.into_iter().zip(&mut said) {
            if let Some(found) = said.remove(&key) {
                one.lay(layer, found);
            }
        }
        let (entry, only_warns) = one.finish();
        resolution.effective.slots.push(Slot {
            value: entry.value.clone(),
            layer: entry.layer,
            from: entry.from,
        });
        if only_warns {
            resolution.effective.only_warn.push(key);
        }
        resolution.entries.push(entry);
    }
    resolution.unknown = unknown.into_iter().collect();
    resolution
}

fn from_policy(
    map: Option<&Map<String, Json>>,
    layer: Layer,
    unknown: &mut BTreeSet<Unknown>,
) -> LayerValues {
    let Some(map) = map else { return LayerValues::new() };
    let tree: RawTree = map
        .iter()
        .map(|(key, value)| {
            // Too deep for anything that a setting could be: as good as an empty bundle.
            let raw = input::value_from_json(value.clone());
            (key.clone(), raw.unwrap_or_else(|_| RawValue::Map(RawTree::new())))
        })
        .collect();
    managed::values_of(&tree, layer, unknown)
}

/// Remark one layer puts in force.
struct LayerValue {
    layer: Layer,
    value: Value,
    from: Origin,
}

/// The work on one setting.
struct SettingResolver<'a, 'b> {
    setting: &'static Setting,
    inputs: &'a Inputs<'a>,
    last_good: &'b mut LastGood,
    /// The layers' values, the strongest last; the default is not among them.
    stack: Vec<LayerValue>,
    /// The strongest layer that named the setting and was allowed to, and what it said.
    top: Option<(Layer, State)>,
    notes: Vec<Note>,
    only_warns: bool,
}

impl<'a, 'b> SettingResolver<'a, 'b> {
    fn new(setting: &'static Setting, inputs: &'a Inputs<'a>, last_good: &'b mut LastGood) -> Self {
        Self {
            setting,
            inputs,
            last_good,
            stack: Vec::new(),
            top: None,
            notes: Vec::new(),
            only_warns: false,
        }
    }

    fn note(&mut self, layer: Layer, what: Remark) {
        self.notes.push(Note { key: self.setting.key, layer, what });
    }

    /// Takes what `layer` says into account.
    fn lay(&mut self, layer: Layer, found: NamedValue) {
        if !self.may_set(layer) {
            self.note(layer, Remark::NotFromHere);
            return;
        }
        for what in found.notes {
            self.note(layer, what);
        }
        if layer.is_server() && matches!(found.raw, RawValue::Null) {
            self.unset(layer);
            return;
        }
        let mut notes = Vec::new();
        let reading = read(self.setting, &found.raw, &mut notes);
        for what in notes {
            self.note(layer, what);
        }
        let state = reading.state();
        let laid = match reading {
            Reading::Absent => return,
            Reading::Valid(value) => {
                self.last_good.keep(layer, self.setting.key, &value);
                Some((value, Origin::Received))
            }
            Reading::Invalid { nearest } => self.instead(layer, nearest),
            Reading::Unexpanded => self.instead(layer, None),
        };
        self.top = Some((layer, state));
        if let Some((value, from)) = laid
            && self.is_tight_enough(layer, &value)
        {
            self.stack.push(LayerValue { layer, value, from });
        }
    }

    fn may_set(&self, layer: Layer) -> bool {
        let sources = self.setting.sources;
        match layer {
            Layer::Default => true,
            Layer::Person => sources.person,
            Layer::Mdm => sources.mdm,
            Layer::Server | Layer::Individual => sources.server,
        }
    }

    /// `null` from the server.
    fn unset(&mut self, layer: Layer) {
        if self.setting.tighten_only {
            self.note(layer, Remark::UnsetIgnored);
            return;
        }
        self.top = Some((layer, State::Absent));
        if let Some(below) = self.stack.pop() {
            self.note(below.layer, Remark::UnsetBy(layer));
        }
    }

    /// Remark holds instead of a value that can't be read.
    fn instead(&mut self, layer: Layer, nearest: Option<Value>) -> Option<(Value, Origin)> {
        let key = self.setting.key;
        if let Some(value) = self.inputs.last_good.get(layer, key) {
            self.last_good.keep(layer, key, &value);
            self.note(layer, Remark::KeptLastGood);
            return Some((value, Origin::LastGood));
        }
        match self.setting.unreadable {
            Unreadable::Below => {
                self.note(layer, Remark::UsedBelow);
                None
            }
            Unreadable::Strict => {
                let value = strict_value(self.setting, nearest)?;
                self.note(layer, Remark::TookStrict);
                Some((value, Origin::Strict))
            }
            Unreadable::Word(word) => {
                self.note(layer, Remark::TookStrict);
                Some((Value::Text(word.to_owned()), Origin::Strict))
            }
            Unreadable::Warn => {
                self.note(layer, Remark::OnlyWarns);
                self.only_warns = true;
                None
            }
        }
    }

    /// From the server, only what is at least as strict as the MDM's value is heeded where the
    /// schema says so.
    fn is_tight_enough(&mut self, layer: Layer, value: &Value) -> bool {
        if !(self.setting.tighten_only && layer.is_server()) {
            return true;
        }
        let Some(mdm) = self.stack.iter().find(|laid| laid.layer == Layer::Mdm) else {
            return true;
        };
        match strictness(self.setting, value, &mdm.value) {
            Some(Ordering::Greater | Ordering::Equal) => true,
            _ => {
                let larger = self.setting.strict == Strict::Lower
                    && self.setting.unreadable == Unreadable::Strict;
                self.note(
                    layer,
                    if larger { Remark::LargerIgnored } else { Remark::LooserIgnored },
                );
                false
            }
        }
    }

    /// Remark there is to say where this version of the app does not do yet what `value` asks for.
    fn planned(&self, value: &Value) -> Option<Remark> {
        let platform = self.inputs.platform;
        match self.setting.planned {
            _ if !self.setting.works_on(platform) => None,
            Planned::Nothing => None,
            Planned::Everything => Some(Remark::Planned),
            Planned::On(only) => (only == platform).then_some(Remark::Planned),
            Planned::Values(words) => {
                let set = match value {
                    Value::Bool(true) => "true",
                    Value::Bool(false) => "false",
                    Value::Text(word) => word,
                    _ => return None,
                };
                words.iter().find(|word| **word == set).map(|word| Remark::PlannedValue { word })
            }
        }
    }

    fn finish(mut self) -> (Entry, bool) {
        // A rule that another layer sets readably is in force as it says there.
        if !self.stack.is_empty() {
            self.only_warns = false;
            for note in self.notes.iter_mut().filter(|note| note.what == Remark::OnlyWarns) {
                note.what = Remark::UsedBelow;
            }
        }
        let losers: Vec<Layer> = self.stack.iter().rev().skip(1).map(|laid| laid.layer).collect();
        let winner = self.stack.pop();
        let (value, layer, from) = match winner {
            Some(laid) => {
                for loser in losers {
                    self.note(loser, Remark::OverriddenBy(laid.layer));
                }
                let named = self.top.is_some_and(|(top, _)| top == laid.layer);
                let from = if named { laid.from } else { Origin::Below };
                (Some(laid.value), laid.layer, from)
            }
            None => (default(self.setting), Layer::Default, Origin::Below),
        };
        if self.top.is_some() && !self.setting.works_on(self.inputs.platform) {
            let layer = self.top.map_or(Layer::Default, |(layer, _)| layer);
            self.note(layer, Remark::OtherPlatform(self.inputs.platform));
        }
        // Who set it wonders why nothing happens; of a default nobody does.
        if layer >= Layer::Mdm
            && let Some(what) = value.as_ref().and_then(|value| self.planned(value))
        {
            self.note(layer, what);
        }
        let state = self.top.map_or(State::Absent, |(_, state)| state);
        let entry = Entry { key: self.setting.key, value, state, from, layer, notes: self.notes };
        (entry, self.only_warns)
    }
}

/// The compiled default.
pub(super) fn default(setting: &Setting) -> Option<Value> {
    match setting.default {
        Builtin::None => None,
        Builtin::Bool(yes) => Some(Value::Bool(yes)),
        Builtin::Int(number) => Some(Value::Int(number)),
        Builtin::Word(word) => Some(Value::Text(word.to_owned())),
    }
}
