//! Commands that came and effects that must happen.
use rusqlite::{OptionalExtension, params};
use zeroize::Zeroizing;

use super::{AgentStore, Tx};
use crate::limits;
use crate::store::StoreError;
use crate::store::keys::{Hashed, Opener};
use crate::store::sealed::{Place, RowId, join, split};

/// A command of the management server, kept by its `jti` so that it is carried out once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Command {
    /// The id the server gave it.
    pub jti: String,
    /// The command, in the form of the module that stored it.
    pub bytes: Vec<u8>,
    /// Whether it was carried out.
    pub done: bool,
}

/// An effect that must happen and has no outcome yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredEffect {
    /// Stable for one matter: a later effect with this id takes the place of an earlier one.
    pub id: String,
    /// A fixed word for its kind; stands in the file in the open.
    pub kind: String,
    /// Grows with each change.
    pub version: i64,
    /// The effect, in the form of the module that stored it.
    pub bytes: Vec<u8>,
}

fn command_place(id: i64, done: bool) -> Place<'static> {
    Place { table: "command", row: RowId::Number(id), revision: u64::from(done) }
}

fn effect_place(id_hash: &[u8], version: i64) -> Place<'_> {
    Place { table: "effect", row: RowId::Bytes(id_hash), revision: version.cast_unsigned() }
}

type CommandRow = (i64, bool, Vec<u8>);

fn open_command(opener: &Opener, row: &CommandRow) -> Result<Command, StoreError> {
    let (id, done, sealed) = row;
    let plaintext = opener.open(&command_place(*id, *done), sealed)?;
    let [jti, bytes] = split(&plaintext).ok_or(StoreError::Form)?;
    let jti = String::from_utf8(jti.to_vec()).map_err(|_| StoreError::Form)?;
    Ok(Command { jti, bytes: bytes.to_vec(), done: *done })
}

fn command_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<CommandRow> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

impl AgentStore {
    /// The command with this `jti`, if it ever came.
    pub fn command(&self, jti: &str) -> Result<Option<Command>, StoreError> {
        let opener = self.opener()?;
        let hash = opener.hash(Hashed::Jti, &[b"command", jti.as_bytes()]);
        let mut query = self
            .connection
            .prepare_cached("SELECT id, done, sealed FROM command WHERE jti_hash = ?")?;
        let row = query.query_row([hash], command_row).optional()?;
        row.map(|row| open_command(opener, &row)).transpose()
    }

    /// Commands that were not carried out yet, in the order they came.
    pub fn open_commands(&self) -> Result<Vec<Command>, StoreError> {
        let opener = self.opener()?;
        let mut query = self
            .connection
            .prepare_cached("SELECT id, done, sealed FROM command WHERE done = 0 ORDER BY id")?;
        let rows = query.query_map([], command_row)?;
        rows.map(|row| open_command(opener, &row?)).collect()
    }

    /// Effects without an outcome, in the order they were first stored.
    pub fn effects(&self) -> Result<Vec<StoredEffect>, StoreError> {
        let opener = self.opener()?;
        let mut query = self
            .connection
            .prepare_cached("SELECT id_hash, kind, version, sealed FROM effect ORDER BY place")?;
        let mut rows = query.query([])?;
        let mut effects = Vec::new();
        while let Some(row) = rows.next()? {
            let (id_hash, version): (Vec<u8>, i64) = (row.get(0)?, row.get(2)?);
            let sealed: Vec<u8> = row.get(3)?;
            let plaintext = opener.open(&effect_place(&id_hash, version), &sealed)?;
            let [id, bytes] = split(&plaintext).ok_or(StoreError::Form)?;
            let id = String::from_utf8(id.to_vec()).map_err(|_| StoreError::Form)?;
            let (kind, bytes) = (row.get(1)?, bytes.to_vec());
            effects.push(StoredEffect { id, kind, version, bytes });
        }
        Ok(effects)
    }
}

impl Tx<'_> {
    /// Stores a command. `false` if one with this `jti` came before: it must not be carried out
    /// again. The oldest finished ones are forgotten beyond [`limits::COMMANDS_KEPT`].
    pub fn command_add(&mut self, jti: &str, bytes: &[u8]) -> Result<bool, StoreError> {
        let hash = self.opener()?.hash(Hashed::Jti, &[b"command", jti.as_bytes()]);
        let known: bool = self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM command WHERE jti_hash = ?)")?
            .query_row([hash], |row| row.get(0))?;
        if known {
            return Ok(false);
        }
        let id = self.next_id("command")?;
        let plaintext = join(&[jti.as_bytes(), bytes]);
        let sealed = self.seal(&command_place(id, false), &plaintext)?;
        self.connection
            .prepare_cached("INSERT INTO command (id, jti_hash, done, sealed) VALUES (?, ?, 0, ?)")?
            .execute(params![id, hash, sealed])?;
        self.connection
            .prepare_cached(
                "DELETE FROM command WHERE done = 1 AND id <= (SELECT max(id) FROM command) - ?",
            )?
            .execute([limits::COMMANDS_KEPT as i64])?;
        Ok(true)
    }

    /// The command was carried out. Doing it twice is no error; an unknown one is
    /// [`StoreError::Missing`].
    pub fn command_done(&mut self, jti: &str) -> Result<(), StoreError> {
        let hash = self.opener()?.hash(Hashed::Jti, &[b"command", jti.as_bytes()]);
        let (id, done, sealed): CommandRow = self
            .connection
            .prepare_cached("SELECT id, done, sealed FROM command WHERE jti_hash = ?")?
            .query_row([hash], command_row)
            .optional()?
            .ok_or(StoreError::Missing)?;
        if done {
            return Ok(());
        }
        let plaintext = self.opener()?.open(&command_place(id, false), &sealed)?;
        let sealed = self.seal(&command_place(id, true), &plaintext)?;
        self.connection
            .prepare_cached("UPDATE command SET done = 1, sealed = ? WHERE id = ?")?
            .execute(params![sealed, id])?;
        Ok(())
    }

    /// Stores an effect that must happen, in place of an earlier one with its id. The same one again
    /// is not written.
    pub fn effect_put(&mut self, effect: &StoredEffect) -> Result<(), StoreError> {
        let hash = self.opener()?.hash(Hashed::Effect, &[effect.id.as_bytes()]);
        let place = effect_place(&hash, effect.version);
        let plaintext = join(&[effect.id.as_bytes(), &effect.bytes]);
        let old: Option<(i64, Vec<u8>)> = self
            .connection
            .prepare_cached("SELECT version, sealed FROM effect WHERE id_hash = ?")?
            .query_row([hash], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        if let Some((version, sealed)) = old {
            let old: Zeroizing<Vec<u8>> =
                self.opener()?.open(&effect_place(&hash, version), &sealed)?;
            if version == effect.version && old == plaintext {
                return Ok(());
            }
        }
        let sealed = self.seal(&place, &plaintext)?;
        self.connection
            .prepare_cached(
                "INSERT INTO effect (id_hash, place, kind, version, sealed)
                 VALUES (?1, (SELECT coalesce(max(place), 0) + 1 FROM effect), ?2, ?3, ?4)
                 ON CONFLICT (id_hash) DO UPDATE SET kind = ?2, version = ?3, sealed = ?4",
            )?
            .execute(params![hash, effect.kind, effect.version, sealed])?;
        Ok(())
    }

    /// The effect `id` has its outcome, unless a later version took its place meanwhile.
    pub fn effect_done(&mut self, id: &str, version: i64) -> Result<(), StoreError> {
        let hash = self.opener()?.hash(Hashed::Effect, &[id.as_bytes()]);
        self.connection
            .prepare_cached("DELETE FROM effect WHERE id_hash = ? AND version = ?")?
            .execute(params![hash, version])?;
        Ok(())
    }

    /// The id of the next row of a table that never gives an id twice.
    pub(super) fn next_id(&self, table: &str) -> Result<i64, StoreError> {
        let last: Option<i64> = self
            .connection
            .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = ?")?
            .query_row([table], |row| row.get(0))
            .optional()?;
        Ok(last.unwrap_or(0) + 1)
    }
}
