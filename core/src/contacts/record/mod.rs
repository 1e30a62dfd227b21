//! One contact as it is kept: plain fields, and a compact form that is sealed and stored.
//!
//! Nothing here reads vCards, knows a server or touches a file. The stored form is versioned and
//! forward compatible: an older app skips fields that a newer one wrote.
mod codec;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use codec::RecordError;

/// Everything that is kept of one contact, but the photo.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ContactRecord {
    /// The card's UID, or its href where it has none. Stable across edits.
    pub uid: String,
    /// How the person is called. `name.display` is never empty.
    pub name: PersonName,
    /// The organisation's name.
    pub organization: Option<String>,
    /// Department, levels joined with ` / `.
    pub department: Option<String>,
    /// Position (TITLE, else ROLE).
    pub title: Option<String>,
    /// Phone numbers, the preferred ones first.
    pub phones: Vec<Phone>,
    /// E-mail addresses, the preferred ones first.
    pub emails: Vec<Email>,
    /// Postal addresses, the preferred ones first.
    pub addresses: Vec<PostalAddress>,
    /// Categories as the company wrote them.
    pub categories: Vec<String>,
    /// Free text.
    pub note: Option<String>,
    /// Whether a photo is stored beside the record.
    pub has_photo: bool,
    /// Where the photo is when the card names an address instead of holding it. Only an address on
    /// the address book's own origin is kept.
    pub photo_url: Option<String>,
}

/// The parts of a name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PersonName {
    /// The whole name as it is shown.
    pub display: String,
    /// Given name.
    pub given: Option<String>,
    /// Family name.
    pub family: Option<String>,
    /// Middle names.
    pub additional: Option<String>,
    /// Titles before the name.
    pub prefix: Option<String>,
    /// Suffixes after the name.
    pub suffix: Option<String>,
    /// Nickname.
    pub nickname: Option<String>,
}

/// A phone number.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Phone {
    /// What it is for.
    pub kind: PhoneKind,
    /// The number as the card has it, for people to read.
    pub number: String,
    /// The number in E.164 form (`+` and digits, without an extension), where it has one.
    pub e164: Option<String>,
    /// Whether the card prefers it.
    pub preferred: bool,
}

/// An e-mail address.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Email {
    /// What it is for.
    pub kind: PlaceKind,
    /// The address as the card has it.
    pub address: String,
    /// Whether the card prefers it.
    pub preferred: bool,
}

/// A postal address.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PostalAddress {
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
    /// Whether the card prefers it.
    pub preferred: bool,
}

/// What a phone number is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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
    #[default]
    Other,
}

impl PhoneKind {
    /// The token used in files and in programs' answers.
    pub fn as_str(self) -> &'static str {
        match self {
            PhoneKind::Mobile => "mobile",
            PhoneKind::Work => "work",
            PhoneKind::Home => "home",
            PhoneKind::Fax => "fax",
            PhoneKind::Pager => "pager",
            PhoneKind::Other => "other",
        }
    }
}

/// What an e-mail or postal address is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlaceKind {
    /// At work.
    Work,
    /// At home.
    Home,
    /// The card does not say, or says something else.
    #[default]
    Other,
}

impl PlaceKind {
    /// The token used in files and in programs' answers.
    pub fn as_str(self) -> &'static str {
        match self {
            PlaceKind::Work => "work",
            PlaceKind::Home => "home",
            PlaceKind::Other => "other",
        }
    }
}

impl ContactRecord {
    /// The stored form.
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Reads what [`ContactRecord::encode`] wrote, in this version or a newer one.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        codec::decode(bytes)
    }
}
