use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::contacts::record::{ContactRecord, Email, PersonName, Phone};
use crate::contacts::search::fold::Forms;
use crate::contacts::search::words::{Reading, words};
use crate::contacts::search::{Change, Field, Found, Index, IndexBuilder};
use crate::limits;
use crate::store::ContactId;

const NAMES: [&str; 24] = [
    "Anna",
    "Müller",
    "Mueller",
    "Muller",
    "Karl-Heinz",
    "O'Brien",
    "Åsa",
    "Łukasz",
    "Strauß",
    "Berg",
    "Bergmann",
    "Joe",
    "Joel",
    "Ærlig",
    "J.P.",
    "de",
    "la",
    "Cruz",
    "Anne",
    "A",
    "山田",
    "Σωκράτης",
    "u\u{308}ber",
    "42",
];

fn text() -> impl Strategy<Value = String> {
    let known = prop::collection::vec(prop::sample::select(NAMES.to_vec()), 1..4);
    prop_oneof![9 => known.prop_map(|words| words.join(" ")), 1 => "\\PC{1,30}"]
}

fn number() -> impl Strategy<Value = Phone> {
    let written =
        prop_oneof!["\\+49 [1-9][0-9]{2} [0-9]{4,7}", "0[0-9]{2}/[0-9]{3,6}", "[0-9]{1,5}"];
    (written, any::<bool>()).prop_map(|(number, full)| {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let e164 = match number.strip_prefix('0') {
            _ if number.starts_with('+') => Some(format!("+{digits}")),
            Some(_) if full && digits.len() > 6 => Some(format!("+49{}", &digits[1..])),
            _ => None,
        };
        Phone { number, e164, ..Phone::default() }
    })
}

prop_compose! {
    fn contact()(
        name in text(),
        nickname in prop::option::weighted(0.2, text()),
        organization in prop::option::of(text()),
        department in prop::option::of(text()),
        title in prop::option::of(text()),
        emails in prop::collection::vec("[a-z]{1,5}\\.[a-zü]{1,5}@[a-d]{1,2}\\.example", 0..3),
        phones in prop::collection::vec(number(), 0..3),
    ) -> ContactRecord {
        let email = |address| Email { address, ..Email::default() };
        ContactRecord {
            name: PersonName { display: name, nickname, ..PersonName::default() },
            organization,
            department,
            title,
            emails: emails.into_iter().map(email).collect(),
            phones,
            ..ContactRecord::default()
        }
    }
}

fn built<'a>(contacts: impl IntoIterator<Item = (&'a ContactId, &'a ContactRecord)>) -> Index {
    let mut builder = IndexBuilder::default();
    contacts.into_iter().for_each(|(id, record)| builder.add(*id, record));
    builder.finish()
}

fn numbered(records: Vec<ContactRecord>) -> BTreeMap<ContactId, ContactRecord> {
    (1..).map(ContactId).zip(records).collect()
}

fn queries() -> Vec<String> {
    let mut queries: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    queries.extend(NAMES.windows(2).map(|two| two.join(" ")));
    queries.extend(
        ["a", "b", "m", "1", "12", "49", "123", "+49", "a@", "@a", "a b", "49 1"].map(String::from),
    );
    queries
}

fn field_text(record: &ContactRecord, field: Field, index: Option<u32>) -> &str {
    let index = index.unwrap_or_default() as usize;
    match field {
        Field::Name => &record.name.display,
        Field::Organization => record.organization.as_deref().unwrap(),
        Field::Department => record.department.as_deref().unwrap(),
        Field::Title => record.title.as_deref().unwrap(),
        Field::Emails => &record.emails[index].address,
        Field::Phones => &record.phones[index].number,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_contact_is_found_by_any_beginning_of_any_of_its_words(record in contact()) {
        let index = built([(&ContactId(7), &record)]);
        let optional = [&record.organization, &record.department, &record.title];
        let texts = [Some(&record.name.display), record.name.nickname.as_ref()]
            .into_iter()
            .chain(optional.map(Option::as_ref))
            .flatten();
        for text in texts {
            let mut all = Vec::new();
            words(text, Reading::Text, |range| all.push(&text[range]));
            for word in all {
                let letters = word.chars().count();
                for length in 1..=letters {
                    let start: String = word.chars().take(length).collect();
                    if Forms::of(&start).is_empty() {
                        continue;
                    }
                    let found = index.search(&start);
                    prop_assert_eq!(found.len(), 1, "{:?} of {:?} in {:?}", start, word, text);
                }
            }
        }
        for email in &record.emails {
            for length in 1..=email.address.chars().count() {
                let start: String = email.address.chars().take(length).collect();
                prop_assert_eq!(index.search(&start).len(), 1, "{}", start);
            }
        }
        for phone in &record.phones {
            let digits: String = phone.number.chars().filter(char::is_ascii_digit).collect();
            for from in 0..digits.len() {
                for to in from + 3..=digits.len() {
                    prop_assert_eq!(index.search(&digits[from..to]).len(), 1, "{}", &digits[from..to]);
                }
            }
            if let Some(e164) = &phone.e164 {
                prop_assert_eq!(index.search(e164).len(), 1, "{}", e164);
                prop_assert_eq!(index.search(&e164.replace('+', "00")).len(), 1, "{}", e164);
            }
        }
    }

    #[test]
    fn changed_step_by_step_answers_as_built_at_once(
        first in prop::collection::vec(contact(), 0..30),
        batches in prop::collection::vec(
            prop::collection::vec((1i64..60, prop::option::of(contact())), 0..12), 0..8,
        ),
    ) {
        let mut contacts = numbered(first);
        let mut index = built(&contacts);
        for batch in batches {
            let changes: Vec<Change> = batch
                .into_iter()
                .map(|(id, record)| Change { id: ContactId(id), record })
                .collect();
            for Change { id, record } in changes.clone() {
                match record {
                    Some(record) => contacts.insert(id, record),
                    None => contacts.remove(&id),
                };
            }
            index = index.changed(&changes);
        }
        let fresh = built(&contacts);
        prop_assert_eq!(index.len(), contacts.len());
        prop_assert_eq!(index.by_name(1000, 0), fresh.by_name(1000, 0));
        prop_assert_eq!(index.by_name(5, 3), fresh.by_name(5, 3));
        for query in queries() {
            prop_assert_eq!(index.search(&query), fresh.search(&query), "{}", query);
        }
    }

    #[test]
    fn the_order_in_which_contacts_come_does_not_matter(records in prop::collection::vec(contact(), 0..30)) {
        let contacts = numbered(records);
        let (there, back) = (built(&contacts), built(contacts.iter().rev()));
        for query in queries() {
            prop_assert_eq!(there.search(&query), back.search(&query));
        }
    }

    #[test]
    fn fewer_results_are_the_first_ones(records in prop::collection::vec(contact(), 0..60)) {
        let index = built(&numbered(records));
        for query in queries() {
            let all = index.search_first(&query, usize::MAX / 8);
            for limit in [0, 1, 3, 10] {
                let few = index.search_first(&query, limit);
                let expect: Vec<Found> = all.iter().take(limit).cloned().collect();
                prop_assert_eq!(few, expect, "{} {}", query, limit);
            }
        }
    }

    #[test]
    fn marks_are_within_their_fields_and_apart(
        records in prop::collection::vec(contact(), 1..20), query in "\\PC{0,12}",
    ) {
        let contacts = numbered(records);
        let index = built(&contacts);
        for query in queries().into_iter().chain([query]) {
            for found in index.search(&query) {
                let mut last = None;
                for mark in &found.matched {
                    let text = field_text(&contacts[&found.id], mark.field, mark.index);
                    prop_assert!(mark.length > 0, "{} in {}", query, text);
                    prop_assert!(mark.start + mark.length <= text.chars().count(), "{} in {}", query, text);
                    let place = (mark.field, mark.index);
                    if let Some((before, end)) = last {
                        prop_assert!(before < place || (before == place && end <= mark.start));
                    }
                    last = Some((place, mark.start + mark.length));
                }
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic(
        name in ".{0,300}", organization in "\\PC{0,40}", email in ".{0,40}", phone in ".{0,30}",
        query in ".{0,300}",
    ) {
        let record = ContactRecord {
            name: PersonName { display: name.clone(), ..PersonName::default() },
            organization: Some(organization.clone()),
            emails: vec![Email { address: email.clone(), ..Email::default() }],
            phones: vec![Phone { number: phone.clone(), e164: Some(query.clone()), ..Phone::default() }],
            ..ContactRecord::default()
        };
        let index = built([(&ContactId(1), &record)]);
        for query in [query, name, organization, email, phone] {
            index.search(&query);
        }
        index.changed(&[Change { id: ContactId(2), record: Some(record) }]).search("a");
    }
}

#[test]
fn no_more_than_the_limit_and_the_best_of_them() {
    let person = |n: i64| {
        let display = if n == 777 { "Zz Anna".to_owned() } else { format!("Annabell {n:04}") };
        let name = PersonName { display, ..PersonName::default() };
        (ContactId(n), ContactRecord { name, ..ContactRecord::default() })
    };
    let contacts: BTreeMap<_, _> = (1..=1000).map(person).collect();
    let found = built(&contacts).search("anna");
    assert_eq!(found.len(), limits::SEARCH_RESULTS);
    assert_eq!(found[0].name, "Zz Anna");
    assert_eq!(found[1].name, "Annabell 0001");
    assert_eq!(found[49].name, "Annabell 0049");
}

#[test]
fn a_field_of_a_megabyte_is_found_by_its_beginning_and_costs_little() {
    let name = format!("Anna {}", "ü".repeat(1 << 20));
    let record = ContactRecord {
        name: PersonName { display: name, ..PersonName::default() },
        ..ContactRecord::default()
    };
    let index = built([(&ContactId(1), &record)]);
    assert_eq!(index.search("anna üüü").len(), 1);
    assert!(index.memory() < 20_000, "{}", index.memory());
    assert!(index.search(&"ü".repeat(1 << 20)).len() <= 1);
}

#[test]
fn removed_contacts_give_their_memory_back() {
    let person = |n: i64| {
        let name = PersonName { display: format!("Person {n}"), ..PersonName::default() };
        Change {
            id: ContactId(n),
            record: Some(ContactRecord { name, ..ContactRecord::default() }),
        }
    };
    let mut index = Index::default();
    for batch in 0..20 {
        let changes: Vec<Change> = (batch * 100..batch * 100 + 100).map(person).collect();
        index = index.changed(&changes);
    }
    assert_eq!(index.len(), 2000);
    let gone: Vec<Change> = (0..2000).map(|n| Change { id: ContactId(n), record: None }).collect();
    let index = index.changed(&gone);
    assert!(index.is_empty());
    assert_eq!(index.memory(), 0);
}
