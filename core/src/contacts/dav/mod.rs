//! WebDAV as bytes: request bodies out, answers in, addresses of members compared.
//!
//! Answers are read as they arrive and given on piece by piece, so that memory does not grow with
//! the address book. Nothing here sends, stores or decides; [`super::sync`] does.
mod element;
mod href;
mod multistatus;
mod prologue;
mod request;
#[cfg(test)]
mod tests;

pub use href::{Collection, Href, HrefError};
pub use multistatus::{CardText, Condition, Item, Multistatus, Props, Response};
pub use request::{
    Depth, XML_TYPE, list_books, list_members, look_around, multiget, sync_collection,
};

/// Why an answer is not a WebDAV answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum XmlError {
    /// It ended before its last element did.
    #[error("the answer ends too early")]
    Incomplete,
    /// It is not well-formed, or uses what no WebDAV answer needs (a DTD, entities).
    #[error("the answer is not well-formed XML")]
    Malformed,
    /// It is in another charset than UTF-8.
    #[error("the answer is not in UTF-8")]
    Charset,
    /// It is XML, but neither `DAV:multistatus` nor `DAV:error`.
    #[error("the answer is not a WebDAV answer")]
    NotDav,
    /// Elements are nested deeper than [`crate::limits::XML_DEPTH`].
    #[error("the answer nests deeper than 64 elements")]
    TooDeep,
    /// A text other than a card is longer than [`crate::limits::XML_TEXT_BYTES`].
    #[error("the answer holds a text of more than 16 KB where none belongs")]
    TextTooLong,
}
