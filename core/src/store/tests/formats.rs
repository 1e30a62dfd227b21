//! Sealed values, and the files of version 1 as they were written by it.
use std::sync::Arc;

use proptest::prelude::*;

use super::keys::{Nonces, Opener, Sealer};
use super::sealed::{Place, RowId, SealedError, join, split};
use super::*;

fn sealer(tenant: &str, generation: u32, key: Secret<Vec<u8>>) -> Sealer {
    let opener = Opener::new(tenant, generation, &[(KeyNumber(1), key)]).unwrap();
    Sealer::new(Arc::new(opener), 0)
}

fn seal(sealer: &mut Sealer, place: &Place<'_>, plaintext: &[u8]) -> Vec<u8> {
    sealer.reserve().unwrap();
    let mut out = Vec::new();
    sealer.seal(place, &[plaintext], &mut Nonces::new(random(11)), &mut out).unwrap();
    out
}

/// Computed by another implementation (pyca/cryptography: HKDF, AESGCM, HMAC) from the description in
/// `sealed.rs` and `keys.rs`.
#[test]
fn the_format_is_as_described() {
    let mut sealer = sealer("acme", 7, key());
    sealer.reserve().unwrap();
    let place = Place { table: "value", row: RowId::Bytes(b"policy"), revision: 3 };
    let mut nonces = Nonces::new(Box::new(|out: &mut [u8]| {
        out.iter_mut().enumerate().for_each(|(n, byte)| *byte = n as u8);
    }));
    let mut out = Vec::new();
    sealer.seal(&place, &[b"str", b"ict"], &mut nonces, &mut out).unwrap();
    let hex: String = out.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, SEALED_ELSEWHERE);
    let hash = sealer.opener().hash(keys::Hashed::Caller, &[b"+4930", b""]);
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, HASHED_ELSEWHERE);
}

const SEALED_ELSEWHERE: &str =
    "0100000001000102030405060708090a0b03bffba04b7bea724775b89e4c2baa0a15d5ebea7597";
const HASHED_ELSEWHERE: &str = "08063fc92c57520700756cad78f19537";

#[test]
fn headers_are_checked() {
    let sealer = sealer("acme", 1, key());
    let place = Place { table: "value", row: RowId::Number(1), revision: 0 };
    let check = |sealed: &[u8], expect: SealedError| {
        assert_eq!(sealer.opener().open(&place, sealed).err(), Some(expect));
    };
    check(&[], SealedError::Short);
    check(&[1], SealedError::Short);
    check(&[2; 40], SealedError::Format(2));
    check(&[&[1, 0, 0, 0, 9][..], &[0; 40]].concat(), SealedError::Key(9));
    check(&[&[1, 0, 0, 0, 1][..], &[0; 27]].concat(), SealedError::Short);
    check(&[&[1, 0, 0, 0, 1][..], &[0; 28]].concat(), SealedError::MovedOrDamaged);
}

#[test]
fn fields_come_back_as_they_went_in_or_not_at_all() {
    let joined = join(&[b"a", b"", b"ccc"]);
    assert_eq!(split(&joined), Some([&b"a"[..], b"", b"ccc"]));
    assert_eq!(split::<2>(&joined), None);
    assert_eq!(split::<4>(&joined), None);
    for cut in 0..joined.len() {
        assert_eq!(split::<3>(&joined[..cut]), None);
    }
}

/// Everything that a sealed value is bound to.
#[derive(Clone, PartialEq, Debug)]
struct Spot {
    tenant: String,
    table: &'static str,
    row: Result<i64, Vec<u8>>,
    generation: u32,
    revision: u64,
}

impl Spot {
    fn place(&self) -> Place<'_> {
        let row = match &self.row {
            Ok(number) => RowId::Number(*number),
            Err(bytes) => RowId::Bytes(bytes),
        };
        Place { table: self.table, row, revision: self.revision }
    }
}

fn spot() -> impl Strategy<Value = Spot> {
    // Small alphabets, so that spots are often neighbours.
    let row =
        prop_oneof![(-2..3i64).prop_map(Ok), prop::collection::vec(0..2u8, 0..9).prop_map(Err),];
    let table = prop::sample::select(vec!["contact", "photo", "value", "book"]);
    ("[ab]{0,2}", table, row, 0..3u32, 0..3u64).prop_map(
        |(tenant, table, row, generation, revision)| Spot {
            tenant,
            table,
            row,
            generation,
            revision,
        },
    )
}

/// A number and its 8 bytes name the same row; no table uses both.
fn same_row(one: &Spot, other: &Spot) -> bool {
    let bytes = |spot: &Spot| match &spot.row {
        Ok(number) => number.to_be_bytes().to_vec(),
        Err(bytes) => bytes.clone(),
    };
    bytes(one) == bytes(other)
}

proptest! {
    #[test]
    fn a_value_opens_where_it_was_sealed_and_nowhere_else(
        here in spot(),
        there in spot(),
        plaintext in prop::collection::vec(any::<u8>(), 0..80),
    ) {
        let mut sealer_here = sealer(&here.tenant, here.generation, key());
        let sealed = seal(&mut sealer_here, &here.place(), &plaintext);
        let opened = sealer_here.opener().open(&here.place(), &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), plaintext.as_slice());

        let sealer_there = sealer(&there.tenant, there.generation, key());
        let moved = sealer_there.opener().open(&there.place(), &sealed);
        let alike = Spot { row: here.row.clone(), ..there.clone() } == here;
        if alike && same_row(&here, &there) {
            prop_assert!(moved.is_ok());
        } else {
            prop_assert_eq!(moved.err(), Some(SealedError::MovedOrDamaged));
        }
    }

    #[test]
    fn a_flipped_bit_is_noticed(
        here in spot(),
        plaintext in prop::collection::vec(any::<u8>(), 0..40),
        at in any::<prop::sample::Index>(),
    ) {
        let mut sealer = sealer(&here.tenant, here.generation, key());
        let mut sealed = seal(&mut sealer, &here.place(), &plaintext);
        let bit = at.index(sealed.len() * 8);
        sealed[bit / 8] ^= 1 << (bit % 8);
        let expect = match bit / 8 {
            0 => SealedError::Format(sealed[0]),
            1..5 => SealedError::Key(u32::from_be_bytes(sealed[1..5].try_into().unwrap())),
            _ => SealedError::MovedOrDamaged,
        };
        prop_assert_eq!(sealer.opener().open(&here.place(), &sealed).err(), Some(expect));
    }

    #[test]
    fn a_value_cut_short_or_made_longer_does_not_open(
        plaintext in prop::collection::vec(any::<u8>(), 0..40),
        at in any::<prop::sample::Index>(),
    ) {
        let place = Place { table: "value", row: RowId::Number(1), revision: 0 };
        let mut sealer = sealer("acme", 1, key());
        let sealed = seal(&mut sealer, &place, &plaintext);
        let cut = at.index(sealed.len());
        prop_assert!(sealer.opener().open(&place, &sealed[..cut]).is_err());
        let longer = [&sealed[..], &[0]].concat();
        prop_assert!(sealer.opener().open(&place, &longer).is_err());
    }

    #[test]
    fn another_key_opens_nothing(seed in 1..1000u64) {
        let place = Place { table: "value", row: RowId::Number(1), revision: 0 };
        let sealed = seal(&mut sealer("acme", 1, key()), &place, b"text");
        let other = sealer("acme", 1, new_data_key(&mut *random(seed)));
        let error = other.opener().open(&place, &sealed).err();
        prop_assert_eq!(error, Some(SealedError::MovedOrDamaged));
    }
}

#[test]
fn hashes_differ_by_purpose_key_and_split() {
    use keys::Hashed::{Caller, Href};
    let one = sealer("acme", 1, key());
    let other = sealer("acme", 1, new_data_key(&mut *random(3)));
    let hash = |what, parts: &[&[u8]]| one.opener().hash(what, parts);
    assert_eq!(hash(Href, &[b"a"]), sealer("b", 2, key()).opener().hash(Href, &[b"a"]));
    assert_ne!(hash(Href, &[b"a"]), hash(Caller, &[b"a"]));
    assert_ne!(hash(Href, &[b"ab", b""]), hash(Href, &[b"a", b"b"]));
    assert_ne!(hash(Href, &[b"a"]), other.opener().hash(Href, &[b"a"]));
}

/// Puts a file together from the SQL that a version 1 was dumped to.
fn restore(disk: &Disk, name: &str, dump: &str) {
    drop(disk.profile());
    let raw = rusqlite::Connection::open(disk.folder().join(name)).unwrap();
    raw.pragma_update(None, "journal_mode", "WAL").unwrap();
    // Dumps begin with the statements that SQLite leaves out of them: kind and version.
    raw.execute_batch(dump).unwrap();
}

#[test]
fn an_agent_file_of_version_1_opens() {
    let disk = Disk::new();
    restore(&disk, "agent.db", include_str!("old/agent-1.sql"));
    let mut store = disk.agent();
    assert_eq!(store.tenant().unwrap(), "acme");
    assert_eq!(store.get("policy").unwrap().unwrap(), b"strict");
    assert_eq!(store.sent_reports().unwrap()[0].claims, b"claims of e1");
    assert_eq!(store.outbox_counts().unwrap().held, 1);
    assert_eq!(store.outbox().unwrap()[0].body, EventBody::Claims(b"claims of e2".to_vec()));
    assert!(store.command("c1").unwrap().unwrap().done);
    assert_eq!(store.effects().unwrap()[0].version, 4);
    assert_eq!(store.last_number(crate::vault::Purpose::Device).unwrap(), 1);
    // And it goes on from there.
    store.put("policy", b"lax").unwrap();
    assert_eq!(disk_get(store, &disk), b"lax");
}

fn disk_get(store: AgentStore, disk: &Disk) -> Vec<u8> {
    drop(store);
    disk.agent().get("policy").unwrap().unwrap()
}

#[test]
fn a_contacts_file_of_version_1_opens() {
    let disk = Disk::new();
    restore(&disk, "contacts-1.db", include_str!("old/contacts-1.sql"));
    let mut store = disk.contacts();
    let book = store.book("https://dav.example/people/").unwrap().unwrap();
    assert_eq!(book.state, b"token");
    let reader = store.reader().unwrap();
    assert_eq!(reader.record(ContactId(2)).unwrap().unwrap(), b"Bob");
    assert_eq!(reader.photo(ContactId(1)).unwrap().unwrap(), b"jpeg");
    assert_eq!(reader.ids_by_caller_key("+4930123", 9).unwrap(), [ContactId(1), ContactId(2)]);
    assert_eq!(store.passed_over(book.id).unwrap(), [(PassReason(2), 1)]);
    let known = store.known(book.id).unwrap();
    assert_eq!(known[&store.href_hash("ada.vcf").unwrap()], store.etag_hash("\"1\"").unwrap());
    let mut batch = store.begin().unwrap();
    assert_eq!(batch.remove(book.id, "ada.vcf").unwrap(), Some(ContactId(1)));
    batch.commit().unwrap();
    assert_eq!(reader.ids_by_caller_key("+4930123", 9).unwrap(), [ContactId(2)]);
}

#[test]
fn the_first_step_of_a_schema_never_changes() {
    let old = Disk::new();
    restore(&old, "agent.db", include_str!("old/agent-1.sql"));
    restore(&old, "contacts-1.db", include_str!("old/contacts-1.sql"));
    for (name, step) in [
        ("agent.db", include_str!("../sql/agent-1.sql")),
        ("contacts-1.db", include_str!("../sql/contacts-1.sql")),
    ] {
        let new = rusqlite::Connection::open_in_memory().unwrap();
        new.execute_batch(step).unwrap();
        let old = rusqlite::Connection::open(old.folder().join(name)).unwrap();
        assert_eq!(schema(&new), schema(&old), "{name}");
    }
}

fn schema(connection: &rusqlite::Connection) -> Vec<(String, Option<String>)> {
    let mut query =
        connection.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").unwrap();
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}
