//! The agent file: everything durable that is not a contact.
mod journal;
mod outbox;
mod tx;

use rusqlite::{Connection, OptionalExtension};
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

pub use journal::{Command, StoredEffect};
pub use outbox::{
    Claims, Disposition, EventBody, EventClass, OutboxCounts, OutboxId, OutboxItem, SentReport,
};
pub use tx::Tx;

use super::db::{self, Schema};
use super::erase::Marker;
use super::keys::{KeyNumber, Nonces, Opener, Sealer, WrappedKey};
use super::sealed::{Place, RowId};
use super::{ProfileDir, StoreError, key_table};
use crate::random::Random;
use crate::secret::Secret;
use crate::vault::Purpose;

/// "Mstr" + 'A' where SQLite keeps the kind of a file.
const SCHEMA: Schema =
    Schema { application_id: 0x4d73_7441, migrations: &[include_str!("../sql/agent-1.sql")] };

/// The agent file has no generations; its place in the form of sealed values is 0.
const GENERATION: u32 = 0;

/// The agent file of a profile: sealed named values, outbox, sent reports, commands, effects.
///
/// It opens without a key. Reading and writing sealed values needs [`AgentStore::unlock`].
pub struct AgentStore {
    connection: Connection,
    profile: ProfileDir,
    nonces: Nonces,
    sealer: Option<Sealer>,
    writes: u64,
}

impl AgentStore {
    /// Opens the agent file of `profile`, makes it if it is missing, migrates it if it is old.
    /// `random` gives nonces.
    ///
    /// # Errors
    /// [`StoreError::Newer`] and [`StoreError::Corrupt`] leave the file untouched.
    pub fn open(profile: &ProfileDir, random: Box<dyn Random>) -> Result<Self, StoreError> {
        let connection = db::open(&profile.agent_file(), &SCHEMA, true)?;
        let profile = profile.clone();
        Ok(Self { connection, profile, nonces: Nonces::new(random), sealer: None, writes: 0 })
    }

    /// The profile whose file this is.
    pub fn profile(&self) -> &ProfileDir {
        &self.profile
    }

    // --- keys ---

    /// The data keys, to be unwrapped by the vault's `Purpose::Service` keys. Empty in a new file:
    /// then [`AgentStore::add_key`] is next.
    pub fn wrapped_keys(&self) -> Result<Vec<WrappedKey>, StoreError> {
        key_table::wrapped(&self.connection)
    }

    /// Hands over all unwrapped data keys.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`] if one is not of this file or is missing.
    pub fn unlock(&mut self, keys: &[(KeyNumber, Secret<Vec<u8>>)]) -> Result<(), StoreError> {
        let tenant = self.tenant()?;
        self.sealer = Some(key_table::unlock(&self.connection, &tenant, GENERATION, keys)?);
        Ok(())
    }

    /// Adds a data key, which seals from now on. `known` are the unwrapped keys that the file had
    /// before, `wrapping` and `wrapped` are as in [`WrappedKey`]. The store is unlocked afterwards.
    pub fn add_key(
        &mut self,
        mut known: Vec<(KeyNumber, Secret<Vec<u8>>)>,
        wrapping: u32,
        wrapped: Vec<u8>,
        key: Secret<Vec<u8>>,
    ) -> Result<KeyNumber, StoreError> {
        let newest = self.wrapped_keys()?.last().map_or(0, |key| key.number.0);
        let number = KeyNumber(newest + 1);
        let entry = WrappedKey { number, wrapping, wrapped };
        let transaction = self.connection.transaction()?;
        key_table::add(&transaction, GENERATION, &entry, &key, &mut self.nonces)?;
        // An erase destroys the wrapping keys by their numbers, so the file must know this one.
        let last = read_last_number(&transaction, &self.profile, Purpose::Service)?;
        write_meta(&transaction, last_number_name(Purpose::Service), last.max(wrapping))?;
        known.push((number, key));
        // Before the commit: wrong `known` keys must not leave a key behind.
        let tenant = read_tenant(&transaction)?;
        let sealer = key_table::unlock(&transaction, &tenant, GENERATION, &known)?;
        transaction.commit()?;
        self.writes += 1;
        self.sealer = Some(sealer);
        Ok(number)
    }

    /// Forgets the data keys.
    pub fn lock(&mut self) {
        self.sealer = None;
    }

    /// Whether sealed values can be read.
    pub fn is_unlocked(&self) -> bool {
        self.sealer.is_some()
    }

    /// Whether the newest data key has sealed as often as it may, so that another is due.
    pub fn is_key_worn(&self) -> bool {
        self.sealer.as_ref().is_some_and(Sealer::is_worn)
    }

    // --- numbers and the tenant, in the open ---

    /// The tenant that values are sealed for; empty before an activation.
    pub fn tenant(&self) -> Result<String, StoreError> {
        read_tenant(&self.connection)
    }

    /// The number of the key of this purpose in force; for `Purpose::Contacts` that is also the
    /// generation of the contacts file in force.
    pub fn in_force(&self, purpose: Purpose) -> Result<Option<u32>, StoreError> {
        read_meta(&self.connection, in_force_name(purpose))
    }

    /// The highest number ever given to a key of this purpose, also before an erase; 0 for none.
    pub fn last_number(&self, purpose: Purpose) -> Result<u32, StoreError> {
        read_last_number(&self.connection, &self.profile, purpose)
    }

    // --- values ---

    /// The value `name`.
    pub fn get(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let value = read_value(&self.connection, self.opener()?, name)?;
        Ok(value.map(|(_, plaintext)| plaintext.to_vec()))
    }

    /// The value `name`, read as JSON.
    ///
    /// # Errors
    /// [`StoreError::Form`] if it is not a `T`.
    pub fn get_json<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let Some((_, plaintext)) = read_value(&self.connection, self.opener()?, name)? else {
            return Ok(None);
        };
        serde_json::from_slice(&plaintext).map(Some).map_err(|_| StoreError::Form)
    }

    /// The names of all values, for tests that look for one that nobody declared.
    #[cfg(test)]
    pub(crate) fn value_names(&self) -> Result<Vec<String>, StoreError> {
        let mut names = self.connection.prepare("SELECT name FROM value ORDER BY name")?;
        let names = names.query_map([], |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    /// Runs `work` in one transaction: all of it is durable afterwards, or, if it fails, none of it
    /// happened. Work that changes nothing writes nothing.
    pub fn transaction<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let kept = self.sealer.as_ref().map(|sealer| (sealer.opener().clone(), sealer.reserved()));
        let before = self.connection.total_changes();
        let outcome = (|| {
            let transaction = self.connection.transaction().map_err(StoreError::from)?;
            let mut tx =
                Tx::new(&transaction, &self.profile, self.sealer.as_mut(), &mut self.nonces);
            let value = work(&mut tx)?;
            if transaction.total_changes() != before {
                transaction.commit().map_err(StoreError::from)?;
                self.writes += 1;
            }
            Ok(value)
        })();
        if outcome.is_err()
            && let (Some(sealer), Some((opener, reserved))) = (&mut self.sealer, kept)
        {
            sealer.set_opener(opener);
            sealer.set_reserved(reserved);
        }
        outcome
    }

    /// Stores one value; see [`Tx::put`].
    pub fn put(&mut self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        self.transaction(|tx| tx.put(name, value))
    }

    /// Stores one value as JSON; see [`Tx::put_json`].
    pub fn put_json<T: serde::Serialize>(
        &mut self,
        name: &str,
        value: &T,
    ) -> Result<(), StoreError> {
        self.transaction(|tx| tx.put_json(name, value))
    }

    /// Transactions committed since the file was opened.
    pub fn writes(&self) -> u64 {
        self.writes
    }

    fn opener(&self) -> Result<&Opener, StoreError> {
        self.sealer.as_ref().map(|sealer| sealer.opener().as_ref()).ok_or(StoreError::Locked)
    }
}

impl std::fmt::Debug for AgentStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AgentStore")
    }
}

fn in_force_name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Service => "service_in_force",
        Purpose::Contacts => "contacts_in_force",
        Purpose::Device => "device_in_force",
    }
}

fn last_number_name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Service => "service_last",
        Purpose::Contacts => "contacts_last",
        Purpose::Device => "device_last",
    }
}

fn read_meta<T: rusqlite::types::FromSql>(
    connection: &Connection,
    name: &str,
) -> Result<Option<T>, StoreError> {
    let mut row = connection.prepare_cached("SELECT value FROM meta WHERE name = ?")?;
    Ok(row.query_row([name], |row| row.get(0)).optional()?)
}

fn read_last_number(
    connection: &Connection,
    profile: &ProfileDir,
    purpose: Purpose,
) -> Result<u32, StoreError> {
    if let Some(number) = read_meta(connection, last_number_name(purpose))? {
        return Ok(number);
    }
    // A damaged marker must not keep the agent from starting.
    let marker = Marker::load(profile).ok().flatten();
    Ok(marker.map_or(0, |marker| marker.keys.of(purpose)))
}

fn write_meta(
    connection: &Connection,
    name: &str,
    value: impl rusqlite::ToSql,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO meta (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = ?2 WHERE value IS NOT ?2",
        )?
        .execute(rusqlite::params![name, value])?;
    Ok(())
}

fn read_tenant(connection: &Connection) -> Result<String, StoreError> {
    Ok(read_meta(connection, "tenant")?.unwrap_or_default())
}

/// A value's revision and plaintext.
type ReadValue = Option<(u64, Zeroizing<Vec<u8>>)>;

fn read_value(
    connection: &Connection,
    opener: &Opener,
    name: &str,
) -> Result<ReadValue, StoreError> {
    let mut row = connection.prepare_cached("SELECT revision, sealed FROM value WHERE name = ?")?;
    let found: Option<(i64, Vec<u8>)> =
        row.query_row([name], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((revision, sealed)) = found else { return Ok(None) };
    let revision = revision.cast_unsigned();
    let place = Place { table: "value", row: RowId::Bytes(name.as_bytes()), revision };
    Ok(Some((revision, opener.open(&place, &sealed)?)))
}
