//! What is read of contacts.
use muster_core::contacts::caller;
use muster_core::contacts::directory::{
    AddressView, CallerContactView, CallerView, ContactView, EmailView, Hit, PhoneView,
};
use muster_core::contacts::search::{Field, Match};

use super::signed;

pub use muster_core::contacts::record::{PhoneKind, PlaceKind};

/// What a phone number is for.
#[uniffi::remote(Enum)]
pub enum PhoneKind {
    /// A mobile phone.
    Mobile,
    /// At work.
    Work,
    /// At home.
    Home,
    /// A fax machine, wherever it stands.
    Fax,
    /// A pager.
    Pager,
    /// The card does not say, or says something else.
    Other,
}

/// What an e-mail or postal address is for.
#[uniffi::remote(Enum)]
pub enum PlaceKind {
    /// At work.
    Work,
    /// At home.
    Home,
    /// The card does not say, or says something else.
    Other,
}

/// A phone number.
pub type ContactPhone = PhoneView;

/// A phone number.
#[uniffi::remote(Record)]
pub struct ContactPhone {
    /// What it is for.
    pub kind: PhoneKind,
    /// The number as the card has it.
    pub number: String,
    /// The number to be dialled.
    pub e164: Option<String>,
    /// What calls it: a `tel:` address. None for what answers nobody.
    pub call_uri: Option<String>,
}

/// An e-mail address.
pub type ContactEmail = EmailView;

/// An e-mail address.
#[uniffi::remote(Record)]
pub struct ContactEmail {
    /// What it is for.
    pub kind: PlaceKind,
    /// The address.
    pub address: String,
    /// What begins a mail: a `mailto:` address. None if the address is none.
    pub mail_uri: Option<String>,
}

/// A postal address; parts that are not there are empty.
pub type ContactAddress = AddressView;

/// A postal address; parts that are not there are empty.
#[uniffi::remote(Record)]
pub struct ContactAddress {
    /// What it is for.
    pub kind: PlaceKind,
    /// Post box, extension and street, one to a line.
    pub street: String,
    /// Town.
    pub city: String,
    /// State, province or canton.
    pub region: String,
    /// Postal code.
    pub postal_code: String,
    /// Country.
    pub country: String,
}

/// A contact as it is shown.
pub type Contact = ContactView;

/// A contact as it is shown.
#[uniffi::remote(Record)]
pub struct Contact {
    /// Its id: stable as long as the contact stays in its book, and never used again.
    pub id: String,
    /// The name.
    pub name: String,
    /// Organisation.
    pub organization: Option<String>,
    /// Department.
    pub department: Option<String>,
    /// Position.
    pub title: Option<String>,
    /// Phone numbers, the preferred ones first.
    pub phones: Vec<ContactPhone>,
    /// E-mail addresses, the preferred ones first.
    pub emails: Vec<ContactEmail>,
    /// Postal addresses, the preferred ones first.
    pub addresses: Vec<ContactAddress>,
    /// Categories.
    pub categories: Vec<String>,
    /// Free text.
    pub note: Option<String>,
    /// Whether there is a photo.
    pub photo: bool,
}

/// A field of a contact.
pub type MatchedField = Field;

/// A field of a contact.
#[uniffi::remote(Enum)]
pub enum MatchedField {
    /// The name.
    Name,
    /// The organisation.
    Organization,
    /// The department.
    Department,
    /// The position.
    Title,
    /// One of the e-mail addresses.
    Emails,
    /// One of the phone numbers, as it is written.
    Phones,
}

/// A stretch of a field that a word of the query matched.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct MatchedRange {
    /// The field.
    pub field: MatchedField,
    /// Which of several e-mail addresses or phone numbers, from 0.
    pub index: Option<i64>,
    /// The first matched character, from 0. Characters are Unicode scalar values: code points in
    /// Kotlin (`offsetByCodePoints`), `unicodeScalars` in Swift.
    pub start: i64,
    /// How many characters matched.
    pub length: i64,
}

impl From<Match> for MatchedRange {
    fn from(found: Match) -> Self {
        Self {
            field: found.field,
            index: found.index.map(i64::from),
            start: signed(found.start),
            length: signed(found.length),
        }
    }
}

/// A contact that was found.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct SearchHit {
    /// The contact's id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Organisation.
    pub organization: Option<String>,
    /// Position.
    pub title: Option<String>,
    /// What the query matched.
    pub matched: Vec<MatchedRange>,
}

impl From<Hit> for SearchHit {
    fn from(hit: Hit) -> Self {
        Self {
            id: hit.id,
            name: hit.name,
            organization: hit.organization,
            title: hit.title,
            matched: hit.matched.into_iter().map(MatchedRange::from).collect(),
        }
    }
}

/// How many people a number belongs to.
pub type CallerMatch = caller::CallerMatch;

/// How many people a number belongs to.
#[uniffi::remote(Enum)]
pub enum CallerMatch {
    /// One person.
    One,
    /// Several people, and nothing tells which of them calls.
    Ambiguous,
    /// Nobody known.
    None,
}

/// Somebody a number belongs to.
pub type CallerContact = CallerContactView;

/// Somebody a number belongs to.
#[uniffi::remote(Record)]
pub struct CallerContact {
    /// The contact's id.
    pub id: String,
    /// The name.
    pub name: String,
}

/// Who calls.
pub type CallerResult = CallerView;

/// Who calls.
#[uniffi::remote(Record)]
pub struct CallerResult {
    /// How many people the number belongs to.
    pub found: CallerMatch,
    /// Those people, by name.
    pub contacts: Vec<CallerContact>,
}
