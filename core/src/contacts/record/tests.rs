use proptest::prelude::*;

use super::*;

fn full() -> ContactRecord {
    ContactRecord {
        uid: "urn:uuid:1".into(),
        name: PersonName {
            display: "Dr. Jürgen Müller".into(),
            given: Some("Jürgen".into()),
            family: Some("Müller".into()),
            additional: Some("Karl".into()),
            prefix: Some("Dr.".into()),
            suffix: Some("M.A.".into()),
            nickname: Some("Jo".into()),
        },
        organization: Some("Brücke AG".into()),
        department: Some("Sales / North".into()),
        title: Some("Head".into()),
        phones: vec![
            Phone {
                kind: PhoneKind::Mobile,
                number: "0171 1234567".into(),
                e164: Some("+491711234567".into()),
                preferred: true,
            },
            Phone { number: "123".into(), ..Phone::default() },
        ],
        emails: vec![Email {
            kind: PlaceKind::Work,
            address: "a@b.example".into(),
            preferred: false,
        }],
        addresses: vec![PostalAddress {
            kind: PlaceKind::Home,
            street: "Weg 1\nHinterhaus".into(),
            city: "Zürich".into(),
            region: String::new(),
            postal_code: "8000".into(),
            country: "Schweiz".into(),
            preferred: true,
        }],
        categories: vec!["A".into(), "B".into()],
        note: Some("x".repeat(300)),
        has_photo: true,
        photo_url: Some("/photos/1.jpg".into()),
    }
}

#[test]
fn a_record_comes_back_as_it_was_written() {
    for record in [full(), ContactRecord::default()] {
        assert_eq!(ContactRecord::decode(&record.encode()), Ok(record));
    }
}

#[test]
fn what_a_newer_app_wrote_is_skipped_not_misread() {
    let mut bytes = full().encode();
    // A field with a tag that this version does not know.
    bytes.extend_from_slice(&[0xe8, 0x07, 3, 1, 2, 3]);
    // A phone of a kind that this version does not know, with a string more than it knows.
    bytes.extend_from_slice(&[12, 9, 99, 0xfe, 2, b'4', b'5', 0, 2, b'x', b'y']);
    let record = ContactRecord::decode(&bytes).unwrap();
    let last = record.phones.last().unwrap();
    assert_eq!((last.kind, last.number.as_str()), (PhoneKind::Other, "45"));
    assert_eq!(record.phones.len(), 3);
}

#[test]
fn what_is_called_is_the_full_number_and_no_fax() {
    let phone = |kind, e164: Option<&str>| Phone {
        kind,
        number: "0170 123".into(),
        e164: e164.map(str::to_owned),
        preferred: false,
    };
    use PhoneKind::{Fax, Home, Mobile, Other, Pager, Work};
    for kind in [Mobile, Work, Home, Other] {
        assert_eq!(phone(kind, Some("+49170123")).to_dial().as_deref(), Some("+49170123"));
        assert_eq!(phone(kind, None).to_dial().as_deref(), Some("0170123"));
    }
    for kind in [Fax, Pager] {
        assert_eq!(phone(kind, Some("+49170123")).to_dial(), None);
    }
}

#[test]
fn broken_bytes_have_distinct_errors() {
    let check = |bytes: &[u8], expect| assert_eq!(ContactRecord::decode(bytes), Err(expect));
    check(&[], RecordError::Empty);
    check(&[2], RecordError::UnknownVersion(2));
    check(&[1, 2, 5, b'a'], RecordError::Truncated);
    check(&[1, 2, 2, 0xff, 0xff], RecordError::NotText);
    check(&[1, 0x80, 0x80, 0x80, 0x80, 0x80, 0], RecordError::NumberTooLarge);
}

#[test]
fn cut_anywhere_it_never_panics() {
    let bytes = full().encode();
    for end in 0..bytes.len() {
        // A cut between two fields gives a shorter record, any other an error.
        let _ = ContactRecord::decode(&bytes[..end]);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(record) = ContactRecord::decode(&bytes) {
            prop_assert_eq!(ContactRecord::decode(&record.encode()), Ok(record));
        }
    }

    #[test]
    fn any_texts_survive(display in ".{0,200}", number in ".{0,40}", note in ".{1,300}", pref: bool) {
        let record = ContactRecord {
            name: PersonName { display, ..PersonName::default() },
            phones: vec![Phone { number, preferred: pref, ..Phone::default() }],
            note: Some(note),
            ..ContactRecord::default()
        };
        prop_assert_eq!(ContactRecord::decode(&record.encode()), Ok(record));
    }
}
