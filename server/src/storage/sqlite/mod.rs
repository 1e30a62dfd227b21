//! SQLite behind the storage trait: one file (or memory), WAL, `synchronous=FULL`.
//!
//! One connection writes, under a mutex; readers have their own connections and never wait for it.
//! Another process (the command line beside a running server) is kept apart by SQLite's own locks.
//!
//! WAL with `synchronous=FULL`: with `NORMAL` a power cut may take back commits that were already
//! acknowledged to a phone.

mod devices;
mod evidence;
mod migrations;
mod people;
mod tenants;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};

use super::{Storage, StoreError, Stored, Tx, Verdict};
use crate::ids::{Digest, GrantId, LicenceId, PersonId, TenantId, Thumbprint, UnixTime};

/// Idle read connections kept for the next reader.
const IDLE_READERS: usize = 8;
/// How long a writer waits for another process.
const BUSY_MS: u64 = 10_000;

/// A SQLite data file, or a store in memory.
pub struct Sqlite {
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    path: Option<PathBuf>,
}

impl Sqlite {
    /// Opens a data file, creating and migrating it as needed.
    ///
    /// # Errors
    /// When the file can't be opened, is broken, or is from a newer version; then it is untouched.
    pub fn open(path: &Path) -> Stored<Self> {
        create_private(path)?;
        let mut writer = Connection::open(path)?;
        writer.busy_timeout(std::time::Duration::from_millis(BUSY_MS))?;
        writer.pragma_update(None, "journal_mode", "WAL")?;
        configure(&writer)?;
        migrate(&mut writer)?;
        Ok(Self {
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            path: Some(path.to_owned()),
        })
    }

    /// A store in memory, gone with the value.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn in_memory() -> Stored<Self> {
        let mut writer = Connection::open_in_memory()?;
        configure(&writer)?;
        migrate(&mut writer)?;
        Ok(Self { writer: Mutex::new(writer), readers: Mutex::new(Vec::new()), path: None })
    }

    fn reader(&self, path: &Path) -> Stored<Connection> {
        if let Some(reader) = lock(&self.readers).pop() {
            return Ok(reader);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let reader = Connection::open_with_flags(path, flags)?;
        reader.busy_timeout(std::time::Duration::from_millis(BUSY_MS))?;
        reader.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(reader)
    }
}

/// Prepared statements kept per connection: somewhat more than there are.
const STATEMENTS: usize = 128;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic inside a transaction rolls it back, so the connection behind a poisoned lock is sound.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The file holds password hashes and signing keys: for its owner only.
fn create_private(path: &Path) -> Stored<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| {
        StoreError::Backend(format!("{} can't be opened: {error}", path.display()))
    })
}

fn configure(conn: &Connection) -> Stored<()> {
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(())
}

fn migrate(conn: &mut Connection) -> Stored<()> {
    let known = i64::try_from(migrations::MIGRATIONS.len()).unwrap_or(i64::MAX);
    let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found: i64 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for migration in &migrations::MIGRATIONS[usize::try_from(found).unwrap_or(0)..] {
        tx.execute_batch(migration)?;
    }
    tx.pragma_update(None, "user_version", known)?;
    tx.commit()?;
    Ok(())
}

/// Rolls back when dropped, unless committed: also when the work panics.
struct Open<'c> {
    conn: &'c Connection,
    open: bool,
}

impl<'c> Open<'c> {
    fn begin(conn: &'c Connection, how: &str) -> Stored<Self> {
        conn.execute_batch(how)?;
        Ok(Self { conn, open: true })
    }

    fn end(mut self, how: &str) -> Stored<()> {
        self.conn.execute_batch(how)?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if self.open {
            let _ = self.conn.execute_batch("ROLLBACK");
        }
    }
}

/// One transaction's view of the rows.
pub(super) struct Rows<'c> {
    conn: &'c Connection,
}

impl Storage for Sqlite {
    fn read_with(&self, work: &mut dyn FnMut(&dyn Tx)) -> Stored<()> {
        let run = |conn: &Connection, work: &mut dyn FnMut(&dyn Tx)| {
            let open = Open::begin(conn, "BEGIN DEFERRED")?;
            work(&Rows { conn });
            open.end("ROLLBACK")
        };
        match &self.path {
            None => {
                let conn = lock(&self.writer);
                conn.pragma_update(None, "query_only", true)?;
                let result = run(&conn, work);
                conn.pragma_update(None, "query_only", false)?;
                result
            }
            Some(path) => {
                let conn = self.reader(path)?;
                let result = run(&conn, work);
                let mut idle = lock(&self.readers);
                if result.is_ok() && idle.len() < IDLE_READERS {
                    idle.push(conn);
                }
                result
            }
        }
    }

    fn write_with(&self, work: &mut dyn FnMut(&dyn Tx) -> Verdict) -> Stored<()> {
        let conn = lock(&self.writer);
        let open = Open::begin(&conn, "BEGIN IMMEDIATE")?;
        match work(&Rows { conn: &conn }) {
            Verdict::Commit => open.end("COMMIT"),
            Verdict::RollBack => open.end("ROLLBACK"),
        }
    }
}

impl Rows<'_> {
    /// Runs a change; the number of rows it touched.
    fn run(&self, sql: &str, params: impl rusqlite::Params) -> Stored<usize> {
        Ok(self.conn.prepare_cached(sql)?.execute(params)?)
    }

    /// The first row, if any.
    fn one<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Stored<Option<T>> {
        Ok(self.conn.prepare_cached(sql)?.query_row(params, read).optional()?)
    }

    /// All rows.
    fn all<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Stored<Vec<T>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        Ok(statement.query_map(params, read)?.collect::<Result<_, _>>()?)
    }

    /// A count.
    fn count(&self, sql: &str, params: impl rusqlite::Params) -> Stored<i64> {
        Ok(self.conn.prepare_cached(sql)?.query_row(params, |row| row.get(0))?)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Backend(error.to_string())
    }
}

/// A page length as SQLite takes it.
fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// A JSON column.
struct Json<T>(T);

impl<T: serde::de::DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?)
            .map(Json)
            .map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

impl<T: serde::Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        serde_json::to_string(&self.0)
            .map(ToSqlOutput::from)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
    }
}

impl FromSql for Digest {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let blob = value.as_blob()?;
        blob.try_into()
            .map(Digest)
            .map_err(|_| FromSqlError::InvalidBlobSize { expected_size: 32, blob_size: blob.len() })
    }
}

impl ToSql for Digest {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(&self.0)))
    }
}

macro_rules! text_columns {
    ($($name:ident),*) => {$(
        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                value.as_str().map($name::from)
            }
        }
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::from(self.as_str()))
            }
        }
    )*};
}
text_columns!(TenantId, Thumbprint);

macro_rules! number_columns {
    ($($name:ident),*) => {$(
        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                value.as_i64().map($name)
            }
        }
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::from(self.0))
            }
        }
    )*};
}
number_columns!(UnixTime, PersonId, LicenceId, GrantId);

#[cfg(test)]
mod tests;
