//! Keeping address books: discovery, changes since the last time, and the whole book again when a
//! server can't tell.
//!
//! Everything is a flow over [`Flow`]: what was received is committed some hundred rows at a time,
//! so that a kill or a cut at any point costs at most the last of them, and the next run goes on
//! from there. Memory holds one piece of an answer, one batch of rows, and of a whole listing the
//! keyed hashes and what is still to fetch.
//!
//! | how a book is kept | requests of an unchanged book | used for |
//! | --- | --- | --- |
//! | sync report with cards in it (RFC 6578) | 1 | every server that can |
//! | sync report, then `addressbook-multiget` (RFC 6352 §8.7) | 1 | no cards in reports, or two answers were cut |
//! | listing of ETags, then `addressbook-multiget` | 1 | no sync reports at all |
//!
//! It must never write to a book on the server, delete a contact for an error, send a credential to
//! another origin than the configured one, or hold a transaction across an `await`.
mod auth;
mod book;
mod discover;
mod error;
mod fetch;
mod listing;
mod passed;
mod session;
mod shelf;
mod source;
mod state;
#[cfg(test)]
pub(crate) mod tests;

use std::sync::{Arc, Mutex};

pub use auth::{AuthError, AuthFields, Authorizer, BookAuth, Retry};
pub use discover::FoundBook;
pub use error::{BadAnswer, BookError, StoreFault};
pub use source::{Summary, summary, sync_source, withdraw_all_but};

use super::card::Filter;
use super::phone::Region;
use crate::flow::Flow;
use crate::store::{ContactId, ContactsStore};

/// What a sync works with and on.
pub struct SyncEnv<'a> {
    /// Requests, time.
    pub flow: &'a Flow,
    /// Where contacts go. Locked for one batch at a time, never while waiting.
    pub store: &'a Arc<Mutex<ContactsStore>>,
    /// Whose numbers those without `+` are.
    pub region: Option<Region>,
    /// Which contacts are kept.
    pub filter: &'a Filter,
    /// Told after each commit which contacts are new, changed or gone.
    pub on_change: &'a mut (dyn FnMut(&[ContactId]) + Send),
}

/// A configured source of contacts: one address book, or an account with several.
#[derive(Clone)]
pub struct BookSource {
    /// The configured address: of a book, of an account, or of a server.
    pub url: String,
    /// What the company calls it; books found there have names of their own.
    pub name: Option<String>,
    /// How to sign in.
    pub auth: BookAuth,
}

/// How thorough a sync is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Check {
    /// What changed since the last time.
    Changes,
    /// Also compare the whole list of ETags, and look for new books of the account. Now and then, at
    /// most every seven days: there are servers that forget to tell.
    Everything,
}

/// What became of a source.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SourceReport {
    /// Its books. One that failed says nothing about the others.
    pub books: Vec<BookOutcome>,
    /// Contacts of books that are no longer there.
    pub removed: u64,
    /// Requests for finding the books.
    pub discovery_requests: u64,
}

/// What became of a book.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BookOutcome {
    /// The book's name, for people.
    pub name: String,
    /// What happened, or why not. What was stored before a failure stays stored.
    pub result: Result<BookReport, BookError>,
}

/// What a sync of a book did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct BookReport {
    /// Contacts that are new.
    pub added: u64,
    /// Contacts whose content changed.
    pub changed: u64,
    /// Contacts that are gone.
    pub removed: u64,
    /// Members that gave no contact although they should.
    pub skipped: Skipped,
    /// Contacts that the filter left out in this run.
    pub filtered: u64,
    /// Photos that were too large or of no known type.
    pub photos_dropped: u64,
    /// Nothing was written.
    pub unchanged: bool,
    /// Requests sent.
    pub requests: u64,
    /// Bytes of answers, decompressed.
    pub bytes: u64,
}

/// Members that gave no contact in this run, by reason.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Skipped {
    /// Larger than [`crate::limits::CARD_BYTES`].
    pub too_large: u64,
    /// Not a vCard.
    pub unparsable: u64,
    /// Without any name.
    pub nameless: u64,
    /// Listed, but the server does not hand them out. Tried again at the next full comparison.
    pub unresolved: u64,
    /// With an address that is on another host or can't be read.
    pub foreign: u64,
}

impl Skipped {
    /// All of them.
    pub fn total(self) -> u64 {
        self.too_large + self.unparsable + self.nameless + self.unresolved + self.foreign
    }
}
