//! Opening a database: durability settings, versions, migrations.
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction};

use super::StoreError;

/// What a database of ours looks like.
pub(crate) struct Schema {
    /// `PRAGMA application_id`: tells our two kinds of file from each other and from strangers.
    pub(crate) application_id: i32,
    /// Step n brings version n to version n + 1; version 0 is an empty file.
    pub(crate) migrations: &'static [&'static str],
}

impl Schema {
    fn version(&self) -> u32 {
        u32::try_from(self.migrations.len()).unwrap_or(u32::MAX)
    }
}

/// Opens the database at `path` for writing and brings it to the newest version.
///
/// Durability: a write-ahead log with `synchronous=FULL`, so a commit that was acknowledged survives
/// the loss of power (`NORMAL` loses it); on Apple systems the disk's own cache is flushed as well.
/// `secure_delete` overwrites what is deleted.
pub(crate) fn open(path: &Path, schema: &Schema, create: bool) -> Result<Connection, StoreError> {
    match peek(path)? {
        None if !create => return Err(StoreError::Missing),
        Some(header) => header.check(schema)?,
        None => {}
    }
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    flags.set(OpenFlags::SQLITE_OPEN_CREATE, create);
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::ZERO)?;
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > schema.version() {
        // The newer version was still in the write-ahead log. Leave that as it is, too.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        return Err(StoreError::Newer { found, known: schema.version() });
    }
    connection.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;
         PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY;
         PRAGMA journal_size_limit=1048576;",
    )?;
    if cfg!(target_vendor = "apple") {
        connection.execute_batch("PRAGMA fullfsync=ON; PRAGMA checkpoint_fullfsync=ON;")?;
    }
    connection.set_prepared_statement_cache_capacity(64);
    migrate(&mut connection, schema, found)?;
    Ok(connection)
}

/// Opens a database that a writer keeps, for reading only.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // A reader waits for a writer only while the log starts anew, which takes no time.
    connection.busy_timeout(Duration::from_millis(50))?;
    connection.execute_batch("PRAGMA query_only=ON; PRAGMA trusted_schema=OFF;")?;
    Ok(connection)
}

/// All steps that are missing, in one transaction: either the file has the newest version or it is as
/// it was.
fn migrate(connection: &mut Connection, schema: &Schema, found: u32) -> Result<(), StoreError> {
    if found == schema.version() {
        return Ok(());
    }
    let transaction: Transaction<'_> = connection.transaction()?;
    for step in &schema.migrations[found as usize..] {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", schema.application_id)?;
    transaction.pragma_update(None, "user_version", schema.version())?;
    transaction.commit()?;
    Ok(())
}

/// The first 100 bytes of a database (SQLite file format §1.3), read without SQLite, which would
/// touch the file.
struct Header([u8; 100]);

impl Header {
    fn check(&self, schema: &Schema) -> Result<(), StoreError> {
        if !self.0.starts_with(b"SQLite format 3\0") {
            return Err(StoreError::Corrupt);
        }
        // Zero while the first transaction is still in the log.
        let application = self.number_at(68);
        if application != 0 && application != schema.application_id.cast_unsigned() {
            return Err(StoreError::Corrupt);
        }
        let found = self.number_at(60);
        if found > schema.version() {
            return Err(StoreError::Newer { found, known: schema.version() });
        }
        Ok(())
    }

    fn number_at(&self, offset: usize) -> u32 {
        let mut bytes = [0; 4];
        bytes.copy_from_slice(&self.0[offset..offset + 4]);
        u32::from_be_bytes(bytes)
    }
}

/// The header, or `None` for a file that is missing or empty.
fn peek(path: &Path) -> Result<Option<Header>, StoreError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut header = Vec::new();
    file.by_ref().take(100).read_to_end(&mut header)?;
    if header.is_empty() {
        return Ok(None);
    }
    let header = header.try_into().map_err(|_| StoreError::Corrupt)?;
    Ok(Some(Header(header)))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const KIND: i32 = 0x4d73_7401;
    const FIRST: Schema = Schema {
        application_id: KIND,
        migrations: &["CREATE TABLE t (a); INSERT INTO t VALUES (1)"],
    };
    const SECOND: Schema = Schema {
        application_id: KIND,
        migrations: &[FIRST.migrations[0], "ALTER TABLE t ADD COLUMN b DEFAULT 2"],
    };
    const BROKEN: Schema = Schema {
        application_id: KIND,
        migrations: &[
            FIRST.migrations[0],
            "ALTER TABLE t ADD COLUMN b DEFAULT 2; DELETE FROM t",
            "SELECT * FROM missing",
        ],
    };

    fn file() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        (folder, path)
    }

    fn sum(connection: &Connection) -> i64 {
        connection.query_row("SELECT sum(a) + sum(b) FROM t", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn an_old_file_is_migrated_once() {
        let (_folder, path) = file();
        drop(open(&path, &FIRST, true).unwrap());
        assert_eq!(sum(&open(&path, &SECOND, false).unwrap()), 3);
        assert_eq!(sum(&open(&path, &SECOND, false).unwrap()), 3);
        let error = open(&path, &FIRST, false).err();
        assert_eq!(error, Some(StoreError::Newer { found: 2, known: 1 }));
    }

    #[test]
    fn a_failed_migration_leaves_the_file_as_it_was() {
        let (_folder, path) = file();
        drop(open(&path, &FIRST, true).unwrap());
        let before = std::fs::read(&path).unwrap();
        assert!(open(&path, &BROKEN, false).is_err());
        assert!(std::fs::read(&path).unwrap() == before);
        // And the version that can do it right finds everything.
        assert_eq!(sum(&open(&path, &SECOND, false).unwrap()), 3);
    }

    #[test]
    fn a_fresh_file_whose_making_fails_is_made_again() {
        let (_folder, path) = file();
        assert!(open(&path, &BROKEN, true).is_err());
        assert_eq!(sum(&open(&path, &SECOND, true).unwrap()), 3);
    }

    #[test]
    fn commits_are_as_durable_as_sqlite_can_make_them() {
        let (_folder, path) = file();
        let connection = open(&path, &FIRST, true).unwrap();
        let pragma = |name: &str| -> String {
            let value = connection
                .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0));
            format!("{:?}", value.unwrap())
        };
        assert_eq!(pragma("journal_mode"), "Text(\"wal\")");
        for (name, expect) in [
            ("synchronous", 2),
            ("secure_delete", 1),
            ("foreign_keys", 1),
            ("busy_timeout", 0),
            ("application_id", i64::from(KIND)),
        ] {
            assert_eq!(pragma(name), format!("Integer({expect})"), "{name}");
        }
        let reader = open_reader(&path).unwrap();
        assert!(reader.execute("DELETE FROM t", []).is_err());
    }
}
