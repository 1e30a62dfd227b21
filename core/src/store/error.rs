//! What can go wrong with the files, without a word about what is in them.
use std::io;

use rusqlite::ErrorCode;

use super::sealed::SealedError;

/// Why the store did not do what was asked. Never holds personal data, a path or a key.
#[derive(PartialEq, Eq, Debug, thiserror::Error)]
pub enum StoreError {
    /// The data key is not there: not unwrapped yet, or forgotten by a lock or an erase.
    #[error("the store is locked")]
    Locked,
    /// Another agent, in this process or another, has the profile open.
    #[error("the profile is in use by another agent")]
    InUse,
    /// The file does not exist.
    #[error("the file does not exist")]
    Missing,
    /// The file was written by a newer version of Muster. It was left untouched.
    #[error("the file has version {found}; this version of Muster knows up to {known}")]
    Newer {
        /// The version in the file.
        found: u32,
        /// The newest version that is understood.
        known: u32,
    },
    /// The file is damaged, or not one of ours.
    #[error("the file is damaged")]
    Corrupt,
    /// The phone has no room left. Nothing of the transaction was kept.
    #[error("no space left on the device")]
    Full,
    /// The operating system refused.
    #[error("input or output failed: {0}")]
    Io(io::ErrorKind),
    /// A sealed value was moved, is older than its row, damaged, or sealed with another key.
    #[error(transparent)]
    Sealed(#[from] SealedError),
    /// A data key that can't be one: not 32 bytes, or of another file.
    #[error("the data key does not belong to this file")]
    WrongKey,
    /// The newest data key has sealed as often as it may. The agent file wants another key
    /// ([`super::AgentStore::add_key`]), a contacts file another generation.
    #[error("the data key is worn out")]
    KeyExhausted,
    /// More than a limit allows. Nothing was kept.
    #[error("over the limit {limit}")]
    TooMany {
        /// The limit's name in [`crate::limits`].
        limit: &'static str,
    },
    /// Something else has this name already, with other content.
    #[error("the name is taken by something else")]
    Conflict,
    /// A stored value is not of the type that was asked for.
    #[error("a stored value has another form")]
    Form,
    /// SQLite answered something that none of the others covers.
    #[error("SQLite error {0}")]
    Sqlite(i32),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let Some(inner) = error.sqlite_error() else {
            return match error {
                // A column of another type than the schema says.
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::Utf8Error(..) => StoreError::Corrupt,
                _ => StoreError::Sqlite(-1),
            };
        };
        match inner.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::InUse,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Corrupt,
            ErrorCode::DiskFull => StoreError::Full,
            ErrorCode::PermissionDenied | ErrorCode::ReadOnly => {
                StoreError::Io(io::ErrorKind::PermissionDenied)
            }
            ErrorCode::CannotOpen | ErrorCode::SystemIoFailure => {
                StoreError::Io(io::ErrorKind::Other)
            }
            ErrorCode::OutOfMemory => StoreError::Io(io::ErrorKind::OutOfMemory),
            _ => StoreError::Sqlite(inner.extended_code),
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full,
            kind => StoreError::Io(kind),
        }
    }
}
