use std::collections::BTreeMap;
use std::convert::Infallible;

use super::*;
use crate::contacts::record::{PersonName, Phone};
use crate::contacts::search::tests::cases::{self, phone};

/// Contacts as a store has them: records by id, ids by key.
#[derive(Default)]
struct Book {
    records: BTreeMap<ContactId, ContactRecord>,
    keys: BTreeMap<String, Vec<ContactId>>,
}

impl Book {
    fn add(&mut self, record: ContactRecord) {
        let id = ContactId(self.records.len() as i64 + 1);
        let phones = record.phones.iter();
        let numbers = phones.flat_map(|p| [Some(p.number.as_str()), p.e164.as_deref()]);
        let mut keys: Vec<String> = numbers.flatten().flat_map(caller_keys).collect();
        keys.sort();
        keys.dedup();
        keys.into_iter().for_each(|key| self.keys.entry(key).or_default().push(id));
        self.records.insert(id, record);
    }

    fn look_up(&self, number: &str) -> (CallerMatch, Vec<CallerContact>) {
        let ids = |key: &str, limit: usize| {
            let ids = self.keys.get(key).into_iter().flatten().copied();
            Ok::<_, Infallible>(ids.take(limit).collect())
        };
        let Ok(answer) = look_up(number, ids, |id| Ok(self.records.get(&id).cloned()));
        answer
    }
}

fn person(name: &str, number: &str) -> ContactRecord {
    ContactRecord {
        uid: format!("{name} {number}"),
        name: PersonName { display: name.to_owned(), ..PersonName::default() },
        phones: vec![phone(&serde_json::json!(number))],
        ..ContactRecord::default()
    }
}

#[test]
fn vectors() {
    let mut count = 0;
    for (file, vectors) in cases::read("caller") {
        let mut book = Book::default();
        for (at, contact) in vectors["contacts"].as_array().unwrap().iter().enumerate() {
            let mut record = cases::record(contact);
            record.uid = contact["uid"].as_str().map_or(format!("{file} {at}"), str::to_owned);
            book.add(record);
        }
        for case in vectors["cases"].as_array().unwrap() {
            count += 1;
            let (found, contacts) = book.look_up(case["number"].as_str().unwrap());
            let names: Vec<&str> = contacts.iter().map(|c| c.name.as_str()).collect();
            let answer = serde_json::json!({ "match": found, "contacts": names });
            let expect = serde_json::json!({
                "match": case["match"], "contacts": case["contacts"]
            });
            assert_eq!(answer, expect, "{file}: {case}");
        }
    }
    assert!(count >= 40, "only {count} cases");
}

#[test]
fn a_switchboard_is_ambiguous_and_costs_no_more_than_the_limit() {
    let mut book = Book::default();
    (0..1000).for_each(|n| book.add(person(&format!("Person {n:04}"), "+49 30 123450")));
    let (found, contacts) = book.look_up("+4930123450");
    assert_eq!(found, CallerMatch::Ambiguous);
    assert_eq!(contacts.len(), limits::CALLER_CONTACTS);
}

#[test]
fn a_contact_that_only_shares_the_hash_of_a_key_is_not_named() {
    let record = person("Somebody Else", "+49 30 999999999");
    let ids = |_: &str, _: usize| Ok::<_, Infallible>(vec![ContactId(1)]);
    let Ok((found, _)) = look_up("+4930123450", ids, |_| Ok(Some(record.clone())));
    assert_eq!(found, CallerMatch::None);
}

#[test]
fn a_contact_that_is_gone_between_two_reads_is_not_named() {
    let ids = |_: &str, _: usize| Ok::<_, Infallible>(vec![ContactId(1)]);
    let Ok((found, contacts)) = look_up("+4930123450", ids, |_| Ok(None));
    assert_eq!((found, contacts), (CallerMatch::None, vec![]));
}

#[test]
fn an_error_of_the_store_is_handed_on() {
    let answer = look_up("+4930123450", |_, _| Err("no"), |_| Ok(None));
    assert_eq!(answer, Err("no"));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(number in ".{0,40}") {
        let mut book = Book::default();
        book.add(person("Anna", "+49 30 123450"));
        book.add(ContactRecord {
            phones: vec![Phone { number: number.clone(), ..Phone::default() }],
            ..person("Bo", "0")
        });
        book.look_up(&number);
    }
}
