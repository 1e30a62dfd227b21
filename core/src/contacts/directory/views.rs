//! What is read of contacts, in the shapes that programs print and shells show.
use serde::Serialize;

use crate::contacts::caller::{CallerContact, CallerMatch};
use crate::contacts::reach::{call_uri_of, mail_uri};
use crate::contacts::record::{ContactRecord, Email, Phone, PhoneKind, PlaceKind, PostalAddress};
use crate::contacts::search::{Found, Match};
use crate::store::ContactId;

/// A contact as it is shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ContactView {
    /// Its id: stable as long as the contact stays in its book, and never used again.
    pub id: String,
    /// The name as it is shown.
    pub name: String,
    /// Organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// Department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Phone numbers, the preferred ones first.
    pub phones: Vec<PhoneView>,
    /// E-mail addresses, the preferred ones first.
    pub emails: Vec<EmailView>,
    /// Postal addresses, the preferred ones first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<AddressView>,
    /// Categories.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether there is a photo.
    pub photo: bool,
}

/// A phone number as it is shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PhoneView {
    /// What it is for.
    pub kind: PhoneKind,
    /// The number as the card has it.
    pub number: String,
    /// The number to be dialled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e164: Option<String>,
    /// What calls it: a `tel:` address. `None` for what answers nobody.
    #[serde(skip)]
    pub call_uri: Option<String>,
}

/// An e-mail address as it is shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct EmailView {
    /// What it is for.
    pub kind: PlaceKind,
    /// The address.
    pub address: String,
    /// What begins a mail: a `mailto:` address. `None` if the address is none.
    #[serde(skip)]
    pub mail_uri: Option<String>,
}

/// A postal address as it is shown; empty parts are left out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AddressView {
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
        let phone = |p: Phone| PhoneView {
            kind: p.kind,
            call_uri: call_uri_of(p.kind, &p.number, p.e164.as_deref()),
            number: p.number,
            e164: p.e164,
        };
        let email = |e: Email| EmailView {
            kind: e.kind,
            mail_uri: mail_uri(&e.address),
            address: e.address,
        };
        let address = |a: PostalAddress| AddressView {
            kind: a.kind,
            street: a.street,
            city: a.city,
            region: a.region,
            postal_code: a.postal_code,
            country: a.country,
        };
        Self {
            id: id.to_string(),
            name: record.name.display,
            organization: record.organization,
            department: record.department,
            title: record.title,
            phones: record.phones.into_iter().map(phone).collect(),
            emails: record.emails.into_iter().map(email).collect(),
            addresses: record.addresses.into_iter().map(address).collect(),
            categories: record.categories,
            note: record.note,
            photo: record.has_photo,
        }
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
