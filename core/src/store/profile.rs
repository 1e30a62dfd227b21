//! The folder of a profile and who may write in it.
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::StoreError;
use crate::ids::ProfileId;

/// A profile's folder, locked for this agent. Copies share the lock; it ends with the last of them.
#[derive(Clone, Debug)]
pub struct ProfileDir {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    id: ProfileId,
    _lock: Lock,
}

/// Held, never used: dropping it ends the lock. In a mutex only because a connection can't be shared
/// between threads.
#[derive(Debug)]
enum Lock {
    File { _file: File },
    Sqlite { _connection: Mutex<rusqlite::Connection> },
}

impl ProfileDir {
    /// Makes `<root>/<profile>` (mode 0700) if it is not there, and locks it.
    ///
    /// # Errors
    /// [`StoreError::InUse`] if another agent has it; [`StoreError::Io`].
    pub fn lock(root: &Path, id: &ProfileId) -> Result<Self, StoreError> {
        let path = root.join(id.as_str());
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        let lock = take_lock(&path.join("lock"))?;
        Ok(Self { inner: Arc::new(Inner { path, id: id.clone(), _lock: lock }) })
    }

    /// Whose folder it is.
    pub fn id(&self) -> &ProfileId {
        &self.inner.id
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Where the agent file is.
    pub(crate) fn agent_file(&self) -> PathBuf {
        self.path().join("agent.db")
    }

    /// Where the contacts file of a generation is.
    pub(crate) fn contacts_file(&self, generation: u32) -> PathBuf {
        self.path().join(format!("contacts-{generation}.db"))
    }

    /// Whether there is an agent file. There is none in a new profile and after an erase.
    pub fn has_agent_file(&self) -> bool {
        self.agent_file().exists()
    }

    /// The generations that have a contacts file, ascending. More than one after a kill in the middle
    /// of a change of generation: all but the one in force are to be destroyed.
    pub fn contacts_generations(&self) -> Result<Vec<u32>, StoreError> {
        let mut found = Vec::new();
        for entry in fs::read_dir(self.path())? {
            let name = entry?.file_name();
            let number =
                name.to_str().and_then(|n| n.strip_prefix("contacts-")?.strip_suffix(".db"));
            found.extend(number.and_then(|n| n.parse::<u32>().ok()));
        }
        found.sort_unstable();
        Ok(found)
    }

    /// Destroys the contacts file of `generation` without opening it.
    pub fn destroy_contacts(&self, generation: u32) -> Result<(), StoreError> {
        destroy_database(&self.contacts_file(generation))
    }

    /// Destroys the agent file without opening it: the answer to one that is damaged.
    pub fn destroy_agent(&self) -> Result<(), StoreError> {
        destroy_database(&self.agent_file())
    }
}

/// Locks the file at `path`, by `flock` where the standard library offers it.
fn take_lock(path: &Path) -> Result<Lock, StoreError> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock::File { _file: file }),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
            drop(file);
            take_lock_by_sqlite(path)
        }
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// The standard library has no file locks on some platforms. SQLite has its own everywhere: an open
/// exclusive transaction on the (empty) lock file.
fn take_lock_by_sqlite(path: &Path) -> Result<Lock, StoreError> {
    let connection = rusqlite::Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::ZERO)?;
    connection.execute_batch("PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE")?;
    Ok(Lock::Sqlite { _connection: Mutex::new(connection) })
}

/// Empties and removes a database with its `-wal` and `-shm`. What is not there is no error. A reader
/// that still has it open keeps nothing: its keys are gone. The `-shm` is only removed, since it is
/// mapped into that reader's memory.
pub(crate) fn destroy_database(path: &Path) -> Result<(), StoreError> {
    for (suffix, truncate) in [("-wal", true), ("-shm", false), ("-journal", true), ("", true)] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        remove_file(Path::new(&name), truncate)?;
    }
    sync_folder(path)
}

/// Removes a file, emptied before if `truncate`. One that is not there is no error.
pub(crate) fn remove_file(path: &Path, truncate: bool) -> Result<(), StoreError> {
    if truncate && fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file()) {
        // Removing is what counts; a file that can't be emptied may still be removed.
        let _ = OpenOptions::new().write(true).truncate(true).open(path);
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Makes the removal or renaming of `path` durable.
pub(crate) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    if let Some(folder) = path.parent() {
        #[cfg(unix)]
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Replaces the file at `path` as a whole: after a kill at any point there is the old one or the new.
pub(crate) fn write_atomically(path: &Path, content: &[u8]) -> Result<(), StoreError> {
    let temporary = path.with_extension("tmp");
    let mut file = File::create(&temporary)?;
    io::Write::write_all(&mut file, content)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&temporary, path)?;
    sync_folder(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_has_one_writer() {
        let root = tempfile::tempdir().unwrap();
        let (ada, bob) = (ProfileId::new("ada").unwrap(), ProfileId::new("bob").unwrap());
        let first = ProfileDir::lock(root.path(), &ada).unwrap();
        let copy = first.clone();
        assert_eq!(ProfileDir::lock(root.path(), &ada).err(), Some(StoreError::InUse));
        assert!(ProfileDir::lock(root.path(), &bob).is_ok());
        drop(first);
        assert_eq!(ProfileDir::lock(root.path(), &ada).err(), Some(StoreError::InUse));
        drop(copy);
        assert!(ProfileDir::lock(root.path(), &ada).is_ok());
    }

    #[test]
    fn the_lock_of_sqlite_excludes_too() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("lock");
        let held = take_lock_by_sqlite(&path).unwrap();
        assert_eq!(take_lock_by_sqlite(&path).err(), Some(StoreError::InUse));
        drop(held);
        assert!(take_lock_by_sqlite(&path).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn the_folder_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let profile = ProfileDir::lock(root.path(), &ProfileId::default()).unwrap();
        let mode = fs::metadata(profile.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}
