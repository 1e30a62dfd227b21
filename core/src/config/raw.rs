//! What the operating system hands over, before anybody has judged it.
//!
//! `Debug` never prints a value: a tree holds passwords.
use std::collections::BTreeMap;
use std::fmt;

use thiserror::Error;

use crate::limits;

/// Why a configuration could not be read at all. Single bad values never cause this.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum InputError {
    /// Not JSON.
    #[error("the managed configuration is not readable JSON")]
    NotJson,
    /// Neither an XML nor a binary property list.
    #[error("the managed configuration is not a readable property list")]
    NotAPropertyList,
    /// Readable, but a list, a text or a number where settings should be.
    #[error("the managed configuration is not a list of named settings")]
    NotATree,
    /// `$long` and the like with something else in it.
    #[error("the managed configuration holds a malformed {0} value")]
    BadTag(&'static str),
    /// Over [`limits::CONFIG_TREE_BYTES`].
    #[error("the managed configuration is larger than {} KB", limits::CONFIG_TREE_BYTES / 1024)]
    TooLarge,
    /// Over [`limits::CONFIG_DEPTH`].
    #[error("the managed configuration is nested deeper than {} levels", limits::CONFIG_DEPTH)]
    TooDeep,
    /// Over [`limits::CONFIG_KEYS`].
    #[error("the managed configuration has more than {} keys", limits::CONFIG_KEYS)]
    TooManyKeys,
}

/// One level of a managed configuration.
pub type RawTree = BTreeMap<String, RawValue>;

/// A value as it arrived. Android's and iOS's types are kept apart as far as it matters for what
/// the admin is told.
#[derive(Clone)]
pub enum RawValue {
    /// Nothing: JSON `null`, a `null` in a Bundle.
    Null,
    /// A boolean that is one, not a number.
    Bool(bool),
    /// A whole number: Java `Integer`, a property list integer, a JSON number.
    Int(i64),
    /// A Java `Long`, which no console sends for an integer restriction.
    Long(i64),
    /// A number with a fraction, or one too large for 64 bits.
    Float(f64),
    /// Text.
    String(String),
    /// `String[]`, `Parcelable[]`, a property list array.
    List(Vec<RawValue>),
    /// A Bundle or a dictionary.
    Map(RawTree),
}

impl RawValue {
    /// What it is, for messages and logs; never the value itself.
    pub fn kind(&self) -> &'static str {
        match self {
            RawValue::Null => "null",
            RawValue::Bool(_) => "boolean",
            RawValue::Int(_) => "integer",
            RawValue::Long(_) => "long",
            RawValue::Float(_) => "float",
            RawValue::String(_) => "text",
            RawValue::List(_) => "list",
            RawValue::Map(_) => "bundle",
        }
    }

    /// The boolean that it stands for, however it was mangled on its way; `None` if it could mean
    /// anything.
    pub(super) fn as_bool(&self) -> Option<bool> {
        match self {
            RawValue::Bool(yes) => Some(*yes),
            RawValue::Int(number @ (0 | 1)) | RawValue::Long(number @ (0 | 1)) => {
                Some(*number == 1)
            }
            RawValue::Float(number) if *number == 0.0 || *number == 1.0 => Some(*number == 1.0),
            RawValue::String(text) => match trim(text).to_ascii_lowercase().as_str() {
                "true" | "1" | "1.0" | "yes" | "on" => Some(true),
                "false" | "0" | "0.0" | "no" | "off" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Without blanks around it, nor the invisible marks that come along when a value is copied from a
/// web page (zero-width space, byte order mark).
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}'))
}

impl PartialEq for RawValue {
    // Not derived, because an unchanged tree with NaN in it must count as unchanged.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (RawValue::Null, RawValue::Null) => true,
            (RawValue::Bool(a), RawValue::Bool(b)) => a == b,
            (RawValue::Int(a), RawValue::Int(b)) | (RawValue::Long(a), RawValue::Long(b)) => a == b,
            (RawValue::Float(a), RawValue::Float(b)) => {
                a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
            }
            (RawValue::String(a), RawValue::String(b)) => a == b,
            (RawValue::List(a), RawValue::List(b)) => a == b,
            (RawValue::Map(a), RawValue::Map(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for RawValue {}

impl fmt::Debug for RawValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RawValue::List(items) => f.debug_list().entries(items).finish(),
            RawValue::Map(map) => f.debug_map().entries(map).finish(),
            other => f.write_str(other.kind()),
        }
    }
}

impl From<&str> for RawValue {
    fn from(text: &str) -> Self {
        RawValue::String(text.to_owned())
    }
}

impl From<bool> for RawValue {
    fn from(yes: bool) -> Self {
        RawValue::Bool(yes)
    }
}

impl From<i64> for RawValue {
    fn from(number: i64) -> Self {
        RawValue::Int(number)
    }
}

/// Refuses a tree that is too deep, has too many keys or is too large, before anything reads it.
///
/// A single over-long string is not refused here: it makes its own setting invalid, and the others
/// go on working.
pub fn check_limits(tree: &RawTree) -> Result<(), InputError> {
    let mut count = Count::default();
    count.tree(tree, 1)
}

#[derive(Default)]
struct Count {
    keys: usize,
    bytes: usize,
}

impl Count {
    fn tree(&mut self, tree: &RawTree, depth: usize) -> Result<(), InputError> {
        if depth > limits::CONFIG_DEPTH {
            return Err(InputError::TooDeep);
        }
        for (key, value) in tree {
            self.add(key.len())?;
            self.value(value, depth)?;
        }
        Ok(())
    }

    fn value(&mut self, value: &RawValue, depth: usize) -> Result<(), InputError> {
        match value {
            RawValue::Map(tree) => self.tree(tree, depth + 1),
            RawValue::List(_) if depth >= limits::CONFIG_DEPTH => Err(InputError::TooDeep),
            RawValue::List(items) => items.iter().try_for_each(|item| {
                self.add(0)?;
                self.value(item, depth + 1)
            }),
            RawValue::String(text) => self.bytes(text.len()),
            _ => Ok(()),
        }
    }

    /// One more key or list item: both cost a step when the tree is read.
    fn add(&mut self, bytes: usize) -> Result<(), InputError> {
        self.keys += 1;
        if self.keys > limits::CONFIG_KEYS {
            return Err(InputError::TooManyKeys);
        }
        self.bytes(bytes)
    }

    fn bytes(&mut self, bytes: usize) -> Result<(), InputError> {
        self.bytes += bytes;
        if self.bytes > limits::CONFIG_TREE_BYTES { Err(InputError::TooLarge) } else { Ok(()) }
    }
}
