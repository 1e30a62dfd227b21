//! Kills, full disks, damaged and foreign files.
use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};

use super::*;

fn put(store: &mut ContactsStore, from: usize, to: usize) -> Result<(), StoreError> {
    let mut batch = store.begin()?;
    let book = batch.ensure_book("book")?;
    for n in from..to {
        batch.put(&NewContact {
            book,
            href: &n.to_string(),
            etag: "1",
            record: &vec![n as u8; 2_000],
            photo: None,
            caller_keys: &[],
        })?;
    }
    batch.set_book_state(book, to.to_string().as_bytes())?;
    batch.commit()
}

#[test]
fn after_a_kill_there_is_what_was_committed_and_nothing_else() {
    let disk = Disk::new();
    let mut agent = disk.agent();
    agent.put("seq", b"1").unwrap();
    let mut contacts = disk_contacts(&agent);
    put(&mut contacts, 0, 10).unwrap();

    let (mut during_agent, mut during_contacts) = (None, None);
    let undone = agent.transaction(|tx| {
        tx.put("seq", b"2")?;
        during_agent = Some(disk.as_after_a_kill());
        Err::<(), _>(StoreError::Full)
    });
    assert_eq!(undone, Err(StoreError::Full));
    // Enough that SQLite writes pages before the commit.
    let mut batch = contacts.begin().unwrap();
    let book = batch.ensure_book("book").unwrap();
    for n in 0..400 {
        batch
            .put(&NewContact {
                book,
                href: &n.to_string(),
                etag: "2",
                record: &vec![7; 20_000],
                photo: None,
                caller_keys: &[],
            })
            .unwrap();
    }
    during_contacts.get_or_insert_with(|| disk.as_after_a_kill());
    drop(batch);

    let after = during_agent.unwrap();
    assert_eq!(after.agent().get("seq").unwrap().unwrap(), b"1");
    let after = during_contacts.unwrap();
    assert!(fs::metadata(after.folder().join("contacts-1.db-wal")).unwrap().len() > 4_000_000);
    let contacts = after.contacts();
    let reader = contacts.reader().unwrap();
    assert_eq!(reader.count().unwrap(), 10);
    reader.for_each_record(|_, record| assert_eq!(record.len(), 2_000)).unwrap();
}

fn disk_contacts(agent: &AgentStore) -> ContactsStore {
    let profile = agent.profile();
    ContactsStore::create(profile, 1, "acme", b"w".to_vec(), key(), random(2)).unwrap()
}

#[test]
fn an_acknowledged_commit_survives_a_kill() {
    let disk = Disk::new();
    let mut agent = disk.agent();
    for n in 0..20 {
        let bytes = vec![n; 5_000];
        agent.put("value", &bytes).unwrap();
        assert_eq!(disk.as_after_a_kill().agent().get("value").unwrap().unwrap(), bytes);
    }
}

#[test]
fn a_log_cut_anywhere_gives_some_committed_state() {
    let disk = Disk::new();
    let mut agent = disk.agent();
    for n in 0..6 {
        agent.put("value", &[n; 3_000]).unwrap();
    }
    let wal = fs::read(disk.folder().join("agent.db-wal")).unwrap();
    let mut states = std::collections::BTreeSet::new();
    for cut in (0..wal.len()).step_by(997) {
        let after = disk.as_after_a_kill();
        fs::write(after.folder().join("agent.db-wal"), &wal[..cut]).unwrap();
        fs::remove_file(after.folder().join("agent.db-shm")).unwrap();
        let mut store = AgentStore::open(&after.profile(), random(1)).unwrap();
        if store.wrapped_keys().unwrap().is_empty() {
            continue;
        }
        store.unlock(&[(KeyNumber(1), key())]).unwrap();
        let value = store.get("value").unwrap();
        assert!(value.as_ref().is_none_or(|value| value == &vec![value[0]; 3_000]));
        states.insert(value.map(|value| value[0]));
    }
    assert!(states.len() >= 5, "the cuts show several states: {states:?}");
}

#[test]
fn a_full_disk_undoes_the_batch_and_room_makes_it_work_again() {
    let disk = Disk::new();
    let mut store = disk.new_contacts();
    put(&mut store, 0, 20).unwrap();
    store.limit_pages(40);
    assert_eq!(put(&mut store, 20, 400), Err(StoreError::Full));
    let reader = store.reader().unwrap();
    assert_eq!(reader.count().unwrap(), 20);
    assert_eq!(store.book("book").unwrap().unwrap().state, b"20");
    store.limit_pages(100_000);
    put(&mut store, 20, 400).unwrap();
    assert_eq!(reader.count().unwrap(), 400);
    assert_eq!(store.book("book").unwrap().unwrap().state, b"400");
}

#[test]
fn what_cannot_be_opened_is_a_typed_error() {
    let disk = Disk::new();
    fs::create_dir_all(disk.folder().join("agent.db")).unwrap();
    let error = AgentStore::open(&disk.profile(), random(1)).err();
    assert!(matches!(error, Some(StoreError::Io(_))), "{error:?}");
    let file = disk.root.path().join("file");
    fs::write(&file, "").unwrap();
    let error = ProfileDir::lock(&file, &ProfileId::default()).err();
    assert!(matches!(error, Some(StoreError::Io(_))), "{error:?}");
}

#[test]
fn damaged_and_foreign_files_are_left_untouched() {
    let fresh = || {
        let disk = Disk::new();
        disk.agent().put("a", b"1").unwrap();
        drop(disk.new_contacts());
        disk
    };
    let sane = fresh();
    let contacts = fs::read(sane.folder().join("contacts-1.db")).unwrap();
    let agent = fs::read(sane.folder().join("agent.db")).unwrap();
    let newer = |version: u8| {
        let mut bytes = agent.clone();
        bytes[63] = version;
        bytes
    };
    let cases: [(Vec<u8>, StoreError); 5] = [
        (b"not a database at all, but long enough to look at".repeat(9), StoreError::Corrupt),
        (b"SQLite format 3\0".to_vec(), StoreError::Corrupt),
        (contacts, StoreError::Corrupt),
        (newer(2), StoreError::Newer { found: 2, known: 1 }),
        (newer(200), StoreError::Newer { found: 200, known: 1 }),
    ];
    for (bytes, expected) in cases {
        let disk = fresh();
        let path = disk.folder().join("agent.db");
        fs::write(&path, &bytes).unwrap();
        let before = disk.content();
        let profile = disk.profile();
        assert_eq!(AgentStore::open(&profile, random(1)).err(), Some(expected));
        assert_eq!(disk.content(), before);
        // The way out, for the agent to decide.
        profile.destroy_agent().unwrap();
        AgentStore::open(&profile, random(1)).unwrap();
    }
}

#[test]
fn a_newer_version_that_is_still_in_the_log_is_left_there() {
    let disk = Disk::new();
    drop(disk.agent());
    let raw = rusqlite::Connection::open(disk.folder().join("agent.db")).unwrap();
    raw.pragma_update(None, "user_version", 7).unwrap();
    let after = disk.as_after_a_kill();
    fs::remove_file(after.folder().join("agent.db-shm")).unwrap();
    let files = ["agent.db", "agent.db-wal"];
    let read = || files.map(|name| fs::read(after.folder().join(name)).unwrap());
    let before = read();
    let error = AgentStore::open(&after.profile(), random(1)).err();
    assert_eq!(error, Some(StoreError::Newer { found: 7, known: 1 }));
    assert!(read() == before);
}

#[test]
fn an_overwritten_page_is_an_error_never_a_wrong_answer() {
    let disk = Disk::new();
    let mut store = disk.new_contacts();
    put(&mut store, 0, 60).unwrap();
    store.tidy().unwrap();
    drop(store);
    let path = disk.folder().join("contacts-1.db");
    let pages = fs::metadata(&path).unwrap().len() / 4096;
    let mut failures = 0;
    for page in 1..pages {
        let damaged = disk.as_after_a_kill();
        let path = damaged.folder().join("contacts-1.db");
        let mut file = OpenOptions::new().write(true).open(&path).unwrap();
        file.seek(SeekFrom::Start(page * 4096)).unwrap();
        file.write_all(&[0xa5; 4096]).unwrap();
        drop(file);
        let opened = ContactsStore::open(&damaged.profile(), 1, random(1));
        let outcome = opened.and_then(|mut store| {
            store.unlock("acme", key())?;
            let mut wrong = 0;
            store.reader()?.for_each_record(|_, record| {
                wrong += usize::from(record.iter().any(|byte| *byte != record[0]));
            })?;
            Ok(wrong)
        });
        match outcome {
            Ok(wrong) => assert_eq!(wrong, 0),
            Err(_) => failures += 1,
        }
    }
    assert!(failures > 10, "damage is noticed: {failures} of {pages}");
}
