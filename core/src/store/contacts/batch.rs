//! Writing contacts, some hundred in one transaction.
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    BookId, ContactId, ContactsStore, HrefHash, book_place, caller_hash, contact_place, photo_place,
};
use crate::limits;
use crate::store::keys::{Hashed, Opener};
use crate::store::sealed::join;
use crate::store::{StoreError, key_table};

/// A contact to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewContact<'a> {
    /// Its book.
    pub book: BookId,
    /// Its href, normalised: what identifies it within its book.
    pub href: &'a str,
    /// Its ETag as the server gave it.
    pub etag: &'a str,
    /// The record, encoded.
    pub record: &'a [u8],
    /// The photo, if it has one.
    pub photo: Option<&'a [u8]>,
    /// What it is found by when it calls.
    pub caller_keys: &'a [String],
}

/// What a write did to a contact.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// It is new.
    Added,
    /// Its content differs from what was there.
    Changed,
    /// It was there with this content.
    Unchanged,
}

/// The result of [`Batch::put`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Put {
    /// The contact.
    pub id: ContactId,
    /// What happened to it.
    pub change: Change,
}

/// Contacts that were removed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Removed {
    /// Which.
    pub ids: Vec<ContactId>,
    /// There is more to remove than one batch may: commit, and go on in another.
    pub more: bool,
}

/// One transaction on a contacts file, of at most [`limits::SYNC_BATCH_ROWS`] contacts written or
/// removed. What is not committed did not happen.
pub struct Batch<'a> {
    store: &'a mut ContactsStore,
    changes_before: u64,
    reserved_before: u64,
    next_id_before: i64,
    rows: usize,
    buffer: Vec<u8>,
    committed: bool,
}

impl ContactsStore {
    /// Begins a transaction.
    pub fn begin(&mut self) -> Result<Batch<'_>, StoreError> {
        let reserved_before = self.sealer.as_ref().ok_or(StoreError::Locked)?.reserved();
        self.connection.prepare_cached("BEGIN")?.execute([])?;
        let changes_before = self.connection.total_changes();
        let next_id_before = self.next_id;
        Ok(Batch {
            store: self,
            changes_before,
            reserved_before,
            next_id_before,
            rows: 0,
            buffer: Vec::new(),
            committed: false,
        })
    }
}

/// What is known of a contact before it is written.
struct Known {
    id: i64,
    etag_hash: [u8; 16],
    content_hash: [u8; 16],
    revision: i64,
    callers: Vec<u8>,
}

impl Batch<'_> {
    /// How many contacts may still be written or removed in this batch.
    pub fn room(&self) -> usize {
        limits::SYNC_BATCH_ROWS.saturating_sub(self.rows)
    }

    /// Stores a contact. One with the same content keeps its row as it is; a changed one keeps its id.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] if the batch is full or the href longer than [`limits::HREF_BYTES`].
    pub fn put(&mut self, contact: &NewContact<'_>) -> Result<Put, StoreError> {
        let opener = self.opener()?;
        let href_hash = opener.hash(Hashed::Href, &[contact.href.as_bytes()]);
        let etag_hash = opener.hash(Hashed::Etag, &[contact.etag.as_bytes()]);
        let callers = caller_column(opener, contact.caller_keys);
        let photo = contact.photo.unwrap_or_default();
        let content_hash = opener.hash(Hashed::Content, &[contact.record, photo, &callers]);

        let Some(known) = self.find(contact.book, &href_hash)? else {
            let id = self.store.next_id;
            self.take_room()?;
            self.forget_passed(contact.book, &href_hash)?;
            self.store.next_id += 1;
            self.seal_contact(id, 1, contact)?;
            self.connection()
                .prepare_cached(
                    "INSERT INTO contact (id, book, href_hash, etag_hash, content_hash, revision,
                         callers, sealed)
                     VALUES (?, ?, ?, ?, ?, 1, ?, ?)",
                )?
                .execute(params![
                    id,
                    contact.book.0,
                    href_hash,
                    etag_hash,
                    content_hash,
                    callers,
                    self.buffer
                ])?;
            self.add_callers(id, &callers)?;
            self.put_photo(id, 1, contact.photo)?;
            return Ok(Put { id: ContactId(id), change: Change::Added });
        };

        let id = ContactId(known.id);
        if known.content_hash == content_hash {
            if known.etag_hash != etag_hash {
                self.take_room()?;
                self.connection()
                    .prepare_cached("UPDATE contact SET etag_hash = ? WHERE id = ?")?
                    .execute(params![etag_hash, known.id])?;
            }
            return Ok(Put { id, change: Change::Unchanged });
        }

        self.take_room()?;
        let revision = known.revision + 1;
        self.seal_contact(known.id, revision, contact)?;
        self.connection()
            .prepare_cached(
                "UPDATE contact SET etag_hash = ?, content_hash = ?, revision = ?, callers = ?,
                     sealed = ? WHERE id = ?",
            )?
            .execute(params![etag_hash, content_hash, revision, callers, self.buffer, known.id])?;
        if known.callers != callers {
            self.remove_callers(known.id, &known.callers)?;
            self.add_callers(known.id, &callers)?;
        }
        self.connection()
            .prepare_cached("DELETE FROM photo WHERE contact = ?")?
            .execute([known.id])?;
        self.put_photo(known.id, revision, contact.photo)?;
        Ok(Put { id, change: Change::Changed })
    }

    /// Removes a contact with its photo and caller keys. `None` if it is not there.
    pub fn remove(&mut self, book: BookId, href: &str) -> Result<Option<ContactId>, StoreError> {
        let hash = self.opener()?.hash(Hashed::Href, &[href.as_bytes()]);
        self.remove_known(book, &HrefHash(hash))
    }

    /// The same by the hash of the href, as [`ContactsStore::known`] gives it.
    pub fn remove_known(
        &mut self,
        book: BookId,
        href: &HrefHash,
    ) -> Result<Option<ContactId>, StoreError> {
        self.forget_passed(book, &href.0)?;
        self.remove_contact(book, href)
    }

    pub(super) fn remove_contact(
        &mut self,
        book: BookId,
        href: &HrefHash,
    ) -> Result<Option<ContactId>, StoreError> {
        let Some(known) = self.find(book, &href.0)? else { return Ok(None) };
        self.delete(known.id, &known.callers)?;
        Ok(Some(ContactId(known.id)))
    }

    /// Removes a book with all its contacts; the book itself goes with the last of them.
    pub fn remove_book(&mut self, book: BookId) -> Result<Removed, StoreError> {
        let room = self.room();
        let found: Vec<(i64, Vec<u8>)> = {
            let mut query = self
                .connection()
                .prepare_cached("SELECT id, callers FROM contact WHERE book = ? LIMIT ?")?;
            let rows = query.query_map(params![book.0, room as i64 + 1], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
            rows.collect::<Result<_, _>>()?
        };
        let mut removed = Removed { ids: Vec::new(), more: found.len() > room };
        for (id, callers) in found.into_iter().take(room) {
            self.delete(id, &callers)?;
            removed.ids.push(ContactId(id));
        }
        if !removed.more {
            self.connection().execute("DELETE FROM passed_over WHERE book = ?", [book.0])?;
            self.connection().execute("DELETE FROM book WHERE id = ?", [book.0])?;
        }
        Ok(removed)
    }

    /// The book that the sync identifies by `source`; made, with an empty state, if it is not there.
    pub fn ensure_book(&mut self, source: &str) -> Result<BookId, StoreError> {
        let hash = self.opener()?.hash(Hashed::Source, &[source.as_bytes()]);
        let found: Option<i64> = self
            .connection()
            .prepare_cached("SELECT id FROM book WHERE source_hash = ?")?
            .query_row([hash], |row| row.get(0))
            .optional()?;
        if let Some(id) = found {
            return Ok(BookId(id));
        }
        let last: Option<i64> = self
            .connection()
            .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = 'book'")?
            .query_row([], |row| row.get(0))
            .optional()?;
        let id = BookId(last.unwrap_or(0) + 1);
        self.seal_book(id, 1, source, &[])?;
        self.connection().execute(
            "INSERT INTO book (id, source_hash, revision, sealed) VALUES (?, ?, 1, ?)",
            params![id.0, hash, self.buffer],
        )?;
        Ok(id)
    }

    /// Keeps `state` with the book. The same state again is not written.
    ///
    /// # Errors
    /// [`StoreError::Missing`] without such a book.
    pub fn set_book_state(&mut self, book: BookId, state: &[u8]) -> Result<(), StoreError> {
        let row: Option<(i64, Vec<u8>)> = self
            .connection()
            .prepare_cached("SELECT revision, sealed FROM book WHERE id = ?")?
            .query_row([book.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (revision, sealed) = row.ok_or(StoreError::Missing)?;
        let old = super::open_book(self.opener()?, book, revision, &sealed)?;
        if old.state == state {
            return Ok(());
        }
        self.seal_book(book, revision + 1, &old.source, state)?;
        self.connection()
            .prepare_cached("UPDATE book SET revision = ?, sealed = ? WHERE id = ?")?
            .execute(params![revision + 1, self.buffer, book.0])?;
        Ok(())
    }

    /// Makes the batch durable. One that changed nothing writes nothing.
    pub fn commit(mut self) -> Result<(), StoreError> {
        if self.store.next_id != self.next_id_before {
            self.connection()
                .prepare_cached(
                    "INSERT INTO meta (name, value) VALUES ('next_contact', ?1)
                     ON CONFLICT (name) DO UPDATE SET value = ?1",
                )?
                .execute([self.store.next_id])?;
        }
        if self.connection().total_changes() == self.changes_before {
            return Ok(());
        }
        self.connection().prepare_cached("COMMIT")?.execute([])?;
        self.committed = true;
        self.store.writes += 1;
        Ok(())
    }

    // --- inside ---

    pub(super) fn connection(&self) -> &Connection {
        &self.store.connection
    }

    pub(super) fn opener(&self) -> Result<&Opener, StoreError> {
        self.store.opener().map(AsRef::as_ref)
    }

    fn take_room(&mut self) -> Result<(), StoreError> {
        if self.room() == 0 {
            return Err(StoreError::TooMany { limit: "SYNC_BATCH_ROWS" });
        }
        self.rows += 1;
        Ok(())
    }

    fn find(&self, book: BookId, href_hash: &[u8; 16]) -> Result<Option<Known>, StoreError> {
        let mut query = self.connection().prepare_cached(
            "SELECT id, etag_hash, content_hash, revision, callers
             FROM contact WHERE book = ? AND href_hash = ?",
        )?;
        let known = query.query_row(params![book.0, href_hash], |row| {
            Ok(Known {
                id: row.get(0)?,
                etag_hash: row.get(1)?,
                content_hash: row.get(2)?,
                revision: row.get(3)?,
                callers: row.get(4)?,
            })
        });
        Ok(known.optional()?)
    }

    fn seal(
        &mut self,
        place: &crate::store::sealed::Place<'_>,
        parts: &[&[u8]],
    ) -> Result<(), StoreError> {
        let ContactsStore { connection, sealer, nonces, .. } = &mut *self.store;
        let sealer = sealer.as_mut().ok_or(StoreError::Locked)?;
        key_table::reserve(connection, sealer)?;
        sealer.seal(place, parts, nonces, &mut self.buffer)
    }

    fn seal_contact(
        &mut self,
        id: i64,
        revision: i64,
        contact: &NewContact<'_>,
    ) -> Result<(), StoreError> {
        let href = contact.href.as_bytes();
        if href.len() > limits::HREF_BYTES {
            return Err(StoreError::TooMany { limit: "HREF_BYTES" });
        }
        // The limit fits 2 bytes, whatever it becomes.
        const { assert!(limits::HREF_BYTES <= 0xffff) };
        let length = (href.len() as u16).to_be_bytes();
        self.seal(&contact_place(id, revision), &[&length, href, contact.record])
    }

    fn seal_book(
        &mut self,
        id: BookId,
        revision: i64,
        source: &str,
        state: &[u8],
    ) -> Result<(), StoreError> {
        let plaintext = join(&[source.as_bytes(), state]);
        self.seal(&book_place(id, revision), &[&plaintext])
    }

    fn put_photo(
        &mut self,
        id: i64,
        revision: i64,
        photo: Option<&[u8]>,
    ) -> Result<(), StoreError> {
        let Some(photo) = photo else { return Ok(()) };
        self.seal(&photo_place(id, revision), &[photo])?;
        self.connection()
            .prepare_cached("INSERT INTO photo (contact, revision, sealed) VALUES (?, ?, ?)")?
            .execute(params![id, revision, self.buffer])?;
        Ok(())
    }

    fn add_callers(&self, id: i64, callers: &[u8]) -> Result<(), StoreError> {
        let mut insert = self
            .connection()
            .prepare_cached("INSERT OR IGNORE INTO caller (key_hash, contact) VALUES (?, ?)")?;
        for key in caller_hashes(callers) {
            insert.execute([key, id])?;
        }
        Ok(())
    }

    fn remove_callers(&self, id: i64, callers: &[u8]) -> Result<(), StoreError> {
        let mut delete = self
            .connection()
            .prepare_cached("DELETE FROM caller WHERE key_hash = ? AND contact = ?")?;
        for key in caller_hashes(callers) {
            delete.execute([key, id])?;
        }
        Ok(())
    }

    fn delete(&mut self, id: i64, callers: &[u8]) -> Result<(), StoreError> {
        self.take_room()?;
        self.remove_callers(id, callers)?;
        for sql in ["DELETE FROM photo WHERE contact = ?", "DELETE FROM contact WHERE id = ?"] {
            self.connection().prepare_cached(sql)?.execute([id])?;
        }
        Ok(())
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if self.committed {
            return;
        }
        // SQLite rolls back by itself what it could not commit; then this finds nothing to do.
        if !self.store.connection.is_autocommit() {
            let _ = self.store.connection.execute_batch("ROLLBACK");
        }
        self.store.next_id = self.next_id_before;
        if let Some(sealer) = &mut self.store.sealer {
            sealer.set_reserved(self.reserved_before);
        }
    }
}

/// The hashes of a contact's caller keys, each once, in order.
fn caller_column(opener: &Opener, keys: &[String]) -> Vec<u8> {
    let mut hashes: Vec<i64> = keys.iter().map(|key| caller_hash(opener, key)).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes.iter().flat_map(|hash| hash.to_be_bytes()).collect()
}

fn caller_hashes(column: &[u8]) -> impl Iterator<Item = i64> + '_ {
    column.as_chunks::<8>().0.iter().map(|chunk| i64::from_be_bytes(*chunk))
}
