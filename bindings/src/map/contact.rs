//! What is read of contacts.
use muster_core::contacts::caller;
use muster_core::contacts::details::{Detail, DetailKind};
use muster_core::contacts::directory::{CallerContactView, CallerView, ContactView, Hit};
use muster_core::contacts::reach;
use muster_core::contacts::record::{Email, Phone};
use muster_core::contacts::search::{Field, Match};
use muster_core::ids::Language;
use muster_core::messages;

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
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct ContactPhone {
    /// What it is for.
    pub kind: PhoneKind,
    /// The number as the card has it.
    pub number: String,
    /// The number in international form.
    pub e164: Option<String>,
    /// What a call dials; none for a fax, a pager and text without a digit.
    #[uniffi(default = None)]
    pub dial: Option<String>,
}

impl From<Phone> for ContactPhone {
    fn from(phone: Phone) -> Self {
        let dial = phone.to_dial();
        Self { kind: phone.kind, number: phone.number, e164: phone.e164, dial }
    }
}

/// An e-mail address.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct ContactEmail {
    /// What it is for.
    pub kind: PlaceKind,
    /// The address.
    pub address: String,
    /// What begins a mail: a `mailto:` address. None if the address is none.
    #[uniffi(default = None)]
    pub mail_uri: Option<String>,
}

impl From<Email> for ContactEmail {
    fn from(email: Email) -> Self {
        let mail_uri = reach::mail_uri(&email.address);
        Self { kind: email.kind, address: email.address, mail_uri }
    }
}

/// What a detail of a contact is about.
pub type ContactDetailKind = DetailKind;

macro_rules! detail_kinds {
    ($($(#[$doc:meta])* $kind:ident)*) => {
        /// What a detail of a contact is about.
        #[uniffi::remote(Enum)]
        pub enum ContactDetailKind {
            $($(#[$doc])* $kind,)*
        }
    };
}

muster_core::contact_detail_kinds!(detail_kinds);

/// Something known of somebody, to be shown as it is.
pub type ContactDetail = Detail;

/// Something known of somebody, to be shown as it is.
#[uniffi::remote(Record)]
pub struct ContactDetail {
    /// What it is about; `contactDetailLabel` names it.
    pub kind: ContactDetailKind,
    /// The text, perhaps of several lines; never blank.
    pub text: String,
}

/// A contact as it is shown.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct Contact {
    /// Its id: stable as long as the contact stays in its book, and never used again.
    pub id: String,
    /// The name.
    pub name: String,
    /// Organisation.
    pub organization: Option<String>,
    /// Position.
    pub title: Option<String>,
    /// Phone numbers, the preferred ones first.
    pub phones: Vec<ContactPhone>,
    /// E-mail addresses, the preferred ones first.
    pub emails: Vec<ContactEmail>,
    /// Everything else that is known, in the order of a screen: department, postal addresses,
    /// categories, note, and what later versions add.
    pub details: Vec<ContactDetail>,
    /// Whether there is a photo.
    pub photo: bool,
}

impl From<ContactView> for Contact {
    fn from(ContactView { id, record }: ContactView) -> Self {
        let details = record.details();
        Self {
            id,
            name: record.name.display,
            organization: record.organization,
            title: record.title,
            phones: record.phones.into_iter().map(ContactPhone::from).collect(),
            emails: record.emails.into_iter().map(ContactEmail::from).collect(),
            details,
            photo: record.has_photo,
        }
    }
}

/// What a detail of a contact is called, in the language of the BCP 47 tag `language`.
#[uniffi::export]
pub fn contact_detail_label(kind: ContactDetailKind, language: String) -> String {
    messages::detail_label(kind, Language::from_tag(&language)).to_owned()
}

/// What a phone number is called, in the language of the BCP 47 tag `language`.
#[uniffi::export]
pub fn contact_phone_label(kind: PhoneKind, language: String) -> String {
    messages::phone_label(kind, Language::from_tag(&language)).to_owned()
}

/// What an e-mail address is called, in the language of the BCP 47 tag `language`.
#[uniffi::export]
pub fn contact_email_label(kind: PlaceKind, language: String) -> String {
    messages::email_label(kind, Language::from_tag(&language)).to_owned()
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
