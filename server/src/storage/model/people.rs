//! People, and the address book made of them.

use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, TenantId, UnixTime};
use crate::storage::Stored;

/// A person of a tenant. The card that phones get is a [`CardRow`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PersonRow {
    /// Row name.
    pub id: PersonId,
    /// In which organisation.
    pub tenant: TenantId,
    /// The card's UID.
    pub uid: String,
    /// Lower-case e-mail address; people without one can't activate by e-mail.
    pub email: Option<String>,
    /// Name as shown.
    pub name: String,
    /// When access was taken away.
    pub revoked_at: Option<UnixTime>,
    /// When added.
    pub created_at: UnixTime,
}

/// A card of the address book, or the trace of a deleted one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CardRow {
    /// Last segment of its address, `<uid>.vcf`.
    pub name: String,
    /// Strong ETag, quotes included.
    pub etag: String,
    /// Place in the book's history.
    pub seq: i64,
    /// The vCard; `None` when deleted, or when only the listing was asked for.
    pub body: Option<String>,
    /// Whether the card is gone.
    pub deleted: bool,
}

/// The state of a tenant's address book.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BookState {
    /// Changes when history was lost (a restored backup): every phone then lists anew.
    pub generation: String,
    /// The newest place in the history.
    pub seq: i64,
    /// Below this, deletions have been forgotten.
    pub floor: i64,
}

/// Which parts of a card are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CardParts {
    /// Name and ETag.
    Listing,
    /// The vCard too.
    Whole,
}

/// People and cards.
pub trait People {
    /// Adds a person; the row's `id` is ignored.
    fn insert_person(&self, row: &PersonRow) -> Stored<PersonId>;
    /// Overwrites a person.
    fn update_person(&self, row: &PersonRow) -> Stored<()>;
    /// Removes a person and the settings for that person.
    fn delete_person(&self, tenant: &TenantId, id: PersonId) -> Stored<()>;
    /// One person.
    fn person(&self, tenant: &TenantId, id: PersonId) -> Stored<Option<PersonRow>>;
    /// By e-mail address in one tenant.
    fn person_by_email(&self, tenant: &TenantId, email: &str) -> Stored<Option<PersonRow>>;
    /// By the card's UID in one tenant.
    fn person_by_uid(&self, tenant: &TenantId, uid: &str) -> Stored<Option<PersonRow>>;
    /// By e-mail address in any tenant, at most 20.
    fn people_by_email(&self, email: &str) -> Stored<Vec<PersonRow>>;
    /// People after `after` in row order, a page of them.
    fn people(&self, tenant: &TenantId, after: PersonId, limit: usize) -> Stored<Vec<PersonRow>>;
    /// How many people.
    fn count_people(&self, tenant: &TenantId) -> Stored<i64>;
    /// How many people were revoked since then.
    fn count_revoked_since(&self, tenant: &TenantId, since: UnixTime) -> Stored<i64>;
    /// The book's state. A book is there from the tenant's first day.
    fn book(&self, tenant: &TenantId) -> Stored<BookState>;
    /// Starts a new generation.
    fn renew_book(&self, tenant: &TenantId, generation: &str) -> Stored<()>;
    /// Adds or replaces a card. The same ETag again changes nothing.
    fn put_card(&self, tenant: &TenantId, name: &str, etag: &str, body: &str) -> Stored<()>;
    /// Deletes a card, leaving a trace; false if there was none.
    fn delete_card(&self, tenant: &TenantId, name: &str, now: UnixTime) -> Stored<bool>;
    /// One living card.
    fn card(&self, tenant: &TenantId, name: &str) -> Stored<Option<CardRow>>;
    /// How many living cards.
    fn count_cards(&self, tenant: &TenantId) -> Stored<i64>;
    /// Cards and traces after a place in the history, in its order.
    fn cards_after(
        &self,
        tenant: &TenantId,
        seq: i64,
        limit: usize,
        parts: CardParts,
    ) -> Stored<Vec<CardRow>>;
    /// Forgets traces of cards deleted before then, and raises the floor.
    fn forget_deletions(&self, before: UnixTime) -> Stored<()>;
}
