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
pub(crate) mod tests;
mod varint;
mod words;

pub use highlight::{Field, Match};
pub use index::{Change, Found, Index, IndexBuilder};

use crate::store::ContactId;

/// `text` in lower case, without accents and signs, words apart by one space: what alphabetical
/// order and "the same name" go by.
pub(crate) fn plain_form(text: &str) -> String {
    let mut plain = String::new();
    segment::push_key(text, &mut fold::Forms::default(), &mut plain);
    plain
}
