//! From bytes to a raw tree: JSON in the form that stands for an Android Bundle, and property
//! lists. Bounded before anything is built, so that no input costs more than its limits.
mod binary_plist;
mod json;
mod plist;

#[cfg(test)]
mod tests;

use std::fmt;

use super::raw::{RawTree, check_limits};

pub(crate) use json::tree_to_json;
pub use json::{tree_from_json, value_from_json};
pub use plist::tree_from_plist;

pub use super::raw::InputError;

/// The key under which Android's device policy controllers say that the configuration is not
/// complete yet (`UserManager.KEY_RESTRICTIONS_PENDING`).
pub const RESTRICTIONS_PENDING: &str = "restrictions_pending";

/// Through which channel a tree came.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Source {
    /// The operating system's one managed configuration.
    Os,
    /// One of several admins of an Android phone, by its package name.
    Admin(String),
    /// iOS 18.4 and later: the ManagedApp framework. It wins over the classic dictionary.
    ManagedApp,
}

/// One tree and where it came from.
#[derive(Clone, PartialEq, Eq)]
pub struct SourcedTree {
    /// The channel.
    pub source: Source,
    /// What it delivered; `None` if it has nothing to say (a null Bundle, no dictionary).
    pub tree: Option<RawTree>,
}

/// Everything that the operating system hands over at once.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ManagedInput {
    /// One tree a channel. On most phones exactly one.
    pub trees: Vec<SourcedTree>,
    /// More is about to come: do not start with half a configuration.
    pub pending: bool,
}

impl ManagedInput {
    /// One tree from the operating system.
    pub fn from_tree(tree: RawTree) -> Result<Self, InputError> {
        Self::from_sources(vec![SourcedTree { source: Source::Os, tree: Some(tree) }])
    }

    /// Several trees, each checked against the limits. `restrictions_pending` is recognised in each
    /// and taken out.
    pub fn from_sources(mut trees: Vec<SourcedTree>) -> Result<Self, InputError> {
        let mut pending = false;
        for tree in trees.iter_mut().filter_map(|sourced| sourced.tree.as_mut()) {
            check_limits(tree)?;
            pending |= tree
                .remove(RESTRICTIONS_PENDING)
                .is_some_and(|value| value.as_bool() == Some(true));
        }
        // The order in which a shell lists the channels means nothing.
        trees.sort_by(|a, b| a.source.cmp(&b.source));
        Ok(Self { trees, pending })
    }

    /// What an Android shell hands over, written as JSON (see [`tree_from_json`]).
    pub fn from_android_json(bytes: &[u8]) -> Result<Self, InputError> {
        Self::from_tree(tree_from_json(bytes)?)
    }

    /// What an iOS shell hands over: an XML or binary property list.
    pub fn from_property_list(bytes: &[u8]) -> Result<Self, InputError> {
        Self::from_tree(tree_from_plist(bytes)?)
    }

    /// No key at all, from any channel: the phone is not managed, or not any more.
    pub fn is_empty(&self) -> bool {
        self.trees.iter().all(|sourced| sourced.tree.as_ref().is_none_or(RawTree::is_empty))
    }
}

impl fmt::Debug for SourcedTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} with {} keys", self.source, self.tree.as_ref().map_or(0, RawTree::len))
    }
}

impl fmt::Debug for ManagedInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManagedInput")
            .field("trees", &self.trees)
            .field("pending", &self.pending)
            .finish()
    }
}
