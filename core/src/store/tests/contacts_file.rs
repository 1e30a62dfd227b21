use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::limits;

fn person<'a>(book: BookId, href: &'a str, record: &'a str, keys: &'a [String]) -> NewContact<'a> {
    NewContact {
        book,
        href,
        etag: "\"1\"",
        record: record.as_bytes(),
        photo: None,
        caller_keys: keys,
    }
}

/// One batch that is committed.
fn batch<T>(
    store: &mut ContactsStore,
    work: impl FnOnce(&mut Batch<'_>) -> Result<T, StoreError>,
) -> T {
    let mut batch = store.begin().unwrap();
    let value = work(&mut batch).unwrap();
    batch.commit().unwrap();
    value
}

fn new_book(store: &mut ContactsStore) -> BookId {
    batch(store, |batch| batch.ensure_book("https://dav.example/ada/people/"))
}

fn keys(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

fn records(reader: &ContactsReader) -> Vec<(ContactId, String)> {
    let mut all = Vec::new();
    reader
        .for_each_record(|id, record| all.push((id, String::from_utf8(record.to_vec()).unwrap())))
        .unwrap();
    all
}

#[test]
fn a_contact_is_stored_changed_and_removed() {
    let disk = Disk::new();
    let mut store = disk.new_contacts();
    let book = new_book(&mut store);
    let reader = store.reader().unwrap();
    let numbers = keys(&["+4930123", "30123"]);
    let photo = Some(&b"jpeg"[..]);
    let ada = NewContact { photo, ..person(book, "ada.vcf", "Ada", &numbers) };

    let put = batch(&mut store, |batch| batch.put(&ada));
    assert_eq!(put, Put { id: ContactId(1), change: Change::Added });
    assert_eq!(reader.record(put.id).unwrap().unwrap(), b"Ada");
    assert_eq!(reader.photo(put.id).unwrap().unwrap(), b"jpeg");
    assert_eq!(reader.ids_by_caller_key("30123", 5).unwrap(), [put.id]);

    // Edited: another number, no photo any more. The id stays.
    let numbers = keys(&["+4930999"]);
    let edited = person(book, "ada.vcf", "Ada L.", &numbers);
    let change = batch(&mut store, |batch| batch.put(&edited));
    assert_eq!(change, Put { id: put.id, change: Change::Changed });
    assert_eq!(reader.record(put.id).unwrap().unwrap(), b"Ada L.");
    assert_eq!(reader.photo(put.id).unwrap(), None);
    assert_eq!(reader.ids_by_caller_key("30123", 5).unwrap(), []);
    assert_eq!(reader.ids_by_caller_key("+4930999", 5).unwrap(), [put.id]);

    assert_eq!(batch(&mut store, |batch| batch.remove(book, "ada.vcf")), Some(put.id));
    assert_eq!(batch(&mut store, |batch| batch.remove(book, "ada.vcf")), None);
    assert_eq!(reader.record(put.id).unwrap(), None);
    assert_eq!(reader.ids_by_caller_key("+4930999", 5).unwrap(), []);
    assert_eq!(reader.count().unwrap(), 0);

    // An id is not used again, also not by the next process.
    drop((reader, store));
    let mut store = disk.contacts();
    let next = batch(&mut store, |batch| batch.put(&ada));
    assert_eq!(next, Put { id: ContactId(2), change: Change::Added });
}

#[test]
fn an_unchanged_book_is_not_written() {
    let disk = Disk::new();
    let mut store = disk.new_contacts();
    let book = new_book(&mut store);
    let numbers = keys(&["1"]);
    let ada = person(book, "ada.vcf", "Ada", &numbers);
    batch(&mut store, |batch| {
        batch.set_book_state(book, b"token 1")?;
        batch.put(&ada)
    });
    store.tidy().unwrap();
    drop(store);
    let before = disk.content();
    let mut store = disk.contacts();
    let put = batch(&mut store, |batch| {
        assert_eq!(batch.ensure_book("https://dav.example/ada/people/")?, book);
        batch.set_book_state(book, b"token 1")?;
        batch.put(&ada)
    });
    assert_eq!(put.change, Change::Unchanged);
    assert_eq!(store.writes(), 0);
    drop(store);
    assert_eq!(disk.content(), before);
}

#[test]
fn a_new_etag_alone_is_no_change_but_is_known() {
    let disk = Disk::new();
    let mut store = disk.new_contacts();
    let book = new_book(&mut store);
    let ada = person(book, "ada.vcf", "Ada", &[]);
    batch(&mut store, |batch| batch.put(&ada));
    let put = batch(&mut store, |batch| batch.put(&NewContact { etag: "\"2\"", ..ada }));
    assert_eq!(put.change, Change::Unchanged);
    let known =
        BTreeMap::from([(store.href_hash("ada.vcf").unwrap(), store.etag_hash("\"2\"").unwrap())]);
    assert_eq!(store.known(book).unwrap(), known);
}

#[test]
fn a_withdrawn_book_goes_with_all_that_is_in_it_piece_by_piece() {
    let disk = Disk::new();
    let mut store = disk.new_contacts();
    let book = new_book(&mut store);
    let other = batch(&mut store, |batch| batch.ensure_book("other"));
    let count = limits::SYNC_BATCH_ROWS + 20;
    let hrefs: Vec<String> = (0..count).map(|n| n.to_string()).collect();
    let number = keys(&["+49301"]);
    for piece in hrefs.chunks(limits::SYNC_BATCH_ROWS) {
        batch(&mut store, |batch| {
            piece
                .iter()
                .try_for_each(|href| batch.put(&person(book, href, href, &number)).map(|_| ()))
        });
    }
    batch(&mut store, |batch| batch.put(&person(other, "ada", "Ada", &number)));
    let reader = store.reader().unwrap();
    assert_eq!(reader.ids_by_caller_key("+49301", 3).unwrap().len(), 3);

    let first = batch(&mut store, |batch| batch.remove_book(book));
    assert_eq!((first.ids.len(), first.more), (limits::SYNC_BATCH_ROWS, true));
    assert_eq!(store.books().unwrap().len(), 2);
    let second = batch(&mut store, |batch| batch.remove_book(book));
    assert_eq!((second.ids.len(), second.more), (20, false));
    let sources: Vec<_> = store.books().unwrap().into_iter().map(|book| book.source).collect();
    assert_eq!(sources, ["other"]);
    assert_eq!(reader.ids_by_caller_key("+49301", 9).unwrap(), [ContactId(count as i64 + 1)]);
}

#[test]
fn a_batch_is_bounded() {
    let disk = Disk::new();
    let mut store = disk.new_contacts();
    let book = new_book(&mut store);
    let mut full = store.begin().unwrap();
    for n in 0..limits::SYNC_BATCH_ROWS {
        full.put(&person(book, &n.to_string(), "x", &[])).unwrap();
    }
    assert_eq!(full.room(), 0);
    let over = StoreError::TooMany { limit: "SYNC_BATCH_ROWS" };
    assert_eq!(full.put(&person(book, "more", "x", &[])), Err(over));
    // What is already so needs no room.
    assert_eq!(full.put(&person(book, "0", "x", &[])).unwrap().change, Change::Unchanged);
    full.commit().unwrap();
    assert_eq!(store.count(book).unwrap(), limits::SYNC_BATCH_ROWS as u64);

    let href = "x".repeat(limits::HREF_BYTES + 1);
    let mut long = store.begin().unwrap();
    let over = StoreError::TooMany { limit: "HREF_BYTES" };
    assert_eq!(long.put(&person(book, &href, "x", &[])), Err(over));
}

#[test]
fn a_batch_that_is_not_committed_did_not_happen() {
    let disk = Disk::new();
    let mut store = disk.new_contacts();
    let book = new_book(&mut store);
    let mut dropped = store.begin().unwrap();
    dropped.set_book_state(book, b"token 2").unwrap();
    assert_eq!(dropped.put(&person(book, "ada", "Ada", &[])).unwrap().id, ContactId(1));
    drop(dropped);
    assert_eq!(store.count(book).unwrap(), 0);
    assert_eq!(store.book("https://dav.example/ada/people/").unwrap().unwrap().state, b"");
    let put = batch(&mut store, |batch| batch.put(&person(book, "bob", "Bob", &[])));
    assert_eq!(put.id, ContactId(1));
}

#[test]
fn a_reader_never_waits_for_a_batch_and_sees_whole_ones() {
    let disk = Disk::new();
    let mut store = disk.new_contacts();
    let book = new_book(&mut store);
    let reader = store.reader().unwrap();
    let version = reader.data_version().unwrap();
    let mut open = store.begin().unwrap();
    open.put(&person(book, "ada", "Ada", &[])).unwrap();
    assert_eq!(records(&reader), []);
    assert_eq!(reader.data_version().unwrap(), version);
    open.commit().unwrap();
    assert_eq!(records(&reader), [(ContactId(1), "Ada".to_owned())]);
    assert_ne!(reader.data_version().unwrap(), version);
}

#[test]
fn a_reader_can_go_to_another_thread_and_outlive_the_writer() {
    fn movable<T: Send + Sync + Clone + 'static>(_: &T) {}
    let disk = Disk::new();
    let mut store = disk.new_contacts();
    let book = new_book(&mut store);
    batch(&mut store, |batch| batch.put(&person(book, "ada", "Ada", &[])));
    let reader = store.reader().unwrap();
    movable(&reader);
    drop(store);
    assert_eq!(records(&reader).len(), 1);
    assert_eq!(records(&reader.another().unwrap()).len(), 1);
}

#[test]
fn a_lock_ends_reads_also_those_under_way() {
    let disk = Disk::new();
    let mut store = disk.new_contacts();
    let book = new_book(&mut store);
    batch(&mut store, |batch| {
        batch.put(&person(book, "ada", "Ada", &[]))?;
        batch.put(&person(book, "bob", "Bob", &[]))
    });
    let reader = store.reader().unwrap();
    let mut seen = 0;
    let cut = reader.for_each_record(|_, _| {
        seen += 1;
        store.lock();
    });
    assert_eq!((cut, seen), (Err(StoreError::Locked), 1));
    assert_eq!(reader.record(ContactId(1)), Err(StoreError::Locked));
    assert_eq!(reader.photo(ContactId(1)), Err(StoreError::Locked));
    assert_eq!(reader.ids_by_caller_key("1", 1), Err(StoreError::Locked));
    assert_eq!(reader.another().err(), Some(StoreError::Locked));
    assert_eq!(store.books(), Err(StoreError::Locked));
    assert_eq!(store.known(book), Err(StoreError::Locked));
    assert!(store.begin().is_err());

    store.unlock("acme", key()).unwrap();
    assert_eq!(reader.record(ContactId(1)).unwrap().unwrap(), b"Ada");
}

#[test]
fn a_destroyed_file_leaves_nothing_and_its_readers_know_nothing() {
    let disk = Disk::new();
    let mut store = disk.new_contacts();
    let book = new_book(&mut store);
    batch(&mut store, |batch| batch.put(&person(book, "ada", "Ada", &[])));
    let profile = store.profile().clone();
    let reader = store.reader().unwrap();
    records(&reader);
    assert_eq!(profile.contacts_generations().unwrap(), [1]);
    store.destroy().unwrap();
    assert_eq!(reader.record(ContactId(1)), Err(StoreError::Locked));
    drop(reader);
    let names: Vec<_> = disk.content().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["lock"]);
    assert_eq!(profile.contacts_generations().unwrap(), [0u32; 0]);
    let gone = ContactsStore::open(&profile, 1, random(1));
    assert_eq!(gone.err(), Some(StoreError::Missing));
}

#[test]
fn a_file_opens_only_for_its_tenant_and_generation() {
    let disk = Disk::new();
    let mut store = disk.new_contacts();
    let book = new_book(&mut store);
    batch(&mut store, |batch| batch.put(&person(book, "ada", "Ada", &[])));
    let moved = || Some(StoreError::Sealed(sealed::SealedError::MovedOrDamaged));
    store.unlock("evil", key()).unwrap();
    assert_eq!(store.reader().unwrap().record(ContactId(1)).err(), moved());
    assert_eq!(store.books().err(), moved());
    drop(store);
    let folder = disk.folder();
    fs::rename(folder.join("contacts-1.db"), folder.join("contacts-2.db")).unwrap();
    let mut renamed = ContactsStore::open(&disk.profile(), 2, random(1)).unwrap();
    assert_eq!(renamed.unlock("acme", key()), Err(StoreError::WrongKey));
}

#[test]
fn a_file_left_half_made_is_made_anew() {
    let disk = Disk::new();
    let profile = disk.profile();
    // A kill between the schema and the key.
    drop(ContactsStore::connect(&profile, 1, random(1), true).unwrap());
    assert_eq!(ContactsStore::open(&profile, 1, random(1)).err(), Some(StoreError::Missing));
    drop(profile);
    let store = disk.new_contacts();
    assert_eq!(store.wrapped_key().unwrap().wrapped, b"wrapped");
    assert_eq!(store.wrapped_key().unwrap().wrapping, 1);
}

#[derive(Clone, Debug)]
enum Step {
    Put { href: u8, record: u8, number: u8 },
    Remove { href: u8 },
    Listing { names: Vec<u8> },
    Restart,
    Abort { href: u8 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..12u8, 0..4u8, 0..4u8)
            .prop_map(|(href, record, number)| Step::Put { href, record, number }),
        2 => (0..12u8).prop_map(|href| Step::Remove { href }),
        1 => prop::collection::vec(0..12u8, 0..8).prop_map(|names| Step::Listing { names }),
        1 => Just(Step::Restart),
        1 => (0..12u8).prop_map(|href| Step::Abort { href }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever a sync does, the file holds exactly what a plain map would, and ids stay.
    #[test]
    fn a_contacts_file_behaves_like_a_map(steps in prop::collection::vec(step(), 1..40)) {
        let disk = Disk::new();
        let mut store = disk.new_contacts();
        let book = new_book(&mut store);
        let mut model: BTreeMap<String, (ContactId, String, String)> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Put { href, record, number } => {
                    let (href, record) = (format!("h{href}"), format!("r{record}"));
                    let number = format!("+{number}");
                    let numbers = [number.clone()];
                    let contact = person(book, &href, &record, &numbers);
                    let put = batch(&mut store, |batch| batch.put(&contact));
                    let old = model.insert(href, (put.id, record.clone(), number.clone()));
                    let expected = match &old {
                        None => Change::Added,
                        Some((_, r, n)) if *r == record && *n == number => Change::Unchanged,
                        Some(_) => Change::Changed,
                    };
                    prop_assert_eq!(put.change, expected);
                    if let Some((id, ..)) = old {
                        prop_assert_eq!(id, put.id);
                    }
                }
                Step::Remove { href } => {
                    let href = format!("h{href}");
                    let removed = batch(&mut store, |batch| batch.remove(book, &href));
                    prop_assert_eq!(removed, model.remove(&href).map(|(id, ..)| id));
                }
                Step::Listing { names } => {
                    let names: Vec<String> = names.iter().map(|n| format!("h{n}")).collect();
                    let mut gone = store.known(book).unwrap();
                    for name in &names {
                        gone.remove(&store.href_hash(name).unwrap());
                    }
                    let before = model.len();
                    model.retain(|href, _| names.contains(href));
                    prop_assert_eq!(gone.len(), before - model.len());
                    batch(&mut store, |batch| {
                        gone.keys().try_for_each(|href| batch.remove_known(book, href).map(|_| ()))
                    });
                }
                Step::Restart => {
                    drop(store);
                    store = disk.contacts();
                }
                Step::Abort { href } => {
                    let href = format!("h{href}");
                    let mut dropped = store.begin().unwrap();
                    dropped.remove(book, &href).unwrap();
                    dropped.put(&person(book, "aborted", "x", &[])).unwrap();
                }
            }
        }
        let reader = store.reader().unwrap();
        let mut expected: Vec<_> = model.values().map(|(id, r, _)| (*id, r.clone())).collect();
        expected.sort();
        prop_assert_eq!(records(&reader), expected);
        prop_assert_eq!(store.known(book).unwrap().len(), model.len());
        for number in 0..4 {
            let number = format!("+{number}");
            let mut ids: Vec<_> =
                model.values().filter(|(.., n)| *n == number).map(|(id, ..)| *id).collect();
            ids.sort();
            prop_assert_eq!(reader.ids_by_caller_key(&number, 99).unwrap(), ids);
        }
    }
}

#[test]
fn a_member_that_is_no_contact_is_known_and_not_written_twice() {
    let disk = Disk::new();
    let mut store = disk.new_contacts();
    let book = new_book(&mut store);
    batch(&mut store, |batch| batch.put(&person(book, "ada", "Ada", &[])));
    let pass = |store: &mut ContactsStore, etag: &str| {
        batch(store, |batch| batch.pass_over(book, "ada", etag, PassReason(1)))
    };
    assert_eq!(pass(&mut store, "\"2\""), Some(ContactId(1)));
    assert_eq!(store.count(book).unwrap(), 0);
    assert_eq!(store.passed_over(book).unwrap(), [(PassReason(1), 1)]);
    let href = store.href_hash("ada").unwrap();
    assert_eq!(store.known_etag(book, &href).unwrap(), Some(store.etag_hash("\"2\"").unwrap()));

    let writes = store.writes();
    assert_eq!(pass(&mut store, "\"2\""), None);
    assert_eq!(store.writes(), writes);
    pass(&mut store, "\"3\"");
    assert_eq!(store.writes(), writes + 1);

    // It becomes a contact again, and a new one.
    let put = batch(&mut store, |batch| batch.put(&person(book, "ada", "Ada", &[])));
    assert_eq!(put, Put { id: ContactId(2), change: Change::Added });
    assert_eq!(store.passed_over(book).unwrap(), []);
    pass(&mut store, "\"4\"");
    batch(&mut store, |batch| batch.remove_book(book));
    assert_eq!(store.passed_over(book).unwrap(), []);
    assert_eq!(store.known_etag(book, &href).unwrap(), None);
}
