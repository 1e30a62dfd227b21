//! Reading contacts beside the writer.
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, params};

use super::{ContactId, blob, caller_hash, open_contact, photo_place, split_contact};
use crate::store::keys::KeySlot;
use crate::store::{StoreError, db};

/// Reads a contacts file by a connection of its own, so that a sync never blocks it. Copies share the
/// connection; [`ContactsReader::another`] opens one more.
///
/// After a lock or an erase every call answers [`StoreError::Locked`], also one that began before.
#[derive(Clone)]
pub struct ContactsReader {
    connection: Arc<Mutex<Connection>>,
    slot: KeySlot,
    path: PathBuf,
}

impl ContactsReader {
    pub(super) fn open(path: &Path, slot: KeySlot) -> Result<Self, StoreError> {
        let connection = db::open_reader(path)?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)), slot, path: path.to_owned() })
    }

    /// A reader of the same file by another connection, for a long read that must not keep others
    /// waiting.
    pub fn another(&self) -> Result<Self, StoreError> {
        self.slot.borrow()?;
        Self::open(&self.path, self.slot.clone())
    }

    /// The record of a contact, as the sync encoded it.
    pub fn record(&self, id: ContactId) -> Result<Option<Vec<u8>>, StoreError> {
        let keys = self.slot.borrow()?;
        let connection = self.lock();
        let mut query =
            connection.prepare_cached("SELECT revision, sealed FROM contact WHERE id = ?")?;
        let mut rows = query.query([id.0])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let mut buffer = Vec::new();
        let plaintext = open_contact(&keys.opener, id.0, row.get(0)?, blob(row, 1)?, &mut buffer)?;
        let record = split_contact(plaintext)?.1.to_vec();
        keys.still_valid()?;
        Ok(Some(record))
    }

    /// The photo of a contact.
    pub fn photo(&self, id: ContactId) -> Result<Option<Vec<u8>>, StoreError> {
        let keys = self.slot.borrow()?;
        let connection = self.lock();
        let row: Option<(i64, Vec<u8>)> = connection
            .prepare_cached("SELECT revision, sealed FROM photo WHERE contact = ?")?
            .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((revision, sealed)) = row else { return Ok(None) };
        let photo = keys.opener.open(&photo_place(id.0, revision), &sealed)?.to_vec();
        keys.still_valid()?;
        Ok(Some(photo))
    }

    /// The contacts that have `key` among their caller keys, at most `limit`, by id.
    pub fn ids_by_caller_key(&self, key: &str, limit: usize) -> Result<Vec<ContactId>, StoreError> {
        let keys = self.slot.borrow()?;
        let hash = caller_hash(&keys.opener, key);
        let connection = self.lock();
        let mut query = connection.prepare_cached(
            "SELECT contact FROM caller WHERE key_hash = ? ORDER BY contact LIMIT ?",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = query.query_map(params![hash, limit], |row| row.get(0).map(ContactId))?;
        let ids = rows.collect::<Result<_, _>>()?;
        keys.still_valid()?;
        Ok(ids)
    }

    /// All records by ascending id, one after the other, in one consistent view. Stops early with
    /// [`StoreError::Locked`] when the store is locked meanwhile. `each` must not use this reader or a
    /// copy of it; see [`ContactsReader::another`].
    pub fn for_each_record(
        &self,
        mut each: impl FnMut(ContactId, &[u8]),
    ) -> Result<(), StoreError> {
        let keys = self.slot.borrow()?;
        let connection = self.lock();
        let mut query =
            connection.prepare_cached("SELECT id, revision, sealed FROM contact ORDER BY id")?;
        let mut rows = query.query([])?;
        let mut buffer = zeroize::Zeroizing::new(Vec::new());
        while let Some(row) = rows.next()? {
            keys.still_valid()?;
            let id = row.get(0)?;
            let plaintext =
                open_contact(&keys.opener, id, row.get(1)?, blob(row, 2)?, &mut buffer)?;
            each(ContactId(id), split_contact(plaintext)?.1);
        }
        Ok(())
    }

    /// How many contacts there are. Needs no key.
    pub fn count(&self) -> Result<u64, StoreError> {
        let connection = self.lock();
        let mut query = connection.prepare_cached("SELECT count(*) FROM contact")?;
        Ok(query.query_row([], |row| row.get::<_, i64>(0))?.cast_unsigned())
    }

    /// A number that differs after the writer committed something. Only to be compared with an
    /// earlier answer of the same reader.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        let connection = self.lock();
        Ok(connection.pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic while reading leaves nothing half done.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for ContactsReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ContactsReader")
    }
}
