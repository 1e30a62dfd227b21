//! Search as one types, in memory.
//!
//! Nothing here reads a file or a clock, or knows where records come from. An [`Index`] is made of
//! records, never changes, and is replaced as a whole; `directory` decides when.
mod entry;
mod find;
mod fold;
mod highlight;
mod index;
mod intern;
mod number;
mod query;
mod segment;
mod table;
#[cfg(test)]
mod tests;
mod varint;
mod words;

pub use highlight::{Field, Match};
pub use index::{Change, Found, Index, IndexBuilder};

/// A contact, by the number that the store gave it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct ContactId(pub i64);
