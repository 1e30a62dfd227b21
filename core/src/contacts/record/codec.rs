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
use super::{ContactRecord, Email, Phone, PhoneKind, PlaceKind, PostalAddress};
use crate::contacts::text::some;

const VERSION: u8 = 1;
const PREFERRED: u8 = 1;

macro_rules! stored_fields {
    ($record:ident: $($tag:literal $($field:ident).+;)*) => {
        fn write_fields($record: &ContactRecord, writer: &mut Writer) {
            $($record.$($field).+.write($tag, writer);)*
        }

        fn read_field(
            $record: &mut ContactRecord,
            tag: u32,
            bytes: &[u8],
        ) -> Result<(), RecordError> {
            match tag {
                $($tag => $record.$($field).+.read(bytes),)*
                _ => Ok(()),
            }
        }
    };
}

// One row a field: its tag, and where it stands. A new row gets the next tag and comes last.
stored_fields! { record:
    1  uid;
    2  name.display;
    3  name.given;
    4  name.family;
    5  name.additional;
    6  name.prefix;
    7  name.suffix;
    8  name.nickname;
    9  organization;
    10 department;
    11 title;
    12 phones;
    13 emails;
    14 addresses;
    15 categories;
    16 note;
    17 has_photo;
    18 photo_url;
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

/// How a value of one type is written, and read back. Several entries of one tag are a list.
trait Field {
    fn write(&self, tag: u32, writer: &mut Writer);

    fn read(&mut self, bytes: &[u8]) -> Result<(), RecordError>;
}

impl Field for String {
    fn write(&self, tag: u32, writer: &mut Writer) {
        writer.text_field(tag, self);
    }

    fn read(&mut self, bytes: &[u8]) -> Result<(), RecordError> {
        *self = text(bytes)?;
        Ok(())
    }
}

impl Field for Option<String> {
    fn write(&self, tag: u32, writer: &mut Writer) {
        writer.text_field(tag, self.as_deref().unwrap_or_default());
    }

    fn read(&mut self, bytes: &[u8]) -> Result<(), RecordError> {
        *self = some(text(bytes)?);
        Ok(())
    }
}

/// Its presence says yes.
impl Field for bool {
    fn write(&self, tag: u32, writer: &mut Writer) {
        if *self {
            writer.varint(tag);
            writer.varint(0);
        }
    }

    fn read(&mut self, _: &[u8]) -> Result<(), RecordError> {
        *self = true;
        Ok(())
    }
}

impl Field for Vec<String> {
    fn write(&self, tag: u32, writer: &mut Writer) {
        self.iter().for_each(|item| writer.text_field(tag, item));
    }

    fn read(&mut self, bytes: &[u8]) -> Result<(), RecordError> {
        self.push(text(bytes)?);
        Ok(())
    }
}

impl Field for Vec<Phone> {
    fn write(&self, tag: u32, writer: &mut Writer) {
        for p in self {
            let e164 = p.e164.as_deref().unwrap_or_default();
            writer.entry(tag, code_of(&PHONE_KINDS, &p.kind), p.preferred, &[&p.number, e164]);
        }
    }

    fn read(&mut self, bytes: &[u8]) -> Result<(), RecordError> {
        let mut reader = Reader { rest: bytes };
        let (kind, preferred) = reader.entry_head(&PHONE_KINDS)?;
        let number = reader.string()?;
        self.push(Phone { kind, number, e164: some(reader.string()?), preferred });
        Ok(())
    }
}

impl Field for Vec<Email> {
    fn write(&self, tag: u32, writer: &mut Writer) {
        for e in self {
            writer.entry(tag, code_of(&PLACE_KINDS, &e.kind), e.preferred, &[&e.address]);
        }
    }

    fn read(&mut self, bytes: &[u8]) -> Result<(), RecordError> {
        let mut reader = Reader { rest: bytes };
        let (kind, preferred) = reader.entry_head(&PLACE_KINDS)?;
        self.push(Email { kind, address: reader.string()?, preferred });
        Ok(())
    }
}

impl Field for Vec<PostalAddress> {
    fn write(&self, tag: u32, writer: &mut Writer) {
        for a in self {
            let parts = [&a.street, &a.city, &a.region, &a.postal_code, &a.country];
            let kind = code_of(&PLACE_KINDS, &a.kind);
            writer.entry(tag, kind, a.preferred, &parts.map(String::as_str));
        }
    }

    fn read(&mut self, bytes: &[u8]) -> Result<(), RecordError> {
        let mut reader = Reader { rest: bytes };
        let (kind, preferred) = reader.entry_head(&PLACE_KINDS)?;
        self.push(PostalAddress {
            kind,
            street: reader.string()?,
            city: reader.string()?,
            region: reader.string()?,
            postal_code: reader.string()?,
            country: reader.string()?,
            preferred,
        });
        Ok(())
    }
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
    write_fields(record, &mut w);
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
