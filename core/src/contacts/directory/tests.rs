use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::thread;

use serde_json::json;

use super::*;
use crate::contacts::phone::caller_keys;
use crate::contacts::record::{Email, PersonName, Phone, PhoneKind, PlaceKind};
use crate::ids::ProfileId;
use crate::secret::Secret;
use crate::store::{BookId, ContactsStore, NewContact, ProfileDir};

/// A phone's contacts file, its writer, and a directory over it.
struct Contacts {
    store: ContactsStore,
    book: BookId,
    directory: Directory,
    _folder: tempfile::TempDir,
}

const KEY: [u8; 32] = [7; 32];

impl Contacts {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let profile = ProfileDir::lock(folder.path(), &ProfileId::default()).unwrap();
        let mut seed = 0u64;
        let random = move |out: &mut [u8]| {
            for byte in out {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                *byte = (seed >> 56) as u8;
            }
        };
        let key = Secret::new(KEY.to_vec());
        let mut store =
            ContactsStore::create(&profile, 1, "tenant", vec![1], key, Box::new(random)).unwrap();
        let mut batch = store.begin().unwrap();
        let book = batch.ensure_book("book").unwrap();
        batch.commit().unwrap();
        let directory = Directory::new();
        directory.open(store.reader().unwrap());
        Self { store, book, directory, _folder: folder }
    }

    /// What a sync does with one batch: store, commit, tell the directory.
    fn receives(&mut self, records: &[ContactRecord]) -> Vec<String> {
        let ids = self.stores(records);
        self.directory.refresh(&ids).unwrap();
        ids.iter().map(ToString::to_string).collect()
    }

    fn stores(&mut self, records: &[ContactRecord]) -> Vec<ContactId> {
        let mut batch = self.store.begin().unwrap();
        let put = |record: &ContactRecord| {
            let numbers = record.phones.iter().flat_map(|p| [Some(&p.number), p.e164.as_ref()]);
            let mut keys: Vec<String> = numbers.flatten().flat_map(|n| caller_keys(n)).collect();
            keys.sort();
            keys.dedup();
            let photo: &[u8] = b"\x89PNG photo";
            let contact = NewContact {
                book: self.book,
                href: &record.uid,
                etag: "1",
                record: &record.encode(),
                photo: record.has_photo.then_some(photo),
                caller_keys: &keys,
            };
            batch.put(&contact).unwrap().id
        };
        let ids = records.iter().map(put).collect();
        batch.commit().unwrap();
        ids
    }

    fn loses(&mut self, uid: &str) {
        let mut batch = self.store.begin().unwrap();
        let id = batch.remove(self.book, uid).unwrap().unwrap();
        batch.commit().unwrap();
        self.directory.refresh(&[id]).unwrap();
    }

    fn found(&self, typed: &str) -> Vec<String> {
        self.directory.search(typed).unwrap().into_iter().map(|hit| hit.name).collect()
    }
}

fn person(uid: &str, name: &str) -> ContactRecord {
    ContactRecord {
        uid: uid.to_owned(),
        name: PersonName { display: name.to_owned(), ..PersonName::default() },
        ..ContactRecord::default()
    }
}

fn anna() -> ContactRecord {
    ContactRecord {
        organization: Some("Contoso".into()),
        department: Some("Sales".into()),
        title: Some("Lead".into()),
        phones: vec![Phone {
            kind: PhoneKind::Mobile,
            number: "0151 23456789".into(),
            e164: Some("+4915123456789".into()),
            preferred: true,
        }],
        emails: vec![Email {
            kind: PlaceKind::Work,
            address: "anna@example.com".into(),
            preferred: false,
        }],
        has_photo: true,
        ..person("anna", "Anna Müller")
    }
}

#[test]
fn every_read_has_the_documented_shape() {
    let mut phone = Contacts::new();
    let ids = phone.receives(&[anna(), person("bo", "Bo")]);
    let directory = &phone.directory;

    let anna = json!({
        "id": ids[0], "name": "Anna Müller", "organization": "Contoso", "department": "Sales",
        "title": "Lead",
        "phones": [{ "kind": "mobile", "number": "0151 23456789", "e164": "+4915123456789" }],
        "emails": [{ "kind": "work", "address": "anna@example.com" }],
        "photo": true,
    });
    let bo = json!({ "id": ids[1], "name": "Bo", "phones": [], "emails": [], "photo": false });
    assert_eq!(json!(directory.contact(&ids[0]).unwrap()), anna);
    assert_eq!(json!(directory.contacts(Page::ALL).unwrap()), json!([anna, bo]));
    assert_eq!(
        json!(directory.search("mull").unwrap()),
        json!([{
            "id": ids[0], "name": "Anna Müller", "organization": "Contoso", "title": "Lead",
            "matched": [{ "field": "name", "start": 5, "length": 4 }],
        }])
    );
    assert_eq!(
        json!(directory.search("anna@").unwrap()[0].matched),
        json!([{ "field": "emails", "index": 0, "start": 0, "length": 5 }])
    );
    assert_eq!(
        json!(directory.look_up_caller("+4915123456789").unwrap()),
        json!({ "match": "one", "contacts": [{ "id": ids[0], "name": "Anna Müller" }] })
    );
    assert_eq!(
        json!(directory.look_up_caller("anonymous").unwrap()),
        json!({ "match": "none", "contacts": [] })
    );
    assert_eq!(directory.photo(&ids[0]).unwrap(), b"\x89PNG photo");
    assert_eq!(directory.count().unwrap(), 2);
}

#[test]
fn contacts_come_by_name_and_in_pages() {
    let mut phone = Contacts::new();
    let names = ["zoe", "Åke", "anna", "Ärla", "Bo"];
    phone.receives(&names.map(|name| person(name, name)));
    let page = |offset, limit| -> Vec<String> {
        let views = phone.directory.contacts(Page { offset, limit }).unwrap();
        views.into_iter().map(|view| view.record.name.display).collect()
    };
    assert_eq!(page(0, usize::MAX), ["Åke", "anna", "Ärla", "Bo", "zoe"]);
    assert_eq!(page(1, 2), ["anna", "Ärla"]);
    assert_eq!(page(4, 9), ["zoe"]);
    assert_eq!(page(5, 1), [""; 0]);
    assert_eq!(phone.directory.contacts(Page::first(0)).unwrap().len(), 0);
}

#[test]
fn nothing_by_that_id() {
    let mut phone = Contacts::new();
    let ids = phone.receives(&[person("bo", "Bo")]);
    for id in ["999", "", "x", "-1", "1 OR 1=1", "99999999999999999999"] {
        assert!(matches!(phone.directory.contact(id), Err(DirectoryError::NotFound)), "{id}");
        assert!(matches!(phone.directory.photo(id), Err(DirectoryError::NotFound)), "{id}");
    }
    assert!(matches!(phone.directory.photo(&ids[0]), Err(DirectoryError::NotFound)));
}

#[test]
fn a_change_is_found_after_its_batch_and_not_before() {
    let mut phone = Contacts::new();
    phone.receives(&[person("1", "Anna Berg"), person("2", "Bo Berg")]);
    assert_eq!(phone.found("berg"), ["Anna Berg", "Bo Berg"]);

    phone.receives(&[person("1", "Anna Lund"), person("3", "Cy Berg")]);
    assert_eq!(phone.found("berg"), ["Bo Berg", "Cy Berg"]);
    assert_eq!(phone.found("anna"), ["Anna Lund"]);

    phone.loses("2");
    assert_eq!(phone.found("berg"), ["Cy Berg"]);
    assert_eq!(phone.directory.count().unwrap(), 2);
}

/// Bytes of memory that the search index takes; 0 while there is none.
fn index_memory(directory: &Directory) -> usize {
    match &directory.state().slot {
        Slot::Ready(index) => index.memory(),
        _ => 0,
    }
}

#[test]
fn only_a_search_loads_the_index() {
    let mut phone = Contacts::new();
    let ids = phone.receives(&[anna()]);
    phone.directory.contact(&ids[0]).unwrap();
    phone.directory.photo(&ids[0]).unwrap();
    phone.directory.look_up_caller("+4915123456789").unwrap();
    phone.directory.count().unwrap();
    phone.receives(&[person("bo", "Bo")]);
    assert_eq!(index_memory(&phone.directory), 0);
    assert_eq!(phone.found("bo"), ["Bo"]);
    assert!(index_memory(&phone.directory) > 0);
}

#[test]
fn everything_anew_when_anything_may_have_changed() {
    let mut phone = Contacts::new();
    phone.receives(&[person("1", "Anna"), person("2", "Bo")]);
    assert_eq!(phone.found("bo"), ["Bo"]);
    let mut batch = phone.store.begin().unwrap();
    batch.remove_book(phone.book).unwrap();
    batch.commit().unwrap();
    phone.directory.refresh_all();
    assert_eq!(phone.found("bo"), [""; 0]);
    assert_eq!(phone.found("anna"), [""; 0]);
}

#[test]
fn what_changes_while_the_index_is_read_in_is_not_missed() {
    let mut phone = Contacts::new();
    phone.receives(&[person("1", "Anna"), person("2", "Bo")]);
    let directory = phone.directory.clone();
    directory.state().slot = Slot::Loading(Missed::Nothing);
    let (reader, epoch) = directory.reader().unwrap();
    let index = load::whole(&reader).unwrap();

    phone.receives(&[person("1", "Änne")]);
    phone.loses("2");
    phone.receives(&[person("3", "Cy")]);
    directory.settle(index, &reader, epoch).unwrap();

    assert_eq!(phone.found("anne"), ["Änne"]);
    assert_eq!(phone.found("anna"), [""; 0]);
    assert_eq!(phone.found("bo"), [""; 0]);
    assert_eq!(phone.found("cy"), ["Cy"]);
}

#[test]
fn a_whole_change_while_the_index_is_read_in_is_not_missed() {
    let mut phone = Contacts::new();
    phone.receives(&[person("1", "Anna")]);
    let directory = phone.directory.clone();
    directory.state().slot = Slot::Loading(Missed::Nothing);
    let (reader, epoch) = directory.reader().unwrap();
    let index = load::whole(&reader).unwrap();
    phone.stores(&[person("1", "Änne")]);
    directory.refresh_all();
    directory.settle(index, &reader, epoch).unwrap();
    assert_eq!(phone.found("anna"), [""; 0]);
    assert_eq!(phone.found("anne"), ["Änne"]);
}

#[test]
fn a_directory_without_contacts_is_locked() {
    check_locked(&Directory::new());
    let mut phone = Contacts::new();
    phone.receives(&[anna()]);
    phone.found("anna");
    phone.directory.close();
    check_locked(&phone.directory);
    assert_eq!(index_memory(&phone.directory), 0);
    assert!(matches!(phone.directory.refresh(&[ContactId(1)]), Err(DirectoryError::Locked)));
}

#[test]
fn a_store_that_locks_by_itself_locks_reads() {
    let mut phone = Contacts::new();
    let ids = phone.receives(&[anna()]);
    phone.store.lock();
    assert!(matches!(phone.directory.contact(&ids[0]), Err(DirectoryError::Locked)));
    assert!(matches!(phone.directory.search("anna"), Err(DirectoryError::Locked)));
}

#[track_caller]
fn check_locked(directory: &Directory) {
    let is_locked = |answer: Result<(), DirectoryError>| {
        assert!(matches!(answer, Err(DirectoryError::Locked)), "{answer:?}");
    };
    is_locked(directory.search("anna").map(drop));
    is_locked(directory.contact("1").map(drop));
    is_locked(directory.photo("1").map(drop));
    is_locked(directory.contacts(Page::ALL).map(drop));
    is_locked(directory.look_up_caller("+4915123456789").map(drop));
    is_locked(directory.count().map(drop));
}

#[test]
fn a_read_that_began_before_a_lock_is_not_answered_after_it() {
    let mut phone = Contacts::new();
    phone.receives(&[anna()]);
    let directory = phone.directory.clone();
    let (index, epoch) = directory.index().unwrap();
    let found = index.search("anna");
    assert_eq!(found.len(), 1);

    directory.close();
    assert!(matches!(directory.checked(epoch, found), Err(DirectoryError::Locked)));

    // Nor is it answered once contacts are open again: they may be other people's.
    directory.open(phone.store.reader().unwrap());
    assert!(matches!(directory.checked(epoch, ()), Err(DirectoryError::Locked)));
    assert_eq!(phone.found("anna"), ["Anna Müller"]);
}

#[test]
fn an_index_that_was_being_read_in_does_not_outlive_a_lock() {
    let mut phone = Contacts::new();
    phone.receives(&[anna()]);
    let directory = phone.directory.clone();
    directory.state().slot = Slot::Loading(Missed::Nothing);
    let (reader, epoch) = directory.reader().unwrap();
    let index = load::whole(&reader).unwrap();
    directory.close();
    let settled = directory.settle(index, &reader, epoch);
    assert!(matches!(settled, Err(DirectoryError::Locked)));
    assert_eq!(index_memory(&directory), 0);

    // And a refresh that was under way does not bring the old index back.
    directory.open(phone.store.reader().unwrap());
    assert_eq!(phone.found("anna").len(), 1);
    let (old, epoch) = directory.index().unwrap();
    directory.close();
    let published = directory.publish(epoch, old.changed(&[]));
    assert!(matches!(published, Err(DirectoryError::Locked)));
    check_locked(&directory);
}

#[test]
fn a_sync_in_the_middle_of_a_batch_blocks_no_reader() {
    let mut phone = Contacts::new();
    let ids = phone.receives(&[anna()]);
    assert_eq!(phone.found("anna"), ["Anna Müller"]);
    let directory = phone.directory.clone();
    // The writer is in a transaction and in a refresh; another reader reads the index in.
    let mut batch = phone.store.begin().unwrap();
    batch.remove(phone.book, "anna").unwrap();
    let _refreshing = lock(&directory.shared.refreshing);
    let _loading = lock(&directory.shared.loading);

    let reader = directory.clone();
    let answers = thread::scope(|scope| {
        let read = scope.spawn(|| {
            let found = reader.search("anna").unwrap().len();
            let caller = reader.look_up_caller("+4915123456789").unwrap().contacts.len();
            let contact = reader.contact(&ids[0]).unwrap().record.name.display;
            (found, caller, contact, reader.contacts(Page::ALL).unwrap().len())
        });
        read.join().unwrap()
    });
    assert_eq!(answers, (1, 1, "Anna Müller".to_owned(), 1));
}

#[test]
fn a_reader_beside_a_sync_never_sees_half_a_batch() {
    const BATCHES: i64 = 60;
    let pair = |n: i64| [person("a", &format!("Round{n} A")), person("b", &format!("Round{n} B"))];
    let mut phone = Contacts::new();
    phone.receives(&pair(0));
    assert_eq!(phone.found("round").len(), 2);
    let (done, reads) = (AtomicBool::new(false), AtomicI64::new(0));
    let directory = phone.directory.clone();
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut last = 0;
            while !done.load(Ordering::Acquire) {
                let hits = directory.search("round").unwrap();
                let rounds: Vec<i64> = hits
                    .iter()
                    .filter_map(|hit| hit.name.strip_prefix("Round")?.split(' ').next())
                    .map(|n| n.parse().unwrap())
                    .collect();
                assert_eq!(rounds.len(), 2, "{hits:?}");
                assert_eq!(rounds[0], rounds[1], "{hits:?}");
                assert!(rounds[0] >= last, "went back");
                last = rounds[0];
                reads.fetch_add(1, Ordering::Release);
            }
        });
        for n in 1..=BATCHES {
            // So that reads and batches interleave, whichever is faster.
            let before = reads.load(Ordering::Acquire);
            phone.receives(&pair(n));
            while reads.load(Ordering::Acquire) == before && !reader.is_finished() {
                thread::yield_now();
            }
        }
        done.store(true, Ordering::Release);
    });
    assert!(reads.load(Ordering::Acquire) >= BATCHES);
    assert_eq!(phone.found("round"), [format!("Round{BATCHES} A"), format!("Round{BATCHES} B")]);
}

#[test]
fn searches_and_locks_from_many_threads_end_in_order() {
    let mut phone = Contacts::new();
    phone.receives(&[anna(), person("bo", "Bo")]);
    let directory = phone.directory.clone();
    let store = &phone.store;
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for _ in 0..200 {
                    match directory.search("anna") {
                        Ok(hits) => assert_eq!(hits.len(), 1),
                        Err(error) => assert!(matches!(error, DirectoryError::Locked)),
                    }
                }
            });
        }
        for _ in 0..50 {
            directory.close();
            directory.open(store.reader().unwrap());
        }
    });
    assert_eq!(phone.found("anna"), ["Anna Müller"]);
}
