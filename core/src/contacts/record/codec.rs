//! The stored form of a contact.
//!
//! ```text
//! record = version(0x01) field*
//! field  = tag(varint) length(varint) bytes      fields with an unknown tag are skipped
//! phone, e-mail, address = kind(byte) flags(byte) string*
//! string = length(varint) UTF-8                  strings after the known ones are skipped
//! varint = LEB128, at most 5 bytes
//! ```
//! An absent field is an empty one. A new field gets a new tag; a tag is never used again. Only a
//! change that an old app would misread raises the version.
use super::{ContactRecord, Email, PersonName, Phone, PhoneKind, PlaceKind, PostalAddress};
use crate::contacts::text::some;

const VERSION: u8 = 1;
const PREFERRED: u8 = 1;

mod tag {
    pub(super) const UID: u32 = 1;
    pub(super) const DISPLAY: u32 = 2;
    pub(super) const GIVEN: u32 = 3;
    pub(super) const FAMILY: u32 = 4;
    pub(super) const ADDITIONAL: u32 = 5;
    pub(super) const PREFIX: u32 = 6;
    pub(super) const SUFFIX: u32 = 7;
    pub(super) const NICKNAME: u32 = 8;
    pub(super) const ORGANIZATION: u32 = 9;
    pub(super) const DEPARTMENT: u32 = 10;
    pub(super) const TITLE: u32 = 11;
    pub(super) const PHONE: u32 = 12;
    pub(super) const EMAIL: u32 = 13;
    pub(super) const ADDRESS: u32 = 14;
    pub(super) const CATEGORY: u32 = 15;
    pub(super) const NOTE: u32 = 16;
    pub(super) const HAS_PHOTO: u32 = 17;
    pub(super) const PHOTO_URL: u32 = 18;
}

const PHONE_KINDS: [PhoneKind; 6] = [
    PhoneKind::Other,
    PhoneKind::Mobile,
    PhoneKind::Work,
    PhoneKind::Home,
    PhoneKind::Fax,
    PhoneKind::Pager,
];
const PLACE_KINDS: [PlaceKind; 3] = [PlaceKind::Other, PlaceKind::Work, PlaceKind::Home];

/// Why a stored contact can't be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RecordError {
    /// There are no bytes at all.
    #[error("an empty contact record")]
    Empty,
    /// Written by a newer app in a form that this one can't read.
    #[error("a contact record of version {0}, this app reads version 1")]
    UnknownVersion(u8),
    /// It ends in the middle of a field.
    #[error("a contact record that ends too early")]
    Truncated,
    /// A length or tag of more than 32 bits.
    #[error("a contact record with a number that is too large")]
    NumberTooLarge,
    /// A text is not UTF-8.
    #[error("a contact record with text that is not UTF-8")]
    NotText,
}

// --- writing ---

struct Writer {
    out: Vec<u8>,
}

fn varint_len(value: u32) -> usize {
    (32 - value.max(1).leading_zeros() as usize).div_ceil(7)
}

fn string_len(text: &str) -> usize {
    varint_len(text.len() as u32) + text.len()
}

impl Writer {
    fn varint(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.out.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.out.push(value as u8);
    }

    fn string(&mut self, text: &str) {
        self.varint(text.len() as u32);
        self.out.extend_from_slice(text.as_bytes());
    }

    fn text_field(&mut self, tag: u32, text: &str) {
        if !text.is_empty() {
            self.varint(tag);
            self.string(text);
        }
    }

    fn optional_field(&mut self, tag: u32, text: Option<&String>) {
        self.text_field(tag, text.map_or("", String::as_str));
    }

    fn entry(&mut self, tag: u32, kind: usize, preferred: bool, strings: &[&str]) {
        let length = 2 + strings.iter().map(|s| string_len(s)).sum::<usize>();
        self.varint(tag);
        self.varint(length as u32);
        self.out.push(kind as u8);
        self.out.push(if preferred { PREFERRED } else { 0 });
        strings.iter().for_each(|s| self.string(s));
    }
}

fn code_of<T: PartialEq>(table: &[T], value: &T) -> usize {
    table.iter().position(|v| v == value).unwrap_or_default()
}

pub(super) fn encode(record: &ContactRecord) -> Vec<u8> {
    let mut w = Writer { out: Vec::with_capacity(256) };
    w.out.push(VERSION);
    let name = &record.name;
    w.text_field(tag::UID, &record.uid);
    w.text_field(tag::DISPLAY, &name.display);
    w.optional_field(tag::GIVEN, name.given.as_ref());
    w.optional_field(tag::FAMILY, name.family.as_ref());
    w.optional_field(tag::ADDITIONAL, name.additional.as_ref());
    w.optional_field(tag::PREFIX, name.prefix.as_ref());
    w.optional_field(tag::SUFFIX, name.suffix.as_ref());
    w.optional_field(tag::NICKNAME, name.nickname.as_ref());
    w.optional_field(tag::ORGANIZATION, record.organization.as_ref());
    w.optional_field(tag::DEPARTMENT, record.department.as_ref());
    w.optional_field(tag::TITLE, record.title.as_ref());
    for p in &record.phones {
        let e164 = p.e164.as_deref().unwrap_or_default();
        w.entry(tag::PHONE, code_of(&PHONE_KINDS, &p.kind), p.preferred, &[&p.number, e164]);
    }
    for e in &record.emails {
        w.entry(tag::EMAIL, code_of(&PLACE_KINDS, &e.kind), e.preferred, &[&e.address]);
    }
    for a in &record.addresses {
        let parts = [&a.street, &a.city, &a.region, &a.postal_code, &a.country];
        let kind = code_of(&PLACE_KINDS, &a.kind);
        w.entry(tag::ADDRESS, kind, a.preferred, &parts.map(String::as_str));
    }
    for category in &record.categories {
        w.text_field(tag::CATEGORY, category);
    }
    w.optional_field(tag::NOTE, record.note.as_ref());
    if record.has_photo {
        w.varint(tag::HAS_PHOTO);
        w.varint(0);
    }
    w.optional_field(tag::PHOTO_URL, record.photo_url.as_ref());
    w.out
}

// --- reading ---

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8, RecordError> {
        let (first, rest) = self.rest.split_first().ok_or(RecordError::Truncated)?;
        self.rest = rest;
        Ok(*first)
    }

    fn varint(&mut self) -> Result<u32, RecordError> {
        let mut value = 0u64;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return u32::try_from(value).map_err(|_| RecordError::NumberTooLarge);
            }
        }
        Err(RecordError::NumberTooLarge)
    }

    fn bytes(&mut self) -> Result<&'a [u8], RecordError> {
        let length = self.varint()? as usize;
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(RecordError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next string of an entry; an entry may also end before it.
    fn string(&mut self) -> Result<String, RecordError> {
        if self.rest.is_empty() {
            return Ok(String::new());
        }
        text(self.bytes()?)
    }

    fn entry_head<T: Copy>(&mut self, kinds: &[T]) -> Result<(T, bool), RecordError> {
        let kind = kinds.get(usize::from(self.byte()?)).copied().unwrap_or(kinds[0]);
        Ok((kind, self.byte()? & PREFERRED != 0))
    }
}

fn text(bytes: &[u8]) -> Result<String, RecordError> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| RecordError::NotText)
}

pub(super) fn decode(bytes: &[u8]) -> Result<ContactRecord, RecordError> {
    let (version, rest) = bytes.split_first().ok_or(RecordError::Empty)?;
    if *version != VERSION {
        return Err(RecordError::UnknownVersion(*version));
    }
    let mut record = ContactRecord::default();
    let mut reader = Reader { rest };
    while !reader.rest.is_empty() {
        let tag = reader.varint()?;
        read_field(&mut record, tag, reader.bytes()?)?;
    }
    Ok(record)
}

fn read_field(record: &mut ContactRecord, tag: u32, bytes: &[u8]) -> Result<(), RecordError> {
    let ContactRecord { name, .. } = record;
    let PersonName { display, given, family, additional, prefix, suffix, nickname } = name;
    let mut reader = Reader { rest: bytes };
    match tag {
        tag::UID => record.uid = text(bytes)?,
        tag::DISPLAY => *display = text(bytes)?,
        tag::GIVEN => *given = some(text(bytes)?),
        tag::FAMILY => *family = some(text(bytes)?),
        tag::ADDITIONAL => *additional = some(text(bytes)?),
        tag::PREFIX => *prefix = some(text(bytes)?),
        tag::SUFFIX => *suffix = some(text(bytes)?),
        tag::NICKNAME => *nickname = some(text(bytes)?),
        tag::ORGANIZATION => record.organization = some(text(bytes)?),
        tag::DEPARTMENT => record.department = some(text(bytes)?),
        tag::TITLE => record.title = some(text(bytes)?),
        tag::PHONE => {
            let (kind, preferred) = reader.entry_head(&PHONE_KINDS)?;
            let number = reader.string()?;
            record.phones.push(Phone { kind, number, e164: some(reader.string()?), preferred });
        }
        tag::EMAIL => {
            let (kind, preferred) = reader.entry_head(&PLACE_KINDS)?;
            record.emails.push(Email { kind, address: reader.string()?, preferred });
        }
        tag::ADDRESS => {
            let (kind, preferred) = reader.entry_head(&PLACE_KINDS)?;
            record.addresses.push(PostalAddress {
                kind,
                street: reader.string()?,
                city: reader.string()?,
                region: reader.string()?,
                postal_code: reader.string()?,
                country: reader.string()?,
                preferred,
            });
        }
        tag::CATEGORY => record.categories.push(text(bytes)?),
        tag::NOTE => record.note = some(text(bytes)?),
        tag::HAS_PHOTO => record.has_photo = true,
        tag::PHOTO_URL => record.photo_url = some(text(bytes)?),
        _ => {}
    }
    Ok(())
}
