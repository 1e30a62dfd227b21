use std::collections::BTreeSet;

use super::*;

#[test]
fn the_same_seed_gives_the_same_people_and_another_seed_others() {
    assert_eq!(people(7, 300), people(7, 300));
    assert_ne!(people(7, 300), people(8, 300));
}

#[test]
fn the_sure_names_are_there_whatever_the_seed() {
    for seed in [0, 1, 42, u64::MAX] {
        let list = people(seed, SURE.len());
        for ((_, given, family), person) in SURE.iter().zip(&list) {
            assert_eq!((person.given.as_str(), person.family.as_str()), (*given, *family));
        }
        assert!(list[0].photo.is_some() && list[0].phones.len() == 2, "Müller can be shown off");
    }
}

#[test]
fn nothing_that_must_be_unique_is_given_twice() {
    let list = people(1, 20_000);
    let mut seen = BTreeSet::new();
    for person in &list {
        let phones = person.phones.iter().map(|p| &p.e164);
        for value in [&person.uid, &person.email, &person.employee_id].into_iter().chain(phones) {
            assert!(seen.insert(value.clone()), "{value} twice");
        }
    }
}

#[test]
fn a_large_company_looks_like_one() {
    let list = people(3, 2_000);
    let share = |what: fn(&Person) -> bool| list.iter().filter(|p| what(p)).count() * 100 / 2_000;
    assert!((10..25).contains(&share(|p| p.photo.is_some())));
    assert!((40..55).contains(&share(|p| p.address.country == Country::Germany)));
    assert!((15..25).contains(&share(|p| p.address.country == Country::Sweden)));
    assert!(share(|p| !p.given.is_ascii() || !p.family.is_ascii()) > 20);
    assert!(list.iter().map(|p| (&p.given, &p.family)).collect::<BTreeSet<_>>().len() > 1_700);
    assert!(list.iter().all(|p| p.email.is_ascii() && p.email.ends_with(".example")));
}

#[test]
fn a_number_and_its_notation_say_the_same() {
    for person in people(5, 2_000) {
        for phone in &person.phones {
            let mut digits: String = phone.written.replace("(0)", "");
            digits.retain(|c| c.is_ascii_digit() || c == '+');
            let plain = match digits.strip_prefix("00") {
                Some(rest) => format!("+{rest}"),
                None => digits.strip_prefix('0').map_or(digits.clone(), |n| format!("+49{n}")),
            };
            assert_eq!(plain, phone.e164, "{}", phone.written);
            assert!((9..=15).contains(&(phone.e164.len() - 1)), "{}", phone.e164);
        }
    }
}

#[test]
fn a_hundred_thousand_people_still_have_a_desk_number_each() {
    let list = people(2, 100_000);
    let with = list.iter().filter(|p| p.phone(PhoneKind::Work).is_some()).count();
    assert!(with > 99_000, "{with}");
}

#[test]
fn cards_are_folded_escaped_and_complete() {
    let list = people(9, 200);
    for version in [Version::V3, Version::V4] {
        let cards = vcards(&list, version);
        assert_eq!(cards.matches("BEGIN:VCARD\r\n").count(), 200);
        assert_eq!(cards.matches("END:VCARD\r\n").count(), 200);
        assert!(cards.split("\r\n").all(|line| line.len() <= 75));
        assert!(!cards.replace("\r\n", "").contains(['\r', '\n']));
        let unfolded = cards.replace("\r\n ", "");
        assert!(unfolded.contains("FN:Jana Müller\r\n") || unfolded.contains("FN:Dr. Jana Müller"));
        assert!(unfolded.contains("Erreichbar Mo\\, Mi\\; sonst\\nVertretung"));
    }
    assert!(list[0].vcard(Version::V4).contains(":tel:+49"));
}

#[test]
fn the_table_has_a_row_for_everybody_and_quotes_what_must_be_quoted() {
    let list = people(9, 200);
    let table = csv(&list);
    assert!(table.starts_with("uid,first_name,last_name,email,"));
    // Line breaks inside notes are bare, those between rows are not.
    assert_eq!(table.matches("\r\n").count(), 201);
    let noted = list.iter().find(|p| p.note.is_some()).expect("one in twenty has a note");
    assert!(table.contains(&format!("\"{}\"", noted.note.as_deref().unwrap())));
}

#[test]
fn checksums_match_their_published_values() {
    assert_eq!(photo::crc32(b"123456789"), 0xCBF4_3926);
    assert_eq!(photo::adler32(b"Wikipedia"), 0x11E6_0398);
}

#[test]
fn a_photo_is_a_small_png_that_differs_between_people() {
    let list = people(4, 100);
    let photos: Vec<&Vec<u8>> = list.iter().filter_map(|p| p.photo.as_ref()).collect();
    assert!(photos.len() > 5);
    for photo in &photos {
        assert!(
            photo.starts_with(b"\x89PNG\r\n\x1a\n") && photo.ends_with(b"IEND\xAE\x42\x60\x82")
        );
        assert!((4_000..6_000).contains(&photo.len()));
    }
    assert!(photos.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn notices_a_planted_failure() {
    assert_ne!(std::env::var("MUSTER_BREAK").as_deref(), Ok("rust"), "told to fail");
}
