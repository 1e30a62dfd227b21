//! What can be done within one transaction on the agent file.
use std::sync::Arc;

use rusqlite::{Transaction, params};
use serde::Serialize;
use zeroize::Zeroizing;

use super::{in_force_name, last_number_name, read_last_number, read_value, write_meta};
use crate::store::keys::{Nonces, Opener, Sealer};
use crate::store::sealed::{Place, RowId};
use crate::store::{ProfileDir, StoreError, key_table};
use crate::vault::Purpose;

/// A transaction on the agent file; see [`super::AgentStore::transaction`]. What concerns the outbox,
/// commands and effects stands with their types.
///
/// While the store is locked, only the numbers of keys can be written; everything else answers
/// [`StoreError::Locked`].
pub struct Tx<'a> {
    pub(super) connection: &'a Transaction<'a>,
    profile: &'a ProfileDir,
    sealer: Option<&'a mut Sealer>,
    nonces: &'a mut Nonces,
}

impl<'a> Tx<'a> {
    pub(super) fn new(
        connection: &'a Transaction<'a>,
        profile: &'a ProfileDir,
        sealer: Option<&'a mut Sealer>,
        nonces: &'a mut Nonces,
    ) -> Self {
        Self { connection, profile, sealer, nonces }
    }

    /// For a hash or a value; shared, so that a row can be read while another is sealed.
    pub(super) fn opener(&self) -> Result<Arc<Opener>, StoreError> {
        self.sealer.as_ref().map(|sealer| sealer.opener().clone()).ok_or(StoreError::Locked)
    }

    pub(super) fn seal(
        &mut self,
        place: &Place<'_>,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        let sealer = self.sealer.as_mut().ok_or(StoreError::Locked)?;
        key_table::reserve(self.connection, sealer)?;
        let mut sealed = Vec::new();
        sealer.seal(place, &[plaintext], self.nonces, &mut sealed)?;
        Ok(sealed)
    }

    pub(super) fn random<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        self.nonces.fill(&mut out);
        out
    }

    // --- values ---

    /// The value `name`, as this transaction left it.
    pub fn get(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let value = read_value(self.connection, &*self.opener()?, name)?;
        Ok(value.map(|(_, plaintext)| plaintext.to_vec()))
    }

    /// The value `name`, read as JSON.
    pub fn get_json<T: serde::de::DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Option<T>, StoreError> {
        let Some(plaintext) = self.get(name)?.map(Zeroizing::new) else { return Ok(None) };
        serde_json::from_slice(&plaintext).map(Some).map_err(|_| StoreError::Form)
    }

    /// Stores `value` under `name`. The name stands in the file in the open: it is one of a module's
    /// fixed words, never made of data. A value that is already so is not written again.
    pub fn put(&mut self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        let old = read_value(self.connection, &*self.opener()?, name)?;
        if old.as_ref().is_some_and(|(_, plaintext)| plaintext.as_slice() == value) {
            return Ok(());
        }
        let revision = old.map_or(0, |(revision, _)| revision) + 1;
        let place = Place { table: "value", row: RowId::Bytes(name.as_bytes()), revision };
        let sealed = self.seal(&place, value)?;
        self.connection
            .prepare_cached(
                "INSERT INTO value (name, revision, sealed) VALUES (?1, ?2, ?3)
                 ON CONFLICT (name) DO UPDATE SET revision = ?2, sealed = ?3",
            )?
            .execute(params![name, revision.cast_signed(), sealed])?;
        Ok(())
    }

    /// Stores `value` as JSON under `name`; see [`Tx::put`].
    pub fn put_json<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), StoreError> {
        let json = Zeroizing::new(serde_json::to_vec(value).map_err(|_| StoreError::Form)?);
        self.put(name, &json)
    }

    /// Removes the value `name`, if it is there.
    pub fn remove(&mut self, name: &str) -> Result<(), StoreError> {
        self.connection.prepare_cached("DELETE FROM value WHERE name = ?")?.execute([name])?;
        Ok(())
    }

    // --- numbers and the tenant ---

    /// The next number for a key of this purpose. It is never given again, even if the key is never
    /// made.
    pub fn issue_number(&mut self, purpose: Purpose) -> Result<u32, StoreError> {
        let next = read_last_number(self.connection, self.profile, purpose)? + 1;
        write_meta(self.connection, last_number_name(purpose), next)?;
        Ok(next)
    }

    /// From now on the key `number` is the one in force, or none is.
    pub fn set_in_force(
        &mut self,
        purpose: Purpose,
        number: Option<u32>,
    ) -> Result<(), StoreError> {
        let name = in_force_name(purpose);
        match number {
            Some(number) => write_meta(self.connection, name, number),
            None => {
                self.connection.execute("DELETE FROM meta WHERE name = ?", [name])?;
                Ok(())
            }
        }
    }

    /// Forgets what another server was to be told and what it had ordered: another takes its place.
    pub fn forget_server(&mut self) -> Result<(), StoreError> {
        self.connection.execute("DELETE FROM outbox", [])?;
        self.connection.execute("DELETE FROM command", [])?;
        Ok(())
    }

    /// Seals everything in the file anew for `tenant`: at an activation.
    pub fn bind_tenant(&mut self, tenant: &str) -> Result<(), StoreError> {
        let old = self.opener()?;
        if super::read_tenant(self.connection)? == tenant {
            return Ok(());
        }
        write_meta(self.connection, "tenant", tenant)?;
        if let Some(sealer) = &mut self.sealer {
            sealer.set_opener(Arc::new(old.for_tenant(tenant)));
        }
        for (table, row, revision) in SEALED_TABLES {
            let select = format!("SELECT rowid, {row}, {revision}, sealed FROM {table}");
            let mut rows = self.connection.prepare(&select)?;
            let rows = rows.query_map([], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?, row.get(3)?))
            })?;
            let rows: Vec<(i64, rusqlite::types::Value, i64, Vec<u8>)> =
                rows.collect::<Result<_, _>>()?;
            for (rowid, id, revision, sealed) in rows {
                let row = match &id {
                    rusqlite::types::Value::Integer(id) => RowId::Number(*id),
                    rusqlite::types::Value::Text(id) => RowId::Bytes(id.as_bytes()),
                    rusqlite::types::Value::Blob(id) => RowId::Bytes(id),
                    _ => return Err(StoreError::Corrupt),
                };
                let place = Place { table, row, revision: revision.cast_unsigned() };
                let plaintext = old.open(&place, &sealed)?;
                let sealed = self.seal(&place, &plaintext)?;
                let update = format!("UPDATE {table} SET sealed = ? WHERE rowid = ?");
                self.connection.prepare_cached(&update)?.execute(params![sealed, rowid])?;
            }
        }
        Ok(())
    }
}

/// Tables with sealed values: name, the column or expression of the row's id, and of its revision.
const SEALED_TABLES: [(&str, &str, &str); 5] = [
    ("value", "name", "revision"),
    ("outbox", "id", "revision"),
    ("sent", "id", "0"),
    ("command", "id", "done"),
    ("effect", "id_hash", "version"),
];
