//! vCards: written from fields (3.0, which every phone reads), or taken over as they came.
//!
//! Kept with bare line feeds; the carriage returns that vCard wants are put back where a card is
//! fetched alone.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use calcard::vcard::{VCard, VCardProperty, VCardValue};

use super::PersonInput;
use crate::ids::Digest;

/// Octets of a line (RFC 6350 §3.2).
const LINE: usize = 75;
/// Bytes of a photo: phones drop larger ones.
const PHOTO_BYTES: usize = 512 * 1024;

/// Writes a card without UID and END; [`with_uid`] completes it.
///
/// # Errors
/// When the photo is not one.
pub fn write(
    input: &PersonInput,
    name: &str,
    email: &str,
    organization: &str,
) -> Result<String, String> {
    let mut card = String::from("BEGIN:VCARD\nVERSION:3.0\n");
    let mut line = |name: &str, value: String| {
        fold(&mut card, &format!("{name}:{value}"));
    };
    let (last, first) = (text(&input.last_name), text(&input.first_name));
    line("N", format!("{last};{first};;;"));
    line("FN", text(name));
    let organization = match input.organization.trim() {
        "" => organization,
        own => own,
    };
    match input.department.trim() {
        "" => line("ORG", text(organization)),
        department => line("ORG", format!("{};{}", text(organization), text(department))),
    }
    let plain = [
        ("TITLE", input.title.as_str()),
        ("EMAIL;TYPE=INTERNET,WORK", email),
        ("TEL;TYPE=WORK,VOICE", input.phone.as_str()),
        ("TEL;TYPE=CELL,VOICE", input.mobile.as_str()),
    ];
    for (name, value) in plain {
        if !value.trim().is_empty() {
            line(name, text(value));
        }
    }
    let categories: Vec<String> =
        input.category.split(',').map(text).filter(|category| !category.is_empty()).collect();
    if !categories.is_empty() {
        line("CATEGORIES", categories.join(","));
    }
    if !input.photo.is_empty() {
        let bytes = STANDARD.decode(input.photo.trim()).map_err(|_| "the photo is not base64")?;
        let kind = match bytes.as_slice() {
            [0xff, 0xd8, 0xff, ..] => "JPEG",
            [0x89, b'P', b'N', b'G', ..] => "PNG",
            _ => return Err("the photo is neither JPEG nor PNG".to_owned()),
        };
        if bytes.len() > PHOTO_BYTES {
            return Err("the photo is larger than 512 KB".to_owned());
        }
        line(&format!("PHOTO;ENCODING=b;TYPE={kind}"), STANDARD.encode(bytes));
    }
    card.push_str("END:VCARD\n");
    Ok(card)
}

/// Escapes a value (RFC 6350 §3.4) and drops control characters.
fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.trim().chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Writes a line in pieces of at most 75 octets, never inside a character.
fn fold(out: &mut String, line: &str) {
    let mut room = LINE;
    for c in line.chars() {
        if c.len_utf8() > room {
            out.push_str("\n ");
            room = LINE - 1;
        }
        out.push(c);
        room -= c.len_utf8();
    }
    out.push('\n');
}

/// Puts a UID after the version line of a card that has none.
#[must_use]
pub fn with_uid(card: &str, uid: &str) -> String {
    let mut out = String::with_capacity(card.len() + uid.len() + 8);
    let mut done = false;
    for line in card.lines() {
        out.push_str(line);
        out.push('\n');
        if !done && line.len() >= 8 && line.as_bytes()[..8].eq_ignore_ascii_case(b"VERSION:") {
            let _ = writeln!(out, "UID:{uid}");
            done = true;
        }
    }
    out
}

/// The last segment of a card's address. A UID may hold anything, an address should not.
#[must_use]
pub fn file_name(uid: &str) -> String {
    let plain = !uid.is_empty()
        && uid.len() <= 100
        && !uid.starts_with('.')
        && uid.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    if plain { format!("{uid}.vcf") } else { format!("{}.vcf", Digest::of(uid.as_bytes()).hex(32)) }
}

/// A vCard that came from outside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Read {
    /// Its UID.
    pub uid: Option<String>,
    /// Its first e-mail address, lower case.
    pub email: Option<String>,
    /// The name to show.
    pub name: String,
    /// The card, cleaned of what XML can't carry.
    pub text: String,
}

/// Reads one vCard.
///
/// # Errors
/// For the admin: why it can't be read.
pub fn read(card: &str) -> Result<Read, String> {
    let text: String = card
        .trim_start_matches('\u{feff}')
        .chars()
        .filter(|&c| c == '\n' || c == '\t' || !(c.is_control() || is_noncharacter(c)))
        .collect();
    let parsed = VCard::parse(&text).map_err(|_| "this is not a vCard")?;
    let value = |property: &VCardProperty| {
        let entry = parsed.property(property)?;
        entry.values.iter().find_map(VCardValue::as_text).map(|text| text.trim().to_owned())
    };
    let uid = value(&VCardProperty::Uid).filter(|uid| !uid.is_empty());
    let email = value(&VCardProperty::Email).map(|email| email.to_lowercase());
    let email = email.filter(|email| super::is_email(email));
    let name = value(&VCardProperty::Fn)
        .filter(|name| !name.is_empty())
        .or_else(|| email.clone())
        .ok_or("the card has neither a name nor an e-mail address")?;
    Ok(Read { uid, email, name, text })
}

fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person() -> PersonInput {
        PersonInput {
            first_name: "Jörg".into(),
            last_name: "Müller; Meier".into(),
            email: "J.Mueller@example.com".into(),
            mobile: "+49 151 1234".into(),
            department: "R&D".into(),
            category: "staff, berlin".into(),
            photo: STANDARD.encode([0xff, 0xd8, 0xff, 0xe0].repeat(100)),
            ..PersonInput::default()
        }
    }

    #[test]
    fn a_written_card_reads_back() {
        let card = write(&person(), "Jörg Müller; Meier", "j.mueller@example.com", "Acme, Inc.");
        let card = with_uid(&card.unwrap(), "u-1");
        assert!(card.lines().all(|line| line.len() <= 75), "{card}");
        let read = read(&card).unwrap();
        assert_eq!(read.uid.as_deref(), Some("u-1"));
        assert_eq!(read.email.as_deref(), Some("j.mueller@example.com"));
        assert_eq!(read.name, "Jörg Müller; Meier");
        let parsed = VCard::parse(&card).unwrap();
        let photo = parsed.property(&VCardProperty::Photo).unwrap();
        let bytes = photo.values.iter().find_map(VCardValue::as_binary);
        assert_eq!(bytes.map(|data| data.data.len()), Some(400));
    }

    #[test]
    fn a_photo_that_is_none_is_refused() {
        for photo in ["***", "AAAA"] {
            let input = PersonInput { photo: photo.into(), ..person() };
            assert!(write(&input, "x", "", "").is_err(), "{photo}");
        }
    }

    #[test]
    fn names_of_files() {
        assert_eq!(file_name("a-1.B_2"), "a-1.B_2.vcf");
        for odd in ["", "..", "a/b", "a b", "ä", &"x".repeat(101)] {
            let name = file_name(odd);
            assert_eq!(name.len(), 36, "{odd}");
        }
    }
}
