//! Whoever changes the mapping says so: see [`MAPPING`].
use super::*;
use crate::contacts::record::{Email, PersonName, Phone, PostalAddress};

/// What the cards of [`sample`] give under each number that [`MAPPING`] has had. Never change an
/// entry that a release was made with: raise [`MAPPING`] and add one.
const FINGERPRINTS: [(u32, u64); 1] = [(1, 0xe2ec_7c0e_e197_0ada)];

/// Cards with every property of vCard (RFC 6350 §6, RFC 6474, RFC 6715, RFC 9554, RFC 2426) and
/// with what programs add, whether it is read today or not: whoever begins to read one finds it
/// here.
fn sample() -> Vec<String> {
    let people = "UID:urn:uuid:1
FN:Dr. Jürgen Müller
N:Müller;Jürgen;Karl;Dr.;M.A.
NICKNAME:Jogi,Jo
ORG:Brücke AG;Vertrieb;Nord
TITLE:Leiter Vertrieb
ROLE:Chef
NOTE:Zeile eins\\nZeile zwei\\, mit Komma
CATEGORIES:Mitarbeiter,Vertrieb
EMAIL;TYPE=WORK;PREF=1:j.mueller@bruecke.example
EMAIL;TYPE=HOME:mailto:jogi@home.example
TEL;TYPE=CELL;PREF=1:0171 1234567
TEL;TYPE=\"WORK,FAX\":030 901829
TEL;VALUE=uri;TYPE=home:tel:+46-8-508-290-01;ext=102
item1.TEL:+41 44 668 18 00
item1.X-ABLabel:_$!<Main>!$_
ADR;TYPE=WORK;PREF=1:Postfach 1;Haus B;Am Weg 1;Berlin;BE;10115;Deutschland
ADR;TYPE=HOME:;;Gata 2;Malmö;;21120;Sverige
PHOTO:https://dav.example/p/1.jpg
KIND:individual
XML:<a xmlns=\"b\"/>
BDAY:19870203
ANNIVERSARY:20100910
BIRTHPLACE:Bonn
DEATHPLACE:Rom
DEATHDATE:20991231
GENDER:M;Mann
GRAMGENDER;LANGUAGE=de:masculine
PRONOUNS;LANGUAGE=en:he/him
IMPP:xmpp:jogi@chat.example
SOCIALPROFILE;SERVICE-TYPE=Mastodon:https://social.example/@jogi
LANG;PREF=1:de
LANGUAGE:de
TZ:Europe/Berlin
GEO:geo:52.5,13.4
LOGO:https://dav.example/logo.png
SOUND:https://dav.example/name.ogg
ORG-DIRECTORY:https://dav.example/people
MEMBER:urn:uuid:2
RELATED;TYPE=manager:urn:uuid:3
EXPERTISE;LEVEL=expert:Brücken
HOBBY;LEVEL=high:Segeln
INTEREST;LEVEL=medium:Wein
CONTACT-URI:https://bruecke.example/contact
URL:https://bruecke.example/
SOURCE:https://dav.example/1.vcf
KEY:https://dav.example/key.asc
PRODID:-//Example//EN
REV:20250101T000000Z
CREATED:20240101T000000Z
CLIENTPIDMAP:1;urn:uuid:4
FBURL:https://dav.example/busy
CALADRURI:mailto:j.mueller@bruecke.example
CALURI:https://dav.example/cal
CLASS:PRIVATE
SORT-STRING:Mueller
MAILER:Example
LABEL;TYPE=WORK:Am Weg 1\\nBerlin
AGENT:Anna Muster
X-PHONETIC-FIRST-NAME:Jürgen
X-PHONETIC-LAST-NAME:Müller
X-MAIDENNAME:Maier
X-ABRELATEDNAMES:Anna Muster
X-MANAGER:Anna Muster
X-ASSISTANT:Zoë Meier
X-SPOUSE:Zoë Meier
X-ROOM:4.711
X-OFFICE:4.711
X-DEPARTMENT:Vertrieb
X-EMPLOYEE-ID:100234
X-SOCIALPROFILE;TYPE=linkedin:https://social.example/jogi
X-JABBER:jogi@chat.example
X-SKYPE-USERNAME:jogi
X-ANNIVERSARY:20100910
X-ABADR:de";
    let bare = "N:Öberg;Åsa;;;\nROLE:Chefin\nTEL:08 508 290 02";
    let pictured = format!("ORG:Empfang\nEMAIL:empfang@bruecke.example\nPHOTO;ENCODING=b:{PNG}");
    let old = "FN;ENCODING=QUOTED-PRINTABLE:J=FCrgen\nTEL;CELL;PREF:0171 1234567\nPHOTO:%%%";
    vec![wrap("4.0", people), wrap("3.0", bare), wrap("3.0", &pictured), wrap("2.1", old)]
}

fn cards() -> Vec<Card> {
    sample().iter().map(|text| card_of(text)).collect()
}

/// Of everything that is stored of the cards: FNV-1a.
fn fingerprint(cards: &[Card]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in (bytes.len() as u64).to_le_bytes().iter().chain(bytes) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for card in cards {
        add(&card.record.encode());
        add(card.photo.as_ref().map_or(&[], |photo| photo.bytes.as_slice()));
        add(&[u8::from(card.photo_dropped)]);
    }
    hash
}

#[test]
fn a_changed_mapping_has_another_number() {
    let (number, expect) = FINGERPRINTS[FINGERPRINTS.len() - 1];
    assert_eq!(number, MAPPING, "FINGERPRINTS has no entry for this MAPPING");
    let is = fingerprint(&cards());
    assert_eq!(
        is,
        expect,
        "cards are mapped in another way than MAPPING {MAPPING} says: raise it and add \
         ({}, {is:#018x}) to FINGERPRINTS",
        MAPPING + 1
    );
}

#[test]
fn the_numbers_of_mappings_only_rise() {
    assert!(FINGERPRINTS.is_sorted_by(|a, b| a.0 < b.0));
}

/// A field that no card of the sample fills could be mapped in any way, and nobody would notice.
#[test]
fn the_sample_fills_every_field_of_a_record() {
    let mut filled = std::collections::BTreeSet::new();
    let mut see = |field: &'static str, is_filled: bool| {
        if is_filled {
            filled.insert(field);
        }
    };
    let records: Vec<ContactRecord> = cards().into_iter().map(|card| card.record).collect();
    let mut fields = 0;
    for record in &records {
        // Without `..`, so that a new field does not compile until it is asked about here.
        let ContactRecord {
            uid,
            name,
            organization,
            department,
            title,
            phones,
            emails,
            addresses,
            categories,
            note,
            has_photo,
            photo_url,
        } = record;
        let PersonName { display, given, family, additional, prefix, suffix, nickname } = name;
        let rows = [
            ("uid", !uid.is_empty()),
            ("display", !display.is_empty()),
            ("given", given.is_some()),
            ("family", family.is_some()),
            ("additional", additional.is_some()),
            ("prefix", prefix.is_some()),
            ("suffix", suffix.is_some()),
            ("nickname", nickname.is_some()),
            ("organization", organization.is_some()),
            ("department", department.is_some()),
            ("title", title.is_some()),
            ("phones", !phones.is_empty()),
            ("emails", !emails.is_empty()),
            ("addresses", !addresses.is_empty()),
            ("categories", !categories.is_empty()),
            ("note", note.is_some()),
            ("has_photo", *has_photo),
            ("photo_url", photo_url.is_some()),
        ];
        fields = rows.len();
        rows.into_iter().for_each(|(field, is_filled)| see(field, is_filled));
        for Phone { kind: _, number, e164, preferred } in phones {
            see("number", !number.is_empty());
            see("e164", e164.is_some());
            see("preferred", *preferred);
        }
        for Email { kind: _, address, preferred } in emails {
            see("address", !address.is_empty());
            see("preferred e-mail", *preferred);
        }
        for PostalAddress { kind: _, street, city, region, postal_code, country, preferred } in
            addresses
        {
            see("street", !street.is_empty());
            see("city", !city.is_empty());
            see("region", !region.is_empty());
            see("postal_code", !postal_code.is_empty());
            see("country", !country.is_empty());
            see("preferred address", *preferred);
        }
    }
    assert_eq!(filled.len(), fields + 3 + 2 + 6, "{filled:?}");
}

#[test]
fn the_control_notices_each_difference() {
    let as_is = fingerprint(&cards());
    let changed = |change: fn(&mut Card)| {
        let mut cards = cards();
        change(&mut cards[0]);
        fingerprint(&cards)
    };
    assert_eq!(changed(|_| {}), as_is);
    assert_ne!(changed(|card| card.record.title = Some("Chef".into())), as_is);
    assert_ne!(changed(|card| card.record.phones[0].preferred = false), as_is);
    assert_ne!(changed(|card| card.record.categories.reverse()), as_is);
    assert_ne!(changed(|card| card.photo_dropped = true), as_is);
}
