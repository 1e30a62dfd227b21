//! The table `data_key`, the same in both kinds of file.
use std::sync::Arc;

use rusqlite::{Connection, params};

use super::keys::{KeyNumber, Nonces, Opener, Sealer, WrappedKey};
use super::sealed::{Place, RowId};
use super::{StoreError, sealed};
use crate::secret::Secret;

/// All wrapped data keys, by number.
pub(super) fn wrapped(connection: &Connection) -> Result<Vec<WrappedKey>, StoreError> {
    let mut rows =
        connection.prepare_cached("SELECT number, wrapping, wrapped FROM data_key ORDER BY 1")?;
    let keys = rows.query_map([], |row| {
        Ok(WrappedKey {
            number: KeyNumber(row.get(0)?),
            wrapping: row.get(1)?,
            wrapped: row.get(2)?,
        })
    })?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// Where a key's probe is sealed for. It belongs to no tenant.
fn probe_place(number: &KeyNumber) -> Place<'static> {
    Place { table: "data_key", row: RowId::Number(i64::from(number.0)), revision: 0 }
}

/// Checks `keys` against the file and makes a sealer of them. Every key of the file must be there.
pub(super) fn unlock(
    connection: &Connection,
    tenant: &str,
    generation: u32,
    keys: &[(KeyNumber, Secret<Vec<u8>>)],
) -> Result<Sealer, StoreError> {
    let probing = Opener::new("", generation, keys)?;
    let mut rows =
        connection.prepare_cached("SELECT number, probe, seals FROM data_key ORDER BY 1")?;
    let mut rows = rows.query([])?;
    let (mut count, mut seals) = (0, 0);
    while let Some(row) = rows.next()? {
        let number = KeyNumber(row.get(0)?);
        let probe: Vec<u8> = row.get(1)?;
        probing.open(&probe_place(&number), &probe).map_err(|error| match error {
            sealed::SealedError::Key(_) => StoreError::Locked,
            _ => StoreError::WrongKey,
        })?;
        count += 1;
        seals = row.get::<_, i64>(2)?.cast_unsigned();
    }
    if count != keys.len() {
        return Err(StoreError::WrongKey);
    }
    Ok(Sealer::new(Arc::new(Opener::new(tenant, generation, keys)?), seals))
}

/// Adds a data key that the vault has wrapped.
pub(super) fn add(
    connection: &Connection,
    generation: u32,
    entry: &WrappedKey,
    key: &Secret<Vec<u8>>,
    nonces: &mut Nonces,
) -> Result<(), StoreError> {
    let opener = Opener::new("", generation, &[(entry.number, key.clone())])?;
    let mut sealer = Sealer::new(Arc::new(opener), 0);
    let seals = sealer.reserve()?.unwrap_or_default();
    let mut probe = Vec::new();
    sealer.seal(&probe_place(&entry.number), &[], nonces, &mut probe)?;
    connection.execute(
        "INSERT INTO data_key (number, wrapping, wrapped, probe, seals) VALUES (?, ?, ?, ?, ?)",
        params![entry.number.0, entry.wrapping, entry.wrapped, probe, seals.cast_signed()],
    )?;
    Ok(())
}

/// Puts seals on record before they happen, within the transaction they belong to.
pub(super) fn reserve(connection: &Connection, sealer: &mut Sealer) -> Result<(), StoreError> {
    if let Some(seals) = sealer.reserve()? {
        connection
            .prepare_cached("UPDATE data_key SET seals = ? WHERE number = ?")?
            .execute(params![seals.cast_signed(), sealer.number().0])?;
    }
    Ok(())
}
