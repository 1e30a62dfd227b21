//! The managed configuration as the operating system hands it over.
use muster_core::config::input::{tree_from_json, tree_from_plist};
use muster_core::config::{InputError, ManagedInput, RawTree, Source, SourcedTree};

use crate::error::MusterError;

/// Through which channel a configuration came.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Enum)]
pub enum ConfigurationChannel {
    /// The one managed configuration of the phone.
    Os,
    /// One of several admins of an Android phone
    /// (`RestrictionsManager.getApplicationRestrictionsPerAdmin`, API 34).
    Admin {
        /// Its package name. Empty if the system does not say who it is; such admins are numbered in
        /// an order that does not depend on the order in which they are listed.
        name: String,
    },
    /// iOS 18.4 and later: the ManagedApp framework. It wins over the classic dictionary.
    ManagedApp,
}

/// What a channel delivered. No `Debug`: it holds passwords.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
pub enum ConfigurationTree {
    /// Nothing at all: a null Bundle, no dictionary.
    Absent,
    /// iOS: a property list, XML or binary, as `PropertyListSerialization` writes it.
    PropertyList {
        /// The list.
        bytes: Vec<u8>,
    },
    /// Android: what `dev.muster.sdk.NativeBundles` makes of a Bundle, or the same written by hand.
    /// A bundle is an object and an array of bundles an array of objects; types that JSON lacks are
    /// `{"$long": 24}`, `{"$double": 1.0}` and `{"$float": 1.0}`. The text `null` is a null Bundle.
    Json {
        /// The text.
        text: String,
    },
}

/// One configuration and where it came from.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct ConfigurationSource {
    /// The channel.
    pub channel: ConfigurationChannel,
    /// What it delivered.
    pub tree: ConfigurationTree,
}

/// All sources together, or what is wrong with one of them.
pub(crate) fn managed_input(
    mut sources: Vec<ConfigurationSource>,
) -> Result<ManagedInput, MusterError> {
    sources.sort_by(|a, b| order(&a.tree).cmp(order(&b.tree)));
    let mut nameless = 0;
    let mut trees = Vec::with_capacity(sources.len());
    for ConfigurationSource { channel, tree } in sources {
        let source = match channel {
            ConfigurationChannel::Os => Source::Os,
            ConfigurationChannel::ManagedApp => Source::ManagedApp,
            ConfigurationChannel::Admin { name } if name.is_empty() => {
                nameless += 1;
                Source::Admin(format!("admin-{nameless}"))
            }
            ConfigurationChannel::Admin { name } => Source::Admin(name),
        };
        trees.push(SourcedTree { source, tree: read(tree)? });
    }
    Ok(ManagedInput::from_sources(trees)?)
}

fn order(tree: &ConfigurationTree) -> &[u8] {
    match tree {
        ConfigurationTree::Absent => &[],
        ConfigurationTree::PropertyList { bytes } => bytes,
        ConfigurationTree::Json { text } => text.as_bytes(),
    }
}

fn read(tree: ConfigurationTree) -> Result<Option<RawTree>, InputError> {
    match tree {
        ConfigurationTree::Absent => Ok(None),
        ConfigurationTree::Json { text } if text.trim() == "null" => Ok(None),
        ConfigurationTree::Json { text } => tree_from_json(text.as_bytes()).map(Some),
        ConfigurationTree::PropertyList { bytes } => tree_from_plist(&bytes).map(Some),
    }
}
