//! A person as vCard 3.0 (RFC 2426) or 4.0 (RFC 6350).

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{Person, Phone, PhoneKind};

/// Which vCard is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Version {
    /// RFC 2426, what most servers store.
    V3,
    /// RFC 6350.
    V4,
}

impl Person {
    /// One card, lines ended by CR LF and folded at 75 octets.
    pub fn vcard(&self, version: Version) -> String {
        let v4 = version == Version::V4;
        let mut card = Card(String::with_capacity(1024));
        card.line("BEGIN:VCARD");
        card.line(if v4 { "VERSION:4.0" } else { "VERSION:3.0" });
        card.line(&format!("UID:{}", self.uid));
        card.line(&format!("FN:{}", text(&self.display_name())));
        card.line(&format!(
            "N:{};{};;{};",
            text(&self.family),
            text(&self.given),
            text(self.prefix)
        ));
        card.line(&format!("ORG:{};{}", text(self.organization), text(self.department)));
        card.line(&format!("TITLE:{}", text(self.title)));
        for (index, phone) in self.phones.iter().enumerate() {
            card.line(&tel(phone, index == 0, v4));
        }
        card.line(&format!(
            "EMAIL;TYPE={}:{}",
            if v4 { "work" } else { "INTERNET,WORK" },
            self.email
        ));
        let a = &self.address;
        card.line(&format!(
            "ADR;TYPE=WORK:;;{};{};;{};{}",
            text(&a.street),
            text(a.town),
            text(a.code),
            text(a.country.name())
        ));
        let categories: Vec<String> = self.categories.iter().map(|c| text(c)).collect();
        card.line(&format!("CATEGORIES:{}", categories.join(",")));
        if let Some(note) = &self.note {
            card.line(&format!("NOTE:{}", text(note)));
        }
        if let Some(photo) = &self.photo {
            let data = STANDARD.encode(photo);
            card.line(&if v4 {
                format!("PHOTO:data:image/png;base64,{data}")
            } else {
                format!("PHOTO;ENCODING=b;TYPE=PNG:{data}")
            });
        }
        card.line("END:VCARD");
        card.0
    }
}

/// All cards in one file, as address books are exported.
pub fn vcards(people: &[Person], version: Version) -> String {
    people.iter().map(|p| p.vcard(version)).collect()
}

fn tel(phone: &Phone, preferred: bool, v4: bool) -> String {
    let kind = match phone.kind {
        PhoneKind::Work => "work",
        PhoneKind::Mobile => "cell",
    };
    match (v4, preferred) {
        (true, true) => format!("TEL;VALUE=uri;PREF=1;TYPE=\"{kind},voice\":tel:{}", phone.e164),
        (true, false) => format!("TEL;VALUE=uri;TYPE=\"{kind},voice\":tel:{}", phone.e164),
        (false, true) => format!("TEL;TYPE={},VOICE,PREF:{}", kind.to_uppercase(), phone.written),
        (false, false) => format!("TEL;TYPE={},VOICE:{}", kind.to_uppercase(), phone.written),
    }
}

/// Escapes one text value (RFC 6350, 3.4).
fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            ',' | ';' | '\\' => {
                let _ = write!(out, "\\{c}");
            }
            c => out.push(c),
        }
    }
    out
}

struct Card(String);

impl Card {
    /// Folds so that no line is longer than 75 octets and no character is cut (RFC 6350, 3.2).
    fn line(&mut self, line: &str) {
        let mut room = 75;
        for c in line.chars() {
            if c.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = 74;
            }
            self.0.push(c);
            room -= c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}
