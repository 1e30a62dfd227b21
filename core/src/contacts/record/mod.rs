//! One contact as it is kept: plain fields, and a compact form that is sealed and stored.
//!
//! Nothing here reads vCards, knows a server or touches a file. The stored form is versioned and
//! forward compatible: an older app skips fields that a newer one wrote. `Serialize` is another
//! form: what programs print of a contact, without what only the agent needs.
mod codec;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize, Serializer};

pub use codec::RecordError;

use super::phone;

/// Everything that is kept of one contact, but the photo.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct ContactRecord {
    /// The card's UID, or its href where it has none. Stable across edits.
    #[serde(skip)]
    pub uid: String,
    /// How the person is called. `name.display` is never empty.
    #[serde(serialize_with = "display_only")]
    pub name: PersonName,
    /// The organisation's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// Department, levels joined with ` / `.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Position (TITLE, else ROLE).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Phone numbers, the preferred ones first.
    pub phones: Vec<Phone>,
    /// E-mail addresses, the preferred ones first.
    pub emails: Vec<Email>,
    /// Postal addresses, the preferred ones first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<PostalAddress>,
    /// Categories as the company wrote them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether a photo is stored beside the record.
    #[serde(rename = "photo")]
    pub has_photo: bool,
    /// Where the photo is when the card names an address instead of holding it. Only an address on
    /// the address book's own origin is kept.
    #[serde(skip)]
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
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Phone {
    /// What it is for.
    pub kind: PhoneKind,
    /// The number as the card has it, for people to read.
    pub number: String,
    /// The number in E.164 form (`+` and digits, without an extension), where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e164: Option<String>,
    /// Whether the card prefers it.
    #[serde(skip)]
    pub preferred: bool,
}

/// An e-mail address.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Email {
    /// What it is for.
    pub kind: PlaceKind,
    /// The address as the card has it.
    pub address: String,
    /// Whether the card prefers it.
    #[serde(skip)]
    pub preferred: bool,
}

/// A postal address; parts that the card lacks are empty, and left out where programs print it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct PostalAddress {
    /// What it is for.
    pub kind: PlaceKind,
    /// Post box, extension and street, one to a line.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub street: String,
    /// Town.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub city: String,
    /// State, province or canton.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub region: String,
    /// Postal code.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub postal_code: String,
    /// Country.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country: String,
    /// Whether the card prefers it.
    #[serde(skip)]
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

impl Phone {
    /// What a call to it dials; `None` for what nobody answers by voice, and for text without a
    /// digit.
    pub fn to_dial(&self) -> Option<String> {
        match self.kind {
            PhoneKind::Fax | PhoneKind::Pager => None,
            PhoneKind::Mobile | PhoneKind::Work | PhoneKind::Home | PhoneKind::Other => {
                self.e164.clone().or_else(|| phone::to_dial(&self.number))
            }
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

/// Of a name, programs print the whole as it is shown.
fn display_only<S: Serializer>(name: &PersonName, serializer: S) -> Result<S::Ok, S::Error> {
    name.display.serialize(serializer)
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
