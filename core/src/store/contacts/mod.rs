//! A contacts file: one generation of a profile's contacts, sealed with a data key of its own, so
//! that withdrawing contacts is deleting a file and a key.
//!
//! Hrefs, ETags, numbers and book identities come in as plain strings and are stored as keyed hashes;
//! what is needed again in plain (the href, for a multiget) is stored sealed.
mod batch;
mod passed;
mod reader;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension};

pub use batch::{Batch, Change, NewContact, Put, Removed};
pub use passed::PassReason;
pub use reader::ContactsReader;

use super::db::{self, Schema};
use super::keys::{Hashed, KeyNumber, KeySlot, KeyedHash, Nonces, Opener, Sealer, WrappedKey};
use super::profile::destroy_database;
use super::sealed::{Place, RowId, split};
use super::{ProfileDir, StoreError, key_table};
use crate::random::Random;
use crate::secret::Secret;

/// "Mstr" + 'C' where SQLite keeps the kind of a file.
const SCHEMA: Schema = Schema {
    application_id: 0x4d73_7443,
    migrations: &[include_str!("../sql/contacts-1.sql"), include_str!("../sql/contacts-2.sql")],
};

/// A contacts file has one data key. When it is worn out, the next generation begins.
const ONLY_KEY: KeyNumber = KeyNumber(1);

/// Pages of the log after which SQLite moves them to the file by itself. More than its usual 1,000,
/// because batches of a first sync change the same index pages again and again.
const CHECKPOINT_PAGES: u32 = 4_000;

/// Page cache of the writer. Twice SQLite's usual size keeps the indexes of 50,000 contacts at hand.
const CACHE_KIB: i32 = 4_000;

/// A contact, for as long as it is in its book: edits and restarts keep the id. Never used again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ContactId(pub i64);

impl std::fmt::Display for ContactId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for ContactId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(ContactId)
    }
}

/// An address book within a contacts file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct BookId(pub i64);

/// The keyed hash of a contact's href.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct HrefHash(pub(crate) KeyedHash);

/// The keyed hash of a contact's ETag.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EtagHash(pub(crate) KeyedHash);

/// An address book.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Book {
    /// Its name here.
    pub id: BookId,
    /// What the sync identifies it by.
    pub source: String,
    /// What the sync keeps about it, such as its token.
    pub state: Vec<u8>,
}

/// The writer of a contacts file. There is one, because a [`ProfileDir`] has one holder.
pub struct ContactsStore {
    connection: Connection,
    path: PathBuf,
    generation: u32,
    nonces: Nonces,
    sealer: Option<Sealer>,
    slot: KeySlot,
    next_id: i64,
    writes: u64,
    profile: ProfileDir,
}

impl ContactsStore {
    /// Makes the file of a new generation for `tenant` (empty without a server) with its data key,
    /// which the vault's `Purpose::Contacts` key of number `generation` has wrapped. A file of that
    /// name, left by a killed process, is destroyed first. The store is unlocked afterwards.
    pub fn create(
        profile: &ProfileDir,
        generation: u32,
        tenant: &str,
        wrapped: Vec<u8>,
        key: Secret<Vec<u8>>,
        random: Box<dyn Random>,
    ) -> Result<Self, StoreError> {
        profile.destroy_contacts(generation)?;
        let mut store = Self::connect(profile, generation, random, true)?;
        let entry = WrappedKey { number: ONLY_KEY, wrapping: generation, wrapped };
        let transaction = store.connection.transaction()?;
        key_table::add(&transaction, generation, &entry, &key, &mut store.nonces)?;
        transaction.commit()?;
        store.writes += 1;
        store.unlock(tenant, key)?;
        Ok(store)
    }

    /// Opens the file of `generation`.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is none; [`StoreError::Newer`] and [`StoreError::Corrupt`]
    /// leave the file untouched. For each of these a new generation is the answer.
    pub fn open(
        profile: &ProfileDir,
        generation: u32,
        random: Box<dyn Random>,
    ) -> Result<Self, StoreError> {
        let store = Self::connect(profile, generation, random, false)?;
        // A kill while it was made leaves a file without a key, which nobody can use.
        store.wrapped_key().map(|_| store)
    }

    pub(super) fn connect(
        profile: &ProfileDir,
        generation: u32,
        random: Box<dyn Random>,
        create: bool,
    ) -> Result<Self, StoreError> {
        let path = profile.contacts_file(generation);
        let connection = db::open(&path, &SCHEMA, create)?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        let next_id = connection
            .prepare("SELECT value FROM meta WHERE name = 'next_contact'")?
            .query_row([], |row| row.get(0))
            .optional()?;
        Ok(Self {
            connection,
            path,
            generation,
            nonces: Nonces::new(random),
            sealer: None,
            slot: KeySlot::default(),
            next_id: next_id.unwrap_or(1),
            writes: 0,
            profile: profile.clone(),
        })
    }

    /// The data key, to be unwrapped by the vault's `Purpose::Contacts` key.
    pub fn wrapped_key(&self) -> Result<WrappedKey, StoreError> {
        key_table::wrapped(&self.connection)?.pop().ok_or(StoreError::Missing)
    }

    /// Hands over the unwrapped data key, for this store and its readers.
    pub fn unlock(&mut self, tenant: &str, key: Secret<Vec<u8>>) -> Result<(), StoreError> {
        let keys = [(ONLY_KEY, key)];
        let sealer = key_table::unlock(&self.connection, tenant, self.generation, &keys)?;
        self.slot.set(Some(sealer.opener().clone()));
        self.sealer = Some(sealer);
        Ok(())
    }

    /// Takes the data key away from this store and its readers. A read that is under way ends with
    /// [`StoreError::Locked`].
    pub fn lock(&mut self) {
        self.slot.set(None);
        self.sealer = None;
    }

    /// Whether contacts can be read.
    pub fn is_unlocked(&self) -> bool {
        self.sealer.is_some()
    }

    /// The profile whose file this is.
    pub fn profile(&self) -> &ProfileDir {
        &self.profile
    }

    /// Which generation this is.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// Transactions committed since the file was opened.
    pub fn writes(&self) -> u64 {
        self.writes
    }

    /// A reader with a connection of its own. It follows this store's [`ContactsStore::unlock`] and
    /// [`ContactsStore::lock`], and can go to another thread.
    pub fn reader(&self) -> Result<ContactsReader, StoreError> {
        ContactsReader::open(&self.path, self.slot.clone())
    }

    /// Forgets the key, here and in every reader, and destroys the file with its `-wal` and `-shm`.
    pub fn destroy(mut self) -> Result<(), StoreError> {
        self.lock();
        let path = self.path.clone();
        drop(self);
        destroy_database(&path)
    }

    /// Moves the log into the file and empties it: after a sync, and after contacts were removed.
    /// Skipped while a reader is in the middle of a read.
    pub fn tidy(&mut self) -> Result<(), StoreError> {
        let mut checkpoint = self.connection.prepare("PRAGMA wal_checkpoint(TRUNCATE)")?;
        checkpoint.query_row([], |_| Ok(()))?;
        Ok(())
    }

    // --- books ---

    /// All books, in the order they came.
    pub fn books(&self) -> Result<Vec<Book>, StoreError> {
        let opener = self.opener()?;
        let mut query =
            self.connection.prepare_cached("SELECT id, revision, sealed FROM book ORDER BY id")?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        rows.map(|row| {
            let (id, revision, sealed): (i64, i64, Vec<u8>) = row?;
            open_book(opener, BookId(id), revision, &sealed)
        })
        .collect()
    }

    /// The book that the sync identifies by `source`.
    pub fn book(&self, source: &str) -> Result<Option<Book>, StoreError> {
        let opener = self.opener()?;
        let hash = opener.hash(Hashed::Source, &[source.as_bytes()]);
        let row = self
            .connection
            .prepare_cached("SELECT id, revision, sealed FROM book WHERE source_hash = ?")?
            .query_row([hash], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((id, revision, sealed)) = row else { return Ok(None) };
        let sealed: Vec<u8> = sealed;
        open_book(opener, BookId(id), revision, &sealed).map(Some)
    }

    // --- what the sync compares with ---

    /// The hash under which `href` is known in this file.
    pub fn href_hash(&self, href: &str) -> Result<HrefHash, StoreError> {
        Ok(HrefHash(self.opener()?.hash(Hashed::Href, &[href.as_bytes()])))
    }

    /// The hash under which `etag` is known in this file.
    pub fn etag_hash(&self, etag: &str) -> Result<EtagHash, StoreError> {
        Ok(EtagHash(self.opener()?.hash(Hashed::Etag, &[etag.as_bytes()])))
    }

    /// What is there of a book, members that were passed over included, to compare with a listing of
    /// the server: some 50 bytes a member.
    pub fn known(&self, book: BookId) -> Result<BTreeMap<HrefHash, EtagHash>, StoreError> {
        self.opener()?;
        let mut query = self.connection.prepare_cached(
            "SELECT href_hash, etag_hash FROM contact WHERE book = ?1
                 UNION ALL SELECT href_hash, etag_hash FROM passed_over WHERE book = ?1",
        )?;
        let rows =
            query.query_map([book.0], |row| Ok((HrefHash(row.get(0)?), EtagHash(row.get(1)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many contacts a book has.
    pub fn count(&self, book: BookId) -> Result<u64, StoreError> {
        let mut query =
            self.connection.prepare_cached("SELECT count(*) FROM contact WHERE book = ?")?;
        Ok(query.query_row([book.0], |row| row.get::<_, i64>(0))?.cast_unsigned())
    }

    /// As if the disk had room for so many pages of the file.
    #[cfg(test)]
    pub(super) fn limit_pages(&self, pages: u32) {
        let sql = format!("PRAGMA max_page_count = {pages}");
        self.connection.query_row(&sql, [], |_| Ok(())).unwrap();
    }

    fn opener(&self) -> Result<&Arc<Opener>, StoreError> {
        self.sealer.as_ref().map(Sealer::opener).ok_or(StoreError::Locked)
    }
}

impl std::fmt::Debug for ContactsStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ContactsStore({})", self.generation)
    }
}

fn book_place(id: BookId, revision: i64) -> Place<'static> {
    Place { table: "book", row: RowId::Number(id.0), revision: revision.cast_unsigned() }
}

fn contact_place(id: i64, revision: i64) -> Place<'static> {
    Place { table: "contact", row: RowId::Number(id), revision: revision.cast_unsigned() }
}

fn photo_place(id: i64, revision: i64) -> Place<'static> {
    Place { table: "photo", row: RowId::Number(id), revision: revision.cast_unsigned() }
}

fn open_book(
    opener: &Opener,
    id: BookId,
    revision: i64,
    sealed: &[u8],
) -> Result<Book, StoreError> {
    let plaintext = opener.open(&book_place(id, revision), sealed)?;
    let [source, state] = split(&plaintext).ok_or(StoreError::Form)?;
    let source = String::from_utf8(source.to_vec()).map_err(|_| StoreError::Form)?;
    Ok(Book { id, source, state: state.to_vec() })
}

/// A column's bytes where SQLite has them.
fn blob<'r>(row: &'r rusqlite::Row<'_>, column: usize) -> Result<&'r [u8], StoreError> {
    row.get_ref(column)?.as_blob().map_err(|_| StoreError::Corrupt)
}

/// Opens a contact's sealed column in `buffer`, which is reused from row to row.
fn open_contact<'b>(
    opener: &Opener,
    id: i64,
    revision: i64,
    sealed: &[u8],
    buffer: &'b mut Vec<u8>,
) -> Result<&'b [u8], StoreError> {
    buffer.clear();
    buffer.extend_from_slice(sealed);
    Ok(opener.open_in_place(&contact_place(id, revision), buffer)?)
}

/// Splits a contact's plaintext into href and record.
fn split_contact(plaintext: &[u8]) -> Result<(&str, &[u8]), StoreError> {
    let (length, rest) = plaintext.split_first_chunk::<2>().ok_or(StoreError::Form)?;
    let split = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)));
    let (href, record) = split.ok_or(StoreError::Form)?;
    Ok((std::str::from_utf8(href).map_err(|_| StoreError::Form)?, record))
}

/// The first 8 bytes of a caller key's hash, as the index has them.
fn caller_hash(opener: &Opener, key: &str) -> i64 {
    let hash = opener.hash(Hashed::Caller, &[key.as_bytes()]);
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    i64::from_be_bytes(first)
}
