//! Nothing readable in any file.
use super::erase::{EvidenceHasher, KeyNumbers, Marker};
use super::scan::Scan;
use super::*;
use crate::licence::EraseCause;
use crate::time::WallMs;

const VALUE: &str = "Zugangstoken-4711-Kanarie";
const EVENT: &str = "Ereignisinhalt-Größe";
const EVENT_ID: &str = "jti-event-kanarie";
const COMMAND: &str = "Kommandoinhalt-Ärger";
const COMMAND_ID: &str = "jti-command-kanarie";
const EFFECT: &str = "Benachrichtigungstext";
const EFFECT_ID: &str = "effekt-kanarie";
const HREF: &str = "/dav/ada.lovelace.vcf";
const ETAG: &str = "\"etag-kanarie-1\"";
const SOURCE: &str = "https://dav.example/ada@acme.example/";
const STATE: &str = "sync-token-kanarie";
const RECORD: &str = "Ada Müller-Lovelace";
const PHOTO: &str = "photo-kanarie-bytes";
const CALLER: &str = "+493012345678";
const EVIDENCE: &str = "firmenkennwort-kanarie";
const ALL: [&str; 15] = [
    VALUE, EVENT, EVENT_ID, COMMAND, COMMAND_ID, EFFECT, EFFECT_ID, HREF, ETAG, SOURCE, STATE,
    RECORD, PHOTO, CALLER, EVIDENCE,
];

fn scan() -> Scan {
    let mut scan = Scan::default();
    ALL.iter().for_each(|canary| scan.plant(canary));
    scan
}

fn assert_clean(disk: &Disk, when: &str) {
    assert_eq!(scan().run(&disk.folder()), [""; 0], "{when}");
}

#[test]
fn nothing_readable_lies_in_any_file_at_any_time() {
    let disk = Disk::new();
    let mut agent = disk.agent();
    let bytes = |text: &str| text.as_bytes().to_vec();
    agent
        .transaction(|tx| {
            tx.put("token", VALUE.as_bytes())?;
            for jti in [EVENT_ID, "another event"] {
                let class = EventClass::State;
                tx.outbox_push(&Claims { class, jti: jti.into(), bytes: bytes(EVENT) })?;
            }
            tx.outbox_mark(OutboxId(1), Disposition::Sent { at: WallMs(1) })?;
            tx.command_add(COMMAND_ID, COMMAND.as_bytes())?;
            tx.effect_put(&StoredEffect {
                id: EFFECT_ID.into(),
                kind: "notify".into(),
                version: 1,
                bytes: bytes(EFFECT),
            })
        })
        .unwrap();
    assert_eq!(agent.get("token").unwrap().unwrap(), VALUE.as_bytes());

    let profile = agent.profile().clone();
    let wrapped = b"wrapped".to_vec();
    let mut contacts =
        ContactsStore::create(&profile, 1, "acme", wrapped, key(), random(2)).unwrap();
    let mut batch = contacts.begin().unwrap();
    let book = batch.ensure_book(SOURCE).unwrap();
    batch.set_book_state(book, STATE.as_bytes()).unwrap();
    let ada = NewContact {
        book,
        href: HREF,
        etag: ETAG,
        record: RECORD.as_bytes(),
        photo: Some(PHOTO.as_bytes()),
        caller_keys: &[CALLER.to_owned()],
    };
    let id = batch.put(&ada).unwrap().id;
    batch.commit().unwrap();
    let numbers = KeyNumbers::default();
    let hasher = EvidenceHasher::new(&mut *random(1));
    let evidence = vec![hasher.hash(EVIDENCE.as_bytes())];
    Marker::new(EraseCause::Lost, numbers, hasher, evidence).write(&profile).unwrap();
    drop(profile);

    assert_clean(&disk, "while open, with the log");
    assert_clean(&disk.as_after_a_kill(), "after a kill");
    assert_eq!(contacts.reader().unwrap().record(id).unwrap().unwrap(), RECORD.as_bytes());

    let mut batch = contacts.begin().unwrap();
    batch.remove(book, HREF).unwrap();
    batch.remove_book(book).unwrap();
    batch.commit().unwrap();
    agent.transaction(|tx| tx.remove("token")).unwrap();
    assert_clean(&disk, "after a deletion");
    contacts.tidy().unwrap();
    drop((agent, contacts));
    assert_clean(&disk, "after closing");

    // The scan can find them: the same values in a file that nobody sealed.
    let plain = disk.folder().join("plain.db");
    let control = rusqlite::Connection::open(&plain).unwrap();
    control.execute_batch("CREATE TABLE t (v)").unwrap();
    for canary in ALL {
        control.execute("INSERT INTO t VALUES (?)", [canary]).unwrap();
    }
    drop(control);
    assert_eq!(scan().run(&disk.folder()).len(), ALL.len());
}
