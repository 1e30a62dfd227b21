//! Cards as programs write them, and what becomes of them.
mod mapping;

use proptest::prelude::*;

use super::*;
use crate::contacts::record::{PhoneKind, PlaceKind};

/// A PNG of one pixel.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

fn region() -> Option<Region> {
    Region::new("DE")
}

fn card_of(text: &str) -> Card {
    read(text.replace('\n', "\r\n").as_bytes(), region()).expect(text)
}

fn record_of(text: &str) -> ContactRecord {
    card_of(text).record
}

fn wrap(version: &str, properties: &str) -> String {
    format!("BEGIN:VCARD\nVERSION:{version}\n{properties}\nEND:VCARD\n")
}

/// Every phone as `kind number e164 *`.
fn phones(record: &ContactRecord) -> Vec<String> {
    let show = |p: &crate::contacts::record::Phone| {
        let star = if p.preferred { " *" } else { "" };
        format!("{} {} {}{star}", p.kind.as_str(), p.number, p.e164.as_deref().unwrap_or("-"))
    };
    record.phones.iter().map(show).collect()
}

#[test]
fn a_full_card_of_version_3() {
    let record = record_of(
        "BEGIN:VCARD
VERSION:3.0
PRODID:-//Sabre//Sabre VObject 4.5.4//EN
UID:8f0a0c9e-1
FN:Dr. Jürgen Müller
N:Müller;Jürgen;Karl;Dr.;M.A.
NICKNAME:Jogi
ORG:Brücke AG;Vertrieb;Nord
TITLE:Leiter Vertrieb
ROLE:Chef
EMAIL;TYPE=WORK:j.mueller@bruecke.example
EMAIL;TYPE=HOME,pref:jogi@home.example
TEL;TYPE=CELL:0171 1234567
TEL;TYPE=WORK,VOICE:+49 (0) 30 901820
TEL;TYPE=\"WORK,FAX\":030 901829
ADR;TYPE=WORK:;Haus B;Am Weg 1;Berlin;BE;10115;Deutschland
CATEGORIES:Mitarbeiter,Vertrieb
CATEGORIES:Mitarbeiter
NOTE:Zeile eins\\nZeile zwei\\, mit Komma
END:VCARD
",
    );
    assert_eq!(record.uid, "8f0a0c9e-1");
    assert_eq!(record.name.display, "Dr. Jürgen Müller");
    assert_eq!(record.name.family.as_deref(), Some("Müller"));
    assert_eq!(record.name.given.as_deref(), Some("Jürgen"));
    assert_eq!(record.name.additional.as_deref(), Some("Karl"));
    assert_eq!(record.name.prefix.as_deref(), Some("Dr."));
    assert_eq!(record.name.suffix.as_deref(), Some("M.A."));
    assert_eq!(record.name.nickname.as_deref(), Some("Jogi"));
    assert_eq!(record.organization.as_deref(), Some("Brücke AG"));
    assert_eq!(record.department.as_deref(), Some("Vertrieb / Nord"));
    assert_eq!(record.title.as_deref(), Some("Leiter Vertrieb"));
    assert_eq!(record.emails[0].address, "jogi@home.example");
    assert!(record.emails[0].preferred && !record.emails[1].preferred);
    assert_eq!(record.emails[1].kind, PlaceKind::Work);
    assert_eq!(
        phones(&record),
        [
            "mobile 0171 1234567 +491711234567",
            "work +49 (0) 30 901820 +4930901820",
            "fax 030 901829 +4930901829",
        ]
    );
    let address = &record.addresses[0];
    assert_eq!(address.street, "Haus B\nAm Weg 1");
    assert_eq!((address.city.as_str(), address.postal_code.as_str()), ("Berlin", "10115"));
    assert_eq!(record.categories, ["Mitarbeiter", "Vertrieb"]);
    assert_eq!(record.note.as_deref(), Some("Zeile eins\nZeile zwei, mit Komma"));
}

#[test]
fn version_4_with_uris_and_ranks() {
    let record = record_of(
        "BEGIN:VCARD
VERSION:4.0
UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1
FN:Åsa Öberg
N:Öberg;Åsa;;;
TEL;VALUE=uri;PREF=2;TYPE=\"voice,home\":tel:+46-8-508-290-00
TEL;VALUE=uri;PREF=1;TYPE=\"voice,work\":tel:+46-8-508-290-01;ext=102
TEL;TYPE=pager:08 508 290 02
EMAIL;PREF=50:asa@brygga.example
END:VCARD
",
    );
    assert_eq!(record.uid, "urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1");
    assert_eq!(
        phones(&record),
        [
            "work +46-8-508-290-01 ext. 102 +46850829001 *",
            "home +46-8-508-290-00 +46850829000",
            "pager 08 508 290 02 +49850829002",
        ]
    );
    assert!(record.emails[0].preferred, "the best rank there is");
}

#[test]
fn apples_groups_and_labels() {
    let record = record_of(
        "BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//macOS 14.1//EN
N:Meier;Zoë;;;
FN:Zoë Meier
item1.TEL;type=pref:+41 44 668 18 00
item1.X-ABLabel:_$!<Main>!$_
item2.TEL:+41 79 123 45 67
item2.X-ABLABEL:iPhone
TEL;type=HOME;type=FAX:+41 44 668 18 01
item3.TEL:+41 44 668 18 02
item3.X-ABLabel:_$!<HomeFAX>!$_
item4.TEL:+41 44 668 18 03
item4.X-ABLabel:Skihütte
item5.EMAIL;type=INTERNET:zoe@firma.example
item5.X-ABLabel:_$!<Work>!$_
END:VCARD
",
    );
    assert_eq!(
        phones(&record),
        [
            "work +41 44 668 18 00 +41446681800 *",
            "mobile +41 79 123 45 67 +41791234567",
            "fax +41 44 668 18 01 +41446681801",
            "fax +41 44 668 18 02 +41446681802",
            "other +41 44 668 18 03 +41446681803",
        ]
    );
    assert_eq!(record.emails[0].kind, PlaceKind::Work);
}

#[test]
fn version_2_1_with_quoted_printable_and_bare_types() {
    let record = record_of(
        "BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BCrgen
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=BCrgen M=C3=BCller
TEL;CELL;PREF:0171 1234567
TEL;WORK;VOICE:030 901820
TEL;X-MOBILE:0172 1234567
EMAIL;INTERNET:j@bruecke.example
ADR;HOME;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;;Am L=C3=B6wen 1;M=C3=BCnchen;;80331;
NOTE;ENCODING=QUOTED-PRINTABLE:eins=0D=0A=
zwei
END:VCARD
",
    );
    assert_eq!(record.name.display, "Jürgen Müller");
    assert_eq!(record.name.family.as_deref(), Some("Müller"));
    assert_eq!(
        phones(&record),
        [
            "mobile 0171 1234567 +491711234567 *",
            "work 030 901820 +4930901820",
            "mobile 0172 1234567 +491721234567",
        ]
    );
    assert_eq!(record.addresses[0].street, "Am Löwen 1");
    assert_eq!(record.addresses[0].kind, PlaceKind::Home);
    assert_eq!(record.note.as_deref(), Some("eins\r\nzwei"));
}

#[test]
fn legacy_charsets_become_the_letters_they_were() {
    let check = |bytes: &[u8], expect: &str| {
        assert_eq!(read(bytes, None).unwrap().record.name.display, expect);
    };
    let around = |fn_line: &[u8]| {
        [b"BEGIN:VCARD\r\nVERSION:2.1\r\n", fn_line, b"\r\nEND:VCARD\r\n"].concat()
    };
    check(&around(b"FN:J\xfcrgen M\xfcller"), "Jürgen Müller");
    check(&around(b"FN;CHARSET=windows-1252:\x80uro \x93Q\x94"), "€uro “Q”");
    check(&around(b"FN;ENCODING=QUOTED-PRINTABLE:J=FCrgen"), "Jürgen");
    check(&around(b"FN;ENCODING=QUOTED-PRINTABLE:J=C3=BCrgen"), "Jürgen");
    check(&around(b"FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:=C5sa"), "Åsa");
    check(&around(b"FN;encoding=quoted-printable:J=C3=BCrgen"), "Jürgen");
    check(&around("NOTE:-ä-QUOTED\r\nFN;QUOTED-PRINTABLE:J=C3=BCrgen".as_bytes()), "Jürgen");
    check(&[b"\xef\xbb\xbf".as_slice(), &around("FN:Zoë".as_bytes())].concat(), "Zoë");
    let utf16: Vec<u8> = [0xfeff]
        .into_iter()
        .chain("BEGIN:VCARD\r\nFN:Łukasz\r\nEND:VCARD\r\n".encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    check(&utf16, "Łukasz");
}

#[test]
fn folded_lines_are_joined_even_within_a_letter() {
    let mut bytes =
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:J\r\n \xc3\xbcr\r\n\tgen\r\nEND:VCARD\r\n".to_vec();
    assert_eq!(read(&bytes, None).unwrap().record.name.display, "Jürgen");
    // Old programs count bytes and cut letters in two.
    bytes = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:J\xc3\r\n \xbcrgen\r\nEND:VCARD\r\n".to_vec();
    assert_eq!(read(&bytes, None).unwrap().record.name.display, "Jürgen");
}

#[test]
fn a_name_is_found_wherever_the_card_has_one() {
    let check = |properties: &str, expect: &str| {
        assert_eq!(record_of(&wrap("3.0", properties)).name.display, expect);
    };
    check("N:Müller;Jürgen;;Dr.;", "Dr. Jürgen Müller");
    check("FN:\nN:Müller;;;;", "Müller");
    check("NICKNAME:Jogi,Jo", "Jogi");
    check("ORG:Brücke AG;Empfang", "Brücke AG");
    check("EMAIL:empfang@bruecke.example", "empfang@bruecke.example");
    check("fn:klein geschrieben", "klein geschrieben");
}

#[test]
fn what_is_no_contact_has_a_reason() {
    let check = |text: &str, expect: SkipReason| {
        assert_eq!(read(text.as_bytes(), None), Err(expect), "{text:.60}");
    };
    check("", SkipReason::Unparsable);
    check("<html>", SkipReason::Unparsable);
    check("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", SkipReason::Unparsable);
    check(&wrap("3.0", "TEL:123"), SkipReason::Nameless);
    check(&wrap("3.0", "FN: "), SkipReason::Nameless);
    check(&wrap("4.0", "KIND:group\nFN:Alle"), SkipReason::Group);
    check(&wrap("3.0", "X-ADDRESSBOOKSERVER-KIND:group\nFN:Alle"), SkipReason::Group);
    check(&"x".repeat(limits::CARD_BYTES + 1), SkipReason::TooLarge);
}

#[test]
fn a_photo_is_kept_for_what_it_is() {
    let check = |property: &str, expect: Option<PhotoType>, dropped: bool| {
        let card = card_of(&wrap("3.0", &format!("FN:A\n{property}")));
        assert_eq!(card.photo.as_ref().map(|p| p.kind), expect, "{property:.60}");
        assert_eq!(card.record.has_photo, expect.is_some());
        assert_eq!(card.photo_dropped, dropped, "{property:.60}");
    };
    check(&format!("PHOTO;ENCODING=b;TYPE=JPEG:{PNG}"), Some(PhotoType::Png), false);
    check(&format!("PHOTO;ENCODING=BASE64;PNG:{PNG}"), Some(PhotoType::Png), false);
    check(&format!("PHOTO:data:image/png;base64,{PNG}"), Some(PhotoType::Png), false);
    let (first, second) = PNG.split_at(40);
    check(&format!("PHOTO;ENCODING=b:{first}\n {second}"), Some(PhotoType::Png), false);
    check("PHOTO;ENCODING=b;TYPE=JPEG:aGVsbG8=", None, true);
    check("PHOTO;ENCODING=b:%%%", None, true);
    check("PHOTO:", None, false);
    let mut large = vec![0xff, 0xd8, 0xff];
    large.resize(limits::PHOTO_BYTES + 1, 0);
    assert_eq!(Photo::new(large), None);
}

#[test]
fn an_address_of_a_photo_is_noted() {
    let card = card_of(&wrap("4.0", "FN:A\nPHOTO:https://dav.example/p/1.jpg"));
    assert_eq!(card.record.photo_url.as_deref(), Some("https://dav.example/p/1.jpg"));
    assert!(!card.record.has_photo && !card.photo_dropped);
}

#[test]
fn image_types_by_their_first_bytes() {
    let check = |bytes: &[u8], expect| assert_eq!(PhotoType::sniff(bytes), expect);
    check(b"\xff\xd8\xff\xe0", Some(PhotoType::Jpeg));
    check(b"GIF89a", Some(PhotoType::Gif));
    check(b"RIFF\x01\x02\x03\x04WEBPVP8 ", Some(PhotoType::WebP));
    check(b"\x00\x00\x00\x18ftypheic", Some(PhotoType::Heic));
    check(b"\x00\x00\x00\x18ftypmp42", None);
    check(b"<svg>", None);
    check(b"", None);
}

#[test]
fn a_filter_keeps_what_it_names() {
    let staff = record_of(&wrap("3.0", "FN:A\nORG:X;Sales;North\nCATEGORIES:Staff,Berlin"));
    let intern = record_of(&wrap("3.0", "FN:B\nORG:X;Sales\nCATEGORIES:staff,Interns"));
    let nobody = record_of(&wrap("3.0", "FN:C"));
    let check = |terms: &[&str], expect: [bool; 3]| {
        let terms: Vec<String> = terms.iter().map(|t| (*t).to_owned()).collect();
        let filter = Filter::parse(&terms).unwrap();
        let got = [&staff, &intern, &nobody].map(|r| filter.accepts(r));
        assert_eq!(got, expect, "{terms:?}");
    };
    check(&[], [true, true, true]);
    check(&["  "], [true, true, true]);
    check(&["category:Staff"], [true, true, false]);
    check(&["Category: staff "], [true, true, false]);
    check(&["category:Staff", "-category:Interns"], [true, false, false]);
    check(&["-category:Interns"], [true, false, true]);
    check(&["department:north"], [true, false, false]);
    check(&["department:Sales / North"], [true, false, false]);
    check(&["department:Sales"], [true, true, false]);
    check(&["department:Board", "category:Berlin"], [true, false, false]);
}

#[test]
fn a_filter_that_cannot_be_read_names_the_entry() {
    for (terms, position) in [(["Sales", ""], 1), (["", "name:X"], 2), (["category:", ""], 1)] {
        let terms = terms.map(str::to_owned);
        assert_eq!(Filter::parse(&terms), Err(FilterError { position }));
    }
}

#[test]
fn the_order_of_terms_does_not_matter() {
    let parse = |terms: [&str; 2]| Filter::parse(&terms.map(str::to_owned)).unwrap().canonical();
    assert_eq!(parse(["category:A", "-department:B"]), parse(["-department:b", "category:a"]));
    assert_ne!(parse(["category:A", ""]), parse(["-category:A", ""]));
}

#[test]
fn kinds_by_the_first_word_that_tells() {
    let check = |types: &str, expect: PhoneKind| {
        let record = record_of(&wrap("3.0", &format!("FN:A\nTEL;TYPE={types}:030 901820")));
        assert_eq!(record.phones[0].kind, expect, "{types}");
    };
    check("work,cell", PhoneKind::Mobile);
    check("WORK,FAX", PhoneKind::Fax);
    check("home,voice", PhoneKind::Home);
    check("main", PhoneKind::Work);
    check("voice", PhoneKind::Other);
    check("VOICE,msg,pref", PhoneKind::Other);
}

#[test]
fn numbers_that_are_none_are_left_out_and_repeated_ones_kept_once() {
    let record = record_of(&wrap(
        "3.0",
        "FN:A\nTEL:\nTEL:ask\nTEL;TYPE=cell:0171 1234567\nTEL;TYPE=cell:0171 1234567\nTEL:4711",
    ));
    assert_eq!(phones(&record), ["mobile 0171 1234567 +491711234567", "other 4711 -"]);
}

proptest! {
    #[test]
    fn any_bytes_give_a_contact_or_a_reason(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, region());
    }

    #[test]
    fn any_properties_give_a_contact_or_a_reason(
        lines in proptest::collection::vec(
            "(item[0-9]\\.)?(FN|N|TEL|EMAIL|ADR|ORG|PHOTO|NOTE|KIND|CATEGORIES|X-ABLabel)(;[A-Z]{1,9}(=[a-z\"0-9,-]{0,12})?){0,3}:.{0,60}",
            0..12,
        ),
    ) {
        let text = wrap("3.0", &lines.join("\r\n"));
        if let Ok(card) = read(text.as_bytes(), region()) {
            prop_assert!(!card.record.name.display.is_empty());
            prop_assert_eq!(ContactRecord::decode(&card.record.encode()), Ok(card.record));
        }
    }
}
