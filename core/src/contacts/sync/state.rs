//! What is remembered of sources and books, sealed in the contacts file. JSON, so that an older app
//! passes over what a newer one added.
use serde::{Deserialize, Serialize};

use crate::contacts::card::{Filter, MAPPING};
use crate::contacts::phone::Region;

/// A configured source.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(super) struct SourceState {
    /// The books found there.
    #[serde(default)]
    pub(super) books: Vec<super::FoundBook>,
    /// Whether the configured address is the book's own, so that there is nothing to look for.
    #[serde(default)]
    pub(super) direct: bool,
}

/// A book.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(super) struct BookState {
    /// What the stored contacts depend on besides the cards.
    #[serde(default)]
    pub(super) made_with: String,
    /// How the book is kept.
    #[serde(default)]
    pub(super) way: Way,
    /// The sync token that covers everything stored; none before the first complete answer.
    #[serde(default)]
    pub(super) token: Option<String>,
    /// `getctag` at the last complete listing, for books without sync reports.
    #[serde(default)]
    pub(super) ctag: Option<String>,
    /// Cards of an answer are stored that no token covers yet.
    #[serde(default)]
    pub(super) under_way: Option<UnderWay>,
    /// How many answers in a row with cards in them were cut.
    #[serde(default)]
    pub(super) cuts: u32,
    /// Contacts may be stored that the server no longer has: a listing has to tell.
    #[serde(default)]
    pub(super) sweep_owed: bool,
}

/// How a book is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Way {
    /// Sync reports with cards in them.
    #[default]
    Inline,
    /// Sync reports, then the cards apart.
    Fetch,
    /// Listings, then the cards apart.
    List,
}

/// What was under way when rows were stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum UnderWay {
    /// A report with cards in it.
    Inline,
    /// Fetching cards apart.
    Fetch,
}

/// Reads a stored state; one that can't be read counts as none, and costs a full sync.
pub(super) fn read<T: Default + for<'a> Deserialize<'a>>(bytes: &[u8]) -> T {
    serde_json::from_slice(bytes).unwrap_or_default()
}

/// The stored form.
pub(super) fn written<T: Serialize>(state: &T) -> Vec<u8> {
    serde_json::to_vec(state).unwrap_or_default()
}

/// What stored contacts depend on besides the cards.
pub(super) fn made_with(filter: &Filter, region: Option<Region>) -> String {
    let region = region.as_ref().map_or("-", Region::as_str);
    format!("{MAPPING} {region} {}", filter.canonical())
}

/// What a source is identified by in the contacts file.
pub(super) fn source_key(url: &str, user: &str) -> String {
    serde_json::json!(["source", url, user]).to_string()
}

/// What a book is identified by in the contacts file.
pub(super) fn book_key(url: &str, user: &str, collection: &str) -> String {
    serde_json::json!(["book", url, user, collection]).to_string()
}

/// Kind, address and user name of a key.
pub(super) fn parse_key(key: &str) -> Option<(String, String, String)> {
    let mut parts: Vec<String> = serde_json::from_str(key).ok()?;
    parts.truncate(3);
    let [kind, url, user] = <[String; 3]>::try_from(parts).ok()?;
    Some((kind, url, user))
}
