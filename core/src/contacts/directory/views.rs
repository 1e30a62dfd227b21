//! What is read of contacts, in the shapes that programs print and shells show.
use serde::Serialize;

use crate::contacts::caller::{CallerContact, CallerMatch};
use crate::contacts::record::ContactRecord;
use crate::contacts::search::{Found, Match};
use crate::store::ContactId;

/// A contact as it is shown: programs print what its record serializes to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ContactView {
    /// Its id: stable as long as the contact stays in its book, and never used again.
    pub id: String,
    /// Everything that is kept of it.
    #[serde(flatten)]
    pub record: ContactRecord,
}

/// A contact that was found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Hit {
    /// The contact's id.
    pub id: String,
    /// The name as it is shown.
    pub name: String,
    /// Organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// Position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What the query matched, in characters (Unicode scalar values) of the original text.
    pub matched: Vec<Match>,
}

/// Who calls.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CallerView {
    /// How many people the number belongs to.
    #[serde(rename = "match")]
    pub found: CallerMatch,
    /// Those people, by name.
    pub contacts: Vec<CallerContactView>,
}

/// Somebody a number belongs to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CallerContactView {
    /// The contact's id.
    pub id: String,
    /// The name as it is shown.
    pub name: String,
}

impl ContactView {
    pub(super) fn new(id: ContactId, record: ContactRecord) -> Self {
        Self { id: id.to_string(), record }
    }
}

impl From<Found> for Hit {
    fn from(found: Found) -> Self {
        Self {
            id: found.id.to_string(),
            name: found.name,
            organization: found.organization,
            title: found.title,
            matched: found.matched,
        }
    }
}

impl CallerView {
    pub(super) fn new((found, contacts): (CallerMatch, Vec<CallerContact>)) -> Self {
        let view = |c: CallerContact| CallerContactView { id: c.id.to_string(), name: c.name };
        Self { found, contacts: contacts.into_iter().map(view).collect() }
    }
}
